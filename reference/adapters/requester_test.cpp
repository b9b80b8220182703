#include "reference/adapters/requester.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "reference/adapters/raw_server.hpp"

namespace qmgr {
namespace {

Policy patient_for(std::chrono::milliseconds time) {
    Policy policy;
    policy.stall_timeout = time;
    return policy;
}

Policy patient() { return patient_for(std::chrono::minutes(1)); }

TEST(RequesterTest, TellsTheHeadAsReceivedAndCountsTheBody) {
    RawServer server({{"HTTP/1.1 200 OK\r\nX: 1\r\nX: 2\r\nContent-Length: 5\r\n\r\n12345"}});
    Requester requester(patient(), "");
    const Response response = requester.ask({"GET", server.url(), {{"Range", "bytes=0-4"}}, 100});
    EXPECT_EQ(response,
              (Response{200, {{"X", "1"}, {"X", "2"}, {"Content-Length", "5"}}, 5, {}, 11, 1}));
    EXPECT_NE(server.requests().at(0).bytes.find("\r\nRange: bytes=0-4\r\n"), std::string::npos);
}

TEST(RequesterTest, CountsConnectionsAndUsesThemAgain) {
    RawServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
                      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"},
                      {"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "", Ending::Close},
                      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}});
    Requester requester(patient(), "");
    EXPECT_EQ(requester.ask({"HEAD", server.url()}).connection, 1);
    EXPECT_EQ(requester.ask({"GET", server.url(), {}, 100}).connection, 1);
    EXPECT_EQ(requester.ask({"GET", server.url(), {}, 100}).connection, 1);
    EXPECT_EQ(requester.ask({"HEAD", server.url()}).connection, 2);
}

TEST(RequesterTest, TakesNoMoreOfABodyThanItIsTold) {
    RawServer server(
        {{"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + std::string(9000, 'x')}});
    Requester requester(patient(), "");
    const Response response = requester.ask({"GET", server.url(), {}, 4000});
    EXPECT_EQ(response.body_bytes, 4000U);
    EXPECT_EQ(response.failure, std::nullopt);
}

TEST(RequesterTest, TellsHowAnExchangeFailed) {
    RawServer cut({{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234", "", Ending::Close}});
    RawServer silent({{"", "", Ending::Stall}});
    RawServer garbage({{"no HTTP at all\r\n\r\n", "", Ending::Close}});
    Requester requester(patient(), "");
    const Response response = requester.ask({"GET", cut.url(), {}, 100});
    EXPECT_EQ(response.failure, TransportFailure::Interrupted);
    EXPECT_EQ(response.body_bytes, 4U);
    EXPECT_EQ(requester.ask({"HEAD", garbage.url()}).failure, TransportFailure::Malformed);
    const Response none = requester.ask({"HEAD", "http://no-such-host.invalid/"});
    EXPECT_EQ(none.failure, TransportFailure::NameNotResolved);
    EXPECT_EQ(none.connection, 0);
    Requester hasty(patient_for(std::chrono::milliseconds(1)), "");
    EXPECT_EQ(hasty.ask({"HEAD", silent.url()}).failure, TransportFailure::TimedOut);
}

TEST(RequesterTest, AsksOnceMoreWhenAnOldConnectionEndsWithoutAnAnswer) {
    RawServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
                      {"", "", Ending::Close},
                      {"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "", Ending::KeepOpen},
                      {"", "", Ending::Close}});
    Requester requester(patient(), "");
    EXPECT_EQ(requester.ask({"HEAD", server.url()}).status, 200);
    EXPECT_EQ(requester.ask({"HEAD", server.url()}).status, 404);
    EXPECT_EQ(requester.ask({"HEAD", server.url()}).failure, TransportFailure::Interrupted);
    EXPECT_EQ(server.requests().size(), 5U) << "an answer on a new connection is believed";
}

TEST(RequesterTest, AsksTheProxyItIsGiven) {
    RawServer proxy({{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}});
    Requester requester(patient(), proxy.url(""));
    EXPECT_EQ(requester.ask({"HEAD", "http://server.test/f"}).status, 200);
    EXPECT_TRUE(proxy.requests().at(0).bytes.starts_with("HEAD http://server.test/f HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace qmgr
