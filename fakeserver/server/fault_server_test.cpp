#include "fakeserver/server/fault_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <span>
#include <string>
#include <thread>
#include <vector>

#include "fakeserver/content.hpp"
#include "fakeserver/server/raw_client.hpp"

namespace qmgr::fakeserver {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

constexpr std::string_view kGet = "GET /file HTTP/1.1\r\nHost: test\r\n\r\n";
constexpr std::string_view kHead = "HEAD /file HTTP/1.1\r\nHost: test\r\n\r\n";
constexpr std::string_view kPart = "GET /file HTTP/1.1\r\nHost: test\r\nRange: bytes=2-5\r\n\r\n";

/// What the first 10 bytes of content 0 are; content_test.cpp says where they come from.
constexpr std::string_view kContent = "\xbf\xd4\x3c\xff\x26\x82\x21\x48\x6f\x7e";

constexpr std::string_view kWholeHead =
    "HTTP/1.1 200 OK\r\n"
    "Content-Length: 10\r\n"
    "Last-Modified: Tue, 02 Jan 2001 03:04:05 GMT\r\n"
    "Accept-Ranges: bytes\r\n"
    "Content-Type: application/octet-stream\r\n"
    "\r\n";

constexpr std::string_view kPartHead =
    "HTTP/1.1 206 Partial Content\r\n"
    "Content-Length: 4\r\n"
    "Content-Range: bytes 2-5/10\r\n"
    "Last-Modified: Tue, 02 Jan 2001 03:04:05 GMT\r\n"
    "Accept-Ranges: bytes\r\n"
    "Content-Type: application/octet-stream\r\n"
    "\r\n";

constexpr const char* kDate = "Tue, 02 Jan 2001 03:04:05 GMT";

/// "/file", `size` bytes of content 0.
Script site(std::vector<FaultRule> rules = {}, std::uint64_t size = 10) {
    return {.title = "test",
            .why = "test",
            .resources = {{.path = "/file", .size = size, .seed = 0, .last_modified = kDate}},
            .rules = std::move(rules)};
}

Script with_fault(Fault fault) {
    return site({{.name = "fault", .match = {}, .faults = {std::move(fault)}}});
}

std::string whole() { return std::string(kWholeHead).append(kContent); }
std::string whole_until(std::size_t body) {
    return std::string(kWholeHead).append(kContent.substr(0, body));
}

TEST(FaultServer, SendsExactlyThePlannedBytesAndKeepsTheConnection) {
    FaultServer server(site());
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read(whole().size()), (Received{whole(), Ended::NotAtAll}));
    client.send(kPart);
    const std::string part = std::string(kPartHead).append(kContent.substr(2, 4));
    EXPECT_EQ(client.read(part.size()), (Received{part, Ended::NotAtAll}));
    client.send(kHead);
    EXPECT_EQ(client.read(kWholeHead.size()), (Received{std::string(kWholeHead), Ended::NotAtAll}));
    EXPECT_TRUE(client.is_silent());
}

TEST(FaultServer, AnswersPipelinedRequestsOneAfterAnother) {
    FaultServer server(site());
    const RawClient client(server.port());
    client.send(std::string(kHead).append(kPart).append(kGet));
    const std::string expected =
        std::string(kWholeHead).append(kPartHead).append(kContent.substr(2, 4)).append(whole());
    EXPECT_EQ(client.read(expected.size()).bytes, expected);
}

TEST(FaultServer, TakesAHeadThatArrivesInPieces) {
    FaultServer server(site());
    const RawClient client(server.port());
    for (const char c : kGet) {
        client.send(std::string_view(&c, 1));
    }
    EXPECT_EQ(client.read(whole().size()).bytes, whole());
}

TEST(FaultServer, EndsWithFinWhenTheClientAsksForClose) {
    FaultServer server(site());
    const RawClient client(server.port());
    client.send("HEAD /file HTTP/1.1\r\nConnection: close\r\n\r\n");
    const Received received = client.read_to_end();
    EXPECT_EQ(received.ended, Ended::Fin);
    EXPECT_THAT(received.bytes, testing::EndsWith("\r\nConnection: close\r\n\r\n"));
}

