// The fault server through TLS: what a client that checks certificates sees, and that the content
// arrives as it does without TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <span>
#include <string>
#include <utility>

#include "fakeserver/content.hpp"
#include "fakeserver/server/fault_server.hpp"
#include "fakeserver/server/raw_client.hpp"
#include "fakeserver/server/tls_client.hpp"

namespace qmgr::fakeserver {
namespace {

using testing::StartsWith;

constexpr std::string_view kGet = "GET /file HTTP/1.1\r\nHost: test\r\n\r\n";
constexpr std::size_t kMiB = std::size_t{1} << 20U;

Script site(std::uint64_t size, std::vector<FaultRule> rules = {}) {
    return {.title = "test",
            .why = "test",
            .resources = {{.path = "/file", .size = size, .seed = 0}},
            .rules = std::move(rules)};
}

/// The head that the answer to kGet begins with.
std::string head(std::uint64_t size) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) +
           "\r\nAccept-Ranges: bytes\r\nContent-Type: application/octet-stream\r\n\r\n";
}

TEST(FaultServerTls, IsVerifiedWithItsAuthorityUnderEachOfItsNames) {
    FaultServer server(site(10), {.tls = true});
    for (const char* host : {"localhost", "127.0.0.1", "::1"}) {
        const TlsClient client(server.port(), server.authority_pem(), host);
        EXPECT_TRUE(client.has_shaken_hands());
        EXPECT_EQ(client.verdict(), X509_V_OK) << host;
    }
    const TlsClient other(server.port(), server.authority_pem(), "example.org");
    EXPECT_EQ(other.verdict(), X509_V_ERR_HOSTNAME_MISMATCH);
}

TEST(FaultServerTls, IsNotVerifiedWithAnotherServersAuthority) {
    FaultServer server(site(10), {.tls = true});
    FaultServer other(site(10), {.tls = true});
    const TlsClient client(server.port(), other.authority_pem(), "localhost");
    EXPECT_NE(client.verdict(), X509_V_OK);
}

FaultRule at_connection(std::uint64_t connection, Fault fault) {
    return {.name = std::to_string(connection),
            .match = {.connection = connection},
            .faults = {std::move(fault)}};
}

TEST(FaultServerTls, ShowsEachConnectionTheCertificateOfTheScript) {
    FaultServer server(site(10, {at_connection(1, {.effect = Effect::CertificateExpired}),
                                 at_connection(3, {.effect = Effect::CertificateWrongHost}),
                                 at_connection(4, {.effect = Effect::CertificateSelfSigned}),
                                 at_connection(5, {.effect = Effect::CertificateUntrusted})}),
                       {.tls = true});
    for (const long expected :
         {X509_V_ERR_CERT_HAS_EXPIRED, X509_V_OK, X509_V_ERR_HOSTNAME_MISMATCH,
          X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY}) {
        const TlsClient client(server.port(), server.authority_pem(), "localhost");
        EXPECT_EQ(client.verdict(), expected);
    }
    for (const RuleHits& rule : server.hits()) {
        EXPECT_EQ(rule.hits, 1U) << rule.rule;
    }
}

TEST(FaultServerTls, CutsTheHandshakeWhereTheScriptSays) {
    const Point point{.where = Where::Handshake, .byte = 100};
    FaultServer server(
        site(10, {at_connection(1, {.effect = Effect::Close, .at = point}),
                  at_connection(2, {.effect = Effect::Reset, .at = point}),
                  at_connection(3, {.effect = Effect::HalfClose, .at = point}),
                  at_connection(4, {.effect = Effect::Stall, .at = point}),
                  at_connection(5, {.effect = Effect::Delay, .at = point, .delay = {.ms = 10}})}),
        {.tls = true});
    for (const Ended expected : {Ended::Fin, Ended::Rst, Ended::Fin}) {
        const RawClient client(server.port());
        client.send(client_hello());
        const Received received = client.read_to_end();
        EXPECT_EQ(received.bytes.size(), 100U);
        EXPECT_EQ(received.ended, expected);
    }
    const RawClient stalled(server.port());
    stalled.send(client_hello());
    EXPECT_EQ(stalled.read(100).bytes.size(), 100U);
    EXPECT_TRUE(stalled.is_silent());
    const TlsClient delayed(server.port(), server.authority_pem(), "localhost");
    EXPECT_EQ(delayed.verdict(), X509_V_OK);
}

