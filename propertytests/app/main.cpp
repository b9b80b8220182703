// qmgr-swarm: random commands, faults and crashes in audited worlds, as fast as one core can.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>
#include <sstream>

#include "propertytests/play.hpp"
#include "propertytests/swarm.hpp"
#include "reference/adapters/steady_clock.hpp"
#include "reference/contract/input_error.hpp"

namespace {

using namespace qmgr;  // NOLINT(google-build-using-namespace): a main of this project
using namespace qmgr::propertytests;  // NOLINT(google-build-using-namespace)

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;
constexpr std::uint64_t kDefaultRuns = 500;
// Where coverage is read from and what it is judged by; from the project's folder.
constexpr const char* kRules = "propertytests/unreached.txt";

struct Arguments {
    SwarmOptions swarm;
    std::optional<std::uint64_t> seed;
    std::uint64_t seconds = 0;  ///< 0: no limit
    bool coverage = false;
    bool text = false;
    std::string play;
    std::string rules = kRules;
};

std::string contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw InputError(path, "a file that can be read expected");
    return text.str();
}

int play_one(const Arguments& arguments) {
    const Plan plan = plan_from_hex(arguments.play, "--play");
    if (arguments.text) std::cout << to_text(plan);
    const Outcome outcome = play(plan);
    for (const Violation& one : outcome.violations)
        std::cout << fmt::format("command {}: {} ({}): {}\n", outcome.step, one.invariant,
                                 one.clause, one.what);
    std::cout << fmt::format("{} commands, {} violations\n", plan.commands.size(),
                             outcome.violations.size());
    return outcome.violations.empty() ? EXIT_SUCCESS : kFailed;
}

// The page goes to standard output, everything else to standard error.
int print_coverage(const Arguments& arguments) {
    const Cells reached = reached_by(coverage_swarm());
    const auto rules = read_rules(contents_of(arguments.rules), arguments.rules);
    std::cout << coverage_page(reached, rules, kPrintsCoverage);
    const auto wrong = disagreements(reached, rules);
    for (const std::string& line : wrong) std::cerr << line << "\n";
    return wrong.empty() ? EXIT_SUCCESS : kFailed;
}

int run(Arguments& arguments) {
    if (!arguments.play.empty()) return play_one(arguments);
    if (arguments.coverage) return print_coverage(arguments);
    SwarmOptions& swarm = arguments.swarm;
    swarm.seed = arguments.seed ? *arguments.seed : std::random_device{}();
    if (!swarm.runs && arguments.seconds == 0) swarm.runs = kDefaultRuns;
    swarm.shard = conformance::take_shard_from_environment().value_or(conformance::Shard{});
    std::cout << fmt::format("qmgr-swarm {} (part {})", to_text(swarm), to_text(swarm.shard))
              << std::endl;
    SteadyClock clock;
    const Instant end = clock.now() + std::chrono::seconds(arguments.seconds);
    const auto time_is_up = [&] { return arguments.seconds != 0 && clock.now() >= end; };
    const std::clock_t begin = std::clock();
    const SwarmTotals totals = run_swarm(swarm, time_is_up, std::cout);
    // Processor time, so that others on the same machine do not count.
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::cout << fmt::format("{} of {} calls succeeded\n", totals.good_calls, totals.calls);
    std::cout << fmt::format(
                     "{} runs, {} commands in {:.1f} s of one core, {:.0f} commands/s, {} bad runs",
                     totals.runs, totals.commands, seconds,
                     static_cast<double>(totals.commands) / seconds, totals.bad_runs)
              << std::endl;
    return totals.bad_runs != 0 ? kFailed : EXIT_SUCCESS;
}

}  // namespace

int main(int count, char** words) {
    Arguments arguments;
    CLI::App app{
        "Random commands, faults and crashes in audited worlds. Exit status 0: nothing "
        "was found; 1: something was; 2: wrong use. GTEST_TOTAL_SHARDS and "
        "GTEST_SHARD_INDEX in the environment make this one of several processes, each "
        "with runs of its own"};
    app.add_option("--seed", arguments.seed, "What everything is drawn from; drawn itself without");
    app.add_option("--first", arguments.swarm.first, "Number of the first run");
    app.add_option("--runs", arguments.swarm.runs, "How many runs, of all shards together");
    app.add_option("--seconds", arguments.seconds, "No run begins later than this");
    app.add_option("--commands", arguments.swarm.commands, "Commands of each run");
    app.add_flag("--each", arguments.swarm.each, "Print a line for each run");
    app.add_flag("--coverage", arguments.coverage,
                 "Run the swarm of docs/coverage-of-behaviour.md and print it");
    app.add_option("--rules", arguments.rules, "Why cells of it are not reached");
    app.add_option("--play", arguments.play, "Play one plan, given in hex digits");
    app.add_flag("--text", arguments.text, "With --play: print the plan first");
    try {
        app.parse(count, words);
        return run(arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EXIT_SUCCESS : kWrongUse;
    } catch (const std::exception& error) {
        std::cerr << "qmgr-swarm: " << error.what() << "\n";
        return kWrongUse;
    }
}
