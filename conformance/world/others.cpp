#include "conformance/world/others.hpp"

#include <algorithm>
#include <variant>

#include "reference/engine/names.hpp"

namespace qmgr::inline v0::world {
namespace {

using enum Unpleasantness;

const Caller kAdministrator{"another administrator", true};
const Caller kSomebodyElse{"somebody else"};
// What a state is waited for that comes by itself: more than any download here takes.
constexpr Duration kSoon = std::chrono::hours(1);
// Longer than the no-progress time is by default, XFER-NOPROG-1.
constexpr Duration kLong = std::chrono::hours(24 * 20);
// No queue of this project holds more jobs by default, LIM-01.
constexpr int kMostJobs = 300;
constexpr int kMostFiles = 200;  // LIM-02

bool is_going(JobState state) {
    return state == JobState::Queued || state == JobState::Connecting ||
           state == JobState::Transferring || state == JobState::TransientError;
}

// A name that no server has: such a file waits for ever, and is not in the way of anybody's.
FileSetInfo file_of_another(const std::string& directory) {
    return {"http://another.invalid/file", (directory == "/" ? "" : directory) + "/another", 0};
}

template <class Handle>
Handle handle_in(const Reply& reply) {
    const auto* handle = std::get_if<Handle>(&reply.value);
    return handle != nullptr ? *handle : Handle{};
}

}  // namespace

// ---- what others can do at all ----

Reply Others::call(const Caller& caller, const Call& call) {
    miss_what_ends_with(call);
    Reply reply = world_.call(caller, call);
    if (onlooker_.called) onlooker_.called(caller, call, reply);
    return reply;
}

void Others::tell(const Surroundings& what) {
    world_.surroundings(what);
    if (onlooker_.surroundings_changed) onlooker_.surroundings_changed(what);
}

void Others::miss_what_ends_with(const Call& call) {
    std::uint64_t handle = 0;
    if (const auto* resume = std::get_if<call::ResumeGroup>(&call)) handle = resume->group.value;
    if (const auto* cancel = std::get_if<call::CancelGroup>(&call)) handle = cancel->group.value;
    if (const auto* add = std::get_if<call::AddFiles>(&call)) handle = add->job.value;
    // It would be told of a background group, GROUP-STATUS-8.
    if (const auto* front = std::get_if<call::SwitchGroupToForeground>(&call))
        handle = front->group.value;
    if (handle == 0 || !is_open()) return;
    const QueueState& queue = world_.engine()->state();
    const auto named = queue.handles.find(handle);
    if (named == queue.handles.end()) return;
    GroupNumber about;
    if (const auto* group = std::get_if<GroupTarget>(&named->second)) about = group->group;
    if (const auto* job = std::get_if<JobTarget>(&named->second)) about = job->group;
    for (const Notification& one : take_notifications()) {
        const auto flight = queue.flights.find(one.number);
        if (flight != queue.flights.end() && flight->second.group == about)
            miss(one);
        else
            kept_.push_back(one);
    }
}

std::vector<Notification> Others::take_notifications() {
    std::vector<Notification> waiting = std::exchange(kept_, {});
    for (const Notification& one : world_.take_notifications()) waiting.push_back(one);
    return waiting;
}

void Others::forget_deliveries(ClassId class_id) {
    std::erase_if(kept_, [&](const Notification& one) { return one.class_id == class_id; });
}

void Others::restart_service() {
    kept_.clear();
    world_.restart();
    if (onlooker_.restarted) onlooker_.restarted();
}

void Others::miss(const Notification& notification) {
    if (onlooker_.missed) onlooker_.missed(notification);
    world_.answer(notification.number, HResult::Failed);
}

const Group* Others::find(GroupId group) const {
    if (world_.engine() == nullptr) return nullptr;
    const QueueState& queue = world_.engine()->state();
    const auto known = queue.group_ids.find(group);
    return known == queue.group_ids.end() ? nullptr : &queue.groups.at(known->second);
}

std::optional<JobState> Others::state_of(GroupId group) const {
    const Group* found = find(group);
    return found == nullptr ? std::nullopt : std::optional(found->job.state);
}

// ---- what lasts ----

void Others::until(Unpleasantness what, Duration lasts, std::function<void()> undo) {
    endings_[what] = {world_.now() + lasts, std::move(undo)};
}

void Others::end(Unpleasantness what) {
    const auto found = endings_.find(what);
    if (found == endings_.end()) return;
    const auto undo = std::move(found->second.undo);
    endings_.erase(found);
    undo();
}

void Others::end_all_but(std::optional<Unpleasantness> what) {
    std::vector<Unpleasantness> over;
    for (const auto& [one, ending] : endings_)
        if (one != what) over.push_back(one);
    for (const Unpleasantness one : over) end(one);
}

std::optional<Instant> Others::next_end() const {
    std::optional<Instant> next;
    for (const auto& [what, ending] : endings_)
        if (!next || ending.at < *next) next = ending.at;
    return next;
}

void Others::end_what_is_due() {
    std::vector<Unpleasantness> due;
    for (const auto& [what, ending] : endings_)
        if (ending.at <= world_.now()) due.push_back(what);
    for (const Unpleasantness what : due) end(what);
}

void Others::relent() { end_all_but(std::nullopt); }

void Others::leave() {
    for (const auto& [owner, group] : std::exchange(guests_, {})) take_away(owner, group);
}

void Others::hand_over(GroupId group) {
    std::erase_if(guests_, [&](const auto& guest) { return guest.second == group; });
}

bool Others::begin(Unpleasantness what, const Surroundings& on, const Surroundings& off,
                   Duration lasts) {
    tell(on);
    until(what, lasts, [this, off] { tell(off); });
    return true;
}

// ---- one thing ----

bool Others::inflict(Unpleasantness what, std::optional<GroupId> victim, const Caller& caller,
                     const Call* call, Duration lasts) {
    if (!is_open() || endings_.contains(what)) return false;
    if (call != nullptr && to_the_call(what, caller, *call, lasts)) return true;
    if (to_the_machine(what, victim, call, lasts)) return true;
    if (!victim || find(*victim) == nullptr) return false;
    return to_the_victim(what, *victim);
}

bool Others::to_the_machine(Unpleasantness what, std::optional<GroupId> victim, const Call* call,
                            Duration lasts) {
    namespace s = surroundings;
    if (what == OwnerLoggedOff) return victim && log_owner_off(*victim, lasts);
    if (what == NetworkLost) return begin(what, s::NetworkLost{}, s::NetworkBack{}, lasts);
    if (what == Paused) return begin(what, s::Paused{"game"}, s::Unpaused{}, lasts);
    if (what == ServerAway) return lose_the_server(lasts);
    if (what == DiskFull) return begin(what, s::DiskFull{true}, s::DiskFull{false}, lasts);
    if (what == ServiceUnavailable) return close_the_service(lasts);
    if (what == ServiceRestarted) {
        restart_service();
        return true;
    }
    if (what == PowerFailed) {
        kept_.clear();
        world_.crash();
        if (onlooker_.restarted) onlooker_.restarted();
        return true;
    }
    if (what != DirectoryGone) return false;
    // The directory that AddFiles names is to_the_call's.
    if (call != nullptr && std::holds_alternative<call::AddFiles>(*call)) return false;
    const Group* group = victim ? find(*victim) : nullptr;
    if (group == nullptr || group->job.files.empty()) return false;
    // CancelGroup does not mind, unless it has something to rename.
    const bool cancels = call != nullptr && std::holds_alternative<call::CancelGroup>(*call);
    return (!cancels || has_finished(group->job)) &&
           remove_the_directory(directory_of(group->job.files.front().info.local_name), lasts);
}

bool Others::to_the_victim(Unpleasantness what, GroupId victim) {
    const JobState state = find(victim)->job.state;
    const auto ask = [&](auto method) {
        return through_the_owner(victim, [&](const Caller& owner, GroupHandle group) {
            method.group = group;
            return succeeded(call(owner, method).hresult);
        });
    };
    const bool stopped = state == JobState::Suspended || state == JobState::Error;
    if (what == SuspendedByAnother) return is_going(state) && ask(call::SuspendGroup{});
    if (what == ResumedByAnother) return stopped && ask(call::ResumeGroup{});
    if (what == CancelledByAnother || what == GoneInvalidState || what == GoneNotFound)
        return ask(call::CancelGroup{});
    if (what == ForegroundByAnother)
        return !find(victim)->foreground && ask(call::SwitchGroupToForeground{});
    if (what == AddedToByAnother) return state == JobState::Complete && add_to(victim);
    if (what == TakenOver || what == Denied) return take_over(victim);
    if (what == FileChanged) return is_going(state) && change_the_files(victim);
    return false;
}

bool Others::to_the_call(Unpleasantness what, const Caller& caller, const Call& call,
                         Duration lasts) {
    if (const auto* create = std::get_if<call::CreateGroup>(&call)) {
        if (what == GuidTaken) return take_the_guid(caller, *create);
        if (what == GuidTakenBySomebodyElse) return take_the_guid(kSomebodyElse, *create);
    }
    const QueueState& queue = world_.engine()->state();
    const auto named = [&](std::uint64_t handle) -> std::optional<GroupId> {
        const auto found = queue.handles.find(handle);
        if (found == queue.handles.end()) return std::nullopt;
        if (const auto* group = std::get_if<GroupTarget>(&found->second))
            return queue.groups.at(group->group).id;
        if (const auto* job = std::get_if<JobTarget>(&found->second))
            return queue.groups.at(job->group).id;
        return std::nullopt;
    };
    if (const auto* create = std::get_if<call::CreateJob>(&call)) {
        const auto group = named(create->group.value);
        if (!group || find(*group) == nullptr || find(*group)->job.id) return false;
        if (what == JobGuidTaken) return take_the_job_guid(caller, *create, lasts);
        if (what == JobAlreadyThere) return create_the_job(*group, false);
        if (what == GroupAlreadyRuns) return create_the_job(*group, true);
        if (what == TooManyJobs) return !caller.administrator && fill_the_queue(caller, lasts);
    }
    if (const auto* add = std::get_if<call::AddFiles>(&call)) {
        const auto group = named(add->job.value);
        if (!group || find(*group) == nullptr || add->files.empty()) return false;
        const std::string directory = directory_of(add->files.front().local_name);
        if (what == OwnerLoggedOff) {
            namespace s = surroundings;
            return begin(what, s::LogOff{caller.user}, s::LogOn{caller.user}, lasts);
        }
        if (what == DirectoryGone) return remove_the_directory(directory, lasts);
        if (what == DirectoryProtected)
            return !caller.administrator && protect_the_directory(directory, lasts);
        if (what == TooManyFiles)
            return !caller.administrator && fill_the_job(*group, caller, *add);
    }
    return false;
}

// ---- to the group ----

bool Others::through_the_owner(GroupId victim,
                               const std::function<bool(const Caller&, GroupHandle)>& deed) {
    const Caller owner{find(victim)->owner};
    const Reply got = call(owner, call::GetGroup{victim});
    if (failed(got.hresult)) return false;
    const auto group = handle_in<GroupHandle>(got);
    const bool done = deed(owner, group);
    call(owner, call::Release{group});
    return done;
}

bool Others::add_to(GroupId victim) {
    const Group* group = find(victim);
    if (!group->job.id || group->job.files.empty()) return false;
    const JobId job_id = *group->job.id;
    FileSetInfo more = group->job.files.front().info;
    more.local_name += ".more";
    return through_the_owner(victim, [&](const Caller& owner, GroupHandle handle) {
        const auto job = handle_in<JobHandle>(call(owner, call::GetJob{handle, job_id}));
        const bool added = succeeded(call(owner, call::AddFiles{job, {more}}).hresult);
        call(owner, call::Release{job});
        return added;
    });
}

bool Others::take_over(GroupId victim) {
    if (find(victim)->owner == kAdministrator.user) return false;
    const Reply got = call(kAdministrator, call::GetGroup{victim});
    if (failed(got.hresult)) return false;
    call(kAdministrator, call::Release{handle_in<GroupHandle>(got)});
    return true;
}

// Each file has another date and another content from now on, and the exchange under way ends.
bool Others::change_the_files(GroupId victim) {
    fakeserver::Script script = world_.network().responder().script();
    for (fakeserver::Resource& resource : script.resources) {
        const bool changed = resource.last_modified == "Wed, 03 Jan 2001 03:04:05 GMT";
        resource.last_modified =
            changed ? "Thu, 04 Jan 2001 03:04:05 GMT" : "Wed, 03 Jan 2001 03:04:05 GMT";
        ++resource.seed;
    }
    constexpr std::size_t kScheme = 7;  // http://
    world_.network().serve(world_.url("").substr(kScheme), script);
    return through_the_owner(victim, [&](const Caller& owner, GroupHandle group) {
        return succeeded(call(owner, call::SuspendGroup{group}).hresult) &&
               succeeded(call(owner, call::ResumeGroup{group}).hresult);
    });
}

bool Others::create_the_job(GroupId victim, bool and_run) {
    return through_the_owner(victim, [&](const Caller& owner, GroupHandle group) {
        const Reply made = call(owner, call::CreateJob{group, {new_group_id().guid}});
        const auto job = handle_in<JobHandle>(made);
        bool done = succeeded(made.hresult);
        if (done && and_run)
            done = succeeded(call(owner, call::AddFiles{job, {file_of_another("/")}}).hresult) &&
                   succeeded(call(owner, call::ResumeGroup{group}).hresult);
        call(owner, call::Release{job});
        return done;
    });
}

bool Others::fill_the_job(GroupId victim, const Caller& caller, const call::AddFiles& call) {
    const JobId job_id = *find(victim)->job.id;
    return through_the_owner(victim, [&](const Caller& /*owner*/, GroupHandle group) {
        const auto job = handle_in<JobHandle>(this->call(caller, call::GetJob{group, job_id}));
        HResult answered = HResult::Ok;
        FileSetInfo more = call.files.front();
        for (int i = 0; i <= kMostFiles && succeeded(answered); ++i) {
            more.local_name = call.files.front().local_name + "." + std::to_string(i);
            answered = this->call(caller, call::AddFiles{job, {more}}).hresult;
        }
        this->call(caller, call::Release{job});
        return answered == HResult::BgTooManyFilesInJob;
    });
}

// ---- to the machine ----

bool Others::log_owner_off(GroupId victim, Duration lasts) {
    const Group* group = find(victim);
    if (group == nullptr) return false;
    namespace s = surroundings;
    return begin(OwnerLoggedOff, s::LogOff{group->owner}, s::LogOn{group->owner}, lasts);
}

bool Others::lose_the_server(Duration lasts) {
    world_.network().set_lost(true);
    until(ServerAway, lasts, [this] { world_.network().set_lost(false); });
    return true;
}

bool Others::remove_the_directory(const std::string& directory, Duration lasts) {
    const std::string inside = (directory == "/" ? "" : directory) + "/file";
    if (world_.disk().examine(kAdministrator, inside) != HResult::Ok) return false;
    world_.disk().remove_directory(directory);
    until(DirectoryGone, lasts, [this, directory] { world_.disk().make_directory(directory); });
    return true;
}

// A directory under the local name: the rename fails, and the data is kept, FILE-PUB-2.
bool Others::stand_in_the_way(GroupId victim) {
    end(DirectoryGone);
    for (const File& file : find(victim)->job.files) {
        if (file.state == FileState::Committed) continue;
        const std::string name = file.info.local_name;
        world_.disk().make_directory(name);
        until(DirectoryGone, kSoon, [this, name] { world_.disk().remove_directory(name); });
        return true;
    }
    return false;
}

bool Others::protect_the_directory(const std::string& directory, Duration lasts) {
    world_.disk().protect_directory(directory);
    until(DirectoryProtected, lasts,
          [this, directory] { world_.disk().unprotect_directory(directory); });
    return true;
}

// The journal fails, and somebody finds out. From then on it is closed, SERVICE-1.
bool Others::close_the_service(Duration lasts) {
    namespace s = surroundings;
    begin(ServiceUnavailable, s::JournalFails{true}, s::JournalFails{false}, lasts);
    call(kSomebodyElse, call::CreateGroup{new_group_id()});
    return !is_open();
}

// ---- to the call ----

GroupId Others::new_group_id() {
    Guid guid;
    guid.bytes[0] = 0x07;  // of others: the ids of clients are their own, and this one is arbitrary
    for (std::size_t i = 0; i < sizeof next_guest_; ++i)
        guid.bytes[guid.bytes.size() - 1 - i] =
            static_cast<std::uint8_t>(next_guest_ >> (8 * i) & 0xFFU);
    ++next_guest_;
    return {guid};
}

void Others::take_away(const Caller& owner, GroupId group) {
    const Group* found = find(group);
    if (found == nullptr) {
        if (!is_open()) guests_.emplace_back(owner, group);
        return;
    }
    if (found->owner != owner.user) return;  // somebody took it over: it is no guest any more
    through_the_owner(group, [this](const Caller& caller, GroupHandle handle) {
        return succeeded(call(caller, call::CancelGroup{handle}).hresult);
    });
}

bool Others::take_the_guid(const Caller& owner, const call::CreateGroup& call) {
    const Reply made = this->call({owner.user}, call);
    if (failed(made.hresult)) return false;
    this->call({owner.user}, call::Release{handle_in<GroupHandle>(made)});
    guests_.emplace_back(Caller{owner.user}, call.group_id);
    return true;
}

bool Others::take_the_job_guid(const Caller& caller, const call::CreateJob& call, Duration lasts) {
    const GroupId id = new_group_id();
    const Caller guest = caller.user == kSomebodyElse.user ? kAdministrator : kSomebodyElse;
    const auto group = handle_in<GroupHandle>(this->call(guest, call::CreateGroup{id}));
    const Reply made = this->call(guest, call::CreateJob{group, call.job_id});
    this->call(guest, call::Release{handle_in<JobHandle>(made)});
    this->call(guest, call::Release{group});
    until(JobGuidTaken, lasts, [this, guest, id] { take_away(guest, id); });
    return succeeded(made.hresult);
}

bool Others::fill_the_queue(const Caller& caller, Duration lasts) {
    std::vector<GroupId> filled;
    HResult answered = HResult::Ok;
    while (succeeded(answered) && filled.size() <= kMostJobs) {
        filled.push_back(new_group_id());
        const auto group = handle_in<GroupHandle>(call(caller, call::CreateGroup{filled.back()}));
        const Reply made = call(caller, call::CreateJob{group, {filled.back().guid}});
        answered = made.hresult;
        if (succeeded(answered)) call(caller, call::Release{handle_in<JobHandle>(made)});
        call(caller, call::Release{group});
    }
    until(TooManyJobs, lasts, [this, caller, filled] {
        for (const GroupId id : filled) take_away(caller, id);
    });
    return failed(answered);
}

// ---- into a state ----

bool Others::wait_for(GroupId victim, JobState state, Duration limit) {
    return world_.run_until([&] { return state_of(victim) == state; }, limit);
}

bool Others::get_it_going(GroupId victim) {
    const auto state = state_of(victim);
    if (!state) return false;
    if (*state == JobState::Suspended || *state == JobState::Error)
        return to_the_victim(ResumedByAnother, victim);
    return true;
}

bool Others::has_all(GroupId victim) const {
    const std::vector<File>& files = find(victim)->job.files;
    return std::all_of(files.begin(), files.end(), [](const File& file) {
        return is_finished(file) || file.state == FileState::Committed;
    });
}

bool Others::lead_to_error(GroupId victim) {
    const auto state = state_of(victim);
    bool done = false;
    if (state == JobState::Publishing) {
        done = stand_in_the_way(victim) && wait_for(victim, JobState::Error, kSoon);
    } else {
        end_all_but(std::nullopt);
        if (!get_it_going(victim)) return false;
        const bool transfers = state == JobState::Connecting || state == JobState::Transferring;
        done = transfers ? to_the_machine(DiskFull, victim, nullptr, kSoon) &&
                               wait_for(victim, JobState::Error, kSoon)
                         : lose_the_server(kLong) && wait_for(victim, JobState::Error, kLong);
    }
    end_all_but(std::nullopt);
    return done;
}

bool Others::lead(GroupId victim, JobState state) {
    if (!state_of(victim)) return false;
    switch (state) {
        case JobState::Suspended: {
            const auto now = state_of(victim);
            const bool done = now == JobState::Complete ? add_to(victim)
                                                        : to_the_victim(SuspendedByAnother, victim);
            end_all_but(std::nullopt);
            return done;
        }
        case JobState::Queued:
            end(OwnerLoggedOff);
            // What has nothing to fetch any more goes through all states at once.
            if (has_all(victim) && !add_to(victim)) return false;
            if (!log_owner_off(victim, kSoon)) return false;
            end_all_but(OwnerLoggedOff);
            return get_it_going(victim) && wait_for(victim, state, kSoon);
        case JobState::TransientError:
            end(NetworkLost);
            if (!to_the_machine(NetworkLost, victim, nullptr, kSoon)) return false;
            end_all_but(NetworkLost);
            return get_it_going(victim) && wait_for(victim, state, kSoon);
        case JobState::Error:
            return lead_to_error(victim);
        case JobState::Connecting:
        case JobState::Transferring:
        case JobState::Publishing:
        case JobState::Complete:
            end_all_but(std::nullopt);
            return get_it_going(victim) && wait_for(victim, state, kSoon);
        case JobState::Cancelled:
            end_all_but(std::nullopt);
            // A rename that fails because its part has vanished fails once, GROUP-CANCEL-5.
            return to_the_victim(CancelledByAnother, victim) ||
                   to_the_victim(CancelledByAnother, victim);
        case JobState::Cancelling:
            break;
    }
    return false;
}

}  // namespace qmgr::inline v0::world
