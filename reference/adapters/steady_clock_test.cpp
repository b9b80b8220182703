#include "reference/adapters/steady_clock.hpp"

#include <gtest/gtest.h>

namespace qmgr {
namespace {

std::int64_t wall_ms() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

TEST(SteadyClock, TellsTheWallTimeInMilliseconds) {
    const std::int64_t before_ms = wall_ms();
    SteadyClock clock;
    const std::int64_t told_ms = to_ms(clock.now());
    EXPECT_GE(told_ms, before_ms);
    EXPECT_LE(told_ms, wall_ms() + 1);  // the two clocks round on their own
}

TEST(SteadyClock, NeverGoesBackAndMovesOn) {
    SteadyClock clock;
    const Instant first = clock.now();
    Instant last = first;
    while (last < first + Duration(20)) {
        const Instant next = clock.now();
        ASSERT_GE(next, last);
        last = next;
    }
}

}  // namespace
}  // namespace qmgr
