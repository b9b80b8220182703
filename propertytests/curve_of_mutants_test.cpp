// Curves of mutants whose bad step is known: the first command that takes the wrong row.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "propertytests/curve.hpp"
#include "propertytests/play.hpp"
#include "propertytests/shrunk_mutants.hpp"
#include "propertytests/swarm.hpp"

namespace qmgr::propertytests {
namespace {

mutants::Mutant named(const std::string& id) {
    for (mutants::Mutant& one : mutants::all_mutants())
        if (one.id == id) return std::move(one);
    ADD_FAILURE() << "no mutant " << id;
    return mutants::canary();
}

/// Commands performed when the wrong row is taken for the first time; 0: never.
std::size_t bad_step(const Plan& plan, const mutants::Mutant& mutant) {
    AuditedWorld world(plan, mutant.make());
    for (std::size_t i = 0; i < plan.commands.size(); ++i) {
        world.perform(plan.commands[i]);
        const auto& steps = world.world().steps();
        if (std::any_of(steps.begin(), steps.end(),
                        [&](const world::LoggedStep& one) { return one.step.row == mutant.row; }))
            return i + 1;
    }
    return 0;
}

class CurveOfAMutant : public testing::TestWithParam<const char*> {};

TEST_P(CurveOfAMutant, PointsAtTheStepThatTakesTheWrongRow) {
    const mutants::Mutant mutant = named(GetParam());
    const Hunt short_runs{.commands_per_run = 60, .commands = 200'000};
    const auto find = hunt(mutant, short_runs);
    ASSERT_TRUE(find);
    Plan plan = plan_of(short_runs.seed, find->run, short_runs.commands_per_run);
    const Outcome outcome = play(plan, mutant.make());
    plan.commands.resize(std::min(plan.commands.size(), outcome.step));
    const Curve curve = curve_of(plan, breaks(mutant, ""), {.count = 12});
    const std::size_t known = bad_step(plan, mutant);
    EXPECT_LE(std::max(known, curve.likely_from()) - std::min(known, curve.likely_from()), 1U)
        << "known: " << known << ", found at " << outcome.step << "\n"
        << to_text(curve);
}

INSTANTIATE_TEST_SUITE_P(Mutants, CurveOfAMutant,
                         testing::Values("J-01.to", "J-07.to", "J-10.to", "J-14.to", "J-15.to",
                                         "J-17.to", "J-18.to", "J-21.to", "J-24.to", "J-61.to"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::replace_if(
                                 name.begin(), name.end(),
                                 [](char c) { return c == '-' || c == '.'; }, '_');
                             return name;
                         });

}  // namespace
}  // namespace qmgr::propertytests
