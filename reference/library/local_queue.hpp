// The queue of one folder of this machine: the real service over the real adapters.
#pragma once

#include <memory>
#include <string>

#include "reference/contract/policy.hpp"
#include "reference/contract/queue_observer.hpp"
#include "reference/contract/running_system.hpp"

namespace qmgr::inline v0 {

/// The path of the journal of the queue in that folder.
std::string journal_in(const std::string& folder);

/// Makes the folder if it is missing (for its owner only), opens the journal in it, and goes on
/// with every group that is not suspended. Null: another process has this queue open. Throws
/// InputError when the folder cannot be made.
///
/// A journal that cannot be opened is told on stderr and no reason to refuse: calls answer
/// QM_E_SERVICE_UNAVAILABLE until it can be. One that is damaged or no journal at all is put aside
/// under the name that is told, and the queue begins empty.
///
/// `observer`, if there is one, outlives the queue and hears of every step and every stored file.
std::unique_ptr<RunningQueue> open_local_queue(const std::string& folder, const Policy& policy,
                                               QueueObserver* observer = nullptr);

}  // namespace qmgr::inline v0
