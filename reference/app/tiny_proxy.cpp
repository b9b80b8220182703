#include "reference/app/tiny_proxy.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string_view>

#include "reference/contract/check.hpp"

namespace qmgr {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

void send_all(const Descriptor& socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string read_head(const Descriptor& socket) {
    std::string head;
    char c = 0;
    while (!head.ends_with("\r\n\r\n") && ::recv(socket.number(), &c, 1, 0) == 1) head += c;
    return head;
}

std::string read_all(const Descriptor& socket) {
    std::string bytes;
    std::array<char, 65536> piece{};
    for (ssize_t count = 0; (count = ::recv(socket.number(), piece.data(), piece.size(), 0)) > 0;)
        bytes.append(piece.data(), static_cast<std::size_t>(count));
    return bytes;
}

void remove_line(std::string& head, const std::string& name) {
    const std::size_t begin = head.find("\r\n" + name + ": ");
    if (begin == std::string::npos) return;
    head.erase(begin, head.find("\r\n", begin + 2) - begin);
}

// Everything the server has for that request, which ends its connection.
std::string fetch(std::string head) {
    constexpr std::string_view host = "http://127.0.0.1:";
    const std::size_t begin = head.find(host);
    if (begin == std::string::npos) return "HTTP/1.1 400 Bad Request\r\n\r\n";
    const std::size_t path = head.find('/', begin + host.size());
    const auto port = static_cast<std::uint16_t>(std::stoul(head.substr(begin + host.size())));
    head.erase(begin, path - begin);
    remove_line(head, "Proxy-Connection");
    remove_line(head, "Connection");
    const Descriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    if (::connect(server.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)))
        return "HTTP/1.1 502 Bad Gateway\r\n\r\n";
    send_all(server, head);
    ::shutdown(server.number(), SHUT_WR);  // no further request comes
    return read_all(server);
}

// The piece that was asked for, out of an answer with the whole object.
std::string cut_out(const std::string& whole, const std::string& range) {
    const std::size_t dash = range.find('-');
    const std::size_t first = std::stoul(range);
    const std::size_t last = std::stoul(range.substr(dash + 1));
    const std::size_t body = whole.find("\r\n\r\n") + 4;
    return "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(first) + "-" +
           std::to_string(last) + "/" + std::to_string(whole.size() - body) +
           "\r\nContent-Length: " + std::to_string(last - first + 1) + "\r\n\r\n" +
           whole.substr(body + first, last - first + 1);
}

}  // namespace

TinyProxy::TinyProxy(Habit habit)
    : habit_(habit), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    QMGR_CHECK(::bind(listener_.number(), plain, size) == 0, "no free port");
    QMGR_CHECK(::listen(listener_.number(), 16) == 0, "cannot listen");
    QMGR_CHECK(::getsockname(listener_.number(), plain, &size) == 0, "a socket without a name");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve_all(); });
}

TinyProxy::~TinyProxy() {
    ::shutdown(listener_.number(), SHUT_RDWR);
    thread_.join();
}

void TinyProxy::serve_all() {
    for (;;) {
        const Descriptor client(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client.is_open()) return;
        const std::string head = read_head(client);
        if (head.empty()) continue;
        std::string answer = answer_to(head);
        answer.insert(answer.find("\r\n"), "\r\nConnection: close");
        send_all(client, answer);
    }
}

std::string TinyProxy::answer_to(const std::string& head) const {
    if (habit_ == Habit::Honest) return fetch(head);
    if (habit_ == Habit::RefusesHead && head.starts_with("HEAD "))
        return "HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n";
    constexpr std::string_view line = "\r\nRange: bytes=";
    const std::size_t found = head.find(line);
    if (found == std::string::npos) return fetch(head);
    const std::string range = head.substr(found + line.size());
    std::string without = head;
    remove_line(without, "Range");
    const std::string whole = fetch(without);
    return habit_ == Habit::WholePerPiece ? cut_out(whole, range) : whole;
}

}  // namespace qmgr
