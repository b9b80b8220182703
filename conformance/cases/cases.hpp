// All conformance cases, by area.
#pragma once

#include <vector>

#include "conformance/rig/case.hpp"

namespace qmgr::conformance {

std::vector<Case> group_lifecycle_cases();
std::vector<Case> group_effects_cases();
std::vector<Case> group_states_cases();
std::vector<Case> group_properties_cases();
std::vector<Case> handles_cases();
std::vector<Case> job_files_cases();
std::vector<Case> job_status_cases();
std::vector<Case> progress_cases();
std::vector<Case> callbacks_cases();
std::vector<Case> enumeration_cases();
std::vector<Case> durations_cases();
std::vector<Case> http_ranges_cases();
std::vector<Case> http_errors_cases();
std::vector<Case> restart_cases();
std::vector<Case> surroundings_cases();
/// Part of surroundings_cases().
std::vector<Case> obstacle_cases();
std::vector<Case> notifications_cases();
std::vector<Case> limits_cases();
std::vector<Case> requests_cases();
std::vector<Case> http_statuses_cases();
std::vector<Case> waiting_cases();
std::vector<Case> http_bodies_cases();
std::vector<Case> http_redirects_cases();
std::vector<Case> changed_files_cases();
std::vector<Case> scheduling_cases();
std::vector<Case> disk_files_cases();

/// The lists one after another.
std::vector<Case> joined(std::vector<std::vector<Case>> lists);

/// In a fixed order; ids are unique.
std::vector<Case> all_cases();

}  // namespace qmgr::conformance
