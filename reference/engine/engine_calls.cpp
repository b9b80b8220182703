// The client's side of the engine: one function a method. Codes that depend on the state come from
// job_table; what is left here are the rules about arguments, each beside its clause.
#include <algorithm>
#include <type_traits>

#include "reference/engine/engine.hpp"
#include "reference/engine/group_view.hpp"
#include "reference/engine/names.hpp"
#include "reference/engine/property_view.hpp"

namespace qmgr {
namespace {

Reply only(HResult code) { return {code, {}}; }

template <class Method>
concept OnGroup = requires(const Method& method) {
    method.group;
};
template <class Method>
concept OnJob = requires(const Method& method) {
    method.job;
};

// GROUP-PROG-1..4, JOB1-PROG-1.
Reply progress(const Job& job, ProgressFlag flag) {
    switch (flag) {
        case ProgressFlag::SizeDone:
            return {HResult::Ok, value::Progress{size_done(job)}};
        case ProgressFlag::PercentDone:
            return {HResult::Ok, value::Progress{percent_done(job)}};
        case ProgressFlag::TimeDone:
            break;
    }
    return only(HResult::NotImplemented);
}

}  // namespace

void Engine::take(const CallInput& input) {
    if (const auto* cancel_call = std::get_if<call::CancelGroup>(&input.call)) {
        if (const auto reply = cancel(input, *cancel_call))
            work_.answers.push_back({input.id, *reply});
        return;
    }
    Reply reply =
        std::visit([&](const auto& method) { return reply_to(input, method); }, input.call);
    work_.answers.push_back({input.id, std::move(reply)});
}

// Every method on a held object: finds the object, or HANDLE-2, HANDLE-5.
template <class Method>
Reply Engine::reply_to(const CallInput& input, const Method& method) {
    const auto target = [&](std::uint64_t number) -> HandleTarget* {
        const auto found = state_.handles.find(number);
        return found == state_.handles.end() ? nullptr : &found->second;
    };
    if constexpr (OnGroup<Method>) {
        const HandleTarget* found = target(method.group.value);
        const auto* held = found ? std::get_if<GroupTarget>(found) : nullptr;
        if (held) return group_call(input, state_.groups.at(held->group), method);
    } else if constexpr (OnJob<Method>) {
        const HandleTarget* found = target(method.job.value);
        const auto* held = found ? std::get_if<JobTarget>(found) : nullptr;
        if (held) return job_call(input, state_.groups.at(held->group), method);
    } else {
        HandleTarget* found = target(method.enumerator.value);
        auto* held = found ? std::get_if<Enumerator>(found) : nullptr;
        if (held) return enumerator_call(*held, method);
    }
    return only(HResult::RpcDisconnected);
}

GroupHandle Engine::new_group_handle(Group& group) {
    ++group.handles;
    const std::uint64_t number = state_.next_handle++;
    state_.handles.emplace(number, GroupTarget{group.number});
    return {number};
}

JobHandle Engine::new_job_handle(Group& group) {
    ++group.handles;
    const std::uint64_t number = state_.next_handle++;
    state_.handles.emplace(number, JobTarget{group.number});
    return {number};
}

EnumeratorHandle Engine::new_enumerator(Enumerator enumerator) {
    const std::uint64_t number = state_.next_handle++;
    state_.handles.emplace(number, std::move(enumerator));
    return {number};
}

// ---- the queue ----------------------------------------------------------------------------------

Reply Engine::reply_to(const CallInput& input, const call::CreateGroup& call) {
    // QMGR-CREATE-1..4. A new group is in state Suspended (GROUP-NEW-1).
    if (call.group_id.guid.is_null() || state_.group_ids.contains(call.group_id))
        return only(HResult::InvalidArgument);
    const GroupNumber number{state_.next_group++};
    work_.queue_dirty = true;
    state_.group_ids.emplace(call.group_id, number);
    Group& group = state_.groups[number];
    group.number = number;
    group.id = call.group_id;
    group.owner = input.caller.user;
    state_.owners[group.owner].groups.insert(number);
    touch(group);
    set_wake(group);
    return {HResult::Ok, new_group_handle(group)};
}

Reply Engine::reply_to(const CallInput& input, const call::GetGroup& call) {
    const auto found = state_.group_ids.find(call.group_id);
    if (found == state_.group_ids.end()) return only(HResult::QmItemNotFound);  // QMGR-GET-2
    Group& group = state_.groups.at(found->second);  // QMGR-GET-1, QMGR-GET-4
    if (group.owner != input.caller.user) {
        if (!input.caller.administrator) return only(HResult::QmItemNotFound);  // QMGR-GET-3
        change_owner(group, input.caller.user);                                 // QMGR-GET-5
    }
    return {HResult::Ok, new_group_handle(group)};
}

Reply Engine::reply_to(const CallInput& input, const call::EnumGroups& call) {
    if (call.flags != 0) return only(HResult::NotImplemented);  // QMGR-ENUM-2
    // QMGR-ENUM-1, QMGR-ENUM-3, ENUM-ORDER-1. Somebody's own list costs no more than it has
    // entries.
    Enumerator enumerator;
    if (input.caller.administrator) {
        for (const auto& [number, group] : state_.groups)
            if (group.job.state != JobState::Cancelled) enumerator.ids.push_back(group.id.guid);
    } else if (const auto own = state_.owners.find(input.caller.user); own != state_.owners.end()) {
        for (const GroupNumber number : own->second.groups)
            enumerator.ids.push_back(state_.groups.at(number).id.guid);
    }
    return {HResult::Ok, new_enumerator(std::move(enumerator))};
}

Reply Engine::reply_to(const CallInput& /*input*/, const call::Release& call) {
    const auto number = std::visit([](const auto& handle) { return handle.value; }, call.handle);
    const auto found = state_.handles.find(number);
    if (found == state_.handles.end() || found->second.index() != call.handle.index())
        return only(HResult::RpcDisconnected);
    give_up_handle(number);
    return {HResult::Ok, {}};
}

void Engine::give_up_handle(std::uint64_t number) {
    const auto found = state_.handles.find(number);
    if (found == state_.handles.end()) return;
    const auto drop = [this](GroupNumber group) {
        --state_.groups.at(group).handles;
        work_.dropped.insert(group);
    };
    if (const auto* group = std::get_if<GroupTarget>(&found->second)) drop(group->group);
    if (const auto* job = std::get_if<JobTarget>(&found->second)) drop(job->group);
    state_.handles.erase(found);
}

// ---- a group ------------------------------------------------------------------------------------

Reply Engine::group_call(const CallInput& /*input*/, Group& group, const call::GetProp& call) {
    return get_property(rules_.property, group.properties, call.property);
}

Reply Engine::group_call(const CallInput& input, Group& group, const call::SetProp& call) {
    if (const HResult state = row_of(group, Trigger::SetProperty).reply; failed(state))
        return only(state);
    Properties properties = group.properties;
    const HResult code =
        set_property(rules_.property, properties, call.property, call.value, policy_);
    if (failed(code)) return only(code);
    if (call.property == GroupProperty::NotifyClsid) properties.notify_user = input.caller.user;
    // NOTIFY-7, NOTIFY-11: what there is to tell is told by the new properties, at once.
    withdraw(group);
    const bool other_object = properties.notify_class != group.properties.notify_class;
    if (other_object && group.undelivered && state_.flights.contains(group.undelivered->number))
        end_flight(group.undelivered->number);
    group.properties = std::move(properties);
    if (group.undelivered) group.undelivered->next_try = work_.now;
    offer(group);
    touch(group);
    return only(apply(group, Trigger::SetProperty));
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group,
                         const call::GetGroupProgress& call) {
    return progress(group.job, call.flag);
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group,
                         const call::GetGroupStatus& /*call*/) {
    // GROUP-STATUS-1: the job index is 0 always.
    return {HResult::Ok, value::GroupState{group_status(rules_.status, group), 0}};
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group, const call::GetJob& call) {
    if (group.job.id != call.job_id) return only(HResult::QmItemNotFound);  // GROUP-GETJOB-1
    return {HResult::Ok, new_job_handle(group)};
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group,
                         const call::SuspendGroup& /*call*/) {
    return only(apply(group, Trigger::Suspend));
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group,
                         const call::ResumeGroup& /*call*/) {
    const JobState before = group.job.state;
    const HResult code =
        apply(group, group.job.files.empty() ? Trigger::ResumeEmpty : Trigger::Resume);
    if (group.job.state != before) touch(group);
    return only(code);
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group, const call::GetSize& /*call*/) {
    return {HResult::Ok, value::Size{size_of(group.job)}};
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group,
                         const call::GetGroupId& /*call*/) {
    return {HResult::Ok, group.id};  // GROUP-ID-1
}

Reply Engine::group_call(const CallInput& input, Group& group, const call::CreateJob& call) {
    const Trigger trigger = group.job.id ? Trigger::CreateSecondJob : Trigger::CreateJob;
    if (const HResult state = row_of(group, trigger).reply; failed(state)) return only(state);
    // GROUP-CREATEJOB-4; the null GUID as for groups (QMGR-CREATE-4).
    if (call.job_id.guid.is_null() || state_.job_ids.contains(call.job_id))
        return only(HResult::InvalidArgument);
    Owned& owned = state_.owners[group.owner];
    if (!input.caller.administrator) {  // GROUP-CREATEJOB-5, LIM-03
        if (owned.jobs >= policy_.jobs_per_user) return only(HResult::BgTooManyJobsPerUser);
        if (state_.job_ids.size() >= policy_.jobs_per_machine)
            return only(HResult::BgTooManyJobsPerMachine);
    }
    apply(group, trigger);
    group.job.id = call.job_id;
    state_.job_ids.emplace(call.job_id, group.number);
    ++owned.jobs;
    touch(group);
    return {HResult::Ok, new_job_handle(group)};
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group, const call::EnumJobs& call) {
    if (call.flags != 0) return only(HResult::NotImplemented);  // GROUP-ENUMJOBS-1
    Enumerator enumerator;
    if (group.job.id) enumerator.ids.push_back(group.job.id->guid);
    return {HResult::Ok, new_enumerator(std::move(enumerator))};
}

Reply Engine::group_call(const CallInput& /*input*/, Group& group,
                         const call::SwitchGroupToForeground& /*call*/) {
    const HResult code = apply(group, Trigger::SwitchToForeground);
    if (failed(code) || group.foreground) return only(code);  // GROUP-FG-2
    if (group.ticket != 0) state_.waiting.erase({true, group.ticket, group.number});
    if (group.ticket != 0) state_.waiting.insert({false, group.ticket, group.number});
    group.foreground = true;
    touch(group);
    if (state_.background_turn == group.number) {  // its turn stays; the background's is free
        state_.background_turn.reset();
        group.job.slice_end.reset();
        set_wake(group);
    }
    if (group.job.fetch_at) {  // the background's rate is no longer its own
        group.job.fetch_at.reset();
        begin_file(group, *group.job.current);
        set_wake(group);
    }
    return only(code);
}

// GROUP-INT-1: QueryNewJobInterface, SetNotificationPointer, InternalSetProp.
template <class Internal>
Reply Engine::group_call(const CallInput& /*input*/, Group& /*group*/, const Internal& /*call*/) {
    return only(HResult::NotImplemented);
}

std::optional<Reply> Engine::cancel(const CallInput& input, const call::CancelGroup& call) {
    const auto found = state_.handles.find(call.group.value);
    const auto* held =
        found == state_.handles.end() ? nullptr : std::get_if<GroupTarget>(&found->second);
    if (!held) return only(HResult::RpcDisconnected);
    Group& group = state_.groups.at(held->group);
    const Trigger trigger = has_finished(group.job) ? Trigger::CancelFinished : Trigger::Cancel;
    const HResult code = apply(group, trigger);
    if (failed(code) || group.job.state != JobState::Cancelling) return only(code);
    group.job.canceller = input.id;
    return std::nullopt;
}

// ---- a job --------------------------------------------------------------------------------------

Reply Engine::job_call(const CallInput& /*input*/, Group& group, const call::GetJobProgress& call) {
    return progress(group.job, call.flag);
}

Reply Engine::job_call(const CallInput& /*input*/, Group& group,
                       const call::GetJobStatus& /*call*/) {
    return {HResult::Ok, job_status(rules_.status, group.job)};
}

Reply Engine::job_call(const CallInput& input, Group& group, const call::AddFiles& call) {
    if (const HResult state = row_of(group, Trigger::AddFiles).reply; failed(state))
        return only(state);
    if (state_.around.logged_off.contains(input.caller.user))  // JOB1-ADD-11
        return only(HResult::NotLoggedOn);
    if (call.files.empty()) return only(HResult::InvalidArgument);  // JOB1-ADD-4
    for (const FileSetInfo& file : call.files)                      // JOB1-ADD-2, -5, -6
        if (!is_remote_name(file.remote_name, policy_) || !is_local_name(file.local_name, policy_))
            return only(HResult::InvalidArgument);
    if (!input.caller.administrator &&  // JOB1-ADD-10, LIM-03
        group.job.files.size() + call.files.size() > policy_.files_per_job)
        return only(HResult::BgTooManyFilesInJob);
    for (const HResult directory : input.directories)  // JOB1-ADD-3, -6
        if (failed(directory)) return only(directory);
    apply(group, Trigger::AddFiles);  // the server is not asked yet (JOB1-ADD-9)
    touch(group);
    for (const FileSetInfo& info : call.files) {
        group.job.files.push_back({});
        group.job.files.back().info = info;
        mark(group, static_cast<FileIndex>(group.job.files.size() - 1));
    }
    // The new files join the current run, also if the last one was just waiting for its sync.
    if (takes_turn(group.job.state) && !group.job.current) begin_next(group);
    return only(HResult::Ok);
}

Reply Engine::job_call(const CallInput& /*input*/, Group& group, const call::GetFile& call) {
    if (call.index >= group.job.files.size()) return only(HResult::QmItemNotFound);  // JOB1-FILE-1
    return {HResult::Ok, group.job.files[call.index].info};
}

Reply Engine::job_call(const CallInput& /*input*/, Group& group,
                       const call::GetFileCount& /*call*/) {
    // JOB1-COUNT-1.
    return {HResult::Ok, value::Count{static_cast<std::uint32_t>(group.job.files.size())}};
}

Reply Engine::job_call(const CallInput& /*input*/, Group& group, const call::GetJobId& /*call*/) {
    return {HResult::Ok, *group.job.id};  // JOB1-ID-1
}

// JOB1-STUB-1: CancelJob, GetTimes, SwitchToForeground.
template <class Stub>
Reply Engine::job_call(const CallInput& /*input*/, Group& /*group*/, const Stub& /*call*/) {
    return only(HResult::NotImplemented);
}

// ---- an enumerator ------------------------------------------------------------------------------

// ENUM-NEXT-1, ENUM-NEXT-2.
Reply Engine::enumerator_call(Enumerator& enumerator, const call::Next& call) {
    if (call.fetched_is_null && call.count != 1)  // ENUM-NEXT-3
        return only(HResult::InvalidArgument);
    const std::size_t left = enumerator.ids.size() - enumerator.position;
    const std::size_t given = std::min<std::size_t>(call.count, left);
    const auto first = enumerator.ids.begin() + static_cast<std::ptrdiff_t>(enumerator.position);
    value::Fetched fetched{{first, first + static_cast<std::ptrdiff_t>(given)}, std::nullopt};
    if (!call.fetched_is_null) fetched.count = static_cast<std::uint32_t>(given);
    enumerator.position += given;
    return {given == call.count ? HResult::Ok : HResult::False, std::move(fetched)};
}

// ENUM-SKIP-1.
Reply Engine::enumerator_call(Enumerator& enumerator, const call::Skip& call) {
    const std::size_t left = enumerator.ids.size() - enumerator.position;
    enumerator.position += std::min<std::size_t>(call.count, left);
    return only(call.count <= left ? HResult::Ok : HResult::False);
}

// ENUM-RESET-1.
Reply Engine::enumerator_call(Enumerator& enumerator, const call::Reset& /*call*/) {
    enumerator.position = 0;
    return only(HResult::Ok);
}

// ENUM-CLONE-1.
Reply Engine::enumerator_call(Enumerator& enumerator, const call::Clone& /*call*/) {
    return {HResult::Ok, new_enumerator(enumerator)};
}

// ENUM-COUNT-1.
Reply Engine::enumerator_call(Enumerator& enumerator, const call::GetCount& /*call*/) {
    return {HResult::Ok, value::Count{static_cast<std::uint32_t>(enumerator.ids.size())}};
}

}  // namespace qmgr
