// The legacy group interface as a view: what a client is told is computed from the state, never
// stored. One truth, nothing to keep in step.
#pragma once

#include <cstdint>

#include "reference/contract/reply.hpp"
#include "reference/engine/rules.hpp"
#include "reference/engine/state.hpp"

namespace qmgr {

/// Group flags of section 6, with FOREGROUND where it applies (GROUP-STATUS-2..9).
GroupStatus group_status(const StatusTable& table, const Group& group);
/// Job flags and results (JOB1-STATUS-1..4).
value::JobState job_status(const StatusTable& table, const Job& job);
/// get_Size (GROUP-SIZE-1, -2).
std::uint32_t size_of(const Job& job);
/// GetProgress(SIZE_DONE) (GROUP-PROG-1, -5, -6).
std::uint32_t size_done(const Job& job);
/// GetProgress(PERCENT_DONE) (GROUP-PROG-2).
std::uint32_t percent_done(const Job& job);

}  // namespace qmgr
