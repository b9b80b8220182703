// Every crash point of the ready stories. CRASH_POINTS_KEEP_EACH is 1 in the slow set; in the
// default one it is a prime, so that no kind of deed is always left out.
#include "propertytests/crash_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "conformance/mutants/mutant.hpp"

namespace qmgr::propertytests {
namespace {

constexpr Thinning kThinning{CRASH_POINTS_KEEP_EACH};

// Many violations have one cause; the first of them say enough.
constexpr std::size_t kMostShown = 5;

void report(const std::string& what, const Sweep& sweep) {
    std::cout << what << " " << to_text(sweep) << std::endl;
    for (std::size_t i = 0; i < std::min(kMostShown, sweep.violations.size()); ++i)
        ADD_FAILURE() << sweep.story << ": " << sweep.violations[i];
}

class CrashPoints : public testing::TestWithParam<Story> {};

TEST_P(CrashPoints, EndTheSameWhereverTheMachineEnds) {
    report("crash", crash_everywhere(GetParam(), kThinning));
}

TEST_P(CrashPoints, EndTheSameWhicheverPortFails) {
    report("fail", fail_everywhere(GetParam(), kThinning));
}

INSTANTIATE_TEST_SUITE_P(Story, CrashPoints, testing::ValuesIn(ready_stories()),
                         [](const auto& instance) {
                             std::string name = instance.param.name;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(CutPoints, EndTheSameAtWhicheverByteAnAnswerIsCut) {
    report("cut", cut_everywhere(kThinning));
}

}  // namespace
}  // namespace qmgr::propertytests
