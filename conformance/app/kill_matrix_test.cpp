// The suite against systems that are known to be wrong.
#include "conformance/app/kill_matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "conformance/app/kill_report.hpp"
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

/// A fact that says what QMGR-CREATE-1 says.
Requirement fact() {
    Requirement fact;
    fact.id = "OBS-901";
    fact.restates = {"QMGR-CREATE-1"};
    return fact;
}

Case covering_the_fact(std::function<void(Rig&)> run) {
    Case one = looking_at("area.fact", std::move(run));
    one.covers = {"OBS-901"};
    return one;
}

Catalogue catalogue_with_the_fact() {
    const std::string path =
        testing::TempDir() + "restates." + std::to_string(::getpid()) + ".json";
    const std::string entry = R"("level":"must","text":"t","basis":"documented","source":"s")";
    std::ofstream(path) << R"({"requirements":[{"id":"QMGR-CREATE-1",)" << entry
                        << R"(},{"id":"OBS-901","restates":["QMGR-CREATE-1"],)" << entry << "}]}";
    return Catalogue::from_file(path);
}

TEST(KillMatrix, AMutantIsAboutWhatItCitesAndWhatRestatesThat) {
    Requirement part;
    part.id = "QMGR-CREATE-1-a";
    EXPECT_TRUE(is_about(mutants::canary(), part));
    EXPECT_TRUE(is_about(mutants::canary(), fact()));
    Requirement other = fact();
    other.restates = {"QMGR-CREATE-2"};
    EXPECT_FALSE(is_about(mutants::canary(), other));
}

TEST(KillMatrix, OnlyACaseThatCoversTheFactProvesIt) {
    const std::vector<Case> cases = {looking_at("area.good", creates_a_group),
                                     covering_the_fact(creates_a_group)};
    std::vector<MutantResult> results = {{mutants::canary(), {{"area.good", "fail", true}}}};
    EXPECT_TRUE(proofs(fact(), cases, results).empty());
    results[0].kills.push_back({"area.fact", "fail", false});
    EXPECT_EQ(proofs(fact(), cases, results), (std::vector<std::string>{"area.fact"}));
}

TEST(KillMatrix, LooksForProofsWhereTheFirstKillLeftOneOpen) {
    const Catalogue catalogue = catalogue_with_the_fact();
    const std::vector<Case> cases = {looking_at("area.good", creates_a_group),
                                     covering_the_fact(creates_a_group)};
    const KillOptions options{false, false, 2};
    auto results = run_mutants(cases, catalogue, {mutants::canary()}, options);
    EXPECT_EQ(KillReport(catalogue, cases, results).unproven().size(), 1U);
    look_for_proofs(cases, catalogue, results, options);
    EXPECT_THAT(proofs(fact(), cases, results), testing::ElementsAre("area.fact"));
    EXPECT_TRUE(KillReport(catalogue, cases, results).unproven().empty());
}

TEST(KillMatrix, LeavesOpenWhatNoCaseProves) {
    const Catalogue catalogue = catalogue_with_the_fact();
    const std::vector<Case> cases = {
        looking_at("area.good", creates_a_group),
        covering_the_fact([](Rig& rig) { rig.expect("OBS-901", "nothing", 1, {1}); })};
    const KillOptions options{false, false, 2};
    auto results = run_mutants(cases, catalogue, {mutants::canary()}, options);
    look_for_proofs(cases, catalogue, results, options);
    const KillReport report(catalogue, cases, results);
    ASSERT_EQ(report.unproven().size(), 1U);
    EXPECT_EQ(report.unproven()[0]->id, "OBS-901");
    EXPECT_THAT(report.proofs_text(), testing::HasSubstr("not proven OBS-901: no case that"));
    EXPECT_THAT(report.proofs_text(), testing::HasSubstr("documented clauses proven by a killed "
                                                         "mutant: 1 of 2"));
}

TEST(KillReport, AClauseThatSaysShouldOrCanHaveNoCaseNeedsNoProof) {
    const std::string path = testing::TempDir() + "should." + std::to_string(::getpid()) + ".json";
    const std::string rest = R"("text":"t","basis":"documented","source":"s")";
    std::ofstream(path) << R"({"requirements":[{"id":"A-1","level":"should",)" << rest
                        << R"(},{"id":"A-2","level":"must","retired":"r",)" << rest
                        << R"(},{"id":"A-3","level":"must","no_case":"n",)" << rest << "}]}";
    const Catalogue catalogue = Catalogue::from_file(path);
    const std::vector<Case> cases;
    const KillReport report(catalogue, cases, {});
    EXPECT_TRUE(report.unproven().empty());
    EXPECT_THAT(report.proofs_text(), testing::HasSubstr("0 of 1 (1 can have no case)"));
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
