// The hostile queue stays inside the contract: whoever watches the client and everybody else who
// uses the queue finds nothing that a clause does not allow.
#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "conformance/world/every_call.hpp"
#include "conformance/world/hostile.hpp"
#include "propertytests/audited_system.hpp"

namespace qmgr::propertytests {
namespace {

using world::Act;
using world::EveryCall;
using world::Hostile;
using world::Unpleasantness;
using world::UnpleasantnessRow;
using world::World;

struct Watched {
    std::vector<Violation> violations;
    std::size_t happened = 0;
    std::string story;
};

Watched watched(const std::vector<Act>& acts, const world::Walk& walk = {}) {
    const world::Options options = EveryCall::server();
    // Each member of an allowed set is right, and others change files and directories.
    Auditor auditor(options.policy, {.first_answers_only = false, .remote_files_stay = false});
    World world(options);
    world.disk().make_directory(std::string(EveryCall::kDirectory));
    const auto now = [&] { return world.now(); };
    world::Onlooker onlooker;
    onlooker.called = [&](const Caller& caller, const Call& call, const Reply& reply) {
        auditor.call_answered(now(), caller, call, reply);
    };
    onlooker.surroundings_changed = [&](const Surroundings& what) {
        auditor.surroundings_changed(now(), what);
    };
    onlooker.missed = [&](const Notification& one) {
        auditor.delivered(now(), one);
        auditor.delivery_answered(now(), one.number, HResult::Failed);
    };
    onlooker.restarted = [&] { auditor.restarted(now()); };

    Hostile hostile(world, acts, onlooker);
    hostile.walk(walk);
    AuditedSystem audited(hostile, auditor, now);
    EveryCall client(audited, [&](Duration time) { hostile.run_for(time); });
    client.play();
    hostile.leaks();

    Watched seen{auditor.violations(), hostile.happened().size(), {}};
    for (const world::Happened& one : hostile.happened()) seen.story += to_text(one) + "\n";
    for (const Violation& one : seen.violations)
        seen.story += one.clause + " " + one.invariant + ": " + one.what + "\n";
    return seen;
}

TEST(HostileProperties, KeepEveryClauseInEachUnpleasantnessAtEachCall) {
    constexpr std::uint64_t kCalls = 160;  // EveryCall makes as many
    for (const UnpleasantnessRow& row : world::unpleasantnesses()) {
        std::size_t happened = 0;
        for (std::uint64_t call = 1; call <= kCalls; call += 3) {
            // With an error to be found, and a group in it to be resumed.
            for (const bool in_error : {false, true}) {
                std::vector<Act> acts{{row.what, call}};
                if (in_error) acts.insert(acts.begin(), {Unpleasantness::DiskFull, 30});
                const Watched seen = watched(acts);
                happened += seen.happened;
                ASSERT_TRUE(seen.violations.empty()) << row.name << "\n" << seen.story;
            }
        }
        EXPECT_GT(happened, 0U) << row.name;
    }
}

TEST(HostileProperties, KeepEveryClauseInAnyPlan) {
    constexpr std::uint64_t kSeeds = 300;
    std::size_t happened = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Watched seen = watched(world::any_acts(seed, 6, 150));
        happened += seen.happened;
        ASSERT_TRUE(seen.violations.empty()) << "seed " << seed << "\n" << seen.story;
    }
    std::cout << "seeds 1 to " << kSeeds << ", " << happened << " acts, 0 violations\n";
}

TEST(HostileProperties, KeepEveryClauseOnEveryWalk) {
    for (const world::Walk& walk : world::every_walk(4)) {
        const Watched seen = watched({}, walk);
        ASSERT_TRUE(seen.violations.empty()) << world::to_text(walk) << "\n" << seen.story;
    }
}

}  // namespace
}  // namespace qmgr::propertytests
