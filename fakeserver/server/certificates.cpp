#include "fakeserver/server/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstddef>
#include <stdexcept>

namespace qmgr::inline v0::fakeserver {
namespace {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(BIGNUM* number) const { BN_free(number); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

constexpr long kDaySeconds = 24L * 3600;
constexpr const char* kOurNames = "DNS:localhost,IP:127.0.0.1,IP:::1";

/// A certificate and its key.
struct Identity {
    Owned<EVP_PKEY> key;
    Owned<X509> certificate;
};

/// What a certificate says of itself.
struct Subject {
    std::string name;
    std::string alternative_names;  ///< as x509v3_config(5) writes them; none: an authority
    long from_days = -1;            ///< a client's clock may be a little behind
    long to_days = 365;
};

void require(bool fine, const char* what) {
    if (!fine) {
        const unsigned long code = ERR_get_error();
        throw std::runtime_error(std::string("OpenSSL: ") + what + ": " +
                                 (code == 0 ? "failed" : ERR_error_string(code, nullptr)));
    }
}

template <typename T>
Owned<T> owned(T* made, const char* what) {
    require(made != nullptr, what);
    return Owned<T>(made);
}

void extend(X509* certificate, X509V3_CTX& context, int kind, const char* value) {
    const auto extension =
        owned(X509V3_EXT_conf_nid(nullptr, &context, kind, value), "an extension");
    require(X509_add_ext(certificate, extension.get(), -1) == 1, "an extension");
}

/// Programs refuse a second certificate with the same issuer and number, and every server makes
/// its own ones.
void number(X509* certificate) {
    constexpr int kBits = 127;
    const auto drawn = owned(BN_new(), "a number");
    require(BN_rand(drawn.get(), kBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "a number");
    require(BN_to_ASN1_INTEGER(drawn.get(), X509_get_serialNumber(certificate)) != nullptr,
            "a number");
}

/// Signed by `issuer`, or by itself if that is null.
Identity made(const Subject& subject, const Identity* issuer) {
    Identity result{.key = owned(EVP_EC_gen("P-256"), "a key"),
                    .certificate = owned(X509_new(), "a certificate")};
    X509* const certificate = result.certificate.get();
    const Identity& signer = issuer != nullptr ? *issuer : result;
    require(X509_set_version(certificate, X509_VERSION_3) == 1, "a version");
    number(certificate);
    X509_gmtime_adj(X509_getm_notBefore(certificate), subject.from_days * kDaySeconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate), subject.to_days * kDaySeconds);
    X509_NAME* const name = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>(subject.name.c_str());
    require(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text, -1, -1, 0) == 1,
            "a name");
    X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate.get()));
    X509_set_pubkey(certificate, result.key.get());
    X509V3_CTX context{};
    X509V3_set_ctx(&context, signer.certificate.get(), certificate, nullptr, nullptr, 0);
    extend(certificate, context, NID_subject_key_identifier, "hash");
    if (subject.alternative_names.empty()) {
        extend(certificate, context, NID_basic_constraints, "critical,CA:TRUE");
        extend(certificate, context, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        extend(certificate, context, NID_basic_constraints, "critical,CA:FALSE");
        extend(certificate, context, NID_key_usage, "critical,digitalSignature");
        extend(certificate, context, NID_ext_key_usage, "serverAuth");
        extend(certificate, context, NID_authority_key_identifier, "keyid:always");
        extend(certificate, context, NID_subject_alt_name, subject.alternative_names.c_str());
    }
    require(X509_sign(certificate, signer.key.get(), EVP_sha256()) > 0, "a signature");
    return result;
}

Owned<SSL_CTX> context_for(const Identity& leaf) {
    auto context = owned(SSL_CTX_new(TLS_server_method()), "a context");
    SSL_CTX* const raw = context.get();
    require(SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1, "a version");
    require(SSL_CTX_use_certificate(raw, leaf.certificate.get()) == 1, "a certificate");
    require(SSL_CTX_use_PrivateKey(raw, leaf.key.get()) == 1, "a key");
    SSL_CTX_set_options(raw,
                        SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_num_tickets(raw, 0);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    // A write that found no room is tried again by whichever thread has the connection then.
    SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(raw, 1);
    return context;
}

std::string pem_of(X509* certificate) {
    const auto memory = owned(BIO_new(BIO_s_mem()), "memory");
    require(PEM_write_bio_X509(memory.get(), certificate) == 1, "a certificate as text");
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

void FreeTls::operator()(ssl_st* tls) const { SSL_free(tls); }

struct Certificates::Contexts {
    std::string authority_pem;
    std::array<Owned<SSL_CTX>, 5> of_leaf;  ///< in the order of Certificate
};

Certificates::Certificates() : contexts_(std::make_unique<Contexts>()) {
    const Identity known =
        made({.name = "qmgr-fakeserver authority", .alternative_names = ""}, nullptr);
    const Identity unknown =
        made({.name = "an authority nobody knows", .alternative_names = ""}, nullptr);
    const Subject good{.name = "localhost", .alternative_names = kOurNames};
    Subject expired = good;
    expired.from_days = -30;  // arbitrary
    expired.to_days = -1;
    const Subject elsewhere{.name = "wrong.example", .alternative_names = "DNS:wrong.example"};
    contexts_->authority_pem = pem_of(known.certificate.get());
    contexts_->of_leaf = {context_for(made(good, &known)), context_for(made(expired, &known)),
                          context_for(made(elsewhere, &known)), context_for(made(good, nullptr)),
                          context_for(made(good, &unknown))};
}

Certificates::~Certificates() = default;

const std::string& Certificates::authority_pem() const { return contexts_->authority_pem; }

Tls Certificates::connect(Certificate leaf) const {
    SSL_CTX* const context = contexts_->of_leaf.at(static_cast<std::size_t>(leaf)).get();
    Tls tls(SSL_new(context));
    require(tls != nullptr, "a connection");
    SSL_set_accept_state(tls.get());
    return tls;
}

}  // namespace qmgr::inline v0::fakeserver
