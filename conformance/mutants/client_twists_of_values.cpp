#include "conformance/mutants/client_twists.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace qmgr::mutants::twist {
namespace {

using H = HResult;

GroupStatus status_of(SystemUnderTest& inner, GroupHandle group) {
    const Caller anybody{"admin", true};
    return value_of<value::GroupState>(inner.call(anybody, call::GetGroupStatus{group})).status;
}

template <class Change>
Twist group_progress(Change change) {
    return after<call::GetGroupProgress>([change](const auto& call, Reply& reply) mutable {
        if (auto* progress = std::get_if<value::Progress>(&reply.value))
            change(call.flag, progress->amount);
    });
}

template <class What>
Twist not_heard() {
    Twist twist;
    twist.surroundings = [](SystemUnderTest& inner, const Surroundings& what) {
        return std::holds_alternative<What>(what) ? std::nullopt : inner.surroundings(what);
    };
    return twist;
}

}  // namespace

// ---- progress ----

Twist progress_twice() {
    return group_progress([](ProgressFlag flag, std::uint32_t& amount) {
        if (flag == ProgressFlag::SizeDone) amount *= 2;
    });
}

Twist progress_off_by_one() {
    return group_progress([](ProgressFlag flag, std::uint32_t& amount) {
        if (flag == ProgressFlag::SizeDone && amount != 0) ++amount;
    });
}

Twist progress_short() {
    return instead_of<call::GetGroupProgress>(
        [](SystemUnderTest& inner, const Caller& caller, const call::GetGroupProgress& call) {
            Reply reply = inner.call(caller, call);
            auto* progress = std::get_if<value::Progress>(&reply.value);
            if (progress && call.flag == ProgressFlag::SizeDone &&
                status_of(inner, call.group).has(GroupFlag::Complete) && progress->amount != 0)
                --progress->amount;
            return reply;
        });
}

Twist progress_31_bits() {
    return group_progress(
        [](ProgressFlag /*flag*/, std::uint32_t& amount) { amount &= 0x7FFFFFFFU; });
}

Twist progress_wraps() {
    return group_progress([](ProgressFlag flag, std::uint32_t& amount) {
        if (flag == ProgressFlag::SizeDone && amount == 0xFFFFFFFFU) amount = 4096;
    });
}

Twist progress_of_suspended() {
    return instead_of<call::GetGroupProgress>(
        [](SystemUnderTest& inner, const Caller& caller, const call::GetGroupProgress& call) {
            Reply reply = inner.call(caller, call);
            const GroupStatus status = status_of(inner, call.group);
            if (auto* progress = std::get_if<value::Progress>(&reply.value);
                progress && status.has(GroupFlag::Suspended) && !status.has(GroupFlag::Complete))
                progress->amount = 0;
            return reply;
        });
}

Twist percent_rounds_up() {
    return instead_of<call::GetGroupProgress>(
        [](SystemUnderTest& inner, const Caller& caller, const call::GetGroupProgress& call) {
            Reply reply = inner.call(caller, call);
            auto* percent = std::get_if<value::Progress>(&reply.value);
            if (call.flag != ProgressFlag::PercentDone || percent == nullptr) return reply;
            const Reply done =
                inner.call(caller, call::GetGroupProgress{call.group, ProgressFlag::SizeDone});
            const std::uint64_t bytes = value_of<value::Progress>(done).amount;
            const Reply size = inner.call(caller, call::GetSize{call.group});
            const std::uint64_t total = value_of<value::Size>(size).bytes;
            if (total != 0)
                percent->amount = static_cast<std::uint32_t>((bytes * 100 + total - 1) / total);
            return reply;
        });
}

Twist percent_never_full() {
    return group_progress([](ProgressFlag flag, std::uint32_t& amount) {
        if (flag == ProgressFlag::PercentDone) amount = std::min(amount, 99U);
    });
}

