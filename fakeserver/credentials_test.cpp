#include "fakeserver/credentials.hpp"

#include <gtest/gtest.h>

#include "fakeserver/responder.hpp"

namespace qmgr::fakeserver {
namespace {

TEST(Credentials, AreWrittenAsRfc7617Says) {
    // The example of RFC 7617, section 2.
    EXPECT_EQ(basic_credentials("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

// The responses were computed with Python's hashlib by the formula of RFC 7616, 3.4.1.
constexpr const char* kProof =
    "Digest username=\"u\", realm=\"fakeserver\", nonce=\"abc\", uri=\"/file\", cnonce=\"xyz\", "
    "nc=00000001, qop=auth, response=\"DIGEST\"";

std::string proof(std::string response) {
    std::string text = kProof;
    return text.replace(text.find("DIGEST"), 6, response);
}

TEST(Credentials, AreProvenByTheRightPasswordOnly) {
    const std::string good = proof("1ec9f657fff69a8bcc0390da788157a5");
    EXPECT_EQ(proven_nonce(good, "GET", "u", "p"), "abc");
    EXPECT_EQ(proven_nonce(good, "GET", "u", "q"), std::nullopt);
    EXPECT_EQ(proven_nonce(good, "HEAD", "u", "p"), std::nullopt);
    EXPECT_EQ(proven_nonce("Basic dTpw", "GET", "u", "p"), std::nullopt);
    EXPECT_EQ(proven_nonce("", "GET", "u", "p"), std::nullopt);
    EXPECT_EQ(proven_nonce("Digest ,,=", "GET", "u", "p"), std::nullopt);
    EXPECT_EQ(proven_nonce("Digest nonce=\"", "GET", "u", "p"), std::nullopt);
}

TEST(DemandBasic, LetsTheRightPasswordPass) {
    Responder responder(
        {.title = "t",
         .why = "w",
         .resources = {{.path = "/file", .size = 1, .seed = 1}},
         .rules = {{.name = "who",
                    .faults = {{.effect = Effect::DemandBasic, .user = "u", .password = "p"}}}}});
    EXPECT_EQ(responder.respond({.method = "GET", .path = "/file"}).status, 401);
    EXPECT_EQ(
        responder
            .respond(
                {.method = "GET", .path = "/file", .headers = {{"Authorization", "Basic dTpx"}}})
            .status,
        401);
    EXPECT_EQ(
        responder
            .respond(
                {.method = "GET", .path = "/file", .headers = {{"Authorization", "Basic dTpw"}}})
            .status,
        200);
    EXPECT_EQ(responder.hits().front().hits, 2U);
}

}  // namespace
}  // namespace qmgr::fakeserver
