// The search over toys: a register, a queue, and histories whose answer is known.
#include "propertytests/linearizability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <string>

namespace qmgr::propertytests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A number that is written and read; at first 0.
struct Register {
    struct Operation {
        bool is_write = false;
        int value = 0;
    };
    bool perform(const Operation& operation) {
        read_wrongly = !operation.is_write && operation.value != value;
        if (operation.is_write) value = operation.value;
        return !read_wrongly;
    }
    std::string refusal() const { return "reads " + std::to_string(value); }
    std::size_t hash() const { return static_cast<std::size_t>(value); }
    bool operator==(const Register&) const = default;

    int value = 0;
    bool read_wrongly = false;
};

/// First in, first out; nothing comes out of an empty one.
struct Line {
    struct Operation {
        bool is_put = false;
        std::optional<int> value;
    };
    bool perform(const Operation& operation) {
        if (operation.is_put) {
            waiting.push_back(*operation.value);
            return true;
        }
        if (waiting.empty()) return !operation.value.has_value();
        const int first = waiting.front();
        waiting.pop_front();
        return operation.value == first;
    }
    std::string refusal() const { return "another one is first"; }
    std::size_t hash() const { return waiting.size(); }
    bool operator==(const Line&) const = default;

    std::deque<int> waiting;
};

using Calls = std::vector<Interval<Register::Operation>>;
constexpr std::uint64_t kPlenty = 1'000'000;  // more than any history of these tests takes

Interval<Register::Operation> write(std::uint32_t thread, std::uint64_t begun, std::uint64_t ended,
                                    int value) {
    return {thread, begun, ended, {true, value}};
}
Interval<Register::Operation> read(std::uint32_t thread, std::uint64_t begun, std::uint64_t ended,
                                   int value) {
    return {thread, begun, ended, {false, value}};
}

TEST(AHistoryOfARegister, WithoutCallsIsLinearizable) {
    const Ordering found = check_order<Register>({}, {}, kPlenty);
    EXPECT_EQ(found.finding, Finding::Linearizable);
    EXPECT_THAT(found.order, IsEmpty());
}

TEST(AHistoryOfARegister, MayReadAnOverlappingWriteOrWhatWasBefore) {
    EXPECT_EQ(check_order<Register>({write(0, 1, 4, 7), read(1, 2, 3, 7)}, {}, kPlenty).finding,
              Finding::Linearizable);
    EXPECT_EQ(check_order<Register>({write(0, 1, 4, 7), read(1, 2, 3, 0)}, {}, kPlenty).finding,
              Finding::Linearizable);
}

TEST(AHistoryOfARegister, MayNotReadWhatWasBeforeAWriteThatEnded) {
    const Ordering found =
        check_order<Register>({write(0, 1, 2, 7), read(1, 3, 4, 0)}, {}, kPlenty);
    EXPECT_EQ(found.finding, Finding::NotLinearizable);
    EXPECT_EQ(found.last, 1U);
    EXPECT_THAT(found.ordered, ElementsAre(0));
    EXPECT_THAT(found.unordered, ElementsAre(1));
    EXPECT_THAT(found.reasons, ElementsAre("reads 7"));
}

TEST(AHistoryOfARegister, MayNotGoBackFromANewValueToTheOldOne) {
    const Calls calls = {write(0, 1, 6, 7), read(1, 2, 3, 7), read(2, 4, 5, 0)};
    const Ordering found = check_order<Register>(calls, {}, kPlenty);
    EXPECT_EQ(found.finding, Finding::NotLinearizable);
    EXPECT_EQ(found.last, 2U);
    EXPECT_THAT(found.unordered, ElementsAre(2));
}

TEST(AHistoryOfARegister, GivesAnOrderThatKeepsWhoEndedBeforeWhom) {
    const Calls calls = {read(2, 5, 6, 2), write(0, 1, 8, 2), write(1, 2, 7, 1), read(3, 3, 4, 1)};
    const Ordering found = check_order<Register>(calls, {}, kPlenty);
    ASSERT_EQ(found.finding, Finding::Linearizable);
    EXPECT_THAT(found.order, ElementsAre(2, 3, 1, 0));
}

// What comes after the end of call 2 would have an order, and is not part of the answer.
TEST(AHistoryWithoutAnOrder, EndsAtTheFirstEndThatHasNone) {
    const Calls calls = {write(0, 1, 2, 1), write(1, 3, 10, 2), read(2, 4, 5, 3), write(0, 6, 7, 3),
                         read(2, 8, 9, 3)};
    const Ordering found = check_order<Register>(calls, {}, kPlenty);
    ASSERT_EQ(found.finding, Finding::NotLinearizable);
    EXPECT_EQ(found.last, 2U);
    EXPECT_THAT(found.ordered, UnorderedElementsAre(0, 1));
    EXPECT_THAT(found.unordered, ElementsAre(2));
}

// The end of call 2 is where it fails: without the read of thread 3 both orders of the writes do.
TEST(AHistoryWithoutAnOrder, NamesACallThatWouldBeAllowedButLeadsNowhere) {
    const Calls calls = {write(0, 1, 10, 1), write(1, 2, 9, 2),  read(2, 3, 6, 1),
                         read(3, 4, 5, 2),   read(2, 11, 12, 1), read(3, 13, 14, 2)};
    const Ordering found = check_order<Register>(calls, {}, kPlenty);
    ASSERT_EQ(found.finding, Finding::NotLinearizable);
    EXPECT_EQ(found.last, 5U);
}

