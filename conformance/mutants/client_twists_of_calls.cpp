#include "conformance/mutants/client_twists.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace qmgr::mutants::twist {
namespace {

using H = HResult;

/// A twist of what every caller is taken for.
template <class Change>
Twist callers(Change change) {
    Twist twist;
    twist.call = [change](SystemUnderTest& inner, const Caller& caller, const Call& call) mutable {
        return inner.call(change(caller, call), call);
    };
    return twist;
}

/// The method answers S_OK and does nothing.
template <class Method>
Twist only_says_ok() {
    return instead_of<Method>([](SystemUnderTest& inner, const Caller& caller, const Method& call) {
        // What would be refused still is.
        const Reply looked = inner.call(caller, call::GetGroupId{call.group});
        return failed(looked.hresult) ? looked : Reply{H::Ok, {}};
    });
}

/// Which group a handle means, for twists that need it. Learns from what passes.
struct Handles {
    std::map<GroupHandle, GroupId> groups;
    std::map<JobHandle, GroupHandle> jobs;
    std::map<GroupId, std::string> owners;

    void learn(const Caller& caller, const Call& call, const Reply& reply) {
        if (const auto* group = std::get_if<GroupHandle>(&reply.value)) {
            if (const auto* create = std::get_if<call::CreateGroup>(&call)) {
                groups[*group] = create->group_id;
                owners[create->group_id] = caller.user;
            }
            if (const auto* get = std::get_if<call::GetGroup>(&call))
                groups[*group] = get->group_id;
        }
        if (const auto* job = std::get_if<JobHandle>(&reply.value)) {
            if (const auto* create = std::get_if<call::CreateJob>(&call))
                jobs[*job] = create->group;
            if (const auto* get = std::get_if<call::GetJob>(&call)) jobs[*job] = get->group;
        }
    }
};

/// A twist that knows the handles: `change(inner, caller, call, handles)` gives the reply.
template <class Change>
Twist knowing(Change change) {
    Twist twist;
    twist.call = [change, handles = std::make_shared<Handles>()](
                     SystemUnderTest& inner, const Caller& caller, const Call& call) mutable {
        Reply reply = change(inner, caller, call, *handles);
        handles->learn(caller, call, reply);
        return reply;
    };
    return twist;
}

}  // namespace

// ---- owners ----

Twist owners_ignored() {
    return callers([](Caller caller, const Call& call) {
        if (std::holds_alternative<call::GetGroup>(call)) caller.administrator = true;
        return caller;
    });
}

Twist lists_everything() {
    return callers([](Caller caller, const Call& call) {
        if (std::holds_alternative<call::EnumGroups>(call)) caller.administrator = true;
        return caller;
    });
}

Twist no_administrators() {
    return callers([](Caller caller, const Call& /*call*/) {
        caller.administrator = false;
        return caller;
    });
}

Twist owner_stays() {
    return knowing(
        [](SystemUnderTest& inner, Caller caller, const Call& call, const Handles& handles) {
            if (const auto* get = std::get_if<call::GetGroup>(&call); get && caller.administrator)
                if (const auto owner = handles.owners.find(get->group_id);
                    owner != handles.owners.end())
                    caller.user = owner->second;
            return inner.call(caller, call);
        });
}

Twist listing_takes() {
    return instead_of<call::EnumGroups>(
        [](SystemUnderTest& inner, const Caller& caller, const call::EnumGroups& call) {
            Reply reply = inner.call(caller, call);
            const auto list = value_of<EnumeratorHandle>(inner.call(caller, call));
            const Reply all = inner.call(caller, call::Next{list, 1000});
            for (const Guid& id : value_of<value::Fetched>(all).ids)
                inner.call(caller, call::GetGroup{{id}});
            return reply;
        });
}

Twist guid_stays_taken() {
    return instead_of<call::CreateGroup>(
        [used = std::set<GroupId>()](SystemUnderTest& inner, const Caller& caller,
                                     const call::CreateGroup& call) mutable {
            if (!used.insert(call.group_id).second) return Reply{H::InvalidArgument, {}};
            return inner.call(caller, call);
        });
}

