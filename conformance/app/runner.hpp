// Runs cases on rigs. GoogleTest does the running, so that its JUnit XML and its reporting work;
// which cases are meant is decided here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/app/deviations.hpp"
#include "conformance/app/report.hpp"
#include "conformance/app/selection.hpp"
#include "conformance/rig/case.hpp"

namespace qmgr::conformance {

/// One kind of rig: a name for reports, and how to make a fresh one for a case.
struct RigKind {
    std::string name;
    bool own = false;  ///< this project's own implementation
    std::function<std::unique_ptr<Rig>(const Setting&)> make;
    /// Why no case is run on it: each fails with this reason, which no known deviation covers; see
    /// Greeting. Empty: all are run.
    std::string broken = {};
};

/// "simulated", "loopback" (the qmgr beside this program) or "exec:COMMAND". Throws InputError for
/// any other text. `patience` is how long the rigs in real time wait for something.
RigKind rig_kind(const std::string& sut, const std::string& program_folder, Duration patience);

/// What a system says of itself before any case.
struct Greeting {
    Implementation implementation;
    /// Why nothing it says can be believed: it broke the protocol, or answered a call nobody ever
    /// heard of in any way but `unsupported`. Empty: it can.
    std::string broken;
};
Greeting greeting_of(const RigKind& kind);

struct RunOptions {
    std::vector<RigKind> rigs;
    Selection selection;
    Deviations deviations;
    Strictness strictness = Strictness::Must;
    bool progress = false;      ///< show a line that is rewritten
    std::string traces_folder;  ///< where traces go of cases that are not good; empty: nowhere
};

/// Runs all cases that are meant and adds them to the report, which knows the rigs. Prints each
/// case that is not good as it ends, but none of a kind that is broken. REQUIRES: GoogleTest is
/// initialised, and this is called once.
void run_all(const std::vector<Case>& cases, const RunOptions& options, const Catalogue& catalogue,
             Report& report);

/// The day it is, UTC.
Date today();

}  // namespace qmgr::conformance
