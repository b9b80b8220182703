#include "propertytests/auditor_names.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace qmgr::propertytests::audit {
namespace {

constexpr std::uint32_t kMostPort = 65'535;

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

enum class Char : std::uint8_t { Legal, Illegal, Bracket };

// RFC 3986: unreserved, gen-delims, sub-delims and the percent sign; "*" is a wildcard.
constexpr std::array<Char, 256> kChars = [] {
    std::array<Char, 256> chars{};
    chars.fill(Char::Illegal);
    for (unsigned c = 0; c < 128; ++c) {
        const char one = static_cast<char>(c);
        if (is_letter(one) || is_digit(one)) chars.at(c) = Char::Legal;
    }
    for (const char c : std::string_view("-._~:/?#@!$&'()+,;=%"))
        chars.at(static_cast<unsigned char>(c)) = Char::Legal;
    chars.at('[') = chars.at(']') = Char::Bracket;
    return chars;
}();

bool begins_with_word(std::string_view text, std::string_view word) {
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
               return a == (is_letter(b) ? static_cast<char>(b | 0x20) : b);
           });
}

// Brackets belong to addresses of machines; no clause speaks of those.
Verdict judge_characters(std::string_view name) {
    Verdict verdict = Verdict::Good;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const Char kind = kChars.at(static_cast<unsigned char>(name[i]));
        if (kind == Char::Illegal) return Verdict::Bad;
        if (kind != Char::Legal) verdict = Verdict::Unsaid;
        if (name[i] != '%') continue;
        if (i + 2 >= name.size() || !is_hex(name[i + 1]) || !is_hex(name[i + 2]))
            return Verdict::Bad;
    }
    return verdict;
}

Verdict judge_authority(std::string_view authority) {
    const std::size_t at = authority.rfind('@');
    std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
    if (host.empty() || host.front() == ':') return Verdict::Bad;
    if (host.front() == '[') return Verdict::Unsaid;
    const std::size_t colon = host.find(':');
    if (colon == std::string_view::npos) return Verdict::Good;
    const std::string_view port = host.substr(colon + 1);
    if (port.empty()) return Verdict::Unsaid;
    std::uint32_t number = 0;
    for (const char c : port) {
        if (!is_digit(c)) return Verdict::Bad;
        number = std::min(number * 10 + static_cast<std::uint32_t>(c - '0'), kMostPort + 1);
    }
    if (number > kMostPort) return Verdict::Bad;
    return number == 0 ? Verdict::Unsaid : Verdict::Good;
}

Verdict worse(Verdict a, Verdict b) {
    if (a == Verdict::Bad || b == Verdict::Bad) return Verdict::Bad;
    return a == Verdict::Good ? b : a;
}

bool has_long_segment(std::string_view path, std::size_t most) {
    std::size_t length = 0;
    for (const char c : path) {
        if (c == '?' || c == '#') break;
        length = c == '/' ? 0 : length + 1;
        if (length > most) return true;
    }
    return false;
}

}  // namespace

Verdict judge_remote_name(std::string_view name, const Limits& limits) {
    if (name.size() > limits.remote_chars) return Verdict::Bad;
    std::size_t scheme = 0;
    if (begins_with_word(name, "http://"))
        scheme = 7;
    else if (begins_with_word(name, "https://"))
        scheme = 8;
    else
        return Verdict::Bad;
    const Verdict characters = judge_characters(name);
    if (characters == Verdict::Bad) return Verdict::Bad;
    const std::string_view rest = name.substr(scheme);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    if (has_long_segment(rest.substr(end), limits.remote_segment)) return Verdict::Bad;
    return worse(characters, judge_authority(rest.substr(0, end)));
}

Verdict judge_local_name(std::string_view name, const Limits& limits) {
    if (name.empty() || name.front() != '/') return Verdict::Bad;
    if (name.find_first_of("*?<>|\"") != std::string_view::npos) return Verdict::Bad;
    if (std::count(name.begin(), name.end(), ':') > 1) return Verdict::Bad;
    const auto units = utf16_units(name);
    if (units && *units > limits.local_units) return Verdict::Bad;
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    const std::string_view file = name.substr(name.rfind('/') + 1);
    const bool odd = !units || name.find(':') != std::string_view::npos || file.empty() ||
                     file == "." || file == ".." || name.find("//") != std::string_view::npos ||
                     name.find("/./") != std::string_view::npos ||
                     name.find("/../") != std::string_view::npos ||
                     std::any_of(name.begin(), name.end(), is_control);
    return odd ? Verdict::Unsaid : Verdict::Good;
}

std::string_view directory_of_name(std::string_view name) {
    const std::size_t slash = name.rfind('/');
    return slash == 0 || slash == std::string_view::npos ? "/" : name.substr(0, slash);
}

std::optional<std::size_t> utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        std::size_t length = 1;
        if (first >= 0xF0 && first <= 0xF4)
            length = 4;
        else if (first >= 0xE0 && first < 0xF0)
            length = 3;
        else if (first >= 0xC2 && first < 0xE0)
            length = 2;
        else if (first >= 0x80)
            return std::nullopt;
        if (i + length > text.size()) return std::nullopt;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return std::nullopt;
        units += length == 4 ? 2 : 1;
        i += length;
    }
    return units;
}

std::optional<Guid> class_from_text(std::string_view text) {
    if (text.size() != 38 || text.front() != '{' || text.back() != '}') return std::nullopt;
    return guid_from_text(text.substr(1, 36));
}

}  // namespace qmgr::propertytests::audit
