// The names of all fields, once: each struct of the contract that has a JSON form lists its members
// here, and json.cpp reads and writes them from this list. Part of contract_json only.
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>

#include "reference/contract/call.hpp"
#include "reference/contract/notification.hpp"
#include "reference/contract/policy.hpp"
#include "reference/contract/reply.hpp"
#include "reference/contract/surroundings.hpp"

namespace qmgr::inline v0::json_fields {

/// Types, so that what a field does not need is not built for it.
struct Presence {
    struct AlwaysThere {};
    struct ThereIfChanged {};
    static constexpr AlwaysThere Always{};  ///< must be there
    /// Written only when it differs from the default; missing means the default.
    static constexpr ThereIfChanged IfChanged{};
};

template <class Struct, class Member, class HowOften>
struct Field {
    static constexpr bool may_be_missing = std::is_same_v<HowOften, Presence::ThereIfChanged>;
    std::string_view key;
    Member Struct::*member;
};

template <class Struct, class Member, class HowOften = Presence::AlwaysThere>
constexpr Field<Struct, Member, HowOften> field(std::string_view key, Member Struct::*member,
                                                HowOften /*presence*/ = {}) {
    return {key, member};
}

template <class Struct>
struct Form;  // name: the key of a variant's alternative; list: its fields

template <class Struct>
struct EmptyForm {
    static constexpr auto list = std::make_tuple();
};
template <class Struct>
struct OfGroup {
    static constexpr auto list = std::make_tuple(field("group", &Struct::group));
};
template <class Struct>
struct OfJob {
    static constexpr auto list = std::make_tuple(field("job", &Struct::job));
};
template <class Struct>
struct OfEnumerator {
    static constexpr auto list = std::make_tuple(field("enumerator", &Struct::enumerator));
};

using namespace call;  // NOLINT(google-build-using-namespace): this header is a list of calls

template <>
struct Form<CreateGroup> {
    static constexpr std::string_view name = "create_group";
    static constexpr auto list = std::make_tuple(field("group_id", &CreateGroup::group_id));
};
template <>
struct Form<GetGroup> {
    static constexpr std::string_view name = "get_group";
    static constexpr auto list = std::make_tuple(field("group_id", &GetGroup::group_id));
};
template <>
struct Form<EnumGroups> {
    static constexpr std::string_view name = "enum_groups";
    static constexpr auto list = std::make_tuple(field("flags", &EnumGroups::flags));
};
template <>
struct Form<GetProp> {
    static constexpr std::string_view name = "get_prop";
    static constexpr auto list =
        std::make_tuple(field("group", &GetProp::group), field("property", &GetProp::property));
};
template <>
struct Form<SetProp> {
    static constexpr std::string_view name = "set_prop";
    static constexpr auto list =
        std::make_tuple(field("group", &SetProp::group), field("property", &SetProp::property),
                        field("value", &SetProp::value));
};
template <>
struct Form<GetGroupProgress> {
    static constexpr std::string_view name = "get_group_progress";
    static constexpr auto list = std::make_tuple(field("group", &GetGroupProgress::group),
                                                 field("flag", &GetGroupProgress::flag));
};
template <>
struct Form<GetGroupStatus> : OfGroup<GetGroupStatus> {
    static constexpr std::string_view name = "get_group_status";
};
template <>
struct Form<GetJob> {
    static constexpr std::string_view name = "get_job";
    static constexpr auto list =
        std::make_tuple(field("group", &GetJob::group), field("job_id", &GetJob::job_id));
};
template <>
struct Form<SuspendGroup> : OfGroup<SuspendGroup> {
    static constexpr std::string_view name = "suspend_group";
};
template <>
struct Form<ResumeGroup> : OfGroup<ResumeGroup> {
    static constexpr std::string_view name = "resume_group";
};
template <>
struct Form<CancelGroup> : OfGroup<CancelGroup> {
    static constexpr std::string_view name = "cancel_group";
};
template <>
struct Form<GetSize> : OfGroup<GetSize> {
    static constexpr std::string_view name = "get_size";
};
template <>
struct Form<GetGroupId> : OfGroup<GetGroupId> {
    static constexpr std::string_view name = "get_group_id";
};
template <>
struct Form<CreateJob> {
    static constexpr std::string_view name = "create_job";
    static constexpr auto list =
        std::make_tuple(field("group", &CreateJob::group), field("job_id", &CreateJob::job_id));
};
template <>
struct Form<EnumJobs> {
    static constexpr std::string_view name = "enum_jobs";
    static constexpr auto list =
        std::make_tuple(field("group", &EnumJobs::group), field("flags", &EnumJobs::flags));
};
template <>
struct Form<SwitchGroupToForeground> : OfGroup<SwitchGroupToForeground> {
    static constexpr std::string_view name = "switch_group_to_foreground";
};
template <>
struct Form<QueryNewJobInterface> : OfGroup<QueryNewJobInterface> {
    static constexpr std::string_view name = "query_new_job_interface";
};
template <>
struct Form<SetNotificationPointer> : OfGroup<SetNotificationPointer> {
    static constexpr std::string_view name = "set_notification_pointer";
};
template <>
struct Form<InternalSetProp> : OfGroup<InternalSetProp> {
    static constexpr std::string_view name = "internal_set_prop";
};
template <>
struct Form<CancelJob> : OfJob<CancelJob> {
    static constexpr std::string_view name = "cancel_job";
};
template <>
struct Form<GetJobProgress> {
    static constexpr std::string_view name = "get_job_progress";
    static constexpr auto list =
        std::make_tuple(field("job", &GetJobProgress::job), field("flag", &GetJobProgress::flag));
};
template <>
struct Form<GetJobStatus> : OfJob<GetJobStatus> {
    static constexpr std::string_view name = "get_job_status";
};
template <>
struct Form<GetTimes> : OfJob<GetTimes> {
    static constexpr std::string_view name = "get_times";
};
template <>
struct Form<AddFiles> {
    static constexpr std::string_view name = "add_files";
    static constexpr auto list =
        std::make_tuple(field("job", &AddFiles::job), field("files", &AddFiles::files));
};
template <>
struct Form<GetFile> {
    static constexpr std::string_view name = "get_file";
    static constexpr auto list =
        std::make_tuple(field("job", &GetFile::job), field("index", &GetFile::index));
};
template <>
struct Form<GetFileCount> : OfJob<GetFileCount> {
    static constexpr std::string_view name = "get_file_count";
};
template <>
struct Form<SwitchJobToForeground> : OfJob<SwitchJobToForeground> {
    static constexpr std::string_view name = "switch_job_to_foreground";
};
template <>
struct Form<GetJobId> : OfJob<GetJobId> {
    static constexpr std::string_view name = "get_job_id";
};
template <>
struct Form<Next> {
    static constexpr std::string_view name = "next";
    static constexpr auto list =
        std::make_tuple(field("enumerator", &Next::enumerator), field("count", &Next::count),
                        field("fetched_is_null", &Next::fetched_is_null, Presence::IfChanged));
};
template <>
struct Form<Skip> {
    static constexpr std::string_view name = "skip";
    static constexpr auto list =
        std::make_tuple(field("enumerator", &Skip::enumerator), field("count", &Skip::count));
};
template <>
struct Form<Reset> : OfEnumerator<Reset> {
    static constexpr std::string_view name = "reset";
};
template <>
struct Form<Clone> : OfEnumerator<Clone> {
    static constexpr std::string_view name = "clone";
};
template <>
struct Form<GetCount> : OfEnumerator<GetCount> {
    static constexpr std::string_view name = "get_count";
};
// Release writes its handle under the key of its kind; json.cpp knows the three kinds.
template <>
struct Form<Release> {
    static constexpr std::string_view name = "release";
};

template <>
struct Form<FileSetInfo> {
    static constexpr auto list =
        std::make_tuple(field("remote_name", &FileSetInfo::remote_name),
                        field("local_name", &FileSetInfo::local_name),
                        field("size_hint", &FileSetInfo::size_hint, Presence::IfChanged));
};
template <>
struct Form<Caller> {
    static constexpr auto list =
        std::make_tuple(field("user", &Caller::user),
                        field("administrator", &Caller::administrator, Presence::IfChanged));
};
template <>
struct Form<value::Progress> {
    static constexpr auto list = std::make_tuple(field("progress", &value::Progress::amount));
};
template <>
struct Form<value::Size> {
    static constexpr auto list = std::make_tuple(field("size", &value::Size::bytes));
};
template <>
struct Form<value::Count> {
    static constexpr auto list = std::make_tuple(field("count", &value::Count::number));
};
template <>
struct Form<value::GroupState> {
    static constexpr auto list = std::make_tuple(field("group_status", &value::GroupState::status),
                                                 field("job_index", &value::GroupState::job_index));
};
template <>
struct Form<value::JobState> {
    static constexpr auto list =
        std::make_tuple(field("job_status", &value::JobState::status),
                        field("win32_result", &value::JobState::win32_result),
                        field("transport_result", &value::JobState::transport_result),
                        field("retries", &value::JobState::retries));
};
template <>
struct Form<value::Fetched> {
    static constexpr auto list =
        std::make_tuple(field("ids", &value::Fetched::ids),
                        field("fetched", &value::Fetched::count, Presence::IfChanged));
};

template <>
struct Form<Notification> {
    static constexpr auto list = std::make_tuple(
        field("number", &Notification::number), field("class_id", &Notification::class_id),
        field("group", &Notification::group), field("job", &Notification::job, Presence::IfChanged),
        field("file", &Notification::file, Presence::IfChanged),
        field("status", &Notification::status),
        field("retries", &Notification::retries, Presence::IfChanged),
        field("win32_result", &Notification::win32_result, Presence::IfChanged),
        field("transport_result", &Notification::transport_result, Presence::IfChanged));
};

template <>
struct Form<surroundings::LogOn> {
    static constexpr std::string_view name = "log_on";
    static constexpr auto list = std::make_tuple(field("user", &surroundings::LogOn::user));
};
template <>
struct Form<surroundings::LogOff> {
    static constexpr std::string_view name = "log_off";
    static constexpr auto list = std::make_tuple(field("user", &surroundings::LogOff::user));
};
template <>
struct Form<surroundings::NetworkLost> : EmptyForm<surroundings::NetworkLost> {
    static constexpr std::string_view name = "network_lost";
};
template <>
struct Form<surroundings::NetworkBack> : EmptyForm<surroundings::NetworkBack> {
    static constexpr std::string_view name = "network_back";
};
template <>
struct Form<surroundings::Paused> {
    static constexpr std::string_view name = "paused";
    static constexpr auto list = std::make_tuple(field("reason", &surroundings::Paused::reason));
};
template <>
struct Form<surroundings::Unpaused> : EmptyForm<surroundings::Unpaused> {
    static constexpr std::string_view name = "unpaused";
};
template <>
struct Form<surroundings::DiskFull> {
    static constexpr std::string_view name = "disk_full";
    static constexpr auto list = std::make_tuple(field("on", &surroundings::DiskFull::on));
};
template <>
struct Form<surroundings::JournalFails> {
    static constexpr std::string_view name = "journal_fails";
    static constexpr auto list = std::make_tuple(field("on", &surroundings::JournalFails::on));
};

template <>
struct Form<Policy> {
    static constexpr auto opt = Presence::IfChanged;
    static constexpr auto list = std::make_tuple(
        field("retry_delay_ms", &Policy::retry_delay, opt),
        field("no_progress_timeout_ms", &Policy::no_progress_timeout, opt),
        field("quick_retries", &Policy::quick_retries, opt),
        field("redirect_limit", &Policy::redirect_limit, opt),
        field("change_restarts", &Policy::change_restarts, opt),
        field("retry_after_limit_ms", &Policy::retry_after_limit, opt),
        field("time_slice_ms", &Policy::time_slice, opt),
        field("sync_interval_ms", &Policy::sync_interval, opt),
        field("sync_bytes", &Policy::sync_bytes, opt),
        field("stall_timeout_ms", &Policy::stall_timeout, opt), field("wire", &Policy::wire, opt),
        field("user_agent", &Policy::user_agent, opt),
        field("network_retry_delay_ms", &Policy::network_retry_delay, opt),
        field("network_retries", &Policy::network_retries, opt),
        field("inactivity_timeout_ms", &Policy::inactivity_timeout, opt),
        field("foreground_range_bytes", &Policy::foreground_range_bytes, opt),
        field("background_rate", &Policy::background_rate, opt),
        field("slice_bytes", &Policy::slice_bytes, opt),
        field("callbacks_at_once", &Policy::callbacks_at_once, opt),
        field("jobs_per_user", &Policy::jobs_per_user, opt),
        field("jobs_per_machine", &Policy::jobs_per_machine, opt),
        field("files_per_job", &Policy::files_per_job, opt),
        field("remote_name_chars", &Policy::remote_name_chars, opt),
        field("remote_segment_chars", &Policy::remote_segment_chars, opt),
        field("local_name_units", &Policy::local_name_units, opt),
        field("display_name_units", &Policy::display_name_units, opt),
        field("description_units", &Policy::description_units, opt));
};

}  // namespace qmgr::inline v0::json_fields
