// A TCP client for tests that knows no HTTP: it sends and sees bytes, and tells FIN from RST.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fakeserver/server/socket.hpp"

namespace qmgr::inline v0::fakeserver {

/// How the other side ended the connection.
enum class Ended { Fin, Rst, NotAtAll };

struct Received {
    std::string bytes{};
    Ended ended = Ended::NotAtAll;
    bool operator==(const Received&) const = default;
};

/// Every call blocks, and gives up after 30 seconds, so that a broken server fails a test instead
/// of hanging it.
class RawClient {
  public:
    /// Connects to 127.0.0.1; `receive_buffer`: bytes that may wait unread (0: the system's
    /// choice).
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);

    bool connected() const { return connected_; }
    int descriptor() const { return socket_.get(); }
    void send(std::string_view bytes) const;
    /// Ends this side; reading goes on.
    void end_sending() const;

    /// Exactly `count` bytes, or fewer when the connection ended before.
    Received read(std::size_t count) const;
    Received read_to_end() const;
    /// One read of at most `count` bytes.
    Received read_some(std::size_t count) const;
    /// One read into `buffer`; 0: the connection has ended.
    std::size_t read_into(std::span<std::byte> buffer) const;
    /// Nothing has arrived that is not read yet, and the connection has not ended.
    bool is_silent() const;

  private:
    Descriptor socket_;
    bool connected_ = false;
};

}  // namespace qmgr::inline v0::fakeserver
