// What AddFiles accepts as names, and where redirects go. The first line of an input is a URL or a
// path, the second a Location.
#include <algorithm>

#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "reference/engine/names.hpp"

namespace qmgr {
namespace {

const Policy kPolicy;

bool has_scheme(std::string_view url, std::string_view scheme) {
    return url.size() > scheme.size() && url.substr(scheme.size(), 3) == "://" &&
           std::equal(scheme.begin(), scheme.end(), url.begin(),
                      [](char a, char b) { return a == b || a == b + ('a' - 'A'); });
}

// A unit for each character, and one more for those of four bytes.
void check_units(std::string_view text) {
    const auto units = utf16_length(text);
    if (!units) return;
    std::size_t expected = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) ++expected;
        if (byte >= 0xF0U) ++expected;
    }
    QMGR_CHECK(*units == expected, text);
}

void check_remote_name(std::string_view url) {
    if (!is_remote_name(url, kPolicy)) return;
    QMGR_CHECK(url.size() <= kPolicy.remote_name_chars, url);
    QMGR_CHECK(has_scheme(url, "http") || has_scheme(url, "https"), url);
    QMGR_CHECK(std::all_of(url.begin(), url.end(),
                           [](char c) { return c > ' ' && c <= '~' && c != '*' && c != '\\'; }),
               url);
    QMGR_CHECK(utf16_length(url) == url.size(), url);
}

void check_local_name(std::string_view path) {
    if (!is_local_name(path, kPolicy)) return;
    QMGR_CHECK(utf16_length(path).value_or(SIZE_MAX) <= kPolicy.local_name_units, path);
    QMGR_CHECK(path.find('\0') == path.npos, path);
    const std::string folder = directory_of(path);
    QMGR_CHECK(path.starts_with(folder), path);
    const std::string part = part_path(folder, 0xABCD);
    QMGR_CHECK(part.starts_with(folder) && part.ends_with("/BITABCD.tmp"), part);
}

// Whether "." or ".." stands between slashes of the path; none does in one that was resolved.
bool has_dot_segment(std::string_view url) {
    const std::size_t begin = url.find_first_of("/?#", url.find("://") + 3);
    if (begin == url.npos || url[begin] != '/') return false;
    const std::string path = std::string(url.substr(begin, url.find_first_of("?#") - begin)) + "/";
    return path.find("/./") != path.npos || path.find("/../") != path.npos;
}

void check_redirect(std::string_view base, std::string_view location) {
    const auto target = redirect_target(base, location, kPolicy);
    if (!target) return;
    check_remote_name(*target);
    QMGR_CHECK(is_remote_name(*target, kPolicy), *target);
    QMGR_CHECK(!has_scheme(base, "https") || has_scheme(*target, "https"), *target);
    QMGR_CHECK(!has_dot_segment(*target), *target);
    QMGR_CHECK(redirect_target(*target, *target, kPolicy) == *target, *target);
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
    return {"http://host:81/dir/file?q=1\nhttp://other/x",
            "https://user:pass@host/dir/file#f\nhttp://host/x",
            "http://host/dir/sub/f\n../x/./y/..",
            "http://host/dir/f\n//other/x",
            "http://host/dir/f\n?r=2",
            "http://host/dir/f?q\n#part",
            "http://host\n/x/y%20z",
            "http://host#/../x\n?a=/../b",
            "HTTP://[::1]:8080/x\nhttps://[fe80::1.2.3.4]/",
            "/tmp/\xC3\xA4/\xE2\x82\xAC/\xF0\x9F\x98\x80",
            "/C:/a b\nfile:///etc/passwd"};
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto lines = qmgr::fuzz_lines(qmgr::fuzz_text(data, size));
    for (const std::string_view line : lines) {
        qmgr::check_units(line);
        qmgr::check_remote_name(line);
        qmgr::check_local_name(line);
    }
    if (lines.size() > 1) qmgr::check_redirect(lines[0], lines[1]);
    return 0;
}
