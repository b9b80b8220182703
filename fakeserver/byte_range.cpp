#include "fakeserver/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "fakeserver/request.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr std::string_view kUnit = "bytes=";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits only, or nothing.
std::optional<std::uint64_t> read_number(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, is_digit)) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc() ? number : std::numeric_limits<std::uint64_t>::max();
}

RangeAnswer part(std::uint64_t first, std::uint64_t last) {
    return {.kind = RangeAnswer::Kind::Part, .range = {.first = first, .last = last}};
}

RangeAnswer suffix(std::uint64_t count, std::uint64_t size) {
    if (count == 0 || size == 0) {
        return {.kind = RangeAnswer::Kind::Unsatisfiable, .range = {}};
    }
    return part(size - std::min(count, size), size - 1);
}

}  // namespace

RangeAnswer read_range(std::string_view range, std::uint64_t size) {
    if (range.size() < kUnit.size() || !same_word(range.substr(0, kUnit.size()), kUnit)) {
        return {};
    }
    range.remove_prefix(kUnit.size());
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) {
        return {};
    }
    const std::string_view from = range.substr(0, dash);
    const std::string_view to = range.substr(dash + 1);
    const std::optional<std::uint64_t> first = read_number(from);
    const std::optional<std::uint64_t> last = read_number(to);
    if ((!first && !from.empty()) || (!last && !to.empty()) || (!first && !last)) {
        return {};
    }
    if (!first) {
        return suffix(*last, size);
    }
    if (last && *last < *first) {
        return {};
    }
    if (*first >= size) {
        return {.kind = RangeAnswer::Kind::Unsatisfiable, .range = {}};
    }
    return part(*first, std::min(last.value_or(size - 1), size - 1));
}

}  // namespace qmgr::inline v0::fakeserver
