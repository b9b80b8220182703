// A trace with what the machine did between its lines: requests as the server saw them, what
// happened on the disk, and the steps of the reference.
#pragma once

#include <vector>

#include "conformance/world/world.hpp"
#include "traces/trace.hpp"

namespace qmgr::inline v0::world {

/// How much had happened in a world when a line was written.
struct Mark {
    std::size_t requests = 0;
    std::size_t disk_events = 0;
    std::size_t steps = 0;
};

/// What happened, in parts that only grow.
struct History {
    const std::vector<traces::TraceLine>& lines;  ///< of the recorder
    const std::vector<Mark>& marks;               ///< one for each line that is no note
    const std::vector<SeenRequest>& requests;
    const std::vector<DiskEvent>& disk_events;
    const std::vector<LoggedStep>& steps;
    Instant start;  ///< of the trace
};

/// All of it in the order in which it happened. A disk event is
/// {"at":40,"seen":{"disk":{"did":"synced","path":"/downloads/BIT0001.tmp","size":65536}}}, a
/// request has besides method, path, status and faults how it ended: "bytes", "ending", "until".
std::vector<traces::TraceLine> story_of(const History& history);

}  // namespace qmgr::inline v0::world
