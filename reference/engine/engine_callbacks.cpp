// Notifications: OnStatus, repeated until it is answered S_OK, at most so many at once per user.
//
// A group that enters Error or Complete has one thing to tell, until it leaves that state. Whether
// it can be told now is read from its properties each time (NOTIFY-11). A delivery that was made is
// a flight, which ends with its answer, whatever has become of the group meanwhile: it may be
// cancelled and forgotten by then, when the client gave the lent handles up before it answered.
// Transfers never wait for one (NOTIFY-10). An answer of S_OK is recorded, so that only a crash
// before that brings the event again (NOTIFY-9).
#include <algorithm>

#include "reference/engine/engine.hpp"
#include "reference/engine/group_view.hpp"

namespace qmgr {
namespace {

// A repeat in the same instant would be a loop.
constexpr Duration kShortestRepeat(1);

}  // namespace

bool Engine::is_told(JobState state) {
    return state == JobState::Error || state == JobState::Complete;
}

// NOTIFY-1, -2, -3: errors by default, the completion if GROUP_DONE is set, nothing if disabled.
bool Engine::can_be_told(const Group& group) const {
    const Properties& properties = group.properties;
    if ((properties.notify_flags & NotifyFlag::disable_notify) != 0) return false;
    if (properties.notify_class.guid.is_null()) return false;
    return group.job.state == JobState::Error ||
           (properties.notify_flags & NotifyFlag::group_done) != 0;
}

void Engine::announce(Group& group) {
    group.undelivered = Undelivered{{state_.next_notification++}, work_.now};
    work_.queue_dirty = true;
    mark(group);
    offer(group);
}

// NOTIFY-14: its state is over.
void Engine::retract(Group& group) {
    if (!group.undelivered) return;
    withdraw(group);
    group.undelivered.reset();
    mark(group);
}

// Takes the group out of the places that know of its event. Before its properties change, and when
// there is nothing to tell any more.
void Engine::withdraw(const Group& group) {
    if (!group.undelivered) return;
    const Properties& properties = group.properties;
    const auto user = state_.callbacks.find(properties.notify_user);
    if (user != state_.callbacks.end()) {
        user->second.due.erase({group.undelivered->number, group.number});
        work_.told_users.insert(properties.notify_user);
    }
    const auto same = state_.untold.find(properties.notify_class);
    if (same == state_.untold.end()) return;
    same->second.erase(group.number);
    if (same->second.empty()) state_.untold.erase(same);
}

// Puts the group where its event belongs now: among those due, or on the clock.
void Engine::offer(Group& group) {
    if (!group.undelivered) return;
    const Properties& properties = group.properties;
    if (!properties.notify_class.guid.is_null())
        state_.untold[properties.notify_class].insert(group.number);
    const NotificationNumber number = group.undelivered->number;
    if (can_be_told(group) && !state_.flights.contains(number) &&
        group.undelivered->next_try <= work_.now) {
        state_.callbacks[properties.notify_user].due.insert({number, group.number});
        work_.told_users.insert(properties.notify_user);
    }
    set_wake(group);
}

// Something to tell, and only the time is missing.
bool Engine::waits_for_time(const Group& group) const {
    const NotificationNumber number = group.undelivered->number;
    if (!can_be_told(group) || state_.flights.contains(number)) return false;
    const auto user = state_.callbacks.find(group.properties.notify_user);
    return user == state_.callbacks.end() || !user->second.due.contains({number, group.number});
}

// NOTIFY-13. At the end of a step, so that a delivery tells the state the step ends in.
void Engine::make_callbacks() {
    for (const std::string& user : work_.told_users) {
        const auto found = state_.callbacks.find(user);
        if (found == state_.callbacks.end()) continue;
        Callbacks& callbacks = found->second;
        while (callbacks.in_flight < policy_.callbacks_at_once && !callbacks.due.empty()) {
            const auto [number, group] = *callbacks.due.begin();
            callbacks.due.erase(callbacks.due.begin());
            ++callbacks.in_flight;
            call_back(state_.groups.at(group), user);
        }
        if (callbacks.in_flight == 0 && callbacks.due.empty()) state_.callbacks.erase(found);
    }
}

// NOTIFY-4.
void Engine::call_back(Group& group, const std::string& user) {
    const Job& job = group.job;
    Notification told;
    told.number = group.undelivered->number;
    told.class_id = group.properties.notify_class;
    told.group = new_group_handle(group);
    if (job.id) told.job = new_job_handle(group);
    told.status = group_status(rules_.status, group);
    if (job.state == JobState::Error) {
        told.file = job.error.file;
        told.retries = job.error_count;
        told.win32_result = static_cast<std::uint32_t>(job.error.code);
        told.transport_result = static_cast<std::uint32_t>(job.error.http_status);
    }
    state_.flights[told.number] = {group.number, user, told.class_id, told.group, told.job};
    work_.calls.push_back(action::Notify{told});
}

// Ends a delivery; the handles lent with it are given up.
void Engine::end_flight(NotificationNumber number) {
    const auto found = state_.flights.find(number);
    const Flight flight = found->second;
    state_.flights.erase(found);
    --state_.callbacks.at(flight.user).in_flight;
    work_.told_users.insert(flight.user);
    give_up_handle(flight.group_handle.value);
    if (flight.job_handle) give_up_handle(flight.job_handle->value);
}

void Engine::on(const event::NotificationAnswered& event) {
    const auto found = state_.flights.find(event.number);
    if (found == state_.flights.end()) return;
    const GroupNumber told = found->second.group;
    end_flight(event.number);
    const auto known = state_.groups.find(told);
    if (known == state_.groups.end()) return;
    Group& group = known->second;
    if (group.undelivered && group.undelivered->number == event.number) {
        if (event.result == HResult::Ok) {
            retract(group);
        } else {  // NOTIFY-5, NOTIFY-12
            group.undelivered->next_try =
                work_.now + std::max(policy_.retry_delay, kShortestRepeat);
            offer(group);
        }
    }
}

// NOTIFY-7. What was given to an earlier object of that class and not answered is given to this
// one.
void Engine::on(const event::CallbackRegistered& event) {
    std::set<GroupNumber> concerned;
    std::vector<NotificationNumber> lost;
    for (const auto& [number, flight] : state_.flights) {
        if (flight.class_id != event.class_id) continue;
        lost.push_back(number);
        concerned.insert(flight.group);
    }
    if (const auto found = state_.untold.find(event.class_id); found != state_.untold.end())
        concerned.insert(found->second.begin(), found->second.end());
    for (const NotificationNumber number : lost) end_flight(number);
    for (const GroupNumber number : concerned) {
        const auto known = state_.groups.find(number);
        if (known == state_.groups.end() || !known->second.undelivered) continue;
        Group& group = known->second;
        group.undelivered->next_try = work_.now;
        offer(group);
    }
}

}  // namespace qmgr
