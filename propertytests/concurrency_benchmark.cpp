// How long it takes to find an order for what four clients asked a thousand times each.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "propertytests/history_check.hpp"
#include "propertytests/simulated_clients.hpp"

namespace qmgr::propertytests {
namespace {

constexpr std::uint32_t kClients = 4;
constexpr std::uint32_t kCalls = 1'000;  // of each client
/// The promise: histories checked in a second.
constexpr double kLeastPerSecond = 1;

void check_a_thousand_calls_of_four_clients(benchmark::State& state) {
    ClientsPlan plan;
    plan.clients = kClients;
    plan.calls = kCalls;
    plan.groups = static_cast<std::uint32_t>(state.range(0));
    const SimulatedRun run = run_simulated(plan);
    HistoryRules rules;
    rules.policy = simulated_policy();
    HistoryFinding finding;
    for (auto _ : state) finding = check_history(run.history, rules);
    if (finding.finding != Finding::Linearizable) state.SkipWithError(to_text(finding).c_str());
    state.counters["calls"] = static_cast<double>(run.history.size());
    state.counters["excerpts"] = static_cast<double>(finding.excerpts);
    state.counters["steps"] = static_cast<double>(finding.steps);
    state.counters["ratio"] = benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
    state.counters["at_least"] = kLeastPerSecond;
}
// All clients busy with two groups, and with as many as there are GUIDs.
BENCHMARK(check_a_thousand_calls_of_four_clients)
    ->Arg(2)
    ->Arg(ClientsPlan::kMostGroups)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace qmgr::propertytests
