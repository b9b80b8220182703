// Curves of plans that fail by a rule made up here, with a bad step that is known.
#include "propertytests/curve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "propertytests/swarm.hpp"

namespace qmgr::propertytests {
namespace {

using testing::HasSubstr;
using testing::Not;

// A command that no plan has by chance spoils the run; the next look at a group shows it.
constexpr std::uint32_t kSpoiling = 987'654'321;

bool fails(const Plan& plan) {
    bool spoilt = false;
    for (const Command& command : plan.commands) {
        if (spoilt && command.kind == Kind::GetGroupStatus) return true;
        spoilt |= command.value == kSpoiling;
    }
    return false;
}

Plan spoilt_at(std::size_t step) {
    Plan plan = plan_of(5, 1, 12);
    for (Command& command : plan.commands) command.kind = Kind::NextEvent;
    plan.commands[step - 1].value = kSpoiling;
    plan.commands.push_back({Kind::GetGroupStatus, 0, 0, 0, 0});
    return plan;
}

TEST(Curve, PointsAtTheStepThatSpoiltTheRunNotAtTheOneThatShowedIt) {
    for (const std::size_t step : {1U, 4U, 12U}) {
        ASSERT_TRUE(fails(spoilt_at(step)));
        const Curve curve = curve_of(spoilt_at(step), fails);
        EXPECT_EQ(curve.likely_from(), step);
        EXPECT_EQ(curve.failed.size(), 14U);
        EXPECT_EQ(curve.failed[step - 1], 0U);
        EXPECT_EQ(curve.failed.back(), curve.futures.count);
    }
}

TEST(Curve, PointsNowhereWhenEveryFutureFailsFromTheBeginning) {
    const Curve curve = curve_of(spoilt_at(4), [](const Plan&) { return true; });
    EXPECT_EQ(curve.likely_from(), 0U);
    EXPECT_THAT(to_text(curve), HasSubstr("no step made it likelier"));
    EXPECT_THAT(to_svg(curve, "t"), HasSubstr("no step made it likelier"));
}

TEST(Curve, IsTheSameForTheSameSeed) {
    EXPECT_EQ(curve_of(spoilt_at(4), fails, {10, 20, 3}).failed,
              curve_of(spoilt_at(4), fails, {10, 20, 3}).failed);
}

TEST(Curve, ItsTextMarksTheLikelyStepWithItsWords) {
    const Curve curve = curve_of(spoilt_at(4), fails);
    const std::string text = to_text(curve);
    EXPECT_THAT(text, HasSubstr("40 of 10 commands each, seed 1"));
    EXPECT_THAT(text, HasSubstr("\n>    4 |"));
    EXPECT_THAT(text, HasSubstr("likely from step 4: next_event"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '>'), 1);
}

TEST(Curve, ItsPictureHasATitleNamedAxesAndOneMark) {
    const std::string svg = to_svg(curve_of(spoilt_at(4), fails), "a < b & c");
    EXPECT_THAT(svg, HasSubstr("<title>a &lt; b &amp; c</title>"));
    EXPECT_THAT(svg, HasSubstr("commands of the failing plan that were kept"));
    EXPECT_THAT(svg, HasSubstr("random futures that fail"));
    EXPECT_THAT(svg, HasSubstr("likely from step 4: next_event"));
    EXPECT_THAT(svg, HasSubstr("stroke-dasharray"));
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace qmgr::propertytests
