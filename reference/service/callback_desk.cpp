#include "reference/service/callback_desk.hpp"

#include <utility>

namespace qmgr {

void CallbackDesk::set_arrival(std::function<void()> arrived) {
    const std::lock_guard lock(arrival_mutex_);
    arrived_ = std::move(arrived);
}

void CallbackDesk::add(ClassId class_id) {
    {
        const std::lock_guard lock(mutex_);
        registered_.insert(class_id);
        std::erase_if(waiting_, [&](const Notification& one) { return one.class_id == class_id; });
    }
    service_.post(event::CallbackRegistered{class_id});
}

std::vector<Notification> CallbackDesk::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
}

void CallbackDesk::answer(NotificationNumber number, HResult result) {
    service_.post(event::NotificationAnswered{number, result});
}

void CallbackDesk::deliver(const Notification& notification) {
    bool known = false;
    {
        const std::lock_guard lock(mutex_);
        // The call before was given up, and the handles lent with it are gone.
        std::erase_if(waiting_,
                      [&](const Notification& one) { return one.number == notification.number; });
        known = registered_.contains(notification.class_id);
        if (known) waiting_.push_back(notification);
    }
    if (!known) {
        service_.post(event::NotificationAnswered{notification.number, HResult::Failed});
        return;
    }
    const std::lock_guard lock(arrival_mutex_);
    if (arrived_) arrived_();
}

void CallbackDesk::forget() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
}

}  // namespace qmgr
