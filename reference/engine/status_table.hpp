// What a client sees of a job's state: the clauses GROUP-STATUS- and JOB1-STATUS-, as data.
// FOREGROUND is added by the view (GROUP-STATUS-8); no other combination exists (GROUP-STATUS-9).
#pragma once

#include <array>
#include <string_view>

#include "reference/contract/status.hpp"
#include "reference/engine/state.hpp"

namespace qmgr {

struct StatusRow {
    JobState state;
    GroupStatus group;
    JobStatus job;
    std::string_view label;
    std::string_view clause;
};

inline constexpr std::array kStatusTable = [] {
    using enum JobState;
    constexpr GroupStatus none{};
    constexpr GroupStatus suspended = none.with(GroupFlag::Suspended).with(GroupFlag::Incomplete);
    constexpr GroupStatus running = none.with(GroupFlag::Incomplete);
    // The service suspends both without a call of the client (GROUP-SUSPEND-3).
    constexpr GroupStatus error = suspended.with(GroupFlag::Error);
    constexpr GroupStatus complete = none.with(GroupFlag::Suspended).with(GroupFlag::Complete);
    constexpr JobStatus job_incomplete = JobStatus{}.with(JobFlag::Incomplete);
    constexpr JobStatus job_error = job_incomplete.with(JobFlag::Error);
    constexpr JobStatus job_complete = JobStatus{}.with(JobFlag::Complete);
    return std::array{
        StatusRow{Suspended, suspended, job_incomplete, "S-01", "GROUP-STATUS-2"},
        StatusRow{Queued, running, job_incomplete, "S-02", "GROUP-STATUS-3"},
        StatusRow{Connecting, running, job_incomplete, "S-03", "GROUP-STATUS-3"},
        StatusRow{Transferring, running, job_incomplete, "S-04", "GROUP-STATUS-3"},
        StatusRow{TransientError, running, job_incomplete, "S-05", "GROUP-STATUS-4"},
        StatusRow{Error, error, job_error, "S-06", "GROUP-STATUS-5"},
        StatusRow{Publishing, running, job_incomplete, "S-07", "FILE-PUB-4"},
        StatusRow{Complete, complete, job_complete, "S-08", "GROUP-STATUS-6"},
        StatusRow{Cancelling, running, job_incomplete, "S-09", "FILE-PUB-4"},
        StatusRow{Cancelled, none, job_incomplete, "S-10", "GROUP-STATUS-7"},
    };
}();

using StatusTable = std::remove_const_t<decltype(kStatusTable)>;

static_assert(
    [] {
        for (std::size_t i = 0; i < kStatusTable.size(); ++i)
            if (static_cast<std::size_t>(kStatusTable[i].state) != i) return false;
        return kStatusTable.size() == kJobStates;
    }(),
    "one row a state, in the order of the states");

}  // namespace qmgr
