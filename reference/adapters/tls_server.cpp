#include "reference/adapters/tls_server.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <csignal>

#include "reference/adapters/raw_server.hpp"
#include "reference/contract/check.hpp"

namespace qmgr {
namespace {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* connection) const { SSL_free(connection); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

constexpr long kHourSeconds = 3600;

void add_extension(X509* certificate, int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, Free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    QMGR_CHECK(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

Certificate signed_certificate(EVP_PKEY* key, const TlsIdentity& identity) {
    Certificate certificate(X509_new());
    QMGR_CHECK(certificate != nullptr, "no memory");
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    const long end = identity.expired ? -kHourSeconds : kHourSeconds;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * kHourSeconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), end);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* const name = X509_get_subject_name(certificate.get());
    const std::string text = "a server of a test";
    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate.get(), NID_subject_alt_name, "IP:" + identity.address);
    QMGR_CHECK(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "no signature");
    return certificate;
}

}  // namespace

struct TlsServer::Secrets {
    Key key;
    Certificate certificate;
    std::unique_ptr<SSL_CTX, Free> context;

    explicit Secrets(const TlsIdentity& identity)
        : key(EVP_EC_gen("P-256")),
          certificate(signed_certificate(key.get(), identity)),
          context(SSL_CTX_new(TLS_server_method())) {
        QMGR_CHECK(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1, "certificate");
        QMGR_CHECK(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1, "key");
    }
};

TlsServer::TlsServer(std::string answer, const TlsIdentity& identity)
    : answer_(std::move(answer)),
      secrets_(std::make_unique<Secrets>(identity)),
      listener_(listening_socket(port_)) {
    // A client that goes in the middle of a handshake is no end of the test.
    std::signal(SIGPIPE, SIG_IGN);
    acceptor_ = std::thread([this] { accept_all(); });
}

TlsServer::~TlsServer() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        if (connection_ >= 0) ::shutdown(connection_, SHUT_RDWR);
    }
    ::shutdown(listener_.number(), SHUT_RDWR);
    acceptor_.join();
}

std::string TlsServer::url(const std::string& path) const {
    return "https://127.0.0.1:" + std::to_string(port_) + path;
}

std::string TlsServer::certificate() const {
    const std::unique_ptr<BIO, Free> memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), secrets_->certificate.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::size_t TlsServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void TlsServer::accept_all() {
    for (;;) {
        const Descriptor socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        {
            const std::lock_guard lock(mutex_);
            if (closing_ || !socket.is_open()) return;
            connection_ = socket.number();
        }
        serve(socket);
        const std::lock_guard lock(mutex_);
        connection_ = -1;
    }
}

void TlsServer::serve(const Descriptor& socket) {
    const std::unique_ptr<SSL, Free> connection(SSL_new(secrets_->context.get()));
    SSL_set_fd(connection.get(), socket.number());
    if (SSL_accept(connection.get()) != 1) return;
    std::string head;
    while (head.find("\r\n\r\n") == head.npos) {
        std::array<char, 4096> piece{};
        const int count = SSL_read(connection.get(), piece.data(), static_cast<int>(piece.size()));
        if (count <= 0) return;
        head.append(piece.data(), static_cast<std::size_t>(count));
    }
    {
        const std::lock_guard lock(mutex_);
        ++requests_;
    }
    SSL_write(connection.get(), answer_.data(), static_cast<int>(answer_.size()));
    SSL_shutdown(connection.get());
}

}  // namespace qmgr
