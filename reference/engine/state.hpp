// The nouns of the engine: plain data with ==, no behaviour. What a client is told of them is a
// view (group_view.hpp); what the journal keeps of them is a record (record.hpp).
//
// Theory of operation. A group holds one job, so there is one machine, the job's; a group whose job
// has not been created is a suspended job without files. A job downloads its files one after
// another, in the order added. A file is probed (HEAD), fetched (GET) into a part beside its
// destination, synced, and stored; when every file is stored the job publishes: each part is
// renamed to its destination. Only then is the group complete.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/contract/call.hpp"
#include "reference/contract/hresult.hpp"
#include "reference/contract/identifiers.hpp"
#include "reference/contract/time.hpp"

namespace qmgr {

/// States of a job. The published life cycle, but for its end: nobody has to acknowledge a group,
/// so Transferred and Acknowledged are Publishing and Complete here.
enum class JobState : std::uint8_t {
    Suspended,       ///< new, or stopped by the client
    Queued,          ///< resumed; waits for its turn
    Connecting,      ///< has its turn; no body has been accepted yet
    Transferring,    ///< a body is being stored
    TransientError,  ///< failed in a way that may pass; waits for the retry delay
    Error,           ///< failed in a way that needs help
    Publishing,      ///< every file is stored; the renames run
    Complete,        ///< every file is under its local name
    Cancelling,      ///< CancelGroup waits for the renames of finished files
    Cancelled,       ///< out of the queue; lives as long as somebody holds a handle
};
inline constexpr std::size_t kJobStates = 10;

constexpr std::string_view name(JobState state) {
    constexpr std::array<std::string_view, kJobStates> names = {
        "Suspended", "Queued",     "Connecting", "Transferring", "TransientError",
        "Error",     "Publishing", "Complete",   "Cancelling",   "Cancelled"};
    return names[static_cast<std::size_t>(state)];
}

/// The states of a job that has its turn.
constexpr bool takes_turn(JobState state) {
    return state == JobState::Connecting || state == JobState::Transferring;
}

/// States of a file.
enum class FileState : std::uint8_t {
    Waiting,    ///< not its turn, or its attempt was stopped
    Preparing,  ///< its part is being created, or looked for after a restart
    Probing,    ///< HEAD sent
    Fetching,   ///< GET sent
    Syncing,    ///< every byte is written, not yet known to be durable
    Stored,     ///< whole and durable in its part
    Committed,  ///< under its local name
};
inline constexpr std::size_t kFileStates = 7;

constexpr std::string_view name(FileState state) {
    constexpr std::array<std::string_view, kFileStates> names = {
        "Waiting", "Preparing", "Probing", "Fetching", "Syncing", "Stored", "Committed"};
    return names[static_cast<std::size_t>(state)];
}

/// What a file that is found under a part's name is to us (FILE-TMP-1).
enum class PartClaim : std::uint8_t {
    New,    ///< somebody else's: the name was just chosen, and the file has to be made
    Named,  ///< an earlier run recorded the name and may have made the file: ours if it is empty
    Ours,   ///< recorded as made, with every byte in it
};

struct File {
    FileSetInfo info;
    FileState state = FileState::Waiting;
    std::optional<std::uint64_t> size;         ///< bytes; none until the server told it
    std::optional<std::string> last_modified;  ///< as received, byte for byte (XFER-GET-2)
    std::string target;                        ///< URL after redirects; empty: the remote name
    std::string part_path;                     ///< full path; empty until a name was chosen
    bool part_ready = false;                   ///< this run has created the part or found it again
    PartClaim claim = PartClaim::New;          ///< what a file under part_path is to us
    std::uint64_t stored = 0;                  ///< bytes written, what progress tells
    std::uint64_t synced = 0;                  ///< of these, bytes that survive a crash
    FetchId fetch;                             ///< of the latest request; 0: none
    std::uint64_t covered = 0;                 ///< by its syncs; `stored` may be told later
    FetchId oldest_fetch;                      ///< first one whose bytes are of this version
    std::uint64_t fetch_begin = 0;             ///< `stored` when that request was sent
    std::uint64_t fetch_end = 0;               ///< where that body ends: first byte after it
    bool body_accepted = false;                ///< StoreBody was asked for that request
    bool head_refused = false;                 ///< HEAD got 405 or 501: one whole GET (XFER-HEAD-2)
    bool rename_asked = false;                 ///< CommitFile was asked for and not answered
    bool rename_unknown = false;               ///< a run that crashed may have renamed it
    std::uint32_t pieces = 0;                  ///< ranges of it that came whole (XFER-GET-1)
    std::uint32_t redirects = 0;               ///< followed for the request at hand
    std::uint32_t changes = 0;                 ///< restarts of a changed file since the last byte
    std::uint32_t names_tried = 0;             ///< part names that were taken already
    bool operator==(const File&) const = default;
};

/// Why a job is in Error or TransientError.
struct JobError {
    HResult code = HResult::Ok;
    int http_status = 0;  ///< of the failing response; 0 when none came
    std::optional<FileIndex> file;
    bool operator==(const JobError&) const = default;
};

struct Job {
    std::optional<JobId> id;  ///< none until CreateJob
    JobState state = JobState::Suspended;
    std::vector<File> files;
    std::optional<FileIndex> current;      ///< the file whose turn it is, while the job has its own
    JobError error;                        ///< the latest; kept until the next Resume
    std::uint32_t error_count = 0;         ///< PRG-14, PRG-15; never reset
    std::uint32_t quick_retries = 0;       ///< used in the job's life (XFER-QUICK-1)
    std::optional<Instant> failing_since;  ///< start of the no-progress time (XFER-NOPROG-1)
    std::optional<Instant> retry_at;       ///< TransientError: when it is tried again
    std::uint32_t network_retries = 0;     ///< fast retries left since the network is back
    std::optional<Instant> slice_end;      ///< background turn: when it may be taken away
    std::optional<Instant> fetch_at;       ///< its turn, but not before (Policy::background_rate)
    std::optional<CallId> canceller;       ///< Cancelling: the call that waits for its answer
    bool operator==(const Job&) const = default;
};

/// Whole, and not yet under its local name.
constexpr bool is_finished(const File& file) {
    return file.state == FileState::Syncing || file.state == FileState::Stored;
}
/// CancelGroup has something to rename (GROUP-CANCEL-2).
inline bool has_finished(const Job& job) {
    return std::any_of(job.files.begin(), job.files.end(), is_finished);
}

/// GROUPPROP_ values that can be set; the others are constants of property_table.
struct Properties {
    std::uint32_t notify_flags = 0;
    ClassId notify_class;
    std::string notify_user;  ///< who set notify_class: the calls are that user's (NOTIFY-8, -13)
    std::string display_name;
    std::string description;
    bool operator==(const Properties&) const = default;
};

/// An OnStatus that has not been answered S_OK.
struct Undelivered {
    NotificationNumber number;
    Instant next_try;  ///< not made again before
    bool operator==(const Undelivered&) const = default;
};

struct Group {
    GroupNumber number;
    GroupId id;
    std::string owner;
    bool foreground = false;
    Properties properties;
    Job job;
    std::uint64_t ticket = 0;                ///< place in the background queue; 0: not in it
    Instant active_at;                       ///< latest progress or change (GROUP-DONE-2)
    std::optional<Undelivered> undelivered;  ///< in Error and Complete only
    std::optional<Instant> wake;             ///< the entry of this group in the timers
    std::uint32_t handles = 0;               ///< group and job handles that have not been released
    bool operator==(const Group&) const = default;
};

}  // namespace qmgr
