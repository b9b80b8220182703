// Whatever was done and whatever went wrong: once every fault is over, everything that was resumed
// ends, and once everything is cancelled nothing is left.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "propertytests/generators.hpp"

namespace qmgr::propertytests {
namespace {

RC_GTEST_PROP(Everything, EndsOnceEveryFaultIsOver, (const Plan& plan)) {
    assert_clean(play(plan));
}

// A guard of the guard: a machine that never reports the end of an exchange is found.
TEST(Everything, IsFoundNotToEndWhereAnExchangeNeverDoes) {
    world::Variation variation;
    variation.event = [](Event& event) {
        return !std::holds_alternative<event::FetchEnded>(event);
    };
    const Plan plan{0,
                    {},
                    {{Kind::CreateGroup, 0, 0, 0, 0},
                     {Kind::CreateJob, 0, 0, 0, 0},
                     {Kind::AddFiles, 0, 0, 0, static_cast<std::uint32_t>(SiteFile::Small)},
                     {Kind::ResumeGroup, 0, 0, 0, 0}}};
    EXPECT_TRUE(play(plan).violations.empty());
    const Outcome outcome = play(plan, variation);
    ASSERT_FALSE(outcome.violations.empty());
    EXPECT_EQ(outcome.violations.front().invariant, "everything-ends");
    EXPECT_EQ(outcome.step, plan.commands.size() + 1);
}

}  // namespace
}  // namespace qmgr::propertytests
