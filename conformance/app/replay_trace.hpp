// Plays a trace file on a rig.
#pragma once

#include <string>

#include "conformance/app/runner.hpp"

namespace qmgr::conformance {

/// The first difference as text, or empty. The rig is made with the trace's own policy and server.
/// Throws InputError for a trace that cannot be read, and for a system that says of itself that
/// something it needs is missing on this machine.
std::string replay_trace(const std::string& path, const RigKind& kind);

}  // namespace qmgr::conformance