Twist time_is_zero() {
    return after<call::GetGroupProgress>([](const call::GetGroupProgress& call, Reply& reply) {
        if (call.flag == ProgressFlag::TimeDone) reply = {H::Ok, value::Progress{0}};
    });
}

Twist job_progress_apart() {
    return after<call::GetJobProgress>([](const auto& /*call*/, Reply& reply) {
        if (auto* progress = std::get_if<value::Progress>(&reply.value)) progress->amount = 0;
    });
}

Twist size_off_by_one() {
    return every<value::Size>([](value::Size& size) {
        if (size.bytes != 0) ++size.bytes;
    });
}

Twist size_of_unknown() {
    return every<value::Size>([](value::Size& size) {
        if (size.bytes == 0) size.bytes = 0xFFFFFFFFU;
    });
}

Twist size_of_known() {
    return instead_of<call::GetSize>([](SystemUnderTest& inner, const Caller& caller,
                                        const call::GetSize& call) {
        Reply reply = inner.call(caller, call);
        if (auto* size = std::get_if<value::Size>(&reply.value); size && size->bytes == 0)
            size->bytes =
                value_of<value::Progress>(
                    inner.call(caller, call::GetGroupProgress{call.group, ProgressFlag::SizeDone}))
                    .amount;
        return reply;
    });
}

Twist size_saturates() {
    return instead_of<call::GetSize>(
        [](SystemUnderTest& inner, const Caller& caller, const call::GetSize& call) {
            Reply reply = inner.call(caller, call);
            // Of a group that is complete every size is known: 0 with bytes in it is too large.
            const auto percent = value_of<value::Progress>(
                inner.call(caller, call::GetGroupProgress{call.group, ProgressFlag::PercentDone}));
            const auto done = value_of<value::Progress>(
                inner.call(caller, call::GetGroupProgress{call.group, ProgressFlag::SizeDone}));
            if (auto* size = std::get_if<value::Size>(&reply.value);
                size && size->bytes == 0 && (percent.amount != 0 || done.amount == 0xFFFFFFFFU))
                size->bytes = 0xFFFFFFFFU;
            return reply;
        });
}

// ---- status ----

Twist job_index_one() {
    return every<value::GroupState>([](value::GroupState& state) { state.job_index = 1; });
}

Twist odd_flags() {
    return every<value::GroupState>([](value::GroupState& state) {
        if (state.status.has(GroupFlag::Complete))
            state.status = state.status.with(GroupFlag::Error);
    });
}

Twist result_is_zero() {
    return every<value::JobState>([](value::JobState& state) { state.win32_result = 0; });
}

Twist transport_result_lost() {
    return every<value::JobState>([](value::JobState& state) { state.transport_result = 0; });
}

Twist failed_call_leaves_mark() {
    Twist twist;
    twist.call = [mark = std::uint32_t(0)](SystemUnderTest& inner, const Caller& caller,
                                           const Call& call) mutable {
        Reply reply = inner.call(caller, call);
        if (failed(reply.hresult)) mark = static_cast<std::uint32_t>(reply.hresult);
        auto* state = std::get_if<value::JobState>(&reply.value);
        if (state != nullptr && mark != 0) state->win32_result = mark;
        return reply;
    };
    return twist;
}

Twist retries_reset() {
    Twist twist;
    twist.call = [forgotten = std::uint32_t(0), last = std::uint32_t(0)](
                     SystemUnderTest& inner, const Caller& caller, const Call& call) mutable {
        Reply reply = inner.call(caller, call);
        if (std::holds_alternative<call::ResumeGroup>(call)) forgotten = last;
        if (auto* state = std::get_if<value::JobState>(&reply.value)) {
            last = state->retries;
            state->retries -= std::min(state->retries, forgotten);
        }
        return reply;
    };
    return twist;
}

Twist retries_is_one() {
    return every<value::JobState>(
        [](value::JobState& state) { state.retries = std::min(state.retries, 1U); });
}

// ---- properties ----

