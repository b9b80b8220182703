// What a connection meets before its first request, played on a real socket.
#include "fakeserver/server/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <string>
#include <thread>
#include <utility>

#include "fakeserver/server/raw_client.hpp"
#include "fakeserver/server/tls_client.hpp"

namespace qmgr::fakeserver {
namespace {

using testing::StartsWith;

constexpr std::uint64_t kHourMs = 3'600'000;
constexpr std::string_view kHead = "HEAD / HTTP/1.1\r\n\r\n";
constexpr std::string_view kNotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

/// Takes one connection and serves it on a thread of its own until it has ended or this is
/// destroyed.
class OneConnection {
  public:
    explicit OneConnection(ConnectionPlan plan, const Certificates* certificates = nullptr)
        : thread_([this, plan, certificates] { serve(plan, certificates); }) {}
    OneConnection(const OneConnection&) = delete;
    OneConnection& operator=(const OneConnection&) = delete;
    ~OneConnection() {
        stopping_ = true;
        ::eventfd_write(wake_.get(), 1);
        thread_.join();
    }

    std::uint16_t port() const { return listener_.port(); }

  private:
    void wait(int fd, const Pause& pause) const {
        std::array<pollfd, 2> wanted{{{.fd = fd, .events = pause.events, .revents = 0},
                                      {.fd = wake_.get(), .events = POLLIN, .revents = 0}}};
        int timeout_ms = -1;
        if (pause.deadline) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(*pause.deadline - Clock::now());
            timeout_ms = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
        }
        ::poll(wanted.data(), wanted.size(), timeout_ms);
    }

    void serve(const ConnectionPlan& plan, const Certificates* certificates) {
        wait(listener_.socket().get(), {.events = POLLIN});
        Connection connection(surroundings_, {.id = site_.admit().id, .plan = plan},
                              accept_from(listener_.socket()),
                              certificates ? certificates->connect(plan.certificate) : nullptr);
        std::array<std::byte, 4096> buffer{};
        std::optional<Pause> pause = connection.first_pause();
        while (pause) {
            wait(connection.descriptor(), *pause);
            pause = connection.proceed(buffer);
        }
    }

    static Listener open_listener() {
        std::string error;
        Listener listener = reserve("127.0.0.1", 0, error);
        EXPECT_TRUE(listener.open()) << error;
        return listener;
    }

