// What is kept of a failing plan: a trace, which says what happened in the words of the interface
// and can be played on anything, and a story of it for a person. A plan is only numbers, and means
// something else once the grammar of commands has changed; a trace goes on meaning the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/rig/requirements.hpp"
#include "conformance/world/simulated_rig.hpp"
#include "propertytests/play.hpp"
#include "traces/replayer.hpp"
#include "traces/trace.hpp"

namespace qmgr::propertytests {

/// A plan that was played, with everything that happened.
struct Recording {
    Outcome outcome;
    /// A note before what each command did: its number and words. In it are the requests and the
    /// disk as they were seen, and the steps of the reference. The first note is the plan.
    traces::Trace trace;
};

/// Plays it as play() does. The trace has the title of the first violation, or `title` where there
/// is none.
Recording record(const Plan& plan, const world::Variation& variation = {},
                 const std::string& title = "a plan in which nothing is wrong");

/// What came of a trace that was played once more.
struct Replayed {
    std::optional<traces::Difference> difference;  ///< the first answer that is another one
    std::vector<Violation> violations;             ///< of the auditor and of the invariants
};

/// Plays the trace in a simulated rig, with all that judges a plan. What was recorded of a wrong
/// machine is repeated there, and nowhere else: in a machine that was mended there is a difference
/// and no violation. Throws InputError for a trace that cannot be played.
Replayed replay(const traces::Trace& trace, const world::Variation& variation = {});

/// The violation with the words of its clause; then one line for each command and what was seen of
/// it; then `repeat`, the line that repeats it. Ends with a line feed.
std::string story_of(const Recording& recording, const conformance::Catalogue& catalogue,
                     const std::string& repeat);

/// Writes FOLDER/NAME.jsonl, the trace, and FOLDER/NAME.txt, the story; NAME is the name of the
/// first violation and a number of the plan, the same for the same plan. Makes the folder. Returns
/// the path of the trace. Throws InputError for what cannot be written. REQUIRES: a violation.
/// `options` is what the replay needs besides: " --mutant J-04.to", or nothing.
std::string write_counterexample(const Recording& recording,
                                 const conformance::Catalogue& catalogue, const std::string& folder,
                                 const std::string& options = "");

}  // namespace qmgr::propertytests
