#include "reference/adapters/counting_origin.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

constexpr std::size_t kConnections = 64;
// What servers commonly stop at.
constexpr std::size_t kHeadLimitBytes = 16U << 10U;
// Small, so that little is counted that a client who goes away early has not read.
constexpr int kSendBufferBytes = 16 << 10;
constexpr std::string_view kLastModified = "Tue, 02 Jan 2001 03:04:05 GMT";

void require(bool done, const char* what) {
    if (!done) throw std::system_error(errno, std::generic_category(), what);
}

Descriptor listening_socket() {
    Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    require(listener.is_open(), "no socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const plain = reinterpret_cast<const sockaddr*>(&address);
    require(::bind(listener.number(), plain, sizeof(address)) == 0, "no free port");
    require(::listen(listener.number(), SOMAXCONN) == 0, "cannot listen");
    return listener;
}

std::uint16_t port_of(const Descriptor& listener) {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    require(::getsockname(listener.number(), plain, &size) == 0, "a socket without a name");
    return ntohs(address.sin_port);
}

ArrivedRequest parse(std::string_view head) {
    ArrivedRequest request;
    for (bool first = true; !head.empty(); first = false) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(head.size(), line.size() + 2));
        const std::size_t colon = line.find(':');
        if (first) {
            const std::size_t blank = std::min(line.find(' '), line.size());
            request.method = line.substr(0, blank);
            const std::string_view rest = line.substr(std::min(blank + 1, line.size()));
            request.target = rest.substr(0, rest.find(' '));
        } else if (colon != std::string_view::npos) {
            request.headers.push_back(
                {std::string(line.substr(0, colon)), std::string(line.substr(colon + 1))});
        }
    }
    return request;
}

struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

// Nothing for a form this server does not know: it may then answer as if there were no range.
std::optional<Range> range_of(const ArrivedRequest& request, std::uint64_t object_bytes) {
    const auto text = field_value(request.headers, "range");
    constexpr std::string_view unit = "bytes=";
    if (!text || !text->starts_with(unit)) return std::nullopt;
    Range range{0, object_bytes - 1};
    const char* const end = text->data() + text->size();
    const auto [dash, error] = std::from_chars(text->data() + unit.size(), end, range.first);
    if (error != std::errc{} || dash == end || *dash != '-') return std::nullopt;
    if (dash + 1 == end) return range;
    const auto [stop, last_error] = std::from_chars(dash + 1, end, range.last);
    if (last_error != std::errc{} || stop != end || range.last < range.first) return std::nullopt;
    range.last = std::min(range.last, object_bytes - 1);
    return range;
}

bool is_refused_by_date(const ArrivedRequest& request) {
    const auto condition = field_value(request.headers, "if-unmodified-since");
    if (!condition) return false;
    const auto date = http_date(*condition);
    return date && *date < *http_date(kLastModified);
}

}  // namespace

/// What is still to be sent of a body.
struct CountingOrigin::Body {
    std::uint64_t left_bytes = 0;
};

struct CountingOrigin::Connection {
    Descriptor socket;
    std::string in;   // received, and not yet answered
    std::string out;  // of a head, not yet sent
    Body body;
    std::size_t request = 0;  // the number of the one that is being answered

    bool is_sending() const { return !out.empty() || body.left_bytes > 0; }
};

CountingOrigin::CountingOrigin(std::uint64_t object_bytes)
    : object_bytes_(object_bytes), listener_(listening_socket()), port_(port_of(listener_)) {
    thread_ = std::thread([this] { serve(); });
}

CountingOrigin::~CountingOrigin() {
    ::shutdown(listener_.number(), SHUT_RDWR);
    thread_.join();
}

std::string CountingOrigin::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<ArrivedRequest> CountingOrigin::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