    Listener listener_ = open_listener();
    Descriptor wake_{::eventfd(0, EFD_CLOEXEC)};
    Site site_{Script{}};
    HeadReader heads_;
    std::atomic<bool> stopping_ = false;
    const Surroundings surroundings_{.site = site_,
                                     .heads = heads_,
                                     .stopping = stopping_,
                                     .head_time_limit = std::chrono::hours(1)};
    std::thread thread_;
};

TEST(Connection, EndsAfterBeingAcceptedWithFinOrRstAndNothingElse) {
    for (const std::uint64_t wait_ms : {0U, 10U}) {
        const OneConnection closing({.accept_wait_ms = wait_ms, .accept_end = Ending::Close});
        const RawClient closed(closing.port());
        closed.send(kHead);
        EXPECT_EQ(closed.read_to_end(), (Received{"", Ended::Fin}));
        const OneConnection resetting({.accept_wait_ms = wait_ms, .accept_end = Ending::Reset});
        EXPECT_EQ(RawClient(resetting.port()).read_to_end(), (Received{"", Ended::Rst}));
    }
}

TEST(Connection, ReadsOnAfterAHalfCloseUntilTheClientEnds) {
    const OneConnection server({.accept_end = Ending::HalfClose});
    const RawClient client(server.port());
    EXPECT_EQ(client.read_to_end(), (Received{"", Ended::Fin}));
    // More than any buffer holds; a socket that is closed would answer with RST.
    client.send(std::string(16'000'000, 'x'));
    EXPECT_EQ(client.read_to_end(), (Received{"", Ended::Fin}));
    client.end_sending();
}

TEST(Connection, IsSilentAfterBeingAcceptedAndReadsNothing) {
    const OneConnection server({.accept_end = Ending::Stall});
    const RawClient client(server.port());
    client.send(kHead);
    client.end_sending();
    // What the client sent lies unread when it goes, and so the system sends RST.
    EXPECT_EQ(client.read_to_end(), (Received{"", Ended::Rst}));
}

TEST(Connection, AnswersAfterTheWaitThatFollowsBeingAccepted) {
    const OneConnection server({.accept_wait_ms = 10});
    const RawClient client(server.port());
    client.send(kHead);
    EXPECT_EQ(client.read(kNotFound.size()).bytes, kNotFound);
}

const Certificates& certificates() {
    static const Certificates all;
    return all;
}

long verdict_of(Certificate certificate) {
    const OneConnection server({.certificate = certificate}, &certificates());
    const TlsClient client(server.port(), certificates().authority_pem(), "localhost");
    EXPECT_TRUE(client.has_shaken_hands());
    return client.verdict();
}

TEST(Connection, ShowsTheCertificateOfItsPlan) {
    EXPECT_EQ(verdict_of(Certificate::Good), X509_V_OK);
    EXPECT_EQ(verdict_of(Certificate::Expired), X509_V_ERR_CERT_HAS_EXPIRED);
    EXPECT_EQ(verdict_of(Certificate::WrongHost), X509_V_ERR_HOSTNAME_MISMATCH);
    EXPECT_EQ(verdict_of(Certificate::SelfSigned), X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
    EXPECT_EQ(verdict_of(Certificate::Untrusted), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

/// What a client gets that says hello and then reads.
Received after_hello(const ConnectionPlan& plan) {
    const OneConnection server(plan, &certificates());
    const RawClient client(server.port());
    client.send(client_hello());
    return client.read_to_end();
}

TEST(Connection, CutsTheHandshakeWithFinAfterExactlySoManyBytes) {
    // A record of a handshake, TLS 1.2 by its label: the ServerHello.
    EXPECT_EQ(after_hello({.handshake_byte = 3, .handshake_end = Ending::Close}),
              (Received{"\x16\x03\x03", Ended::Fin}));
    EXPECT_EQ(after_hello({.handshake_byte = 0, .handshake_end = Ending::Close}),
              (Received{"", Ended::Fin}));
    const Received most = after_hello({.handshake_byte = 500, .handshake_end = Ending::Close});
    EXPECT_EQ(most.bytes.size(), 500U);
    EXPECT_EQ(most.ended, Ended::Fin);
}

TEST(Connection, CutsTheHandshakeWithRstAfterExactlySoManyBytes) {
    for (const std::uint64_t byte : {0U, 1U, 100U, 500U}) {
        const Received received =
            after_hello({.handshake_byte = byte, .handshake_end = Ending::Reset});
        EXPECT_EQ(received.bytes.size(), byte);
        EXPECT_EQ(received.ended, Ended::Rst) << byte;
    }
}

TEST(Connection, IsSilentInTheHandshakeUntilTheClientGoes) {
    for (const ConnectionPlan& plan :
         {ConnectionPlan{.handshake_byte = 100, .handshake_end = Ending::Stall},
          ConnectionPlan{.handshake_byte = 100, .handshake_wait_ms = kHourMs}}) {
        const OneConnection server(plan, &certificates());
        const RawClient client(server.port());
        client.send(client_hello());
        EXPECT_EQ(client.read(100).bytes.size(), 100U);
        EXPECT_TRUE(client.is_silent());
    }
}

TEST(Connection, GoesOnWithTheHandshakeAfterItsWait) {
    for (const std::uint64_t byte : {0U, 100U, 1'000'000U}) {
        const OneConnection server({.handshake_byte = byte, .handshake_wait_ms = 10},
                                   &certificates());
        const TlsClient client(server.port(), certificates().authority_pem(), "localhost");
        EXPECT_EQ(client.verdict(), X509_V_OK);
        client.send(kHead);
        EXPECT_EQ(client.read(kNotFound.size()).bytes, kNotFound);
    }
}

TEST(Connection, CutsAHandshakeThatHasFewerBytesAtItsEnd) {
    const OneConnection server({.handshake_byte = 1'000'000, .handshake_end = Ending::Reset},
                               &certificates());
    const TlsClient client(server.port(), certificates().authority_pem(), "localhost");
    EXPECT_TRUE(client.has_shaken_hands());
    EXPECT_EQ(client.read_to_end(), (Received{"", Ended::Rst}));
}

}  // namespace
}  // namespace qmgr::fakeserver