TEST(FaultServerTls, TellsItsUrlAndItsAuthority) {
    FaultServer server(site(10), {.tls = true});
    EXPECT_EQ(server.url("/file"), "https://127.0.0.1:" + std::to_string(server.port()) + "/file");
    EXPECT_THAT(server.authority_pem(), StartsWith("-----BEGIN CERTIFICATE-----\n"));
    EXPECT_EQ(FaultServer(site(10)).authority_pem(), "");
}

TEST(FaultServerTls, KeepsTheConnectionBetweenAnswers) {
    FaultServer server(site(10), {.tls = true});
    const TlsClient client(server.port(), server.authority_pem(), "localhost");
    const std::string expected = head(10) + "\xbf\xd4\x3c\xff\x26\x82\x21\x48\x6f\x7e";
    for (int i = 0; i < 3; ++i) {
        client.send(kGet);
        EXPECT_EQ(client.read(expected.size()), (Received{expected, Ended::NotAtAll}));
    }
    EXPECT_EQ(server.requests().back().request.connection, 1U);
}

TEST(FaultServerTls, SendsABodyOfAMiBWholeAlsoToASlowReader) {
    FaultServer server(site(kMiB), {.tls = true});
    for (const int receive_buffer : {0, 4096}) {
        const TlsClient client(server.port(), server.authority_pem(), "localhost", receive_buffer);
        client.send(kGet);
        const Received received = client.read(head(kMiB).size() + kMiB);
        ASSERT_EQ(received.bytes.size(), head(kMiB).size() + kMiB);
        EXPECT_THAT(received.bytes, StartsWith(head(kMiB)));
        EXPECT_TRUE(
            is_content(0, 0, std::as_bytes(std::span(received.bytes)).subspan(head(kMiB).size())));
    }
}

TEST(FaultServerTls, EndsWithCloseNotifyAndFin) {
    FaultServer server(
        site(10, {{.name = "cut", .faults = {{.effect = Effect::Close, .at = {.byte = 3}}}}}),
        {.tls = true});
    const TlsClient client(server.port(), server.authority_pem(), "localhost");
    client.send(kGet);
    EXPECT_EQ(client.read_to_end(), (Received{head(10) + "\xbf\xd4\x3c", Ended::Fin}));
    EXPECT_EQ(client.below().read_to_end(), (Received{"", Ended::Fin}));
}

TEST(FaultServerTls, EndsWithRstAndWithoutCloseNotify) {
    FaultServer server(
        site(kMiB,
             {{.name = "cut", .faults = {{.effect = Effect::Reset, .at = {.byte = 500'000}}}}}),
        {.tls = true});
    const TlsClient client(server.port(), server.authority_pem(), "localhost", 4096);
    client.send(kGet);
    const Received received = client.read_to_end();
    EXPECT_EQ(received.bytes.size(), head(kMiB).size() + 500'000);
    EXPECT_EQ(received.ended, Ended::Rst);
}

TEST(FaultServerTls, EndsAConnectionThatSpeaksNoTls) {
    FaultServer server(site(10), {.tls = true});
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read_to_end().ended, Ended::Fin);
    EXPECT_EQ(server.requests().size(), 0U);
}

TEST(FaultServerTls, EndsAHandshakeThatTakesTooLong) {
    FaultServer server(site(10), {.tls = true, .head_time_limit = std::chrono::milliseconds(1)});
    const RawClient client(server.port());
    client.send(client_hello().substr(0, 20));
    EXPECT_EQ(client.read_to_end(), (Received{"", Ended::Fin}));
}

TEST(FaultServerTls, StopsInTheMiddleOfAHandshake) {
    FaultServer server(site(10), {.tls = true});
    const RawClient client(server.port());
    client.send(client_hello());
    EXPECT_EQ(client.read(1).bytes, "\x16");
    server.stop();
    client.read_to_end();
}

}  // namespace
}  // namespace qmgr::fakeserver
