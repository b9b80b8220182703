// One set of things that can happen to a queue, decoded from plain numbers, so that every engine
// that draws (RapidCheck, seeds, fuzzers) draws the same ones. A command never waits and never
// judges.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/world/world.hpp"

namespace qmgr::propertytests {

enum class Kind : std::uint8_t {
    CreateGroup,
    CreateJob,
    AddFile,
    Resume,
    Suspend,
    Cancel,
    SwitchToForeground,
    GetStatus,
    GetProgress,
    LetTimePass,
    Restart,
    Crash,
    LogOff,
    LogOn,
    LoseNetwork,
    NetworkBack,
    Pause,
    Unpause,
    Listen,  ///< a callback for the group, registered; both kinds of event
    Mute,    ///< DISABLE_NOTIFY
    Answer,  ///< takes every delivery and answers it: S_OK, or a failure for odd milliseconds
};
inline constexpr std::size_t kKinds = 21;
std::string_view name(Kind kind);

/// Three groups are enough for every rule between groups: one that runs, one that waits, one aside.
inline constexpr std::size_t kSlots = 3;
/// Resources of the site; see site().
inline constexpr std::size_t kResources = 4;

struct Command {
    Kind kind = Kind::GetStatus;
    std::uint8_t slot = 0;      ///< below kSlots
    std::uint8_t resource = 0;  ///< below kResources; AddFile
    std::uint16_t ms = 0;       ///< LetTimePass, Answer
    bool operator==(const Command&) const = default;
};
std::string to_text(const Command& command);
/// Any three numbers are a command.
Command decode(std::uint8_t kind, std::uint8_t what, std::uint16_t ms);

/// A small file, one of several chunks, one that is reset on its way, one that is not there.
fakeserver::Script site();

/// The client of a world: holds what CreateGroup and CreateJob gave for each slot.
class Client {
  public:
    explicit Client(world::World& world) : world_(world) {}

    /// Everybody is logged on, the network is there, nothing is paused.
    void calm();
    /// Does it. A call that needs a handle the client does not hold is left out: nothing.
    std::optional<Reply> perform(const Command& command);

    GroupHandle group(std::size_t slot) const { return groups_.at(slot).value_or(GroupHandle{}); }
    bool has_group(std::size_t slot) const { return groups_.at(slot).has_value(); }
    bool has_job(std::size_t slot) const { return jobs_.at(slot).has_value(); }
    GroupStatus status(std::size_t slot);
    std::uint32_t size_done(std::size_t slot);

    static Guid group_guid(std::size_t slot);
    static Guid job_guid(std::size_t slot);
    /// Where the n-th file of a slot goes.
    static std::string destination(std::size_t slot, std::size_t number);

  private:
    Reply ask(const Call& call) { return world_.call({"u1", false}, call); }
    Reply create_group(std::size_t slot);
    Reply create_job(std::size_t slot);
    Reply add_file(const Command& command);
    Reply listen(std::size_t slot, std::uint32_t flags);
    void answer_all(HResult hresult);
    std::optional<Reply> perform_on_group(const Command& command);
    void get_handles_again();

    world::World& world_;
    std::array<std::optional<GroupHandle>, kSlots> groups_;
    std::array<std::optional<JobHandle>, kSlots> jobs_;
    std::array<std::size_t, kSlots> files_{};
};

}  // namespace qmgr::propertytests
