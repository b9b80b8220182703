#include "conformance/app/deviations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Date kToday{std::chrono::year(2026), std::chrono::month(11), std::chrono::day(23)};

Deviations listed(const std::string& pattern, const std::string& until = "2026-11-23") {
    return Deviations::from_text(
        R"([{"pattern":")" + pattern + R"(","reason":"it is old","until":")" + until + R"("}])",
        "list.json", kToday);
}

CaseResult result(const std::string& id, Verdict verdict) {
    CaseResult one;
    one.id = id;
    one.verdict = verdict;
    one.detail = "what was found";
    return one;
}

std::string message(const std::string& text) {
    try {
        static_cast<void>(Deviations::from_text(text, "list.json", kToday));
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(Deviations, TurnWhatIsWrongAndListedIntoADeviationWithItsReason) {
    for (const Verdict wrong : {Verdict::Fail, Verdict::Difference, Verdict::Inconclusive}) {
        CaseResult one = result("restart.a", wrong);
        listed("restart.*").apply(one);
        EXPECT_EQ(one.verdict, Verdict::Deviation);
        EXPECT_EQ(one.detail, "known until 2026-11-23: it is old\nwhat was found");
    }
}

TEST(Deviations, LeaveEverythingElseAsItIs) {
    for (const Verdict verdict :
         {Verdict::Pass, Verdict::Lenient, Verdict::Unsupported, Verdict::Skipped}) {
        CaseResult one = result("restart.a", verdict);
        listed("restart.*").apply(one);
        EXPECT_EQ(one.verdict, verdict);
    }
    CaseResult other = result("limits.a", Verdict::Fail);
    listed("restart.*").apply(other);
    EXPECT_EQ(other.verdict, Verdict::Fail);
}

TEST(Deviations, PastTheirDateListNothingAndAreStale) {
    const Deviations past = listed("restart.*", "2026-11-22");
    CaseResult one = result("restart.a", Verdict::Fail);
    past.apply(one);
    EXPECT_EQ(one.verdict, Verdict::Fail);
    EXPECT_THAT(past.stale({one}, {"restart.a"}),
                ElementsAre("list.json: /0: \"restart.*\" was known until 2026-11-22, which is "
                            "past"));
}

TEST(Deviations, AreStaleWhenAListedCasePasses) {
    for (const Verdict good : {Verdict::Pass, Verdict::Lenient})
        EXPECT_THAT(listed("restart.*").stale({result("restart.a", good)}, {"restart.a"}),
                    ElementsAre("list.json: /0: \"restart.*\" lists restart.a, which passes"));
    EXPECT_THAT(
        listed("restart.*").stale({result("restart.a", Verdict::Unsupported)}, {"restart.a"}),
        IsEmpty());
}

TEST(Deviations, AreStaleWhenTheyMatchNoCaseOfTheWholeSuite) {
    EXPECT_THAT(listed("restrat.*").stale({}, {"restart.a", "limits.b"}),
                ElementsAre("list.json: /0: \"restrat.*\" matches no case"));
    EXPECT_THAT(listed("restart.*").stale({}, {"restart.a", "limits.b"}), IsEmpty());
}

TEST(Deviations, ThatCannotBeReadAreRefusedWithTheirPlace) {
    EXPECT_THAT(message("{}"), HasSubstr("list.json: expected a list"));
    EXPECT_THAT(message("[1"), HasSubstr("list.json"));
    EXPECT_EQ(message("[1]"), "list.json: /0/pattern: expected a text");
    EXPECT_EQ(message(R"([{"pattern":"*","reason":"","until":"2026-01-01"}])"),
              "list.json: /0/reason: expected a text");
    EXPECT_EQ(message(R"([{"pattern":"*","reason":"r","until":"-123-01-02"}])"),
              "list.json: /0/until: expected a day as YYYY-MM-DD");
    EXPECT_EQ(message(R"([{"pattern":"*","reason":"r","until":"soon"}])"),
              "list.json: /0/until: expected a day as YYYY-MM-DD");
    EXPECT_EQ(
        message(R"([{"pattern":"*","reason":"r","until":"2026-01-01","untill":"2026-01-01"}])"),
        "list.json: /0/untill: expected pattern, reason and until alone");
}

TEST(DateFromText, TakesDaysOfTheCalendarAlone) {
    EXPECT_EQ(date_from_text("2026-11-23", "d"), kToday);
    for (const char* text : {"2026-02-30", "2026-1-1", "2026-11-23x", "26-11-23", "", "2026/11/23",
                             " 2026-11-23", "2026-11- 3"})
        EXPECT_THROW(date_from_text(text, "d"), InputError) << text;
}

}  // namespace
}  // namespace qmgr::conformance
