#include "propertytests/auditor.hpp"

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
void Auditor::call_answered(Instant, const Caller&, const Call&, const Reply&) {}
void Auditor::call_unanswered(Instant, const Caller&, const Call&) {}
void Auditor::surroundings_changed(Instant, const Surroundings&) {}
void Auditor::directory_is(std::string_view, DirectoryKind) {}
void Auditor::callback_registered(ClassId) {}
void Auditor::delivered(Instant, const Notification&) {}
void Auditor::notifications_taken(Instant) {}
void Auditor::delivery_answered(Instant, NotificationNumber, HResult) {}
void Auditor::restarted(Instant) {}

namespace audit {
std::size_t hash_of(const Model& model) { return model.queue.size(); }
}  // namespace audit

}  // namespace qmgr::propertytests
