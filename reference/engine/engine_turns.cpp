// Whose turn it is and when: the surroundings, the turns of SCHED-1 and SCHED-2, the timers, and
// the indexes they stand on. Each index is kept by one function here.
#include <algorithm>

#include "reference/engine/engine.hpp"

namespace qmgr {
namespace {

// States a group of which a log-off, a lost network or a pause concerns.
bool is_going(JobState state) {
    return state == JobState::Queued || takes_turn(state) || state == JobState::TransientError;
}

// Progress is noted in steps, so that it costs no journal write a chunk: of a thousandth of the
// time it is for (GROUP-DONE-2), and for a short time of the sync interval, which costs a write
// anyway, but never of more than a tenth, by which a group may be cancelled too early.
constexpr int kActivityGrain = 1000;
constexpr int kLargestGrain = 10;

}  // namespace

// ---- indexes ------------------------------------------------------------------------------------

// Called when the state has changed.
void Engine::keep_going(Group& group, JobState from) {
    const bool going = is_going(group.job.state);
    if (going == is_going(from)) return;
    std::set<GroupNumber>& owned = state_.owners[group.owner].going;
    if (going) {
        owned.insert(group.number);
        state_.going.insert(group.number);
    } else {
        owned.erase(group.number);
        state_.going.erase(group.number);
    }
}

// Gives a queued group its place among those that wait, or takes it away. The group of an owner who
// is logged off is queued without one (XFER-LOGON-1).
void Engine::seat(Group& group) {
    const bool waits =
        group.job.state == JobState::Queued && !state_.around.logged_off.contains(group.owner);
    if (waits == (group.ticket != 0)) return;
    if (waits) {
        group.ticket = state_.next_ticket++;
        state_.waiting.insert({!group.foreground, group.ticket, group.number});
    } else {
        state_.waiting.erase({!group.foreground, group.ticket, group.number});
        group.ticket = 0;
    }
}

void Engine::forget_in_indexes(const Group& group) {
    const auto erase = [&group](auto& ids, const auto& id) {
        const auto known = ids.find(id);
        if (known != ids.end() && known->second == group.number) ids.erase(known);
    };
    erase(state_.group_ids, group.id);
    const auto found = state_.owners.find(group.owner);
    Owned& owned = found->second;
    owned.groups.erase(group.number);
    if (group.job.id) {
        erase(state_.job_ids, *group.job.id);
        --owned.jobs;
    }
    if (owned.groups.empty()) state_.owners.erase(found);
}

// QMGR-GET-5. A transfer goes on if the new owner is logged on, and stops if not.
void Engine::change_owner(Group& group, const std::string& user) {
    const auto found = state_.owners.find(group.owner);
    Owned& now = state_.owners[user];
    Owned& before = found->second;
    before.groups.erase(group.number);
    now.groups.insert(group.number);
    if (before.going.erase(group.number) != 0) now.going.insert(group.number);
    if (group.job.id) {
        --before.jobs;
        ++now.jobs;
    }
    if (before.groups.empty()) state_.owners.erase(found);
    group.owner = user;
    mark(group);
    if (!is_going(group.job.state)) return;
    const bool logged_off = state_.around.logged_off.contains(user);
    apply(group, logged_off ? Trigger::OwnerLoggedOff : Trigger::OwnerLoggedOn);
    seat(group);
}

// ---- surroundings -------------------------------------------------------------------------------

void Engine::on(const event::SessionChanged& event) {
    const bool known = event.logged_on ? state_.around.logged_off.erase(event.user) == 0
                                       : !state_.around.logged_off.insert(event.user).second;
    const auto found = state_.owners.find(event.user);
    if (known || found == state_.owners.end()) return;
    const std::set<GroupNumber> concerned = found->second.going;
    for (const GroupNumber number : concerned) {
        Group& group = state_.groups.at(number);
        apply(group, event.logged_on ? Trigger::OwnerLoggedOn : Trigger::OwnerLoggedOff);
        seat(group);
    }
}

void Engine::on(const event::NetworkChanged& event) {
    if (state_.around.network_lost == event.lost) return;
    state_.around.network_lost = event.lost;
    const std::set<GroupNumber> concerned = state_.going;
    for (const GroupNumber number : concerned) {
        Group& group = state_.groups.at(number);
        if (event.lost) {
            hold(group, Trigger::NetworkLost, HResult::BgNetworkDisconnected);
        } else {
            group.job.network_retries = policy_.network_retries;
            apply(group, Trigger::NetworkBack);
        }
    }
}

void Engine::on(const event::PauseChanged& event) {
    if (state_.around.paused == event.paused) return;
    state_.around.paused = event.paused;
    if (state_.around.network_lost) return;  // everything waits already, and for that first
    const std::set<GroupNumber> concerned = state_.going;
    for (const GroupNumber number : concerned) {
        Group& group = state_.groups.at(number);
        if (event.paused)
            hold(group, Trigger::Held, HResult::BgBlockedByPolicy);
        else
            apply(group, Trigger::Released);
    }
}

// Waits for the surroundings: no time, no count, and the no-progress time starts anew.
void Engine::hold(Group& group, Trigger trigger, HResult code) {
    Job& job = group.job;
    job.error = {code, 0, std::nullopt};
    job.retry_at.reset();
    if (job.failing_since) mark(group);
    job.failing_since.reset();
    apply(group, trigger);
    set_wake(group);
}

// ---- turns --------------------------------------------------------------------------------------

// SCHED-1, SCHED-2: foreground groups have their turn at once, background groups one at a time.
void Engine::give_turns() {
    while (!state_.waiting.empty()) {
        const Turn next = *state_.waiting.begin();
        if (next.background && state_.background_turn) return;
        apply(state_.groups.at(next.group), Trigger::TurnCame);
    }
}

void Engine::take_background_turn(Group& group) {
    state_.background_turn = group.number;
    if (policy_.time_slice > Duration(0)) group.job.slice_end = work_.now + policy_.time_slice;
}

// ---- time ---------------------------------------------------------------------------------------

std::optional<Instant> Engine::next_wakeup() const {
    if (state_.timers.empty()) return std::nullopt;
    return state_.timers.begin()->first;
}

// The one place that knows when a group has to be woken.
std::optional<Instant> Engine::wake_of(const Group& group) const {
    const Job& job = group.job;
    std::optional<Instant> wake;
    const auto at = [&wake](std::optional<Instant> time) {
        if (time && (!wake || *time < *wake)) wake = time;
    };
    if (job.state == JobState::TransientError) {
        at(job.retry_at);
        at(no_progress_at(group));
    }
    if (takes_turn(job.state)) {
        at(job.slice_end);
        at(job.fetch_at);
    }
    if (group.undelivered && waits_for_time(group)) at(group.undelivered->next_try);
    at(expires_at(group));
    return wake;
}

void Engine::set_wake(Group& group) {
    const std::optional<Instant> wake = wake_of(group);
    if (wake == group.wake) return;
    if (group.wake) state_.timers.erase({*group.wake, group.number});
    if (wake) state_.timers.insert({*wake, group.number});
    group.wake = wake;
}

// XFER-NOPROG-1. One that waits for the surroundings has no such time.
std::optional<Instant> Engine::no_progress_at(const Group& group) const {
    if (!group.job.retry_at || !group.job.failing_since) return std::nullopt;
    return *group.job.failing_since + policy_.no_progress_timeout;
}

// GROUP-DONE-2. A group whose renames run is not idle.
std::optional<Instant> Engine::expires_at(const Group& group) const {
    const JobState state = group.job.state;
    const bool stays = state == JobState::Publishing || state == JobState::Cancelling ||
                       state == JobState::Cancelled;
    if (stays || policy_.inactivity_timeout == Duration(0)) return std::nullopt;
    return group.active_at + policy_.inactivity_timeout;
}

// The client changed it.
void Engine::touch(Group& group) {
    group.active_at = work_.now;
    mark(group);
}

// XFER-DATE-1.
bool Engine::would_start_over(const Group& group) {
    if (!group.job.current) return false;
    const File& file = group.job.files[*group.job.current];
    return file.body_accepted && file.stored > 0 && !file.last_modified;
}

// Bytes came.
void Engine::note_progress(Group& group) {
    const Duration timeout = policy_.inactivity_timeout;
    if (timeout == Duration(0)) return;
    const Duration grain = std::max(timeout / kActivityGrain,
                                    std::min(policy_.sync_interval, timeout / kLargestGrain));
    if (work_.now - group.active_at < grain) return;
    group.active_at = work_.now;
    mark(group);
}

void Engine::on(const event::TimeReached& /*event*/) {
    while (!state_.timers.empty() && state_.timers.begin()->first <= work_.now) {
        Group& group = state_.groups.at(state_.timers.begin()->second);
        wake_up(group);
        set_wake(group);
    }
}

// Does the one thing that is due first; the timers bring the group back for the others.
void Engine::wake_up(Group& group) {
    Job& job = group.job;
    const auto due = [this](std::optional<Instant> at) { return at && *at <= work_.now; };
    if (due(expires_at(group))) {
        apply(group, has_finished(group.job) ? Trigger::CancelFinished : Trigger::Cancel);
    } else if (takes_turn(job.state) && due(job.fetch_at)) {
        job.fetch_at.reset();
        begin_file(group, *job.current);
    } else if (takes_turn(job.state) && due(job.slice_end)) {
        // A background turn is over. It goes on if nobody waits, for another slice, and if what was
        // stored would be lost: two files without a date would keep each other from ending.
        if (state_.waiting.empty() || would_start_over(group))
            job.slice_end = work_.now + policy_.time_slice;
        else
            apply(group, Trigger::SliceOver);
    } else if (job.state == JobState::TransientError && due(job.retry_at)) {
        apply(group, Trigger::RetryDue);
    } else if (job.state == JobState::TransientError && due(no_progress_at(group))) {
        apply(group, Trigger::NoProgressOver);
    } else {  // a callback to repeat, or nothing: the group has changed since the timer was set
        offer(group);
    }
}

}  // namespace qmgr