TEST(FaultServer, EndsWithFinAfterAnHttp10Request) {
    FaultServer server(site());
    const RawClient client(server.port());
    client.send("GET /file HTTP/1.0\r\n\r\n");
    const Received received = client.read_to_end();
    EXPECT_EQ(received.ended, Ended::Fin);
    EXPECT_THAT(received.bytes, testing::EndsWith(std::string(kContent)));
}

TEST(FaultServer, EndsWithFinAndNotRstThoughBytesOfTheClientAreUnread) {
    FaultServer server(with_fault({.effect = Effect::Close, .at = {.byte = 3}}));
    const RawClient client(server.port());
    client.send(std::string(kGet).append(kGet).append(100'000, 'x'));
    EXPECT_EQ(client.read_to_end(), (Received{whole_until(3), Ended::Fin}));
}

TEST(FaultServer, AnswersARequestWithABodyAndCloses) {
    FaultServer server(site());
    const RawClient client(server.port());
    client.send("POST /file HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(client.read_to_end(), (Received{"HTTP/1.1 405 Method Not Allowed\r\n"
                                              "Content-Length: 0\r\n"
                                              "Allow: GET, HEAD\r\n\r\n",
                                              Ended::Fin}));
}

TEST(FaultServer, RefusesAHeadAbove16KiB) {
    FaultServer server(site());
    const std::string refusal =
        "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        "Content-Length: 0\r\n"
        "Connection: close\r\n\r\n";
    const RawClient endless(server.port());
    endless.send("GET /file HTTP/1.1\r\nX: " + std::string(16 * 1024, 'x'));
    EXPECT_EQ(endless.read_to_end(), (Received{refusal, Ended::Fin}));
    const RawClient complete(server.port());
    complete.send("GET /file HTTP/1.1\r\nX: " + std::string(16 * 1024, 'x') + "\r\n\r\n");
    EXPECT_EQ(complete.read_to_end(), (Received{refusal, Ended::Fin}));
    EXPECT_EQ(server.requests(), std::vector<ServedRequest>{});
}

TEST(FaultServer, TakesAHeadOfExactly16KiB) {
    FaultServer server(site());
    const RawClient client(server.port());
    std::string head = "GET /file HTTP/1.1\r\n";
    while (head.size() + 1000 < 16 * 1024) {
        head += "X: " + std::string(895, 'x') + "\r\n";
    }
    head += "X: " + std::string(16 * 1024 - head.size() - 7, 'x') + "\r\n\r\n";
    ASSERT_EQ(head.size(), 16U * 1024U);
    client.send(head);
    EXPECT_EQ(client.read(whole().size()).bytes, whole());
}

TEST(FaultServer, RefusesAHeadThatDoesNotEndInTime) {
    FaultServer server(site(), {.head_time_limit = std::chrono::milliseconds(1)});
    const RawClient client(server.port());
    client.send("GET /file HTTP/1.1\r\n");
    EXPECT_EQ(client.read_to_end(), (Received{"HTTP/1.1 408 Request Timeout\r\n"
                                              "Content-Length: 0\r\n"
                                              "Connection: close\r\n\r\n",
                                              Ended::Fin}));
}

TEST(FaultServer, RefusesWhatIsNotHttp) {
    FaultServer server(site());
    const RawClient client(server.port());
    client.send("hello\r\n\r\n");
    EXPECT_EQ(client.read_to_end(), (Received{"HTTP/1.1 400 Bad Request\r\n"
                                              "Content-Length: 0\r\n"
                                              "Connection: close\r\n\r\n",
                                              Ended::Fin}));
}

TEST(FaultServerEffects, RespondStatusSendsTheScriptedAnswer) {
    FaultServer server(
        with_fault({.status = 503, .headers = {{"Retry-After", "7"}}, .body = "try again\n"}));
    const RawClient client(server.port());
    client.send(kGet);
    const std::string expected =
        "HTTP/1.1 503 Service Unavailable\r\n"
        "Content-Length: 10\r\n"
        "Retry-After: 7\r\n"
        "\r\n"
        "try again\n";
    EXPECT_EQ(client.read(expected.size()), (Received{expected, Ended::NotAtAll}));
    EXPECT_TRUE(client.is_silent());
}

