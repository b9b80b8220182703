#include "reference/adapters/response_head.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace qmgr {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Without line ends inside.
std::string in_one_line(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
    return line;
}

// The number after the first blank of "HTTP/1.1 200 OK"; 0 where it has not three digits. libcurl
// reads the first three of any number, and would go on as if they were the status.
int status_of(std::string_view line) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) return 0;
    const std::string_view text = trim(line.substr(blank));
    unsigned status = 0;  // without a sign
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    return error == std::errc() && end == text.data() + 3 ? static_cast<int>(status) : 0;
}

}  // namespace

void ResponseHead::take(std::string_view line) {
    if (complete_) return;
    size_bytes_ += line.size();
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    const std::string_view text = trim(line);
    if (line.find_first_not_of("\r\n") == std::string_view::npos) {
        complete_ = status_ >= 200;
        in_fields_ = false;
    } else if (!in_fields_ && line.starts_with("HTTP/")) {
        status_ = status_of(text);
        in_fields_ = true;
        headers_.clear();
    } else if (folded) {
        if (headers_.empty() || text.empty()) return;
        std::string& value = headers_.back().value;
        if (!value.empty()) value += ' ';
        value += in_one_line(text);
    } else {
        const std::size_t colon = text.find(':');
        const std::string_view value =
            colon == std::string_view::npos ? std::string_view() : trim(text.substr(colon + 1));
        headers_.push_back({in_one_line(trim(text.substr(0, colon))), in_one_line(value)});
    }
}

}  // namespace qmgr
