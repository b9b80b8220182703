#include "reference/engine/names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <vector>

namespace qmgr {
namespace {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// RFC 3986 characters but '*', which is the wildcard of JOB1-ADD-5.
bool legal_url_characters(std::string_view url) {
    constexpr std::string_view marks = "-._~:/?#[]@!$&'()+,;=";
    for (std::size_t i = 0; i < url.size(); ++i) {
        const char c = url[i];
        if (is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos) continue;
        if (c != '%' || i + 2 >= url.size() || !is_hex(url[i + 1]) || !is_hex(url[i + 2]))
            return false;
    }
    return true;
}

struct UrlParts {
    std::string scheme;          // lower case
    std::string_view authority;  // user, host and port
    std::string_view rest;       // path, query, fragment; may be empty
};

std::optional<UrlParts> split_url(std::string_view url) {
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    UrlParts parts;
    for (const char c : url.substr(0, colon)) parts.scheme += lower(c);
    if (parts.scheme != "http" && parts.scheme != "https") return std::nullopt;
    const std::string_view after = url.substr(colon + 3);
    const std::size_t end = std::min(after.find_first_of("/?#"), after.size());
    parts.authority = after.substr(0, end);
    parts.rest = after.substr(end);
    return parts;
}

bool legal_authority(std::string_view authority) {
    const std::size_t at = authority.rfind('@');
    std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
    const std::size_t bracket = host.rfind(']');
    const std::size_t colon = host.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    if (has_port) {
        const std::string_view port = host.substr(colon + 1);
        if (port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)) return false;
        int number = 0;
        std::from_chars(port.data(), port.data() + port.size(), number);
        if (number > 65535) return false;
        host = host.substr(0, colon);
    }
    if (host.empty()) return false;
    if (host.front() == '[') {
        const std::string_view address = host.substr(1, host.size() - 2);
        return host.back() == ']' && address.find(':') != std::string_view::npos &&
               std::all_of(address.begin(), address.end(),
                           [](char c) { return is_hex(c) || c == ':' || c == '.'; });
    }
    return std::all_of(host.begin(), host.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
    });
}

bool legal_segments(std::string_view rest, std::size_t longest) {
    const std::string_view path = rest.substr(0, std::min(rest.find_first_of("?#"), rest.size()));
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        if (end - begin > longest) return false;
        begin = end + 1;
    }
    return true;
}

// The path of `rest` up to and with its last '/'.
std::string_view folder_of(std::string_view rest) {
    const std::string_view path = rest.substr(0, std::min(rest.find_first_of("?#"), rest.size()));
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view("/") : path.substr(0, slash + 1);
}

// RFC 3986 5.2.4: "/a/./b/../c" is "/a/c".
std::string without_dot_segments(const std::string& url) {
    const auto parts = split_url(url);
    if (!parts) return url;
    const std::size_t end = std::min(parts->rest.find_first_of("?#"), parts->rest.size());
    const std::string_view path = parts->rest.substr(0, end);
    std::vector<std::string_view> kept;
    bool folder = false;  // the path ends in a slash
    for (std::size_t begin = 1; begin <= path.size();) {
        const std::size_t slash = std::min(path.find('/', begin), path.size());
        const std::string_view segment = path.substr(begin, slash - begin);
        folder = segment == "." || segment == "..";
        if (segment == ".." && !kept.empty()) kept.pop_back();
        if (!folder) kept.push_back(segment);
        begin = slash + 1;
    }
    std::string result = parts->scheme + "://" + std::string(parts->authority);
    for (const std::string_view segment : kept) result.append("/").append(segment);
    if (folder) result += '/';
    return result.append(parts->rest.substr(end));
}

}  // namespace

std::optional<std::size_t> utf16_length(std::string_view utf8) {
    std::size_t units = 0;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xC2 ? 0
                                   : lead < 0xE0 ? 2
                                   : lead < 0xF0 ? 3
                                   : lead < 0xF5 ? 4
                                                 : 0;
        if (length == 0 || i + length > utf8.size()) return std::nullopt;
        unsigned point = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(utf8[i + k]);
            if ((next & 0xC0U) != 0x80U) return std::nullopt;
            point = point << 6U | (next & 0x3FU);
        }
        const bool too_long = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (too_long || surrogate || point > 0x10FFFF) return std::nullopt;
        units += length == 4 ? 2 : 1;
        i += length;
    }
    return units;
}

bool is_remote_name(std::string_view url, const Policy& policy) {
    if (url.empty() || url.size() > policy.remote_name_chars || !legal_url_characters(url))
        return false;
    const auto parts = split_url(url);
    return parts && legal_authority(parts->authority) &&
           legal_segments(parts->rest, policy.remote_segment_chars);
}

bool is_local_name(std::string_view path, const Policy& policy) {
    const auto units = utf16_length(path);
    if (!units || *units > policy.local_name_units || path.empty() || path.front() != '/')
        return false;
    if (path.find_first_of("*?<>|\"") != std::string_view::npos) return false;
    if (path.find('\0') != std::string_view::npos) return false;
    if (std::count(path.begin(), path.end(), ':') > 1) return false;
    const std::string_view file = path.substr(path.rfind('/') + 1);
    return !file.empty() && file != "." && file != "..";
}

std::string directory_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string part_path(std::string_view directory, std::uint32_t number) {
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "BIT%X.tmp", number & 0xFFFFU);
    std::string path(directory);
    if (path.back() != '/') path += '/';
    return path + name.data();
}

std::optional<std::string> redirect_target(std::string_view base, std::string_view location,
                                           const Policy& policy) {
    const auto from = split_url(base);
    if (!from || location.empty()) return std::nullopt;
    const std::string origin = from->scheme + "://" + std::string(from->authority);
    std::string target;
    const std::size_t colon = location.find(':');
    if (colon != std::string_view::npos && colon < location.find_first_of("/?#"))
        target = location;
    else if (location.substr(0, 2) == "//")
        target = from->scheme + ":" + std::string(location);
    else if (location.front() == '/')
        target = origin + std::string(location);
    else if (location.front() == '?')
        target = origin + std::string(from->rest.substr(0, from->rest.find_first_of("?#"))) +
                 std::string(location);
    else if (location.front() == '#')
        target = origin + std::string(from->rest.substr(0, from->rest.find('#'))) +
                 std::string(location);
    else
        target = origin + std::string(folder_of(from->rest)) + std::string(location);
    target = without_dot_segments(target);
    const auto to = split_url(target);
    if (!to || !is_remote_name(target, policy)) return std::nullopt;
    if (from->scheme == "https" && to->scheme == "http") return std::nullopt;
    return target;
}

}  // namespace qmgr
