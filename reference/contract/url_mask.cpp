#include "reference/contract/url_mask.hpp"

#include <algorithm>

namespace qmgr::inline v0 {
namespace {

constexpr std::string_view kMask = "***";

// Where the user name begins: after the scheme and its slashes (some programs accept one or three),
// or after the slashes alone, as a Location may have it.
std::size_t begin_of_authority(std::string_view url) {
    if (url.starts_with("//")) return std::min(url.find_first_not_of('/'), url.size());
    const std::size_t scheme = url.find(":/");
    return scheme == url.npos ? 0 : std::min(url.find_first_not_of('/', scheme + 1), url.size());
}

bool is_port(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

}  // namespace

std::string masked(std::string_view url) {
    const std::size_t begin = begin_of_authority(url);
    const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
    const std::size_t colon = url.find(':', begin);
    if (colon >= end) return std::string(url);
    std::size_t at = url.substr(0, end).rfind('@');
    // "user:pass/word@host": no host has a port like that, so the authority goes on.
    if (at == url.npos && !is_port(url.substr(colon + 1, end - colon - 1)) && url[begin] != '[')
        at = url.rfind('@');
    if (at == url.npos || at < colon) return std::string(url);
    return std::string(url.substr(0, colon + 1)).append(kMask).append(url.substr(at));
}

std::string masked_in_text(std::string_view text) {
    constexpr std::string_view slashes = "//";
    constexpr std::string_view blanks_and_quotes = " \t\r\n\"<>";
    std::string shown;
    for (;;) {
        const std::size_t found = text.find(slashes);
        if (found == text.npos) return shown.append(text);
        shown.append(text.substr(0, found));
        text.remove_prefix(found);
        // Anything else before them is a path with an empty segment.
        const bool begins_url = shown.empty() || shown.back() == ':' || shown.back() == '\'' ||
                                blanks_and_quotes.find(shown.back()) != blanks_and_quotes.npos;
        const std::size_t end =
            begins_url ? text.find_first_of(blanks_and_quotes) : text.find_first_not_of('/');
        const std::string_view piece = text.substr(0, end);
        shown.append(begins_url ? masked(piece) : std::string(piece));
        text.remove_prefix(piece.size());
    }
}

}  // namespace qmgr::inline v0