Twist property_forgotten() {
    auto restarted = std::make_shared<bool>(false);
    Twist twist = instead_of<call::GetProp>(
        [restarted](SystemUnderTest& inner, const Caller& caller, const call::GetProp& call) {
            Reply reply = inner.call(caller, call);
            if (auto* value = std::get_if<PropertyValue>(&reply.value);
                value && *restarted && call.property != GroupProperty::Priority) {
                value->text.clear();
                value->number = 0;
            }
            return reply;
        });
    twist.restart = [restarted](SystemUnderTest& inner) {
        inner.restart();
        *restarted = true;
    };
    return twist;
}

Twist property_as_set() {
    auto type = std::make_shared<VariantType>(VariantType::I4);
    Twist twist;
    twist.call = [type](SystemUnderTest& inner, const Caller& caller, const Call& call) {
        Reply reply = inner.call(caller, call);
        if (const auto* set = std::get_if<call::SetProp>(&call); set && !failed(reply.hresult))
            *type = set->value.type;
        if (auto* value = std::get_if<PropertyValue>(&reply.value)) value->type = *type;
        return reply;
    };
    return twist;
}

Twist property_suspends() {
    return instead_of<call::SetProp>(
        [](SystemUnderTest& inner, const Caller& caller, const call::SetProp& call) {
            Reply reply = inner.call(caller, call);
            inner.call(caller, call::SuspendGroup{call.group});
            return reply;
        });
}

// ---- notifications ----

Twist notification_lost() {
    return deliveries([told = std::set<NotificationNumber>()](const Notification& one) mutable {
        return told.insert(one.number).second;
    });
}

Twist done_not_told() {
    return deliveries([](const Notification& one) { return one.status.has(GroupFlag::Error); });
}

Twist error_not_told() {
    return deliveries([](const Notification& one) { return !one.status.has(GroupFlag::Error); });
}

Twist told_without_file() {
    return deliveries([](Notification& one) {
        one.file.reset();
        return true;
    });
}

Twist told_without_results() {
    return deliveries([](Notification& one) {
        one.win32_result = one.transport_result = one.retries = 0;
        return true;
    });
}

Twist told_another_group() {
    return deliveries([](Notification& one) {
        one.group.value += 1000;
        return true;
    });
}

Twist told_to_another_class() {
    return deliveries([](Notification& one) {
        one.class_id = {};
        return true;
    });
}

Twist any_answer_is_good() {
    Twist twist;
    twist.answer = [](SystemUnderTest& inner, NotificationNumber number, H /*hresult*/) {
        inner.answer(number, H::Ok);
    };
    return twist;
}

Twist no_answer_is_good() {
    Twist twist;
    twist.answer = [](SystemUnderTest& inner, NotificationNumber number, H /*hresult*/) {
        inner.answer(number, H::Failed);
    };
    return twist;
}

Twist disable_is_ignored() {
    return instead_of<call::SetProp>(
        [](SystemUnderTest& inner, const Caller& caller, call::SetProp call) {
            if (call.property == GroupProperty::NotifyFlags)
                call.value.number &= ~static_cast<std::int64_t>(NotifyFlag::disable_notify);
            return inner.call(caller, call);
        });
}

Twist flags_of_the_event() {
    return instead_of<call::SetProp>(
        [](SystemUnderTest& inner, const Caller& caller, const call::SetProp& call) {
            const GroupStatus status = status_of(inner, call.group);
            const bool too_late = call.property == GroupProperty::NotifyFlags &&
                                  (status.has(GroupFlag::Complete) || status.has(GroupFlag::Error));
            return too_late ? Reply{H::Ok, {}} : inner.call(caller, call);
        });
}

Twist notify_new_owner() {
    auto moved = std::make_shared<bool>(false);
    Twist twist = instead_of<call::GetGroup>(
        [moved](SystemUnderTest& inner, const Caller& caller, const call::GetGroup& call) {
            *moved = *moved || caller.administrator;
            return inner.call(caller, call);
        });
    twist.notifications = [moved](SystemUnderTest& inner) {
        auto told = inner.take_notifications();
        if (*moved) told.clear();
        return told;
    };
    return twist;
}

