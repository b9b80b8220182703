#include "reference/service/inbox.hpp"

#include <utility>

namespace qmgr {

void Inbox::post(Event event) {
    {
        const std::lock_guard lock(mutex_);
        items_.emplace_back(std::move(event));
    }
    arrived_.notify_one();
}

void Inbox::submit(PendingCall call) {
    {
        const std::lock_guard lock(mutex_);
        items_.emplace_back(std::move(call));
    }
    arrived_.notify_one();
}

void Inbox::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    arrived_.notify_all();
}

std::vector<Inbox::Item> Inbox::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(items_, {});
}

bool Inbox::wait(std::optional<Duration> limit) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return closed_ || !items_.empty(); };
    if (limit)
        arrived_.wait_for(lock, *limit, ready);
    else
        arrived_.wait(lock, ready);
    return !closed_;
}

}  // namespace qmgr
