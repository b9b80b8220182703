// Plans drawn from a seed, many different ones: in each run only some kinds of command and some
// kinds of fault exist (a swarm), since what is always there hides what it is mixed with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "propertytests/coverage.hpp"
#include "propertytests/plan.hpp"

namespace qmgr::propertytests {

/// The plan of run number `run` of a swarm with that seed; `commands` long. The same numbers give
/// the same plan, whatever runs were drawn before.
Plan plan_of(std::uint64_t seed, std::uint64_t run, std::size_t commands);

/// The runs that one of `count` processes does: those whose number leaves `index` when it is
/// divided by `count`. Together the processes do every run exactly once.
struct Shard {
    std::uint64_t index = 0;  ///< below count
    std::uint64_t count = 1;  ///< at least 1
    bool does(std::uint64_t run) const { return run % count == index; }
    bool operator==(const Shard&) const = default;
};
/// From GTEST_SHARD_INDEX and GTEST_TOTAL_SHARDS as they stand in the environment; null or empty:
/// one process that does everything. Anything else than two such numbers is an InputError.
Shard shard_from(const char* index, const char* count);

struct SwarmOptions {
    std::uint64_t seed = 1;
    std::uint64_t first = 0;            ///< number of the first run
    std::optional<std::uint64_t> runs;  ///< of all processes together; none: until time is up
    std::size_t commands = 2'000;       ///< of each run
    Shard shard;
    bool operator==(const SwarmOptions&) const = default;
};

struct SwarmTotals {
    std::uint64_t runs = 0;      ///< done here
    std::uint64_t commands = 0;  ///< performed here
    std::uint64_t bad_runs = 0;  ///< of these, runs with a violation
    bool operator==(const SwarmTotals&) const = default;
};

/// A swarm gives up after so many bad runs: they are most likely one bug.
inline constexpr std::uint64_t kMostBadRuns = 5;

/// Plays the runs one after another until all are done, `time_is_up` says so before one, or
/// kMostBadRuns were bad. Of each bad run a line for each violation and the command that repeats it
/// go to `out`. `watch` may be null.
SwarmTotals run_swarm(const SwarmOptions& options, const std::function<bool()>& time_is_up,
                      CoverageWatch* watch, std::ostream& out);

/// The options as the words of a command line: "--seed 1 --first 0 --runs 5 --commands 2000".
std::string to_text(const SwarmOptions& options);

}  // namespace qmgr::propertytests
