// The end of a process by SIGKILL at a moment that chance has drawn: after so many events of its
// life, and a little later.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "reference/contract/time.hpp"

namespace qmgr::inline v0::conformance {

class Killer {
  public:
    Killer() = default;
    /// As disarm().
    ~Killer();
    Killer(const Killer&) = delete;
    Killer& operator=(const Killer&) = delete;

    /// Tells the number of a process of which nobody reaps the end before disarm(); 0: it has not
    /// begun yet. Called from the killer's thread.
    using Victim = std::function<pid_t()>;

    /// From now on that process has so many events to live, and `after` the last of them; 0: from
    /// now on. One thread arms and disarms.
    void arm(Victim victim, std::uint64_t events, Duration after);
    /// What a life is measured in: a call that is about to be made, a request that was answered.
    /// From any thread.
    void note_event();
    /// Lets it live. Returns when no signal is sent any more: true if one was.
    bool disarm();

  private:
    void wait_and_kill(const Victim& victim, Duration after);
    bool is_armed();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<std::uint64_t> events_left_;  // nothing: not armed
    bool killed_ = false;
    std::thread thread_;
};

}  // namespace qmgr::inline v0::conformance
