#include "reference/contract/identifiers.hpp"

namespace qmgr::inline v0 {
namespace {

constexpr std::size_t kTextLength = 36;

constexpr bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string to_text(const Guid& guid) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(kTextLength);
    for (const std::uint8_t byte : guid.bytes) {
        if (is_dash_position(text.size())) text += '-';
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

std::optional<Guid> guid_from_text(std::string_view text) {
    if (text.size() != kTextLength) return std::nullopt;
    Guid guid;
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_dash_position(i)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const int value = hex_value(text[i]);
        if (value < 0) return std::nullopt;
        std::uint8_t& byte = guid.bytes[nibble / 2];
        byte = static_cast<std::uint8_t>(byte * 16 + value);
        ++nibble;
    }
    return guid;
}

}  // namespace qmgr::inline v0
