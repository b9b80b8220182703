// What a job tells of its errors.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {

std::vector<Case> job_status_cases() { return {}; }

}  // namespace qmgr::conformance
