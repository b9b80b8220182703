// Runs cases on rigs; GoogleTest does the running, so that its filter and listing work.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/app/report.hpp"
#include "conformance/rig/case.hpp"

namespace qmgr::conformance {

/// One kind of rig: a name for reports, and how to make a fresh one for a case.
struct RigKind {
    std::string name;
    std::function<std::unique_ptr<Rig>(const Setting&)> make;
};

/// "simulated", "loopback" (the qmgr beside this program) or "exec:COMMAND". Throws InputError for
/// any other text.
RigKind rig_kind(const std::string& sut, const std::string& program_folder);

/// False when the system answers a call nobody ever heard of in any way but `unsupported`: nothing
/// it says can then be believed.
bool refuses_unknown_calls(const RigKind& kind);

struct RunOptions {
    std::vector<RigKind> rigs;
    std::string filter = "*";   ///< a GoogleTest filter over "rig/area.case"
    bool progress = false;      ///< show a line that is rewritten
    std::string traces_folder;  ///< where the traces of cases that are no pass go; empty: nowhere
};

/// Runs all cases that the filter leaves and adds them to the report. Prints each case that is not
/// good as it ends.
void run_all(const std::vector<Case>& cases, const RunOptions& options, const Catalogue& catalogue,
             Report& report);

}  // namespace qmgr::conformance
