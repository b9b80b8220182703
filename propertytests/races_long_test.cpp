// What is right is not reported, over as many seeds as minutes allow.
#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>

#include "propertytests/history_check.hpp"
#include "propertytests/simulated_clients.hpp"

namespace qmgr::propertytests {
namespace {

void expect_no_report(std::uint64_t seeds, const ClientsPlan& plan, bool by_excerpts) {
    HistoryRules rules;
    rules.policy = simulated_policy();
    rules.by_excerpts = by_excerpts;
    rules.most_steps = 100'000;  // fifty and more for each call
    std::uint64_t calls = 0;
    std::uint64_t steps = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        ClientsPlan one = plan;
        one.seed = seed;
        const SimulatedRun run = run_simulated(one);
        const HistoryFinding finding = check_history(run.history, rules);
        ASSERT_EQ(finding.finding, Finding::Linearizable) << "seed " << seed << "\n"
                                                          << to_text(finding);
        calls += run.history.size();
        steps += finding.steps;
    }
    std::cout << "seeds 1 to " << seeds << ", " << calls << " calls, " << steps << " steps\n";
}

TEST(TheWorldForALongTime, IsNeverReported) {
    expect_no_report(3'000, {.clients = 4, .calls = 40, .groups = 2}, true);
}

TEST(TheWorldForALongTime, IsNeverReportedAsAWhole) {
    expect_no_report(3'000, {.clients = 4, .calls = 25, .groups = 3}, false);
}

}  // namespace
}  // namespace qmgr::propertytests
