// Every crash point of the ready stories. CRASH_POINTS_KEEP_EACH is 1 in the slow set; in the
// default one it is a prime, so that no kind of deed is always left out.
#include "propertytests/crash_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "conformance/mutants/mutant.hpp"

namespace qmgr::propertytests {

// GoogleTest finds it by the type.
static void PrintTo(const Story& story, std::ostream* out) { *out << story.name; }

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

// ---- that it bites ------------------------------------------------------------------------------

const Story& story(const std::string& name) {
    for (const Story& one : ready_stories())
        if (one.name == name) return one;
    throw std::invalid_argument("no story " + name);
}

Mistake mutant(const std::string& id) {
    for (const mutants::Mutant& one : mutants::machine_mutants())
        if (one.id == id) return {one.make, {}};
    throw std::invalid_argument("no mutant " + id);
}

/// Deeds of these kinds are reported and not done.
Mistake only_claimed(std::set<world::Deed> deeds) {
    return {{}, [deeds = std::move(deeds)](world::Deed deed) {
                return deeds.contains(deed) ? world::Fate::OnlyClaimed : world::Fate::Done;
            }};
}

Ending before_the_last_restart(Ending ending) {
    ending.left_over.clear();
    return ending;
}

// The mistake is one that only a crash shows: undisturbed, the story ends as it should.
void expect_found_by_crashes(const std::string& name, const Mistake& mistake) {
    const Story& one = story(name);
    EXPECT_EQ(to_text(before_the_last_restart(tell(one, nullptr, mistake).ending)),
              to_text(before_the_last_restart(tell(one).ending)));
    const Sweep sweep = crash_everywhere(one, {}, mistake);
    std::cout << "planted " << to_text(sweep) << std::endl;
    EXPECT_GT(sweep.violations.size(), 0U);
}

constexpr const char* kShortest = "an-old-file-replaced";

TEST(PlantedMistakes, OfACallAnsweredBeforeItsChangeIsDurableAreFound) {
    expect_found_by_crashes(kShortest, mutant("machine.journal.one-behind"));
}

TEST(PlantedMistakes, OfEverySyncLeftOutAreFound) {
    expect_found_by_crashes(kShortest, only_claimed({world::Deed::SyncPart, world::Deed::SyncBody,
                                                     world::Deed::SyncForRename}));
}

TEST(PlantedMistakes, OfARenameThatIsReportedBeforeItIsDoneAreFound) {
    expect_found_by_crashes(kShortest, only_claimed({world::Deed::AskRename}));
}

TEST(PlantedMistakes, OfADirectoryThatIsNeverSyncedAreFound) {
    expect_found_by_crashes(kShortest, only_claimed({world::Deed::SyncDirectory}));
    expect_found_by_crashes("cancelled-half-way", only_claimed({world::Deed::SyncRemoval}));
}

TEST(PlantedMistakes, OfNewsForgottenByARestartAreFound) {
    expect_found_by_crashes(kShortest, mutant("machine.journal.undelivered"));
}

TEST(PlantedMistakes, OfAResumedGroupForgottenByARestartAreFound) {
    expect_found_by_crashes(kShortest, mutant("machine.journal.resumed"));
}

TEST(PlantedMistakes, OfARenameWhoseFailureIsIgnoredAreFound) {
    world::Variation deaf;
    deaf.event = [](Event& event) {
        if (auto* renamed = std::get_if<event::FileCommitted>(&event))
            renamed->result = HResult::Ok;
        return true;
    };
    const Sweep sweep = fail_everywhere(story(kShortest), {}, {[deaf] { return deaf; }, {}});
    EXPECT_GT(sweep.violations.size(), 0U) << to_text(sweep);
}

TEST(PlantedMistakes, OfATruncatedBodyTakenForAWholeOneAreFound) {
    const Sweep sweep = cut_everywhere({}, mutant("machine.answer.truncated-is-whole"));
    EXPECT_GT(sweep.violations.size(), 0U) << to_text(sweep);
}

TEST(CrashStories, AreTwentyOneAndEachHasANameOfItsOwn) {
    std::set<std::string> names;
    for (const Story& one : ready_stories()) names.insert(one.name);
    EXPECT_EQ(names.size(), 21U);
}

TEST(CrashStories, ReachEveryKindOfDeed) {
    std::set<world::Deed> reached;
    for (const Story& one : ready_stories())
        for (const world::Deed deed : tell(one).deeds) reached.insert(deed);
    EXPECT_EQ(reached.size(), world::kDeeds);
}

}  // namespace
}  // namespace qmgr::propertytests
