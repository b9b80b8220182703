// The queue behind bits.h: IBackgroundCopyManager, a group is a job (docs/com-mapping.md).
#pragma once

#include <windows.h>

#include <memory>

#include "conformance/adapters/com/deadline.hpp"
#include "conformance/adapters/com/queue.hpp"

namespace qmgr::com_adapter {

/// Null and the reason in `result` when this machine has no BITS (REGDB_E_CLASSNOTREG), or it
/// cannot be used before `deadline`. COM is initialised for many threads. When the state folder has
/// been used before, the service is restarted first, if this process may.
std::unique_ptr<Queue> open_job_queue(const Settings& settings, const Deadline& deadline,
                                      HRESULT& result);

}  // namespace qmgr::com_adapter