Twist guid_taken_per_user() {
    return knowing(
        [](SystemUnderTest& inner, const Caller& caller, const Call& call, const Handles& handles) {
            const auto* create = std::get_if<call::CreateGroup>(&call);
            if (create == nullptr) return inner.call(caller, call);
            const auto owner = handles.owners.find(create->group_id);
            if (owner == handles.owners.end() || owner->second == caller.user)
                return inner.call(caller, call);
            call::CreateGroup other = *create;
            other.group_id.guid.bytes[0] ^= 0xFF;
            return inner.call(caller, other);
        });
}

// ---- handles ----

Twist handle_copies() {
    return instead_of<call::GetGroupStatus>(
        [seen = std::map<GroupHandle, Reply>()](SystemUnderTest& inner, const Caller& caller,
                                                const call::GetGroupStatus& call) mutable {
            const auto [place, is_new] = seen.try_emplace(call.group);
            if (is_new) place->second = inner.call(caller, call);
            return place->second;
        });
}

Twist former_owner_is_out() {
    return knowing(
        [](SystemUnderTest& inner, const Caller& caller, const Call& call, Handles& handles) {
            if (const auto* status = std::get_if<call::GetGroupStatus>(&call)) {
                const GroupId id = handles.groups[status->group];
                if (!caller.administrator && handles.owners[id] != caller.user)
                    return Reply{H::AccessDenied, {}};
            }
            Reply reply = inner.call(caller, call);
            if (const auto* get = std::get_if<call::GetGroup>(&call); get && !failed(reply.hresult))
                handles.owners[get->group_id] = caller.user;
            return reply;
        });
}

Twist handle_dies_with_group() {
    Twist twist;
    twist.call = [dead = std::set<GroupHandle>()](SystemUnderTest& inner, const Caller& caller,
                                                  const Call& call) mutable {
        if (const auto* cancel = std::get_if<call::CancelGroup>(&call)) {
            Reply reply = inner.call(caller, call);
            if (!failed(reply.hresult)) dead.insert(cancel->group);
            return reply;
        }
        const auto* status = std::get_if<call::GetGroupStatus>(&call);
        const auto* id = std::get_if<call::GetGroupId>(&call);
        const GroupHandle asked = status ? status->group : id ? id->group : GroupHandle{};
        return dead.contains(asked) ? Reply{H::RpcDisconnected, {}} : inner.call(caller, call);
    };
    return twist;
}

Twist release_cancels() {
    return instead_of<call::Release>(
        [](SystemUnderTest& inner, const Caller& caller, const call::Release& call) {
            if (const auto* group = std::get_if<GroupHandle>(&call.handle))
                inner.call(caller, call::CancelGroup{*group});
            return inner.call(caller, call);
        });
}

Twist release_forgets() {
    return instead_of<call::Release>(
        [](SystemUnderTest& inner, const Caller& caller, const call::Release& call) {
            if (std::holds_alternative<GroupHandle>(call.handle)) return Reply{H::Ok, {}};
            return inner.call(caller, call);
        });
}

// ---- enumerators ----

Twist enumerator_lives() {
    Twist twist;
    twist.call = [at = std::map<EnumeratorHandle, std::uint32_t>()](
                     SystemUnderTest& inner, const Caller& caller, const Call& call) mutable {
        if (const auto* next = std::get_if<call::Next>(&call);
            next && at.contains(next->enumerator)) {
            const auto fresh = value_of<EnumeratorHandle>(inner.call(caller, call::EnumGroups{0}));
            inner.call(caller, call::Skip{fresh, at[next->enumerator]});
            at[next->enumerator] += next->count;
            return inner.call(caller, call::Next{fresh, next->count, next->fetched_is_null});
        }
        Reply reply = inner.call(caller, call);
        if (std::holds_alternative<call::EnumGroups>(call) && !failed(reply.hresult))
            at[value_of<EnumeratorHandle>(reply)] = 0;
        return reply;
    };
    return twist;
}

Twist enumerator_backwards() {
    return after<call::Next>([](const call::Next& /*call*/, Reply& reply) {
        if (auto* fetched = std::get_if<value::Fetched>(&reply.value))
            std::reverse(fetched->ids.begin(), fetched->ids.end());
    });
}

Twist clone_is_itself() {
    return instead_of<call::Clone>(
        [](SystemUnderTest& /*inner*/, const Caller& /*caller*/, const call::Clone& call) {
            return Reply{H::Ok, call.enumerator};
        });
}

