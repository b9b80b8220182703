#include "propertytests/invariants.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "reference/engine/engine.hpp"

namespace qmgr::propertytests {
namespace {

bool is_part(const std::string& path) {
    const std::size_t name = path.rfind('/') + 1;
    return path.compare(name, 3, "BIT") == 0 && path.ends_with(".tmp");
}

bool is_going(JobState state) {
    return state == JobState::Queued || state == JobState::TransientError || takes_turn(state) ||
           state == JobState::Publishing || state == JobState::Cancelling;
}

}  // namespace

Invariants::Invariants(world::World& world, Demands demands)
    : world_(world), demands_(std::move(demands)), wire_(demands_.agent) {
    note_versions();
}

void Invariants::found(const char* invariant, const char* clause, std::string what) {
    const Violation one{invariant, clause, std::move(what)};
    if (std::find(violations_.begin(), violations_.end(), one) == violations_.end())
        violations_.push_back(one);
}

// A rule may change a resource and answer before anybody looks; what it changes is in the rule.
void Invariants::note_versions() {
    const fakeserver::Script& script = world_.network().responder().script();
    if (script == script_) return;
    script_ = script;
    wire_.serves(script);
    for (const fakeserver::Resource& resource : script.resources) {
        seeds_.insert(resource.seed);
        sizes_.insert(resource.size);
    }
    for (const fakeserver::FaultRule& rule : script.rules) {
        for (const fakeserver::Fault& fault : rule.faults) {
            if (fault.seed) seeds_.insert(*fault.seed);
            if (fault.size) sizes_.insert(*fault.size);
        }
    }
}

bool Invariants::is_version(const world::DiskFile& file) const {
    return sizes_.contains(file.contents.size()) &&
           std::any_of(seeds_.begin(), seeds_.end(),
                       [&](std::uint64_t seed) { return file.contents.is_content(seed); });
}

void Invariants::look() {
    note_versions();
    look_at_published();
    look_at_requests();
    look_at_transfers();
    look_at_groups();
    if (world_.stray_answers() != stray_answers_)
        found("calls-are-answered-once", "HANDLE-1", "an answer came that no call waits for");
    stray_answers_ = world_.stray_answers();
}

void Invariants::look_at_requests() {
    const auto& seen = world_.network().seen();
    if (seen.size() < requests_) {  // another script is served, and what was seen before is gone
        requests_ = 0;
        open_requests_.clear();
        wire_.lost_sight();
    }
    std::erase_if(open_requests_, [&](std::size_t place) {
        if (!seen[place].ended) return false;
        wire_.ended(seen[place]);
        return true;
    });
    const bool anew = world_.starts() != starts_ || world_.journal().refusals() != refusals_;
    if (anew) wire_.restarted();
    starts_ = world_.starts();
    refusals_ = world_.journal().refusals();
    for (; requests_ < seen.size(); ++requests_) {
        const world::SeenRequest& one = seen[requests_];
        for (const Violation& violation : wire_.judge(one))
            found(violation.invariant.c_str(), violation.clause.c_str(), violation.what);
        if (one.ended)
            wire_.ended(one);
        else
            open_requests_.push_back(requests_);
    }
}

void Invariants::look_at_published() {
    const auto& history = world_.disk().history();
    for (; disk_events_ < history.size(); ++disk_events_) {
        const world::DiskEvent& event = history[disk_events_];
        if (event.what != "published" || !demands_.whole_files) continue;
        const world::DiskFile* file = world_.disk().find(event.path);
        if (file != nullptr && !is_version(*file))
            found("visible-files-are-whole", "FILE-PUB-1",
                  event.path + " stands with " + std::to_string(file->contents.size()) +
                      " bytes, which are no version of any remote file");
    }
}

// What a group sends while its owner is away, and background groups that send at the same time.
void Invariants::look_at_transfers() {
    if (world_.engine() == nullptr) return;
    const QueueState& queue = world_.engine()->state();
    const std::set<std::string> off = world_.circumstances().logged_off;
    std::set<std::string> away;
    std::set_intersection(logged_off_.begin(), logged_off_.end(), off.begin(), off.end(),
                          std::inserter(away, away.begin()));
    std::optional<GroupNumber> background;
    std::set<GroupNumber> sending;
    for (const FileRef& file : world_.network().under_way()) {
        const auto group = queue.groups.find(file.group);
        if (group == queue.groups.end()) continue;
        if (away.contains(group->second.owner))
            found("absent-owners-groups-stand", "XFER-LOGON-1",
                  to_text(group->second.id.guid) + " transfers while " + group->second.owner +
                      " is not logged on");
        if (!sending.insert(file.group).second)
            found("one-file-after-another", "SCHED-3",
                  to_text(group->second.id.guid) + " transfers two files at once");
        if (group->second.foreground) continue;
        if (background && *background != file.group)
            found("one-background-group-transfers", "SCHED-1",
                  to_text(group->second.id.guid) + " transfers beside another background group");
        background = file.group;
    }
    logged_off_ = off;
}

void Invariants::look_at_groups() {
    if (world_.engine() == nullptr || steps_ == world_.steps().size()) return;
    steps_ = world_.steps().size();
    const QueueState& queue = world_.engine()->state();
    std::map<GroupNumber, KnownGroup> now;
    for (const auto& [id, number] : queue.group_ids) {
        const Group& group = queue.groups.at(number);
        if (group.job.state == JobState::Complete) look_at_complete(group);
        KnownGroup& known = now[number];
        known.owner = group.owner;
        known.complete = group.job.state == JobState::Complete;
        for (const File& file : group.job.files) {
            const bool whole = is_finished(file) || file.state == FileState::Committed;
            known.files.push_back({file.part_path, file.info.local_name, whole, file.stored});
        }
    }
    for (const auto& [number, group] : groups_)
        if (!now.contains(number)) look_at_cancelled(group);
    groups_ = std::move(now);
}

// Once, when it has become complete: afterwards the files are the client's.
void Invariants::look_at_complete(const Group& group) {
    const auto before = groups_.find(group.number);
    if (before != groups_.end() && before->second.complete) return;
    for (const File& file : group.job.files)
        if (file.state == FileState::Committed &&
            world_.disk().find(file.info.local_name) == nullptr)
            found("complete-files-are-visible", "FILE-PUB-1",
                  file.info.local_name + " is not there although its group is complete");
}

void Invariants::look_at_cancelled(const KnownGroup& gone) {
    for (const KnownFile& file : gone.files) {
        if (!file.part.empty() && world_.disk().find(file.part) != nullptr)
            found("nothing-left-after-cancel", "GROUP-CANCEL-3",
                  file.part + " is left of a group that is out of the queue");
        if (file.finished && world_.disk().find(file.local) == nullptr)
            found("finished-files-survive-cancel", "GROUP-CANCEL-2",
                  file.local + " was wholly downloaded and is not there");
    }
}

Duration Invariants::end_bound(const Policy& policy) {
    return policy.no_progress_timeout + policy.retry_after_limit + 2 * policy.retry_delay +
           std::chrono::hours(1);
}

void Invariants::heal_and_end() {
    world_.heal();
    const auto ended = [this] {
        if (world_.engine() == nullptr) return false;
        const QueueState& queue = world_.engine()->state();
        return std::none_of(queue.group_ids.begin(), queue.group_ids.end(), [&](const auto& one) {
            return is_going(queue.groups.at(one.second).job.state);
        });
    };
    const Duration bound = end_bound(world_.policy());
    if (!world_.run_until(ended, bound))
        found("everything-ends", "SVC-TR-06",
              "a group that was resumed is neither complete nor in error " +
                  std::to_string(bound.count()) + " ms after every fault had ended");
    look();
}

void Invariants::look_at_nothing_left() {
    look();
    for (const std::string& path : world_.disk().paths())
        if (is_part(path))
            found("nothing-left-after-cancel", "GROUP-CANCEL-3", path + " is left on the disk");
    if (const std::size_t records = world_.journal().size(); records != 0)
        found("nothing-left-after-cancel", "GROUP-CANCEL-3",
              std::to_string(records) + " records are left in the journal");
}

}  // namespace qmgr::propertytests
