// The queue behind qmgr.h: IBackgroundCopyQMgr, every call is the method of that name.
#pragma once

#include <windows.h>

#include <memory>

#include "conformance/adapters/com/queue.hpp"

namespace qmgr::com_adapter {

/// Null and the reason in `result` where that class is not registered, as on everything newer than
/// Windows 10 1909 and under Wine. COM is initialised for many threads.
std::unique_ptr<Queue> open_group_queue(const Settings& settings, HRESULT& result);

}  // namespace qmgr::com_adapter
