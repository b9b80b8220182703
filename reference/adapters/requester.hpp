// One HTTP exchange after another, for those who look at a server rather than fetch from it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/contract/policy.hpp"
#include "reference/engine/event.hpp"

namespace qmgr {

struct Request {
    std::string method;  ///< HEAD or GET
    std::string url;     ///< http or https
    std::vector<HeaderField> headers{};
    /// No more bytes of the body are taken; a longer body costs its connection.
    std::uint64_t limit_bytes = 0;
};

struct Response {
    int status = 0;                             ///< 0: no head came
    std::vector<HeaderField> headers{};         ///< all lines as received, duplicates kept
    std::uint64_t body_bytes = 0;               ///< that came, up to the limit; they are not kept
    std::optional<TransportFailure> failure{};  ///< why it ended early
    int http_version = 0;                       ///< 10 or 11; 0: no head came
    int connection = 0;                         ///< counted from 1; 0: none could be made
    bool operator==(const Response&) const = default;
};

/// Sends what it is told as CurlTransport does for the service: the same fields, no redirect
/// followed, nothing decoded, servers verified, connections used again while they are fresh.
/// For one thread.
class Requester {
  public:
    /// Of `policy`, stall_timeout is taken: a request without a byte for so long is TimedOut.
    /// `proxy`: http://host:port for every request; empty: no proxy; none: the environment's.
    explicit Requester(const Policy& policy, std::optional<std::string> proxy = std::nullopt);
    Requester(const Requester&) = delete;
    Requester& operator=(const Requester&) = delete;
    ~Requester();

    /// Waits until the exchange is over. A connection that was used before and ends without a byte
    /// of an answer says nothing of the request, since servers close idle connections when they
    /// like: then it is sent once more.
    Response ask(const Request& request);

  private:
    class Desk;
    const std::unique_ptr<Desk> desk_;
};

}  // namespace qmgr
