// What AddFiles accepts as a remote and a local name, and what follows from a redirect. Pure text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/contract/policy.hpp"

namespace qmgr {

/// UTF-16 units of a UTF-8 text, as the documents count; nothing if it is not UTF-8.
std::optional<std::size_t> utf16_length(std::string_view utf8);

/// JOB1-ADD-5: http or https, a host, legal URL characters only, no wildcard, not longer than
/// Policy::remote_name_chars, no segment of the path longer than Policy::remote_segment_chars.
bool is_remote_name(std::string_view url, const Policy& policy);

/// JOB1-ADD-6: begins with '/', at most Policy::local_name_units, ends in a file name, none of
/// * ? < > | " and at most one colon. Whether the directory exists is the file store's to tell.
bool is_local_name(std::string_view path, const Policy& policy);

/// Everything before the last '/' of a local name; "/" for a file of the root.
std::string directory_of(std::string_view path);

/// `directory`/BIT<1 to 4 upper-case hex digits of the low 16 bits>.tmp (FILE-TMP-1).
std::string part_path(std::string_view directory, std::uint32_t number);

/// Where a redirect from `base` with that Location goes, if XFER-REDIR-1 allows it: a remote name,
/// never from https to http.
std::optional<std::string> redirect_target(std::string_view base, std::string_view location,
                                           const Policy& policy);

}  // namespace qmgr