Twist clone_from_start() {
    return instead_of<call::Clone>(
        [](SystemUnderTest& inner, const Caller& caller, const call::Clone& call) {
            Reply reply = inner.call(caller, call);
            inner.call(caller, call::Reset{value_of<EnumeratorHandle>(reply)});
            return reply;
        });
}

Twist reset_does_nothing() {
    return instead_of<call::Reset>(
        [](SystemUnderTest& /*inner*/, const Caller& /*caller*/, const call::Reset& /*call*/) {
            return Reply{H::Ok, {}};
        });
}

Twist count_of_the_rest() {
    Twist twist;
    twist.call = [taken = std::map<EnumeratorHandle, std::uint32_t>()](
                     SystemUnderTest& inner, const Caller& caller, const Call& call) mutable {
        Reply reply = inner.call(caller, call);
        if (const auto* next = std::get_if<call::Next>(&call))
            taken[next->enumerator] +=
                static_cast<std::uint32_t>(value_of<value::Fetched>(reply).ids.size());
        if (const auto* count = std::get_if<call::GetCount>(&call))
            if (auto* number = std::get_if<value::Count>(&reply.value))
                number->number -= std::min(number->number, taken[count->enumerator]);
        return reply;
    };
    return twist;
}

Twist skip_one_more() {
    return instead_of<call::Skip>(
        [](SystemUnderTest& inner, const Caller& caller, const call::Skip& call) {
            Reply reply = inner.call(caller, call);
            inner.call(caller, call::Skip{call.enumerator, 1});
            return reply;
        });
}

Twist fetched_one_more() {
    return after<call::Next>([](const call::Next& /*call*/, Reply& reply) {
        if (auto* fetched = std::get_if<value::Fetched>(&reply.value); fetched && fetched->count)
            ++*fetched->count;
    });
}

Twist fetched_as_asked() {
    return after<call::Next>([](const call::Next& call, Reply& reply) {
        if (auto* fetched = std::get_if<value::Fetched>(&reply.value); fetched && fetched->count)
            fetched->count = call.count;
    });
}

Twist null_fetched() {
    return instead_of<call::Next>(
        [](SystemUnderTest& inner, const Caller& caller, call::Next call) {
            const bool is_null = std::exchange(call.fetched_is_null, false);
            Reply reply = inner.call(caller, call);
            if (auto* fetched = std::get_if<value::Fetched>(&reply.value); fetched && is_null)
                fetched->count.reset();
            return reply;
        });
}

// ---- verbs ----

Twist suspend_does_nothing() { return only_says_ok<call::SuspendGroup>(); }
Twist resume_does_nothing() { return only_says_ok<call::ResumeGroup>(); }
Twist cancel_does_nothing() { return only_says_ok<call::CancelGroup>(); }
Twist foreground_does_nothing() { return only_says_ok<call::SwitchGroupToForeground>(); }

Twist resume_suspends() {
    return instead_of<call::ResumeGroup>(
        [](SystemUnderTest& inner, const Caller& caller, const call::ResumeGroup& call) {
            return inner.call(caller, call::SuspendGroup{call.group});
        });
}

Twist resume_starts_over() {
    return instead_of<call::ResumeGroup>(
        [](SystemUnderTest& inner, const Caller& caller, const call::ResumeGroup& call) {
            inner.call(caller, call::SuspendGroup{call.group});
            return inner.call(caller, call);
        });
}

Twist cancel_suspends() {
    return instead_of<call::CancelGroup>(
        [](SystemUnderTest& inner, const Caller& caller, const call::CancelGroup& call) {
            return inner.call(caller, call::SuspendGroup{call.group});
        });
}

Twist foreground_for_all() {
    Twist twist;
    twist.call = [](SystemUnderTest& inner, const Caller& caller, const Call& call) {
        Reply reply = inner.call(caller, call);
        if (std::holds_alternative<call::CreateGroup>(call))
            inner.call(caller, call::SwitchGroupToForeground{value_of<GroupHandle>(reply)});
        if (auto* state = std::get_if<value::GroupState>(&reply.value))
            state->status = state->status.without(GroupFlag::Foreground);
        return reply;
    };
    return twist;
}

