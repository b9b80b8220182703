#include "reference/library/queue_listing.hpp"

#include <limits>
#include <string_view>

#include "reference/adapters/journal_reader.hpp"
#include "reference/engine/group_view.hpp"
#include "reference/library/local_queue.hpp"

namespace qmgr::inline v0 {
namespace {

struct ListedState {
    std::string_view word;
    JobState state;  ///< the one a service that reads the record begins with
};

ListedState listed(DurableState state) {
    switch (state) {
        case DurableState::Suspended:
            return {"suspended", JobState::Suspended};
        case DurableState::Queued:
            return {"queued", JobState::Queued};
        case DurableState::Error:
            return {"error", JobState::Error};
        case DurableState::Publishing:
            return {"publishing", JobState::Publishing};
        case DurableState::Complete:
            return {"complete", JobState::Complete};
        case DurableState::Cancelling:
            return {"cancelling", JobState::Cancelling};
    }
    return {"unknown", JobState::Suspended};
}

ListedGroup listed(const GroupRecord& record) {
    const auto [word, state] = listed(record.state);
    ListedGroup group;
    group.id = record.id;
    group.owner = record.owner;
    group.display_name = record.properties.display_name;
    group.state = word;
    Group view;
    view.job.state = state;
    view.foreground = record.foreground;
    group.status = group_status(kDocumentedRules.status, view);
    group.error = record.error.code;
    group.http_status = record.error.http_status;
    group.size_bytes = 0;
    return group;
}

void add(ListedGroup& group, const FileRecord& record) {
    group.files.push_back({record.info, record.synced, record.size, record.committed});
    group.stored_bytes += record.synced;
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    if (group.size_bytes && record.size && *record.size <= most - *group.size_bytes)
        *group.size_bytes += *record.size;
    else
        group.size_bytes.reset();
}

std::optional<QueueOwner> listed(const std::optional<JournalOwner>& owner) {
    if (!owner) return std::nullopt;
    return QueueOwner{owner->pid, owner->program};
}

}  // namespace

QueueListing list_queue(const std::string& folder) {
    const JournalReading reading = read_journal(journal_in(folder));
    QueueListing listing;
    listing.exists = reading.result != ReadResult::Missing;
    listing.error = reading.error;
    listing.owner = listed(reading.owner);
    auto file = reading.records.files.begin();
    for (const GroupRecord& record : reading.records.groups) {
        ListedGroup group = listed(record);
        for (; file != reading.records.files.end() && file->group <= record.number; ++file)
            if (file->group == record.number) add(group, *file);
        if (group.files.empty()) group.size_bytes.reset();
        const bool complete = record.state == DurableState::Complete;
        group.percent = complete ? 100 : percent_of(group.stored_bytes, group.size_bytes);
        listing.groups.push_back(std::move(group));
    }
    return listing;
}

std::optional<QueueOwner> owner_of_queue(const std::string& folder) {
    return listed(journal_owner(journal_in(folder)));
}

std::string to_text(const QueueOwner& owner) {
    if (owner.pid == 0) return "a process that cannot be seen from here";
    const std::string program = owner.program.empty() ? "" : " (" + owner.program + ")";
    return "process " + std::to_string(owner.pid) + program;
}

}  // namespace qmgr::inline v0
