// For tests: a server behind TLS whose certificate is made on the spot and signed by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "reference/adapters/file_calls.hpp"

namespace qmgr {

/// What stands in the certificate.
struct TlsIdentity {
    std::string address = "127.0.0.1";  ///< the one IP address it is for
    bool expired = false;               ///< ended an hour ago; else it lasts for another one
};

/// Listens on a free port of 127.0.0.1, one connection after another: a handshake, one request
/// head, one answer, the end.
class TlsServer {
  public:
    /// `answer` goes out as it is.
    explicit TlsServer(std::string answer, const TlsIdentity& identity = {});
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    ~TlsServer();

    /// https, 127.0.0.1 and the port.
    std::string url(const std::string& path = "/f") const;
    /// Its certificate in PEM form: whoever trusts it trusts this server.
    std::string certificate() const;
    /// Request heads that came so far, each after a whole handshake.
    std::size_t requests() const;

  private:
    struct Secrets;

    void accept_all();
    void serve(const Descriptor& socket);

    const std::string answer_;
    const std::unique_ptr<Secrets> secrets_;
    std::uint16_t port_ = 0;  // learnt while listener_ is made
    Descriptor listener_;

    mutable std::mutex mutex_;
    bool closing_ = false;
    int connection_ = -1;  // the socket that is served
    std::size_t requests_ = 0;
    std::thread acceptor_;
};

}  // namespace qmgr
