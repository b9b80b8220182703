// Plays a plan in an audited world. Whatever is not allowed is a Violation; nothing else is judged.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "conformance/world/simulated_rig.hpp"
#include "propertytests/audited_system.hpp"
#include "propertytests/auditor.hpp"
#include "propertytests/client.hpp"
#include "propertytests/invariants.hpp"
#include "propertytests/plan.hpp"

namespace qmgr::propertytests {

/// Slow enough that a time slice, a pause or a crash lands in the middle of a file.
inline constexpr world::LineSpeed kLineSpeed{Duration(10), 20'000};

/// What is simulated for a plan: script_of(plan), policy_for_plans(), and what is wrong with the
/// machine. Variation::system is not part of it. `variation` outlives the world.
world::Options options_of(const Plan& plan, const world::Variation& variation = {});

/// A world, a client that performs commands in it, and everything that judges what comes of them.
class AuditedWorld {
  public:
    /// Of the plan, the seed and the faults; its commands are not looked at. Nothing of it is kept.
    explicit AuditedWorld(const Plan& plan, world::Variation variation = {});

    /// Performs it and looks whether every invariant holds. The reply of a call, nothing for the
    /// rest.
    std::optional<Reply> perform(const Command& command);
    /// Ends every fault; everything that was resumed has to end, and once everything is cancelled
    /// nothing may be left. Once, after the last command.
    void end();

    /// What a client was told that it may not be, then what was found in the machine, each in the
    /// order in which it was found; empty: all is well.
    std::vector<Violation> violations() const;
    bool is_clean() const;

    Client& client() { return client_; }
    const Client& client() const { return client_; }
    world::World& world() { return world_; }

  private:
    world::Variation variation_;
    world::World world_;
    std::unique_ptr<SystemUnderTest> varied_;  // null: the world itself is what is asked
    Auditor auditor_;
    AuditedSystem system_;
    Invariants invariants_;
    Client client_;
};

struct Outcome {
    std::vector<Violation> violations;  ///< in the order in which they were found
    /// Commands performed when the first one was seen: 1 for the first command, and
    /// Plan::commands.size() + 1 for the ending. 0 if there is none.
    std::size_t step = 0;
    std::size_t calls = 0;       ///< of the commands that were performed
    std::size_t good_calls = 0;  ///< of these, with an answer that is a success
};

/// The commands in an AuditedWorld, then its end. Stops at the first command with a violation.
/// `variation` makes the machine wrong (mutants); empty: the reference as it is.
Outcome play(const Plan& plan, const world::Variation& variation = {});

}  // namespace qmgr::propertytests
