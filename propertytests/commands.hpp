// One set of things that can happen to a queue and around it, decoded from plain numbers, so that
// every engine that draws (RapidCheck, seeds, libFuzzer, AFL++) draws the same ones. A command
// never waits for a transfer and never judges; what a client knows while it performs commands is in
// client.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "reference/contract/call.hpp"

namespace qmgr::propertytests {

/// What is done. The calls come first, in the order of Call's alternatives.
enum class Kind : std::uint8_t {
    CreateGroup,
    GetGroup,
    EnumGroups,
    GetProp,
    SetProp,
    GetGroupProgress,
    GetGroupStatus,
    GetJob,
    SuspendGroup,
    ResumeGroup,
    CancelGroup,
    GetSize,
    GetGroupId,
    CreateJob,
    EnumJobs,
    SwitchGroupToForeground,
    QueryNewJobInterface,
    SetNotificationPointer,
    InternalSetProp,
    CancelJob,
    GetJobProgress,
    GetJobStatus,
    GetTimes,
    AddFiles,
    GetFile,
    GetFileCount,
    SwitchJobToForeground,
    GetJobId,
    Next,
    Skip,
    Reset,
    Clone,
    GetCount,
    Release,
    // time
    LetTimePass,
    NextEvent,  ///< lets time pass until one thing has happened; nothing if that takes a minute
    // around the service
    LogOff,
    LogOn,
    LoseNetwork,
    NetworkBack,
    Pause,
    Unpause,
    FillDisk,
    FreeDisk,
    BreakJournal,
    MendJournal,
    // the server's files
    ResourceGrows,
    OtherBytes,  ///< with another date
    OtherDate,   ///< of the same bytes
    ResourceVanishes,
    ResourceReturns,
    // the process
    Restart,
    Crash,
    // callbacks
    RegisterCallback,
    AnswerDeliveries,  ///< takes every delivery and answers it
};
inline constexpr std::size_t kKinds = 55;
/// So many of them are calls.
inline constexpr std::size_t kCalls = std::variant_size_v<Call>;
static_assert(static_cast<std::size_t>(Kind::LetTimePass) == kCalls);
static_assert(static_cast<std::size_t>(Kind::AnswerDeliveries) + 1 == kKinds);

constexpr bool is_call(Kind kind) { return static_cast<std::size_t>(kind) < kCalls; }
/// Its name in texts and tables: "create_group", "let_time_pass".
std::string_view name(Kind kind);

/// Five groups: one more than the machine has room for jobs (policy_for_plans in plan.hpp), so that
/// every limit and every rule between groups is reached.
inline constexpr std::size_t kSlots = 5;
/// Two ordinary users and an administrator.
inline constexpr std::size_t kUsers = 3;
inline constexpr std::array<std::string_view, kUsers> kUserNames = {"u1", "u2", "admin"};
/// What the server has; see site.hpp.
inline constexpr std::size_t kResources = 6;

/// One random move: a call with its arguments, or something around the service.
struct Command {
    Kind kind = Kind::GetGroupStatus;
    /// The group it is about; below kSlots. A call on an object of a slot that has none is made on
    /// that of the next slot that has one.
    std::uint8_t slot = 0;
    std::uint8_t user = 0;  ///< who calls, or logs off and on; below kUsers
    /// For a call: which handle (upper four bits) and which kind of arguments (lower four). Any
    /// number means something.
    std::uint8_t what = 0;
    std::uint32_t value = 0;  ///< a detail: a time, a flag, a count, a name. Any number will do.
    bool operator==(const Command&) const = default;
};

/// Bytes of a command in an encoded plan.
inline constexpr std::size_t kCommandBytes = 8;
/// Total: any eight bytes are a command. Kinds that bring a queue forward have more bytes than
/// others.
Command decode_command(const std::array<std::uint8_t, kCommandBytes>& bytes);
/// REQUIRES: kind, slot and user in range. decode_command() gives the same command back.
std::array<std::uint8_t, kCommandBytes> encode_command(const Command& command);

/// One line that says everything: "add_files of 2 by u1, what 0x0a, value 17".
std::string to_text(const Command& command);

/// The handle a call is made with.
enum class HandleChoice : std::uint8_t {
    Latest,     ///< the last one that was got for this slot, by whomever
    Earlier,    ///< the one got before that
    Invented,   ///< a number nobody was given, 0 included
    OtherKind,  ///< a job's where a group's is due, and so on
    Released,   ///< given up with Release
    Gone,       ///< of this slot's cancelled group
};
constexpr HandleChoice handle_choice(const Command& command) {
    constexpr std::array<HandleChoice, 16> choices = {
        HandleChoice::Latest, HandleChoice::Latest,   HandleChoice::Latest,    HandleChoice::Latest,
        HandleChoice::Latest, HandleChoice::Latest,   HandleChoice::Latest,    HandleChoice::Latest,
        HandleChoice::Latest, HandleChoice::Latest,   HandleChoice::Latest,    HandleChoice::Latest,
        HandleChoice::Latest, HandleChoice::Invented, HandleChoice::OtherKind, HandleChoice::Gone};
    constexpr std::array<HandleChoice, 16> others = {
        HandleChoice::Latest, HandleChoice::Latest,  HandleChoice::Latest,   HandleChoice::Latest,
        HandleChoice::Latest, HandleChoice::Latest,  HandleChoice::Latest,   HandleChoice::Latest,
        HandleChoice::Latest, HandleChoice::Latest,  HandleChoice::Latest,   HandleChoice::Latest,
        HandleChoice::Latest, HandleChoice::Earlier, HandleChoice::Released, HandleChoice::Gone};
    return (command.value & 0x100U) == 0 ? choices[command.what >> 4U] : others[command.what >> 4U];
}
/// Up to this variant of most calls the arguments are good ones; of AddFiles, up to 10.
inline constexpr std::uint32_t kGoodVariants = 11;
/// Below 16: what kind of arguments.
constexpr std::uint32_t variant_of(const Command& command) { return command.what & 0xFU; }

/// The GUIDs that a slot's group, job and callback always have.
GroupId group_id(std::size_t slot);
JobId job_id(std::size_t slot);
ClassId class_id(std::size_t user);

}  // namespace qmgr::propertytests
