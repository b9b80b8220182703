#include "propertytests/auditor_judge.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace qmgr::propertytests::audit {
namespace {

// In the order of Call's alternatives.
constexpr auto kMethods = std::to_array<std::string_view>({"CreateGroup",
                                                           "GetGroup",
                                                           "EnumGroups",
                                                           "GetProp",
                                                           "SetProp",
                                                           "GetProgress of the group",
                                                           "GetStatus of the group",
                                                           "GetJob",
                                                           "SuspendGroup",
                                                           "ResumeGroup",
                                                           "CancelGroup",
                                                           "get_Size",
                                                           "get_GroupID",
                                                           "CreateJob",
                                                           "EnumJobs",
                                                           "SwitchToForeground",
                                                           "QueryNewJobInterface",
                                                           "SetNotificationPointer",
                                                           "InternalSetProp",
                                                           "CancelJob",
                                                           "GetProgress of the job",
                                                           "GetStatus of the job",
                                                           "GetTimes",
                                                           "AddFiles",
                                                           "GetFile",
                                                           "GetFileCount",
                                                           "SwitchToForeground of the job",
                                                           "get_JobID",
                                                           "Next",
                                                           "Skip",
                                                           "Reset",
                                                           "Clone",
                                                           "GetCount",
                                                           "Release"});
static_assert(kMethods.size() == std::variant_size_v<Call>);

// The engine's clock counts milliseconds, and who waits for one wakes in the next.
constexpr Duration kTick(1'000);

}  // namespace

const char* Allowed::clause_of(HResult code) const {
    for (std::size_t i = 0; i < count_; ++i)
        if (codes_.at(i).code == code) return codes_.at(i).clause;
    return nullptr;
}

std::string Allowed::words() const {
    std::string words = must_fail_ ? "" : "S_OK";
    for (std::size_t i = 0; i < count_; ++i)
        words += (words.empty() ? "" : " or ") + name(codes_.at(i).code);
    return words;
}

void Judge::violate(const char* invariant, const char* clause, std::string what) {
    found_.push_back({invariant, clause, std::move(what)});
}

std::string Judge::answered() const {
    return std::string(method_) + " answered " + name(reply_->hresult);
}

void Judge::mismatch(const Group& group, const char* invariant, const char* clause,
                     std::string what) {
    violate(group.refused ? "refused-calls-change-nothing" : invariant, clause, std::move(what));
}

bool Judge::settle(const Allowed& allowed, const char* clause) {
    const HResult code = reply_->hresult;
    const bool right = code == HResult::Ok ? !allowed.must_fail() : allowed.has(code);
    if (!right)
        violate("documented-codes", allowed.must_fail() ? allowed.first_clause() : clause,
                answered() + "; expected " + allowed.words());
    if (failed(code)) expect_no_value(clause);
    return succeeded(code);
}

bool Judge::settle_change(Group& group, const Allowed& allowed, const char* clause) {
    const bool done = settle(allowed, clause);
    group.refused = !done;
    if (done) expect_no_value(clause);
    return done;
}

void Judge::expect_no_value(const char* clause) {
    if (!std::holds_alternative<std::monostate>(reply_->value))
        violate("answers-carry-their-values", clause,
                answered() + " with a value it must not have");
}

void Judge::expect_durable(bool changes_something) {
    if (changes_something && model_.journal_fails && !model_.down)
        violate("acknowledged-is-durable", "SERVICE-1",
                answered() + " while the journal cannot be written");
}

void Judge::call_answered(const Caller& caller, const Call& call, const Reply& reply) {
    if (is_unsupported(reply)) return;
    reply_ = &reply;
    method_ = kMethods.at(call.index());
    user_ = user_index(model_, caller.user);
    administrator_ = caller.administrator;
    if (now_ >= model_.idle_look) note_idle_groups();
    if (is_unavailable()) return;
    std::visit([this](const auto& one) { judge(one); }, call);
}

// ---- the service going and coming --------------------------------------------------------------

// "The service tries to open it again every retry delay": by then it has.
Instant Judge::back_at_latest() const {
    return model_.journal_good_since + model_.limits.retry_delay + kTick;
}

bool Judge::is_unavailable() {
    if (reply_->hresult != HResult::QmServiceUnavailable) {
        if (model_.may_be_down || model_.down || model_.answers_unproven) service_answers();
        return false;
    }
    if (!model_.may_be_down)
        violate("documented-codes", "SERVICE-1", answered() + " with a journal that never failed");
    else if (!model_.journal_fails && now_ > back_at_latest())
        violate("the-journal-is-opened-again", "SERVICE-1",
                answered() + " longer than a retry delay after the journal was mended");
    expect_no_value("SERVICE-1");
    model_.down = true;
    return true;
}

void Judge::service_answers() {
    if (model_.down && model_.journal_fails) {
        violate("every-later-call-is-refused", "SERVICE-1",
                answered() + " after QM_E_SERVICE_UNAVAILABLE, and the journal still fails");
    } else if (model_.down) {
        drop_handles(model_, model_.doubt);
        start_anew();
        model_.may_be_down = false;
    } else if (model_.may_be_down && !model_.journal_fails && now_ > back_at_latest()) {
        start_anew();  // it may have been away meanwhile, or not
        model_.may_be_down = false;
    }
    model_.down = false;
    if (!model_.answers_unproven || model_.may_be_down) return;
    for (Group& group : model_.groups) group.event.may_come_again = false;
    model_.answers_unproven = false;
}

// What a new service knows is what was durable; who runs is tried again (XFER-START-1).
void Judge::start_anew() {
    ++model_.stand_epoch;
    model_.flights.clear();
    for (Group& group : model_.groups) {
        fall_to_durable(group);
        if (group.event.may_come_again) group.event.answered = false;
        group.event.in_flight = group.event.is_due = false;
        group.event.number = 0;
        group.results.of_this_error = group.results.of_this_error && group.states == kError;
    }
}

void Judge::restarted() {
    drop_handles(model_, model_.doubt);
    model_.given.clear();
    start_anew();
    model_.down = false;
    model_.may_be_down = model_.journal_fails;
    model_.registered.clear();
}

void Judge::surroundings_changed(const Surroundings& what) {
    namespace s = surroundings;
    ++model_.stand_epoch;
    const auto session = [this](const std::string& user, bool off) {
        const UserMask one = UserMask{1} << user_index(model_, user);
        model_.logged_off = off ? model_.logged_off | one : model_.logged_off & ~one;
    };
    if (const auto* on = std::get_if<s::LogOn>(&what)) session(on->user, false);
    if (const auto* off = std::get_if<s::LogOff>(&what)) session(off->user, true);
    if (std::holds_alternative<s::NetworkLost>(what)) model_.network_lost = true;
    if (std::holds_alternative<s::NetworkBack>(what)) model_.network_lost = false;
    if (std::holds_alternative<s::Paused>(what)) model_.paused = true;
    if (std::holds_alternative<s::Unpaused>(what)) model_.paused = false;
    const auto* journal = std::get_if<s::JournalFails>(&what);
    if (journal == nullptr || journal->on == model_.journal_fails) return;
    model_.journal_fails = journal->on;
    if (!journal->on) {
        model_.journal_good_since = now_;
        return;
    }
    ++model_.doubt;
    model_.may_be_down = true;
    model_.down = false;  // while the journal was good, the service may have opened it
    for (Group& group : model_.groups) group.event.is_due = false;
}

// GROUP-DONE-2: who has not moved for so long is cancelled, at once or a little later.
void Judge::note_idle_groups() {
    if (model_.limits.inactivity == Duration(0)) {
        model_.idle_look = Instant::max();
        return;
    }
    Instant next = now_ + model_.limits.inactivity;
    const std::vector<std::uint32_t> queue = model_.queue;
    for (const std::uint32_t index : queue) {
        Group& group = model_.groups[index];
        if ((group.states & (kRunning | kPublishing)) != 0) group.active_to = now_;
        const bool may = now_ >= group.active_from + model_.limits.inactivity;
        const bool must = now_ > group.active_to + model_.limits.inactivity + kTick;
        if (must && !model_.may_be_down) {
            over(group);
        } else if (may) {
            group.states |= kGone;
            next = now_;
        } else {
            next = std::min(next, group.active_from + model_.limits.inactivity);
        }
    }
    model_.idle_look = next;
}

// ---- handles -----------------------------------------------------------------------------------

Handle* Judge::known_handle(std::uint64_t value, HandleKind kind) {
    Handle* handle = find_handle(model_, value, kind);
    if (reply_->hresult == HResult::RpcDisconnected) {
        expect_no_value("HANDLE-2");
        if (handle == nullptr) return nullptr;
        if (handle->loose) {
            drop_handle(model_, value);
        } else if (handle->doubt < model_.doubt) {
            drop_handles(model_, handle->doubt);
            start_anew();
        } else {
            violate("handles-stay-good", "HANDLE-3", answered() + " for a handle that is held");
        }
        return nullptr;
    }
    if (handle == nullptr && may_be_lent(value)) {
        lose_track();
        return nullptr;
    }
    if (handle == nullptr) {
        violate("handles-of-the-gone", "HANDLE-5-b",
                answered() + " for a handle that is not held; expected RPC_E_DISCONNECTED");
        return nullptr;
    }
    if (handle->doubt < model_.doubt) {
        const std::uint32_t good = handle->doubt;
        for (Handle& other : model_.handles)
            if (other.doubt >= good) other.doubt = model_.doubt;
    }
    return handle;
}

// A delivery that nobody has taken yet has handles, too, and whoever guesses one, or holds an old
// one of that number, can use it.
bool Judge::may_be_lent(std::uint64_t value) const {
    const bool told = std::any_of(
        model_.given.begin(), model_.given.end(),
        [value](const Range& range) { return range.first <= value && value <= range.last; });
    return !told && std::any_of(model_.groups.begin(), model_.groups.end(), [](const Group& one) {
        const States ended = with_time(one.states) | one.left;
        return !one.class_id.is_null() && (ended & (kError | kComplete)) != 0;
    });
}

// It has done something to one of the groups that are listened to.
void Judge::lose_track() {
    for (const std::uint32_t index : model_.queue) {
        Group& group = model_.groups[index];
        if (group.class_id.is_null()) continue;
        group.states = kSuspended | kRunning | kPublishing | kError | kComplete | kGone;
        group.left |= group.states;
        group.unsure = 0x7F;
        group.never_ran = false;
        group.event = {};
        group.event.ambiguous = true;
        forget_moving(group);
    }
}

Group* Judge::group_behind(GroupHandle handle) {
    const Handle* known = known_handle(handle.value, HandleKind::Group);
    return known == nullptr || known->target == kAnyGroup ? nullptr : &model_.groups[known->target];
}

Group* Judge::group_behind(JobHandle handle) {
    const Handle* known = known_handle(handle.value, HandleKind::Job);
    return known == nullptr || known->target == kAnyGroup ? nullptr : &model_.groups[known->target];
}

Enumerator* Judge::enumerator_behind(EnumeratorHandle handle) {
    const Handle* known = known_handle(handle.value, HandleKind::Enumerator);
    return known == nullptr ? nullptr : &model_.enumerators[known->target];
}

void Judge::give(std::uint64_t value, HandleKind kind, std::uint32_t target) {
    Handle handle;
    handle.value = value;
    handle.kind = kind;
    handle.target = target;
    handle.doubt = model_.doubt;
    if (!add_handle(model_, handle) && !model_.may_be_down)
        violate("handles-are-new", "HANDLE-4",
                std::string(method_) + " gave handle " + std::to_string(value) +
                    ", which had been given before");
}

void Judge::judge(const call::Release& call) {
    const auto [value, kind] = std::visit(
        [](const auto& handle) {
            using Type = std::decay_t<decltype(handle)>;
            HandleKind its_kind = HandleKind::Group;
            if (std::is_same_v<Type, JobHandle>) its_kind = HandleKind::Job;
            if (std::is_same_v<Type, EnumeratorHandle>) its_kind = HandleKind::Enumerator;
            return std::pair(handle.value, its_kind);
        },
        call.handle);
    Handle* handle = known_handle(value, kind);
    if (handle == nullptr) return;
    if (!settle({}, "HANDLE-5-a")) return;
    expect_no_value("HANDLE-5-a");
    // What was lent may be released by whoever likes to; no clause says what that does.
    if (handle->lent)
        handle->loose = true;
    else
        drop_handle(model_, value);
}

// ---- states ------------------------------------------------------------------------------------

void Judge::see_states(Group& group, States shown, const char* clause, const std::string& what) {
    const States possible = with_time(group.states);
    const bool moved = (group.states & (kRunning | kPublishing)) != 0;
    if (moved) group.active_to = now_;
    if ((possible & shown) == 0) {
        mismatch(group, "states-follow-calls", clause, what);
        group.states = shown;
        group.event = {};
        group.results.of_this_error = false;
    } else {
        group.states = possible & shown;
    }
    if (group.states != kGone) group.never_ran = group.never_ran && group.states == kSuspended;
    if (shown == kGone) over(group);
}

void Judge::leave_states(Group& group, States states) {
    group.left |= with_time(group.states);
    if ((group.states & (kRunning | kPublishing)) != 0) group.active_to = now_;
    group.states = states;
}

void Judge::over(Group& group) {
    leave_states(group, kGone);
    group.progress.least = 0;
    group.progress.stand_epoch = group.progress.size_epoch = 0;
    remove_group(model_, index_of(group));
}

void Judge::refuse_if_gone(const Group& group, Allowed& allowed) const {
    if (group.states == kGone)
        allowed.refuse(HResult::QmInvalidState, "GROUP-CANCEL-4-b");
    else if ((group.states & kGone) != 0)
        allowed.may_refuse(HResult::QmInvalidState, "GROUP-CANCEL-4-b");
}

void Judge::became_active(Group& group) {
    group.states &= static_cast<States>(~kGone);
    group.active_from = group.active_to = now_;
}

void Judge::end_event(Group& group) { group.event = {}; }

}  // namespace qmgr::propertytests::audit
