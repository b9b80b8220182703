// What is in the queue of one folder of this machine, without opening it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/contract/call.hpp"
#include "reference/contract/hresult.hpp"
#include "reference/contract/identifiers.hpp"
#include "reference/contract/status.hpp"

namespace qmgr::inline v0 {

struct ListedFile {
    FileSetInfo info;  ///< as it was added, with a password that is in its URL
    std::uint64_t stored_bytes = 0;
    std::optional<std::uint64_t> size_bytes;  ///< none before a server told it
    bool delivered = false;                   ///< it stands under its local name
};

/// One group as its journal has it: progress is what would still be there after a crash.
struct ListedGroup {
    GroupId id;
    std::string owner;
    std::string display_name;
    std::string state;   ///< "suspended", "queued", "error", "publishing", "complete", "cancelling"
    GroupStatus status;  ///< what GetStatus would answer if nothing else were known
    HResult error = HResult::Ok;  ///< the latest failure
    int http_status = 0;          ///< of that failure; 0: none
    std::uint64_t stored_bytes = 0;
    std::optional<std::uint64_t> size_bytes;  ///< none while a file's size is not known
    std::uint32_t percent = 0;                ///< 0..100, and 100 only of a complete group
    std::vector<ListedFile> files;
};

/// The process that has a queue open.
struct QueueOwner {
    int pid = 0;          ///< 0: one that cannot be seen from here
    std::string program;  ///< its short name ("qmgr"); empty: not told
    bool operator==(const QueueOwner&) const = default;
};

struct QueueListing {
    bool exists = true;  ///< false: there is no queue in the folder
    std::string error;   ///< why the queue cannot be read, one line; empty: it was read
    std::optional<QueueOwner> owner;
    std::vector<ListedGroup> groups;  ///< of all owners, in order of creation
};

/// Reads the journal of `folder`, whoever has it open, and changes nothing there; what it tells is
/// true of one moment. REQUIRES: this queue is not open in this process, which would lose its lock.
QueueListing list_queue(const std::string& folder);

/// Who has the queue of `folder` open; nothing when nobody has. REQUIRES: as list_queue().
std::optional<QueueOwner> owner_of_queue(const std::string& folder);

/// "process 4711 (qmgr)", "process 4711", "a process that cannot be seen from here".
std::string to_text(const QueueOwner& owner);

}  // namespace qmgr::inline v0
