#include "traces/picture/html_text.hpp"

#include <array>
#include <cstdio>

namespace qmgr::inline v0::traces {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

template <class... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::string number(std::int64_t value) { return std::to_string(value); }

// Seconds with as many digits after the point as say something.
std::string seconds(std::int64_t ms) {
    std::string text = number(ms / kSecond);
    if (ms % kSecond == 0) return text;
    text += print(".%03d", static_cast<int>(ms % kSecond));
    while (text.back() == '0') text.pop_back();
    return text;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            case '\'':
                html += "&#39;";
                break;
            default:
                if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F)
                    html += "\xEF\xBF\xBD";
                else
                    html += c;
        }
    }
    return html;
}

std::size_t length_of(std::string_view text) {
    std::size_t characters = 0;
    for (const char c : text)
        if (begins_character(c)) ++characters;
    return characters;
}

std::string shortened(std::string_view text, std::size_t most) {
    if (length_of(text) <= most) return std::string(text);
    std::size_t end = 0;
    for (std::size_t characters = 0; end < text.size(); ++end)
        if (begins_character(text[end]) && ++characters == most) break;
    return std::string(text.substr(0, end)) + "…";
}

std::string grouped(std::uint64_t value) {
    std::string digits = std::to_string(value);
    for (std::size_t place = digits.size(); place > 3;) {
        place -= 3;
        digits.insert(place, ",");
    }
    return digits;
}

std::string span_text(Duration time) {
    const std::int64_t ms = time.count();
    if (ms < kSecond) return number(ms) + " ms";
    if (ms < kMinute) return seconds(ms) + " s";
    const auto two = [ms](std::int64_t large, const char* large_unit, std::int64_t small,
                          const char* small_unit) {
        const std::int64_t rest = ms % large / small;
        return number(ms / large) + large_unit +
               (rest == 0 ? std::string() : " " + number(rest) + small_unit);
    };
    if (ms < kHour)
        return number(ms / kMinute) + " min" +
               (ms % kMinute == 0 ? std::string() : " " + seconds(ms % kMinute) + " s");
    if (ms < kDay) return two(kHour, " h", kMinute, " min");
    return two(kDay, " d", kHour, " h");
}

std::string moment_text(Duration at) {
    const std::int64_t ms = at.count();
    const int thousandths = static_cast<int>(ms % kSecond);
    const int second = static_cast<int>(ms % kMinute / kSecond);
    const int minute = static_cast<int>(ms % kHour / kMinute);
    if (ms < kMinute) return print("%d.%03d s", second, thousandths);
    if (ms < kHour) return print("%d:%02d.%03d", minute, second, thousandths);
    const int hour = static_cast<int>(ms % kDay / kHour);
    if (ms < kDay) return print("%d:%02d:%02d.%03d", hour, minute, second, thousandths);
    return number(ms / kDay) + print(" d %d:%02d:%02d.%03d", hour, minute, second, thousandths);
}

}  // namespace qmgr::inline v0::traces