TEST(FaultServerEffects, CloseAfterEndsWithFinAtItsByte) {
    FaultServer server(with_fault({.effect = Effect::Close, .at = {.byte = 7}}));
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read_to_end(), (Received{whole_until(7), Ended::Fin}));
}

TEST(FaultServerEffects, ResetAfterEndsWithRstAtItsByte) {
    FaultServer server(with_fault({.effect = Effect::Reset, .at = {.byte = 7}}));
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read_to_end(), (Received{whole_until(7), Ended::Rst}));
}

TEST(FaultServerEffects, ResetAfterDeliversEveryPromisedByteToASlowReader) {
    constexpr std::size_t kBytes = 4'000'000;
    FaultServer server(
        site({{.name = "fault", .faults = {{.effect = Effect::Reset, .at = {.byte = kBytes}}}}},
             kBytes + 1));
    const RawClient client(server.port(), 4096);
    client.send(kGet);
    const Received received = client.read_to_end();
    EXPECT_EQ(received.ended, Ended::Rst);
    const std::size_t head = received.bytes.find("\r\n\r\n") + 4;
    ASSERT_EQ(received.bytes.size(), head + kBytes);
    EXPECT_TRUE(is_content(0, 0, std::as_bytes(std::span(received.bytes)).subspan(head)));
}

TEST(FaultServerEffects, StallAfterIsSilentForEverUntilTheServerStops) {
    FaultServer server(with_fault({.effect = Effect::Stall, .at = {.byte = 7}}));
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read(whole_until(7).size()).bytes, whole_until(7));
    EXPECT_TRUE(client.is_silent());
    server.stop();
    EXPECT_EQ(client.read_to_end(), (Received{"", Ended::Fin}));
}

TEST(FaultServerEffects, StallAfterWithADelayGoesOnAfterIt) {
    FaultServer server(
        with_fault({.effect = Effect::Delay, .at = {.byte = 7}, .delay = {.ms = 30}}));
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read(whole_until(7).size()).bytes, whole_until(7));
    EXPECT_EQ(client.read(3), (Received{std::string(kContent.substr(7)), Ended::NotAtAll}));
    EXPECT_TRUE(client.is_silent());
}

TEST(FaultServerEffects, StallAfterByteZeroHoldsTheBodyBackAndNotTheHead) {
    FaultServer server(
        with_fault({.effect = Effect::Delay, .at = {.byte = 0}, .delay = {.ms = 3'600'000}}));
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read(kWholeHead.size()).bytes, kWholeHead);
    EXPECT_TRUE(client.is_silent());
}

TEST(FaultServerEffects, OmitLengthEndsTheBodyWithFin) {
    FaultServer server(with_fault({.effect = Effect::OmitLength}));
    const RawClient client(server.port());
    client.send(kGet);
    const std::string head =
        "HTTP/1.1 200 OK\r\n"
        "Last-Modified: Tue, 02 Jan 2001 03:04:05 GMT\r\n"
        "Accept-Ranges: bytes\r\n"
        "Content-Type: application/octet-stream\r\n"
        "Connection: close\r\n"
        "\r\n";
    EXPECT_EQ(client.read_to_end(), (Received{head + std::string(kContent), Ended::Fin}));
}

TEST(FaultServerEffects, IgnoreRangeSendsTheWhole) {
    FaultServer server(with_fault({.effect = Effect::IgnoreRange}));
    const RawClient client(server.port());
    client.send(kPart);
    EXPECT_EQ(client.read(whole().size()), (Received{whole(), Ended::NotAtAll}));
}