Twist foreground_shows_always() {
    return every<value::GroupState>(
        [](value::GroupState& state) { state.status = state.status.with(GroupFlag::Foreground); });
}

Twist foreground_on_jobs() {
    return every<value::JobState>(
        [](value::JobState& state) { state.status = state.status.with(JobFlag::Foreground); });
}

Twist new_group_runs() {
    return knowing(
        [](SystemUnderTest& inner, const Caller& caller, const Call& call, Handles& handles) {
            Reply reply = inner.call(caller, call);
            if (const auto* add = std::get_if<call::AddFiles>(&call); add && !failed(reply.hresult))
                inner.call(caller, call::ResumeGroup{handles.jobs[add->job]});
            return reply;
        });
}

Twist internal_call_acts() {
    return instead_of<call::InternalSetProp>(
        [](SystemUnderTest& inner, const Caller& caller, const call::InternalSetProp& call) {
            inner.call(caller, call::SwitchGroupToForeground{call.group});
            return inner.call(caller, call);
        });
}

Twist complete_goes_away() {
    return instead_of<call::GetGroupStatus>(
        [](SystemUnderTest& inner, const Caller& caller, const call::GetGroupStatus& call) {
            Reply reply = inner.call(caller, call);
            if (value_of<value::GroupState>(reply).status.has(GroupFlag::Complete))
                inner.call(caller, call::CancelGroup{call.group});
            return reply;
        });
}

// ---- files ----

Twist files_backwards() {
    return instead_of<call::AddFiles>(
        [](SystemUnderTest& inner, const Caller& caller, call::AddFiles call) {
            std::reverse(call.files.begin(), call.files.end());
            return inner.call(caller, call);
        });
}

Twist adds_the_good_ones() {
    return instead_of<call::AddFiles>(
        [](SystemUnderTest& inner, const Caller& caller, const call::AddFiles& call) {
            Reply reply = inner.call(caller, call);
            if (failed(reply.hresult))
                for (const FileSetInfo& file : call.files)
                    inner.call(caller, call::AddFiles{call.job, {file}});
            return reply;
        });
}

Twist adds_nothing_of_none() {
    return instead_of<call::AddFiles>(
        [](SystemUnderTest& inner, const Caller& caller, const call::AddFiles& call) {
            return call.files.empty() ? Reply{H::Ok, {}} : inner.call(caller, call);
        });
}

Twist adds_before_refusing() {
    return instead_of<call::AddFiles>(
        [](SystemUnderTest& inner, const Caller& caller, call::AddFiles call) {
            Reply reply = inner.call(caller, call);
            if (!failed(reply.hresult) || call.files.empty()) return reply;
            call.files = {{"http://server.test/other", "/other", 0}};
            inner.call(caller, call);
            return reply;
        });
}

Twist schemes_in_capitals_refused() {
    return instead_of<call::AddFiles>(
        [](SystemUnderTest& inner, const Caller& caller, const call::AddFiles& call) {
            for (const FileSetInfo& file : call.files)
                if (file.remote_name.starts_with("HTTP")) return Reply{H::InvalidArgument, {}};
            return inner.call(caller, call);
        });
}

Twist hint_is_lost() {
    return every<FileSetInfo>([](FileSetInfo& file) { file.size_hint = 0; });
}

Twist names_are_tidied() {
    return every<FileSetInfo>([](FileSetInfo& file) {
        std::transform(file.remote_name.begin(), file.remote_name.end(), file.remote_name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        while (file.remote_name.ends_with('/')) file.remote_name.pop_back();
    });
}

Twist index_from_one() {
    return instead_of<call::GetFile>(
        [](SystemUnderTest& inner, const Caller& caller, call::GetFile call) {
            --call.index;
            return inner.call(caller, call);
        });
}

Twist count_one_more() {
    return after<call::GetFileCount>([](const auto& /*call*/, Reply& reply) {
        if (auto* count = std::get_if<value::Count>(&reply.value)) ++count->number;
    });
}

Twist other_group_id() {
    return every<GroupId>([](GroupId& id) { id.guid.bytes.back() ^= 0xFF; });
}

Twist other_job_id() {
    return every<JobId>([](JobId& id) { id.guid.bytes.back() ^= 0xFF; });
}

}  // namespace qmgr::mutants::twist
