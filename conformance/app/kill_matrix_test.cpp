// The suite against systems that are known to be wrong.
#include "conformance/app/kill_matrix.hpp"

#include <gtest/gtest.h>

#include <set>

#include "conformance/cases/cases.hpp"
#include "conformance/mutants/false_systems.hpp"

namespace qmgr::conformance {
namespace {

const Catalogue& catalogue() {
    static const Catalogue all = Catalogue::from_file("conformance/requirements.json");
    return all;
}

MutantResult result_of(const mutants::Mutant& mutant, const std::vector<Case>& cases, bool all) {
    return run_mutants(cases, catalogue(), {mutant}, {all, false, 1}).front();
}

class FalseSystems : public testing::TestWithParam<std::size_t> {};

TEST_P(FalseSystems, FailMoreThanNineOfTenCases) {
    const std::vector<Case> cases = all_cases();
    const MutantResult result = result_of(mutants::false_systems()[GetParam()], cases, true);
    std::set<std::string> left;
    for (const Case& one : cases) left.insert(one.id);
    for (const Kill& kill : result.kills) left.erase(kill.case_id);
    EXPECT_GT(result.kills.size() * 10, cases.size() * 9) << testing::PrintToString(left);
}

INSTANTIATE_TEST_SUITE_P(All, FalseSystems,
                         testing::Range(std::size_t{0}, mutants::false_systems().size()),
                         [](const auto& one) {
                             std::string name = mutants::false_systems()[one.param].id.substr(6);
                             std::erase(name, '-');
                             return name;
                         });

Case looking_at(const std::string& id, std::function<void(Rig&)> run) {
    return {id, {"QMGR-CREATE-1"}, "A case", {}, {}, std::move(run)};
}

void creates_a_group(Rig& rig) {
    rig.expect("QMGR-CREATE-1", "CreateGroup answers",
               rig.call(call::CreateGroup{{Guid{{1}}}}).hresult, {HResult::Ok});
}

TEST(KillMatrix, KnowsTheCaseThatKillsAndHow) {
    const auto result =
        result_of(mutants::canary(), {looking_at("area.good", creates_a_group)}, false);
    ASSERT_EQ(result.kills.size(), 1U);
    EXPECT_EQ(result.kills[0].case_id, "area.good");
    EXPECT_EQ(result.kills[0].how, "fail");
    EXPECT_TRUE(result.killed());
}

TEST(KillMatrix, CountsACaseThatCoversAnotherClauseAsNoKill) {
    Case other = looking_at("area.other", creates_a_group);
    other.covers = {"GROUP-NEW-1"};
    const auto result = result_of(mutants::canary(), {other}, false);
    EXPECT_EQ(result.kills.size(), 1U);
    EXPECT_FALSE(result.killed());
    EXPECT_TRUE(result.survived());
}

TEST(KillMatrix, SurvivesAMutantThatStopsTheProgram) {
    const auto crashes = looking_at("area.crash", [](Rig& /*rig*/) { std::abort(); });
    const auto result =
        result_of(mutants::canary(), {crashes, looking_at("area.good", creates_a_group)}, true);
    ASSERT_EQ(result.kills.size(), 2U);
    EXPECT_EQ(result.kills[0].how, "crash");
    EXPECT_EQ(result.kills[1].case_id, "area.good");
}

TEST(KillMatrix, EndsAMutantThatNeverEnds) {
    const auto endless = looking_at("area.endless", [](Rig& rig) {
        while (rig.call(call::CreateGroup{{Guid{{1}}}}).hresult != HResult::Ok) {
        }
    });
    const auto result = result_of(mutants::canary(), {endless}, false);
    ASSERT_EQ(result.kills.size(), 1U);
    EXPECT_EQ(result.kills[0].how, "endless");
}

TEST(KillMatrix, ReferenceSurvives) {
    const mutants::Mutant none{"none", "", "QMGR-CREATE-1", "", [] { return world::Variation{}; },
                               ""};
    EXPECT_TRUE(result_of(none, {looking_at("area.good", creates_a_group)}, true).survived());
}

TEST(Mutants, HaveIdsOfTheirOwnAndCiteClausesOfTheCatalogue) {
    std::set<std::string> ids;
    for (const mutants::Mutant& mutant : mutants::all_mutants()) {
        EXPECT_TRUE(ids.insert(mutant.id).second) << mutant.id << " stands twice";
        EXPECT_FALSE(catalogue().find(mutant.clause).empty())
            << mutant.id << " cites " << mutant.clause;
        EXPECT_FALSE(mutant.change.empty()) << mutant.id;
    }
    EXPECT_GE(ids.size(), 150U);
}

TEST(Mutants, ChangeEveryRowThatCanComeAbout) {
    std::set<std::string> changed;
    for (const mutants::Mutant& mutant : mutants::all_mutants()) changed.insert(mutant.row);
    const auto check = [&](const auto& table) {
        for (const auto& row : table) {
            bool can_come = true;
            if constexpr (requires { row.impossible; }) can_come = !row.impossible;
            EXPECT_EQ(changed.contains(std::string(row.label)), can_come) << row.label;
        }
    };
    check(kDocumentedRules.job);
    check(kDocumentedRules.file);
    check(kDocumentedRules.response);
    check(kDocumentedRules.property);
    check(kDocumentedRules.status);
}

}  // namespace
}  // namespace qmgr::conformance
