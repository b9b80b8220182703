#include "conformance/cases/cases.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace qmgr::conformance {

std::vector<Case> joined(std::vector<std::vector<Case>> lists) {
    std::vector<Case> all;
    for (std::vector<Case>& list : lists)
        std::move(list.begin(), list.end(), std::back_inserter(all));
    return all;
}

std::vector<Case> all_cases() {
    return joined({group_lifecycle_cases(),  group_effects_cases(), group_states_cases(),
                   group_properties_cases(), handles_cases(),       job_files_cases(),
                   job_status_cases(),       progress_cases(),      enumeration_cases(),
                   durations_cases(),        http_ranges_cases(),   http_errors_cases(),
                   restart_cases(),          surroundings_cases(),  notifications_cases(),
                   limits_cases(),           requests_cases(),      http_statuses_cases(),
                   waiting_cases(),          http_bodies_cases(),   http_redirects_cases(),
                   changed_files_cases(),    scheduling_cases(),    disk_files_cases(),
                   callbacks_cases()});
}

}  // namespace qmgr::conformance
