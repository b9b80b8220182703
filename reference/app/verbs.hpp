// What `qmgr get` and `qmgr resume` do with a queue, through its documented calls only.
#pragma once

#include <string>

#include "reference/app/console.hpp"
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
    Caller caller;
    std::string folder;  ///< of the queue, for what is said
};

/// Fetches one file with a group of these ids and waits until it is there. Complete: the group
/// leaves the queue, and the path and its bytes are said. In error: the group leaves the queue,
/// too, so nothing is left behind. Interrupted: the group stays, suspended, for resume().
int get(const VerbPlace& place, const FileSetInfo& file, GroupId group_id, JobId job_id);

/// Resumes every group of the caller and waits until each is complete or in error. Complete ones
/// leave the queue and their files are said; those in error stay, suspended, and are named with
/// their codes. A group without files is left alone. Interrupted: the rest stays, suspended.
int resume(const VerbPlace& place);

}  // namespace qmgr
