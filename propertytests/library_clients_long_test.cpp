// The library used from eight threads for as long as a default test may not take.
#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>

#include "propertytests/history_check.hpp"
#include "propertytests/library_clients.hpp"

namespace qmgr::propertytests {
namespace {

TEST(TheLibraryForALongTime, AnswersEightThreadsAsIfTheyCameOneByOne) {
    HistoryRules rules;
    rules.policy = library_policy();
    rules.most_steps = 80'000;  // ten for each call
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        // Not both: library_clients_test.cpp says why.
        const bool transfers = seed % 2 == 0;
        const ClientsPlan plan{.seed = seed,
                               .clients = 8,
                               .calls = 1'000,
                               .groups = ClientsPlan::kMostGroups,
                               .transfers = transfers,
                               .cancels = !transfers};
        const LibraryRun run = run_library(plan, Recording::On);
        const HistoryFinding finding = check_history(run.history, rules);
        ASSERT_EQ(finding.finding, Finding::Linearizable) << "seed " << seed << "\n"
                                                          << to_text(finding);
        std::cout << "seed " << seed << ", " << run.calls << " calls, " << run.requests
                  << " requests, " << run.notifications << " notifications: " << to_text(finding)
                  << std::flush;
    }
}

TEST(TheLibraryForALongTime, NeedsNobodyToOrderItsThreads) {
    const ClientsPlan plan{
        .seed = 11, .clients = 8, .calls = 2'000, .groups = ClientsPlan::kMostGroups};
    EXPECT_EQ(run_library(plan, Recording::Off).calls, std::uint64_t{8} * plan.calls);
}

}  // namespace
}  // namespace qmgr::propertytests
