#include "fakeserver/server/socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/sockios.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr int kBacklog = 1024;

void set_on(int fd, int level, int option) {
    const int on = 1;
    ::setsockopt(fd, level, option, &on, sizeof on);
}

/// The address that a socket is bound to.
struct Address {
    sockaddr_storage bytes{};
    socklen_t size = sizeof bytes;

    explicit Address(int fd) { ::getsockname(fd, generic(), &size); }
    sockaddr* generic() { return reinterpret_cast<sockaddr*>(&bytes); }
};

std::uint16_t port_of(int fd) {
    Address address(fd);
    std::array<char, NI_MAXSERV> port{};
    if (::getnameinfo(address.generic(), address.size, nullptr, 0, port.data(), port.size(),
                      NI_NUMERICSERV) != 0) {
        return 0;
    }
    return static_cast<std::uint16_t>(std::stoul(port.data()));
}

Descriptor bound_to(const sockaddr* address, socklen_t size) {
    Descriptor socket(::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) {
        return {};
    }
    // Connections of an earlier server do not keep the port, and two of our sockets may share it as
    // long as one of them listens.
    set_on(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    if (::bind(socket.get(), address, size) != 0) {
        return {};
    }
    return socket;
}

std::string place_of(const std::string& host, std::uint16_t port) {
    return "port " + std::to_string(port) + " of " + host + ": ";
}

Transfer failed() {
    const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {.kind = later ? Transfer::Kind::Later : Transfer::Kind::Gone};
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

Listener::Listener(Descriptor reserved)
    : reserved_(std::move(reserved)), port_(port_of(reserved_.get())) {}

bool Listener::open() {
    Address address(reserved_.get());
    Descriptor socket = bound_to(address.generic(), address.size);
    if (!socket || ::listen(socket.get(), kBacklog) != 0) {
        return false;
    }
    socket_ = std::move(socket);
    return true;
}

std::string listen_error(const std::string& host, std::uint16_t port) {
    return place_of(host, port) + std::generic_category().message(errno);
}

Listener reserve(const std::string& host, std::uint16_t port, std::string& error) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (failure != 0) {
        error = place_of(host, port) + ::gai_strerror(failure);
        return {};
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        if (Descriptor socket = bound_to(address->ai_addr, address->ai_addrlen)) {
            return Listener(std::move(socket));
        }
        error = listen_error(host, port);
    }
    return {};
}

Descriptor accept_from(const Descriptor& listener) {
    Descriptor socket(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
        set_on(socket.get(), IPPROTO_TCP, TCP_NODELAY);
    }
    return socket;
}

Transfer receive(const Descriptor& socket, std::span<std::byte> buffer) {
    const ssize_t count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count < 0) {
        return failed();
    }
    return {.kind = count == 0 ? Transfer::Kind::End : Transfer::Kind::Done,
            .count = static_cast<std::size_t>(count)};
}

Transfer transmit(const Descriptor& socket, std::span<const std::byte> bytes) {
    const ssize_t count = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) {
        return failed();
    }
    return {.kind = Transfer::Kind::Done, .count = static_cast<std::size_t>(count)};
}

bool wait_for_room(const Descriptor& socket, int limit_ms) {
    pollfd wanted{.fd = socket.get(), .events = POLLOUT, .revents = 0};
    return ::poll(&wanted, 1, limit_ms) > 0;
}

bool all_acknowledged(const Descriptor& socket) {
    int waiting = 0;
    return ::ioctl(socket.get(), SIOCOUTQ, &waiting) != 0 || waiting == 0;
}

void end_sending(const Descriptor& socket) { ::shutdown(socket.get(), SHUT_WR); }

void reset_on_close(const Descriptor& socket) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace qmgr::inline v0::fakeserver
