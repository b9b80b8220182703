#include "reference/app/one_file_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string_view>
#include <utility>

#include "reference/contract/check.hpp"

namespace qmgr {
namespace {

std::string read_head(const Descriptor& socket) {
    std::string head;
    char c = 0;
    while (!head.ends_with("\r\n\r\n") && ::recv(socket.number(), &c, 1, 0) == 1) head += c;
    return head;
}

void send_all(const Descriptor& socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

// Blocks until the client has closed its side.
void wait_for_end(const Descriptor& socket) {
    std::array<char, 4096> ignored{};
    while (::recv(socket.number(), ignored.data(), ignored.size(), 0) > 0) {
    }
}

}  // namespace

OneFileServer::OneFileServer(std::string content, FirstBody first_body)
    : content_(std::move(content)),
      stops_halfway_(first_body == FirstBody::StopsHalfway),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    QMGR_CHECK(::bind(listener_.number(), plain, size) == 0, "no free port");
    QMGR_CHECK(::listen(listener_.number(), 16) == 0, "cannot listen");
    QMGR_CHECK(::getsockname(listener_.number(), plain, &size) == 0, "a socket without a name");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve_all(); });
}

OneFileServer::~OneFileServer() {
    ::shutdown(listener_.number(), SHUT_RDWR);
    thread_.join();
}

std::string OneFileServer::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> OneFileServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void OneFileServer::serve_all() {
    for (;;) {
        const Descriptor socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket.is_open()) return;
        serve(socket);
    }
}

void OneFileServer::serve(const Descriptor& socket) {
    const std::string head = read_head(socket);
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(head);
    }
    if (head.find(" /missing ") != head.npos) {
        send_all(socket,
                 "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    constexpr std::string_view range = "\r\nRange: bytes=";
    const std::size_t found = head.find(range);
    const std::size_t begin =
        found == head.npos ? 0 : std::stoul(head.substr(found + range.size()));
    std::string answer =
        found == head.npos ? "HTTP/1.1 200 OK\r\n"
                           : "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " +
                                 std::to_string(begin) + "-" + std::to_string(content_.size() - 1) +
                                 "/" + std::to_string(content_.size()) + "\r\n";
    answer += "Last-Modified: Tue, 02 Jan 2001 03:04:05 GMT\r\nConnection: close\r\n";
    answer += "Content-Length: " + std::to_string(content_.size() - begin) + "\r\n\r\n";
    send_all(socket, answer);
    if (head.starts_with("HEAD")) return;
    const std::string_view body = std::string_view(content_).substr(begin);
    if (!std::exchange(stops_halfway_, false)) {
        send_all(socket, body);
        return;
    }
    send_all(socket, body.substr(0, body.size() / 2));
    wait_for_end(socket);
}

}  // namespace qmgr
