// What only the simulated network can play: names that are not found, packets that are lost.
#include "conformance/world/simulated_network.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "fakeserver/effect_table.hpp"

namespace qmgr::world {
namespace {

using fakeserver::Effect;
using fakeserver::Fault;

constexpr FileRef kFile{{7}, 0};
constexpr std::uint64_t kSize = 14'600;  // ten packets

class Events final : public EventSink {
  public:
    void post(Event event) override { all.push_back(std::move(event)); }
    std::vector<Event> all;
};

/// How one GET of the whole file went, in virtual time.
struct Went {
    std::optional<TransportFailure> failure;
    std::int64_t took_ms = 0;
    std::uint64_t bytes = 0;
    std::uint64_t connection = 0;
};

class SimulatedNetworkTest : public testing::Test {
  protected:
    void serve(const Fault& fault, std::optional<std::uint64_t> connection = 1,
               std::uint64_t seed = 0) {
        disk.put("/part", {});
        network.serve("server", {.title = "t",
                                 .why = "w",
                                 .resources = {{.path = "/file", .size = kSize, .seed = 1}},
                                 .rules = {{.name = "fault",
                                            .match = {.connection = connection},
                                            .faults = {fault},
                                            .seed = seed}}});
    }
    std::uint64_t hits() { return network.responder().hits().front().hits; }

    Went get() {
        const Instant begun = clock.now();
        const FetchId fetch{++fetches};
        network.start({fetch, kFile, "GET", "http://server/file", {}});
        while (true) {
            if (!events.all.empty()) {
                const Event event = events.all.front();
                events.all.erase(events.all.begin());
                if (const auto* ended = std::get_if<event::FetchEnded>(&event))
                    return {ended->failure, (clock.now() - begun).count(),
                            disk.find("/part")->contents.size(),
                            network.seen().empty() ? 0 : network.seen().back().request.connection};
                if (std::holds_alternative<event::ResponseStarted>(event))
                    network.store_body({fetch, kFile, "/part", 0, kSize});
                continue;
            }
            if (!agenda.next()) return {};
            clock.advance_to(*agenda.next());
            agenda.take()();
        }
    }

