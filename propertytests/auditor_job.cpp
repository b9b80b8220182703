// The calls that make a job, those of the job itself, and its files.
#include <algorithm>
#include <utility>

#include "propertytests/auditor_judge.hpp"
#include "propertytests/auditor_names.hpp"

namespace qmgr::propertytests::audit {
namespace {

constexpr std::uint32_t kHttpStatusMask = 0xFFFF0000U;

Fingerprint fingerprint_of(const FileSetInfo& file) {
    constexpr Fingerprint kOdd = 0x9E3779B97F4A7C15U;  // keeps the two names apart
    return (fingerprint(file.remote_name) * kOdd ^ fingerprint(file.local_name)) * kOdd ^
           file.size_hint;
}

// What lets a group wait is no error (XFER-NET-1-a, XFER-PAUSE-1, XFER-LOGON-1).
bool is_wait(std::uint32_t code) {
    return code == static_cast<std::uint32_t>(HResult::BgNetworkDisconnected) ||
           code == static_cast<std::uint32_t>(HResult::BgBlockedByPolicy) ||
           code == static_cast<std::uint32_t>(HResult::NotLoggedOn);
}

std::string words(const Results& results) {
    return name(static_cast<HResult>(results.win32)) + ", HTTP status " +
           std::to_string(results.transport) + ", " + std::to_string(results.retries) + " retries";
}

}  // namespace

// ---- making and finding it ---------------------------------------------------------------------

void Judge::limit_jobs(const Group& group, Allowed& allowed) const {
    std::uint32_t mine = 0;
    std::uint32_t perhaps_mine = 0;
    std::uint32_t all = 0;
    std::uint32_t perhaps = 0;
    for (const std::uint32_t index : model_.queue) {
        const Group& other = model_.groups[index];
        const bool unsure = (other.states & kGone) != 0 || (other.unsure & Unsure::job) != 0;
        if (!other.has_job && (other.unsure & Unsure::job) == 0) continue;
        ++perhaps;
        if (!unsure) ++all;
        // Of a handle that moved to another user no clause says whose jobs are counted.
        const UserMask users = bit() | group.owners;
        if ((other.owners & users) != 0) ++perhaps_mine;
        if (!unsure && other.owners == bit() && group.owners == bit()) ++mine;
    }
    const auto add = [&](bool sure, HResult code) {
        sure ? allowed.refuse(code, "GROUP-CREATEJOB-5-a")
             : allowed.may_refuse(code, "GROUP-CREATEJOB-5-a");
    };
    if (perhaps_mine >= model_.limits.jobs_per_user)
        add(mine >= model_.limits.jobs_per_user, HResult::BgTooManyJobsPerUser);
    if (mine < model_.limits.jobs_per_user && perhaps >= model_.limits.jobs_per_machine)
        add(all >= model_.limits.jobs_per_machine, HResult::BgTooManyJobsPerMachine);
}

Allowed Judge::allowed_for(const call::CreateJob& call, const Group& group) const {
    Allowed allowed;
    refuse_if_gone(group, allowed);
    if (is_sure_gone(group)) return allowed;
    const States states = with_time(group.states);
    const bool stopped = (states & (kSuspended | kError | kComplete)) != 0;
    const bool runs = (states & (kRunning | kPublishing)) != 0;
    if (runs) {
        allowed.refuse(HResult::QmInvalidState, "GROUP-CREATEJOB-3");
        if (lenient()) allowed.refuse(HResult::NotImplemented, "GROUP-CREATEJOB-3");
    }
    const bool unsure = (group.unsure & Unsure::job) != 0;
    if (unsure)
        allowed.may_refuse(HResult::NotImplemented, "GROUP-CREATEJOB-2");
    else if (group.has_job && stopped)
        allowed.refuse(HResult::NotImplemented, "GROUP-CREATEJOB-2");
    const bool taken = std::any_of(model_.queue.begin(), model_.queue.end(), [&](auto index) {
        const Group& other = model_.groups[index];
        return other.has_job && other.states != kGone && other.job == call.job_id.guid;
    });
    const bool perhaps = std::any_of(model_.queue.begin(), model_.queue.end(), [&](auto index) {
        const Group& other = model_.groups[index];
        const bool open = (other.unsure & Unsure::job) != 0 || (other.states & kGone) != 0;
        return open && other.job == call.job_id.guid;
    });
    if (taken && !perhaps) allowed.refuse(HResult::InvalidArgument, "GROUP-CREATEJOB-4-b");
    if (perhaps || call.job_id.guid.is_null())
        allowed.may_refuse(HResult::InvalidArgument, "GROUP-CREATEJOB-4-b");
    if (!administrator_) limit_jobs(group, allowed);
    return allowed;
}

void Judge::judge(const call::CreateJob& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    const bool done = settle(allowed_for(call, *group), "GROUP-CREATEJOB-1");
    group->refused = !done;
    if (!done) {
        const bool gone = (group->states & kGone) != 0 && (group->states & kRunning) == 0;
        if (gone && reply_->hresult == HResult::QmInvalidState) over(*group);
        return;
    }
    const auto* handle = value<JobHandle>("GROUP-CREATEJOB-1");
    expect_durable(true);
    was_unsure(*group, Unsure::job);
    became_active(*group);
    group->has_job = true;
    group->job = call.job_id.guid;
    if (handle != nullptr) give(handle->value, HandleKind::Job, index_of(*group));
}

void Judge::judge(const call::GetJob& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    Allowed allowed;
    const bool same = group->job == call.job_id.guid;
    if ((group->unsure & Unsure::job) != 0 && same)
        allowed.may_refuse(HResult::QmItemNotFound, "GROUP-GETJOB-1");
    else if (!group->has_job || !same)
        allowed.refuse(HResult::QmItemNotFound, "GROUP-GETJOB-1");
    const bool done = settle(allowed, "GROUP-GETJOB-1");
    if (same && was_unsure(*group, Unsure::job)) group->has_job = done;
    if (!done) return;
    const auto* handle = value<JobHandle>("GROUP-GETJOB-1");
    if (handle != nullptr) give(handle->value, HandleKind::Job, index_of(*group));
}

void Judge::judge(const call::EnumJobs& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    Allowed allowed;
    if (call.flags != 0) allowed.refuse(HResult::NotImplemented, "GROUP-ENUMJOBS-1");
    if (!settle(allowed, "GROUP-ENUMJOBS-1")) return;
    const auto* handle = value<EnumeratorHandle>("GROUP-ENUMJOBS-1");
    if (handle == nullptr) return;
    const bool unsure = (group->unsure & Unsure::job) != 0;
    std::vector<Guid> ids;
    if (group->has_job || unsure) ids.push_back(group->job);
    give_list(*handle, std::move(ids), !unsure);
}

void Judge::judge(const call::GetJobId& call) {
    Handle* known = known_handle(call.job.value, HandleKind::Job);
    if (known == nullptr || !settle({}, "JOB1-ID-1")) return;
    const auto* id = value<JobId>("JOB1-ID-1");
    if (id == nullptr || known->target == kAnyGroup) return;
    Group& group = model_.groups[known->target];
    was_unsure(group, Unsure::job);
    group.has_job = true;
    if (id->guid != group.job)
        violate(known->lent ? "told-only-what-happened" : "reads-are-right", "JOB1-ID-1",
                "get_JobID told " + to_text(id->guid) + "; expected " + to_text(group.job));
}

// ---- its files ---------------------------------------------------------------------------------

void Judge::judge_entry(const FileSetInfo& file, Allowed& allowed) const {
    const auto add = [&](Verdict verdict, const char* clause) {
        if (verdict == Verdict::Bad) allowed.refuse(HResult::InvalidArgument, clause);
        if (verdict == Verdict::Unsaid) allowed.may_refuse(HResult::InvalidArgument, clause);
    };
    add(judge_remote_name(file.remote_name, model_.limits), "JOB1-ADD-5");
    add(judge_local_name(file.local_name, model_.limits), "JOB1-ADD-6-a");
    const Fingerprint path = fingerprint(directory_of_name(file.local_name));
    const auto known = std::find_if(model_.directories.begin(), model_.directories.end(),
                                    [path](const Directory& one) { return one.path == path; });
    if (known == model_.directories.end()) {
        allowed.may_refuse(HResult::PathNotFound, "JOB1-ADD-6-b");
        allowed.may_refuse(HResult::AccessDenied, "JOB1-ADD-3");
        if (lenient()) allowed.may_refuse(HResult::InvalidArgument, "JOB1-ADD-6-b");
    } else if (known->kind == DirectoryKind::Missing) {
        allowed.refuse(HResult::PathNotFound, "JOB1-ADD-6-b");
        if (lenient()) allowed.refuse(HResult::InvalidArgument, "JOB1-ADD-6-b");
    } else if (known->kind == DirectoryKind::AdministratorsOnly && !administrator_) {
        allowed.refuse(HResult::AccessDenied, "JOB1-ADD-3");
    }
}

Allowed Judge::allowed_for(const call::AddFiles& call, const Group& group) const {
    Allowed allowed;
    refuse_if_gone(group, allowed);
    if (is_sure_gone(group)) return allowed;
    if ((model_.logged_off & bit()) != 0) allowed.refuse(HResult::NotLoggedOn, "JOB1-ADD-11");
    if (call.files.empty()) allowed.refuse(HResult::InvalidArgument, "JOB1-ADD-4");
    const std::size_t count = group.files.size() + call.files.size();
    if (!administrator_ && count > model_.limits.files_per_job)
        (group.unsure & Unsure::files) != 0
            ? allowed.may_refuse(HResult::BgTooManyFilesInJob, "JOB1-ADD-10")
            : allowed.refuse(HResult::BgTooManyFilesInJob, "JOB1-ADD-10");
    else if (!administrator_ && (group.unsure & Unsure::files) != 0)
        allowed.may_refuse(HResult::BgTooManyFilesInJob, "JOB1-ADD-10");
    for (const FileSetInfo& file : call.files) judge_entry(file, allowed);
    return allowed;
}

void Judge::judge(const call::AddFiles& call) {
    Group* group = group_behind(call.job);
    if (group == nullptr) return;
    if (!settle_change(*group, allowed_for(call, *group), "JOB1-ADD-1")) {
        if (reply_->hresult == HResult::QmInvalidState) over(*group);
        return;
    }
    expect_durable(true);
    for (const FileSetInfo& file : call.files) group->files.push_back(fingerprint_of(file));
    const States before = with_time(group->states) & static_cast<States>(~kGone);
    States after = before & static_cast<States>(~(kComplete | kPublishing));
    if ((before & kComplete) != 0) {
        after |= kSuspended;
        end_event(*group);
    }
    if ((before & kPublishing) != 0) after |= kRunning | kPublishing;
    leave_states(*group, after);
    became_active(*group);
    group->progress.size = 0;
    group->progress.size_epoch = 0;
    group->total_unknown = (after & (kRunning | kPublishing)) == 0;
}

void Judge::judge(const call::GetFile& call) {
    Group* group = group_behind(call.job);
    if (group == nullptr) return;
    const bool unsure = (group->unsure & Unsure::files) != 0;
    Allowed allowed;
    if (call.index >= group->files.size())
        unsure ? allowed.may_refuse(HResult::QmItemNotFound, "JOB1-FILE-1")
               : allowed.refuse(HResult::QmItemNotFound, "JOB1-FILE-1");
    if (!settle(allowed, "JOB1-FILE-1")) return;
    const auto* file = value<FileSetInfo>("JOB1-FILE-1");
    if (file == nullptr || call.index >= group->files.size()) return;
    if (group->files[call.index] == 0) group->files[call.index] = fingerprint_of(*file);
    if (group->files[call.index] != fingerprint_of(*file))
        mismatch(*group, "reads-are-right", "JOB1-FILE-1",
                 "GetFile(" + std::to_string(call.index) + ") told " + file->local_name +
                     ", which is not what was added there");
}

void Judge::judge(const call::GetFileCount& call) {
    Group* group = group_behind(call.job);
    if (group == nullptr || !settle({}, "JOB1-COUNT-1")) return;
    const auto* count = value<value::Count>("JOB1-COUNT-1");
    if (count == nullptr) return;
    // Files of a call that was never answered are there or not; what they are is not known.
    if (was_unsure(*group, Unsure::files) && count->number >= group->files.size())
        group->files.resize(count->number, 0);
    if (count->number != group->files.size())
        mismatch(*group, "reads-are-right", "JOB1-COUNT-1",
                 "GetFileCount told " + std::to_string(count->number) + "; expected " +
                     std::to_string(group->files.size()));
}

// ---- its state ---------------------------------------------------------------------------------

void Judge::judge(const call::GetJobStatus& call) {
    Group* group = group_behind(call.job);
    if (group == nullptr || !settle({}, "JOB1-STATUS-1")) return;
    const auto* told = value<value::JobState>("JOB1-STATUS-1");
    if (told == nullptr) return;
    States shown = 0;
    if (told->status.bits == 0x8)
        shown = kSuspended | kRunning | kPublishing;
    else if (told->status.bits == 0x4)
        shown = kComplete;
    else if (told->status.bits == 0x18)
        shown = kError;
    const auto text = [&] {
        return "GetStatus of the job told " + std::to_string(told->status.bits);
    };
    if (shown == 0) {
        violate("documented-flags",
                told->status.has(JobFlag::Foreground) ? "JOB1-STATUS-3" : "JOB1-STATUS-1",
                text() + ", which no state has");
        return;
    }
    const Results results{told->win32_result, told->transport_result, told->retries, false, false};
    const bool any = results.win32 != 0 || results.transport != 0 || results.retries != 0;
    if (is_sure_gone(*group)) {
        if (shown == kError)
            violate("documented-flags", "JOB1-STATUS-2", text() + " of a cancelled group");
    } else {
        const bool error = (with_time(group->states) & kError) != 0;
        see_states(*group, shown, shown == kError || error ? "JOB1-STATUS-2" : "JOB1-STATUS-1",
                   text());
    }
    if (shown == kError)
        judge_results(*group, results, "GetStatus of the job");
    else if (any)
        violate("results-only-in-error", "JOB1-STATUS-4-b",
                text() + " with results of a failure: " + words(results));
}

void Judge::judge_results(Group& group, const Results& told, const char* where) {
    const auto say = [&](const char* invariant, const char* clause, const char* what) {
        mismatch(group, invariant, clause,
                 std::string(where) + " told " + words(told) + "; " + what);
    };
    const bool short_form = lenient() && told.win32 != 0 && told.win32 <= 0xFFFF;
    if (!short_form && !failed(static_cast<HResult>(told.win32)))
        say("errors-have-a-cause", "JOB1-STATUS-4-b", "expected the HRESULT of a failure");
    if (is_wait(told.win32))
        say("errors-have-a-cause", "XFER-LOGON-1", "which lets a group wait and is no error");
    const bool http =
        (told.win32 & kHttpStatusMask) == static_cast<std::uint32_t>(HResult::HttpStatusBase);
    if (http && told.transport != (told.win32 & ~kHttpStatusMask))
        say("errors-have-a-cause", "JOB1-STATUS-4-b", "expected the HTTP status of that code");
    if (told.transport != 0 && (told.transport < 100 || told.transport > 599))
        say("errors-have-a-cause", "JOB1-STATUS-4-b", "expected an HTTP status or 0");
    Results& known = group.results;
    if (known.of_this_error) {
        if (told.win32 != known.win32 || told.transport != known.transport ||
            told.retries != known.retries)
            say("errors-keep-their-results", "OPEN-40", "the same error had other results before");
    } else if (told.retries < std::max(known.retries + (known.grows ? 1U : 0U), 1U)) {
        say("retries-never-fall", "JOB1-STATUS-4-b", "expected more failures by now");
    }
    known = told;
    known.of_this_error = true;
    known.grows = false;
}

void Judge::judge(const call::CancelJob& call) { stub(group_behind(call.job), "JOB1-STUB-1"); }
void Judge::judge(const call::GetTimes& call) { stub(group_behind(call.job), "JOB1-STUB-1"); }
void Judge::judge(const call::SwitchJobToForeground& call) {
    stub(group_behind(call.job), "JOB1-STUB-1");
}

}  // namespace qmgr::propertytests::audit
