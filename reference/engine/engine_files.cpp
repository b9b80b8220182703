// One file's way through its job: part, HEAD, GET, sync, rename. What an answer of the server means
// is response_table's; this carries its decisions out.
#include <algorithm>

#include "reference/contract/check.hpp"
#include "reference/engine/engine.hpp"
#include "reference/engine/http_fields.hpp"
#include "reference/engine/names.hpp"
#include "reference/engine/response_facts.hpp"

namespace qmgr {
namespace {

// OBS-140: 1 to 4 hex digits, so 65,536 names in a directory.
constexpr std::uint32_t kPartNames = 65536;

Asked asked_by(const File& file) {
    if (file.state == FileState::Probing) return Asked::Head;
    if (file.fetch_begin > 0) return Asked::FromMiddle;
    return file.size && file.fetch_end < *file.size ? Asked::FromStart : Asked::Whole;
}

const std::string& url_of(const File& file) {
    return file.target.empty() ? file.info.remote_name : file.target;
}

}  // namespace

void Engine::take(const Event& event) {
    std::visit([this](const auto& one) { on(one); }, event);
}

File* Engine::live_file(FileRef ref, Group** group) {
    const auto found = state_.groups.find(ref.group);
    if (found == state_.groups.end()) return nullptr;
    *group = &found->second;
    return &found->second.job.files[ref.file];
}

void Engine::apply(Group& group, FileIndex index, FileTrigger trigger) {
    File& file = group.job.files[index];
    const FileRow& row = rules_.file[file_index_(static_cast<std::size_t>(file.state),
                                                 static_cast<std::size_t>(trigger))];
    QMGR_CHECK(!row.impossible, row.label);
    const bool committed = file.state == FileState::Committed;
    file.state = row.to.value_or(file.state);
    if (committed != (file.state == FileState::Committed)) mark(group, index);
}

// ---- beginning ----------------------------------------------------------------------------------

// SCHED-3: the next file in the order added. A file that is only being synced does not hold up the
// one after it.
void Engine::begin_next(Group& group) {
    Job& job = group.job;
    job.current.reset();
    bool syncing = false;
    for (FileIndex index = 0; index < job.files.size(); ++index) {
        if (job.files[index].state == FileState::Waiting) {
            job.files[index].redirects = 0;
            begin_file(group, index);
            if (job.current) return;
        }
        syncing = syncing || job.files[index].state == FileState::Syncing;
    }
    if (!syncing) apply(group, Trigger::AllStored);
}

// The next thing this file needs. Leaves job.current empty when that is only a sync.
void Engine::begin_file(Group& group, FileIndex index) {
    File& file = group.job.files[index];
    group.job.current = index;
    if (!file.part_ready) {
        apply(group, index, FileTrigger::BeginPart);
        create_part(group, index);
    } else if (!file.size && !file.head_refused) {
        apply(group, index, FileTrigger::BeginProbe);
        start_fetch(group, index, true);
    } else if (file.size && file.stored == *file.size) {
        apply(group, index, FileTrigger::BeginSync);
        // A file that became empty is synced without an exchange of its own.
        if (file.fetch < file.oldest_fetch) {
            file.fetch = {state_.next_fetch++};
            file.covered = 0;
        }
        emit(action::SyncPart{{group.number, index}, file.fetch, file.part_path, file.stored});
        group.job.current.reset();
    } else if (!group.foreground && policy_.background_rate != 0 && state_.background_free &&
               *state_.background_free > work_.now) {
        group.job.fetch_at = state_.background_free;
        set_wake(group);
    } else {
        apply(group, index, FileTrigger::BeginFetch);
        start_fetch(group, index, false);
    }
}

void Engine::create_part(Group& group, FileIndex index) {
    File& file = group.job.files[index];
    if (file.part_path.empty()) {
        file.part_path = part_path(directory_of(file.info.local_name), state_.next_part++);
        work_.queue_dirty = true;
        mark(group, index);
    }
    emit(action::CreatePart{{group.number, index}, file.part_path, file.claim});
}

void Engine::start_fetch(Group& group, FileIndex index, bool head) {
    File& file = group.job.files[index];
    if (!head && file.stored > 0 && !file.last_modified) {  // XFER-DATE-1
        file.stored = file.synced = 0;
        file.oldest_fetch = {state_.next_fetch};
        mark(group, index);
    }
    file.fetch = {state_.next_fetch++};
    file.covered = 0;
    file.fetch_begin = head ? 0 : file.stored;
    file.fetch_end = head ? file.size.value_or(0) : file.stored + piece_of(group, file);
    file.body_accepted = false;
    state_.fetches.emplace(file.fetch, FileRef{group.number, index});
    emit(action::StartFetch{file.fetch,
                            {group.number, index},
                            head ? "HEAD" : "GET",
                            url_of(file),
                            request_fields(policy_, request_for(group, file))});
}

// How many bytes the next request for the file asks for. XFER-GET-1, XFER-FG-1. What comes in
// several pieces is known to be of one version by its date only, so that a file without one comes
// whole.
std::uint64_t Engine::piece_of(const Group& group, const File& file) const {
    if (!file.size) return 0;
    const std::uint64_t left = *file.size - file.stored;
    if (!file.last_modified) return left;
    std::uint64_t most = left;
    if (group.foreground) {
        const std::uint64_t piece = policy_.foreground_range_bytes;
        if (piece != 0 && *file.size >= piece) most = piece;
    } else if (!policy_.slice_bytes.empty()) {
        const std::size_t last = policy_.slice_bytes.size() - 1;
        most = policy_.slice_bytes[std::min<std::size_t>(file.pieces, last)];
    } else if (policy_.background_rate != 0) {
        most = policy_.background_rate;  // what a second allows
    }
    return std::min(left, most);
}

// Forgets the exchange at hand; `stop` when it has not ended by itself.
void Engine::end_fetch(File& file, bool stop) {
    if (state_.fetches.erase(file.fetch) != 0 && stop) emit(action::StopFetch{file.fetch});
}

// The name is somebody else's, or nobody's any more: with it goes what was known to be in it.
void Engine::forget_part(File& file) {
    file.part_path.clear();
    file.part_ready = false;
    file.claim = PartClaim::New;
    file.stored = file.synced = 0;
}

void Engine::on(const event::PartCreated& event) {
    Group* group = nullptr;
    File* file = live_file(event.file, &group);
    if (file == nullptr || file->part_path.empty() || file->part_ready || is_finished(*file))
        return;
    const FileIndex index = event.file.file;
    const bool ours = takes_turn(group->job.state) && group->job.current == index;
    if (event.result == HResult::Ok) {
        file->part_ready = true;
        file->names_tried = 0;
        file->claim = PartClaim::Ours;  // recorded with the head, before the first byte is stored
        if (event.length < file->stored) {  // somebody cut it, or removed it, meanwhile
            file->stored = event.length;
            file->synced = std::min(file->synced, event.length);
            mark(*group, index);
        }
        apply(*group, index, FileTrigger::PartFound);
        if (ours) begin_file(*group, index);
        if (ours && !group->job.current) begin_next(*group);
        return;
    }
    const bool taken = event.result == HResult::FileExists;
    const bool more_names = taken && ++file->names_tried < kPartNames;
    if (!more_names) file->names_tried = 0;
    // What was stored stays under its name, though the directory cannot be reached now
    // (FILE-DISK-1).
    if (taken || file->claim != PartClaim::Ours) forget_part(*file);
    mark(*group, index);
    apply(*group, index, FileTrigger::NameTaken);
    if (!ours) return;
    if (more_names)
        begin_file(*group, index);
    else
        fail(*group, {event.result, 0, index});
}

// ---- the exchange -------------------------------------------------------------------------------

void Engine::on(const event::ResponseStarted& event) {
    const auto found = state_.fetches.find(event.fetch);
    if (found == state_.fetches.end()) return;
    const FileIndex index = found->second.file;
    Group& group = state_.groups.at(found->second.group);
    decide(group, index, facts_of(request_for(group, group.job.files[index]), event, policy_),
           event, HResult::Ok);
}

void Engine::on(const event::BytesStored& event) {
    const auto found = state_.fetches.find(event.fetch);
    if (found == state_.fetches.end()) return;
    Group& group = state_.groups.at(found->second.group);
    File& file = group.job.files[found->second.file];
    file.stored += event.count;
    QMGR_CHECK(file.body_accepted && file.stored <= file.fetch_end, "bytes nobody asked for");
    note_synced(group, found->second.file, file.covered);
    file.changes = 0;
    group.job.network_retries = 0;
    note_progress(group);
    if (!group.foreground) spend(event.count);
    if (group.job.failing_since) {
        group.job.failing_since.reset();
        mark(group);
    }
}

// Policy::background_rate. Rounded up, so that it is never more.
void Engine::spend(std::uint64_t bytes) {
    if (policy_.background_rate == 0) return;
    const Instant from = std::max(state_.background_free.value_or(work_.now), work_.now);
    const std::uint64_t whole_s = bytes / policy_.background_rate;
    const std::uint64_t rest = bytes % policy_.background_rate;
    const std::uint64_t rest_ms =
        (rest * 1000 + policy_.background_rate - 1) / policy_.background_rate;
    state_.background_free = from + Duration(whole_s * 1000 + rest_ms);
}

void Engine::on(const event::FetchEnded& event) {
    const auto found = state_.fetches.find(event.fetch);
    if (found == state_.fetches.end()) return;
    const FileIndex index = found->second.file;
    Group& group = state_.groups.at(found->second.group);
    File& file = group.job.files[index];
    if (file.body_accepted && file.stored == file.fetch_end) {
        ++file.pieces;
        end_fetch(file, false);
        try_again(group, index);
        return;
    }
    ResponseFacts facts;
    facts.asked = asked_by(file);
    facts.came = Came::Nothing;
    facts.quick = yes_no(facts.asked != Asked::Head && file.stored == file.fetch_begin &&
                         group.job.quick_retries < policy_.quick_retries);
    state_.fetches.erase(found);
    decide(group, index, facts, {}, code_of(event.failure));
}

void Engine::on(const event::StoreFailed& event) {
    const auto found = state_.fetches.find(event.fetch);
    if (found == state_.fetches.end()) return;
    const FileRef ref = found->second;
    state_.fetches.erase(found);
    // After an I/O error the system may have dropped what was written and not synced.
    File& file = state_.groups.at(ref.group).job.files[ref.file];
    if (event.cause == HResult::IoDevice) file.stored = file.synced;
    file.part_ready = false;  // the next attempt looks whether it is still there
    fail(state_.groups.at(ref.group), {event.cause, 0, ref.file});
}

FileRequest Engine::request_for(const Group& group, const File& file) const {
    FileRequest request;
    request.asked = asked_by(file);
    request.url = url_of(file);
    request.begin = file.fetch_begin;
    request.end = file.fetch_end;
    request.size = file.size;
    request.last_modified = file.last_modified;
    request.redirect_left = file.redirects < policy_.redirect_limit;
    request.quick_retry_left =
        request.asked != Asked::Head && group.job.quick_retries < policy_.quick_retries;
    return request;
}

void Engine::decide(Group& group, FileIndex index, const ResponseFacts& facts,
                    const event::ResponseStarted& event, HResult failure) {
    const ResponseRow& row = row_for(rules_.response, facts);
    const std::string_view state = name(group.job.state);
    work_.steps.push_back({group.id, row.label, row.clause, state, state});
    File& file = group.job.files[index];
    const JobError error{code_of(row, event.status, failure), event.status, index};
    if (row.decision != Decision::Append) end_fetch(file, facts.asked != Asked::Head);
    switch (row.decision) {
        case Decision::Learn:
            learn(file, event);
            mark(group, index);
            try_again(group, index);
            break;
        case Decision::FetchBlind:
            file.head_refused = true;
            try_again(group, index);
            break;
        case Decision::Append:
            append(group, index, event);
            break;
        case Decision::StartOver:
            start_over(group, index, event);
            break;
        case Decision::RetryNow:
            ++group.job.quick_retries;
            mark(group);
            apply(group, Trigger::AttemptRepeated);
            try_again(group, index);
            break;
        case Decision::RetryLater:
            wait(group, error, retry_after(event.headers, work_.now));
            break;
        case Decision::Follow:
            file.target =
                *redirect_target(url_of(file), *field_value(event.headers, "location"), policy_);
            ++file.redirects;
            mark(group, index);
            try_again(group, index);
            break;
        case Decision::GiveUp:
            fail(group, error);
            break;
    }
}

// Goes on with the file at once, with whatever it needs now.
void Engine::try_again(Group& group, FileIndex index) {
    const bool head = group.job.files[index].state == FileState::Probing;
    apply(group, index, head ? FileTrigger::HeadDone : FileTrigger::FetchDone);
    begin_file(group, index);
    if (!group.job.current) begin_next(group);
}

void Engine::learn(File& file, const event::ResponseStarted& event) {
    file.size = content_length(event.headers).bytes;
    file.last_modified = field_value(event.headers, "last-modified");
    file.redirects = 0;
}

void Engine::append(Group& group, FileIndex index, const event::ResponseStarted& event) {
    File& file = group.job.files[index];
    file.redirects = 0;
    if (!file.size) file.size = told_total(event);
    if (!file.last_modified && file.fetch_begin == 0)
        file.last_modified = field_value(event.headers, "last-modified");
    const bool partial = came_of(event.status) == Came::Partial;
    file.fetch_end = partial ? content_range(event.headers)->last + 1 : *file.size;
    file.body_accepted = true;
    mark(group, index);
    emit(action::StoreBody{file.fetch,
                           {group.number, index},
                           file.part_path,
                           file.fetch_begin,
                           file.fetch_end - file.fetch_begin});
    apply(group, Trigger::BodyAccepted);
}

// XFER-CHANGE-1: from byte 0, known by what the response told of the new version.
void Engine::start_over(Group& group, FileIndex index, const event::ResponseStarted& event) {
    File& file = group.job.files[index];
    file.stored = file.synced = 0;
    file.pieces = 0;
    file.oldest_fetch = {state_.next_fetch};
    file.last_modified = field_value(event.headers, "last-modified");
    if (const auto total = told_total(event)) file.size = total;
    mark(group, index);
    if (++file.changes <= policy_.change_restarts) {
        apply(group, Trigger::AttemptRepeated);
        try_again(group, index);
        return;
    }
    file.changes = 0;
    wait(group, {HResult::FileChanged, event.status, index}, Duration(0));
}

// ---- sync, rename, discard ----------------------------------------------------------------------

// Of the first `length` bytes what is stored, as far as that was told, is durable.
void Engine::note_synced(Group& group, FileIndex index, std::uint64_t length) {
    File& file = group.job.files[index];
    const std::uint64_t durable = std::min(length, file.stored);
    if (durable <= file.synced) return;
    file.synced = durable;
    mark(group, index);
}

void Engine::on(const event::PartSynced& event) {
    Group* group = nullptr;
    File* file = live_file(event.file, &group);
    if (file == nullptr || event.fetch < file->oldest_fetch || file->part_path.empty()) return;
    const FileIndex index = event.file.file;
    if (failed(event.result)) {
        // The exchange, a later sync, or the rename, which syncs first, will tell.
        if (file->state != FileState::Syncing || file->rename_asked) return;
        apply(*group, index, FileTrigger::SyncFailed);
        file->stored = file->synced;
        file->part_ready = false;
        if (takes_turn(group->job.state)) fail(*group, {event.result, 0, index});
        return;
    }
    // A late sync of an earlier exchange says nothing of bytes this one wrote again.
    const bool latest = event.fetch == file->fetch;
    if (latest) file->covered = std::max(file->covered, event.length);
    note_synced(*group, index, latest ? event.length : std::min(event.length, file->fetch_begin));
    if (file->state != FileState::Syncing || file->synced != *file->size) return;
    apply(*group, index, FileTrigger::Synced);
    if (takes_turn(group->job.state) && !group->job.current) begin_next(*group);
}

void Engine::on(const event::FileCommitted& event) {
    Group* group = nullptr;
    File* file = live_file(event.file, &group);
    if (file == nullptr) return;
    const FileIndex index = event.file.file;
    const JobState state = group->job.state;
    const bool waited_for = state == JobState::Publishing || state == JobState::Cancelling;
    file->rename_asked = false;
    const bool lost = event.result == HResult::FileNotFound;
    // It may have been renamed, and only the sync of its directory have failed.
    file->rename_unknown = failed(event.result) && !lost;
    if (failed(event.result)) {
        apply(*group, index, lost ? FileTrigger::PartLost : FileTrigger::RenameFailed);
        if (file->state == FileState::Waiting) {
            forget_part(*file);
            mark(*group, index);
        }
        if (!waited_for) return;
        group->job.error = {event.result, 0, index};
        if (const auto canceller = group->job.canceller)
            work_.answers.push_back({*canceller, {event.result, {}}});
        else if (state == JobState::Cancelling)  // it had lain too long: not tried again at once
            touch(*group);
        group->job.canceller.reset();
        apply(*group, Trigger::RenameFailed);
        return;
    }
    apply(*group, index, FileTrigger::Renamed);
    file->part_path.clear();
    file->part_ready = false;
    file->claim = PartClaim::New;
    mark(*group, index);
    if (waited_for) finish_renames(*group);
}

void Engine::on(const event::PartDiscarded& event) {
    Group* group = nullptr;
    File* file = live_file(event.file, &group);
    if (file == nullptr) return;
    // The record stays, so that the next start tries again (GROUP-CANCEL-3).
    if (failed(event.result)) return;
    file->part_path.clear();
    file->part_ready = false;
    file->claim = PartClaim::New;
    mark(*group, event.file.file);
    mark(*group);
    work_.dropped.insert(group->number);
}

}  // namespace qmgr
