#include "fakeserver/server/channel.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace qmgr::inline v0::fakeserver {

/// OpenSSL sees the socket through this, so that no byte passes us by.
struct Channel::Wire {
    explicit Wire(const Descriptor& of) : socket(of) {}

    const Descriptor& socket;
    std::uint64_t sent = 0;
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();  ///< to send
    bool held = false;                                               ///< a write met `most`

    static Wire& of(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

    static int give(BIO* bio, Transfer transfer, std::size_t* count, int retry) {
        BIO_clear_retry_flags(bio);
        *count = transfer.count;
        if (transfer.kind == Transfer::Kind::Later) {
            BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY);
        }
        return transfer.kind == Transfer::Kind::Done ? 1 : 0;
    }

    static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* count) {
        Wire& wire = of(bio);
        const std::size_t part = std::min<std::uint64_t>(size, wire.most - wire.sent);
        wire.held = part == 0;
        Transfer transfer{.kind = Transfer::Kind::Later};
        if (!wire.held) {
            transfer = fakeserver::transmit(wire.socket, std::as_bytes(std::span(bytes, part)));
            wire.sent += transfer.count;
        }
        return give(bio, transfer, count, BIO_FLAGS_WRITE);
    }

    static int read(BIO* bio, char* to, std::size_t size, std::size_t* count) {
        return give(
            bio, fakeserver::receive(of(bio).socket, std::as_writable_bytes(std::span(to, size))),
            count, BIO_FLAGS_READ);
    }

    static long control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
        // Nothing is kept back here, so there is nothing to do for a flush. A read that gave
        // nothing and is not to be tried again met the end.
        if (command == BIO_CTRL_EOF) {
            return BIO_should_retry(bio) == 0 ? 1 : 0;
        }
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }

    static const BIO_METHOD* method() {
        struct Free {
            void operator()(BIO_METHOD* made) const { BIO_meth_free(made); }
        };
        static const std::unique_ptr<BIO_METHOD, Free> made = [] {
            std::unique_ptr<BIO_METHOD, Free> fresh(
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "channel"));
            BIO_meth_set_write_ex(fresh.get(), &Wire::write);
            BIO_meth_set_read_ex(fresh.get(), &Wire::read);
            BIO_meth_set_ctrl(fresh.get(), &Wire::control);
            return fresh;
        }();
        return made.get();
    }
};

Channel::Channel(Descriptor socket, Tls tls) : socket_(std::move(socket)), tls_(std::move(tls)) {
    if (!tls_) {
        return;
    }
    wire_ = std::make_unique<Wire>(socket_);
    BIO* const bio = BIO_new(Wire::method());
    if (bio == nullptr) {
        throw std::bad_alloc();
    }
    BIO_set_data(bio, wire_.get());
    BIO_set_init(bio, 1);
    SSL_set_bio(tls_.get(), bio, bio);
}

Channel::~Channel() = default;

Transfer Channel::outcome(int result) {
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            events_ = POLLIN;
            return {.kind = Transfer::Kind::Later};
        case SSL_ERROR_WANT_WRITE:
            events_ = POLLOUT;
            return {.kind = Transfer::Kind::Later};
        case SSL_ERROR_ZERO_RETURN:
            return {.kind = Transfer::Kind::End};
        default:
            return {.kind = Transfer::Kind::Gone};
    }
}

Channel::Handshake Channel::shake_hands(std::uint64_t most) {
    if (!tls_) {
        return Handshake::Done;
    }
    wire_->most = std::max(most, wire_->sent);
    wire_->held = false;
    ERR_clear_error();
    const int result = SSL_accept(tls_.get());
    if (result == 1) {
        wire_->most = std::numeric_limits<std::uint64_t>::max();
        return Handshake::Done;
    }
    const bool later = outcome(result).kind == Transfer::Kind::Later;
    if (wire_->held) {
        return Handshake::Held;
    }
    return later ? Handshake::Later : Handshake::Failed;
}

Transfer Channel::receive(std::span<std::byte> buffer) {
    if (!tls_) {
        events_ = POLLIN;
        return fakeserver::receive(socket_, buffer);
    }
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(tls_.get(), buffer.data(), buffer.size(), &count);
    return result == 1 ? Transfer{.kind = Transfer::Kind::Done, .count = count} : outcome(result);
}

Transfer Channel::transmit(std::span<const std::byte> bytes) {
    if (!tls_) {
        events_ = POLLOUT;
        return fakeserver::transmit(socket_, bytes);
    }
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
    return result == 1 ? Transfer{.kind = Transfer::Kind::Done, .count = count} : outcome(result);
}

bool Channel::end_sending() {
    if (tls_ && SSL_is_init_finished(tls_.get()) == 1) {
        ERR_clear_error();
        const int result = SSL_shutdown(tls_.get());
        if (result < 0 && outcome(result).kind == Transfer::Kind::Later && events_ == POLLOUT) {
            return false;
        }
    }
    fakeserver::end_sending(socket_);
    return true;
}

}  // namespace qmgr::inline v0::fakeserver
