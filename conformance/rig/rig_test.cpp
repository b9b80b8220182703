#include "conformance/rig/rig.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "conformance/rig/case.hpp"
#include "conformance/rig/stub_rig.hpp"
#include "reference/contract/json.hpp"

namespace qmgr::conformance {
namespace {

using testing::HasSubstr;

const Catalogue& catalogue() {
    static const Catalogue one = Catalogue::from_file("conformance/requirements.json");
    return one;
}

CaseResult judged(StubRig& rig, std::function<void(Rig&)> run) {
    return run_case({"area.case", {"GROUP-NEW-1"}, "title", {}, {}, std::move(run)}, "stub", rig,
                    catalogue());
}

void ask(Rig& rig, const std::string& clause, std::initializer_list<HResult> allowed) {
    const Reply reply = rig.call(call::SuspendGroup{{1}});
    rig.expect(clause, "SuspendGroup answers", reply.hresult, allowed);
}

TEST(RunCase, TheFirstAllowedAnswerIsAPassAndAnotherOneLenient) {
    StubRig rig;
    EXPECT_EQ(judged(rig, [](Rig& r) { ask(r, "GROUP-NEW-1", {HResult::Ok}); }).verdict,
              Verdict::Pass);
    StubRig other;
    const auto lenient = judged(other, [](Rig& r) {
        ask(r, "GROUP-NEW-1", {HResult::BgEmpty, HResult::Ok});
    });
    EXPECT_EQ(lenient.verdict, Verdict::Lenient);
    EXPECT_THAT(lenient.detail, HasSubstr("expected BG_E_EMPTY or S_OK, actual S_OK"));
}

TEST(RunCase, AWrongAnswerFailsAndPrintsTheClause) {
    StubRig rig;
    const auto result = judged(rig, [](Rig& r) { ask(r, "GROUP-NEW-1", {HResult::BgEmpty}); });
    EXPECT_EQ(result.verdict, Verdict::Fail);
    EXPECT_THAT(result.detail, HasSubstr("GROUP-NEW-1: SuspendGroup answers: expected BG_E_EMPTY, "
                                         "actual S_OK"));
    EXPECT_THAT(result.detail, HasSubstr("[documented; "));
}

TEST(RunCase, AWrongAnswerWithAPasswordInAUrlIsPrintedWithoutIt) {
    StubRig rig;
    const auto result = judged(rig, [](Rig& r) {
        const std::string url = "http://user:secret@stub/file";
        r.expect("GROUP-NEW-1", "the name of " + url, url, {std::string("http://other:word@stub")});
    });
    EXPECT_EQ(result.verdict, Verdict::Fail);
    EXPECT_THAT(
        result.detail,
        HasSubstr("the name of http://user:***@stub/file: expected \"http://other:***@stub\", "
                  "actual \"http://user:***@stub/file\""));
}

TEST(RunCase, AWrongAnswerToAChosenClauseIsADifference) {
    StubRig rig;
    EXPECT_EQ(judged(rig, [](Rig& r) { ask(r, "QMGR-CREATE-4", {HResult::BgEmpty}); }).verdict,
              Verdict::Difference);
}

TEST(RunCase, AnUnsupportedAnswerIsNeverAPassWhateverIsExpectedAfterwards) {
    StubRig rig;
    rig.system.reply = unsupported("not here");
    const auto result =
        judged(rig, [](Rig& r) { ask(r, "GROUP-NEW-1", {HResult::NotImplemented}); });
    EXPECT_EQ(result.verdict, Verdict::Unsupported);
    EXPECT_EQ(result.detail, "suspend_group: not here");
}

TEST(RunCase, AWrongAnswerBeforeAnUnsupportedOneStillFails) {
    StubRig rig;
    const auto result = judged(rig, [&rig](Rig& r) {
        ask(r, "GROUP-NEW-1", {HResult::BgEmpty});
        rig.system.reply = unsupported("not here");
        ask(r, "GROUP-NEW-1", {HResult::Ok});
    });
    EXPECT_EQ(result.verdict, Verdict::Fail);
}

TEST(RunCase, SurroundingsThatCannotBeToldMakeItUnsupported) {
    StubRig rig;
    const auto result = judged(rig, [](Rig& r) {
        r.surroundings(surroundings::NetworkLost{});
        r.expect_true("GROUP-NEW-1", "anything", false);
    });
    EXPECT_EQ(result.verdict, Verdict::Unsupported);
}

TEST(RunCase, TimeThatRunsOutIsInconclusive) {
    StubRig rig;
    const auto result = judged(
        rig, [](Rig& r) { r.eventually("GROUP-NEW-1", "something comes", [] { return false; }); });
    EXPECT_EQ(result.verdict, Verdict::Inconclusive);
}

TEST(RunCase, AFaultThatNeverFiredFails) {
    StubRig rig;
    rig.rule_hits = {{"armed", 0}};
    const auto result = judged(rig, [](Rig& r) { ask(r, "GROUP-NEW-1", {HResult::Ok}); });
    EXPECT_EQ(result.verdict, Verdict::Fail);
    EXPECT_THAT(result.detail, HasSubstr("the fault \"armed\" fires"));
}

TEST(RunCase, ACaseThatLooksAtNothingFails) {
    StubRig rig;
    EXPECT_EQ(judged(rig, [](Rig&) {}).verdict, Verdict::Fail);
}

TEST(RefusedForAbility, NamesTheMissingAbility) {
    const Case needy{"a.b", {"GROUP-NEW-1"}, "t", {"users", "sessions"}, {}, {}};
    const auto result = refused_for_ability(needy, "stub", {"s", "1", {"users"}});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->verdict, Verdict::Unsupported);
    EXPECT_EQ(result->detail, "needs the ability sessions");
    EXPECT_FALSE(refused_for_ability(needy, "stub", {"s", "1", {"users", "sessions"}}));
}

std::string file_with(const std::string& fields) {
    const std::string path =
        testing::TempDir() + "requirements." + std::to_string(::getpid()) + ".json";
    std::ofstream(path) << R"({"requirements":[{"id":"A-1","level":"must","text":"t",)"
                        << R"("basis":"chosen","source":"s")" << fields << "}]}";
    return path;
}

TEST(Catalogue, OptionalFieldsAreReadAndEmptyWhereTheyAreNot) {
    const auto plain = Catalogue::from_file(file_with(""));
    EXPECT_TRUE(plain.all().at(0).allowed.empty());
    EXPECT_TRUE(plain.all().at(0).restates.empty());
    EXPECT_EQ(plain.all().at(0).no_case, "");
    const auto full = Catalogue::from_file(file_with(
        R"(,"allowed":["x","y"],"decision":"0010","retired":"r","no_case":"n","restates":["B"])"));
    const Requirement& entry = full.all().at(0);
    EXPECT_EQ(entry.allowed, (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(entry.decision, "0010");
    EXPECT_EQ(entry.retired, "r");
    EXPECT_EQ(entry.no_case, "n");
    EXPECT_EQ(entry.restates, (std::vector<std::string>{"B"}));
}

TEST(Catalogue, AnOptionalFieldOfAnotherKindIsBadInput) {
    for (const char* fields : {R"(,"allowed":"x")", R"(,"allowed":[1])", R"(,"no_case":1)"})
        EXPECT_THROW(Catalogue::from_file(file_with(fields)), InputError) << fields;
}

TEST(Catalogue, AnIdStandsForItsParts) {
    EXPECT_EQ(catalogue().find("QMGR-CREATE-1").size(), 1U);
    EXPECT_GE(catalogue().find("GROUP-CANCEL-4").size(), 2U);
    EXPECT_TRUE(catalogue().find("GROUP-NOTHING-1").empty());
}

}  // namespace
}  // namespace qmgr::conformance
