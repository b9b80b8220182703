// The fault server under load: nothing is lost, nothing is left, and nobody is kept waiting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fakeserver/server/fault_server.hpp"
#include "fakeserver/server/raw_client.hpp"

namespace qmgr::fakeserver {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kHasSanitizer = true;
#else
constexpr bool kHasSanitizer = false;
#endif

std::size_t entries_of(const char* folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}
/// The descriptor that reads the folder is one of them, every time.
std::size_t descriptors() { return entries_of("/proc/self/fd"); }
std::size_t threads() { return entries_of("/proc/self/task"); }

/// Resident memory of this process in KiB.
long memory_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word == "VmRSS:") {
            long kib = 0;
            status >> kib;
            return kib;
        }
    }
    return 0;
}

struct Answer {
    int status = 0;
    std::string body{};
    Ended ended = Ended::NotAtAll;
};

/// One answer with a Content-Length; the head is read byte by byte, as nothing behind it may be.
Answer read_answer(const RawClient& client) {
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        const Received some = client.read(1);
        if (some.bytes.empty()) {
            return {.ended = some.ended};
        }
        head += some.bytes;
    }
    constexpr std::string_view kLength = "Content-Length: ";
    Answer answer;
    std::size_t length = 0;
    std::from_chars(head.data() + 9, head.data() + 12, answer.status);
    const char* const number = head.data() + head.find(kLength) + kLength.size();
    std::from_chars(number, head.data() + head.size(), length);
    Received body = client.read(length);
    answer.body = std::move(body.bytes);
    answer.ended = body.ended;
    return answer;
}

/// What is asked for, what comes, and the rule that sees to it.
struct Kind {
    const char* path;
    const char* range;
    Answer expected;
};

const std::vector<Kind>& kinds() {
    // The first ten bytes of content 0; content_test.cpp says where they come from.
    static const std::string content = "\xbf\xd4\x3c\xff\x26\x82\x21\x48\x6f\x7e";
    static const std::vector<Kind> all{
        {"/fine", "", {200, content, Ended::NotAtAll}},
        {"/status", "", {503, "busy\n", Ended::NotAtAll}},
        {"/close", "", {200, content.substr(0, 3), Ended::Fin}},
        {"/stall", "", {200, content, Ended::NotAtAll}},
        {"/reset", "", {200, content.substr(0, 7), Ended::Rst}},
        {"/range", "Range: bytes=2-5\r\n", {200, content, Ended::NotAtAll}},
        {"/fine", "Range: bytes=2-5\r\n", {206, content.substr(2, 4), Ended::NotAtAll}},
        {"/later", "Range: bytes=2-5\r\n", {206, content.substr(3, 3), Ended::NotAtAll}},
        {"/trickle", "", {200, content, Ended::NotAtAll}},
    };
    return all;
}

Script mixed_script() {
    Script script{.title = "mixed", .why = "test"};
    for (const char* path :
         {"/fine", "/status", "/close", "/stall", "/reset", "/range", "/later", "/trickle"}) {
        script.resources.push_back({.path = path, .size = 10, .seed = 0});
    }
    script.rules = {
        {.name = "status",
         .match = {.path = "/status"},
         .faults = {{.status = 503, .body = "busy\n"}}},
        {.name = "close",
         .match = {.path = "/close"},
         .faults = {{.effect = Effect::Close, .at = {.byte = 3}}}},
        {.name = "stall",
         .match = {.path = "/stall"},
         .faults = {{.effect = Effect::Delay, .at = {.byte = 5}, .delay = {.ms = 1}}}},
        {.name = "reset",
         .match = {.path = "/reset"},
         .faults = {{.effect = Effect::Reset, .at = {.byte = 7}}}},
        {.name = "range", .match = {.path = "/range"}, .faults = {{.effect = Effect::IgnoreRange}}},
        {.name = "later",
         .match = {.path = "/later"},
         .faults = {{.effect = Effect::RangeLater, .bytes = 1}}},
        {.name = "trickle",
         .match = {.path = "/trickle"},
         .faults = {{.effect = Effect::Trickle, .delay = {.ms = 1}, .slices = {6, 4}}}}};
    return script;
}

/// Connections that each have one request under way, on a thread of their own. Says how many
/// answers were not as expected.
class Crowd {
  public:
    Crowd(std::uint16_t port, std::size_t connections, std::size_t requests)
        : thread_([=, this] { ask_all(port, connections, requests); }) {}
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;
    ~Crowd() {
        if (thread_.joinable()) thread_.join();
    }
    std::size_t wrong_answers() {
        thread_.join();
        return wrong_;
    }

  private:
    void ask_all(std::uint16_t port, std::size_t connections, std::size_t requests) {
        std::vector<std::unique_ptr<RawClient>> clients(connections);
        for (std::size_t asked = 0; asked < requests; asked += connections) {
            const std::size_t together = std::min(connections, requests - asked);
            for (std::size_t i = 0; i < together; ++i) {
                if (!clients[i]) clients[i] = std::make_unique<RawClient>(port);
                const Kind& kind = kind_of(asked + i);
                clients[i]->send(std::string("GET ") + kind.path + " HTTP/1.1\r\n" + kind.range +
                                 "\r\n");
            }
            for (std::size_t i = 0; i < together; ++i) {
                const Answer& expected = kind_of(asked + i).expected;
                const Answer got = read_answer(*clients[i]);
                wrong_ += got.status != expected.status || got.body != expected.body ||
                          got.ended != expected.ended;
                if (got.ended != Ended::NotAtAll) clients[i].reset();
            }
        }
    }
    static const Kind& kind_of(std::size_t request) { return kinds()[request % kinds().size()]; }

