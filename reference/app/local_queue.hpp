// The queue of one folder of this machine: the real service over the real adapters.
#pragma once

#include <memory>
#include <string>

#include "reference/app/running_queue.hpp"
#include "reference/contract/policy.hpp"

namespace qmgr {

/// Makes the folder if it is missing (for its owner only), opens `queue.db` in it, and goes on with
/// every group that is not suspended. Null: another process has this queue open. A journal that
/// cannot be read is no reason to refuse: calls answer QM_E_SERVICE_UNAVAILABLE until it can.
/// Throws InputError when the folder cannot be made.
std::unique_ptr<RunningQueue> open_local_queue(const std::string& folder, const Policy& policy);

}  // namespace qmgr
