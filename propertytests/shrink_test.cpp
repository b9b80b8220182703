// Shrinking of plans that fail by a rule made up here: what is left has to be the rule.
#include "propertytests/shrink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "propertytests/swarm.hpp"

namespace qmgr::propertytests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Le;

// Plays alone decide, so that the result is the same on any machine.
constexpr Budget plays(std::size_t count) { return {count, Budget::forever()}; }

Plan long_plan() { return plan_of(7, 3, 400); }

Command command(Kind kind, std::uint32_t value = 0) { return {kind, 0, 0, 0, value}; }

std::size_t count_of(const Plan& plan, Kind kind) {
    return static_cast<std::size_t>(
        std::count_if(plan.commands.begin(), plan.commands.end(),
                      [&](const Command& one) { return one.kind == kind; }));
}

TEST(Shrink, LeavesTheCommandsThatMatterInTheirOrder) {
    const auto fails = [](const Plan& plan) {
        auto at = plan.commands.begin();
        for (const Kind kind : {Kind::CreateGroup, Kind::ResumeGroup, Kind::NextEvent})
            for (bool found = false; !found; ++at) {
                if (at == plan.commands.end()) return false;
                found = at->kind == kind;
            }
        return true;
    };
    ASSERT_TRUE(fails(long_plan()));
    const Shrunk shrunk = shrink(long_plan(), fails, plays(5'000));
    EXPECT_TRUE(shrunk.finished);
    EXPECT_THAT(shrunk.plan.commands,
                ElementsAre(command(Kind::CreateGroup), command(Kind::ResumeGroup),
                            command(Kind::NextEvent)));
    EXPECT_THAT(shrunk.plan.faults, IsEmpty());
    EXPECT_EQ(shrunk.plan.seed, 0U);
}

TEST(Shrink, DropsTwoCommandsThatOnlyGoTogether) {
    Plan plan;
    plan.commands = {command(Kind::LogOff), command(Kind::ResumeGroup), command(Kind::LogOn)};
    const auto fails = [](const Plan& one) {
        return count_of(one, Kind::ResumeGroup) == 1 &&
               count_of(one, Kind::LogOff) == count_of(one, Kind::LogOn);
    };
    EXPECT_THAT(shrink(plan, fails, plays(100)).plan.commands,
                ElementsAre(command(Kind::ResumeGroup)));
}

TEST(Shrink, LowersEveryNumberAsFarAsItGoes) {
    Plan plan;
    plan.seed = 12'345;
    plan.faults = {{3, 4, 2, 5, 70'000}};
    plan.commands = {{Kind::LetTimePass, 3, 2, 0x7A, 40'000}, {Kind::GetSize, 3, 2, 0xB9, 5'555}};
    const auto fails = [](const Plan& one) {
        return one.faults.size() == 1 && one.faults[0].at >= 1'001 && one.commands.size() == 2 &&
               one.commands[0].value >= 777 && (one.commands[1].what & 0xFU) >= 9;
    };
    ASSERT_TRUE(fails(plan));
    const Plan least = shrink(plan, fails, plays(2'000)).plan;
    EXPECT_EQ(least.faults, std::vector<PlannedFault>({{3, 0, 0, 0, 1'001}}));
    EXPECT_THAT(least.commands, ElementsAre(Command{Kind::LetTimePass, 0, 0, 0, 777},
                                            Command{Kind::GetSize, 0, 0, 0x09, 0}));
}

TEST(Shrink, JoinsGroupsAndUsersThatNeedNotDiffer) {
    Plan plan;
    plan.commands = {{Kind::CreateGroup, 4, 1, 0, 0}, {Kind::CreateJob, 4, 1, 0, 0}};
    const auto fails = [](const Plan& one) {
        return one.commands.size() == 2 && one.commands[0].slot == one.commands[1].slot &&
               one.commands[0].user == one.commands[1].user;
    };
    EXPECT_THAT(shrink(plan, fails, plays(100)).plan.commands,
                ElementsAre(command(Kind::CreateGroup), command(Kind::CreateJob)));
}

TEST(Shrink, AsksNoMoreOftenThanItMayAndNeverTheSameTwice) {
    std::vector<Plan> asked;
    const auto fails = [&](const Plan& plan) {
        EXPECT_EQ(std::count(asked.begin(), asked.end(), plan), 0);
        asked.push_back(plan);
        return count_of(plan, Kind::NextEvent) >= 3;
    };
    const Shrunk shrunk = shrink(long_plan(), fails, plays(30));
    EXPECT_EQ(asked.size(), 30U);
    EXPECT_EQ(shrunk.plays, 30U);
    EXPECT_FALSE(shrunk.finished);
    EXPECT_GE(count_of(shrunk.plan, Kind::NextEvent), 3U);
    EXPECT_THAT(shrunk.plan.commands.size(), Le(long_plan().commands.size()));
}

TEST(Shrink, EndsWhenTheProcessorTimeIsUsedUp) {
    const auto fails = [](const Plan& plan) { return plan.commands.size() > 1; };
    const Shrunk shrunk = shrink(long_plan(), fails, {1'000'000, Duration(0)});
    EXPECT_EQ(shrunk.plays, 0U);
    EXPECT_FALSE(shrunk.finished);
    EXPECT_EQ(shrunk.plan, long_plan());
}

}  // namespace
}  // namespace qmgr::propertytests
