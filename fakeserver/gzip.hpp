// Bytes in the gzip format, by zlib.
#pragma once

#include <string>

namespace qmgr::inline v0::fakeserver {

/// `content` as one gzip member (RFC 1952). The same content gives the same bytes in one release of
/// zlib; no test relies on more than that it can be read back.
std::string gzipped(std::string content);

}  // namespace qmgr::inline v0::fakeserver
