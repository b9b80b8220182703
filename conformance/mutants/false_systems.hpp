// Systems that implement nothing and answer all the same. A suite that any of them could pass by
// more than chance would judge answers, not behaviour.
#pragma once

#include <vector>

#include "conformance/mutants/mutant.hpp"

namespace qmgr::mutants {

/// Four: always S_OK with plausible values; always E_FAIL; a code at random among the documented
/// ones; the right answer, but after the time a call may take (Rig::kCallBudget). As mutants of
/// everything, so that whatever runs mutants runs them.
std::vector<Mutant> false_systems();

}  // namespace qmgr::mutants
