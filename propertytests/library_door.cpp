#include "propertytests/library_door.hpp"

#include <string>
#include <type_traits>
#include <utility>

#include "reference/contract/check.hpp"

namespace qmgr::propertytests {
namespace {

using library::Enumerator;
using library::Group;
using library::GroupEnumerator;
using library::Job;
using library::JobEnumerator;
using library::QueueManager;

/// Asks with an empty value, and gives it back if the call succeeded.
template <class Value, class Ask>
Reply with_value(const Ask& ask) {
    Value value{};
    const HResult result = ask(value);
    if (failed(result)) return {result, {}};
    return {result, std::move(value)};
}

/// The same where the library gives a bare number.
template <class Value, class Ask>
Reply with_number(std::uint32_t Value::*number, const Ask& ask) {
    return with_value<Value>([&](Value& value) { return ask(value.*number); });
}

/// The number of the handle a call is made on.
template <class Asked>
std::uint64_t handle_of(const Asked& asked) {
    if constexpr (requires { asked.group; })
        return asked.group.value;
    else if constexpr (requires { asked.job; })
        return asked.job.value;
    else if constexpr (requires { asked.enumerator; })
        return asked.enumerator.value;
    else if constexpr (requires { asked.handle; })
        return std::visit([](auto handle) { return handle.value; }, asked.handle);
    else
        return 0;
}

}  // namespace

/// Makes one call on the object that it is for.
struct LibraryDoor::Asker {
    // One function for each method of a group that gives no object.
    Reply operator()(const Group& group, const call::GetProp& call) {
        return with_value<PropertyValue>(
            [&](PropertyValue& out) { return group.get_prop(call.property, out); });
    }
    Reply operator()(const Group& group, const call::SetProp& call) {
        return {group.set_prop(call.property, call.value), {}};
    }
    Reply operator()(const Group& group, const call::GetGroupProgress& call) {
        return with_number(&value::Progress::amount,
                           [&](std::uint32_t& out) { return group.get_progress(call.flag, out); });
    }
    Reply operator()(const Group& group, const call::GetGroupStatus& /*call*/) {
        return with_value<value::GroupState>(
            [&](value::GroupState& out) { return group.get_status(out); });
    }
    Reply operator()(const Group& group, const call::SuspendGroup& /*call*/) {
        return {group.suspend_group(), {}};
    }
    Reply operator()(const Group& group, const call::ResumeGroup& /*call*/) {
        return {group.resume_group(), {}};
    }
    Reply operator()(const Group& group, const call::CancelGroup& /*call*/) {
        return {group.cancel_group(), {}};
    }
    Reply operator()(const Group& group, const call::GetSize& /*call*/) {
        return with_number(&value::Size::bytes,
                           [&](std::uint32_t& out) { return group.get_size(out); });
    }
    Reply operator()(const Group& group, const call::GetGroupId& /*call*/) {
        return with_value<GroupId>([&](GroupId& out) { return group.get_group_id(out); });
    }
    Reply operator()(const Group& group, const call::SwitchGroupToForeground& /*call*/) {
        return {group.switch_to_foreground(), {}};
    }
    Reply operator()(const Group& group, const call::QueryNewJobInterface& /*call*/) {
        return {group.query_new_job_interface(), {}};
    }
    Reply operator()(const Group& group, const call::SetNotificationPointer& /*call*/) {
        return {group.set_notification_pointer(), {}};
    }
    Reply operator()(const Group& group, const call::InternalSetProp& /*call*/) {
        return {group.internal_set_prop(), {}};
    }

    // Of a job.
    Reply operator()(const Job& job, const call::CancelJob& /*call*/) {
        return {job.cancel_job(), {}};
    }
    Reply operator()(const Job& job, const call::GetTimes& /*call*/) {
        return {job.get_times(), {}};
    }
    Reply operator()(const Job& job, const call::SwitchJobToForeground& /*call*/) {
        return {job.switch_to_foreground(), {}};
    }
    Reply operator()(const Job& job, const call::GetJobProgress& call) {
        return with_number(&value::Progress::amount,
                           [&](std::uint32_t& out) { return job.get_progress(call.flag, out); });
    }
    Reply operator()(const Job& job, const call::GetJobStatus& /*call*/) {
        return with_value<value::JobState>(
            [&](value::JobState& out) { return job.get_status(out); });
    }
    Reply operator()(const Job& job, const call::AddFiles& call) {
        return {job.add_files(call.files), {}};
    }
    Reply operator()(const Job& job, const call::GetFile& call) {
        return with_value<FileSetInfo>(
            [&](FileSetInfo& out) { return job.get_file(call.index, out); });
    }
    Reply operator()(const Job& job, const call::GetFileCount& /*call*/) {
        return with_number(&value::Count::number,
                           [&](std::uint32_t& out) { return job.get_file_count(out); });
    }
    Reply operator()(const Job& job, const call::GetJobId& /*call*/) {
        return with_value<JobId>([&](JobId& out) { return job.get_job_id(out); });
    }

