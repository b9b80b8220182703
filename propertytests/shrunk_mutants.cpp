#include "propertytests/shrunk_mutants.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "conformance/mutants/confinement.hpp"
#include "propertytests/counterexample.hpp"
#include "propertytests/play.hpp"
#include "propertytests/swarm.hpp"
#include "reference/contract/json.hpp"

namespace qmgr::propertytests {
namespace {

// Hunting and shrinking one mutant takes seconds, with sanitizers many of them.
constexpr unsigned kProcessorSeconds = 300;
constexpr unsigned kPlaySeconds = 3;

// Of this process and of those it has waited for.
std::uint64_t processor_ms() {
    std::uint64_t ms = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage used{};
        ::getrusage(who, &used);
        for (const timeval& time : {used.ru_utime, used.ru_stime})
            ms += static_cast<std::uint64_t>(time.tv_sec) * 1'000 +
                  static_cast<std::uint64_t>(time.tv_usec) / 1'000;
    }
    return ms;
}

std::string to_line(const ShrunkMutant& one) {
    Json json = {{"commands", one.commands}, {"faults", one.faults},
                 {"plays", one.plays},       {"processor_ms", one.processor_ms},
                 {"repeats", one.repeats},   {"plan", to_hex(one.plan)}};
    if (one.find)
        json["find"] = {one.find->commands, one.find->run, one.find->invariant, one.find->clause};
    return qmgr::to_line(json);
}

ShrunkMutant from_line(const std::string& id, const std::string& line) {
    ShrunkMutant one;
    one.id = id;
    if (line.empty()) return one;  // the process ended before it had anything to say
    const Json json = Json::parse(line);
    one.commands = json.at("commands");
    one.faults = json.at("faults");
    one.plays = json.at("plays");
    one.processor_ms = json.at("processor_ms");
    one.repeats = json.at("repeats");
    one.plan = plan_from_hex(json.at("plan").get<std::string>(), id);
    if (json.contains("find")) {
        const Json& find = json.at("find");
        one.find = Find{find.at(0), find.at(1), find.at(2), find.at(3)};
    }
    return one;
}

// On the mutant the trace does what was recorded; on the reference nothing is wrong. What ends the
// process is recorded where it does not.
bool repeats(const Plan& plan, const mutants::Mutant& mutant, const std::string& invariant) {
    if (invariant == kCrash || invariant == kEndless)
        return broken_by(plan, mutant) == invariant && !replay(record(plan).trace).difference;
    const Recording recording = record(plan, mutant.make());
    const auto& violations = recording.outcome.violations;
    if (violations.empty() || violations.front().invariant != invariant) return false;
    return !replay(recording.trace, mutant.make()).difference &&
           replay(recording.trace).violations.empty();
}

ShrunkMutant shrink_one(const mutants::Mutant& mutant, const std::optional<Find>& find,
                        const Hunt& options, const Budget& budget) {
    ShrunkMutant one;
    one.id = mutant.id;
    one.find = find;
    if (!one.find) return one;
    const std::uint64_t begin = processor_ms();
    const Plan plan = plan_of(options.seed, one.find->run, options.commands_per_run);
    const Shrunk shrunk = shrink(plan, breaks(mutant, one.find->invariant), budget);
    one.processor_ms = processor_ms() - begin;
    one.plan = shrunk.plan;
    one.commands = shrunk.plan.commands.size();
    one.faults = shrunk.plan.faults.size();
    one.plays = shrunk.plays;
    one.repeats = repeats(shrunk.plan, mutant, one.find->invariant);
    return one;
}

template <class Number>
Number median(std::vector<Number> numbers) {
    if (numbers.empty()) return {};
    std::sort(numbers.begin(), numbers.end());
    return numbers[numbers.size() / 2];
}

}  // namespace

std::string broken_by(const Plan& plan, const mutants::Mutant& mutant) {
    std::string broken;
    const auto work = [&](std::size_t /*index*/, mutants::Slate& slate) {
        const Outcome outcome = play(plan, mutant.make());
        if (!outcome.violations.empty()) slate.write(outcome.violations.front().invariant);
    };
    const auto done = [&](std::size_t /*index*/, const mutants::Confined& process) {
        broken = process.slate;
        if (process.ending == mutants::Ending::Crash) broken = kCrash;
        if (process.ending == mutants::Ending::Endless) broken = kEndless;
    };
    mutants::confine_each(1, 1, kPlaySeconds, work, done);
    return broken;
}

Fails breaks(const mutants::Mutant& mutant, const std::string& invariant) {
    return [mutant, invariant](const Plan& plan) {
        const std::string broken = broken_by(plan, mutant);
        return !broken.empty() && (invariant.empty() || broken == invariant) &&
               (mutant.id.empty() || play(plan).violations.empty());
    };
}

std::vector<ShrunkMutant> shrink_all(const std::vector<mutants::Mutant>& mutants, const Hunt& hunt,
                                     const Budget& budget, unsigned processes) {
    const auto finds = hunt_all(mutants, hunt, processes);
    std::vector<ShrunkMutant> all(mutants.size());
    const auto work = [&](std::size_t i, mutants::Slate& slate) {
        slate.write(to_line(shrink_one(mutants[i], finds[i], hunt, budget)));
    };
    const auto done = [&](std::size_t i, const mutants::Confined& process) {
        all[i] = from_line(mutants[i].id, process.slate);
    };
    mutants::confine_each(mutants.size(), processes, kProcessorSeconds, work, done);
    return all;
}

Medians medians_of(const std::vector<ShrunkMutant>& shrunk) {
    std::vector<std::size_t> commands;
    std::vector<std::uint64_t> times;
    for (const ShrunkMutant& one : shrunk) {
        if (!one.find) continue;
        commands.push_back(one.commands);
        times.push_back(one.processor_ms);
    }
    return {median(commands), median(times)};
}

std::string to_text(const std::vector<ShrunkMutant>& shrunk) {
    std::string text =
        fmt::format("{:<34} {:>8} {:>8} {:>6} {:>6} {:>8} {:>8}  {}\n", "mutant", "found at",
                    "commands", "faults", "plays", "ms", "repeats", "invariant");
    for (const ShrunkMutant& one : shrunk) {
        if (!one.find) {
            text += fmt::format("{:<34} not found\n", one.id);
            continue;
        }
        text += fmt::format("{:<34} {:>8} {:>8} {:>6} {:>6} {:>8} {:>8}  {}\n", one.id,
                            one.find->commands, one.commands, one.faults, one.plays,
                            one.processor_ms, one.repeats ? "yes" : "no", one.find->invariant);
    }
    const Medians medians = medians_of(shrunk);
    return text + fmt::format("median: {} commands, {} ms of processor time\n", medians.commands,
                              medians.processor_ms);
}

}  // namespace qmgr::propertytests
