// How fast commands are performed and judged. RapidCheck's state tests are measured in turns with a
// toy: a model with as many commands whose system is a few counters, which is the best RapidCheck
// itself can do.
#include <benchmark/benchmark.h>
#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <array>
#include <ctime>
#include <ostream>

#include "propertytests/generators.hpp"
#include "propertytests/swarm.hpp"
#include "reference/contract/check.hpp"

namespace qmgr::propertytests {
namespace {

constexpr std::size_t kCommandsOfRun = 2'000;
// A size at which RapidCheck draws sequences as long as in a test of a hundred cases.
constexpr int kSize = 100;

struct Nothing {};

struct Perform : rc::state::Command<Nothing, AuditedWorld> {
    Perform() : command(*rc::gen::arbitrary<propertytests::Command>()) {}
    void run(const Nothing& /*before*/, AuditedWorld& world) const override {
        world.perform(command);
        QMGR_CHECK(world.is_clean(), "a violation in a benchmark; the property tests show it");
    }
    void show(std::ostream& os) const override { os << to_text(command); }
    propertytests::Command command;
};

struct ToyModel {
    std::array<std::uint64_t, kKinds> counts{};
};
struct ToySystem {
    std::array<std::uint64_t, kKinds> counts{};
};
struct Count : rc::state::Command<ToyModel, ToySystem> {
    Count() : command(*rc::gen::arbitrary<propertytests::Command>()) {}
    std::size_t kind() const { return static_cast<std::size_t>(command.kind); }
    void apply(ToyModel& model) const override { ++model.counts[kind()]; }
    void run(const ToyModel& before, ToySystem& system) const override {
        RC_ASSERT(++system.counts[kind()] == before.counts[kind()] + 1);
    }
    void show(std::ostream& os) const override { os << to_text(command); }
    propertytests::Command command;
};

void BM_Swarm(benchmark::State& state) {
    std::uint64_t run = 0;
    std::uint64_t commands = 0;
    for (auto _ : state) {
        const Plan plan = plan_of(1, run++, kCommandsOfRun);
        benchmark::DoNotOptimize(play(plan));
        commands += plan.commands.size();
    }
    state.counters["commands_per_second"] =
        benchmark::Counter(static_cast<double>(commands), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_Swarm)->Unit(benchmark::kMillisecond);

template <class Model, class System, class Perform_>
std::size_t run_one(std::uint64_t seed, const Model& model, System& system) {
    const auto commands =
        rc::state::gen::commands(model, rc::state::gen::execOneOfWithArgs<Perform_>())(
            rc::Random(seed), kSize)
            .value();
    rc::state::runAll(commands, model, system);
    return commands.size();
}

// Processor time, so that others on the machine do not count. Commands a second of ours, divided by
// those of the toy; the sequences are equally long.
void BM_RapidCheckBesideAToy(benchmark::State& state) {
    std::uint64_t seed = 0;
    std::size_t ours = 0;
    std::size_t toys = 0;
    std::clock_t our_time = 0;
    std::clock_t toy_time = 0;
    for (auto _ : state) {
        const auto begin = std::clock();
        AuditedWorld world(Plan{});
        ours += run_one<Nothing, AuditedWorld, Perform>(seed, Nothing{}, world);
        world.end();
        const auto between = std::clock();
        ToySystem toy;
        toys += run_one<ToyModel, ToySystem, Count>(seed, ToyModel{}, toy);
        toy_time += std::clock() - between;
        our_time += between - begin;
        ++seed;
    }
    const auto rate = [](std::size_t count, std::clock_t time) {
        return static_cast<double>(count) * CLOCKS_PER_SEC / static_cast<double>(time);
    };
    state.counters["ours_per_second"] = rate(ours, our_time);
    state.counters["toy_per_second"] = rate(toys, toy_time);
    state.counters["ratio"] = rate(ours, our_time) / rate(toys, toy_time);
    state.counters["at_least"] = 0.5;
}
BENCHMARK(BM_RapidCheckBesideAToy)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace qmgr::propertytests
