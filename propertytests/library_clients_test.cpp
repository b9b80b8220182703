// The library used from eight threads at once, over the real service and its real adapters.
#include "propertytests/library_clients.hpp"

#include <gtest/gtest.h>

#include <iostream>

#include "propertytests/history_check.hpp"

namespace qmgr::propertytests {
namespace {

constexpr std::uint32_t kThreads = 8;

void expect_an_order(const ClientsPlan& plan) {
    const LibraryRun run = run_library(plan, Recording::On);
    EXPECT_EQ(run.history.size(), run.calls);
    HistoryRules rules;
    rules.policy = library_policy();
    rules.most_steps = 50'000;  // a hundred for each call
    const HistoryFinding finding = check_history(run.history, rules);
    EXPECT_EQ(finding.finding, Finding::Linearizable) << to_text(finding);
    std::cout << "seed " << plan.seed << ", " << run.calls << " calls, " << run.requests
              << " requests, " << run.notifications << " notifications: " << to_text(finding);
}

// A cancel that has finished files to rename is done in two steps that others can tell apart
// (docs/testing.md), so clients either transfer or cancel here.
TEST(TheLibrary, AnswersEightThreadsThatTransferAsIfTheyCameOneByOne) {
    expect_an_order({.seed = 1, .clients = kThreads, .calls = 60, .cancels = false});
}

TEST(TheLibrary, AnswersEightThreadsThatCancelAsIfTheyCameOneByOne) {
    expect_an_order({.seed = 1, .clients = kThreads, .calls = 60, .transfers = false});
}

// The counter of a recorded history orders the threads, and would hide from the thread sanitizer
// what the library does not order.
TEST(TheLibrary, NeedsNobodyToOrderItsThreads) {
    const ClientsPlan plan{.seed = 2, .clients = kThreads, .calls = 60};
    const LibraryRun run = run_library(plan, Recording::Off);
    EXPECT_EQ(run.calls, std::uint64_t{kThreads} * plan.calls);
    EXPECT_TRUE(run.history.empty());
}

}  // namespace
}  // namespace qmgr::propertytests
