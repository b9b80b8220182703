// The legacy group interface as a view: what a client is told is computed from the state, never
// stored. One truth, nothing to keep in step.
#pragma once

#include <cstdint>
#include <optional>

#include "reference/contract/reply.hpp"
#include "reference/engine/rules.hpp"
#include "reference/engine/state.hpp"

namespace qmgr {

/// Group flags, with FOREGROUND where it applies (GROUP-STATUS-2..9).
GroupStatus group_status(const StatusTable& table, const Group& group);
/// Job flags and results (JOB1-STATUS-1..4).
value::JobState job_status(const StatusTable& table, const Job& job);
/// get_Size (GROUP-SIZE-1, -2).
std::uint32_t size_of(const Job& job);
/// GetProgress(SIZE_DONE) (GROUP-PROG-1, -5, -6).
std::uint32_t size_done(const Job& job);
/// GROUP-PROG-2 for a group that is not complete: 0..99, rounded down; 0 while the total is not
/// known. Bytes.
std::uint32_t percent_of(std::uint64_t stored, std::optional<std::uint64_t> total);
/// GetProgress(PERCENT_DONE) (GROUP-PROG-2).
std::uint32_t percent_done(const Job& job);

}  // namespace qmgr
