#include "fakeserver/request.hpp"

#include <algorithm>

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::string_view> find_header(const std::vector<Header>& headers,
                                            std::string_view name) {
    for (const Header& header : headers) {
        if (same_word(header.name, name)) {
            return header.value;
        }
    }
    return std::nullopt;
}

}  // namespace qmgr::inline v0::fakeserver
