#include "propertytests/swarm.hpp"

#include <fmt/format.h>

#include <array>
#include <bitset>
#include <ostream>
#include <utility>

#include "fakeserver/draws.hpp"
#include "propertytests/play.hpp"

namespace qmgr::propertytests {
namespace {

// Salts of what is drawn once for a run; those of commands begin behind them.
enum class Salt : std::uint64_t { Seed, Faults, Effects, Kinds, Handles, FirstFault };
constexpr std::uint64_t kFirstCommand = 1'000;
// Of a command that exists; else the next salt is tried, so often at most.
constexpr std::uint64_t kTries = 4;

/// Numbers of one run: a function of the seed, the run and the salt, so that none depends on how
/// many were drawn before it.
class Numbers {
  public:
    Numbers(std::uint64_t seed, std::uint64_t run) : key_(fakeserver::draw_key(seed, run, 0)) {}
    std::uint64_t at(std::uint64_t salt) const { return fakeserver::draw(key_, salt); }
    std::uint64_t at(Salt salt) const { return at(static_cast<std::uint64_t>(salt)); }

  private:
    std::uint64_t key_;
};

std::array<std::uint8_t, 8> bytes_of(std::uint64_t number) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(number & 0xFFU);
        number >>= 8U;
    }
    return bytes;
}

// What a queue cannot be brought forward without is in every run.
constexpr std::array kAlways = {Kind::CreateGroup, Kind::CreateJob, Kind::AddFiles,
                                Kind::ResumeGroup, Kind::NextEvent};

// What can be broken can be mended, or the rest of the run would be in vain.
constexpr std::array kMends = {std::pair(Kind::LogOff, Kind::LogOn),
                               std::pair(Kind::LoseNetwork, Kind::NetworkBack),
                               std::pair(Kind::Pause, Kind::Unpause),
                               std::pair(Kind::FillDisk, Kind::FreeDisk),
                               std::pair(Kind::BreakJournal, Kind::MendJournal),
                               std::pair(Kind::ResourceVanishes, Kind::ResourceReturns)};

std::bitset<kKinds> kinds_of(std::uint64_t number) {
    std::bitset<kKinds> kinds(number);
    if (number % 4 == 0) kinds.set();
    for (const Kind kind : kAlways) kinds.set(static_cast<std::size_t>(kind));
    for (const auto& [breaks, mends] : kMends)
        if (kinds.test(static_cast<std::size_t>(breaks)))
            kinds.set(static_cast<std::size_t>(mends));
    return kinds;
}

// Of the effects, those whose bit of a mask that goes round is set; a fault drawn outside them is
// left out.
void add_faults(Plan& plan, const Numbers& numbers) {
    const std::uint64_t mask = numbers.at(Salt::Effects);
    const std::uint64_t count = numbers.at(Salt::Faults) % (kMostFaults + 1);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto bytes = bytes_of(numbers.at(static_cast<std::uint64_t>(Salt::FirstFault) + i));
        const PlannedFault fault{static_cast<std::uint8_t>(bytes[0] % kEffects),
                                 static_cast<std::uint8_t>(bytes[1] % (kResources + 1)),
                                 static_cast<std::uint8_t>(bytes[2] % 4),
                                 static_cast<std::uint8_t>(bytes[3] % 8),
                                 static_cast<std::uint32_t>(bytes[4] | bytes[5] << 8)};
        if ((mask >> fault.effect % 64U & 1U) != 0) plan.faults.push_back(fault);
    }
}

}  // namespace

Plan plan_of(std::uint64_t seed, std::uint64_t run, std::size_t commands) {
    const Numbers numbers(seed, run);
    Plan plan;
    plan.seed = numbers.at(Salt::Seed);
    add_faults(plan, numbers);
    const std::bitset<kKinds> kinds = kinds_of(numbers.at(Salt::Kinds));
    // In half of the runs every handle is a good one.
    const std::uint8_t handles = numbers.at(Salt::Handles) % 2 == 0 ? 0x7F : 0xFF;
    plan.commands.reserve(commands);
    std::uint64_t salt = kFirstCommand;
    for (std::size_t i = 0; i < commands; ++i) {
        Command command = decode_command(bytes_of(numbers.at(salt++)));
        for (std::uint64_t tries = 1;
             tries < kTries && !kinds.test(static_cast<std::size_t>(command.kind)); ++tries)
            command = decode_command(bytes_of(numbers.at(salt++)));
        if (!kinds.test(static_cast<std::size_t>(command.kind))) command.kind = Kind::NextEvent;
        command.what &= handles;
        plan.commands.push_back(command);
    }
    return plan;
}

SwarmOptions coverage_swarm() {
    SwarmOptions options;
    options.seed = 1;
    options.runs = 4'000;
    options.commands = 2'000;
    return options;
}

Cells reached_by(const SwarmOptions& options) {
    CoverageWatch watch;
    for (std::uint64_t i = 0; i < options.runs.value(); ++i) {
        const Plan plan = plan_of(options.seed, options.first + i, options.commands);
        world::World world(options_of(plan));
        world.network().set_speed(kLineSpeed);
        Client client({world, world, [] {}}, plan);
        watch.begin();
        for (const Command& command : plan.commands) {
            watch.look(client, command);
            client.perform(command);
        }
    }
    return watch.reached();
}

std::string to_text(const SwarmOptions& options) {
    std::string text = fmt::format("--seed {} --first {}", options.seed, options.first);
    if (options.runs) text += fmt::format(" --runs {}", *options.runs);
    return text + fmt::format(" --commands {}", options.commands);
}

SwarmTotals run_swarm(const SwarmOptions& options, const std::function<bool()>& time_is_up,
                      std::ostream& out) {
    SwarmTotals totals;
    for (std::uint64_t i = 0; !options.runs || i < *options.runs; ++i) {
        const std::uint64_t run = options.first + i;
        if (run % options.shard.count != options.shard.index) continue;
        if (time_is_up() || totals.bad_runs == kMostBadRuns) break;
        const Plan plan = plan_of(options.seed, run, options.commands);
        if (options.each)
            out << fmt::format("run {}: seed {}, {} faults, {} commands\n", run, plan.seed,
                               plan.faults.size(), plan.commands.size());
        const Outcome outcome = play(plan);
        ++totals.runs;
        totals.commands += outcome.step != 0 ? outcome.step : plan.commands.size();
        totals.calls += outcome.calls;
        totals.good_calls += outcome.good_calls;
        if (outcome.violations.empty()) continue;
        ++totals.bad_runs;
        for (const Violation& one : outcome.violations)
            out << fmt::format("run {}, command {}: {} ({}): {}\n", run, outcome.step,
                               one.invariant, one.clause, one.what);
        const SwarmOptions again{options.seed, run, 1, options.commands, {}};
        out << "again: qmgr-swarm " << to_text(again) << std::endl;
    }
    return totals;
}

}  // namespace qmgr::propertytests
