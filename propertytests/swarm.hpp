// Plans drawn from a seed, many different ones: in each run only some kinds of command and some
// kinds of fault exist (a swarm), since what is always there hides what it is mixed with.
#pragma once

#include <cstdint>
#include <string>

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

}  // namespace qmgr::propertytests
