#include "reference/engine/engine.hpp"

#include <algorithm>
#include <type_traits>

#include "reference/contract/check.hpp"

namespace qmgr {
namespace {

DurableState durable(JobState state) {
    switch (state) {
        case JobState::Suspended:
            return DurableState::Suspended;
        case JobState::Queued:
        case JobState::Connecting:
        case JobState::Transferring:
        case JobState::TransientError:
            return DurableState::Queued;
        case JobState::Error:
            return DurableState::Error;
        case JobState::Publishing:
            return DurableState::Publishing;
        case JobState::Complete:
            return DurableState::Complete;
        case JobState::Cancelling:
        case JobState::Cancelled:
            return DurableState::Cancelling;
    }
    return DurableState::Suspended;
}

// A cancelled group is kept by the journal until its last part is gone.
bool has_part(const Group& group) {
    return std::any_of(group.job.files.begin(), group.job.files.end(),
                       [](const File& file) { return !file.part_path.empty(); });
}

GroupRecord record_of(const Group& group) {
    const Job& job = group.job;
    std::optional<NotificationNumber> number;
    if (group.undelivered) number = group.undelivered->number;
    return {group.number,
            group.id,
            group.owner,
            group.foreground,
            group.properties,
            job.id,
            durable(job.state),
            job.error,
            job.error_count,
            job.quick_retries,
            job.failing_since,
            group.active_at,
            number};
}

FileRecord record_of(const Group& group, FileIndex index) {
    const File& file = group.job.files[index];
    return {group.number,   index,
            file.info,      file.target,
            file.part_path, file.claim == PartClaim::Ours,
            file.size,      file.last_modified,
            file.synced,    file.state == FileState::Committed};
}

File file_of(const FileRecord& record) {
    File file;
    file.info = record.info;
    file.target = record.target;
    file.part_path = record.part_path;
    if (!record.part_path.empty())
        file.claim = record.part_made ? PartClaim::Ours : PartClaim::Named;
    file.size = record.size;
    file.last_modified = record.last_modified;
    file.stored = file.synced = record.synced;
    if (record.committed)
        file.state = FileState::Committed;
    else if (file.claim == PartClaim::Ours && record.size == record.synced)
        file.state = FileState::Stored;
    return file;
}

JobState restored_state(const Group& group, DurableState state) {
    const auto& files = group.job.files;
    const bool all_stored = std::all_of(files.begin(), files.end(), [](const File& file) {
        return file.state == FileState::Stored || file.state == FileState::Committed;
    });
    switch (state) {
        case DurableState::Suspended:
            return JobState::Suspended;
        case DurableState::Queued:
            return JobState::Queued;
        case DurableState::Error:
            return JobState::Error;
        // Some rename may have been asked for before the sync of another file was known.
        case DurableState::Publishing:
            return all_stored ? JobState::Publishing : JobState::Queued;
        case DurableState::Complete:
            return JobState::Complete;
        case DurableState::Cancelling:
            return has_finished(group.job) ? JobState::Cancelling : JobState::Cancelled;
    }
    return JobState::Suspended;
}

}  // namespace

Engine::Engine(const Rules& rules, const Policy& policy)
    : rules_(rules),
      policy_(policy),
      job_index_(index_rows<kJobStates, kTriggers>(rules.job)),
      file_index_(index_rows<kFileStates, kFileTriggers>(rules.file)) {
    QMGR_CHECK(job_index_.ok && file_index_.ok, "a table that is not total");
}

Actions Engine::restore(const Records& records, Instant now, const Numbers& numbers,
                        const Circumstances& around) {
    begin(now);
    state_ = {};
    state_.around = around;
    state_.next_group = records.queue.next_group;
    state_.next_part = records.queue.next_part;
    state_.next_notification = records.queue.next_notification;
    state_.next_handle = numbers.handle;
    state_.next_fetch = numbers.fetch;
    for (const GroupRecord& record : records.groups) take_back(record);
    for (const FileRecord& record : records.files) {
        const auto found = state_.groups.find(record.group);
        if (found != state_.groups.end()) found->second.job.files.push_back(file_of(record));
    }
    for (const GroupRecord& record : records.groups) {
        Group& group = state_.groups.at(record.number);
        const bool was_renaming =
            record.state == DurableState::Publishing || record.state == DurableState::Cancelling;
        // The first rename that fails ends the publishing, with others on their way.
        const bool rename_failed = record.state == DurableState::Error;
        for (FileIndex index = 0; index < group.job.files.size(); ++index) {
            File& file = group.job.files[index];
            file.rename_unknown =
                was_renaming || (rename_failed && file.state == FileState::Stored);
            // Whole without a byte, it counts as stored before its name is durable.
            if (file.state == FileState::Stored && file.size == 0U)
                emit(action::CreatePart{{group.number, index}, file.part_path, file.claim});
        }
        group.job.state = restored_state(group, record.state);
        keep_going(group, JobState::Suspended);
        seat(group);
        enter(group, JobState::Suspended);
        if (record.undelivered) {
            group.undelivered = Undelivered{*record.undelivered, now};
            offer(group);
        }
    }
    give_turns();
    return finish();
}

void Engine::take_back(const GroupRecord& record) {
    Group& group = state_.groups[record.number];
    group.number = record.number;
    group.id = record.id;
    group.owner = record.owner;
    group.foreground = record.foreground;
    group.properties = record.properties;
    group.active_at = record.active_at;
    group.job.id = record.job_id;
    group.job.error = record.error;
    group.job.error_count = record.error_count;
    group.job.quick_retries = record.quick_retries;
    group.job.failing_since = record.failing_since;
    // A cancelled group whose part is not gone yet may have lost its GUID to a later one.
    state_.group_ids.insert_or_assign(record.id, record.number);
    if (record.job_id) state_.job_ids.insert_or_assign(*record.job_id, record.number);
    Owned& owned = state_.owners[record.owner];
    owned.groups.insert(record.number);
    if (record.job_id) ++owned.jobs;
}

Actions Engine::step(const Input& input, Instant now) {
    begin(now);
    std::visit([this](const auto& one) { take(one); }, input);
    give_turns();
    return finish();
}

void Engine::begin(Instant now) {
    work_ = {};
    work_.now = now;
}

Actions Engine::finish() {
    make_callbacks();
    Actions actions;
    action::Persist persist = dirty_records();
    if (!persist.changes.empty()) actions.list.emplace_back(std::move(persist));
    std::move(work_.actions.begin(), work_.actions.end(), std::back_inserter(actions.list));
    std::move(work_.answers.begin(), work_.answers.end(), std::back_inserter(actions.list));
    std::move(work_.calls.begin(), work_.calls.end(), std::back_inserter(actions.list));
    actions.steps = std::move(work_.steps);
    for (const GroupNumber number : work_.dropped) {
        const auto found = state_.groups.find(number);
        if (found == state_.groups.end()) continue;
        const Group& group = found->second;
        if (group.job.state == JobState::Cancelled && group.handles == 0 && !has_part(group))
            state_.groups.erase(found);
    }
    return actions;
}

action::Persist Engine::dirty_records() const {
    action::Persist persist;
    if (work_.queue_dirty)
        persist.changes.emplace_back(
            QueueRecord{state_.next_group, state_.next_part, state_.next_notification});
    std::set<GroupNumber> removed;
    for (const GroupNumber number : work_.dirty_groups) {
        const auto found = state_.groups.find(number);
        if (found == state_.groups.end()) continue;
        const Group& group = found->second;
        if (group.job.state == JobState::Cancelled && !has_part(group)) {
            removed.insert(number);
            persist.changes.emplace_back(RemoveGroup{number});
        } else {
            persist.changes.emplace_back(record_of(group));
        }
    }
    for (const FileRef& ref : work_.dirty_files) {
        const auto found = state_.groups.find(ref.group);
        if (found == state_.groups.end() || removed.contains(ref.group)) continue;
        persist.changes.emplace_back(record_of(found->second, ref.file));
    }
    return persist;
}

// ---- the job's machine --------------------------------------------------------------------------

const JobRow& Engine::row_of(const Group& group, Trigger trigger) const {
    const JobRow& row = rules_.job[job_index_(static_cast<std::size_t>(group.job.state),
                                              static_cast<std::size_t>(trigger))];
    QMGR_CHECK(!row.impossible, row.label);
    return row;
}

HResult Engine::apply(Group& group, Trigger trigger) {
    const JobRow& row = row_of(group, trigger);
    Job& job = group.job;
    const JobState from = job.state;
    const JobState to = row.to.value_or(from);
    work_.steps.push_back({group.id, row.label, row.clause, name(from), name(to)});
    if (row.effects.count_error) ++job.error_count;
    if (row.effects.clear_error) {
        job.error = {};
        job.failing_since.reset();
    }
    if (durable(from) != durable(to) || row.effects.count_error || row.effects.clear_error)
        mark(group);
    if (to == from) return row.reply;
    if (takes_turn(from) && !takes_turn(to)) leave(group);
    if (is_told(from)) retract(group);
    job.state = to;
    keep_going(group, from);
    seat(group);
    if (!(takes_turn(from) && takes_turn(to))) enter(group, from);
    if (is_told(to)) announce(group);
    return row.reply;
}

void Engine::leave(Group& group) {
    Job& job = group.job;
    if (job.current) {
        end_fetch(job.files[*job.current], true);
        apply(group, *job.current, FileTrigger::Halted);
        job.current.reset();
    }
    job.slice_end.reset();
    job.fetch_at.reset();
    if (state_.background_turn == group.number) state_.background_turn.reset();
}

void Engine::enter(Group& group, JobState from) {
    Job& job = group.job;
    if (job.state != JobState::TransientError) job.retry_at.reset();
    switch (job.state) {
        case JobState::Queued:
            if (state_.around.network_lost)
                hold(group, Trigger::NetworkLost, HResult::BgNetworkDisconnected);
            else if (state_.around.paused)
                hold(group, Trigger::Held, HResult::BgBlockedByPolicy);
            break;
        case JobState::Connecting:
            if (!group.foreground) take_background_turn(group);
            begin_next(group);
            break;
        case JobState::Publishing:
            rename_stored(group);
            finish_renames(group);  // an earlier attempt may have left nothing to do
            break;
        case JobState::Cancelling:
            discard_unfinished(group);
            if (from != JobState::Publishing) rename_stored(group);
            break;
        case JobState::Cancelled:
            if (from != JobState::Cancelling) discard_unfinished(group);
            forget_in_indexes(group);
            mark(group);
            work_.dropped.insert(group.number);
            break;
        case JobState::Suspended:
        case JobState::Transferring:
        case JobState::TransientError:
        case JobState::Error:
        case JobState::Complete:
            break;
    }
    set_wake(group);
}

void Engine::rename_stored(Group& group) {
    for (FileIndex index = 0; index < group.job.files.size(); ++index) {
        File& file = group.job.files[index];
        if (!is_finished(file) || file.rename_asked) continue;
        file.rename_asked = true;
        emit(action::CommitFile{{group.number, index},
                                file.part_path,
                                file.info.local_name,
                                *file.size,
                                file.last_modified,
                                file.rename_unknown});
    }
}

// GROUP-CANCEL-3.
void Engine::discard_unfinished(Group& group) {
    for (FileIndex index = 0; index < group.job.files.size(); ++index) {
        File& file = group.job.files[index];
        if (is_finished(file) || file.part_path.empty()) continue;
        file.part_ready = false;
        file.stored = file.synced = 0;
        mark(group, index);
        emit(action::DiscardPart{{group.number, index}, file.part_path, file.claim});
    }
}

// Goes on if the last rename has come back.
void Engine::finish_renames(Group& group) {
    Job& job = group.job;
    if (has_finished(job)) return;
    if (job.state == JobState::Cancelling) {
        const std::optional<CallId> canceller = job.canceller;
        job.canceller.reset();
        apply(group, Trigger::CancelRenamed);
        if (canceller) work_.answers.push_back({*canceller, {HResult::Ok, {}}});
    } else if (job.state == JobState::Publishing) {
        const bool all = std::all_of(job.files.begin(), job.files.end(), [](const File& file) {
            return file.state == FileState::Committed;
        });
        apply(group, all ? Trigger::Published : Trigger::PublishedSome);
    }
}

void Engine::fail(Group& group, const JobError& error) {
    group.job.error = error;
    apply(group, Trigger::AttemptFailed);
}

// XFER-WAIT-1 and XFER-NOPROG-1: after the retry delay, unless the no-progress time is over.
void Engine::wait(Group& group, const JobError& error, Duration at_least) {
    Job& job = group.job;
    job.error = error;
    if (!job.failing_since) job.failing_since = work_.now;
    if (work_.now - *job.failing_since >= policy_.no_progress_timeout) {
        apply(group, Trigger::AttemptFailed);
        return;
    }
    Duration delay = policy_.retry_delay;
    if (job.network_retries > 0) {  // XFER-NET-1
        --job.network_retries;
        delay = std::min(delay, policy_.network_retry_delay);
    }
    job.retry_at = work_.now + std::max(delay, std::min(at_least, policy_.retry_after_limit));
    apply(group, Trigger::AttemptWaits);
}

}  // namespace qmgr
