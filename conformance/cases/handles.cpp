// What a handle is, and for whom.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {

std::vector<Case> handles_cases() { return {}; }

}  // namespace qmgr::conformance