TEST(FaultServerEffects, ChangeContentShowsAnotherVersionFromThenOn) {
    FaultServer server(site({{.name = "fault",
                              .match = {.request = 2},
                              .faults = {{.effect = Effect::ChangeContent,
                                          .seed = 1,
                                          .size = 4,
                                          .last_modified = "Wed, 03 Jan 2001 03:04:05 GMT"}}}}));
    const std::string changed =
        "HTTP/1.1 200 OK\r\n"
        "Content-Length: 4\r\n"
        "Last-Modified: Wed, 03 Jan 2001 03:04:05 GMT\r\n"
        "Accept-Ranges: bytes\r\n"
        "Content-Type: application/octet-stream\r\n"
        "\r\n"
        "\xb8\xd5\xc0\x82";
    const RawClient client(server.port());
    client.send(std::string(kGet).append(kGet).append(kGet));
    EXPECT_EQ(client.read(whole().size()).bytes, whole());
    EXPECT_EQ(client.read(changed.size()).bytes, changed);
    EXPECT_EQ(client.read(changed.size()).bytes, changed);
}

TEST(FaultServer, WritesDownWhatItServed) {
    FaultServer server(
        site({{.name = "cut",
               .match = {.request = 2},
               .faults = {{.effect = Effect::Reset, .at = {.byte = 6}}}},
              {.name = "never", .match = {.path = "/none"}, .faults = {{.status = 500}}}}));
    const RawClient first(server.port());
    first.send(kPart);
    first.read(kPartHead.size() + 4);
    const RawClient second(server.port());
    second.send(kGet);
    second.read_to_end();
    const Request part{.method = "GET",
                       .path = "/file",
                       .headers = {{"Host", "test"}, {"Range", "bytes=2-5"}},
                       .connection = 1,
                       .number = 1};
    const Request get{.method = "GET",
                      .path = "/file",
                      .headers = {{"Host", "test"}},
                      .connection = 2,
                      .number = 2};
    const AppliedFault reset{.effect = Effect::Reset, .wire_byte = kWholeHead.size() + 6};
    EXPECT_THAT(server.requests(), ElementsAre(ServedRequest{.request = part,
                                                             .status = 206,
                                                             .rule = "",
                                                             .body_bytes_sent = 4,
                                                             .ending = Ending::KeepAlive},
                                               ServedRequest{.request = get,
                                                             .status = 200,
                                                             .rule = "cut",
                                                             .faults = {reset},
                                                             .body_bytes_sent = 6,
                                                             .ending = Ending::Reset}));
    EXPECT_THAT(server.hits(), ElementsAre(RuleHits{"cut", 1}, RuleHits{"never", 0}));
}

TEST(FaultServer, StartsANewLifeWithANewScript) {
    FaultServer server(with_fault({.status = 500}));
    const RawClient old(server.port());
    old.send(kHead);
    old.read(1);
    server.set_script(site());
    EXPECT_EQ(server.hits(), std::vector<RuleHits>{});
    EXPECT_EQ(server.requests(), std::vector<ServedRequest>{});
    EXPECT_EQ(old.read_to_end().ended, Ended::Fin);
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read(whole().size()).bytes, whole());
    ASSERT_EQ(server.requests().size(), 1U);
    EXPECT_EQ(server.requests()[0].request.connection, 1U);
    EXPECT_EQ(server.requests()[0].request.number, 1U);
}

TEST(FaultServer, PlaysAResponseToItsEndThoughTheScriptChanges) {
    FaultServer server(
        with_fault({.effect = Effect::Delay, .at = {.byte = 7}, .delay = {.ms = 30}}));
    const RawClient client(server.port());
    client.send(kGet);
    client.read(whole_until(7).size());
    server.set_script(site());
    EXPECT_EQ(client.read_to_end(), (Received{std::string(kContent.substr(7)), Ended::Fin}));
}

TEST(FaultServer, AcceptsABurstOf64AndAnswersAll) {
    FaultServer server(site());
    std::vector<RawClient> clients;
    for (int i = 0; i < 64; ++i) {
        clients.emplace_back(server.port());
        ASSERT_TRUE(clients.back().connected());
    }
    for (const RawClient& client : clients) {
        client.send(kGet);
    }
    for (const RawClient& client : clients) {
        EXPECT_EQ(client.read(whole().size()).bytes, whole());
    }
    EXPECT_EQ(server.requests().size(), 64U);
}

