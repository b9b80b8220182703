#include "fakeserver/draws.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "fakeserver/responder.hpp"

namespace qmgr::fakeserver {
namespace {

TEST(Draws, AreTheSameForOneKeyAndOthersForAnother) {
    EXPECT_EQ(draw_key(1, 2, 3), draw_key(1, 2, 3));
    EXPECT_EQ((std::set{draw_key(1, 2, 3), draw_key(2, 2, 3), draw_key(1, 3, 3), draw_key(1, 2, 4),
                        draw_key(1, 3, 2)})
                  .size(),
              5U);
}

TEST(Draws, HappenAboutAsOftenAsTheChanceSays) {
    int happened = 0;
    for (std::uint64_t nth = 1; nth <= 10'000; ++nth) {
        happened += happens({.of = 1, .out_of = 4}, draw_key(7, 1, nth)) ? 1 : 0;
    }
    // Five standard deviations around 2,500; the draws never change, so neither does the count.
    EXPECT_NEAR(happened, 2500, 217);
    EXPECT_FALSE(happens({.of = 0, .out_of = 1}, 5));
    EXPECT_TRUE(happens({.of = 3, .out_of = 3}, 5));
}

TEST(Draws, StayInTheBoundsOfAUniformDelayAndReachThem) {
    std::map<std::uint64_t, int> seen;
    for (std::uint64_t key = 0; key < 1000; ++key) {
        ++seen[draw_delay({.kind = Delay::Kind::Uniform, .ms = 5, .most_ms = 8}, draw(key, 0))];
    }
    EXPECT_EQ(seen.size(), 4U);
    EXPECT_EQ(seen.begin()->first, 5U);
    EXPECT_EQ(seen.rbegin()->first, 8U);
}

TEST(Draws, HaveTheMedianOfALogNormalDelayInTheMiddleAndNothingAboveItsMost) {
    const Delay delay{
        .kind = Delay::Kind::LogNormal, .ms = 100, .most_ms = 300, .sigma_thousandths = 500};
    std::vector<std::uint64_t> drawn;
    for (std::uint64_t key = 0; key < 10'001; ++key) {
        drawn.push_back(draw_delay(delay, draw(key, 0)));
    }
    std::ranges::sort(drawn);
    EXPECT_NEAR(static_cast<double>(drawn[5000]), 100, 5);
    EXPECT_EQ(drawn.back(), 300U);
    // A standard deviation to the left is exp(-0.5) of the median: 84 % are above it.
    EXPECT_NEAR(static_cast<double>(drawn[1587]), 61, 4);
}

/// What each of three requests on each of three connections got, in this order of arrival.
std::map<std::pair<std::uint64_t, int>, ResponsePlan> played(
    std::uint64_t seed, const std::vector<std::uint64_t>& connections) {
    Responder responder(
        {.title = "t",
         .why = "w",
         .resources = {{.path = "/file", .size = 100, .seed = 1}},
         .rules = {{.name = "late",
                    .faults = {{.effect = Effect::Delay,
                                .delay = {.kind = Delay::Kind::Uniform, .ms = 1, .most_ms = 999}}},
                    .chance = Chance{.of = 1, .out_of = 2},
                    .seed = seed},
                   {.name = "garbage",
                    .faults = {{.effect = Effect::GarbageHead, .bytes = 8}},
                    .chance = Chance{.of = 1, .out_of = 2},
                    .seed = seed}}});
    std::map<std::pair<std::uint64_t, int>, ResponsePlan> plans;
    std::map<std::uint64_t, int> nth;
    for (const std::uint64_t connection : connections) {
        Request request{.method = "GET", .path = "/file"};
        request.connection = connection;
        plans[{connection, ++nth[connection]}] = responder.respond(request);
    }
    return plans;
}

TEST(Draws, DifferForTwoRulesOfOneSeed) {
    EXPECT_NE(rule_seed({.name = "a", .seed = 1}), rule_seed({.name = "b", .seed = 1}));
    EXPECT_NE(rule_seed({.name = "a", .seed = 1}), rule_seed({.name = "a", .seed = 2}));
    EXPECT_EQ(rule_seed({.name = "a", .seed = 1}), rule_seed({.name = "a", .seed = 1}));
}

TEST(Draws, DoNotDependOnTheOrderInWhichRequestsArrive) {
    const auto one_by_one = played(5, {1, 1, 1, 2, 2, 2, 3, 3, 3});
    EXPECT_EQ(one_by_one, played(5, {1, 1, 1, 2, 2, 2, 3, 3, 3}));
    EXPECT_EQ(one_by_one, played(5, {3, 1, 2, 2, 3, 1, 1, 3, 2}));
    EXPECT_NE(one_by_one, played(6, {1, 1, 1, 2, 2, 2, 3, 3, 3}));
}

}  // namespace
}  // namespace qmgr::fakeserver
