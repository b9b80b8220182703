#include "reference/engine/http_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace qmgr {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The whole text as a decimal number of at most 64 bits.
std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

// What stands after the unit "bytes" of the one Content-Range line.
std::optional<std::string> range_text(const std::vector<HeaderField>& headers) {
    const auto count = std::count_if(headers.begin(), headers.end(), [](const HeaderField& field) {
        return same_name(field.name, "content-range");
    });
    const auto value = field_value(headers, "content-range");
    if (count != 1 || value->size() < 6 || !same_name(value->substr(0, 6), "bytes "))
        return std::nullopt;
    return std::string(trim(std::string_view(*value).substr(6)));
}

constexpr std::int64_t kSecondsPerDay = 86400;

}  // namespace

std::optional<std::string> field_value(const std::vector<HeaderField>& headers,
                                       std::string_view name) {
    for (const HeaderField& field : headers)
        if (same_name(field.name, name)) return std::string(trim(field.value));
    return std::nullopt;
}

ContentLength content_length(const std::vector<HeaderField>& headers) {
    ContentLength length;
    if (is_chunked(headers)) return length;  // the chunks tell, whatever else is said
    for (const HeaderField& field : headers) {
        if (!same_name(field.name, "content-length")) continue;
        const auto bytes = number(trim(field.value));
        const bool differs = length.kind == Length::Known && bytes && *bytes != length.bytes;
        if (!bytes || differs) return {Length::Bad, 0};
        length = {Length::Known, *bytes};
    }
    return length;
}

std::optional<ContentRange> content_range(const std::vector<HeaderField>& headers) {
    const auto text = range_text(headers);
    if (!text) return std::nullopt;
    const std::size_t dash = text->find('-');
    const std::size_t slash = text->find('/');
    if (dash == std::string::npos || slash == std::string::npos || slash < dash)
        return std::nullopt;
    const std::string_view view = *text;
    const auto first = number(view.substr(0, dash));
    const auto last = number(view.substr(dash + 1, slash - dash - 1));
    const std::string_view total_text = view.substr(slash + 1);
    const auto total = number(total_text);
    if (!first || !last || *first > *last) return std::nullopt;
    if (!total && total_text != "*") return std::nullopt;
    if (total && *last >= *total) return std::nullopt;
    return ContentRange{*first, *last, total};
}

std::optional<std::uint64_t> unsatisfied_total(const std::vector<HeaderField>& headers) {
    const auto text = range_text(headers);
    if (!text || text->substr(0, 2) != "*/") return std::nullopt;
    return number(std::string_view(*text).substr(2));
}

bool is_encoded(const std::vector<HeaderField>& headers) {
    const auto value = field_value(headers, "content-encoding");
    return value && !value->empty() && !same_name(*value, "identity");
}

bool is_chunked(const std::vector<HeaderField>& headers) {
    const auto value = field_value(headers, "transfer-encoding");
    return value && same_name(*value, "chunked");
}

std::optional<std::int64_t> http_date(std::string_view text) {
    // 0         1         2
    // 01234567890123456789012345678
    // Wed, 04 Sep 2024 02:15:41 GMT
    constexpr std::size_t length = 29;
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != length || text.substr(3, 2) != ", " || text.substr(25) != " GMT")
        return std::nullopt;
    if (text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':')
        return std::nullopt;
    const auto day = number(text.substr(5, 2));
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (!day || month == months.end() || !year || !hour || !minute || !second) return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const std::chrono::year_month_day date(
        std::chrono::year(static_cast<int>(*year)),
        std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return days * kSecondsPerDay + static_cast<std::int64_t>(*hour * 3600 + *minute * 60 + *second);
}

Duration retry_after(const std::vector<HeaderField>& headers, Instant now) {
    const auto value = field_value(headers, "retry-after");
    if (!value) return Duration(0);
    constexpr std::uint64_t far_s = 10ULL * 365 * 24 * 3600;  // any limit of Policy is below
    if (!value->empty() && value->find_first_not_of("0123456789") == std::string::npos)
        return std::chrono::seconds(
            static_cast<std::int64_t>(std::min(number(*value).value_or(far_s), far_s)));
    const auto date = http_date(*value);
    if (!date) return Duration(0);
    return std::max(Duration(0), Duration(*date * 1000 - to_ms(now)));
}

}  // namespace qmgr
