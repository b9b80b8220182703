#include "conformance/adapters/com/callback.hpp"

#include <utility>

#include "conformance/adapters/com/windows_text.hpp"

namespace qmgr::com_adapter {

Deliveries::Expected Deliveries::expect(std::uint64_t number, const std::string& class_id) {
    const std::lock_guard lock(mutex_);
    answers_.erase(number);
    return {number, class_id, drops_[class_id]};
}

Code Deliveries::wait(const Expected& expected) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
        return answers_.contains(expected.number) || drops_[expected.class_id] != expected.drops;
    });
    const auto answer = answers_.find(expected.number);
    if (answer == answers_.end()) return kDisconnected;
    const Code code = answer->second;
    answers_.erase(answer);
    return code;
}

void Deliveries::answer(std::uint64_t number, Code code) {
    const std::lock_guard lock(mutex_);
    answers_[number] = code;
    changed_.notify_all();
}

void Deliveries::drop(const std::string& class_id) {
    const std::lock_guard lock(mutex_);
    ++drops_[class_id];
    changed_.notify_all();
}

JobCallback::JobCallback(Event event) : event_(std::move(event)) {}

HRESULT JobCallback::QueryInterface(REFIID iid, void** object) {
    const bool known = iid == __uuidof(IUnknown) || iid == __uuidof(IBackgroundCopyCallback);
    *object = known ? this : nullptr;
    if (known) AddRef();
    return known ? S_OK : E_NOINTERFACE;
}

ULONG JobCallback::AddRef() { return ++references_; }

ULONG JobCallback::Release() {
    const ULONG left = --references_;
    if (left == 0) delete this;
    return left;
}

HRESULT JobCallback::JobTransferred(IBackgroundCopyJob* job) { return event_(*job, false); }

HRESULT JobCallback::JobError(IBackgroundCopyJob* job, IBackgroundCopyError* /*error*/) {
    return event_(*job, true);
}

HRESULT JobCallback::JobModification(IBackgroundCopyJob* /*job*/, DWORD /*reserved*/) {
    return S_OK;
}

}  // namespace qmgr::com_adapter
