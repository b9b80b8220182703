// The auditor and the invariants listen to the real engine in its simulated world, and find
// nothing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "propertytests/audited_system.hpp"
#include "propertytests/invariants.hpp"
#include "propertytests/random_client.hpp"

namespace qmgr::propertytests {
namespace {

world::Options options() {
    world::Options options;
    options.script = RandomClient::site();
    options.policy.retry_delay = Duration(500);
    options.policy.jobs_per_user = 3;
    options.policy.jobs_per_machine = 4;
    options.policy.files_per_job = 5;
    options.policy.callbacks_at_once = 2;
    return options;
}

struct Outcome {
    std::vector<Violation> violations;
    std::vector<std::string> story;
};

Outcome run(std::uint64_t seed, int steps) {
    world::World world(options());
    Auditor auditor(options().policy, {.remote_files_stay = true});
    auditor.directory_is(RandomClient::kDirectory, DirectoryKind::Writable);
    auditor.directory_is("/nowhere", DirectoryKind::Missing);
    AuditedSystem system(world, auditor, [&] { return world.now(); });
    Invariants invariants(world);
    RandomClient client(seed, world, system, [&] { system.was_restarted(); });
    Outcome run;
    for (int i = 0; i < steps; ++i) {
        run.story.push_back(client.step());
        invariants.look();
        run.violations = auditor.violations();
        run.violations.insert(run.violations.end(), invariants.violations().begin(),
                              invariants.violations().end());
        if (!run.violations.empty()) return run;
    }
    invariants.heal_and_end();
    run.violations = invariants.violations();
    return run;
}

std::string tail(const Outcome& run) {
    std::string text;
    const std::size_t from = run.story.size() > 40 ? run.story.size() - 40 : 0;
    for (std::size_t i = from; i < run.story.size(); ++i) text += run.story[i] + "\n";
    return text;
}

TEST(AuditedWorldTest, RandomCallsOfTheReferenceAreAllAllowed) {
    const char* first = std::getenv("SEED");
    const char* runs = std::getenv("RUNS");
    const std::uint64_t begin = first ? std::strtoull(first, nullptr, 10) : 1;
    const std::uint64_t count = runs ? std::strtoull(runs, nullptr, 10) : 20;
    for (std::uint64_t seed = begin; seed < begin + count; ++seed) {
        const Outcome one = run(seed, 400);
        for (const Violation& violation : one.violations)
            ADD_FAILURE() << "seed " << seed << ", step " << one.story.size() << ": "
                          << violation.invariant << " (" << violation.clause
                          << "): " << violation.what;
        if (!one.violations.empty()) {
            std::cerr << tail(one);
            return;
        }
    }
}

}  // namespace
}  // namespace qmgr::propertytests
