// Plays a plan in an audited world. Whatever is not allowed is a Violation; nothing else is judged.
#pragma once

#include <cstddef>
#include <vector>

#include "conformance/world/simulated_rig.hpp"
#include "propertytests/auditor.hpp"
#include "propertytests/plan.hpp"

namespace qmgr::propertytests {

struct Outcome {
    std::vector<Violation> violations;  ///< in the order in which they were found
    /// Commands performed when the first one was seen: 1 for the first command, and
    /// Plan::commands.size() + 1 for the ending. 0 if there is none.
    std::size_t step = 0;
};

/// An audited world: the commands, then every fault is healed, everything that was resumed ends,
/// everything is cancelled, and nothing is left. Stops at the first command with a violation.
/// `variation` makes the machine wrong (mutants); empty: the reference as it is.
Outcome play(const Plan& plan, const world::Variation& variation = {});

}  // namespace qmgr::propertytests
