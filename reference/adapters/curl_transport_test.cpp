#include "reference/adapters/curl_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "reference/adapters/disk_file_store.hpp"
#include "reference/adapters/memory_store.hpp"
#include "reference/adapters/raw_server.hpp"
#include "reference/adapters/recording_sink.hpp"
#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr FileRef kFile{{7}, 0};
constexpr FetchId kFetch{11};

std::string answer_with(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Policy patience(std::chrono::milliseconds stall_timeout) {
    Policy policy;
    policy.stall_timeout = stall_timeout;
    return policy;
}

class CurlTransportTest : public testing::Test {
  protected:
    CurlTransportTest() { ::setenv("no_proxy", "*", 1); }

    static action::StartFetch request(const std::string& method, const std::string& url,
                                      FetchId fetch = kFetch) {
        return {fetch, kFile, method, url, {}};
    }
    static action::StoreBody body(std::uint64_t limit, FetchId fetch = kFetch) {
        return {fetch, kFile, "part", 0, limit};
    }

    event::ResponseStarted wait_for_head(FetchId fetch = kFetch) const {
        return sink_.wait_for<event::ResponseStarted>(
            [&](const auto& one) { return one.fetch == fetch; });
    }
    event::FetchEnded wait_for_end(FetchId fetch = kFetch) const {
        return sink_.wait_for<event::FetchEnded>(
            [&](const auto& one) { return one.fetch == fetch; });
    }
    std::uint64_t stored(FetchId fetch = kFetch) const {
        std::uint64_t count = 0;
        for (const auto& one : sink_.all<event::BytesStored>())
            if (one.fetch == fetch) count += one.count;
        return count;
    }

    /// GET of a URL, with every body byte taken; how it ended.
    event::FetchEnded get(CurlTransport& transport, const std::string& url, std::uint64_t limit,
                          FetchId fetch = kFetch) {
        transport.start(request("GET", url, fetch));
        wait_for_head(fetch);
        transport.store_body(body(limit, fetch));
        return wait_for_end(fetch);
    }
    /// How a GET ends that gets no head.
    std::optional<TransportFailure> failure_of(const std::string& url, const Policy& policy = {}) {
        CurlTransport transport(sink_, store_, policy);
        transport.start(request("GET", url));
        const event::FetchEnded ended = wait_for_end();
        EXPECT_EQ(ended.fetch, kFetch);
        EXPECT_THAT(sink_.all<event::ResponseStarted>(), IsEmpty());
        return ended.failure;
    }

    RecordingSink sink_;
    MemoryStore store_;
};

// ---- requests -----------------------------------------------------------------------------------

TEST_F(CurlTransportTest, SendsExactlyTheFieldsOfTheEngineAndHost) {
    RawServer server({{answer_with("")}});
    CurlTransport transport(sink_, store_, Policy{});
    action::StartFetch fetch = request("GET", server.url("/a/../b?c=%20d"));
    fetch.headers = {{"Connection", "Keep-Alive"},
                     {"Accept", "*/*"},
                     {"Accept-Encoding", "identity"},
                     {"If-Unmodified-Since", "Wed, 04 Sep 2024 02:15:41 GMT"},
                     {"Range", "bytes=5-9"},
                     {"X-Empty", ""},
                     {"User-Agent", "Microsoft BITS/7.8"}};
    transport.start(fetch);
    wait_for_head();
    ASSERT_EQ(server.requests().size(), 1);
    EXPECT_EQ(server.requests()[0].bytes,
              "GET /a/../b?c=%20d HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                  "\r\nConnection: Keep-Alive\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
                  "If-Unmodified-Since: Wed, 04 Sep 2024 02:15:41 GMT\r\nRange: bytes=5-9\r\n"
                  "X-Empty:\r\nUser-Agent: Microsoft BITS/7.8\r\n\r\n");
}

TEST_F(CurlTransportTest, AddsNoFieldOfItsOwnButHost) {
    RawServer server({{answer_with("")}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    wait_for_head();
    EXPECT_EQ(server.requests().at(0).bytes,
              "GET /f HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n\r\n");
}

TEST_F(CurlTransportTest, SendsHeadAndGetOverOneConnection) {
    RawServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}, {answer_with("12345")}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("HEAD", server.url()));
    const event::ResponseStarted head = wait_for_head();
    EXPECT_EQ(head.status, 200);
    EXPECT_THAT(head.headers, ElementsAre(HeaderField{"Content-Length", "5"}));
    const FetchId second{12};
    EXPECT_EQ(get(transport, server.url(), 5, second), (event::FetchEnded{second, {}}));
    EXPECT_EQ(store_.bytes(second), "12345");
    ASSERT_EQ(server.requests().size(), 2);
    EXPECT_EQ(server.requests()[0].bytes.substr(0, 5), "HEAD ");
    EXPECT_EQ(server.requests()[0].connection, server.requests()[1].connection);
    EXPECT_EQ(sink_.all<event::FetchEnded>().size(), 1);  // none for the HEAD
}

TEST_F(CurlTransportTest, NeverSendsARequestASecondTimeByItself) {
    RawServer server({{answer_with("1")}, {"", "", Ending::Close}, {answer_with("1")}});
    CurlTransport transport(sink_, store_, Policy{});
    get(transport, server.url(), 1);
    const FetchId second{12};
    transport.start(request("GET", server.url(), second));
    EXPECT_EQ(wait_for_end(second).failure, TransportFailure::Interrupted);
    EXPECT_EQ(server.requests().size(), 2);
}

// ---- heads --------------------------------------------------------------------------------------

TEST_F(CurlTransportTest, HandsThroughEveryContentLength) {
    RawServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-length: 6\r\n\r\n"}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    EXPECT_THAT(wait_for_head().headers, ElementsAre(HeaderField{"Content-Length", "5"},
                                                     HeaderField{"content-length", "6"}));
}

