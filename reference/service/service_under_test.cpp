#include "reference/service/service_under_test.hpp"

#include <condition_variable>
#include <utility>

#include "reference/contract/check.hpp"

namespace qmgr {

ServiceUnderTest::ServiceUnderTest(Service& service, Inbox& inbox, Machine& machine,
                                   CallbackDesk& desk, Description description)
    : inbox_(inbox), machine_(machine), desk_(desk), description_(std::move(description)) {
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

std::optional<std::string> ServiceUnderTest::surroundings(const Surroundings& what) {
    if (!description_.abilities.contains(std::string(ability_for(what))))
        return "a process has the surroundings it has";
    machine_.take(what, inbox_);
    return std::nullopt;
}

void ServiceUnderTest::register_callback(ClassId class_id) { desk_.add(class_id); }

void ServiceUnderTest::set_arrival(std::function<void()> arrived) {
    desk_.set_arrival(std::move(arrived));
}

std::vector<Notification> ServiceUnderTest::take_notifications() { return desk_.take(); }

void ServiceUnderTest::answer(NotificationNumber number, HResult hresult) {
    desk_.answer(number, hresult);
}

void ServiceUnderTest::restart() {
    QMGR_CHECK(false, "a process is restarted by whoever started it");
}

}  // namespace qmgr
