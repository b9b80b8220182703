// Deliveries: which events there can be, to whom they are told, and how often.
#include <algorithm>

#include "propertytests/auditor_judge.hpp"

namespace qmgr::propertytests::audit {
namespace {

// Time for the service to come to it, beside the delay between two tries.
constexpr Duration kMoment(1'000);

States state_of(GroupStatus status, bool lenient) {
    const std::uint32_t flags = status.without(GroupFlag::Foreground).bits;
    if (flags == 0x380 || (lenient && flags == 0x300)) return kError;
    if (flags == 0x140 || (lenient && flags == 0x100)) return kComplete;
    return 0;
}

}  // namespace

void Judge::callback_registered(const Guid& class_id) {
    if (std::find(model_.registered.begin(), model_.registered.end(), class_id) ==
        model_.registered.end())
        model_.registered.push_back(class_id);
    // The object before is gone, and what it was told is told to this one.
    for (const Flight& one : model_.flights)
        if (one.class_id == class_id) loosen(one);
    std::erase_if(model_.flights, [&](const Flight& one) { return one.class_id == class_id; });
    for (Group& group : model_.groups) {
        if (group.class_id != class_id) continue;
        group.event.in_flight = group.event.is_due = false;
    }
}

std::size_t Judge::flights_of(std::uint8_t user) const {
    return static_cast<std::size_t>(
        std::count_if(model_.flights.begin(), model_.flights.end(), [&](const Flight& one) {
            return one.group != kAnyGroup && one.user == user &&
                   model_.groups[one.group].event.number == one.number;
        }));
}

// The first reason why that delivery cannot be of this group; the later, the nearer it is.
Judge::Misfit Judge::fits(const Group& group, const Notification& told, States state) const {
    const States now = with_time(group.states);
    if (((now | group.left) & state) == 0) return Misfit::State;
    const bool its_class = told.class_id.guid == group.class_id ||
                           std::find(group.old_classes.begin(), group.old_classes.end(),
                                     told.class_id.guid) != group.old_classes.end();
    if (!its_class || told.class_id.guid.is_null()) return Misfit::Class;
    const bool unsure = (group.unsure & (Unsure::flags | Unsure::class_id)) != 0;
    if (!unsure && (group.flags_always & NotifyFlag::disable_notify) != 0) return Misfit::Disabled;
    if (!unsure && state == kComplete && (group.flags_since & NotifyFlag::group_done) == 0)
        return Misfit::NotAsked;
    const Event& event = group.event;
    if ((group.left & state) != 0 || event.ambiguous) return Misfit::None;
    if (event.answered && !event.may_come_again) return Misfit::Answered;
    if (event.number != 0 && event.number != told.number.value && !model_.may_be_down)
        return Misfit::Number;
    return Misfit::None;
}

// The group it is about: by its handle, by its number, else by what fits.
std::uint32_t Judge::event_of(const Notification& told, States state) {
    Misfit nearest = Misfit::State;
    std::uint32_t fitting = kAnyGroup;
    std::size_t count = 0;
    for (std::uint32_t i = 0; i < model_.groups.size(); ++i) {
        const Misfit misfit = fits(model_.groups[i], told, state);
        nearest = std::max(nearest, misfit);
        if (misfit != Misfit::None) continue;
        const Event& event = model_.groups[i].event;
        if (event.number == told.number.value) return i;
        ++count;
        fitting = i;
    }
    const auto say = [&](const char* invariant, const char* clause, const char* what) {
        violate(invariant, clause,
                "OnStatus was told " + flags_text(told.status) + " of class " +
                    to_text(told.class_id.guid) + "; " + what);
    };
    switch (nearest) {
        case Misfit::State:
            say("told-only-what-happened", state == kError ? "NOTIFY-2" : "NOTIFY-1",
                "no group can be in that state");
            break;
        case Misfit::Class:
            say("told-only-where-asked", "NTF-10", "no such group has that class");
            break;
        case Misfit::Disabled:
            say("never-told-when-disabled", "NOTIFY-3", "its notifications are disabled");
            break;
        case Misfit::NotAsked:
            say("told-only-when-asked", "NOTIFY-1", "GROUP_DONE is not set");
            break;
        case Misfit::Answered:
            say("told-until-answered", "NOTIFY-9", "it was answered S_OK");
            break;
        case Misfit::Number:
            say("told-until-answered", "NOTIFY-5", "the event had another number before");
            break;
        case Misfit::None:
            break;
    }
    return count == 1 ? fitting : kAnyGroup;
}

void Judge::delivered(const Notification& told) {
    method_ = "OnStatus";
    if (now_ >= model_.idle_look) note_idle_groups();
    const States state = state_of(told.status, lenient());
    if (state == 0) {
        violate("documented-flags", "GROUP-STATUS-9",
                "OnStatus was told " + flags_text(told.status) + ", which is no ending");
        return;
    }
    const std::uint32_t index = event_of(told, state);
    bind_handles(told, index);
    const bool is_past_class =
        index != kAnyGroup && model_.groups[index].class_id != told.class_id.guid;
    Flight flight;
    flight.number = told.number.value;
    flight.group_handle = told.group.value;
    flight.job_handle = told.job ? told.job->value : 0;
    flight.group = index;
    flight.class_id = told.class_id.guid;
    flight.state = state;
    // It was given to another object meanwhile, and its answer is waited for there.
    if (is_past_class) {
        loosen(flight);
        return;
    }
    const auto flies = [&](const Flight& one) { return one.number == told.number.value; };
    if (std::any_of(model_.flights.begin(), model_.flights.end(), flies))
        violate("told-until-answered", "NOTIFY-5",
                "OnStatus was called again before the call before was answered");
    if (index != kAnyGroup) {
        take_event(model_.groups[index], told, state);
        flight.user = model_.groups[index].listener;
    }
    model_.flights.push_back(flight);
    if (index != kAnyGroup) judge_places(flight.user);
}

void Judge::take_event(Group& group, const Notification& told, States state) {
    // Each error has more retries than the one before.
    const bool this_error = state == kError && group.results.of_this_error &&
                            group.states == kError && told.retries == group.results.retries;
    const bool past = (group.left & state) != 0 && !this_error;
    note_event(group, told.number.value, state, past);
    const auto say = [&](const char* clause, const char* what) {
        violate("told-what-happened", clause,
                "OnStatus was told " + flags_text(told.status) + "; " + what);
    };
    if (told.status.has(GroupFlag::Foreground) != group.foreground && !past &&
        (group.unsure & Unsure::foreground) == 0)
        say("GROUP-STATUS-8", group.foreground ? "of a foreground group" : "of a background group");
    const Results results{told.win32_result, told.transport_result, told.retries, false, false};
    if (state == kError) {
        if (!told.file || *told.file >= group.files.size())
            say("ERR-OBJ-04", "expected the index of the failing file");
        if (!past) judge_results(group, results, "OnStatus");
    } else {
        if (told.file) say("NOTIFY-4", "expected no failing file");
        if (results.win32 != 0 || results.transport != 0 || results.retries != 0)
            say("NOTIFY-4", "expected no results of a failure");
    }
    if (!lenient() && !told.job) say("NOTIFY-4", "expected its job");
}

// A delivery that was made before a call moved the group on is of the state before.
void Judge::note_event(Group& group, std::uint64_t number, States state, bool past) {
    const States now = with_time(group.states) & state;
    if (now != 0) {
        group.event = {};
        group.event.number = number;
        group.event.in_flight = true;
        group.event.ambiguous = past;
    }
    if (past || now == 0) return;
    group.states = now;
    group.active_to = now_;
}

void Judge::judge_places(std::uint8_t user) {
    const std::size_t flights = flights_of(user);
    if (flights > model_.limits.callbacks)
        violate("four-at-once", "NOTIFY-13",
                "OnStatus runs " + std::to_string(flights) + " times for one user");
}

void Judge::bind_handles(const Notification& told, std::uint32_t group) {
    const auto bind = [&](std::uint64_t value, HandleKind kind) {
        if (const Handle* known = find_handle(model_, value, kind)) {
            if (known->target != group && known->target != kAnyGroup && group != kAnyGroup)
                violate("told-only-what-happened", "NOTIFY-4",
                        "OnStatus was given a handle of another group");
            return;
        }
        give(value, kind, group);
        if (Handle* lent = find_handle(model_, value, kind)) lent->lent = true;
    };
    bind(told.group.value, HandleKind::Group);
    if (told.job) bind(told.job->value, HandleKind::Job);
}

// get_GroupID of a delivery that fitted several events says which one it was.
void Judge::learn_group(std::uint64_t handle, const Guid& id) {
    const auto flight = std::find_if(model_.flights.begin(), model_.flights.end(),
                                     [&](const Flight& one) { return one.group_handle == handle; });
    const auto index = find_group(model_, id);
    if (flight == model_.flights.end() || !index) return;
    flight->group = *index;
    flight->user = model_.groups[*index].listener;
    for (const std::uint64_t value : {flight->group_handle, flight->job_handle}) {
        for (Handle& one : model_.handles) {
            if (one.value != value || one.target != kAnyGroup) continue;
            one.target = *index;
            ++model_.groups[*index].handles;
        }
    }
    Group& group = model_.groups[*index];
    if (group.class_id != flight->class_id) {
        loosen(*flight);
        model_.flights.erase(flight);
        return;
    }
    note_event(group, flight->number, flight->state, (group.left & flight->state) != 0);
    judge_places(flight->user);
}

// The service takes back what it lent.
void Judge::loosen(const Flight& flight) {
    for (Handle& one : model_.handles)
        if (one.lent && (one.value == flight.group_handle || one.value == flight.job_handle))
            one.loose = true;
}

void Judge::delivery_answered(NotificationNumber number, HResult hresult) {
    const auto flight = std::find_if(model_.flights.begin(), model_.flights.end(),
                                     [&](const Flight& one) { return one.number == number.value; });
    if (flight == model_.flights.end()) return;
    loosen(*flight);
    for (Group& group : model_.groups) {
        if (group.event.number != number.value || !group.event.in_flight) continue;
        group.event.in_flight = group.event.is_due = false;
        if (hresult != HResult::Ok) continue;
        group.event.answered = group.event.may_come_again = true;
        model_.answers_unproven = true;
    }
    model_.flights.erase(flight);
}

void Judge::notifications_taken() {
    for (Group& group : model_.groups) {
        judge_due(group);
        group.left = 0;
        group.old_classes.clear();
        group.flags_since = group.flags_always = group.notify_flags;
    }
}

// NOTIFY-5, NOTIFY-7, NOTIFY-11: nothing stands in its way, and it does not come.
void Judge::judge_due(Group& group) {
    Event& event = group.event;
    const bool wanted =
        group.states == kError ||
        (group.states == kComplete && (group.notify_flags & NotifyFlag::group_done) != 0);
    const bool heard = std::find(model_.registered.begin(), model_.registered.end(),
                                 group.class_id) != model_.registered.end();
    const bool free = flights_of(group.listener) < model_.limits.callbacks;
    const bool due = wanted && heard && free && !event.answered && !event.in_flight &&
                     !event.ambiguous && !group.class_id.is_null() && group.unsure == 0 &&
                     !model_.may_be_down &&
                     (group.notify_flags & NotifyFlag::disable_notify) == 0 &&
                     (model_.logged_off & (UserMask{1} << group.listener)) == 0;
    if (!due || !event.is_due) {
        event.is_due = due;
        event.due_since = now_;
        return;
    }
    if (now_ - event.due_since > model_.limits.retry_delay + kMoment) {
        violate("no-notification-lost", "NOTIFY-5",
                "OnStatus of " + to_text(group.id) + " did not come for " +
                    std::to_string((now_ - event.due_since).count()) + " ms");
        event.due_since = now_;
    }
}

}  // namespace qmgr::propertytests::audit
