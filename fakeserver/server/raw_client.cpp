#include "fakeserver/server/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace qmgr::inline v0::fakeserver {

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 30, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (receive_buffer != 0) {
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

void RawClient::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void RawClient::end_sending() const { ::shutdown(socket_.get(), SHUT_WR); }

Received RawClient::read_some(std::size_t count) const {
    Received received;
    received.bytes.resize(count);
    const ssize_t got = ::recv(socket_.get(), received.bytes.data(), count, 0);
    if (got == 0) {
        received.ended = Ended::Fin;
    } else if (got < 0 && errno == ECONNRESET) {
        received.ended = Ended::Rst;
    }
    received.bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return received;
}

std::size_t RawClient::read_into(std::span<std::byte> buffer) const {
    const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    return static_cast<std::size_t>(std::max<ssize_t>(got, 0));
}

Received RawClient::read(std::size_t count) const {
    constexpr std::size_t kAtOnce = 65536;
    Received all;
    while (all.bytes.size() < count) {
        const Received some = read_some(std::min(count - all.bytes.size(), kAtOnce));
        all.bytes += some.bytes;
        all.ended = some.ended;
        if (some.bytes.empty()) {
            break;
        }
    }
    return all;
}

Received RawClient::read_to_end() const { return read(std::numeric_limits<std::size_t>::max()); }

bool RawClient::is_silent() const {
    pollfd wanted{.fd = socket_.get(), .events = POLLIN | POLLRDHUP, .revents = 0};
    return ::poll(&wanted, 1, 0) == 0;
}

}  // namespace qmgr::inline v0::fakeserver
