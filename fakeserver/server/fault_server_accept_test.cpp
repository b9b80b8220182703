// What a script does before the first byte of a connection: refusals, and endings right after it is
// accepted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "fakeserver/server/fault_server.hpp"
#include "fakeserver/server/raw_client.hpp"

namespace qmgr::fakeserver {
namespace {

constexpr std::uint64_t kHourMs = 3'600'000;
constexpr std::string_view kGet = "GET /none HTTP/1.1\r\n\r\n";
constexpr std::string_view kNotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

Script site(std::vector<FaultRule> rules) {
    return {.title = "test", .why = "test", .resources = {}, .rules = std::move(rules)};
}

FaultRule refusal(std::uint64_t connection, std::uint64_t ms) {
    return {.name = "refusal",
            .match = {.connection = connection},
            .faults = {{.effect = Effect::RefuseConnection, .delay = {.ms = ms}}},
            .times = 1};
}

bool is_refused(std::uint16_t port) {
    errno = 0;
    return !RawClient(port).connected() && errno == ECONNREFUSED;
}

/// Tries again until somebody listens; generous, as it is only waited for by a broken server.
std::unique_ptr<RawClient> connected(std::uint16_t port) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    auto client = std::make_unique<RawClient>(port);
    while (!client->connected() && std::chrono::steady_clock::now() < limit) {
        std::this_thread::yield();
        client = std::make_unique<RawClient>(port);
    }
    return client;
}

void expect_answer(const RawClient& client) {
    client.send(kGet);
    EXPECT_EQ(client.read(kNotFound.size()).bytes, kNotFound);
}

TEST(FaultServerAccept, RefusesConnectionsAndGoesOnWithThoseItHas) {
    FaultServer server(site({refusal(2, kHourMs)}));
    const RawClient first(server.port());
    expect_answer(first);
    EXPECT_TRUE(is_refused(server.port()));
    expect_answer(first);
}

TEST(FaultServerAccept, ListensAtTheSamePortAfterARefusal) {
    FaultServer server(site({refusal(2, 1)}));
    expect_answer(RawClient(server.port()));
    const auto next = connected(server.port());
    expect_answer(*next);
    // The refusal was the second one.
    EXPECT_EQ(server.requests().back().request.connection, 3U);
    EXPECT_EQ(server.hits().front().hits, 1U);
    expect_answer(RawClient(server.port()));
}

TEST(FaultServerAccept, RefusesTheFirstConnectionOfEachScript) {
    FaultServer server(site({refusal(1, kHourMs)}));
    EXPECT_TRUE(is_refused(server.port()));
    server.set_script(site({}));
    expect_answer(RawClient(server.port()));
    server.set_script(site({refusal(1, kHourMs)}));
    EXPECT_TRUE(is_refused(server.port()));
    EXPECT_EQ(server.hits().front().hits, 1U);
    server.set_script(site({refusal(1, 1)}));
    expect_answer(*connected(server.port()));
    server.set_script(site({refusal(2, kHourMs)}));
    expect_answer(RawClient(server.port()));
    EXPECT_TRUE(is_refused(server.port()));
    server.reset();
    expect_answer(RawClient(server.port()));
}

TEST(FaultServerAccept, AddsUpRefusalsOfConnectionsThatFollowEachOther) {
    FaultRule often = refusal(1, 1);
    often.match = {};
    often.times = 3;
    FaultServer server(site({often}));
    expect_answer(*connected(server.port()));
    EXPECT_EQ(server.requests().back().request.connection, 4U);
    EXPECT_EQ(server.hits().front().hits, 3U);
}

TEST(FaultServerAccept, StopsWhileNobodyListens) {
    FaultServer server(site({refusal(1, kHourMs)}));
    server.stop();
    server.set_script(site({}));
    EXPECT_TRUE(is_refused(server.port()));
}

TEST(FaultServerAccept, EndsConnectionsThatWereJustAccepted) {
    const auto rule = [](const char* name, std::uint64_t connection, Effect effect) {
        return FaultRule{
            .name = name,
            .match = {.connection = connection},
            .faults = {
                {.effect = Effect::Delay, .at = {.where = Where::Accept}, .delay = {.ms = 5}},
                {.effect = effect, .at = {.where = Where::Accept}}}};
    };
    FaultServer server(site({rule("fin", 1, Effect::Close), rule("rst", 2, Effect::Reset),
                             rule("half", 3, Effect::HalfClose), rule("stall", 4, Effect::Stall)}));
    for (const Ended expected : {Ended::Fin, Ended::Rst, Ended::Fin}) {
        EXPECT_EQ(RawClient(server.port()).read_to_end(), (Received{"", expected}));
    }
    const RawClient stalled(server.port());
    stalled.send(kGet);
    expect_answer(RawClient(server.port()));
    EXPECT_TRUE(stalled.is_silent());
    EXPECT_EQ(server.requests().size(), 1U);
}

}  // namespace
}  // namespace qmgr::fakeserver
