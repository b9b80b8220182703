// What stands behind the opaque types of qmgr_c.h. Not for users of the library.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "reference/library/qmgr_c.h"
#include "reference/library/queue_manager.hpp"

namespace qmgr::inline v0::library {

/// A C function as a callback.
class CallbackFunction final : public Callback {
  public:
    CallbackFunction(qmgr_queue& queue, qmgr_on_status function, void* context)
        : queue_(queue), function_(function), context_(context) {}
    HResult on_status(const Group& group, const Job* job, std::optional<FileIndex> file,
                      GroupStatus status, std::uint32_t retries, std::uint32_t win32_result,
                      std::uint32_t transport_result) override;

  private:
    qmgr_queue& queue_;
    qmgr_on_status function_;
    void* context_;
};

/// An object as C holds it: its own, or one that the library lends to a callback. Counted in its
/// queue while it is its own.
template <class Object>
class CObject {
  public:
    CObject(qmgr_queue& queue, Object own);
    CObject(qmgr_queue& queue, const Object* lent) : queue_(queue), object_(lent) {}
    CObject(const CObject&) = delete;
    CObject& operator=(const CObject&) = delete;
    ~CObject();

    qmgr_queue& queue() const { return queue_; }
    const Object& operator*() const { return *object_; }
    HResult release() { return own_.release(); }

  private:
    qmgr_queue& queue_;
    Object own_;
    const Object* object_;
};

}  // namespace qmgr::inline v0::library

struct qmgr_queue {
    explicit qmgr_queue(qmgr::library::QueueManager opened) : queue(std::move(opened)) {}

    // Before the queue, so that the queue, which calls them, ends first.
    std::mutex mutex;  // of `callbacks`
    std::map<qmgr::ClassId, std::unique_ptr<qmgr::library::CallbackFunction>> callbacks;
    std::atomic<std::size_t> held = 0;
    std::atomic<std::thread::id> delivering;  // who is inside a callback
    qmgr::library::QueueManager queue;
};

namespace qmgr::inline v0::library {

template <class Object>
CObject<Object>::CObject(qmgr_queue& queue, Object own)
    : queue_(queue), own_(std::move(own)), object_(&own_) {
    ++queue_.held;
}

template <class Object>
CObject<Object>::~CObject() {
    if (object_ == &own_) --queue_.held;
}

}  // namespace qmgr::inline v0::library

struct qmgr_group : qmgr::library::CObject<qmgr::library::Group> {
    using CObject::CObject;
};
struct qmgr_job : qmgr::library::CObject<qmgr::library::Job> {
    using CObject::CObject;
};
struct qmgr_group_enumerator : qmgr::library::CObject<qmgr::library::GroupEnumerator> {
    using CObject::CObject;
};
struct qmgr_job_enumerator : qmgr::library::CObject<qmgr::library::JobEnumerator> {
    using CObject::CObject;
};