TEST_F(CurlTransportTest, HandsThroughALengthThatIsNoNumber) {
    RawServer server({{"HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: abc\r\nB: 2\r\n\r\n"}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("HEAD", server.url()));
    EXPECT_THAT(wait_for_head().headers,
                ElementsAre(HeaderField{"A", "1"}, HeaderField{"Content-Length", "abc"},
                            HeaderField{"B", "2"}));
    const FetchId second{12};
    transport.start(request("GET", server.url(), second));
    const event::ResponseStarted head = wait_for_head(second);
    EXPECT_EQ(head.status, 200);
    EXPECT_THAT(head.headers,
                ElementsAre(HeaderField{"A", "1"}, HeaderField{"Content-Length", ""}));
    transport.store_body(body(5, second));
    EXPECT_EQ(wait_for_end(second).failure, TransportFailure::Malformed);
}

TEST_F(CurlTransportTest, SkipsInterimHeads) {
    RawServer server(
        {{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"}});
    CurlTransport transport(sink_, store_, Policy{});
    EXPECT_EQ(get(transport, server.url(), 1), (event::FetchEnded{kFetch, {}}));
    EXPECT_THAT(sink_.all<event::ResponseStarted>(),
                ElementsAre(event::ResponseStarted{kFetch, 200, {{"Content-Length", "1"}}}));
}

TEST_F(CurlTransportTest, FollowsNoRedirectAndDecodesNoBody) {
    RawServer server(
        {{"HTTP/1.1 302 Found\r\nLocation: /g\r\nContent-Encoding: gzip\r\n"
          "Content-Length: 3\r\n\r\nabc"}});
    CurlTransport transport(sink_, store_, Policy{});
    EXPECT_EQ(get(transport, server.url(), 3), (event::FetchEnded{kFetch, {}}));
    EXPECT_EQ(wait_for_head().status, 302);
    EXPECT_EQ(store_.bytes(kFetch), "abc");
    EXPECT_EQ(server.requests().size(), 1);
}

TEST_F(CurlTransportTest, KeepsTrailersOutOfTheHead) {
    RawServer server(
        {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n"}});
    CurlTransport transport(sink_, store_, Policy{});
    EXPECT_EQ(get(transport, server.url(), 3), (event::FetchEnded{kFetch, {}}));
    EXPECT_EQ(store_.bytes(kFetch), "abc");
    EXPECT_THAT(wait_for_head().headers, ElementsAre(HeaderField{"Transfer-Encoding", "chunked"}));
}

// ---- bodies -------------------------------------------------------------------------------------

TEST_F(CurlTransportTest, TakesNoByteOfABodyBeforeItIsAskedTo) {
    const std::string bytes(8U << 20U, 'x');  // more than all buffers on the way
    RawServer server({{answer_with(bytes)}, {answer_with("y")}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    wait_for_head();
    const FetchId other{12};
    EXPECT_EQ(get(transport, server.url(), 1, other), (event::FetchEnded{other, {}}));
    EXPECT_EQ(store_.bytes(kFetch), "");
    transport.store_body(body(bytes.size()));
    EXPECT_EQ(wait_for_end(), (event::FetchEnded{kFetch, {}}));
    EXPECT_EQ(stored(), bytes.size());
    EXPECT_TRUE(store_.bytes(kFetch) == bytes);
}

TEST_F(CurlTransportTest, WritesNoByteBeyondTheLimit) {
    RawServer server({{answer_with("1234567890")}, {answer_with("x")}});
    CurlTransport transport(sink_, store_, Policy{});
    EXPECT_EQ(get(transport, server.url(), 4), (event::FetchEnded{kFetch, {}}));
    EXPECT_EQ(store_.bytes(kFetch), "1234");
    EXPECT_EQ(stored(), 4);
    const FetchId second{12};  // over another connection, since this one is in the middle of a body
    EXPECT_EQ(get(transport, server.url(), 1, second), (event::FetchEnded{second, {}}));
    EXPECT_NE(server.requests().at(0).connection, server.requests().at(1).connection);
}

TEST_F(CurlTransportTest, EndsWhenTheLimitIsReachedAlthoughTheResponseDoesNot) {
    RawServer server({{"HTTP/1.1 200 OK\r\n\r\n1234", "", Ending::Stall}});
    CurlTransport transport(sink_, store_, Policy{});
    EXPECT_EQ(get(transport, server.url(), 4), (event::FetchEnded{kFetch, {}}));
}

TEST_F(CurlTransportTest, WaitsForStoreBodyAlsoWithAnEmptyBody) {
    RawServer server({{answer_with("")}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    wait_for_head();
    const FetchId other{12};
    transport.start(request("HEAD", server.url(), other));
    wait_for_head(other);
    EXPECT_THAT(sink_.all<event::FetchEnded>(), IsEmpty());
    transport.store_body(body(0));
    EXPECT_EQ(wait_for_end(), (event::FetchEnded{kFetch, {}}));
}

TEST_F(CurlTransportTest, ReportsAShorterBodyThatEndsInOrderWithoutAFailure) {
    RawServer server(
        {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"}});
    CurlTransport transport(sink_, store_, Policy{});
    EXPECT_EQ(get(transport, server.url(), 10), (event::FetchEnded{kFetch, {}}));
    EXPECT_EQ(stored(), 3);
}

TEST_F(CurlTransportTest, WritesIntoAFileOfTheDisk) {
    const std::string bytes(3U << 20U, 'z');
    const TemporaryFolder folder;
    RawServer server({{answer_with(bytes)}});
    DiskFileStore disk(sink_, Policy{});
    CurlTransport transport(sink_, disk, Policy{});
    const std::string path = folder.path("BIT1.tmp");
    disk.create_part({kFile, path, PartClaim::New});
    transport.start(request("GET", server.url()));
    wait_for_head();
    transport.store_body({kFetch, kFile, path, 0, bytes.size()});
    EXPECT_EQ(wait_for_end(), (event::FetchEnded{kFetch, {}}));
    EXPECT_EQ(std::filesystem::file_size(path), bytes.size());
    EXPECT_EQ(sink_
                  .wait_for<event::PartSynced>(
                      [&](const auto& one) { return one.length == bytes.size(); })
                  .result,
              HResult::Ok);
}

// ---- failures -----------------------------------------------------------------------------------

TEST_F(CurlTransportTest, IsInterruptedByAShortBody) {
    RawServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234", "", Ending::Close}});
    CurlTransport transport(sink_, store_, Policy{});
    EXPECT_EQ(get(transport, server.url(), 10),
              (event::FetchEnded{kFetch, TransportFailure::Interrupted}));
    EXPECT_EQ(stored(), 4);
}

TEST_F(CurlTransportTest, IsInterruptedByAReset) {
    RawServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234", "", Ending::Reset}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    wait_for_head();
    transport.store_body(body(10));
    ASSERT_TRUE(sink_.wait_for_count<event::BytesStored>(1));
    server.release();
    EXPECT_EQ(wait_for_end(), (event::FetchEnded{kFetch, TransportFailure::Interrupted}));
    EXPECT_EQ(stored(), 4);
}

TEST_F(CurlTransportTest, IsInterruptedByAConnectionWithoutAnAnswer) {
    RawServer server({{"", "", Ending::Close}});
    EXPECT_EQ(failure_of(server.url()), TransportFailure::Interrupted);
}

TEST_F(CurlTransportTest, FindsGarbageMalformed) {
    RawServer server({{"hello there\r\n\r\n", "", Ending::Close}});
    EXPECT_EQ(failure_of(server.url()), TransportFailure::Malformed);
}

TEST_F(CurlTransportTest, FindsAStatusThatIsNoNumberMalformed) {
    RawServer server({{"HTTP/1.1 abc\r\n\r\n", "", Ending::Close}});
    EXPECT_EQ(failure_of(server.url()), TransportFailure::Malformed);
}

TEST_F(CurlTransportTest, FindsAHeadWithoutAnEndMalformed) {
    std::string head = "HTTP/1.1 200 OK\r\n";
    while (head.size() < 300'000) head += "X-Field: " + std::string(1000, 'x') + "\r\n";
    RawServer server({{head}});
    EXPECT_EQ(failure_of(server.url()), TransportFailure::Malformed);
}

TEST_F(CurlTransportTest, FindsAFieldWithoutAnEndMalformed) {
    RawServer server({{"HTTP/1.1 200 OK\r\nX-Field: " + std::string(300'000, 'x')}});
    EXPECT_EQ(failure_of(server.url()), TransportFailure::Malformed);
}

TEST_F(CurlTransportTest, TimesOutWithoutAnAnswer) {
    RawServer server({{"", "", Ending::Stall}});
    EXPECT_EQ(failure_of(server.url(), patience(std::chrono::milliseconds(50))),
              TransportFailure::TimedOut);
}

TEST_F(CurlTransportTest, TimesOutInTheMiddleOfABody) {
    RawServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234", "", Ending::Stall}});
    CurlTransport transport(sink_, store_, patience(std::chrono::milliseconds(50)));
    EXPECT_EQ(get(transport, server.url(), 10),
              (event::FetchEnded{kFetch, TransportFailure::TimedOut}));
    EXPECT_EQ(stored(), 4);
}

TEST_F(CurlTransportTest, DoesNotCountTheTimeItIsKeptWaitingItself) {
    RawServer server({{answer_with("1234")}, {"", "", Ending::Stall}});
    CurlTransport transport(sink_, store_, patience(std::chrono::milliseconds(50)));
    transport.start(request("GET", server.url()));
    wait_for_head();
    const FetchId other{12};  // its time-out shows that ours has passed, too
    transport.start(request("GET", server.url(), other));
    EXPECT_EQ(wait_for_end(other).failure, TransportFailure::TimedOut);
    transport.store_body(body(4));
    EXPECT_EQ(wait_for_end(), (event::FetchEnded{kFetch, {}}));
}

TEST_F(CurlTransportTest, CannotReachAClosedPort) {
    std::string url;
    {
        const RawServer gone({{""}});
        url = gone.url();
    }
    EXPECT_EQ(failure_of(url), TransportFailure::Unreachable);
}

TEST_F(CurlTransportTest, ResolvesNoNameThatCannotExist) {
    // Reserved by RFC 6761; libcurl does not even ask for a name with an empty label.
    EXPECT_EQ(failure_of("http://a..invalid/"), TransportFailure::NameNotResolved);
}

TEST_F(CurlTransportTest, RefusesOtherSchemes) {
    EXPECT_EQ(failure_of("file:///etc/passwd"), TransportFailure::Unreachable);
}

TEST_F(CurlTransportTest, FailsInTlsWithAServerThatSpeaksNone) {
    RawServer server({{""}}, "HTTP/1.1 400 Bad Request\r\n\r\n");
    EXPECT_EQ(failure_of("https" + server.url().substr(4)), TransportFailure::TlsFailed);
}

TEST_F(CurlTransportTest, TimesOutBeforeThereIsAConnection) {
    RawServer server({{""}});  // never answers the greeting of TLS
    EXPECT_EQ(failure_of("https" + server.url().substr(4), patience(std::chrono::milliseconds(50))),
              TransportFailure::TimedOut);
}

TEST_F(CurlTransportTest, ReportsAFailedHeadByItsEnd) {
    RawServer server({{"", "", Ending::Close}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("HEAD", server.url()));
    EXPECT_EQ(wait_for_end().failure, TransportFailure::Interrupted);
    EXPECT_EQ(sink_.events().size(), 1);
}

TEST_F(CurlTransportTest, ReportsAFailedWrite) {
    RawServer server({{answer_with("1234")}});
    store_.write_result = HResult::DiskFull;
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    wait_for_head();
    transport.store_body(body(4));
    EXPECT_EQ(sink_.wait_for<event::StoreFailed>([](const auto&) { return true; }),
              (event::StoreFailed{kFetch, HResult::DiskFull}));
    EXPECT_EQ(sink_.events().size(), 2);  // the head, and this last word
}

TEST_F(CurlTransportTest, ReportsAPartThatCannotBeOpened) {
    RawServer server({{answer_with("1234")}});
    store_.begin_result = HResult::PathNotFound;
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    wait_for_head();
    transport.store_body(body(4));
    EXPECT_EQ(sink_.wait_for<event::StoreFailed>([](const auto&) { return true; }),
              (event::StoreFailed{kFetch, HResult::PathNotFound}));
}

// ---- stop, and many at once ---------------------------------------------------------------------

TEST_F(CurlTransportTest, WritesAndPostsNothingOnceStopped) {
    RawServer server({Answer{"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n1234", "5678"},
                      Answer{answer_with("x")}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    wait_for_head();
    transport.store_body(body(8));
    ASSERT_TRUE(sink_.wait_for_count<event::BytesStored>(1));
    transport.stop(kFetch);
    const std::size_t posted = sink_.events().size();
    server.release();
    const FetchId other{12};  // once it has ended, the rest of ours has long been sent
    EXPECT_EQ(get(transport, server.url(), 1, other), (event::FetchEnded{other, {}}));
    EXPECT_EQ(store_.bytes(kFetch), "1234");
    EXPECT_EQ(sink_.events().size(), posted + 3);  // head, byte and end of the other
}

TEST_F(CurlTransportTest, WritesNothingOnceStoppedInFullFlow) {
    const std::string bytes(64U << 20U, 'x');
    RawServer server({{answer_with(bytes)}, {answer_with("y")}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    wait_for_head();
    transport.store_body(body(bytes.size()));
    ASSERT_TRUE(sink_.wait_for_count<event::BytesStored>(1));
    transport.stop(kFetch);
    const std::size_t written = store_.bytes(kFetch).size();
    const FetchId other{12};
    EXPECT_EQ(get(transport, server.url(), 1, other), (event::FetchEnded{other, {}}));
    EXPECT_EQ(store_.bytes(kFetch).size(), written);
}

TEST_F(CurlTransportTest, StartsANumberAgainThatWasStopped) {
    RawServer server({{"", "", Ending::Stall}, {answer_with("x")}});
    CurlTransport transport(sink_, store_, Policy{});
    transport.start(request("GET", server.url()));
    ASSERT_TRUE(server.wait_for_requests(1));
    transport.stop(kFetch);
    transport.stop(kFetch);
    transport.store_body(body(1));
    EXPECT_EQ(get(transport, server.url(), 1), (event::FetchEnded{kFetch, {}}));
    EXPECT_EQ(store_.bytes(kFetch), "x");
}

TEST_F(CurlTransportTest, EndsTwoHundredFetchesAtOnce) {
    constexpr std::uint64_t kFetches = 200;
    RawServer server({{answer_with("0123456789")}});
    CurlTransport transport(sink_, store_, Policy{});
    for (std::uint64_t n = 1; n <= kFetches; ++n)
        transport.start(request("GET", server.url(), {n}));
    for (std::uint64_t n = 1; n <= kFetches; ++n) {
        wait_for_head({n});
        transport.store_body(body(10, {n}));
    }
    ASSERT_TRUE(sink_.wait_for_count<event::FetchEnded>(kFetches));
    for (const event::FetchEnded& ended : sink_.all<event::FetchEnded>()) {
        EXPECT_EQ(ended.failure, std::nullopt);
        EXPECT_EQ(store_.bytes(ended.fetch), "0123456789");
    }
    int connections = 0;
    for (const ReceivedHead& head : server.requests())
        connections = std::max(connections, head.connection + 1);
    EXPECT_LE(connections, 128);
}

TEST_F(CurlTransportTest, GoesInTheMiddleOfEverything) {
    RawServer server({{"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n1234", "", Ending::Stall}});
    {
        CurlTransport transport(sink_, store_, Policy{});
        for (std::uint64_t n = 1; n <= 200; ++n) transport.start(request("GET", server.url(), {n}));
        wait_for_head({1});
        transport.store_body(body(8, {1}));
    }
    EXPECT_THAT(sink_.all<event::FetchEnded>(), IsEmpty());
}

// The environment of these tests says no_proxy for all: what is asked for here comes first.
TEST_F(CurlTransportTest, SendsEveryRequestThroughTheProxyItIsGiven) {
    RawServer proxy({{answer_with("from the proxy")}});
    CurlTransport transport(sink_, store_, Policy{}, {proxy.url(""), nullptr});
    EXPECT_EQ(get(transport, "http://127.0.0.1:1/file", 14), (event::FetchEnded{kFetch, {}}));
    EXPECT_EQ(store_.bytes(kFetch), "from the proxy");
    ASSERT_EQ(proxy.requests().size(), 1U);
    EXPECT_TRUE(proxy.requests()[0].bytes.starts_with("GET http://127.0.0.1:1/file HTTP/1.1\r\n"));
}

class KeepingWatcher final : public WireWatcher {
  public:
    void saw(FetchId fetch, const WireFacts& facts) override {
        const std::lock_guard lock(mutex_);
        seen_.emplace_back(fetch, facts);
    }
    std::vector<std::pair<FetchId, WireFacts>> seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::pair<FetchId, WireFacts>> seen_;
};

TEST_F(CurlTransportTest, ShowsTheVersionOfAResponseAndWhetherItsConnectionIsNew) {
    RawServer server(
        {{answer_with("x")},
         {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\ny", "", Ending::Close},
         {"HTTP/1.0 200 OK\r\n\r\nz", "", Ending::Close},
         {"", "", Ending::Close}});
    KeepingWatcher watcher;
    CurlTransport transport(sink_, store_, Policy{}, {std::nullopt, &watcher});
    for (std::uint64_t n = 1; n <= 4; ++n) {
        transport.start(request("GET", server.url(), {n}));
        if (n < 4) {
            wait_for_head({n});
            transport.store_body(body(1, {n}));
        }
        ASSERT_TRUE(sink_.wait_for_count<event::FetchEnded>(n));
    }
    EXPECT_THAT(watcher.seen(), ElementsAre(std::pair(FetchId{1}, WireFacts{11, true}),
                                            std::pair(FetchId{2}, WireFacts{11, false}),
                                            std::pair(FetchId{3}, WireFacts{10, true}),
                                            std::pair(FetchId{4}, WireFacts{0, true})));
}

}  // namespace
}  // namespace qmgr
