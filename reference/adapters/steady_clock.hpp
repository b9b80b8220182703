// The real clock of a running service.
#pragma once

#include <chrono>

#include "reference/service/ports.hpp"

namespace qmgr {

/// Wall time at construction, plus what the monotonic clock has counted since, in whole
/// milliseconds. So it never goes back and never jumps, whatever is done to the wall clock while it
/// lives; a corrected wall clock is noticed at the next start. Any thread may ask.
class SteadyClock final : public Clock {
  public:
    SteadyClock();
    Instant now() override;

  private:
    const std::chrono::steady_clock::time_point origin_;
    const Instant origin_instant_;  ///< wall time at origin_
};

}  // namespace qmgr
