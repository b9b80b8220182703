#include "reference/service/service_under_test.hpp"

#include <condition_variable>
#include <utility>

#include "reference/contract/check.hpp"

namespace qmgr {

ServiceUnderTest::ServiceUnderTest(Service& service, Inbox& inbox, Description description)
    : inbox_(inbox), description_(std::move(description)) {
    thread_ = std::thread([&service] {
        service.open();
        service.run();
    });
}

ServiceUnderTest::~ServiceUnderTest() {
    inbox_.close();
    thread_.join();
    for (const auto& [id, completion] : std::exchange(waiting_, {}))
        completion({HResult::QmServiceUnavailable, {}});
}

Description ServiceUnderTest::describe() { return description_; }

Reply ServiceUnderTest::call(const Caller& caller, const Call& call) {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<Reply> answer;
    submit(caller, call, [&](const Reply& reply) {
        // Told under the lock: once it is free, these three may be gone.
        const std::lock_guard lock(mutex);
        answer = reply;
        answered.notify_one();
    });
    std::unique_lock lock(mutex);
    answered.wait(lock, [&] { return answer.has_value(); });
    return std::move(*answer);
}

void ServiceUnderTest::submit(const Caller& caller, const Call& call, Completion completion) {
    CallId id;
    {
        const std::lock_guard lock(mutex_);
        id.value = next_call_++;
        waiting_.emplace(id, std::move(completion));
    }
    inbox_.submit({id, caller, call, this});
}

void ServiceUnderTest::replied(CallId call, const Reply& reply) {
    Completion completion;
    {
        const std::lock_guard lock(mutex_);
        completion = std::move(waiting_.extract(call).mapped());
    }
    completion(reply);
}

std::optional<std::string> ServiceUnderTest::surroundings(const Surroundings& /*what*/) {
    return "a process has the surroundings it has";
}

void ServiceUnderTest::register_callback(ClassId /*class_id*/) {}

std::vector<Notification> ServiceUnderTest::take_notifications() { return {}; }

void ServiceUnderTest::answer(NotificationNumber /*number*/, HResult /*hresult*/) {}

void ServiceUnderTest::restart() {
    QMGR_CHECK(false, "a process is restarted by whoever started it");
}

}  // namespace qmgr
