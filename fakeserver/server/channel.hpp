// One connection's bytes, in and out, plain or through TLS. Never blocks, but in wait_for_room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "fakeserver/server/certificates.hpp"
#include "fakeserver/server/socket.hpp"

namespace qmgr::inline v0::fakeserver {

/// Used by one thread at a time.
class Channel {
  public:
    /// Plain if `tls` is null. Throws std::bad_alloc.
    explicit Channel(Descriptor socket, Tls tls = nullptr);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    Channel(Channel&&) = delete;
    Channel& operator=(Channel&&) = delete;

    int descriptor() const { return socket_.get(); }
    bool has_tls() const { return tls_ != nullptr; }

    enum class Handshake {
        Done,    ///< also of a plain channel
        Later,   ///< the client's turn; events() says what to wait for
        Held,    ///< `most` bytes are out, and the server would send more
        Failed,  ///< the client is gone, or speaks another language; it has been told so
    };
    /// Goes on with the handshake. The server sends no more than `most` bytes in it, counted from
    /// its beginning.
    Handshake shake_hands(std::uint64_t most);

    /// Both of the content; the handshake has to be over. After Later the same bytes have to be
    /// tried again first.
    Transfer receive(std::span<std::byte> buffer);
    Transfer transmit(std::span<const std::byte> bytes);
    /// What came from the client, as it came: for bytes that nobody wants.
    Transfer discard(std::span<std::byte> buffer) { return fakeserver::receive(socket_, buffer); }
    /// Of poll(2): what the last Later was for.
    short events() const { return events_; }

    /// The orderly end: close_notify if a handshake was done, then FIN. False: there is no room for
    /// it at the moment; try again when events() have happened. Reading goes on.
    bool end_sending();
    /// From now on the end of the channel sends RST and throws away what was not yet delivered.
    void reset_on_close() { fakeserver::reset_on_close(socket_); }
    /// Without these, the end of the channel is that of a socket: FIN, or RST with bytes unread.

    /// Waits at most `limit_ms` for room to send; false: there is still none.
    bool wait_for_room(int limit_ms) const { return fakeserver::wait_for_room(socket_, limit_ms); }
    /// True when the other side's kernel has acknowledged everything that was sent.
    bool all_acknowledged() const { return fakeserver::all_acknowledged(socket_); }

  private:
    struct Wire;  ///< what OpenSSL reads from and writes to
    Transfer outcome(int result);

    Descriptor socket_;
    std::unique_ptr<Wire> wire_;
    Tls tls_;
    short events_ = 0;
};

}  // namespace qmgr::inline v0::fakeserver
