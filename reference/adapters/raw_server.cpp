#include "reference/adapters/raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "reference/contract/check.hpp"

namespace qmgr {
namespace {

void send_all(const Descriptor& socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

// The next head, taken out of `buffer`; empty when the client has gone.
std::string read_head(const Descriptor& socket, std::string& buffer) {
    for (;;) {
        const std::size_t end = buffer.find("\r\n\r\n");
        if (end != std::string::npos) {
            std::string head = buffer.substr(0, end + 4);
            buffer.erase(0, end + 4);
            return head;
        }
        std::array<char, 4096> piece{};
        const ssize_t count = ::recv(socket.number(), piece.data(), piece.size(), 0);
        if (count <= 0) return {};
        buffer.append(piece.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace

Descriptor listening_socket(std::uint16_t& port) {
    Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    QMGR_CHECK(::bind(listener.number(), plain, size) == 0, "no free port");
    QMGR_CHECK(::listen(listener.number(), 1024) == 0, "cannot listen");
    QMGR_CHECK(::getsockname(listener.number(), plain, &size) == 0, "a socket without a name");
    port = ntohs(address.sin_port);
    return listener;
}

RawServer::RawServer(std::vector<Answer> answers, std::string greeting)
    : answers_(std::move(answers)),
      greeting_(std::move(greeting)),
      listener_(listening_socket(port_)) {
    acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        for (const auto& socket : sockets_) ::shutdown(socket->number(), SHUT_RDWR);
    }
    changed_.notify_all();
    ::shutdown(listener_.number(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
}

std::string RawServer::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void RawServer::release() {
    {
        const std::lock_guard lock(mutex_);
        released_ = true;
    }
    changed_.notify_all();
}

std::vector<ReceivedHead> RawServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

bool RawServer::wait_for_requests(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(1),
                             [&] { return requests_.size() >= count; });
}

void RawServer::accept_all() {
    for (int connection = 0;; ++connection) {
        auto socket = std::make_shared<Descriptor>(
            ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        const std::lock_guard lock(mutex_);
        if (closing_ || !socket->is_open()) return;
        sockets_.push_back(socket);
        threads_.emplace_back([this, connection, socket] { serve(connection, *socket); });
    }
}

void RawServer::serve(int connection, const Descriptor& socket) {
    std::string buffer;
    send_all(socket, greeting_);
    for (;;) {
        std::string head = read_head(socket, buffer);
        if (head.empty()) return;
        const Answer& answer = next_answer(connection, std::move(head));
        send_all(socket, answer.bytes);
        if (!answer.released_bytes.empty() || answer.ending == Ending::Reset)
            if (!wait_for_release()) return;
        send_all(socket, answer.released_bytes);
        switch (answer.ending) {
            case Ending::KeepOpen:
                continue;
            case Ending::Close:
                ::shutdown(socket.number(), SHUT_RDWR);
                return;
            case Ending::Reset: {
                // Connecting a stream socket to nowhere is the one way to send RST at once.
                sockaddr nowhere{};
                nowhere.sa_family = AF_UNSPEC;
                const linger at_once{1, 0};
                ::setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
                static_cast<void>(::connect(socket.number(), &nowhere, sizeof(nowhere)));
                return;
            }
            case Ending::Stall:
                return;
        }
    }
}

const Answer& RawServer::next_answer(int connection, std::string head) {
    const Answer* answer = nullptr;
    {
        const std::lock_guard lock(mutex_);
        answer = &answers_[std::min(requests_.size(), answers_.size() - 1)];
        requests_.push_back({connection, std::move(head)});
    }
    changed_.notify_all();
    return *answer;
}

bool RawServer::wait_for_release() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::minutes(1), [this] { return released_ || closing_; });
    return !closing_;
}

}  // namespace qmgr
