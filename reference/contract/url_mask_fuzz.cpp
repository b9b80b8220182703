// The mask of URLs: no password comes through it, what is masked stays as it is, and nothing else
// changes. An input is a text, and a password to be hidden in one.
#include "reference/contract/url_mask.hpp"

#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"

namespace qmgr {
namespace {

constexpr std::string_view kMask = ":***@";

// One piece of `url` gave way to a mask; what is before it and after it stayed.
bool is_masked_once(std::string_view url, const std::string& shown) {
    for (std::size_t mask = shown.find(kMask); mask != shown.npos;
         mask = shown.find(kMask, mask + 1))
        if (url.starts_with(shown.substr(0, mask + 1)) &&
            url.ends_with(shown.substr(mask + kMask.size() - 1)))
            return true;
    return false;
}

void check_mask(std::string_view url) {
    const std::string shown = masked(url);
    QMGR_CHECK(masked(shown) == shown, url);
    QMGR_CHECK(shown == url || is_masked_once(url, shown), shown);
}

void check_text(std::string_view text) {
    const std::string shown = masked_in_text(text);
    QMGR_CHECK(masked_in_text(shown) == shown, text);
    if (text.find("//") == text.npos) QMGR_CHECK(shown == text, text);
}

// Whatever a password is made of, as far as URLs let it stand there unescaped.
void check_password(std::string_view password) {
    if (password.find_first_of("/?#@ \t\r\n\"<>") != password.npos) return;
    const std::string url = "http://user:" + std::string(password) + "@host:81/f";
    const std::string expected = "http://user:***@host:81/f";
    QMGR_CHECK(masked(url) == expected, url);
    QMGR_CHECK(masked_in_text("from \"" + url + "\" to /d") == "from \"" + expected + "\" to /d",
               url);
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
    return {"http://user:secret@h:80/a?b@c#d",
            "//user:secret@h/f",
            "user:sec/ret@h",
            "http:///u:p@[::1]:80/",
            "see <http://u:p@h/f>, 'http://v:q@h' and /d//a:b@c",
            "s%40cr:et'***"};
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = qmgr::fuzz_text(data, size);
    qmgr::check_mask(text);
    qmgr::check_text(text);
    qmgr::check_password(text);
    return 0;
}
