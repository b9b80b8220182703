// A TLS client for tests: over a RawClient, and with OpenSSL's own idea of a certificate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fakeserver/server/certificates.hpp"
#include "fakeserver/server/raw_client.hpp"

namespace qmgr::inline v0::fakeserver {

/// What a client sends first.
std::string client_hello();

/// Calls block as those of RawClient do.
class TlsClient {
  public:
    /// Connects to 127.0.0.1 and shakes hands, whatever the certificate is. `host`, a name or an
    /// address, is the one it should be for; `authority_pem` is all that is trusted.
    TlsClient(std::uint16_t port, const std::string& authority_pem, const std::string& host,
              int receive_buffer = 0);

    bool has_shaken_hands() const { return shaken_; }
    /// An X509_V_… of <openssl/x509_vfy.h>.
    long verdict() const;

    void send(std::string_view bytes) const;
    /// Ended::Fin only after close_notify.
    Received read(std::size_t count) const;
    Received read_to_end() const;
    const RawClient& below() const { return socket_; }

  private:
    struct FreeContext {
        void operator()(ssl_ctx_st* context) const;
    };
    RawClient socket_;
    std::unique_ptr<ssl_ctx_st, FreeContext> context_;
    Tls tls_;
    bool shaken_ = false;
};

}  // namespace qmgr::inline v0::fakeserver
