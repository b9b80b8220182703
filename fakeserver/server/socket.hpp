// A file descriptor with an owner, and the few socket calls the server needs. All sockets are
// non-blocking and close on exec.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace qmgr::inline v0::fakeserver {

/// Owns a descriptor and closes it. Movable, not copyable.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

/// How a read or write went.
struct Transfer {
    enum class Kind {
        Done,   ///< `count` bytes, at least one
        Later,  ///< the socket has no byte, or no room, at the moment
        End,    ///< the other side will send no more (reads only)
        Gone,   ///< the connection is broken
    };
    Kind kind = Kind::Gone;
    std::size_t count = 0;
};

/// A port that stays ours whether we listen at it or not: a second socket is bound to it and never
/// listens, so that the system gives the port to nobody else. (A program that asks for just this
/// port can have it while we do not listen.)
class Listener {
  public:
    Listener() = default;
    explicit Listener(Descriptor reserved);

    /// Listens, with a backlog of 1,024. False: it cannot, errno says why.
    bool open();
    /// Nobody listens any more: whoever connects is refused, and connections that were not accepted
    /// yet are reset.
    void close() { socket_ = Descriptor(); }
    bool is_open() const { return static_cast<bool>(socket_); }

    explicit operator bool() const { return static_cast<bool>(reserved_); }
    const Descriptor& socket() const { return socket_; }
    std::uint16_t port() const { return port_; }

  private:
    Descriptor reserved_;
    Descriptor socket_;
    std::uint16_t port_ = 0;
};

/// Takes `port` of `host` (a name or a numeric address), or a free one for 0, without listening
/// there yet. On failure the result is empty and `error` is one line that names host and port.
Listener reserve(const std::string& host, std::uint16_t port, std::string& error);
/// The same line for `host`, `port` and errno.
std::string listen_error(const std::string& host, std::uint16_t port);

/// The next connection that waits, with TCP_NODELAY set; empty: none, errno says why.
Descriptor accept_from(const Descriptor& listener);

Transfer receive(const Descriptor& socket, std::span<std::byte> buffer);
/// Never raises SIGPIPE.
Transfer transmit(const Descriptor& socket, std::span<const std::byte> bytes);

/// Waits at most `limit_ms` for room to send; false: there is still none.
bool wait_for_room(const Descriptor& socket, int limit_ms);
/// True when the other side's kernel has acknowledged everything that was sent.
bool all_acknowledged(const Descriptor& socket);
/// Sends FIN; reading goes on.
void end_sending(const Descriptor& socket);
/// From now on closing the socket sends RST and throws away what was not yet delivered.
void reset_on_close(const Descriptor& socket);

}  // namespace qmgr::inline v0::fakeserver
