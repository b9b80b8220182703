// Plans drawn from a seed, many different ones: in each run only some kinds of command and some
// kinds of fault exist (a swarm), since what is always there hides what it is mixed with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "conformance/rig/shard.hpp"
#include "propertytests/coverage.hpp"
#include "propertytests/plan.hpp"

namespace qmgr::propertytests {

/// The plan of run number `run` of a swarm with that seed; `commands` long. The same numbers give
/// the same plan, whatever runs were drawn before.
Plan plan_of(std::uint64_t seed, std::uint64_t run, std::size_t commands);

struct SwarmOptions {
    std::uint64_t seed = 1;
    std::uint64_t first = 0;            ///< number of the first run
    std::optional<std::uint64_t> runs;  ///< of all processes together; none: until time is up
    std::size_t commands = 2'000;       ///< of each run
    /// Which process this is: it does the runs whose number leaves `index` when it is divided by
    /// `count`. Together the processes do every run exactly once.
    conformance::Shard shard;
    bool each = false;  ///< a line to `out` for each run, with its number and its plan's seed
    bool operator==(const SwarmOptions&) const = default;
};

struct SwarmTotals {
    std::uint64_t runs = 0;        ///< done here
    std::uint64_t commands = 0;    ///< performed here
    std::uint64_t calls = 0;       ///< of the commands, those that were calls
    std::uint64_t good_calls = 0;  ///< of the calls, those that succeeded
    std::uint64_t bad_runs = 0;    ///< of the runs, those with a violation
    bool operator==(const SwarmTotals&) const = default;
};

/// A swarm gives up after so many bad runs: they are most likely one bug.
inline constexpr std::uint64_t kMostBadRuns = 5;

/// Plays the runs one after another until all are done, `time_is_up` says so before one, or
/// kMostBadRuns were bad. Of each bad run a line for each
/// violation and the command that repeats it go to `out`.
SwarmTotals run_swarm(const SwarmOptions& options, const std::function<bool()>& time_is_up,
                      std::ostream& out);

/// The swarm whose cells docs/coverage-of-behaviour.md shows: large enough to reach nearly every
/// one that can be reached, small enough for a slow test.
SwarmOptions coverage_swarm();
/// The cells that the runs of a swarm reach. Nothing is judged. REQUIRES: a number of runs.
Cells reached_by(const SwarmOptions& options);
/// The command that prints that page; it runs that swarm whatever else is asked for.
inline constexpr const char* kPrintsCoverage =
    "build/release/bin/qmgr-swarm --coverage > docs/coverage-of-behaviour.md";

/// The options as the words of a command line: "--seed 1 --first 0 --runs 5 --commands 2000".
std::string to_text(const SwarmOptions& options);

}  // namespace qmgr::propertytests
