#include "conformance/app/selection.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

const Catalogue& catalogue() {
    static const Catalogue one = Catalogue::from_file("conformance/requirements.json");
    return one;
}

std::vector<Case> numbered_cases(int count) {
    std::vector<Case> cases;
    for (int i = 0; i < count; ++i)
        cases.push_back({"area.case_" + std::to_string(i), {"GROUP-NEW-1"}, "title", {}, {}, {}});
    return cases;
}

std::vector<std::string> ids(const std::vector<Case>& cases, const Selection& selection) {
    std::vector<std::string> names;
    for (const Case* one : selected(cases, "simulated", selection, catalogue()))
        names.push_back(one->id);
    return names;
}

TEST(StableHash, IsFnv1aOf64Bits) {
    // The published test vectors.
    EXPECT_EQ(stable_hash(""), 0xCBF29CE484222325ULL);
    EXPECT_EQ(stable_hash("a"), 0xAF63DC4C8601EC8CULL);
    EXPECT_EQ(stable_hash("foobar"), 0x85944171F73967E8ULL);
}

TEST(GlobMatches, KnowsStarsAndQuestionMarks) {
    EXPECT_TRUE(glob_matches("*", ""));
    EXPECT_TRUE(glob_matches("restart.*", "restart.keeps_progress"));
    EXPECT_TRUE(glob_matches("*a*b*", "xxaxxbxx"));
    EXPECT_TRUE(glob_matches("a?c", "abc"));
    EXPECT_FALSE(glob_matches("a?c", "ac"));
    EXPECT_FALSE(glob_matches("restart", "restart.keeps_progress"));
    EXPECT_FALSE(glob_matches("*.b", "a.bc"));
    EXPECT_FALSE(glob_matches("", "a"));
}

TEST(FilterMatches, TakesWhatIsNamedAndNotWhatStandsAfterTheDash) {
    EXPECT_TRUE(filter_matches("a.*:b.*", "b.x"));
    EXPECT_FALSE(filter_matches("a.*:b.*", "c.x"));
    EXPECT_FALSE(filter_matches("a.*-*slow*:*later*", "a.is_slow"));
    EXPECT_TRUE(filter_matches("-*slow*", "a.x"));
}

TEST(Selection, TakesAFilterWithTheRigAndWithout) {
    const auto cases = numbered_cases(3);
    Selection selection;
    selection.filter = "simulated/area.case_1";
    EXPECT_EQ(ids(cases, selection), std::vector<std::string>{"area.case_1"});
    selection.filter = "area.case_1";
    EXPECT_EQ(ids(cases, selection), std::vector<std::string>{"area.case_1"});
    selection.filter = "loopback/*";
    EXPECT_TRUE(ids(cases, selection).empty());
}

TEST(Selection, TakesCasesThatCoverAClauseWithTheBasis) {
    auto cases = numbered_cases(2);
    cases[1].covers = {"QMGR-CREATE-4"};  // chosen
    Selection selection;
    selection.bases = {Basis::Chosen};
    EXPECT_EQ(ids(cases, selection), std::vector<std::string>{"area.case_1"});
    selection.bases = {Basis::Chosen, Basis::Documented};
    EXPECT_EQ(ids(cases, selection).size(), 2U);
}

TEST(Selection, PutsEachCaseIntoExactlyOneShard) {
    const auto cases = numbered_cases(100);
    for (const std::uint64_t count : {1U, 2U, 3U, 7U, 150U}) {
        std::vector<std::string> all;
        for (std::uint64_t index = 0; index < count; ++index) {
            Selection selection;
            selection.shard = {index, count};
            const auto part = ids(cases, selection);
            all.insert(all.end(), part.begin(), part.end());
        }
        std::sort(all.begin(), all.end());
        auto whole = ids(cases, {});
        std::sort(whole.begin(), whole.end());
        EXPECT_EQ(all, whole) << count;
    }
}

TEST(Selection, IsOrderedByTheSeedAlone) {
    const auto cases = numbered_cases(50);
    Selection one;
    one.seed = 1;
    Selection two;
    two.seed = 2;
    EXPECT_EQ(ids(cases, one), ids(cases, one));
    EXPECT_NE(ids(cases, one), ids(cases, two));
    EXPECT_NE(ids(cases, one), ids(cases, {}));
    auto sorted = ids(cases, one);
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end());
    EXPECT_EQ(sorted.size(), 50U);
}

TEST(BasesFromText, RefusesAWordThatIsNoBasis) {
    EXPECT_EQ(bases_from_text("documented,chosen", "--basis"),
              (std::set<Basis>{Basis::Documented, Basis::Chosen}));
    EXPECT_THROW(bases_from_text("documented,", "--basis"), InputError);
    EXPECT_THROW(bases_from_text("guessed", "--basis"), InputError);
}

}  // namespace
}  // namespace qmgr::conformance
