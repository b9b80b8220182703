#include "conformance/loopback/killer.hpp"

#include <signal.h>

#include <utility>

#include "conformance/loopback/loopback_rig.hpp"
#include "reference/contract/check.hpp"

namespace qmgr::inline v0::conformance {

Killer::~Killer() { disarm(); }

void Killer::arm(Victim victim, std::uint64_t events, Duration after) {
    QMGR_CHECK(!thread_.joinable(), "disarmed before it is armed again");
    {
        const std::lock_guard lock(mutex_);
        events_left_ = events;
        killed_ = false;
    }
    thread_ =
        std::thread([this, victim = std::move(victim), after] { wait_and_kill(victim, after); });
}

void Killer::note_event() {
    const std::lock_guard lock(mutex_);
    if (!events_left_ || *events_left_ == 0) return;
    if (--*events_left_ == 0) changed_.notify_one();
}

bool Killer::is_armed() {
    const std::lock_guard lock(mutex_);
    return events_left_.has_value();
}

void Killer::wait_and_kill(const Victim& victim, Duration after) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !events_left_ || *events_left_ == 0; });
    }
    if (is_armed()) pass_real_time(after);
    pid_t pid = 0;
    while (is_armed() && (pid = victim()) == 0) pass_real_time(Duration(1));
    const std::lock_guard lock(mutex_);
    if (!events_left_) return;
    ::kill(pid, SIGKILL);
    killed_ = true;
}

bool Killer::disarm() {
    {
        const std::lock_guard lock(mutex_);
        events_left_.reset();
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
    return killed_;
}

}  // namespace qmgr::inline v0::conformance
