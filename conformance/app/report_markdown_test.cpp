#include "conformance/app/report_markdown.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qmgr::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

void add(Report& report, const std::string& id, const std::string& rig, Verdict verdict,
         const std::string& clause) {
    CaseEntry entry;
    entry.result.id = id;
    entry.result.rig = rig;
    entry.result.covers = {clause};
    entry.result.verdict = verdict;
    report.add(entry);
}

Requirement clause(const std::string& id, Basis basis) {
    Requirement one;
    one.id = id;
    one.basis = basis;
    return one;
}

TEST(Markdown, HasAreasWithCountsAndTheClausesThatDiffer) {
    Report report({clause("A-1", Basis::Documented), clause("B-1", Basis::Chosen),
                   clause("C-1", Basis::Observed)});
    report.add({"simulated", "qmgr reference", "0.1.0", {"users", "disk"}, true});
    report.add({"curl", "curl|x", "8", {}, false});
    add(report, "limits.a", "simulated", Verdict::Pass, "A-1");
    add(report, "limits.b", "simulated", Verdict::Pass, "B-1");
    add(report, "restart.a", "simulated", Verdict::Pass, "C-1");
    add(report, "limits.a", "curl", Verdict::Fail, "A-1");
    add(report, "limits.b", "curl", Verdict::Unsupported, "B-1");
    const std::string text = to_markdown(report, "qmgr-conformance merge a.json b.json");
    EXPECT_THAT(text, HasSubstr("\n    qmgr-conformance merge a.json b.json\n"));
    EXPECT_THAT(text, HasSubstr("| simulated | qmgr reference | 0.1.0 | users, disk |\n"));
    EXPECT_THAT(text, HasSubstr("| curl | curl\\|x | 8 |  |\n"));
    EXPECT_THAT(text, HasSubstr("| limits | 2 pass | 1 fail, 1 unsupported |\n"));
    EXPECT_THAT(text, HasSubstr("| restart | 1 pass | – |\n"));
    EXPECT_THAT(text, HasSubstr("| **all** | 3 pass | 1 fail, 1 unsupported |\n"));
    EXPECT_THAT(text, HasSubstr("| A-1 | documented | pass | fail |\n"));
    EXPECT_THAT(text, Not(HasSubstr("| B-1 |")));
    EXPECT_THAT(text, Not(HasSubstr("| C-1 |")));
}

TEST(Markdown, SaysSoWhenNothingDiffers) {
    EXPECT_THAT(to_markdown(Report({}), "x"), testing::EndsWith("\nThere are none.\n"));
}

}  // namespace
}  // namespace qmgr::conformance