    std::size_t wrong_ = 0;
    std::thread thread_;
};

TEST(FaultServerLoad, Serves10000RequestsOver64ConnectionsAndLeavesNothing) {
    constexpr std::size_t kCrowds = 8;
    constexpr std::size_t kRequests = 1250;
    const std::size_t descriptors_before = descriptors();
    const std::size_t threads_before = threads();
    auto server = std::make_unique<FaultServer>(mixed_script());
    {
        std::vector<std::unique_ptr<Crowd>> crowds;
        for (std::size_t i = 0; i < kCrowds; ++i) {
            crowds.push_back(std::make_unique<Crowd>(server->port(), 8, kRequests));
        }
        for (const auto& crowd : crowds) {
            EXPECT_EQ(crowd->wrong_answers(), 0U);
        }
    }
    server->stop();
    EXPECT_EQ(threads(), threads_before);
    // Of 1,250 requests each of the nine kinds has 138, and the first eight have one more.
    const std::uint64_t often = 139 * kCrowds;
    EXPECT_THAT(server->hits(),
                testing::ElementsAre(RuleHits{"status", often}, RuleHits{"close", often},
                                     RuleHits{"stall", often}, RuleHits{"reset", often},
                                     RuleHits{"range", often}, RuleHits{"later", often},
                                     RuleHits{"trickle", 138 * kCrowds}));
    const std::vector<ServedRequest> served = server->requests();
    EXPECT_EQ(served.size(), kCrowds * kRequests);
    EXPECT_EQ(std::ranges::count(served, "", &ServedRequest::rule),
              static_cast<std::ptrdiff_t>(2 * often));
    server.reset();
    EXPECT_EQ(descriptors(), descriptors_before);
}

/// Both ends of so many connections are in this process.
bool can_have_descriptors(rlim_t wanted) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted;
}

constexpr std::string_view kGet = "GET /file HTTP/1.1\r\n\r\n";

Script one_file() {
    return {.title = "test", .why = "test", .resources = {{.path = "/file", .size = 1000}}};
}

std::chrono::milliseconds time_of_one_request(const RawClient& client) {
    const auto begin = std::chrono::steady_clock::now();
    client.send(kGet);
    EXPECT_EQ(read_answer(client).status, 200);
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

TEST(FaultServerLoad, Holds2000IdleAnd200SlowClientsWithFewThreadsAndAnswersAnother) {
    constexpr std::size_t kIdle = 2000;
    constexpr std::size_t kSlow = 200;
    if (!can_have_descriptors(2 * (kIdle + kSlow) + 100)) {
        GTEST_SKIP() << "the limit of descriptors is too low for 2,200 connections";
    }
    const long memory_before_kib = memory_kib();
    const std::size_t threads_before = threads();
    FaultServer server(one_file());
    std::vector<RawClient> idle;
    for (std::size_t i = 0; i < kIdle; ++i) {
        idle.emplace_back(server.port());
        ASSERT_TRUE(idle.back().connected());
    }
    std::vector<RawClient> slow;
    for (std::size_t i = 0; i < kSlow; ++i) {
        slow.emplace_back(server.port());
        slow.back().send("GET /file HTTP/1.1\r\nX-Slow: ");
    }
    const RawClient another(server.port());
    std::chrono::milliseconds best = std::chrono::hours(1);
    for (int i = 0; i < 5; ++i) {
        for (const RawClient& client : slow) {
            client.send("x");
        }
        best = std::min(best, time_of_one_request(another));
    }
    EXPECT_LE(threads() - threads_before, 70U);
    EXPECT_TRUE(idle.front().is_silent());
    idle.front().send(kGet);
    EXPECT_EQ(read_answer(idle.front()).status, 200);
    if (kHasSanitizer) {
        std::cout << "memory and time are not looked at: a sanitizer is on" << std::endl;
        return;
    }
    EXPECT_LE(memory_kib() - memory_before_kib, 64 * 1024);
    EXPECT_LT(best.count(), 100);
    std::cout << "threads " << threads() - threads_before << ", memory "
              << (memory_kib() - memory_before_kib) / 1024 << " MiB, best answer " << best.count()
              << " ms" << std::endl;
}

TEST(FaultServerLoad, AcceptsABurstOf64ConnectionsWithoutARetransmission) {
    FaultServer server(one_file());
    std::vector<std::unique_ptr<RawClient>> clients(64);
    {
        std::vector<std::thread> connecting;
        for (auto& client : clients) {
            connecting.emplace_back([&] { client = std::make_unique<RawClient>(server.port()); });
        }
        for (std::thread& thread : connecting) {
            thread.join();
        }
    }
    for (const auto& client : clients) {
        ASSERT_TRUE(client->connected());
        // A full backlog drops the first packet, and its sender tries again after a second.
        tcp_info info{};
        socklen_t size = sizeof info;
        ASSERT_EQ(::getsockopt(client->descriptor(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
        EXPECT_EQ(info.tcpi_total_retrans, 0U);
        client->send(kGet);
        EXPECT_EQ(read_answer(*client).status, 200);
    }
}

}  // namespace
}  // namespace qmgr::fakeserver
