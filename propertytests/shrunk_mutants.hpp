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

/// True for a plan in which the mutant breaks that invariant first, and without it nothing is
/// wrong: what is shrunk must not turn into another failure. A mutant without an id is the
/// reference.
/// An empty invariant stands for any.
Fails breaks(const mutants::Mutant& mutant, const std::string& invariant);
/// The same, with each plan in a process of its own: one that ends the process, or never ends,
/// fails.
Fails confined(const Fails& fails);

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
