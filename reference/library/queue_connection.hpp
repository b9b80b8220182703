// What a QueueManager and everything it gave out share: the way into the system, and the callbacks.
// Not for users of the library.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "reference/library/queue_manager.hpp"

namespace qmgr::inline v0::library {

/// Every function is safe to call from any thread.
class QueueConnection {
  public:
    /// Both outlive this object.
    QueueConnection(SystemUnderTest& system, Caller caller);
    QueueConnection(RunningSystem& system, Caller caller);
    QueueConnection(std::unique_ptr<RunningQueue> queue, Caller caller);
    QueueConnection(const QueueConnection&) = delete;
    QueueConnection& operator=(const QueueConnection&) = delete;
    ~QueueConnection();

    /// What the system does not do is answered E_NOTIMPL, without a value.
    Reply ask(const Call& call);
    /// Objects that hold a handle say so, and say when they no longer do.
    void hold() { ++held_; }
    void let_go() { --held_; }

    void register_callback(ClassId class_id, Callback& callback);
    void unregister_callback(ClassId class_id);
    std::size_t deliver_notifications();

  private:
    struct Registered {
        Callback* callback = nullptr;
        std::size_t calls_under_way = 0;
    };

    std::size_t deliver_all();
    void deliver(const Notification& notification);
    void deliver_when_told();
    void end_deliveries();

    // A plain system is entered by one thread at a time; one with threads needs no such lock.
    std::unique_lock<std::mutex> entry();

    std::unique_ptr<RunningQueue> owned_;
    SystemUnderTest& system_;
    RunningSystem* const running_;
    const Caller caller_;
    std::atomic<std::size_t> held_ = 0;
    std::mutex entry_;

    std::mutex mutex_;  // of all members below
    std::condition_variable changed_;
    std::map<ClassId, Registered> callbacks_;
    bool arrived_ = false;
    bool ending_ = false;
    std::thread deliverer_;
};

}  // namespace qmgr::inline v0::library