Twist notify_dies_with_service() {
    auto restarted = std::make_shared<bool>(false);
    Twist twist;
    twist.restart = [restarted](SystemUnderTest& inner) {
        inner.restart();
        *restarted = true;
    };
    twist.notifications = [restarted](SystemUnderTest& inner) {
        auto told = inner.take_notifications();
        if (*restarted) told.clear();
        return told;
    };
    return twist;
}

namespace {

// A delivery that nothing gave a reason for, once for each group that was resumed and shows
// `shown`: only to a client that has set a class, or only to one that has not.
Twist told_of(bool (*shown)(GroupStatus), bool has_class, GroupStatus told_as) {
    struct Known {
        std::set<GroupHandle> resumed;  // and not told of
        std::set<GroupHandle> with_class;
    };
    auto known = std::make_shared<Known>();
    Twist twist;
    twist.call = [known](SystemUnderTest& inner, const Caller& caller, const Call& call) {
        if (const auto* resume = std::get_if<call::ResumeGroup>(&call))
            known->resumed.insert(resume->group);
        if (const auto* set = std::get_if<call::SetProp>(&call);
            set && set->property == GroupProperty::NotifyClsid)
            known->with_class.insert(set->group);
        return inner.call(caller, call);
    };
    twist.notifications = [=](SystemUnderTest& inner) {
        auto told = inner.take_notifications();
        std::erase_if(known->resumed, [&](GroupHandle group) {
            if (known->with_class.contains(group) != has_class) return false;
            if (!shown(status_of(inner, group))) return false;
            Notification one;
            one.number.value = 1'000'000 + group.value;  // numbers the reference does not reach
            one.group = group;
            one.status = told_as;
            told.push_back(one);
            return true;
        });
        return told;
    };
    return twist;
}

bool runs(GroupStatus status) { return status == GroupStatus{}.with(GroupFlag::Incomplete); }
bool is_complete(GroupStatus status) { return status.has(GroupFlag::Complete); }

}  // namespace

Twist transient_is_told() {
    return told_of(runs, true, GroupStatus{}.with(GroupFlag::Error).with(GroupFlag::Suspended));
}

Twist progress_is_told() { return told_of(runs, true, GroupStatus{}.with(GroupFlag::Incomplete)); }

Twist told_unasked() {
    return told_of(is_complete, false,
                   GroupStatus{}.with(GroupFlag::Complete).with(GroupFlag::Suspended));
}

// ---- surroundings ----

Twist network_ignored() { return not_heard<surroundings::NetworkLost>(); }
Twist network_stays_lost() { return not_heard<surroundings::NetworkBack>(); }
Twist pause_ignored() { return not_heard<surroundings::Paused>(); }
Twist pause_stays() { return not_heard<surroundings::Unpaused>(); }
Twist log_off_ignored() { return not_heard<surroundings::LogOff>(); }
Twist log_on_ignored() { return not_heard<surroundings::LogOn>(); }

Twist restart_pauses() {
    Twist twist;
    twist.restart = [](SystemUnderTest& inner) {
        inner.restart();
        inner.surroundings(surroundings::Paused{"forgotten"});
    };
    return twist;
}

Twist slow_callback_stops() {
    Twist twist;
    twist.notifications = [](SystemUnderTest& inner) {
        auto told = inner.take_notifications();
        if (!told.empty()) inner.surroundings(surroundings::Paused{"a callback runs"});
        return told;
    };
    twist.answer = [](SystemUnderTest& inner, NotificationNumber number, H hresult) {
        inner.answer(number, hresult);
        inner.surroundings(surroundings::Unpaused{});
    };
    return twist;
}

}  // namespace qmgr::mutants::twist
