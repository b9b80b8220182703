#include "propertytests/auditor.hpp"

#include "propertytests/auditor_judge.hpp"

namespace qmgr::propertytests {
namespace {

audit::Limits limits_of(const Policy& policy) {
    return {.retry_delay = policy.retry_delay,
            .inactivity = policy.inactivity_timeout,
            .sync_interval = policy.sync_interval,
            .jobs_per_user = policy.jobs_per_user,
            .jobs_per_machine = policy.jobs_per_machine,
            .files_per_job = policy.files_per_job,
            .remote_chars = policy.remote_name_chars,
            .remote_segment = policy.remote_segment_chars,
            .local_units = policy.local_name_units,
            .name_units = policy.display_name_units,
            .description_units = policy.description_units,
            .callbacks = policy.callbacks_at_once};
}

}  // namespace

Auditor::Auditor(const Policy& policy, const Premises& premises) {
    model_.limits = limits_of(policy);
    model_.premises = premises;
}

void Auditor::call_answered(Instant now, const Caller& caller, const Call& call,
                            const Reply& reply) {
    audit::Judge(model_, violations_, now).call_answered(caller, call, reply);
}

void Auditor::call_unanswered(Instant now, const Caller& caller, const Call& call) {
    audit::Judge(model_, violations_, now).call_unanswered(caller, call);
}

void Auditor::surroundings_changed(Instant now, const Surroundings& what) {
    audit::Judge(model_, violations_, now).surroundings_changed(what);
}

void Auditor::directory_is(std::string_view path, DirectoryKind kind) {
    const audit::Fingerprint print = audit::fingerprint(path);
    std::erase_if(model_.directories, [print](const auto& one) { return one.path == print; });
    model_.directories.push_back({print, kind});
}

void Auditor::callback_registered(ClassId class_id) {
    audit::Judge(model_, violations_, {}).callback_registered(class_id.guid);
}

void Auditor::delivered(Instant now, const Notification& notification) {
    audit::Judge(model_, violations_, now).delivered(notification);
}

void Auditor::notifications_taken(Instant now) {
    audit::Judge(model_, violations_, now).notifications_taken();
}

void Auditor::delivery_answered(Instant now, NotificationNumber number, HResult hresult) {
    audit::Judge(model_, violations_, now).delivery_answered(number, hresult);
}

void Auditor::restarted(Instant now) { audit::Judge(model_, violations_, now).restarted(); }

}  // namespace qmgr::propertytests
