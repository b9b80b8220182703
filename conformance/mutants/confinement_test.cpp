#include "conformance/mutants/confinement.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <string>

namespace qmgr::mutants {
namespace {

std::map<std::size_t, Confined> confined(std::size_t count,
                                         const std::function<void(std::size_t, Slate&)>& work) {
    std::map<std::size_t, Confined> results;
    // No processor time of its own: only what rounding leaves.
    confine_each(count, 2, 0, work, [&](std::size_t index, const Confined& one) {
        EXPECT_TRUE(results.emplace(index, one).second);
    });
    return results;
}

TEST(Confinement, DoesAllOfThemEachOnceAndBringsBackWhatWasWritten) {
    const auto results = confined(5, [](std::size_t index, Slate& slate) {
        slate.write("first");
        slate.write(std::to_string(index));
    });
    ASSERT_EQ(results.size(), 5U);
    for (const auto& [index, result] : results) {
        EXPECT_EQ(result.ending, Ending::ByItself);
        EXPECT_EQ(result.slate, std::to_string(index));
    }
}

TEST(Confinement, KnowsWhatWasWrittenBeforeACrash) {
    const auto results = confined(1, [](std::size_t, Slate& slate) {
        slate.write("so far");
        std::abort();
    });
    EXPECT_EQ(results.at(0).ending, Ending::Crash);
    EXPECT_EQ(results.at(0).slate, "so far");
}

TEST(Confinement, EndsWhatNeverEnds) {
    const auto results = confined(1, [](std::size_t, Slate& slate) {
        slate.write("turning");
        for (std::atomic<unsigned> turns{0};; ++turns) {
        }
    });
    EXPECT_EQ(results.at(0).ending, Ending::Endless);
    EXPECT_EQ(results.at(0).slate, "turning");
}

TEST(Confinement, CutsWhatIsTooLong) {
    const auto results = confined(
        1, [](std::size_t, Slate& slate) { slate.write(std::string(kSlateBytes + 1, 'x')); });
    EXPECT_EQ(results.at(0).slate.size(), kSlateBytes);
}

}  // namespace
}  // namespace qmgr::mutants
