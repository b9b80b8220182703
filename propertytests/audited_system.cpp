#include "propertytests/audited_system.hpp"

#include <utility>

namespace qmgr::propertytests {

AuditedSystem::AuditedSystem(SystemUnderTest& inner, Auditor& auditor, std::function<Instant()> now)
    : inner_(inner), auditor_(auditor), now_(std::move(now)), last_caller_{"u1", false} {}

Description AuditedSystem::describe() { return inner_.describe(); }

Reply AuditedSystem::call(const Caller& caller, const Call& call) {
    last_caller_ = caller;
    Reply reply = inner_.call(caller, call);
    auditor_.call_answered(now_(), caller, call, reply);
    return reply;
}

std::optional<std::string> AuditedSystem::surroundings(const Surroundings& what) {
    auto refusal = inner_.surroundings(what);
    if (!refusal) auditor_.surroundings_changed(now_(), what);
    return refusal;
}

void AuditedSystem::register_callback(ClassId class_id) {
    inner_.register_callback(class_id);
    auditor_.callback_registered(class_id);
}

std::vector<Notification> AuditedSystem::take_notifications() {
    std::vector<Notification> taken = inner_.take_notifications();
    for (const Notification& one : taken) auditor_.delivered(now_(), one);
    for (const Notification& one : taken) {
        call(last_caller_, call::GetGroupId{one.group});
        if (one.job) call(last_caller_, call::GetJobId{*one.job});
    }
    auditor_.notifications_taken(now_());
    return taken;
}

void AuditedSystem::answer(NotificationNumber number, HResult hresult) {
    inner_.answer(number, hresult);
    auditor_.delivery_answered(now_(), number, hresult);
}

void AuditedSystem::restart() {
    inner_.restart();
    was_restarted();
}

void AuditedSystem::was_restarted() { auditor_.restarted(now_()); }

}  // namespace qmgr::propertytests
