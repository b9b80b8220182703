#include "reference/contract/status.hpp"

#include <array>
#include <utility>

namespace qmgr::inline v0 {
namespace {

template <class Flag, std::size_t N>
std::vector<std::string_view> names_of(
    FlagSet<Flag> status, const std::array<std::pair<Flag, std::string_view>, N>& table) {
    std::vector<std::string_view> names;
    for (const auto& [flag, text] : table)
        if (status.has(flag)) names.push_back(text);
    return names;
}

using GroupEntry = std::pair<GroupFlag, std::string_view>;
constexpr std::array kGroupNames = {
    GroupEntry{GroupFlag::Complete, "GROUP_COMPLETE"},
    GroupEntry{GroupFlag::Incomplete, "GROUP_INCOMPLETE"},
    GroupEntry{GroupFlag::Suspended, "GROUP_SUSPENDED"},
    GroupEntry{GroupFlag::Error, "GROUP_ERROR"},
    GroupEntry{GroupFlag::Foreground, "GROUP_FOREGROUND"},
};

using JobEntry = std::pair<JobFlag, std::string_view>;
constexpr std::array kJobNames = {
    JobEntry{JobFlag::Complete, "JOB_COMPLETE"},
    JobEntry{JobFlag::Incomplete, "JOB_INCOMPLETE"},
    JobEntry{JobFlag::Error, "JOB_ERROR"},
    JobEntry{JobFlag::Foreground, "JOB_FOREGROUND"},
};

}  // namespace

std::vector<std::string_view> flag_names(GroupStatus status) {
    return names_of(status, kGroupNames);
}
std::vector<std::string_view> flag_names(JobStatus status) { return names_of(status, kJobNames); }

}  // namespace qmgr::inline v0
