// A request as the Responder sees it. Both carriers make one: the socket server from bytes, the
// simulated network from a fetch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmgr::inline v0::fakeserver {

struct Header {
    std::string name{};
    std::string value{};
    bool operator==(const Header&) const = default;
};

struct Request {
    std::string method{};           ///< as sent: HEAD, GET …
    std::string path{};             ///< origin form, query included: "/a/b?c=d"
    std::vector<Header> headers{};  ///< in the order received, duplicates kept
    std::uint64_t connection = 1;   ///< which connection it came on, counted from 1 in accept order
    std::uint64_t number = 1;       ///< which request it is in the server's life, counted from 1
    std::string version = "HTTP/1.1";  ///< as sent; to HTTP/1.0 the connection is closed
    bool proxied = false;  ///< the target was an absolute URI, as a client writes it to a proxy
    bool operator==(const Request&) const = default;
};

/// True when both are the same word, ASCII case apart, as header names and tokens compare.
bool same_word(std::string_view a, std::string_view b);

/// First header of that name (case does not matter), or nothing.
std::optional<std::string_view> find_header(const std::vector<Header>& headers,
                                            std::string_view name);

}  // namespace qmgr::inline v0::fakeserver
