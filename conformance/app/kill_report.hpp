// What the mutants say of the suite: as text, as JSON and as a page. Survivors first: each is a
// case that is missing.
#pragma once

#include <string>
#include <vector>

#include "conformance/app/kill_matrix.hpp"

namespace qmgr::conformance {

class KillReport {
  public:
    /// The parts of the catalogue that mutants of `cases` have to prove.
    KillReport(const Catalogue& catalogue, const std::vector<Case>& cases,
               std::vector<MutantResult> results);

    /// No survivors, and at most one in twenty is equivalent.
    bool good() const;
    std::size_t killed() const;
    std::vector<const MutantResult*> survivors() const;

    /// The documented clauses that must be kept, can have a case, and that no case was seen to
    /// prove. Means something only when all mutants were run and look_for_proofs after them.
    std::vector<const Requirement*> unproven() const;

    /// The survivors and the sums.
    std::string text() const;
    /// What is unproven, and how many clauses of each basis are proven. Clauses that say "should"
    /// and retired ones are in neither.
    std::string proofs_text() const;
    /// `{"format":1,"mutants":[…],"clauses":[…]}`, as docs/conformance.md describes it.
    std::string json() const;
    std::string html() const;

  private:
    struct ClauseLine {
        const Requirement* requirement = nullptr;
        std::vector<std::string> cases;      ///< that cover it
        std::vector<std::string> proven_by;  ///< and killed a mutant of it
    };
    std::vector<ClauseLine> clauses() const;
    std::size_t equivalent() const;

    const Catalogue& catalogue_;
    const std::vector<Case>& cases_;
    std::vector<MutantResult> results_;
};

}  // namespace qmgr::conformance
