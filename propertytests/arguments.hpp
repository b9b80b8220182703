// Arguments of calls, good and bad, made of the numbers of a command. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "propertytests/commands.hpp"
#include "reference/contract/surroundings.hpp"
#include "reference/contract/time.hpp"

namespace qmgr::propertytests {

/// The GUID for CreateGroup and GetGroup: mostly that of the slot; else none, a job's, another
/// slot's, or one that nobody has.
GroupId group_id_for(const Command& command);
/// The GUID for CreateJob and GetJob, likewise.
JobId job_id_for(const Command& command);
/// The flags of EnumGroups and EnumJobs: mostly 0.
std::uint32_t flags_for(const Command& command);
/// Mostly one of the enumeration.
GroupProperty property_for(const Command& command);
ProgressFlag progress_flag_for(const Command& command);
/// Mostly a value the property takes; else any type, any number, texts at and beyond each limit.
PropertyValue property_value_for(const Command& command);
/// For Next and Skip: small numbers, 0 and huge ones.
std::uint32_t count_for(const Command& command);
/// For GetFile: mostly below the number of files a job can have.
FileIndex index_for(const Command& command);
/// How long LetTimePass lasts: mostly milliseconds, seldom hours.
Duration time_for(const Command& command);

/// What LogOff to MendJournal change. REQUIRES: one of these kinds.
Surroundings surroundings_for(const Command& command);

/// A remote name that AddFiles has to refuse (JOB1-ADD-5), chosen by `number`.
std::string bad_remote_name(std::uint32_t number);
/// A local name that AddFiles has to refuse (JOB1-ADD-3, JOB1-ADD-6), chosen by `number`.
std::string bad_local_name(std::uint32_t number);

}  // namespace qmgr::propertytests
