// Who performs commands: a client that remembers the handles it was given, and the world around.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/world/world.hpp"
#include "propertytests/commands.hpp"
#include "propertytests/plan.hpp"
#include "propertytests/site.hpp"

namespace qmgr::propertytests {

/// Where commands are performed. `system` is what is asked: the world itself, or something that
/// passes everything on to it.
struct Stage {
    world::World& world;
    SystemUnderTest& system;
    std::function<void()> crashed;  ///< told after World::crash(), which `system` does not see
};

/// Directories a client's local names lead to: one for everybody, one that only administrators may
/// write to, and one that does not exist.
inline constexpr std::string_view kDownloads = "/downloads";
inline constexpr std::string_view kProtected = "/protected";
inline constexpr std::string_view kNowhere = "/nowhere";

/// NextEvent waits so long at most: longer than the retry delay, and far shorter than a group may
/// be idle, since an idle queue must not end.
inline constexpr Duration kNextEventWithin = std::chrono::seconds(70);

class Client {
  public:
    /// The world serves script_of(plan); the directories are made in it. What `stage` names
    /// outlives the client.
    Client(Stage stage, const Plan& plan);

    /// Does it; the reply of a call, nothing for the rest.
    std::optional<Reply> perform(const Command& command);
    /// Ends every fault: the server is honest, everybody is logged on, the network is back, nothing
    /// is paused, full or failing. What the server has stays as it is.
    void heal();
    /// Takes every delivery and answers S_OK.
    void answer_all();
    /// Cancels every group, as an administrator who takes it over first.
    void cancel_all();
    /// Asks for the groups and jobs of all slots, as after a restart (HANDLE-2).
    void get_handles_again();

    /// The call that perform() would make now if the command were about its slot, not about that
    /// of slot_for(). REQUIRES: is_call(command.kind).
    Call call_for(const Command& command) const;
    /// The slot that the command is about, once it is said on whose object a call is made.
    std::size_t slot_for(const Command& command) const;
    /// Whether it still has a handle of a group of the slot that was cancelled.
    bool holds_gone_group(std::size_t slot) const { return slots_.at(slot).group.gone != 0; }
    const Site& site() const { return site_; }
    world::World& world() { return stage_.world; }
    const world::World& world() const { return stage_.world; }

  private:
    /// The last two numbers that were given for one thing, and that of one that is gone. 0: none.
    struct Handles {
        std::uint64_t latest = 0;
        std::uint64_t earlier = 0;
        std::uint64_t gone = 0;
        void got(std::uint64_t number);
        void lose();
    };
    struct Slot {
        Handles group;
        Handles job;
        Handles enumerator;
        std::uint32_t files = 0;  ///< added so far
    };

    static Handles Slot::*handles_of(Kind kind);
    std::uint64_t number_of(const Command& command, Handles Slot::*kind) const;
    GroupHandle group_of(const Command& command) const;
    JobHandle job_of(const Command& command) const;
    EnumeratorHandle enumerator_of(const Command& command) const;
    template <class Method>
    static Call on_group(const Client& client, const Command& command);
    template <class Method>
    static Call on_job(const Client& client, const Command& command);
    template <class Method>
    static Call on_enumerator(const Client& client, const Command& command);
    call::AddFiles add_files(const Command& command) const;
    call::Release release(const Command& command) const;
    FileSetInfo file(const Command& command, std::uint32_t number) const;
    Reply ask(std::size_t user, const Call& call);
    Reply make_call(Command command);
    void remember(const Command& command, const Call& call, const Reply& reply);
    void forget(const call::Release& release);
    void do_around(const Command& command);
    void come_back(bool crashed);
    void serve();
    void answer_deliveries(const Command& command);

    Stage stage_;
    std::vector<fakeserver::FaultRule> rules_;
    Site site_;
    std::array<Slot, kSlots> slots_;
    std::uint64_t released_ = 0;  ///< the number of the handle given up last
};

}  // namespace qmgr::propertytests
