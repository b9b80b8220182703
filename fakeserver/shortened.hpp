// Texts in messages of one line.
#pragma once

#include <string>
#include <string_view>

namespace qmgr::inline v0::fakeserver {

/// `text`, which is ASCII, cut after 60 characters, with "…" for the rest.
std::string shortened(const std::string& text);

/// `text` with its control characters, which a key may have, written as \xNN.
std::string in_one_line(std::string_view text);

}  // namespace qmgr::inline v0::fakeserver
