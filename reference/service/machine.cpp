#include "reference/service/machine.hpp"

#include <type_traits>

namespace qmgr {

void Machine::take(const Surroundings& what, EventSink& service) {
    // Posted under the lock, so that events come in the order of the changes.
    const std::lock_guard lock(mutex_);
    std::visit(
        [&](const auto& change) {
            using Kind = std::decay_t<decltype(change)>;
            namespace s = surroundings;
            if constexpr (std::is_same_v<Kind, s::LogOn>) {
                circumstances_.logged_off.erase(change.user);
                service.post(event::SessionChanged{change.user, true});
            } else if constexpr (std::is_same_v<Kind, s::LogOff>) {
                circumstances_.logged_off.insert(change.user);
                service.post(event::SessionChanged{change.user, false});
            } else if constexpr (std::is_same_v<Kind, s::NetworkLost> ||
                                 std::is_same_v<Kind, s::NetworkBack>) {
                circumstances_.network_lost = std::is_same_v<Kind, s::NetworkLost>;
                service.post(event::NetworkChanged{circumstances_.network_lost});
            } else if constexpr (std::is_same_v<Kind, s::Paused> ||
                                 std::is_same_v<Kind, s::Unpaused>) {
                circumstances_.paused = std::is_same_v<Kind, s::Paused>;
                service.post(event::PauseChanged{circumstances_.paused});
            } else if constexpr (std::is_same_v<Kind, s::DiskFull>) {
                disk_is_full_ = change.on;
            } else {
                static_assert(std::is_same_v<Kind, s::JournalFails>);
                journal_fails_ = change.on;
            }
        },
        what);
}

Circumstances Machine::current() {
    const std::lock_guard lock(mutex_);
    return circumstances_;
}

bool Machine::disk_is_full() {
    const std::lock_guard lock(mutex_);
    return disk_is_full_;
}

bool Machine::journal_fails() {
    const std::lock_guard lock(mutex_);
    return journal_fails_;
}

}  // namespace qmgr
