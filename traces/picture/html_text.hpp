// Words and numbers for pages that people read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "reference/contract/time.hpp"

namespace qmgr::inline v0::traces {

/// The text for HTML, between tags or in quoted attributes. Control characters other than line feed
/// and tab, which HTML has no place for, become U+FFFD.
std::string escaped(std::string_view text);

/// At most `most` characters of UTF-8; of a longer text the last one is an ellipsis. REQUIRES: most
/// is at least 1.
std::string shortened(std::string_view text, std::size_t most);

/// Characters of UTF-8.
std::size_t length_of(std::string_view text);

/// "1,234,567"
std::string grouped(std::uint64_t number);

/// A length of time in at most two units: "250 ms", "9.5 s", "9 min 59.5 s", "14 d 2 h".
std::string span_text(Duration time);

/// A moment since the start: "0.424 s", "10:00.434", "13 d 23:50:00.010".
std::string moment_text(Duration at);

}  // namespace qmgr::inline v0::traces
