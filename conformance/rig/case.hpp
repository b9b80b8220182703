// A conformance case: data and one function of a rig.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/rig/requirements.hpp"
#include "conformance/rig/rig.hpp"

namespace qmgr::inline v0::conformance {

struct Case {
    std::string id;                   ///< "area.what_it_shows"; stable
    std::vector<std::string> covers;  ///< clause ids
    std::string title;                ///< a sentence that is true of a right implementation
    std::vector<std::string> needs;   ///< ability words
    Setting setting;
    std::function<void(Rig&)> run;
};

/// The area of a case: its id up to the first dot.
std::string area_of(const std::string& case_id);

struct CaseResult {
    std::string id;
    std::string rig;
    std::vector<std::string> covers;
    Verdict verdict = Verdict::Fail;
    std::string detail;                    ///< why it is not a pass; empty for one
    std::vector<Finding> findings;         ///< graded; passwords in URLs are masked
    std::vector<traces::TraceLine> trace;  ///< what happened; of a case that was run
    std::uint64_t expectations = 0;
    std::uint64_t hresult_expectations = 0;  ///< those of them that looked at an HRESULT
    Duration elapsed{0};                     ///< virtual or real time the case took
};

/// Whether a SHOULD that is not met fails, or is lenient.
enum class Strictness { Must, Should };

/// Runs `one` on a fresh rig and judges it.
CaseResult run_case(const Case& one, const std::string& rig_name, Rig& rig,
                    const Catalogue& catalogue, Strictness strictness = Strictness::Must);

/// The result of a case that was not run, for that reason.
CaseResult not_run(const Case& one, const std::string& rig_name, Verdict verdict,
                   const std::string& reason);

/// The result of a case that cannot run because the system lacks an ability it needs; nothing if it
/// has all.
std::optional<CaseResult> refused_for_ability(const Case& one, const std::string& rig_name,
                                              const Description& system);

}  // namespace qmgr::inline v0::conformance
