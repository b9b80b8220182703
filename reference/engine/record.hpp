// What the journal keeps: one record for a group, one for each of its files, one for the queue.
// Records are values; the engine makes them for Persist and takes all of them back at a start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference/engine/state.hpp"

namespace qmgr {

/// States a job can have across a restart; Queued stands for everything that was resumed.
enum class DurableState : std::uint8_t {
    Suspended,
    Queued,
    Error,
    Publishing,
    Complete,
    Cancelling
};

struct QueueRecord {
    std::uint64_t next_group = 1;         ///< GroupNumber of the next CreateGroup
    std::uint32_t next_part = 0;          ///< number in the next part's name (FILE-TMP-1)
    std::uint64_t next_notification = 1;  ///< number of the next OnStatus
    bool operator==(const QueueRecord&) const = default;
};

struct GroupRecord {
    GroupNumber number;
    GroupId id;
    std::string owner;
    bool foreground = false;
    Properties properties;
    std::optional<JobId> job_id;
    DurableState state = DurableState::Suspended;
    JobError error;
    std::uint32_t error_count = 0;
    std::uint32_t quick_retries = 0;
    std::optional<Instant> failing_since;
    Instant active_at;                              ///< Group::active_at
    std::optional<NotificationNumber> undelivered;  ///< Group::undelivered
    bool operator==(const GroupRecord&) const = default;
};

struct FileRecord {
    GroupNumber group;
    FileIndex index = 0;
    FileSetInfo info;
    std::string target;
    std::string part_path;
    bool part_made = false;  ///< the part was created by us (PartClaim)
    std::optional<std::uint64_t> size;
    std::optional<std::string> last_modified;
    std::uint64_t synced = 0;
    bool committed = false;
    bool operator==(const FileRecord&) const = default;
};

struct RemoveGroup {
    GroupNumber group;  ///< with all its files
    bool operator==(const RemoveGroup&) const = default;
};

/// One write of a transaction.
using Change = std::variant<QueueRecord, GroupRecord, FileRecord, RemoveGroup>;

/// Everything the journal holds; groups and files in order of number and index.
struct Records {
    QueueRecord queue;
    std::vector<GroupRecord> groups;
    std::vector<FileRecord> files;
    bool operator==(const Records&) const = default;
};

}  // namespace qmgr
