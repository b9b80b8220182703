#include "reference/library/queue_connection.hpp"

#include <utility>

#include "reference/contract/check.hpp"

namespace qmgr::inline v0::library {

QueueConnection::QueueConnection(SystemUnderTest& system, Caller caller)
    : system_(system), running_(nullptr), caller_(std::move(caller)) {}

QueueConnection::QueueConnection(RunningSystem& system, Caller caller)
    : system_(system), running_(&system), caller_(std::move(caller)) {}

QueueConnection::QueueConnection(std::unique_ptr<RunningQueue> queue, Caller caller)
    : owned_(std::move(queue)),
      system_(owned_->service()),
      running_(&owned_->service()),
      caller_(std::move(caller)) {}

QueueConnection::~QueueConnection() {
    end_deliveries();
    // Afterwards: a callback under way may hold some until it returns.
    QMGR_CHECK(held_ == 0, "a group, job or enumerator outlives its QueueManager");
}

void QueueConnection::end_deliveries() {
    if (!deliverer_.joinable()) return;
    running_->set_arrival(nullptr);
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    deliverer_.join();
}

std::unique_lock<std::mutex> QueueConnection::entry() {
    return running_ != nullptr ? std::unique_lock<std::mutex>() : std::unique_lock(entry_);
}

Reply QueueConnection::ask(const Call& call) {
    Reply reply;
    {
        const auto lock = entry();
        reply = system_.call(caller_, call);
    }
    if (is_unsupported(reply)) return {HResult::NotImplemented, {}};
    return reply;
}

void QueueConnection::register_callback(ClassId class_id, Callback& callback) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        callbacks_[class_id].callback = &callback;
        first = running_ != nullptr && !deliverer_.joinable();
        if (first) deliverer_ = std::thread([this] { deliver_when_told(); });
    }
    if (first) {
        running_->set_arrival([this] {
            const std::lock_guard lock(mutex_);
            arrived_ = true;
            changed_.notify_all();
        });
        // Another thread may have registered its class meanwhile, and been delivered to.
        const std::lock_guard lock(mutex_);
        arrived_ = true;
        changed_.notify_all();
    }
    const auto lock = entry();
    system_.register_callback(class_id);
}

void QueueConnection::unregister_callback(ClassId class_id) {
    std::unique_lock lock(mutex_);
    const auto found = callbacks_.find(class_id);
    if (found == callbacks_.end()) return;
    // The entry stays: a map's elements keep their place, so whoever delivers may hold on to it.
    found->second.callback = nullptr;
    changed_.wait(lock, [&] { return found->second.calls_under_way == 0; });
}

std::size_t QueueConnection::deliver_notifications() {
    return running_ != nullptr ? 0 : deliver_all();
}

std::size_t QueueConnection::deliver_all() {
    std::vector<Notification> waiting;
    {
        const auto lock = entry();
        waiting = system_.take_notifications();
    }
    for (const Notification& notification : waiting) deliver(notification);
    return waiting.size();
}

void QueueConnection::deliver(const Notification& notification) {
    Callback* callback = nullptr;
    Registered* registered = nullptr;
    {
        const std::lock_guard lock(mutex_);
        const auto found = callbacks_.find(notification.class_id);
        if (found != callbacks_.end() && !ending_) {
            registered = &found->second;
            callback = registered->callback;
            ++registered->calls_under_way;
        }
    }
    HResult answer = HResult::Failed;
    if (callback != nullptr) {
        const Group group(*this, notification.group, Lending::Borrowed);
        const Job job = notification.job ? Job(*this, *notification.job, Lending::Borrowed) : Job();
        answer = callback->on_status(group, job ? &job : nullptr, notification.file,
                                     notification.status, notification.retries,
                                     notification.win32_result, notification.transport_result);
    }
    if (registered != nullptr) {
        const std::lock_guard lock(mutex_);
        --registered->calls_under_way;
        changed_.notify_all();
    }
    const auto lock = entry();
    system_.answer(notification.number, answer);
}

void QueueConnection::deliver_when_told() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return arrived_ || ending_; });
        if (ending_) return;
        arrived_ = false;
        lock.unlock();
        deliver_all();
        lock.lock();
    }
}

}  // namespace qmgr::inline v0::library
