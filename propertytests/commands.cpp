#include "propertytests/commands.hpp"

#include <fmt/format.h>

#include <numeric>

namespace qmgr::propertytests {
namespace {

struct KindRow {
    Kind kind;
    std::string_view name;
    std::size_t weight;  ///< how many of the 256 bytes mean it
};

// Weights: what brings a queue forward (groups, files, resumes, single events) often, or most runs
// would ask an empty queue; what undoes it, and what is answered without a look, seldom.
constexpr std::array kRows = {
    KindRow{Kind::CreateGroup, "create_group", 12},
    KindRow{Kind::GetGroup, "get_group", 4},
    KindRow{Kind::EnumGroups, "enum_groups", 3},
    KindRow{Kind::GetProp, "get_prop", 4},
    KindRow{Kind::SetProp, "set_prop", 10},
    KindRow{Kind::GetGroupProgress, "get_group_progress", 5},
    KindRow{Kind::GetGroupStatus, "get_group_status", 6},
    KindRow{Kind::GetJob, "get_job", 4},
    KindRow{Kind::SuspendGroup, "suspend_group", 5},
    KindRow{Kind::ResumeGroup, "resume_group", 12},
    KindRow{Kind::CancelGroup, "cancel_group", 5},
    KindRow{Kind::GetSize, "get_size", 4},
    KindRow{Kind::GetGroupId, "get_group_id", 3},
    KindRow{Kind::CreateJob, "create_job", 10},
    KindRow{Kind::EnumJobs, "enum_jobs", 3},
    KindRow{Kind::SwitchGroupToForeground, "switch_group_to_foreground", 3},
    KindRow{Kind::QueryNewJobInterface, "query_new_job_interface", 1},
    KindRow{Kind::SetNotificationPointer, "set_notification_pointer", 1},
    KindRow{Kind::InternalSetProp, "internal_set_prop", 1},
    KindRow{Kind::CancelJob, "cancel_job", 1},
    KindRow{Kind::GetJobProgress, "get_job_progress", 5},
    KindRow{Kind::GetJobStatus, "get_job_status", 5},
    KindRow{Kind::GetTimes, "get_times", 1},
    KindRow{Kind::AddFiles, "add_files", 10},
    KindRow{Kind::GetFile, "get_file", 4},
    KindRow{Kind::GetFileCount, "get_file_count", 4},
    KindRow{Kind::SwitchJobToForeground, "switch_job_to_foreground", 1},
    KindRow{Kind::GetJobId, "get_job_id", 3},
    KindRow{Kind::Next, "next", 4},
    KindRow{Kind::Skip, "skip", 3},
    KindRow{Kind::Reset, "reset", 2},
    KindRow{Kind::Clone, "clone", 2},
    KindRow{Kind::GetCount, "get_count", 3},
    KindRow{Kind::Release, "release", 3},
    KindRow{Kind::LetTimePass, "let_time_pass", 12},
    KindRow{Kind::NextEvent, "next_event", 32},
    KindRow{Kind::LogOff, "log_off", 3},
    KindRow{Kind::LogOn, "log_on", 8},
    KindRow{Kind::LoseNetwork, "lose_network", 2},
    KindRow{Kind::NetworkBack, "network_back", 6},
    KindRow{Kind::Pause, "pause", 2},
    KindRow{Kind::Unpause, "unpause", 6},
    KindRow{Kind::FillDisk, "fill_disk", 2},
    KindRow{Kind::FreeDisk, "free_disk", 6},
    KindRow{Kind::BreakJournal, "break_journal", 1},
    KindRow{Kind::MendJournal, "mend_journal", 5},
    KindRow{Kind::ResourceGrows, "resource_grows", 2},
    KindRow{Kind::OtherBytes, "other_bytes", 2},
    KindRow{Kind::OtherDate, "other_date", 2},
    KindRow{Kind::ResourceVanishes, "resource_vanishes", 2},
    KindRow{Kind::ResourceReturns, "resource_returns", 3},
    KindRow{Kind::Restart, "restart", 2},
    KindRow{Kind::Crash, "crash", 2},
    KindRow{Kind::RegisterCallback, "register_callback", 4},
    KindRow{Kind::AnswerDeliveries, "answer_deliveries", 5},
};
static_assert(kRows.size() == kKinds);
static_assert(std::accumulate(kRows.begin(), kRows.end(), std::size_t{0},
                              [](std::size_t sum, const KindRow& row) {
                                  return sum + row.weight;
                              }) == 256,
              "every byte means one kind");

struct KindBytes {
    std::array<Kind, 256> kind_of{};
    std::array<std::uint8_t, kKinds> first_of{};  ///< the byte that encode_command() writes
};
constexpr KindBytes kBytes = [] {
    KindBytes bytes;
    std::size_t next = 0;
    for (std::size_t i = 0; i < kKinds; ++i) {
        if (static_cast<std::size_t>(kRows[i].kind) != i) throw "rows stand in order";
        bytes.first_of[i] = static_cast<std::uint8_t>(next);
        for (std::size_t j = 0; j < kRows[i].weight; ++j) bytes.kind_of[next++] = kRows[i].kind;
    }
    return bytes;
}();

// Most calls are those of the first user, or few groups would have an owner who can go on.
constexpr std::array<std::uint8_t, 8> kUserOf = {0, 0, 0, 0, 0, 1, 1, 2};
constexpr std::array<std::uint8_t, kUsers> kNumberOf = {0, 5, 7};

constexpr Guid guid(std::uint8_t first, std::size_t number) {
    Guid guid;
    guid.bytes[0] = first;
    guid.bytes[15] = static_cast<std::uint8_t>(number + 1);
    return guid;
}

}  // namespace

std::string_view name(Kind kind) { return kRows.at(static_cast<std::size_t>(kind)).name; }

Command decode_command(const std::array<std::uint8_t, kCommandBytes>& bytes) {
    const std::uint32_t value = std::uint32_t{bytes[4]} | std::uint32_t{bytes[5]} << 8U |
                                std::uint32_t{bytes[6]} << 16U | std::uint32_t{bytes[7]} << 24U;
    return {kBytes.kind_of[bytes[0]], static_cast<std::uint8_t>(bytes[1] % kSlots),
            kUserOf[bytes[2] % kUserOf.size()], bytes[3], value};
}

std::array<std::uint8_t, kCommandBytes> encode_command(const Command& command) {
    const auto byte = [&](unsigned shift) {
        return static_cast<std::uint8_t>(command.value >> shift & 0xFFU);
    };
    return {kBytes.first_of.at(static_cast<std::size_t>(command.kind)),
            command.slot,
            kNumberOf.at(command.user),
            command.what,
            byte(0),
            byte(8),
            byte(16),
            byte(24)};
}

std::string to_text(const Command& command) {
    return fmt::format("{} of {} by {}, what {:#04x}, value {}", name(command.kind), command.slot,
                       kUserNames.at(command.user), command.what, command.value);
}

GroupId group_id(std::size_t slot) { return {guid(0x10, slot)}; }
JobId job_id(std::size_t slot) { return {guid(0x20, slot)}; }
ClassId class_id(std::size_t user) { return {guid(0x30, user)}; }

}  // namespace qmgr::propertytests
