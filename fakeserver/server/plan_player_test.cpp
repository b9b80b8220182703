#include "fakeserver/server/plan_player.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "fakeserver/content.hpp"

namespace qmgr::fakeserver {
namespace {

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\n\r\n";

ResponsePlan plan(std::vector<BodyStep> body) {
    return {.status = 200, .reason = "OK", .headers = {}, .body = std::move(body)};
}

/// Everything up to the next wait, taken `at_once` bytes at a time.
std::string play(PlanPlayer& player, std::size_t at_once) {
    std::string all;
    std::array<std::byte, 256> buffer{};
    while (const std::size_t count = player.peek(std::span(buffer).first(at_once))) {
        all.append(reinterpret_cast<const char*>(buffer.data()), count);
        player.advance(count);
    }
    return all;
}

std::string content(std::uint64_t seed, std::uint64_t offset, std::size_t count) {
    std::string bytes(count, '\0');
    fill_content(seed, offset, std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

TEST(PlanPlayer, PlaysTheHeadAndTheBodyWhateverTheBuffer) {
    const std::string expected = std::string(kHead) + "ab" + content(3, 100, 50) + "c";
    for (const std::size_t at_once : {1U, 7U, 19U, 256U}) {
        PlanPlayer player(plan({Literal{"ab"}, Slice{3, 100, 50}, Literal{"c"}}));
        EXPECT_EQ(play(player, at_once), expected) << at_once;
        EXPECT_EQ(player.take_wait(), std::nullopt);
    }
}

TEST(PlanPlayer, StopsAtAWaitUntilItIsTaken) {
    PlanPlayer player(plan({Literal{"ab"}, Wait{70}, Wait{5}, Literal{"c"}, Wait{9}}));
    EXPECT_EQ(player.take_wait(), std::nullopt);
    EXPECT_EQ(play(player, 256), std::string(kHead) + "ab");
    EXPECT_EQ(player.take_wait(), 70U);
    EXPECT_EQ(player.take_wait(), 5U);
    EXPECT_EQ(player.take_wait(), std::nullopt);
    EXPECT_EQ(play(player, 256), "c");
    EXPECT_EQ(player.take_wait(), 9U);
    EXPECT_EQ(play(player, 256), "");
    EXPECT_EQ(player.take_wait(), std::nullopt);
}

TEST(PlanPlayer, ShowsTheSameBytesUntilTheyAreSent) {
    PlanPlayer player(plan({Slice{3, 0, 100}}));
    player.advance(kHead.size() + 30);
    std::array<std::byte, 10> first{};
    std::array<std::byte, 10> second{};
    EXPECT_EQ(player.peek(first), 10U);
    EXPECT_EQ(player.peek(second), 10U);
    EXPECT_EQ(first, second);
    EXPECT_TRUE(is_content(3, 30, first));
}

TEST(PlanPlayer, PassesOverEmptySteps) {
    PlanPlayer player(plan({Literal{""}, Slice{1, 0, 0}, Wait{1}, Literal{""}, Literal{"x"}}));
    EXPECT_EQ(play(player, 256), kHead);
    EXPECT_EQ(player.take_wait(), 1U);
    EXPECT_EQ(play(player, 256), "x");
}

TEST(PlanPlayer, CountsBodyBytesOnly) {
    PlanPlayer player(plan({Literal{"abcdef"}}));
    EXPECT_EQ(player.body_bytes_after(kHead.size()), 0U);
    EXPECT_EQ(player.body_bytes_after(kHead.size() - 1), 0U);
    EXPECT_EQ(player.body_bytes_after(kHead.size() + 2), 2U);
    player.advance(kHead.size() + 2);
    EXPECT_EQ(player.body_bytes_after(0), 2U);
    EXPECT_EQ(player.body_bytes_after(3), 5U);
}

}  // namespace
}  // namespace qmgr::fakeserver
