// What a client has left behind in a queue and on a disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/contract/identifiers.hpp"

namespace qmgr::inline v0::world {

struct LeakReport {
    std::vector<GroupId> groups;  ///< in the queue; each counts towards the limits, LIM-01
    std::vector<JobId> jobs;      ///< of these groups
    std::uint64_t handles = 0;    ///< given out and not released: groups, jobs, enumerators
    /// Registered, and a group in the queue still names them: they will be called although nobody
    /// listens (NOTIFY-12).
    std::vector<ClassId> callbacks;
    std::uint64_t unanswered = 0;    ///< deliveries that were taken and never answered
    std::vector<std::string> parts;  ///< full paths of BIT????.tmp files (FILE-TMP-1-a)

    bool operator==(const LeakReport&) const = default;
    /// Nothing is left.
    bool clean() const { return *this == LeakReport{}; }
};

/// One line for each thing that is left; "nothing is left" if none is.
std::string to_text(const LeakReport& report);

}  // namespace qmgr::inline v0::world