    // Of an enumerator.
    template <class Id>
    Reply operator()(const Enumerator<Id>& enumerator, const call::Next& call) {
        std::vector<Id> ids;
        const HResult result = enumerator.next(call.count, ids);
        if (failed(result)) return {result, {}};
        value::Fetched fetched;
        for (const Id& id : ids) fetched.ids.push_back(id.guid);
        fetched.count = static_cast<std::uint32_t>(ids.size());
        return {result, fetched};
    }
    template <class Id>
    Reply operator()(const Enumerator<Id>& enumerator, const call::Skip& call) {
        return {enumerator.skip(call.count), {}};
    }
    template <class Id>
    Reply operator()(const Enumerator<Id>& enumerator, const call::Reset& /*call*/) {
        return {enumerator.reset(), {}};
    }
    template <class Id>
    Reply operator()(const Enumerator<Id>& enumerator, const call::GetCount& /*call*/) {
        return with_number(&value::Count::number,
                           [&](std::uint32_t& out) { return enumerator.get_count(out); });
    }

    // Those that give an object.
    Reply operator()(const QueueManager& queue, const call::CreateGroup& call) {
        return keep<Group>([&](Group& out) { return queue.create_group(call.group_id, out); });
    }
    Reply operator()(const QueueManager& queue, const call::GetGroup& call) {
        return keep<Group>([&](Group& out) { return queue.get_group(call.group_id, out); });
    }
    Reply operator()(const QueueManager& queue, const call::EnumGroups& call) {
        return keep<GroupEnumerator>(
            [&](GroupEnumerator& out) { return queue.enum_groups(call.flags, out); });
    }
    Reply operator()(const Group& group, const call::GetJob& call) {
        return keep<Job>([&](Job& out) { return group.get_job(call.job_id, out); });
    }
    Reply operator()(const Group& group, const call::CreateJob& call) {
        return keep<Job>([&](Job& out) { return group.create_job(call.job_id, out); });
    }
    Reply operator()(const Group& group, const call::EnumJobs& call) {
        return keep<JobEnumerator>(
            [&](JobEnumerator& out) { return group.enum_jobs(call.flags, out); });
    }
    template <class Id>
    Reply operator()(const Enumerator<Id>& enumerator, const call::Clone& /*call*/) {
        return keep<Enumerator<Id>>([&](Enumerator<Id>& out) { return enumerator.clone(out); });
    }

    template <class Handle>
    Reply operator()(library::HeldHandle<Handle>& held, const call::Release& /*call*/) {
        return {held.release(), {}};
    }

    template <class Held, class Ask>
    Reply keep(const Ask& ask) {
        auto made = std::make_unique<Object>(std::in_place_type<Held>);
        auto& held = std::get<Held>(*made);
        const HResult result = ask(held);
        if (failed(result)) return {result, {}};
        const auto handle = held.handle();
        QMGR_CHECK(handle.value < door.objects_.size(), "most_handles is large enough");
        door.objects_[handle.value].store(made.release(), std::memory_order_release);
        return {result, handle};
    }

    LibraryDoor& door;
};

LibraryDoor::LibraryDoor(const QueueManager& users, const QueueManager& administrators,
                         std::size_t most_handles)
    : users_(users), administrators_(administrators), objects_(most_handles) {}

LibraryDoor::~LibraryDoor() {
    for (const auto& object : objects_) delete object.load(std::memory_order_acquire);
}

Reply LibraryDoor::call(const Caller& caller, const Call& call) {
    Asker ask{*this};
    return std::visit(
        [&](const auto& asked) -> Reply {
            const QueueManager& queue = caller.administrator ? administrators_ : users_;
            if constexpr (requires { ask(queue, asked); }) return ask(queue, asked);
            const std::uint64_t handle = handle_of(asked);
            Object* const object = handle < objects_.size()
                                       ? objects_[handle].load(std::memory_order_acquire)
                                       : nullptr;
            if (object == nullptr) return {HResult::NullPointer, {}};
            return std::visit(
                [&](auto& held) -> Reply {
                    if constexpr (requires { ask(held, asked); }) return ask(held, asked);
                    return {HResult::NullPointer, {}};
                },
                *object);
        },
        call);
}

}  // namespace qmgr::propertytests
