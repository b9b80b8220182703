// A system under test with threads of its own: what the library, `qmgr stdio` and the command line
// drive.
#pragma once

#include <functional>

#include "reference/contract/system_under_test.hpp"

namespace qmgr::inline v0 {

/// Every function, those of SystemUnderTest included, is safe to call from any thread, from several
/// at once.
class RunningSystem : public SystemUnderTest {
  public:
    /// Gets the answer of one call, once, on the system's thread. It must not block.
    using Completion = std::function<void(const Reply&)>;

    /// call() without blocking.
    virtual void submit(const Caller& caller, const Call& call, Completion completion) = 0;
    /// `arrived` is called, on the system's thread, whenever take_notifications() has something
    /// new; it must not block, nor call set_arrival. Null: nobody wants to know. When this
    /// returns, the function before is not running and never will be again.
    virtual void set_arrival(std::function<void()> arrived) = 0;
};

/// A running queue and everything it stands on. Its end stops the queue; transfers go on when it is
/// opened again.
class RunningQueue {
  public:
    RunningQueue() = default;
    RunningQueue(const RunningQueue&) = delete;
    RunningQueue& operator=(const RunningQueue&) = delete;
    virtual ~RunningQueue() = default;
    virtual RunningSystem& service() = 0;
};

}  // namespace qmgr::inline v0
