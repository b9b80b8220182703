// Random sequences of commands against a model that knows only what the clauses say: which answers
// are allowed, which flags can be seen, and that everything ends.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <ostream>
#include <set>

#include "propertytests/commands.hpp"

namespace qmgr::propertytests {
namespace {

/// What a client knows of a slot without asking: only facts that no amount of time can change.
struct Slot {
    bool held = false;      ///< the client holds a handle
    bool in_queue = false;  ///< created and not cancelled
    bool has_job = false;
    std::size_t files = 0;
    bool may_run = false;  ///< resumed since it was last suspended, or never stopped by the client
    bool foreground = false;
};

struct Model {
    std::array<Slot, kSlots> slots;
    bool logged_on = true;
};

struct System {
    System() {
        options.script = site();
        options.policy.retry_delay = Duration(500);
        world = std::make_unique<world::World>(options);
        world->disk().make_directory("/downloads");
        client = std::make_unique<Client>(*world);
    }
    world::Options options;
    std::unique_ptr<world::World> world;
    std::unique_ptr<Client> client;
};

using Codes = std::set<HResult>;
using Drawn = Command;  // rc::state::Command is another thing

// The answers the clauses allow for a call on a group that is in the queue, or was.
Codes allowed(const Command& command, const Slot& slot, bool logged_on) {
    const bool gone = slot.held && !slot.in_queue;
    switch (command.kind) {
        case Kind::CreateGroup:
            return {slot.in_queue ? HResult::InvalidArgument : HResult::Ok};  // QMGR-CREATE-1..3
        case Kind::CreateJob:
            if (gone) return {HResult::QmInvalidState};  // GROUP-CANCEL-4
            if (!slot.has_job) return {HResult::Ok};     // GROUP-CREATEJOB-1
            if (!slot.may_run) return {HResult::NotImplemented};
            return {HResult::NotImplemented, HResult::QmInvalidState};  // GROUP-CREATEJOB-2, -3
        case Kind::Resume:
            if (gone) return {HResult::QmInvalidState};
            return {slot.files == 0 ? HResult::BgEmpty : HResult::Ok};  // GROUP-RESUME-1..6
        case Kind::AddFile:
            if (!gone && !logged_on) return {HResult::NotLoggedOn};  // JOB1-ADD-11
            return {gone ? HResult::QmInvalidState : HResult::Ok};
        case Kind::Suspend:
        case Kind::SwitchToForeground:
        case Kind::Cancel:
        case Kind::Listen:
        case Kind::Mute:
            return {gone ? HResult::QmInvalidState : HResult::Ok};
        case Kind::GetStatus:
        case Kind::GetProgress:
        case Kind::LetTimePass:
        case Kind::Restart:
        case Kind::Crash:
        case Kind::LogOff:
        case Kind::LogOn:
        case Kind::LoseNetwork:
        case Kind::NetworkBack:
        case Kind::Pause:
        case Kind::Unpause:
        case Kind::Answer:
            break;
    }
    return {HResult::Ok};
}

// GROUP-STATUS-2..9: the five combinations of a group in the queue.
void check_flags(GroupStatus status, const Slot& slot) {
    const GroupStatus plain = status.without(GroupFlag::Foreground);
    static const std::set<std::uint32_t> documented = {0x180, 0x80, 0x380, 0x140};
    if (!slot.in_queue) {
        RC_ASSERT(plain.bits == 0U);
    } else {
        RC_ASSERT(documented.contains(plain.bits));
        if (slot.files == 0) RC_ASSERT(plain.bits == 0x180U);
        if (!slot.may_run) RC_ASSERT(plain.has(GroupFlag::Suspended));
    }
    RC_ASSERT(status.has(GroupFlag::Foreground) == slot.foreground);
}

struct Perform : rc::state::Command<Model, System> {
    Perform()
        : command(decode(*rc::gen::arbitrary<std::uint8_t>(), *rc::gen::arbitrary<std::uint8_t>(),
                         *rc::gen::inRange<std::uint16_t>(0, 2'000))) {}

    void apply(Model& model) const override {
        Slot& slot = model.slots.at(command.slot);
        switch (command.kind) {
            case Kind::CreateGroup:
                if (!slot.in_queue) slot = {.held = true, .in_queue = true};
                break;
            case Kind::CreateJob:
                slot.has_job = slot.has_job || slot.in_queue;
                break;
            case Kind::AddFile:
                if (slot.in_queue && slot.has_job && model.logged_on) ++slot.files;
                break;
            case Kind::Resume:
                slot.may_run = slot.in_queue && slot.files > 0;
                break;
            case Kind::Suspend:
                slot.may_run = false;
                break;
            case Kind::Cancel:
                slot.in_queue = slot.may_run = false;
                break;
            case Kind::SwitchToForeground:
                slot.foreground = slot.foreground || slot.in_queue;
                break;
            case Kind::Restart:
            case Kind::Crash:
                for (Slot& one : model.slots) {
                    if (!one.in_queue) one = {};
                    one.held = one.in_queue;
                }
                break;
            case Kind::LogOff:
            case Kind::LogOn:
                model.logged_on = command.kind == Kind::LogOn;
                break;
            case Kind::GetStatus:
            case Kind::GetProgress:
            case Kind::LetTimePass:
            case Kind::LoseNetwork:
            case Kind::NetworkBack:
            case Kind::Pause:
            case Kind::Unpause:
            case Kind::Listen:
            case Kind::Mute:
            case Kind::Answer:
                break;
        }
    }

    void run(const Model& before, System& system) const override {
        const Slot& slot = before.slots.at(command.slot);
        const auto reply = system.client->perform(command);
        if (reply) RC_ASSERT(allowed(command, slot, before.logged_on).contains(reply->hresult));
        const Model after = nextState(before);
        for (std::size_t i = 0; i < kSlots; ++i)
            if (after.slots[i].held) check_flags(system.client->status(i), after.slots[i]);
    }

    void show(std::ostream& os) const override { os << to_text(command); }

    Drawn command;
};

// Suspending a group that is being published is allowed to come too late (FILE-PUB-4); the model
// lets the renames finish first.
struct Settled : Perform {
    void run(const Model& before, System& system) const override {
        if (command.kind == Kind::Suspend) system.world->run_for(Duration(1));
        Perform::run(before, system);
    }
};

void check_files(System& system, const Model& model) {
    std::set<std::string> expected;
    for (std::size_t i = 0; i < kSlots; ++i)
        for (std::size_t file = 0; file < model.slots[i].files; ++file)
            expected.insert(Client::destination(i, file));
    for (const std::string& path : system.world->disk().paths()) {
        const bool part = path.find("/BIT") != std::string::npos;
        const world::DiskFile* file = system.world->disk().find(path);
        const bool whole = file->contents.is_content(1) || file->contents.is_content(2) ||
                           file->contents.is_content(3);
        RC_ASSERT(part || whole);
    }
}

// After the faults are used up, everything that was resumed ends.
void check_that_everything_ends(System& system, const Model& model) {
    const auto ended = [&] {
        for (std::size_t i = 0; i < kSlots; ++i)
            if (model.slots[i].in_queue && model.slots[i].held &&
                !system.client->status(i).has(GroupFlag::Suspended))
                return false;
        return true;
    };
    RC_ASSERT(system.world->run_until(ended, std::chrono::hours(1)));
}

// CancelGroup of everything leaves nothing but finished files.
void check_that_nothing_is_left(System& system, const Model& model) {
    for (std::size_t i = 0; i < kSlots; ++i)
        if (model.slots[i].in_queue && model.slots[i].held)
            system.client->perform({Kind::Cancel, static_cast<std::uint8_t>(i), 0, 0});
    for (const std::string& path : system.world->disk().paths())
        RC_ASSERT(path.find("/BIT") == std::string::npos);
}

RC_GTEST_PROP(Calls, AreAnsweredAsTheClausesAllowAndEverythingEnds, ()) {
    const Model initial;
    System system;
    const auto commands =
        *rc::state::gen::commands(initial, rc::state::gen::execOneOfWithArgs<Settled>());
    rc::state::runAll(commands, initial, system);
    Model model = initial;
    rc::state::applyAll(commands, model);
    system.client->calm();
    check_files(system, model);
    check_that_everything_ends(system, model);
    check_that_nothing_is_left(system, model);
}

}  // namespace
}  // namespace qmgr::propertytests
