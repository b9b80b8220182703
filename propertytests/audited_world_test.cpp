// The auditor and the invariants listen to the real engine in its simulated world, and find
// nothing; in machines that are wrong in one place they find it.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "conformance/mutants/mutant.hpp"
#include "propertytests/audited_system.hpp"
#include "propertytests/invariants.hpp"
#include "propertytests/random_client.hpp"

namespace qmgr::propertytests {
namespace {

constexpr int kSteps = 400;

Policy policy() {
    Policy policy;
    policy.retry_delay = Duration(500);
    policy.no_progress_timeout = std::chrono::minutes(10);
    policy.jobs_per_user = 3;
    policy.jobs_per_machine = 4;
    policy.files_per_job = 5;
    policy.callbacks_at_once = 2;
    return policy;
}

world::Options options_for(const world::Variation& variation) {
    world::Options options;
    options.script = RandomClient::site();
    options.policy = policy();
    if (variation.rules) options.rules = variation.rules.get();
    if (variation.policy) variation.policy(options.policy);
    options.ports = variation.ports;
    options.event = variation.event;
    return options;
}

struct Outcome {
    std::vector<Violation> violations;
    std::vector<std::string> story;
};

/// A random client's calls in a world with that variation, healed and cancelled at the end.
class AuditedRun {
  public:
    AuditedRun(std::uint64_t seed, const world::Variation& variation)
        : world_(options_for(variation)),
          varied_(variation.system ? variation.system(world_) : nullptr),
          auditor_(policy(), {.remote_files_stay = true}),
          system_(varied_ ? *varied_ : static_cast<SystemUnderTest&>(world_), auditor_,
                  [this] { return world_.now(); }),
          invariants_(world_),
          client_(seed, world_, system_, [this] { system_.was_restarted(); }) {
        auditor_.directory_is(RandomClient::kDirectory, DirectoryKind::Writable);
        auditor_.directory_is("/nowhere", DirectoryKind::Missing);
    }

    Outcome play() {
        for (int i = 0; i < kSteps && outcome_.violations.empty(); ++i) {
            outcome_.story.push_back(client_.step());
            invariants_.look();
            gather();
        }
        if (outcome_.violations.empty()) end();
        return std::move(outcome_);
    }

  private:
    void end() {
        invariants_.heal_and_end();
        // The auditor hears of what heal() did to the surroundings.
        namespace s = surroundings;
        for (const Surroundings& what :
             {Surroundings(s::LogOn{"u1"}), Surroundings(s::Unpaused{}),
              Surroundings(s::NetworkBack{}), Surroundings(s::JournalFails{false})})
            auditor_.surroundings_changed(world_.now(), what);
        client_.cancel_everything();
        invariants_.look_at_nothing_left();
        gather();
    }
    void gather() {
        outcome_.violations = auditor_.violations();
        const auto& more = invariants_.violations();
        outcome_.violations.insert(outcome_.violations.end(), more.begin(), more.end());
    }

    world::World world_;
    std::unique_ptr<SystemUnderTest> varied_;
    Auditor auditor_;
    AuditedSystem system_;
    Invariants invariants_;
    RandomClient client_;
    Outcome outcome_;
};

std::string text(const Outcome& outcome) {
    std::string text;
    for (const Violation& one : outcome.violations)
        text += one.invariant + " (" + one.clause + "): " + one.what + "\n";
    for (const std::string& line : outcome.story) text += line + "\n";
    return text;
}

TEST(AuditedWorldTest, RandomCallsOfTheReferenceAreAllAllowed) {
    constexpr std::uint64_t kSeeds = 20;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Outcome outcome = AuditedRun(seed, {}).play();
        ASSERT_TRUE(outcome.violations.empty()) << "seed " << seed << "\n" << text(outcome);
    }
}

TEST(AuditedWorldTest, AJournalThatIsOneBehindIsFound) {
    for (const mutants::Mutant& mutant : mutants::all_mutants()) {
        if (mutant.id != "machine.journal.one-behind") continue;
        const world::Variation variation = mutant.make();
        EXPECT_FALSE(AuditedRun(1, variation).play().violations.empty());
        return;
    }
    FAIL() << "there is no such mutant";
}

}  // namespace
}  // namespace qmgr::propertytests