    Agenda agenda;
    VirtualClock clock{Instant(Duration(0))};
    Events events;
    Policy policy;
    SimulatedDisk disk{agenda, clock, events, policy};
    SimulatedNetwork network{agenda, clock, disk, events, policy};
    std::uint64_t fetches = 0;
};

/// What every effect of the table that a real server cannot play is shown by, below.
const std::set<Effect> kShown{Effect::NameNotFound,         Effect::NameSlow,
                              Effect::NameFirstAddressDead, Effect::NameMoves,
                              Effect::PacketLoss,           Effect::NetworkLoss};

TEST_F(SimulatedNetworkTest, HasATestForEveryEffectThatItAlonePlays) {
    for (const fakeserver::EffectRow& row : fakeserver::effect_table())
        EXPECT_EQ(kShown.contains(row.effect), row.simulated_only) << row.name;
}

TEST_F(SimulatedNetworkTest, TakesTheLatencyAndNothingElseWithoutAFault) {
    serve({.effect = Effect::NameNotFound}, 9);
    const Went went = get();
    EXPECT_EQ(went.failure, std::nullopt);
    EXPECT_EQ(went.took_ms, 10);
    EXPECT_EQ(went.bytes, kSize);
    EXPECT_EQ(hits(), 0U);
}

TEST_F(SimulatedNetworkTest, DoesNotFindANameForOneConnection) {
    serve({.effect = Effect::NameNotFound});
    EXPECT_EQ(get().failure, TransportFailure::NameNotResolved);
    EXPECT_EQ(get().failure, std::nullopt);
    EXPECT_EQ(hits(), 1U);
}

TEST_F(SimulatedNetworkTest, WaitsForASlowNameServer) {
    serve({.effect = Effect::NameSlow, .delay = {.ms = 4000}});
    EXPECT_EQ(get().took_ms, 4010);
    EXPECT_EQ(get().took_ms, 10) << "the connection is there already";
}

TEST_F(SimulatedNetworkTest, GivesUpANameServerThatIsSlowerThanItsPatience) {
    policy.stall_timeout = Duration(1000);
    serve({.effect = Effect::NameSlow, .delay = {.ms = 4000}});
    const Went went = get();
    EXPECT_EQ(went.failure, TransportFailure::TimedOut);
    EXPECT_EQ(went.took_ms, 1010);
}

TEST_F(SimulatedNetworkTest, TriesTheSecondAddressAfterADeadOne) {
    serve({.effect = Effect::NameFirstAddressDead, .delay = {.ms = 2000}});
    const Went went = get();
    EXPECT_EQ(went.failure, std::nullopt);
    EXPECT_EQ(went.took_ms, 2010);
}

TEST_F(SimulatedNetworkTest, UsesNoIdleConnectionToAMachineThatIsGone) {
    serve({.effect = Effect::Close, .at = {.where = fakeserver::Where::Accept}}, 99);
    EXPECT_EQ(get().connection, 1U);
    EXPECT_EQ(get().connection, 1U) << "idle, so used again";
    // Two at a time need a second connection, for which the name is looked up again and has moved.
    serve({.effect = Effect::NameMoves}, 2);
    EXPECT_EQ(get().connection, 1U);
    network.start({FetchId{100}, kFile, "GET", "http://server/file", {}});
    network.start({FetchId{101}, kFile, "HEAD", "http://server/file", {}});
    while (agenda.next()) {
        clock.advance_to(*agenda.next());
        agenda.take()();
    }
    events.all.clear();
    EXPECT_EQ(hits(), 1U);
    network.stop(FetchId{100});
    EXPECT_EQ(get().connection, 2U) << "not the first, which leads nowhere";
}

TEST_F(SimulatedNetworkTest, SendsLostPacketsAgainAndLosesNoByte) {
    serve({.effect = Effect::PacketLoss, .delay = {.ms = 200}, .chance = {.of = 1, .out_of = 1}});
    const Went every = get();
    EXPECT_EQ(every.took_ms, 10 + 10 * 200);
    EXPECT_EQ(every.bytes, kSize);

    serve({.effect = Effect::PacketLoss,
           .delay = {.ms = 200},
           .count = 5,
           .chance = {.of = 1, .out_of = 1}});
    EXPECT_EQ(get().took_ms, 10 + 2 * 200) << "two bursts of five packets";
}

TEST_F(SimulatedNetworkTest, LosesOtherPacketsWithAnotherSeed) {
    std::set<std::int64_t> times;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        serve(
            {.effect = Effect::PacketLoss, .delay = {.ms = 200}, .chance = {.of = 1, .out_of = 2}},
            1, seed);
        const std::int64_t took = get().took_ms;
        times.insert(took);
        serve(
            {.effect = Effect::PacketLoss, .delay = {.ms = 200}, .chance = {.of = 1, .out_of = 2}},
            1, seed);
        EXPECT_EQ(get().took_ms, took);
    }
    EXPECT_GT(times.size(), 3U);
}

TEST_F(SimulatedNetworkTest, HoldsBackWhatIsSentWhileTheNetworkIsGone) {
    serve({.effect = Effect::NetworkLoss, .at = {.byte = 1000}, .delay = {.ms = 3000}});
    const Went went = get();
    EXPECT_EQ(went.failure, std::nullopt);
    EXPECT_EQ(went.took_ms, 3010);
    EXPECT_EQ(went.bytes, kSize);
}

TEST_F(SimulatedNetworkTest, SaysWhereAFaultWasOnTheWire) {
    serve({.effect = Effect::Close, .at = {.byte = 1000}});
    EXPECT_EQ(get().failure, TransportFailure::Interrupted);
    // This head has 17, 23, 22, 40 and 2 bytes.
    EXPECT_EQ(network.seen().back().faults,
              (std::vector<fakeserver::AppliedFault>{{Effect::Close, 104 + 1000}}));
}

}  // namespace
}  // namespace qmgr::world
