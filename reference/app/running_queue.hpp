// What the verbs of the program stand on: a service that runs, wherever its ports are.
#pragma once

#include "reference/service/service_under_test.hpp"

namespace qmgr {

/// A running service with everything it needs. Its destructor stops the service; what was resumed
/// goes on when the same queue is opened again.
class RunningQueue {
  public:
    RunningQueue() = default;
    RunningQueue(const RunningQueue&) = delete;
    RunningQueue& operator=(const RunningQueue&) = delete;
    virtual ~RunningQueue() = default;
    virtual ServiceUnderTest& service() = 0;
};

}  // namespace qmgr
