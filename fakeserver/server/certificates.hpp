// The certificates of one server with TLS, made when it starts and gone with it: an authority, and
// a leaf for each state a certificate can be in. No key ever touches the disk.
#pragma once

#include <memory>
#include <string>

#include "fakeserver/responder.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace qmgr::inline v0::fakeserver {

/// OpenSSL's SSL with an owner.
struct FreeTls {
    void operator()(ssl_st* tls) const;
};
using Tls = std::unique_ptr<ssl_st, FreeTls>;

/// Safe to use from several threads at a time. The leaves, all with a key on P-256:
///
///   Good        for localhost, 127.0.0.1 and ::1, by the authority, valid for a year
///   Expired     the same, valid until yesterday
///   WrongHost   for wrong.example only
///   SelfSigned  for the right names, by itself
///   Untrusted   for the right names, by an authority of the same make that nobody is told of
class Certificates {
  public:
    /// Takes about a millisecond. Throws std::runtime_error when OpenSSL does not do it.
    Certificates();
    ~Certificates();
    Certificates(const Certificates&) = delete;
    Certificates& operator=(const Certificates&) = delete;
    Certificates(Certificates&&) = delete;
    Certificates& operator=(Certificates&&) = delete;

    /// The authority in PEM form: who trusts it trusts Good, and none of the others.
    const std::string& authority_pem() const;

    /// The server's side of a connection that shows that leaf, and it alone. TLS 1.2 and 1.3; no
    /// session is ever resumed, so every connection shows its certificate. The caller attaches the
    /// bytes. Throws std::runtime_error when OpenSSL does not do it.
    Tls connect(Certificate leaf) const;

  private:
    struct Contexts;
    std::unique_ptr<Contexts> contexts_;
};

}  // namespace qmgr::inline v0::fakeserver
