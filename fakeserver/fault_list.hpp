// The effects for readers: as Markdown for the manual and as JSON for programs, printed from
// effect_table.hpp. Pure.
#pragma once

#include <string>

#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// A rule with the example fault of an effect.
FaultRule example_rule(Effect effect);

/// One section for each effect, in the order of the table.
std::string faults_markdown();

/// A list of objects: effect, does, for, simulated_only, needs_tls, of ("answer", "connection" or
/// "both"), points, parameters (name, required, least and most of a number where there are bounds),
/// example (a rule). Indented; ends with a line feed.
std::string faults_json_text();

}  // namespace qmgr::inline v0::fakeserver
