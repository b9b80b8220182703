// What is shown of a URL that has a password in it. The journal keeps the whole one and GetFile
// gives it back; everything a person or a file other than the journal gets is masked.
#pragma once

#include <string>
#include <string_view>

namespace qmgr::inline v0 {

/// The URL with `***` for its password: "http://user:secret@h/f" gives "http://user:***@h/f". A URL
/// without a password comes back as it is, so masking twice is masking once. What is no URL is
/// masked too where it looks like one with a password: without a scheme, with or without "//", or
/// with a "/" inside the password that should have been written %2F.
std::string masked(std::string_view url);

/// The same for every URL inside a text: each begins at "://", or at a "//" that begins the text or
/// comes after a blank or a quotation mark, and ends at a blank, a "\"" or an angle bracket. A "'"
/// is a character of URLs and ends none.
std::string masked_in_text(std::string_view text);

}  // namespace qmgr::inline v0
