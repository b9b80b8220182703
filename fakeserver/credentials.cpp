#include "fakeserver/credentials.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>

#include "fakeserver/draws.hpp"
#include "fakeserver/request.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr std::string_view kRealm = "fakeserver";

std::string hex(const unsigned char* bytes, std::size_t count) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += kDigits[bytes[i] >> 4U];
        text += kDigits[bytes[i] & 15U];
    }
    return text;
}

std::string md5(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr);
    return hex(digest.data(), size);
}

/// The parameters of "Digest a=b, c="d"", names in lower case as every client writes them.
std::map<std::string, std::string> parameters_of(std::string_view list) {
    std::map<std::string, std::string> parameters;
    while (!list.empty()) {
        list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
        const std::size_t equals = list.find('=');
        if (equals == std::string_view::npos) {
            break;
        }
        const std::string name(list.substr(0, equals));
        list.remove_prefix(equals + 1);
        const bool quoted = list.starts_with('"');
        if (quoted) {
            list.remove_prefix(1);
        }
        const std::size_t end = std::min(list.find_first_of(quoted ? "\"" : ", \t"), list.size());
        parameters[name] = std::string(list.substr(0, end));
        list.remove_prefix(std::min(end + (quoted ? 1 : 0), list.size()));
    }
    return parameters;
}

}  // namespace

std::string basic_credentials(std::string_view user, std::string_view password) {
    const std::string plain = std::string(user) + ":" + std::string(password);
    // Four characters for three bytes, and the NUL that EVP_EncodeBlock writes.
    std::string text((plain.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(plain.data()),
                                     static_cast<int>(plain.size()));
    text.resize(static_cast<std::size_t>(size));
    return "Basic " + text;
}

std::string digest_nonce(std::uint64_t key, std::uint64_t index) {
    const std::uint64_t drawn = draw(key, index);
    std::array<unsigned char, sizeof drawn> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<unsigned char>(drawn >> (8 * i));
    }
    return hex(bytes.data(), bytes.size());
}

std::string digest_challenge(std::string_view nonce, bool stale) {
    std::string challenge = "Digest realm=\"" + std::string(kRealm) + "\", qop=\"auth\", nonce=\"";
    challenge.append(nonce).append("\", algorithm=MD5");
    return stale ? challenge.append(", stale=true") : challenge;
}

std::optional<std::string> proven_nonce(std::string_view authorization, std::string_view method,
                                        std::string_view user, std::string_view password) {
    constexpr std::string_view kScheme = "Digest ";
    if (authorization.size() < kScheme.size() ||
        !same_word(authorization.substr(0, kScheme.size()), kScheme)) {
        return std::nullopt;
    }
    auto given = parameters_of(authorization.substr(kScheme.size()));
    const std::string secret =
        md5(std::string(user) + ":" + std::string(kRealm) + ":" + std::string(password));
    const std::string target = md5(std::string(method) + ":" + given["uri"]);
    const std::string middle = given.contains("qop") ? given["nonce"] + ":" + given["nc"] + ":" +
                                                           given["cnonce"] + ":" + given["qop"]
                                                     : given["nonce"];
    if (given["username"] != user || given["realm"] != kRealm ||
        given["response"] != md5(secret + ":" + middle + ":" + target)) {
        return std::nullopt;
    }
    return given["nonce"];
}

}  // namespace qmgr::inline v0::fakeserver