// Until the destructor shuts the listener down, which poll tells as a hang-up.
void CountingOrigin::serve() {
    std::vector<Connection> connections;
    for (;;) {
        std::vector<pollfd> watched;
        const bool has_room = connections.size() < kConnections;
        watched.push_back({listener_.number(), static_cast<short>(has_room ? POLLIN : 0), 0});
        for (const Connection& one : connections)
            watched.push_back(
                {one.socket.number(), static_cast<short>(one.is_sending() ? POLLOUT : POLLIN), 0});
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
        if ((watched[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) return;
        // Backwards, so that what is taken out moves nothing that is still to be looked at.
        for (std::size_t n = connections.size(); n-- > 0;)
            if (watched[n + 1].revents != 0 && !go_on(connections[n]))
                connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(n));
        if ((watched[0].revents & POLLIN) != 0) accept_one(connections);
    }
}

void CountingOrigin::accept_one(std::vector<Connection>& connections) const {
    Descriptor socket(
        ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.is_open()) return;
    ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, &kSendBufferBytes,
                 sizeof(kSendBufferBytes));
    const int at_once = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
    connections.push_back({std::move(socket), {}, {}, {}, 0});
}

// False: this connection is over.
bool CountingOrigin::go_on(Connection& connection) {
    if (!connection.is_sending() && !read(connection)) return false;
    for (;;) {
        if (!write(connection)) return false;
        if (connection.is_sending()) return true;
        const std::size_t end = connection.in.find("\r\n\r\n");
        if (end == std::string::npos) return connection.in.size() <= kHeadLimitBytes;
        ArrivedRequest request = parse(std::string_view(connection.in).substr(0, end + 2));
        connection.in.erase(0, end + 4);
        answer(connection, std::move(request));
    }
}

bool CountingOrigin::read(Connection& connection) {
    std::array<char, 4096> piece{};
    const ssize_t count = ::recv(connection.socket.number(), piece.data(), piece.size(), 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    connection.in.append(piece.data(), static_cast<std::size_t>(count));
    return count > 0;
}

void CountingOrigin::answer(Connection& connection, ArrivedRequest request) {
    connection.out = head_for(request, connection.body);
    const std::lock_guard lock(mutex_);
    connection.request = requests_.size();
    requests_.push_back(std::move(request));
}

std::string CountingOrigin::head_for(const ArrivedRequest& request, Body& body) const {
    constexpr std::string_view empty = "Content-Length: 0\r\n\r\n";
    const bool is_head = request.method == "HEAD";
    if (!is_head && request.method != "GET")
        return "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\n" + std::string(empty);
    if (is_refused_by_date(request))
        return "HTTP/1.1 412 Precondition Failed\r\n" + std::string(empty);
    const std::string total = std::to_string(object_bytes_);
    const auto range = is_head ? std::nullopt : range_of(request, object_bytes_);
    if (range && range->first >= object_bytes_)
        return "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */" + total + "\r\n" +
               std::string(empty);
    const std::uint64_t length = range ? range->last - range->first + 1 : object_bytes_;
    std::string head = range ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " +
                                   std::to_string(range->first) + "-" +
                                   std::to_string(range->last) + "/" + total + "\r\n"
                             : "HTTP/1.1 200 OK\r\n";
    head += "Last-Modified: " + std::string(kLastModified) +
            "\r\nAccept-Ranges: bytes\r\nCache-Control: public, max-age=3600\r\n"
            "Content-Type: application/octet-stream\r\nContent-Length: " +
            std::to_string(length) + "\r\n\r\n";
    if (!is_head) body.left_bytes = length;
    return head;
}

// As much as the connection takes now. False: it takes no more for ever.
bool CountingOrigin::write(Connection& connection) {
    static constexpr std::array<char, 16384> content{};
    while (connection.is_sending()) {
        const bool is_head = !connection.out.empty();
        const char* const from = is_head ? connection.out.data() : content.data();
        const std::size_t wanted =
            is_head ? connection.out.size()
                    : std::min<std::uint64_t>(content.size(), connection.body.left_bytes);
        // Counted before anybody can see that it has arrived.
        const std::lock_guard lock(mutex_);
        const ssize_t sent = ::send(connection.socket.number(), from, wanted, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN || errno == EINTR;
        const auto count = static_cast<std::size_t>(sent);
        if (is_head) {
            connection.out.erase(0, count);
        } else {
            connection.body.left_bytes -= count;
            requests_[connection.request].body_bytes += count;
        }
    }
    return true;
}

}  // namespace qmgr
