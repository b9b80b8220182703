// The server's side of HTTP authentication: Basic (RFC 7617) and Digest with MD5 (RFC 7616). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmgr::inline v0::fakeserver {

/// "Basic dXNlcjpwYXNz"
std::string basic_credentials(std::string_view user, std::string_view password);

/// The nonce number `index` of a rule whose draws have this key.
std::string digest_nonce(std::uint64_t key, std::uint64_t index);

/// "Digest realm=…": what a client is asked for. The realm is "fakeserver".
std::string digest_challenge(std::string_view nonce, bool stale);

/// The nonce of an Authorization line that proves the password for this request; nothing: the line
/// is no Digest, or it proves nothing.
std::optional<std::string> proven_nonce(std::string_view authorization, std::string_view method,
                                        std::string_view user, std::string_view password);

}  // namespace qmgr::inline v0::fakeserver
