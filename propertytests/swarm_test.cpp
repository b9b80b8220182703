#include "propertytests/swarm.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace qmgr::propertytests {
namespace {

bool never() { return false; }

TEST(Swarm, DrawsTheSamePlanFromTheSameNumbers) {
    EXPECT_EQ(plan_of(1, 2, 100), plan_of(1, 2, 100));
    EXPECT_NE(plan_of(1, 2, 100), plan_of(1, 3, 100));
    EXPECT_NE(plan_of(1, 2, 100), plan_of(2, 2, 100));
}

TEST(Swarm, DrawsEveryKindOfCommandAndEveryEffect) {
    std::set<Kind> kinds;
    std::set<std::uint8_t> effects;
    for (std::uint64_t run = 0; run < 300; ++run) {
        const Plan plan = plan_of(1, run, 300);
        for (const Command& command : plan.commands) kinds.insert(command.kind);
        for (const PlannedFault& fault : plan.faults) effects.insert(fault.effect);
    }
    EXPECT_EQ(kinds.size(), kKinds);
    EXPECT_EQ(effects.size(), kEffects);
}

TEST(Swarm, LeavesOutKindsOfCommandInMostRuns) {
    std::size_t narrow = 0;
    for (std::uint64_t run = 0; run < 100; ++run) {
        std::set<Kind> kinds;
        for (const Command& command : plan_of(1, run, 2'000).commands) kinds.insert(command.kind);
        if (kinds.size() < kKinds * 3 / 4) ++narrow;
    }
    EXPECT_GT(narrow, 50U);
}

TEST(Swarm, PartsDoTogetherWhatOneDoes) {
    constexpr std::uint64_t parts = 3;
    SwarmOptions options;
    options.runs = 10;
    options.commands = 20;
    std::ostringstream out;
    const SwarmTotals whole = run_swarm(options, never, out);
    SwarmTotals sum;
    for (std::uint64_t i = 0; i < parts; ++i) {
        options.shard = {i, parts};
        const SwarmTotals one = run_swarm(options, never, out);
        sum.runs += one.runs;
        sum.commands += one.commands;
        sum.calls += one.calls;
        sum.good_calls += one.good_calls;
        sum.bad_runs += one.bad_runs;
    }
    EXPECT_EQ(whole.runs, 10U) << out.str();
    EXPECT_EQ(whole.commands, 200U);
    EXPECT_EQ(whole.bad_runs, 0U);
    EXPECT_EQ(sum, whole);
}

// The grammar means something only if its commands get somewhere. Half of all calls are made to be
// refused: odd handles, odd arguments, methods that nobody implements.
TEST(Swarm, HasAThirdOfItsCallsSucceed) {
    SwarmOptions options;
    options.runs = 20;
    options.commands = 1'000;
    std::ostringstream out;
    const SwarmTotals totals = run_swarm(options, never, out);
    EXPECT_GT(totals.good_calls * 3, totals.calls);
}

TEST(Swarm, BeginsNoRunOnceTimeIsUp) {
    std::ostringstream out;
    std::size_t asked = 0;
    SwarmOptions options;
    options.commands = 10;
    const SwarmTotals totals = run_swarm(
        options, [&] { return ++asked == 4; }, out);
    EXPECT_EQ(totals.runs, 3U) << out.str();
}

}  // namespace
}  // namespace qmgr::propertytests
