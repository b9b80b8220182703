#include "propertytests/seeded_scheduler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace qmgr::propertytests {
namespace {

/// Three threads that write their letter three times each, with a pause before each.
std::string written(std::uint64_t seed) {
    SeededScheduler scheduler(seed);
    std::string all;
    std::vector<std::function<void()>> threads;
    for (const char letter : {'a', 'b', 'c'})
        threads.emplace_back([&scheduler, &all, letter] {
            for (int i = 0; i < 3; ++i) {
                scheduler.pause();
                all += letter;
            }
        });
    scheduler.run(threads);
    return all;
}

TEST(TheScheduler, RunsEveryThreadToItsEnd) {
    std::string all = written(1);
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, "aaabbbccc");
}

TEST(TheScheduler, DoesTheSameForTheSameSeed) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) EXPECT_EQ(written(seed), written(seed));
}

TEST(TheScheduler, TriesManyOrders) {
    std::set<std::string> orders;
    constexpr std::uint64_t kSeeds = 200;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) orders.insert(written(seed));
    // There are 1,680; half of the seeds may meet one that was there before.
    EXPECT_GT(orders.size(), kSeeds / 2);
}

TEST(TheScheduler, LetsOneThreadRunAtATime) {
    SeededScheduler scheduler(1);
    std::atomic<int> inside = 0;
    std::atomic<bool> met = false;
    std::vector<std::function<void()>> threads(4, [&] {
        for (int i = 0; i < 100; ++i) {
            if (++inside != 1) met = true;
            --inside;
            scheduler.pause();
        }
    });
    scheduler.run(threads);
    EXPECT_FALSE(met);
    EXPECT_GT(scheduler.switches(), 100U);
}

TEST(TheScheduler, EndsAtOnceWithoutThreads) {
    SeededScheduler scheduler(1);
    scheduler.run({});
    EXPECT_EQ(scheduler.switches(), 0U);
}

}  // namespace
}  // namespace qmgr::propertytests
