// Mutants against properties alone. All of them take minutes (label slow); here is what the hunt
// makes of a few, and of a list that is wrong.
#include "propertytests/hunt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "propertytests/shrunk_mutants.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::propertytests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

const mutants::Mutant kReference{"none", "", "", "", [] { return world::Variation{}; }, ""};

mutants::Mutant ending_the_process() {
    return {"abort", "", "", "", []() -> world::Variation { std::abort(); }, ""};
}

TEST(Hunt, FindsTheCanaryAtOnceAndNothingInTheReference) {
    const Hunt few{.commands = 2'000};
    const auto finds = hunt_all({mutants::canary(), kReference, ending_the_process()}, few, 2);
    ASSERT_TRUE(finds[0]);
    EXPECT_THAT(finds[0]->commands, Le(20U));
    EXPECT_EQ(finds[1], std::nullopt);
    ASSERT_TRUE(finds[2]);
    EXPECT_EQ(finds[2]->invariant, "crash");
}

TEST(Hunt, FindsTheSameForTheSameSeed) {
    const Hunt few{.commands = 2'000};
    EXPECT_EQ(hunt(mutants::canary(), few), hunt(mutants::canary(), few));
}

mutants::Mutant named(const std::string& id, const std::string& equivalent = "") {
    mutants::Mutant one = kReference;
    one.id = id;
    one.equivalent = equivalent;
    return one;
}

TEST(HuntReport, SaysWhatIsWrongWithTheListAndCounts) {
    const Find find{7, 0, "documented-codes", "GROUP-RESUME-1"};
    const std::vector<mutants::Mutant> mutants = {
        named("found"),       named("missed"),      named("listed"),         named("stale"),
        named("same", "why"), named("seen", "why"), named("needless", "why")};
    const HuntReport report = report_of(
        mutants, {find, {}, {}, find, {}, find, {}},
        {{"listed", "r"}, {"stale", "r"}, {"gone", "r"}, {"gone", "r"}, {"needless", "r"}},
        {.commands = 500});
    EXPECT_EQ(report.summary,
              "7 mutants: 2 found by properties within 500 commands each, 1 listed, 3 equivalent");
    EXPECT_THAT(report.wrong,
                ElementsAre("gone is listed twice", HasSubstr("missed was not found within 500"),
                            "stale is listed and was found after 7 commands",
                            "needless is equivalent and need not be listed",
                            "gone is listed and is no mutant that was tried"));
}

TEST(HuntReport, IsContentWithAListThatIsRight) {
    const auto report =
        report_of({named("a"), named("b")}, {Find{1, 0, "", ""}, {}}, {{"b", "r"}}, Hunt{});
    EXPECT_THAT(report.wrong, IsEmpty());
}

TEST(UnfoundMutants, AreReadAndEachHasAReason) {
    const std::vector<Unfound> listed = unfound_from_file("propertytests/unfound_mutants.json");
    const auto all = mutants::all_mutants();
    for (const Unfound& one : listed) {
        EXPECT_EQ(std::count_if(all.begin(), all.end(),
                                [&](const mutants::Mutant& known) { return known.id == one.id; }),
                  1)
            << one.id;
        EXPECT_GT(one.reason.size(), 20U) << one.id;
    }
}

TEST(UnfoundMutants, AMistakeInTheListIsNamed) {
    const std::string path = testing::TempDir() + "unfound.json";
    const auto message = [&](const std::string& text) -> std::string {
        std::ofstream(path) << text;
        try {
            unfound_from_file(path);
        } catch (const InputError& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_THAT(message("{}"), HasSubstr("expected a list under \"unfound\""));
    EXPECT_THAT(message(R"({"unfound":[{"reason":"b"}]})"),
                HasSubstr("/unfound/0: expected a reason and a list of mutants"));
    EXPECT_EQ(message(R"({"unfound":[{"reason":"b","mutants":["a"]}]})"), "accepted");
    std::remove(path.c_str());
    EXPECT_THROW(unfound_from_file(path), InputError);
}

TEST(Spread, TakesThemEvenlyAndNoEquivalentOnes) {
    std::vector<mutants::Mutant> all;
    for (int i = 0; i < 10; ++i) all.push_back(named(std::to_string(i), i == 1 ? "why" : ""));
    const auto some = spread(all, 3);
    ASSERT_THAT(some, SizeIs(3));
    EXPECT_EQ(some[0].id + some[1].id + some[2].id, "047");
    EXPECT_THAT(spread(all, 50), SizeIs(9));
}

// Of those that can be found.
std::vector<mutants::Mutant> findable(std::size_t count) {
    std::vector<mutants::Mutant> all = mutants::all_mutants();
    const auto listed = unfound_from_file("propertytests/unfound_mutants.json");
    std::erase_if(all, [&](const mutants::Mutant& one) {
        return std::any_of(listed.begin(), listed.end(),
                           [&](const Unfound& known) { return known.id == one.id; });
    });
    return spread(all, count);
}

// A few of what `qmgr-properties shrinks` does with thirty; plays decide, not time.
TEST(ShrunkMutants, AreSmallAndRepeat) {
    const auto shrunk = shrink_all(findable(4), Hunt{}, {800, Budget::forever()}, 2);
    for (const ShrunkMutant& one : shrunk) {
        ASSERT_TRUE(one.find) << one.id;
        EXPECT_TRUE(one.repeats) << one.id;
    }
    EXPECT_THAT(medians_of(shrunk).commands, Le(8U)) << to_text(shrunk);
    EXPECT_THAT(to_text(shrunk), HasSubstr("median: "));
}

}  // namespace
}  // namespace qmgr::propertytests
