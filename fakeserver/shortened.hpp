// Texts in messages of one line.
#pragma once

#include <string>

namespace qmgr::inline v0::fakeserver {

/// `text`, which is ASCII, cut after 60 characters, with "…" for the rest.
std::string shortened(const std::string& text);

}  // namespace qmgr::inline v0::fakeserver
