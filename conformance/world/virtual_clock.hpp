// Time that passes when the world says so.
#pragma once

#include "reference/contract/check.hpp"
#include "reference/service/ports.hpp"

namespace qmgr::inline v0::world {

class VirtualClock final : public Clock {
  public:
    explicit VirtualClock(Instant start) : now_(start) {}
    Instant now() override { return now_; }
    void advance_to(Instant at) {
        QMGR_CHECK(at >= now_, "time never goes back");
        now_ = at;
    }

  private:
    Instant now_;
};

}  // namespace qmgr::inline v0::world
