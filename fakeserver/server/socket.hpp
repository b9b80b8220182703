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

struct Listener {
    Descriptor socket;
    std::uint16_t port = 0;  ///< the one the system chose when 0 was asked
};

/// Listens on `host` (a name or a numeric address) with a backlog of 1,024. On failure `socket` is
/// empty and `error` is one line that names host and port.
Listener listen_on(const std::string& host, std::uint16_t port, std::string& error);

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
