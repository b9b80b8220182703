// The planted races are found, by name and within a number of calls, and what is right is never
// reported.
#include "propertytests/races.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>
#include <string>

#include "propertytests/history_check.hpp"

namespace qmgr::propertytests {
namespace {

HistoryRules rules() {
    HistoryRules some;
    some.policy = simulated_policy();
    return some;
}

ClientsPlan plan_of(std::uint64_t seed) {
    return {.seed = seed, .clients = 4, .calls = 40, .groups = 2};
}

TEST(TheWorld, IsNeverReportedHoweverItsClientsAreMixed) {
    constexpr std::uint64_t kSeeds = 100;
    std::uint64_t steps = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const SimulatedRun run = run_simulated(plan_of(seed));
        const HistoryFinding finding = check_history(run.history, rules());
        ASSERT_EQ(finding.finding, Finding::Linearizable) << "seed " << seed << "\n"
                                                          << to_text(finding);
        steps += finding.steps;
    }
    std::cout << "seeds 1 to " << kSeeds << ", 160 calls each, " << steps << " steps\n";
}

// Without cutting: also what lists of several groups show together has to fit.
TEST(TheWorld, IsNotReportedAsAWholeEither) {
    HistoryRules whole = rules();
    whole.by_excerpts = false;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        ClientsPlan plan = plan_of(seed);
        plan.calls = 20;
        const HistoryFinding finding = check_history(run_simulated(plan).history, whole);
        ASSERT_EQ(finding.finding, Finding::Linearizable) << "seed " << seed << "\n"
                                                          << to_text(finding);
    }
}

TEST(ARunOfClients, IsTheSameForTheSameSeed) {
    const auto text = [](const SimulatedRun& run) {
        std::string all = std::to_string(run.switches) + "\n";
        for (const RecordedCall& call : run.history) all += to_text(call) + "\n";
        return all;
    };
    for (const Race& race : planted_races())
        ASSERT_EQ(text(run_simulated(plan_of(3), race.plant)),
                  text(run_simulated(plan_of(3), race.plant)))
            << race.name;
    EXPECT_NE(text(run_simulated(plan_of(3))), text(run_simulated(plan_of(4))));
}

class PlantedRace : public testing::TestWithParam<Race> {};

TEST_P(PlantedRace, IsFound) {
    constexpr std::uint64_t kMostRuns = 300;  // each takes some milliseconds
    std::uint64_t calls = 0;
    for (std::uint64_t seed = 1; seed <= kMostRuns; ++seed) {
        const SimulatedRun run = run_simulated(plan_of(seed), GetParam().plant);
        calls += run.history.size();
        const HistoryFinding finding = check_history(run.history, rules());
        if (finding.finding != Finding::NotLinearizable) continue;
        std::cout << GetParam().name << ": " << GetParam().what << ".\nFound in run " << seed
                  << " (its seed), after " << calls << " calls.\n"
                  << to_text(finding, 6);
        return;
    }
    FAIL() << GetParam().name << " was not found in " << calls << " calls";
}

// Cutting a history must not make it worse than it is.
TEST_P(PlantedRace, IsThereInTheWholeHistoryIfItIsInAnExcerpt) {
    HistoryRules whole = rules();
    whole.by_excerpts = false;
    // All orders of all groups are very many: what is not decided within a moment is let be.
    whole.most_steps = 20'000;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        ClientsPlan plan = plan_of(seed);
        plan.calls = 20;
        const SimulatedRun run = run_simulated(plan, GetParam().plant);
        const HistoryFinding cut = check_history(run.history, rules());
        if (cut.finding != Finding::NotLinearizable) continue;
        ASSERT_NE(check_history(run.history, whole).finding, Finding::Linearizable)
            << "seed " << seed << "\n"
            << to_text(cut);
    }
}

// What is found is the race and not the way it was planted.
TEST_P(PlantedRace, IsNotThereWhenNobodyGoesOnMeanwhile) {
    const Plant never = [plant = GetParam().plant](SystemUnderTest& world, const Pause& /*pause*/) {
        return plant(world, [] {});
    };
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const SimulatedRun run = run_simulated(plan_of(seed), never);
        const HistoryFinding finding = check_history(run.history, rules());
        ASSERT_EQ(finding.finding, Finding::Linearizable) << "seed " << seed << "\n"
                                                          << to_text(finding);
    }
}

INSTANTIATE_TEST_SUITE_P(Planted, PlantedRace, testing::ValuesIn(planted_races()),
                         [](const testing::TestParamInfo<Race>& race) {
                             std::string name = race.param.name;
                             for (char& letter : name)
                                 if (letter == '-') letter = '_';
                             return name;
                         });

}  // namespace
}  // namespace qmgr::propertytests