TEST(FaultServer, AnswersWhile200ConnectionsStall) {
    FaultServer server(site(
        {{.name = "stall", .faults = {{.effect = Effect::Stall, .at = {.byte = 1}}}, .times = 100},
         {.name = "long wait",
          .faults = {{.effect = Effect::Delay, .at = {.byte = 1}, .delay = {.ms = 3'600'000}}},
          .times = 100}}));
    std::vector<RawClient> stalled;
    for (int i = 0; i < 200; ++i) {
        stalled.emplace_back(server.port());
        stalled.back().send(kGet);
        ASSERT_EQ(stalled.back().read(whole_until(1).size()).bytes, whole_until(1));
    }
    const RawClient client(server.port());
    client.send(kGet);
    EXPECT_EQ(client.read(whole().size()).bytes, whole());
}

TEST(FaultServer, AnswersWhile100ClientsDoNotReadTheirBodies) {
    FaultServer server(site({}, 100'000'000));
    std::vector<RawClient> lazy;
    for (int i = 0; i < 100; ++i) {
        lazy.emplace_back(server.port(), 4096);
        lazy.back().send(kGet);
    }
    const RawClient client(server.port());
    client.send(kHead);
    EXPECT_THAT(client.read(15).bytes, StartsWith("HTTP/1.1 200 OK"));
}

TEST(FaultServer, StopsInTheMiddleOfABody) {
    FaultServer server(site({}, std::uint64_t{1} << 50U));
    const RawClient client(server.port());
    client.send(kGet);
    std::thread reader([&client] {
        while (client.read_some(65536).ended == Ended::NotAtAll) {
        }
    });
    server.stop();
    reader.join();
    server.stop();
    EXPECT_LE(server.requests().size(), 1U);
}

TEST(FaultServer, ClosesTheConnectionThatHasBeenIdleLongestWhenThereAreTooMany) {
    FaultServer server(site(), {.most_connections = 2});
    const RawClient first(server.port());
    const RawClient second(server.port());
    const RawClient third(server.port());
    EXPECT_EQ(first.read_to_end(), (Received{"", Ended::Fin}));
    second.send(kGet);
    third.send(kGet);
    EXPECT_EQ(second.read(whole().size()), (Received{whole(), Ended::NotAtAll}));
    EXPECT_EQ(third.read(whole().size()), (Received{whole(), Ended::NotAtAll}));
}

TEST(FaultServer, SaysWhichPortIsTaken) {
    FaultServer server(site());
    const std::string port = std::to_string(server.port());
    try {
        FaultServer second(site(), {.port = server.port()});
        FAIL();
    } catch (const ListenError& error) {
        EXPECT_EQ(error.what(), "port " + port + " of 127.0.0.1: Address already in use");
    }
}

TEST(FaultServer, TellsItsUrl) {
    FaultServer server(site());
    EXPECT_EQ(server.url("/file"), "http://127.0.0.1:" + std::to_string(server.port()) + "/file");
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kLargeBody = 64ULL << 20U;
#else
constexpr std::uint64_t kLargeBody = 512ULL << 20U;
#endif

long most_memory_kib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

TEST(FaultServer, StreamsALargeBodyFromConstantMemory) {
    FaultServer server(site({}, kLargeBody));
    const RawClient client(server.port());
    client.send(kGet);
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        head += client.read(1).bytes;
    }
    std::vector<std::byte> buffer(256 * 1024);
    const long before_kib = most_memory_kib();
    std::uint64_t offset = 0;
    while (offset < kLargeBody) {
        const std::size_t count = client.read_into(buffer);
        ASSERT_NE(count, 0U);
        ASSERT_TRUE(is_content(0, offset, std::span(buffer).first(count))) << offset;
        offset += count;
    }
    EXPECT_EQ(offset, kLargeBody);
    EXPECT_TRUE(client.is_silent());
    EXPECT_LT(most_memory_kib() - before_kib, 16 * 1024);
}

}  // namespace
}  // namespace qmgr::fakeserver
