// The queue: its groups, its lists, and who may see what.
#include <algorithm>
#include <utility>

#include "propertytests/auditor_judge.hpp"

namespace qmgr::propertytests::audit {

void Judge::judge(const call::CreateGroup& call) {
    Allowed allowed;
    const auto there = find_group(model_, call.group_id.guid);
    const bool sure = there && (model_.groups[*there].states & kGone) == 0;
    if (call.group_id.guid.is_null()) allowed.refuse(HResult::InvalidArgument, "QMGR-CREATE-4");
    if (sure) allowed.refuse(HResult::InvalidArgument, "QMGR-CREATE-2");
    if (there && !sure) allowed.may_refuse(HResult::InvalidArgument, "QMGR-CREATE-2");
    if (!settle(allowed, "QMGR-CREATE-1")) {
        if (there && reply_->hresult == HResult::InvalidArgument)
            model_.groups[*there].states &= static_cast<States>(~kGone);
        return;
    }
    const auto* handle = value<GroupHandle>("QMGR-CREATE-1");
    expect_durable(true);
    if (there) over(model_.groups[*there]);
    const std::uint32_t index = add_group(model_, call.group_id.guid, now_);
    model_.groups[index].owners = bit();
    if (handle != nullptr) give(handle->value, HandleKind::Group, index);
}

void Judge::judge(const call::GetGroup& call) {
    Allowed allowed;
    const auto there = find_group(model_, call.group_id.guid);
    Group* group = there ? &model_.groups[*there] : nullptr;
    if (group == nullptr)
        allowed.refuse(HResult::QmItemNotFound, "QMGR-GET-2");
    else if ((group->states & kGone) != 0)
        allowed.may_refuse(HResult::QmItemNotFound, "QMGR-GET-2");
    if (group != nullptr && !administrator_ && group->owners != bit()) {
        const bool owns_perhaps = (group->owners & bit()) != 0;
        const auto add = [&](HResult code) {
            owns_perhaps ? allowed.may_refuse(code, "QMGR-GET-3-b")
                         : allowed.refuse(code, "QMGR-GET-3-b");
        };
        add(HResult::QmItemNotFound);
        if (lenient()) add(HResult::AccessDenied);
    }
    if (!settle(allowed, administrator_ ? "QMGR-GET-4" : "QMGR-GET-1")) {
        if (group != nullptr && (group->owners == bit() || administrator_) &&
            reply_->hresult == HResult::QmItemNotFound)
            over(*group);
        return;
    }
    const auto* handle = value<GroupHandle>("QMGR-GET-1");
    if (group == nullptr) return;
    expect_durable((group->owners & bit()) == 0);
    group->states &= static_cast<States>(~kGone);
    if (group->owners != bit()) group->progress.stand_epoch = 0;
    group->owners = bit();
    if (handle != nullptr) give(handle->value, HandleKind::Group, *there);
}

void Judge::judge(const call::EnumGroups& call) {
    Allowed allowed;
    if (call.flags != 0) allowed.refuse(HResult::NotImplemented, "QMGR-ENUM-2");
    if (!settle(allowed, "QMGR-ENUM-1")) return;
    const auto* handle = value<EnumeratorHandle>("QMGR-ENUM-1");
    if (handle == nullptr) return;
    std::vector<Guid> ids;
    bool exact = true;
    for (const std::uint32_t index : model_.queue) {
        const Group& group = model_.groups[index];
        const bool mine = administrator_ || group.owners == bit();
        if (!mine && (group.owners & bit()) == 0) continue;
        exact = exact && mine && (group.states & kGone) == 0;
        ids.push_back(group.id);
    }
    give_list(*handle, std::move(ids), exact);
}

void Judge::give_list(EnumeratorHandle handle, std::vector<Guid> ids, bool exact) {
    Enumerator list;
    list.list.ids = std::make_shared<const std::vector<Guid>>(std::move(ids));
    list.exact = exact;
    give(handle.value, HandleKind::Enumerator, add_enumerator(model_, std::move(list)));
}

// ---- enumerators -------------------------------------------------------------------------------

void Judge::judge(const call::Next& call) {
    Enumerator* list = enumerator_behind(call.enumerator);
    if (list == nullptr) return;
    Allowed allowed;
    if (call.fetched_is_null && call.count > 1)
        allowed.refuse(HResult::InvalidArgument, "ENUM-NEXT-3");
    if (call.fetched_is_null && call.count == 0)
        allowed.may_refuse(HResult::InvalidArgument, "ENUM-NEXT-3");
    const std::size_t left = list->list.ids->size() - list->position;
    const bool fewer = left < call.count;
    if (fewer && !allowed.must_fail()) {
        allowed.refuse(HResult::False, "ENUM-NEXT-2");
    } else if (!list->exact && reply_->hresult == HResult::False) {
        allowed.may_refuse(HResult::False, "ENUM-NEXT-2");
    }
    if (!settle(allowed, "ENUM-NEXT-1")) return;
    const auto* fetched = value<value::Fetched>("ENUM-NEXT-1");
    if (fetched != nullptr) see_list(*list, *fetched, call.count, call.fetched_is_null);
}

void Judge::see_list(Enumerator& list, const value::Fetched& fetched, std::uint32_t count,
                     bool count_is_null) {
    const std::vector<Guid>& ids = *list.list.ids;
    const std::size_t left = ids.size() - list.position;
    const std::size_t due = std::min<std::size_t>(left, count);
    if (fetched.count && *fetched.count != fetched.ids.size())
        violate("lists-tell-how-many", "ENUM-NEXT-1",
                answered() + " with " + std::to_string(fetched.ids.size()) +
                    " ids and a count of " + std::to_string(*fetched.count));
    if (fetched.count.has_value() == count_is_null)
        violate("lists-tell-how-many", "ENUM-NEXT-3",
                answered() + (count_is_null ? " with a count nobody asked for"
                                            : " without the count it was asked for"));
    if (!list.exact) {
        list.position = std::min(ids.size(), list.position + fetched.ids.size());
        return;
    }
    if (fetched.ids.size() != due)
        violate("lists-are-snapshots", fetched.ids.size() > due ? "ENUM-SNAP-1" : "ENUM-NEXT-1",
                answered() + " with " + std::to_string(fetched.ids.size()) + " ids; expected " +
                    std::to_string(due));
    for (std::size_t i = 0; i < std::min(due, fetched.ids.size()); ++i) {
        const Guid& expected = ids[list.position + i];
        if (fetched.ids[i] == expected) continue;
        const bool elsewhere = std::find(ids.begin(), ids.end(), fetched.ids[i]) != ids.end();
        violate("lists-are-snapshots", elsewhere ? "ENUM-ORDER-1" : "ENUM-SNAP-1",
                std::string(method_) + " gave " + to_text(fetched.ids[i]) + "; expected " +
                    to_text(expected));
        break;
    }
    list.position += due;
}

void Judge::judge(const call::Skip& call) {
    Enumerator* list = enumerator_behind(call.enumerator);
    if (list == nullptr) return;
    const std::size_t left = list->list.ids->size() - list->position;
    const bool fewer = left < call.count;
    Allowed allowed;
    if (fewer)
        allowed.refuse(HResult::False, "ENUM-SKIP-1");
    else if (!list->exact)
        allowed.may_refuse(HResult::False, "ENUM-SKIP-1");
    if (!settle(allowed, "ENUM-SKIP-1")) return;
    expect_no_value("ENUM-SKIP-1");
    list->position += std::min<std::size_t>(left, call.count);
}

void Judge::judge(const call::Reset& call) {
    Enumerator* list = enumerator_behind(call.enumerator);
    if (list == nullptr || !settle({}, "ENUM-RESET-1")) return;
    expect_no_value("ENUM-RESET-1");
    list->position = 0;
}

void Judge::judge(const call::Clone& call) {
    const Enumerator* list = enumerator_behind(call.enumerator);
    if (list == nullptr || !settle({}, "ENUM-CLONE-1")) return;
    const auto* handle = value<EnumeratorHandle>("ENUM-CLONE-1");
    if (handle == nullptr) return;
    Enumerator clone = *list;
    give(handle->value, HandleKind::Enumerator, add_enumerator(model_, std::move(clone)));
}

void Judge::judge(const call::GetCount& call) {
    const Enumerator* list = enumerator_behind(call.enumerator);
    if (list == nullptr || !settle({}, "ENUM-COUNT-1")) return;
    const auto* count = value<value::Count>("ENUM-COUNT-1");
    if (count == nullptr) return;
    const std::size_t size = list->list.ids->size();
    const bool right = list->exact ? count->number == size : count->number <= size;
    if (!right)
        violate("lists-are-snapshots", "ENUM-COUNT-1",
                std::string(method_) + " told " + std::to_string(count->number) + "; expected " +
                    std::to_string(size));
}

// ---- calls whose answer never came -------------------------------------------------------------

void Judge::call_unanswered(const Caller& caller, const Call& call) {
    user_ = user_index(model_, caller.user);
    administrator_ = caller.administrator;
    if (now_ >= model_.idle_look) note_idle_groups();
    if (const auto* create = std::get_if<call::CreateGroup>(&call)) {
        if (create->group_id.guid.is_null() || find_group(model_, create->group_id.guid)) return;
        Group& group = model_.groups[add_group(model_, create->group_id.guid, now_)];
        group.owners = bit();
        group.states |= kGone;
        return;
    }
    if (const auto* get = std::get_if<call::GetGroup>(&call)) {
        const auto there = find_group(model_, get->group_id.guid);
        if (there && (administrator_ || (model_.groups[*there].owners & bit()) != 0))
            model_.groups[*there].owners |= bit();
        return;
    }
    std::visit(
        [this](const auto& one) {
            if constexpr (requires { one.group; })
                left_open(find_handle(model_, one.group.value, HandleKind::Group), Call(one));
            else if constexpr (requires { one.job; })
                left_open(find_handle(model_, one.job.value, HandleKind::Job), Call(one));
        },
        call);
}

void Judge::left_open(const Handle* handle, const Call& call) {
    if (handle == nullptr || handle->target == kAnyGroup) return;
    Group& group = model_.groups[handle->target];
    if (group.states == kGone) return;
    const States before = with_time(group.states);
    group.left |= before;
    group.active_to = now_;
    if (std::holds_alternative<call::CancelGroup>(call)) {
        group.states = before | kGone | kError;
        forget_moving(group);
    } else if (std::holds_alternative<call::SuspendGroup>(call)) {
        group.states = before | kSuspended;
    } else if (std::holds_alternative<call::ResumeGroup>(call)) {
        if ((before & (kSuspended | kError)) != 0) group.states = before | kRunning;
        group.never_ran = group.total_unknown = false;
        group.event = {};
    } else if (std::holds_alternative<call::AddFiles>(call)) {
        if ((before & kComplete) != 0) group.states = before | kSuspended;
        group.unsure |= Unsure::files;
        forget_moving(group);
    } else if (const auto* create = std::get_if<call::CreateJob>(&call)) {
        if (!group.has_job) {
            group.unsure |= Unsure::job;
            group.job = create->job_id.guid;
        }
    } else if (std::holds_alternative<call::SwitchGroupToForeground>(call)) {
        if (!group.foreground) group.unsure |= Unsure::foreground;
    } else if (const auto* property = std::get_if<call::SetProp>(&call)) {
        group.unsure |= unsure_bit(property->property);
    }
}

void Judge::forget_moving(Group& group) {
    group.progress = {};
    group.total_unknown = false;
    group.results.of_this_error = false;
}

}  // namespace qmgr::propertytests::audit
