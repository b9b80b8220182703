#include "conformance/world/hostile.hpp"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "reference/contract/check.hpp"

namespace qmgr::inline v0::world {
namespace {

using enum Unpleasantness;

/// The number of the handle a call names; 0 for none, and for an enumerator's.
std::uint64_t handle_of(const Call& call) {
    return std::visit(
        [](const auto& method) -> std::uint64_t {
            if constexpr (requires { method.group; })
                return method.group.value;
            else if constexpr (requires { method.job; })
                return method.job.value;
            else
                return 0;
        },
        call);
}

bool reads_a_status(const Call& call) {
    return std::holds_alternative<call::GetGroupStatus>(call) ||
           std::holds_alternative<call::GetJobStatus>(call) ||
           std::holds_alternative<call::GetGroupProgress>(call) ||
           std::holds_alternative<call::GetJobProgress>(call);
}

/// Carried out on deliveries and their answers, or on what is answered: not in front of a call.
bool waits_for_its_moment(Unpleasantness what) {
    return what == LeanStatus || what == OtherCodes || what == Win32Codes || what >= ToldLate;
}

/// BIT, one to four upper-case hexadecimal digits, .tmp: FILE-TMP-1-a.
bool is_part(std::string_view path) {
    std::string_view name = path.substr(path.rfind('/') + 1);
    if (!name.starts_with("BIT") || !name.ends_with(".tmp") || name.size() < 8) return false;
    name = name.substr(3, name.size() - 7);
    return name.size() <= 4 && std::all_of(name.begin(), name.end(), [](char digit) {
               return (digit >= '0' && digit <= '9') || (digit >= 'A' && digit <= 'F');
           });
}

/// The other code of an allowed set; the same one where a clause allows only that.
HResult other_code(const Call& call, HResult code) {
    const auto is = [&](auto method) { return std::holds_alternative<decltype(method)>(call); };
    if (is(call::CreateJob{}) && code == HResult::QmInvalidState) return HResult::NotImplemented;
    if (is(call::ResumeGroup{}) && code == HResult::BgEmpty) return HResult::QmInvalidState;
    if (is(call::AddFiles{}) && code == HResult::PathNotFound) return HResult::InvalidArgument;
    if (const auto* set = std::get_if<call::SetProp>(&call)) {
        const bool text = set->property == GroupProperty::DisplayName ||
                          set->property == GroupProperty::Description;
        if (text && set->value.type == VariantType::Bstr && code == HResult::InvalidArgument)
            return HResult::BgStringTooLong;
    }
    const auto flag_of = [&](const auto* progress) {
        return progress != nullptr && progress->flag != ProgressFlag::TimeDone &&
               code == HResult::NotImplemented;
    };
    if (flag_of(std::get_if<call::GetGroupProgress>(&call)) ||
        flag_of(std::get_if<call::GetJobProgress>(&call)))
        return HResult::InvalidArgument;
    return code;
}

}  // namespace

std::string to_text(const Happened& happened) {
    std::string text(name(happened.what));
    text += " in front of call " + std::to_string(happened.call);
    if (happened.answered) text += ", which was answered " + qmgr::name(*happened.answered);
    return text + " (" +
           std::string(unpleasantnesses()[static_cast<std::size_t>(happened.what)].clauses) + ")";
}

Hostile::Hostile(World& world, std::vector<Act> acts, Onlooker onlooker)
    : world_(world), others_(world, std::move(onlooker)) {
    for (const Act& act : acts) plan(act);
}

// ---- the plan ----

// An error keeps its code, so one form of it is told from the beginning.
void Hostile::plan(const Act& act) {
    acts_.push_back({act, act.times});
    if (act.what == Win32Codes) acts_.back().act.at_call = 1;
}

// In front of the next call its number counts; between two calls that of the last one does.
bool Hostile::is_due(const Planned& planned, Moment moment) const {
    const std::uint64_t call = calls_.size() + (moment == Moment::Call ? 1 : 0);
    return planned.left > 0 && call >= planned.act.at_call;
}

// An act of that kind is due, and is done now.
bool Hostile::takes(Unpleasantness what, Moment moment) {
    for (Planned& planned : acts_) {
        if (planned.act.what != what || !is_due(planned, moment)) continue;
        --planned.left;
        note(what);
        return true;
    }
    return false;
}

void Hostile::note(Unpleasantness what) {
    happened_.push_back({what, world_.now(), calls_.size() + 1, {}});
}

std::vector<Act> Hostile::unfired() const {
    std::vector<Act> acts;
    for (const Planned& planned : acts_) {
        if (planned.left == 0) continue;
        acts.push_back(planned.act);
        acts.back().times = planned.left;
    }
    return acts;
}

void Hostile::relent() {
    acts_.clear();
    walk_.clear();
    forms_.clear();
    others_.relent();
}

void Hostile::run_for(Duration time) {
    die_if_planned();
    const Instant end = world_.now() + time;
    while (const auto next = others_.next_end()) {
        if (*next > end) break;
        world_.run_for(std::max(*next - world_.now(), Duration(0)));
        others_.end_what_is_due();
    }
    world_.run_for(end - world_.now());
}

// The group that the call names, or the latest one.
std::optional<GroupId> Hostile::victim(const Call* call) const {
    if (call != nullptr) {
        if (const auto* get = std::get_if<call::GetGroup>(call)) return get->group_id;
        const auto named = named_.find(handle_of(*call));
        if (named != named_.end()) return named->second;
    }
    return made_.empty() ? std::nullopt : std::optional(made_.back());
}

// At most once each, also where several are due.
void Hostile::carry_out(const Caller& caller, const Call* call) {
    const Moment moment = call != nullptr ? Moment::Call : Moment::Delivery;
    for (Planned& planned : acts_) {
        const Unpleasantness what = planned.act.what;
        if (!is_due(planned, moment) || waits_for_its_moment(what)) continue;
        if (!others_.inflict(what, victim(call), caller, call, planned.act.lasts)) continue;
        --planned.left;
        note(what);
        if (what == ServiceRestarted || what == PowerFailed || what == ServiceUnavailable)
            forget_handles();
        if (what == Denied || what == GoneInvalidState || what == GoneNotFound) forms_.insert(what);
    }
}

void Hostile::go_on_walking(const Call& call) {
    if (walk_.empty() || !reads_a_status(call)) return;
    const auto group = victim(&call);
    if (!group || !resumed_.contains(*group)) return;
    const JobState next = walk_.front();
    if (!others_.lead(*group, next)) {
        walk_.clear();
        return;
    }
    walk_.erase(walk_.begin());
    walked_.push_back(next);
}

// ---- calls ----

Reply Hostile::call(const Caller& caller, const Call& call) {
    die_if_planned();
    others_.end_what_is_due();
    carry_out(caller, &call);
    go_on_walking(call);
    Reply reply = world_.call(caller, call);
    remember(caller, call, reply);
    disguise(call, reply);
    calls_.push_back(call);
    for (; answered_ < happened_.size(); ++answered_) happened_[answered_].answered = reply.hresult;
    return reply;
}

void Hostile::remember(const Caller& caller, const Call& call, const Reply& reply) {
    if (reply.hresult == HResult::QmServiceUnavailable) forget_handles();
    if (const auto* release = std::get_if<call::Release>(&call))
        std::visit([&](auto handle) { held_.erase(handle.value); }, release->handle);
    if (reply.hresult == HResult::RpcDisconnected) held_.erase(handle_of(call));
    if (failed(reply.hresult)) return;
    if (const auto* group = std::get_if<GroupHandle>(&reply.value)) {
        held_.insert(group->value);
        const auto* made = std::get_if<call::CreateGroup>(&call);
        const auto* got = std::get_if<call::GetGroup>(&call);
        if (made == nullptr && got == nullptr) return;
        const GroupId id = made != nullptr ? made->group_id : got->group_id;
        users_.insert(caller.user);
        named_[group->value] = id;
        std::erase(made_, id);
        made_.push_back(id);
        others_.hand_over(id);
    } else if (const auto* job = std::get_if<JobHandle>(&reply.value)) {
        held_.insert(job->value);
        const auto named = named_.find(handle_of(call));
        if (named != named_.end()) named_[job->value] = named->second;
    } else if (const auto* enumerator = std::get_if<EnumeratorHandle>(&reply.value)) {
        held_.insert(enumerator->value);
    }
    const auto named = named_.find(handle_of(call));
    if (std::holds_alternative<call::ResumeGroup>(call) && named != named_.end())
        resumed_.insert(named->second);
}

// The service is another one now, and knows none of them (HANDLE-2).
void Hostile::forget_handles() {
    held_.clear();
    named_.clear();
    taken_.clear();
}

bool Hostile::is_gone(const call::GetGroupStatus& call) const {
    const auto named = named_.find(call.group.value);
    return others_.is_open() && named != named_.end() && !others_.state_of(named->second);
}

void Hostile::disguise(const Call& call, Reply& reply) {
    disguise_status(call, reply);
    disguise_code(call, reply);
}

GroupStatus Hostile::leaner(GroupStatus status, Moment moment) {
    const GroupStatus lean =
        status.has(GroupFlag::Suspended)
            ? status.without(GroupFlag::Incomplete).without(GroupFlag::Complete)
            : status;
    if (lean == status || (!forms_.contains(LeanStatus) && !takes(LeanStatus, moment)))
        return status;
    forms_.insert(LeanStatus);
    return lean;
}

void Hostile::disguise_status(const Call& call, Reply& reply) {
    if (const auto* status = std::get_if<call::GetGroupStatus>(&call)) {
        if (succeeded(reply.hresult) && is_gone(*status)) {
            if (forms_.contains(GoneInvalidState)) reply = {HResult::QmInvalidState, {}};
            if (forms_.contains(GoneNotFound)) reply = {HResult::QmItemNotFound, {}};
        }
    }
    if (auto* group = std::get_if<value::GroupState>(&reply.value))
        group->status = leaner(group->status, Moment::Call);
    if (auto* job = std::get_if<value::JobState>(&reply.value))
        job->win32_result = shorter(job->win32_result, Moment::Call);
}

std::uint32_t Hostile::shorter(std::uint32_t result, Moment moment) {
    constexpr std::uint32_t kWin32 = 0x80070000U;  // HRESULT_FROM_WIN32
    if ((result & 0xFFFF0000U) != kWin32) return result;
    if (!forms_.contains(Win32Codes) && !takes(Win32Codes, moment)) return result;
    forms_.insert(Win32Codes);
    return result & 0xFFFFU;
}

void Hostile::disguise_code(const Call& call, Reply& reply) {
    const auto* get = std::get_if<call::GetGroup>(&call);
    if (get != nullptr && reply.hresult == HResult::QmItemNotFound && forms_.contains(Denied) &&
        others_.state_of(get->group_id))
        reply.hresult = HResult::AccessDenied;
    // A cancelled group is told by the one code of GROUP-CANCEL-4-b.
    if (const auto named = named_.find(handle_of(call)); named != named_.end()) {
        const auto state = others_.state_of(named->second);
        if (!state || *state == JobState::Cancelling) return;
    }
    const HResult other = other_code(call, reply.hresult);
    if (other == reply.hresult ||
        (!forms_.contains(OtherCodes) && !takes(OtherCodes, Moment::Call)))
        return;
    forms_.insert(OtherCodes);
    reply.hresult = other;
}

std::optional<std::string> Hostile::surroundings(const Surroundings& what) {
    return world_.surroundings(what);
}

// ---- notifications ----

void Hostile::register_callback(ClassId class_id) {
    registered_.insert(class_id);
    std::erase_if(taken_, [&](const auto& one) { return one.second == class_id; });
    others_.forget_deliveries(class_id);
    world_.register_callback(class_id);
}

std::vector<Notification> Hostile::take_notifications() {
    die_if_planned();
    others_.end_what_is_due();
    carry_out({}, nullptr);
    std::vector<Notification> told;
    for (Notification& one : others_.take_notifications()) {
        if (takes(ToldLate, Moment::Delivery)) {
            others_.miss(one);
            continue;
        }
        if (one.job && takes(ToldWithoutJob, Moment::Delivery)) one.job.reset();
        one.status = leaner(one.status, Moment::Delivery);
        one.win32_result = shorter(one.win32_result, Moment::Delivery);
        taken_[one.number] = one.class_id;
        told.push_back(one);
    }
    if (told.size() > 1 && takes(ToldReordered, Moment::Delivery))
        std::reverse(told.begin(), told.end());
    answered_ = happened_.size();
    return told;
}

// The service dies before an answer was durable, but not before its client has gone on.
void Hostile::die_if_planned() {
    if (!std::exchange(dies_next_, false)) return;
    forget_handles();
    others_.restart_service();
}

void Hostile::answer(NotificationNumber number, HResult hresult) {
    const auto found = taken_.find(number);
    // To a service that is gone; the one after it may have made the same delivery anew.
    if (found == taken_.end()) return;
    const ClassId class_id = found->second;
    taken_.erase(found);
    // With it every other delivery of that class would be made anew, those under way, too.
    const bool alone = std::none_of(taken_.begin(), taken_.end(),
                                    [&](const auto& one) { return one.second == class_id; });
    const bool again = hresult == HResult::Ok && takes(ToldAgain, Moment::Delivery);
    const bool in_a_row = hresult != HResult::Ok && alone && takes(ToldInARow, Moment::Delivery);
    answered_ = happened_.size();
    if (again)
        dies_next_ = true;
    else
        world_.answer(number, hresult);
    if (in_a_row) register_callback(class_id);
}

void Hostile::restart() {
    forget_handles();
    world_.restart();
}

// ---- the end ----

LeakReport Hostile::leaks() {
    relent();
    die_if_planned();
    // A closed service tries again each retry delay; a day is more than any of them.
    const bool open =
        world_.run_until([this] { return others_.is_open(); }, std::chrono::hours(24));
    QMGR_CHECK(open,
               "the service has stayed closed for a day: its journal fails by the test's own");
    others_.leave();

    LeakReport report;
    const QueueState& queue = world_.engine()->state();
    std::set<std::string> parts_of_others;
    for (const auto& [id, number] : queue.group_ids) {
        const Group& group = queue.groups.at(number);
        if (std::count(made_.begin(), made_.end(), id) == 0 || !users_.contains(group.owner)) {
            for (const File& file : group.job.files) parts_of_others.insert(file.part_path);
            continue;
        }
        report.groups.push_back(id);
        if (group.job.id) report.jobs.push_back(*group.job.id);
        const ClassId called = group.properties.notify_class;
        const bool listed =
            std::count(report.callbacks.begin(), report.callbacks.end(), called) != 0;
        if (registered_.contains(called) && !listed) report.callbacks.push_back(called);
    }
    for (const std::uint64_t handle : held_)
        if (queue.handles.contains(handle)) ++report.handles;
    report.unanswered = taken_.size();
    for (const std::string& path : world_.disk().paths())
        if (is_part(path) && !parts_of_others.contains(path)) report.parts.push_back(path);
    return report;
}

}  // namespace qmgr::inline v0::world
