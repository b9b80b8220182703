// What `qmgr get`, `qmgr resume` and `qmgr cancel` do with a queue, through its documented calls
// only; how far single files are comes from a QueueWatch beside it.
#pragma once

#include <string>
#include <vector>

#include "reference/app/console.hpp"
#include "reference/app/queue_watch.hpp"
#include "reference/contract/system_under_test.hpp"
#include "reference/service/ports.hpp"

namespace qmgr {

/// Exit statuses of the program.
struct ExitStatus {
    static constexpr int done = 0;
    static constexpr int failed = 1;     ///< a transfer is in error, or the queue cannot be used
    static constexpr int wrong_use = 2;  ///< also a URL or a file name that no queue takes
    static constexpr int queue_busy = 3;
    static constexpr int interrupted = 130;  ///< what shells show for SIGINT
};

/// What every verb works with. All of it outlives the verb.
struct VerbPlace {
    SystemUnderTest& queue;
    Clock& clock;
    Console& console;
    QueueWatch& watch;  ///< of that queue; one that keeps steps makes get() tell them
    Caller caller;
    std::string folder;  ///< of the queue, for what is said
};

struct GetRequest {
    std::vector<FileSetInfo> files;  ///< at least one
    bool foreground = false;
    GroupId group_id;
    JobId job_id;
};

/// Fetches files as one group and waits until all are there. Complete: the group leaves the queue,
/// and each path and its bytes are said. In error: the group leaves the queue, too, and only files
/// that are whole are kept, and said. Interrupted: the group stays, suspended, for resume().
int get(const VerbPlace& place, const GetRequest& request);

/// Resumes these groups of the caller (none: every one) and waits until each is complete or in
/// error. Complete ones leave the queue and their files are said; those in error stay, suspended,
/// and are named with their codes. A group without files is left alone. Interrupted: the rest
/// stays, suspended. A group that is not there: nothing is resumed, status 1.
int resume(const VerbPlace& place, const std::vector<GroupId>& groups);

/// Cancels these groups (none: every group of the caller) and says each. One that is not there is
/// named, the others are cancelled all the same, and the status is 1.
int cancel(const VerbPlace& place, const std::vector<GroupId>& groups);

}  // namespace qmgr
