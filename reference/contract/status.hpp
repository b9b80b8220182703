// The documented status words (QM_STATUS_…) as flag sets, exactly as a client sees them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace qmgr::inline v0 {

enum class GroupFlag : std::uint32_t {
    Complete = 0x40,     ///< QM_STATUS_GROUP_COMPLETE
    Incomplete = 0x80,   ///< QM_STATUS_GROUP_INCOMPLETE
    Suspended = 0x100,   ///< QM_STATUS_GROUP_SUSPENDED
    Error = 0x200,       ///< QM_STATUS_GROUP_ERROR
    Foreground = 0x400,  ///< QM_STATUS_GROUP_FOREGROUND
};

enum class JobFlag : std::uint32_t {
    Complete = 0x4,     ///< QM_STATUS_JOB_COMPLETE
    Incomplete = 0x8,   ///< QM_STATUS_JOB_INCOMPLETE
    Error = 0x10,       ///< QM_STATUS_JOB_ERROR
    Foreground = 0x20,  ///< QM_STATUS_JOB_FOREGROUND; never set (JOB1-STATUS-3)
};

template <class Flag>
struct FlagSet {
    std::uint32_t bits = 0;
    constexpr bool has(Flag flag) const { return (bits & static_cast<std::uint32_t>(flag)) != 0; }
    constexpr FlagSet with(Flag flag) const { return {bits | static_cast<std::uint32_t>(flag)}; }
    constexpr FlagSet without(Flag flag) const {
        return {bits & ~static_cast<std::uint32_t>(flag)};
    }
    bool operator==(const FlagSet&) const = default;
};
using GroupStatus = FlagSet<GroupFlag>;
using JobStatus = FlagSet<JobFlag>;

/// Names without the QM_STATUS_ prefix ("GROUP_SUSPENDED"), lowest bit first. Bits that have no
/// name are left out.
std::vector<std::string_view> flag_names(GroupStatus status);
std::vector<std::string_view> flag_names(JobStatus status);

}  // namespace qmgr::inline v0
