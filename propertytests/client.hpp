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

/// Directories a client's local names lead to; prepare() makes them.
inline constexpr std::string_view kDownloads = "/downloads";
inline constexpr std::string_view kProtected = "/protected";

class Client {
  public:
    /// The world serves script_of(plan). `stage` outlives the client.
    Client(Stage stage, const Plan& plan);

    /// Makes the directories. Once, before the first command.
    void prepare();
    /// Does it; the reply of a call, nothing for the rest.
    std::optional<Reply> perform(const Command& command);
    /// Ends every fault: the server is honest, everybody is logged on, the network is back, nothing
    /// is paused, full or failing. What the server has stays as it is.
    void heal();
    /// Takes every delivery and answers S_OK.
    void answer_all();

    /// The call that perform() would make now; only for a kind that is a call.
    Call call_for(const Command& command) const;
    const Site& site() const { return site_; }
    world::World& world() { return stage_.world; }

  private:
    struct Slot {
        GroupHandle group;          ///< 0: none
        GroupHandle earlier_group;  ///< 0: none
        JobHandle job;
        JobHandle earlier_job;
        GroupHandle gone_group;  ///< of a group that was cancelled
        JobHandle gone_job;
        EnumeratorHandle enumerator;
        EnumeratorHandle earlier_enumerator;
        std::uint32_t files = 0;  ///< added so far
    };

    GroupHandle group_of(const Command& command) const;
    JobHandle job_of(const Command& command) const;
    EnumeratorHandle enumerator_of(const Command& command) const;
    call::AddFiles add_files(const Command& command) const;
    call::SetProp set_prop(const Command& command) const;
    call::Release release(const Command& command) const;
    void remember(const Command& command, const Call& call, const Reply& reply);
    void do_around(const Command& command);
    void change_server(const Command& command);
    void answer_deliveries(const Command& command);

    Stage stage_;
    std::vector<fakeserver::FaultRule> rules_;
    Site site_;
    std::array<Slot, kSlots> slots_;
    std::uint64_t released_ = 0;  ///< the number of the handle given up last
};

}  // namespace qmgr::propertytests
