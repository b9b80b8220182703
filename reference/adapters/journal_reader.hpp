// Reads a journal that may be open in another process, and tells which process that is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference/engine/record.hpp"

namespace qmgr {

/// The process that has a journal open.
struct JournalOwner {
    int pid = 0;
    std::string program;  ///< its short name as the system tells it ("qmgr"); empty: not told
    bool operator==(const JournalOwner&) const = default;
};

/// Who has the journal `path` open now; nothing when nobody has, or when it cannot be looked at.
/// REQUIRES: it is not open in this process, which would lose its lock (POSIX drops the locks of a
/// process with any descriptor of the file that it closes).
std::optional<JournalOwner> journal_owner(const std::string& path);

enum class ReadResult : std::uint8_t {
    Ok,
    Missing,      ///< there is no such file
    NotAJournal,  ///< damaged or somebody else's
    CannotRead,   ///< no right, written by a newer version, or it changed faster than it was read
};

struct JournalReading {
    ReadResult result = ReadResult::Ok;
    std::string error;  ///< one line with the path; empty for Ok and Missing
    Records records;    ///< of one moment; empty unless Ok
    std::optional<JournalOwner> owner;
};

/// Reads without opening: takes no lock, waits for nobody, changes nothing beside the file, and may
/// run while a queue works on it. What it reads is one moment's whole commits, never half of one.
/// It works on a copy in the folder for temporary files, for this user only and gone when this
/// returns. REQUIRES: as journal_owner().
JournalReading read_journal(const std::string& path);

}  // namespace qmgr
