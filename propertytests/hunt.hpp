// Properties against systems that are known to be wrong: a swarm is let loose on a mutant until
// something is found that no clause allows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/mutants/mutant.hpp"
#include "propertytests/plan.hpp"

namespace qmgr::propertytests {

/// Which plans are played, and how many of them.
struct Hunt {
    std::uint64_t seed = 1;
    /// Of each run. Long enough that a group gets anywhere, short enough that many are begun.
    std::size_t commands_per_run = 600;
    /// In all runs together: what a mutant has to be found within.
    std::uint64_t commands = 200'000;
};

/// Stand for an invariant where the process ended instead.
inline constexpr const char* kCrash = "crash";
inline constexpr const char* kEndless = "endless";

/// How a mutant was found.
struct Find {
    std::uint64_t commands = 0;  ///< performed until then, with the one that showed it
    std::uint64_t run = 0;       ///< plan_of(hunt.seed, run, hunt.commands_per_run)
    std::string invariant;       ///< that was broken; kCrash or kEndless when the process ended
    std::string clause;          ///< of it; empty when the process ended
    bool operator==(const Find&) const = default;
};

/// The first find, or nothing within the commands of the hunt. A plan in which something is wrong
/// without the mutant, too, finds nothing. `progress` is told before each run,
/// for a mutant that ends the process: its find so far.
std::optional<Find> hunt(const mutants::Mutant& mutant, const Hunt& hunt,
                         const std::function<void(const Find&)>& progress = {});

/// One for each mutant, each hunted in a process of its own, `processes` at a time. REQUIRES: no
/// other thread runs.
std::vector<std::optional<Find>> hunt_all(const std::vector<mutants::Mutant>& mutants,
                                          const Hunt& hunt, unsigned processes);

/// The mutants that properties alone need not find, each with the reason.
struct Unfound {
    std::string id;
    std::string reason;
};
/// Reads {"unfound":[{"reason":…,"mutants":[ID…]}]}. Throws InputError for anything else.
std::vector<Unfound> unfound_from_file(const std::string& path);

/// What a hunt of all of them came to, as "N mutants: N found by properties, N listed, N
/// equivalent" and, before it, a line for everything that is wrong with the list: a mutant that
/// was neither found nor listed, a listed one that was found, that is equivalent or is no mutant.
/// An equivalent one may be found: the auditor holds the reference to the first of several allowed
/// answers.
struct HuntReport {
    std::vector<std::string> wrong;
    std::string summary;
};
HuntReport report_of(const std::vector<mutants::Mutant>& mutants,
                     const std::vector<std::optional<Find>>& finds,
                     const std::vector<Unfound>& listed, const Hunt& hunt);

}  // namespace qmgr::propertytests
