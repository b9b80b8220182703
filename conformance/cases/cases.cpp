#include "conformance/cases/cases.hpp"

#include <iterator>

namespace qmgr::conformance {

std::vector<Case> all_cases() {
    std::vector<Case> all;
    for (const auto& area :
         {group_lifecycle_cases, group_properties_cases, job_files_cases, progress_cases,
          enumeration_cases, http_ranges_cases, http_errors_cases, restart_cases}) {
        std::vector<Case> cases = area();
        std::move(cases.begin(), cases.end(), std::back_inserter(all));
    }
    return all;
}

}  // namespace qmgr::conformance
