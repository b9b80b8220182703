// Which case kills which mutant. Every mutant runs in a process of its own, so that one that stops
// the program, or never ends, is found like any other.
#pragma once

#include <string>
#include <vector>

#include "conformance/mutants/mutant.hpp"
#include "conformance/rig/case.hpp"

namespace qmgr::conformance {

struct Kill {
    std::string case_id;
    std::string how;      ///< the verdict, or "crash", or "endless" (it used up its processor time)
    bool covers = false;  ///< the case covers the clause of the mutant
};

struct MutantResult {
    mutants::Mutant mutant;
    std::vector<Kill> kills;  ///< in the order in which they were found

    /// True when some case that covers the clause killed it.
    bool killed() const;
    bool survived() const { return !killed() && mutant.equivalent.empty(); }
};

struct KillOptions {
    bool all = false;        ///< every case, not only until one that covers the clause kills
    bool progress = false;   ///< show a line that is rewritten
    unsigned processes = 1;  ///< at the same time
};

/// True when the case covers the clause, a part of it, or what it is a part of.
bool covers(const Case& one, const std::string& clause);

/// True when a case that covers the requirement and kills the mutant proves the requirement: the
/// mutant cites it, or something that it restates.
bool is_about(const mutants::Mutant& mutant, const Requirement& requirement);

/// The cases that prove the requirement, sorted: they cover it and kill a mutant that is about it.
std::vector<std::string> proofs(const Requirement& requirement, const std::vector<Case>& cases,
                                const std::vector<MutantResult>& results);

/// Results in the order of `mutants`. Cases that cover the mutant's clause run first, the others
/// only while nothing has killed it. A missed SHOULD kills. Simulated rig; threads must not run.
std::vector<MutantResult> run_mutants(const std::vector<Case>& cases, const Catalogue& catalogue,
                                      const std::vector<mutants::Mutant>& mutants,
                                      const KillOptions& options);

/// What run_mutants leaves open because it stops at the first kill: for each requirement without a
/// proof, runs the cases that cover it on the mutants that are about it until one kills, and adds
/// those kills to `results`. Simulated rig; threads must not run.
void look_for_proofs(const std::vector<Case>& cases, const Catalogue& catalogue,
                     std::vector<MutantResult>& results, const KillOptions& options);

}  // namespace qmgr::conformance
