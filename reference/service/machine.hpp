// What is around one service: who is logged on, whether there is a network, and the faults that a
// case asks for. The only place that keeps it, for the simulated world and for a real process.
#pragma once

#include <mutex>

#include "reference/contract/surroundings.hpp"
#include "reference/service/ports.hpp"

namespace qmgr {

/// Outlives the services that run on it, so a service that starts again finds it as it was. Every
/// function is safe to call from any thread.
class Machine final : public SurroundingsPort {
  public:
    /// At the start everybody is logged on, the network is there, nothing is held back or failing.
    Machine() = default;

    /// Takes a change and tells the service of it, if it is one the service hears of.
    void take(const Surroundings& what, EventSink& service);

    Circumstances current() override;
    /// Every write to a destination directory fails (FILE-DISK-1).
    bool disk_is_full();
    /// Every journal commit fails (SERVICE-1).
    bool journal_fails();

  private:
    std::mutex mutex_;
    Circumstances circumstances_;
    bool disk_is_full_ = false;
    bool journal_fails_ = false;
};

}  // namespace qmgr