TEST(TheLimitOfSteps, IsKeptAndLeavesTheAnswerOpen) {
    Calls calls;
    // Any order of these writes is allowed, so all have to be tried for the read of none of them.
    constexpr std::uint32_t kWriters = 12;
    for (std::uint32_t i = 0; i < kWriters; ++i)
        calls.push_back(write(i, 1 + i, 100 + i, static_cast<int>(i) + 1));
    calls.push_back(read(kWriters, 200, 201, 77));
    const Ordering cut = check_order<Register>(calls, {}, 1'000);
    EXPECT_EQ(cut.finding, Finding::Undecided);
    EXPECT_EQ(cut.steps, 1'000U);
    const Ordering whole = check_order<Register>(calls, {}, kPlenty);
    EXPECT_EQ(whole.finding, Finding::NotLinearizable);
    EXPECT_EQ(check_order<Register>(calls, {}, whole.steps).finding, Finding::NotLinearizable);
    EXPECT_EQ(check_order<Register>(calls, {}, whole.steps - 1).finding, Finding::Undecided);
}

// Twelve writes have 479,001,600 orders, but only 4,096 sets of them and 12 states after each.
TEST(WhatWasTriedInVain, IsNotTriedAgain) {
    Calls calls;
    constexpr std::uint32_t kWriters = 12;
    for (std::uint32_t i = 0; i < kWriters; ++i)
        calls.push_back(write(i, 1 + i, 100 + i, static_cast<int>(i) + 1));
    calls.push_back(read(kWriters, 200, 201, 77));
    const Ordering found = check_order<Register>(calls, {}, 4'096ULL * 12 * 12);
    EXPECT_EQ(found.finding, Finding::NotLinearizable);
}

TEST(AHistoryOfALine, IsJudgedByWhatComesOutFirst) {
    using Operation = Line::Operation;
    const std::vector<Interval<Operation>> crossed = {
        {0, 1, 3, {true, 1}}, {1, 2, 4, {true, 2}}, {0, 5, 6, {false, 2}}, {1, 7, 8, {false, 1}}};
    EXPECT_EQ(check_order<Line>(crossed, {}, kPlenty).finding, Finding::Linearizable);
    std::vector<Interval<Operation>> ordered = crossed;
    ordered[0].ended = 2;
    ordered[1].begun = 3;
    EXPECT_EQ(check_order<Line>(ordered, {}, kPlenty).finding, Finding::NotLinearizable);
}

// Every order of every small history, tried one by one.
bool has_an_order(const Calls& calls) {
    std::vector<std::size_t> order(calls.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
        Register state;
        bool fits = true;
        for (std::size_t i = 0; fits && i < order.size(); ++i) {
            for (std::size_t later = i + 1; later < order.size(); ++later)
                fits = fits && calls[order[later]].ended > calls[order[i]].begun;
            fits = fits && state.perform(calls[order[i]].operation);
        }
        if (fits) return true;
    } while (std::next_permutation(order.begin(), order.end()));
    return false;
}

/// Two calls on each of three threads, with ticks in a drawn order.
Calls drawn_history(std::mt19937_64& chance) {
    constexpr std::uint32_t kThreads = 3;
    std::vector<std::uint32_t> whose;
    for (std::uint32_t i = 0; i < kThreads; ++i) whose.insert(whose.end(), 4, i);
    std::shuffle(whose.begin(), whose.end(), chance);
    Calls calls;
    std::vector<std::optional<std::size_t>> open(kThreads);
    for (std::size_t tick = 0; tick < whose.size(); ++tick) {
        auto& mine = open[whose[tick]];
        if (mine) {
            calls[*mine].ended = tick + 1;
            mine.reset();
            continue;
        }
        mine = calls.size();
        calls.push_back({whose[tick], tick + 1, 0, {chance() % 2 == 0, int(chance() % 3)}});
    }
    return calls;
}

TEST(TheSearch, AgreesWithTryingEveryOrder) {
    std::mt19937_64 chance(1);
    std::size_t linearizable = 0;
    constexpr std::size_t kHistories = 2'000;
    for (std::size_t i = 0; i < kHistories; ++i) {
        const Calls calls = drawn_history(chance);
        const Ordering found = check_order<Register>(calls, {}, kPlenty);
        ASSERT_EQ(found.finding == Finding::Linearizable, has_an_order(calls)) << "history " << i;
        linearizable += found.finding == Finding::Linearizable ? 1 : 0;
    }
    EXPECT_GT(linearizable, kHistories / 10);
    EXPECT_LT(linearizable, kHistories * 9 / 10);
}

/// What had happened by the end of `last`: calls that ended, and of those under way any choice.
bool part_has_an_order(const Calls& calls, std::uint64_t end) {
    Calls ended;
    Calls under_way;
    for (const auto& call : calls)
        if (call.begun < end) (call.ended <= end ? ended : under_way).push_back(call);
    for (std::size_t choice = 0; choice < (std::size_t{1} << under_way.size()); ++choice) {
        Calls part = ended;
        for (std::size_t i = 0; i < under_way.size(); ++i)
            if ((choice >> i & 1U) != 0) part.push_back(under_way[i]);
        if (has_an_order(part)) return true;
    }
    return false;
}

TEST(TheSearch, EndsAtTheShortestPartThatHasNoOrder) {
    std::mt19937_64 chance(2);
    for (std::size_t i = 0; i < 500; ++i) {
        const Calls calls = drawn_history(chance);
        const Ordering found = check_order<Register>(calls, {}, kPlenty);
        if (found.finding == Finding::Linearizable) continue;
        const std::uint64_t end = calls[found.last].ended;
        ASSERT_FALSE(part_has_an_order(calls, end)) << "history " << i;
        for (const auto& call : calls) {
            if (call.ended >= end) continue;
            ASSERT_TRUE(part_has_an_order(calls, call.ended)) << "history " << i;
        }
    }
}

}  // namespace
}  // namespace qmgr::propertytests
