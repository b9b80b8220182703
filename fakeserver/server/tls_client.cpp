#include "fakeserver/server/tls_client.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace qmgr::inline v0::fakeserver {

std::string client_hello() {
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    SSL* const tls = SSL_new(context);
    SSL_set_bio(tls, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_connect(tls);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(tls), &bytes);
    std::string hello(bytes, static_cast<std::size_t>(size));
    SSL_free(tls);
    SSL_CTX_free(context);
    return hello;
}

void TlsClient::FreeContext::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

TlsClient::TlsClient(std::uint16_t port, const std::string& authority_pem, const std::string& host,
                     int receive_buffer)
    : socket_(port, receive_buffer), context_(SSL_CTX_new(TLS_client_method())) {
    BIO* const text = BIO_new_mem_buf(authority_pem.data(), static_cast<int>(authority_pem.size()));
    if (X509* const authority = PEM_read_bio_X509(text, nullptr, nullptr, nullptr)) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), authority);
        X509_free(authority);
    }
    BIO_free(text);
    tls_.reset(SSL_new(context_.get()));
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_.get()), host.c_str()) != 1) {
        SSL_set1_host(tls_.get(), host.c_str());
    }
    SSL_set_fd(tls_.get(), socket_.descriptor());
    shaken_ = SSL_connect(tls_.get()) == 1;
}

long TlsClient::verdict() const { return SSL_get_verify_result(tls_.get()); }

void TlsClient::send(std::string_view bytes) const {
    SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

Received TlsClient::read(std::size_t count) const {
    constexpr std::size_t kAtOnce = 65536;
    Received all;
    std::string piece;
    while (all.bytes.size() < count) {
        piece.resize(std::min(count - all.bytes.size(), kAtOnce));
        ERR_clear_error();
        errno = 0;
        const int got = SSL_read(tls_.get(), piece.data(), static_cast<int>(piece.size()));
        if (got <= 0) {
            const int why = SSL_get_error(tls_.get(), got);
            if (why == SSL_ERROR_ZERO_RETURN) {
                all.ended = Ended::Fin;
            } else if (why == SSL_ERROR_SYSCALL && errno == ECONNRESET) {
                all.ended = Ended::Rst;
            }
            break;
        }
        all.bytes.append(piece, 0, static_cast<std::size_t>(got));
    }
    return all;
}

Received TlsClient::read_to_end() const { return read(std::numeric_limits<std::size_t>::max()); }

}  // namespace qmgr::inline v0::fakeserver
