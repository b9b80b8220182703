// What a run of the suite found, on one rig or on several: the one value that every form of a
// report (text, JSON, HTML, Markdown) is written from.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/app/selection.hpp"
#include "conformance/rig/case.hpp"
#include "conformance/rig/requirements.hpp"

namespace qmgr::conformance {

/// A system that was tested, as it describes itself.
struct Implementation {
    std::string rig;  ///< what its results are listed under; one name, one implementation
    std::string name;
    std::string version;
    std::vector<std::string> abilities;
    /// This project's own: another answer to a clause that we chose counts as a failure.
    bool own = false;
    /// Which part of the cases that are meant was run on it, and how many are meant in all parts
    /// together.
    Shard shard = {};
    std::size_t meant = 0;
    bool operator==(const Implementation&) const = default;
};

/// One case on one rig. Passwords in URLs are masked.
struct CaseEntry {
    CaseResult result;
    std::string title;
    std::chrono::microseconds wall{0};  ///< the real time it took
};

using Totals = std::map<Verdict, std::size_t>;

/// "12 pass, 1 fail", in the order of Verdict; verdicts nobody got are left out.
std::string to_text(const Totals& totals);

/// True for fail and inconclusive, and for difference on an own rig.
bool is_wrong(Verdict verdict, bool own);

class Report {
  public:
    explicit Report(std::vector<Requirement> clauses) : clauses_(std::move(clauses)) {}

    /// Before the cases of its rig. REQUIRES: no other implementation has that rig.
    void add(Implementation implementation);
    /// The case's trace is cut to kTraceLines.
    void add(CaseEntry entry);
    /// A line of why known deviations are stale.
    void add_stale(std::string line) { stale_.push_back(std::move(line)); }
    void set_seed(std::optional<std::uint64_t> seed) { seed_ = seed; }

    const std::vector<Implementation>& implementations() const { return implementations_; }
    const std::vector<CaseEntry>& cases() const { return cases_; }
    const std::vector<Requirement>& clauses() const { return clauses_; }
    const std::vector<std::string>& stale() const { return stale_; }
    std::optional<std::uint64_t> seed() const { return seed_; }

    /// Of that rig, or of all.
    Totals totals(const std::string& rig = "") const;
    /// The worst verdict of the cases that cover the clause, on that rig or on any; nothing when
    /// none is in the report.
    std::optional<Verdict> verdict_of(const Requirement& clause, const std::string& rig = "") const;
    /// True when a case that covers the clause was run on some rig.
    bool was_run(const Requirement& clause) const;
    /// The entry of a case; null when that rig did not meet it.
    const CaseEntry* find(const std::string& case_id, const std::string& rig) const;
    bool is_own(const std::string& rig) const;

    /// There is a case, nothing failed, nothing was inconclusive, no deviation is stale, and our
    /// own rigs did not differ.
    bool good() const;

    /// One line a rig and area, then totals, clauses, times and what is stale.
    std::string text() const;

    /// Lines of a trace that are kept: the first and the last half of so many, and a note between
    /// them. Enough for every story of a person's size; a case of two weeks has ten thousand.
    static constexpr std::size_t kTraceLines = 2000;

  private:
    std::vector<Requirement> clauses_;
    std::vector<Implementation> implementations_;
    std::vector<CaseEntry> cases_;
    std::vector<std::string> stale_;
    std::optional<std::uint64_t> seed_;
};

/// The lines as a person reads them, each at most 160 characters, the last `most` of them; before
/// them stands how many were left out.
std::string excerpt(const std::vector<traces::TraceLine>& lines, std::size_t most);

}  // namespace qmgr::conformance
