// What a connection meets before its first request.
#pragma once

#include <cstdint>
#include <optional>

#include "fakeserver/responder.hpp"

namespace qmgr::inline v0::fakeserver {

enum class Certificate : std::uint8_t { Good, Expired, WrongHost, SelfSigned, Untrusted };

struct ConnectionPlan {
    std::uint64_t accept_wait_ms = 0;             ///< after it is accepted, before anything is read
    std::optional<Ending> accept_end{};           ///< then this, and nothing else; never KeepAlive
    Certificate certificate = Certificate::Good;  ///< of a server with TLS
    std::uint64_t handshake_byte = 0;     ///< of what the server sends in the handshake; there:
    std::uint64_t handshake_wait_ms = 0;  ///< silence, and
    std::optional<Ending> handshake_end{};
    bool operator==(const ConnectionPlan&) const = default;
};

}  // namespace qmgr::inline v0::fakeserver
