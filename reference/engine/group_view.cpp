#include "reference/engine/group_view.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace qmgr {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();

// Total bytes of all files; nothing while a size is not known, or when no number can tell it.
std::optional<std::uint64_t> total_of(const Job& job) {
    std::uint64_t total = 0;
    for (const File& file : job.files) {
        if (!file.size || *file.size > std::numeric_limits<std::uint64_t>::max() - total)
            return std::nullopt;
        total += *file.size;
    }
    return total;
}

std::uint64_t stored_of(const Job& job) {
    std::uint64_t stored = 0;
    for (const File& file : job.files) stored += file.stored;
    return stored;
}

}  // namespace

GroupStatus group_status(const StatusTable& table, const Group& group) {
    const GroupStatus status = table[static_cast<std::size_t>(group.job.state)].group;
    return group.foreground ? status.with(GroupFlag::Foreground) : status;
}

value::JobState job_status(const StatusTable& table, const Job& job) {
    const JobStatus status = table[static_cast<std::size_t>(job.state)].job;
    if (!status.has(JobFlag::Error)) return {status, 0, 0, 0};
    return {status, static_cast<std::uint32_t>(job.error.code),
            static_cast<std::uint32_t>(job.error.http_status), job.error_count};
}

std::uint32_t size_of(const Job& job) {
    const auto total = total_of(job);
    return total && *total <= kMost ? static_cast<std::uint32_t>(*total) : 0;
}

std::uint32_t size_done(const Job& job) {
    return static_cast<std::uint32_t>(std::min(stored_of(job), kMost));
}

std::uint32_t percent_of(std::uint64_t stored, std::optional<std::uint64_t> total) {
    if (!total || *total == 0) return 0;
    // Multiplying first would overflow above 1.8e17 bytes; dividing first is exact enough there.
    const std::uint64_t percent = stored > std::numeric_limits<std::uint64_t>::max() / 100
                                      ? stored / (*total / 100)
                                      : stored * 100 / *total;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(percent, 99));
}

std::uint32_t percent_done(const Job& job) {
    if (job.state == JobState::Complete) return 100;
    return percent_of(stored_of(job), total_of(job));
}

}  // namespace qmgr
