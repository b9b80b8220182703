// How small counterexamples become, shown on systems that are known to be wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "propertytests/hunt.hpp"
#include "propertytests/shrink.hpp"

namespace qmgr::propertytests {

/// The first invariant that the plan breaks on the mutant, kCrash or kEndless when it ends the
/// process it is played in, which is one of its own; empty: none. REQUIRES: no other thread runs.
std::string broken_by(const Plan& plan, const mutants::Mutant& mutant);

/// True for a plan with that broken_by(), and on the reference nothing is wrong with it: what is
/// shrunk must not turn into another failure. An empty invariant stands for any. A mutant without
/// an id is the reference.
Fails breaks(const mutants::Mutant& mutant, const std::string& invariant);

/// What shrinking came to for one mutant.
struct ShrunkMutant {
    std::string id;
    std::optional<Find> find;        ///< nothing: the rest is 0
    std::size_t commands = 0;        ///< of the smallest plan
    std::size_t faults = 0;          ///< of it
    std::size_t plays = 0;           ///< that shrinking took
    std::uint64_t processor_ms = 0;  ///< of shrinking
    bool repeats = false;  ///< its trace does on the mutant what was recorded, and not without it
    Plan plan;
};

/// Each is hunted, its find shrunk, recorded and replayed, in a process of its own.
std::vector<ShrunkMutant> shrink_all(const std::vector<mutants::Mutant>& mutants, const Hunt& hunt,
                                     const Budget& budget, unsigned processes);

/// A table of them, and the medians of commands and time of those that were found.
std::string to_text(const std::vector<ShrunkMutant>& shrunk);
struct Medians {
    std::size_t commands = 0;
    std::uint64_t processor_ms = 0;
};
Medians medians_of(const std::vector<ShrunkMutant>& shrunk);

/// `count` of them, evenly spread over the list, without the equivalent ones.
std::vector<mutants::Mutant> spread(std::vector<mutants::Mutant> mutants, std::size_t count);

}  // namespace qmgr::propertytests
