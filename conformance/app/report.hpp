// What a run of the suite found: as text for a terminal, as JSON for programs.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "conformance/rig/case.hpp"
#include "conformance/rig/requirements.hpp"

namespace qmgr::conformance {

class Report {
  public:
    explicit Report(const Catalogue& catalogue) : catalogue_(catalogue) {}

    /// `wall` is the real time the case took.
    void add(const CaseResult& result, std::chrono::microseconds wall);

    const std::vector<CaseResult>& results() const { return results_; }
    std::map<Verdict, std::size_t> totals() const;
    /// True when nothing failed, differed or was inconclusive.
    bool good() const;

    /// One line a rig and area, then totals, clauses and times.
    std::string text() const;
    /// {"format":1,"totals":{…},"cases":[…],"clauses":[…]}
    std::string json() const;

  private:
    struct ClauseLine {
        const Requirement* requirement = nullptr;
        std::string verdict;  ///< the worst of its cases, or "not covered"
    };
    std::vector<ClauseLine> clauses() const;

    const Catalogue& catalogue_;
    std::vector<CaseResult> results_;
    std::vector<std::chrono::microseconds> walls_;
};

}  // namespace qmgr::conformance
