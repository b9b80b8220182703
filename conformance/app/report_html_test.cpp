#include "conformance/app/report_html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace qmgr::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kEvil = "</td><script>alert('x')</script>";

CaseEntry entry(const std::string& id, const std::string& rig, Verdict verdict) {
    CaseEntry one;
    one.result.id = id;
    one.result.rig = rig;
    one.result.covers = {"A-1", "B-2"};
    one.result.verdict = verdict;
    one.title = "A title";
    return one;
}

Requirement clause(const std::string& id, const std::string& text, Basis basis,
                   const std::string& source, bool must = true) {
    Requirement one;
    one.id = id;
    one.must = must;
    one.text = text;
    one.basis = basis;
    one.source = source;
    return one;
}

Report sample() {
    Report report({clause("A-1", "Text of A-1", Basis::Documented, "page 1"),
                   clause("B-2-a", "Text of B-2-a", Basis::Chosen, "page 2"),
                   clause("C-3", "Text of C-3", Basis::Observed, "page 3", false)});
    report.add({"simulated", "qmgr reference", "0.1.0", {}, true});
    report.add({"exec", "aria2", "1.36", {}, false});
    report.add(entry("area.one", "simulated", Verdict::Pass));
    CaseEntry failed = entry("area.one", "exec", Verdict::Fail);
    failed.result.findings = {{Verdict::Fail, "A-1", "it answers", "S_OK", "E_FAIL"}};
    failed.result.detail = "known until 2027-01-01: it is old\nA-1: it answers";
    failed.result.trace = {{traces::Kind::In, Duration(0), R"({"restart":true})"}};
    report.add(failed);
    CaseEntry missing = entry("area.two", "exec", Verdict::Unsupported);
    missing.result.detail = "needs the ability users";
    report.add(missing);
    return report;
}

TEST(HtmlPages, HaveAnIndexWithTheVerdictWordsAndAPageForEachCase) {
    const auto pages = html_pages(sample());
    ASSERT_EQ(pages.size(), 3U);
    const std::string& index = pages.at("index.html");
    EXPECT_THAT(index, HasSubstr("<td class=\"verdict pass\"><b>pass</b></td><td class=\"verdict "
                                 "fail\"><b>fail</b></td>"));
    EXPECT_THAT(index, HasSubstr("<td class=\"verdict none\"><b>–</b></td><td class=\"verdict "
                                 "unsupported\"><b>unsupported</b></td>"));
    EXPECT_THAT(index, HasSubstr("Text of B-2-a"));
    EXPECT_THAT(index, HasSubstr("observed, should"));
}

TEST(HtmlPages, OfACaseHaveTheClausesWhatWasExpectedAndTheTimeline) {
    const auto pages = html_pages(sample());
    const std::string& page = pages.at("cases/area.one.html");
    for (const char* part : {"Text of A-1", "page 1", "Text of B-2-a", "qmgr reference 0.1.0",
                             "aria2 1.36", "<td>S_OK</td><td>E_FAIL</td>", "the service is killed",
                             "<summary>known until 2027-01-01: it is old</summary>"})
        EXPECT_THAT(page, HasSubstr(part));
    EXPECT_THAT(page, Not(HasSubstr("Text of C-3")));
    EXPECT_THAT(pages.at("cases/area.two.html"), HasSubstr("<pre>needs the ability users</pre>"));
}

TEST(HtmlPages, LinkOnlyToPagesThatAreThere) {
    const auto pages = html_pages(sample());
    const std::regex link("href=\"([^\"#]*)");
    for (const auto& [path, text] : pages)
        for (std::sregex_iterator it(text.begin(), text.end(), link), end; it != end; ++it) {
            const std::string target = (*it)[1];
            const bool up = target.starts_with("../");
            EXPECT_TRUE(pages.contains(up ? target.substr(3) : target)) << path << ": " << target;
        }
}

TEST(HtmlPages, NeedNothingFromElsewhere) {
    for (const auto& [path, text] : html_pages(sample()))
        for (const char* reference : {"src=", "http://", "https://", "@import", "url("})
            EXPECT_THAT(text, Not(HasSubstr(reference))) << path;
}

TEST(HtmlPages, EscapeWhatAReportSays) {
    Report report({clause(kEvil, kEvil, Basis::Documented, kEvil)});
    report.add({"r" + kEvil, kEvil, kEvil, {}, false});
    CaseEntry one = entry("../../" + kEvil, "r" + kEvil, Verdict::Fail);
    one.result.covers = {kEvil};
    one.title = kEvil;
    one.result.findings = {{Verdict::Fail, kEvil, kEvil, kEvil, kEvil}};
    report.add(one);
    one.result.id = "other";
    one.result.findings.clear();
    one.result.detail = kEvil;
    report.add(one);
    report.add_stale(kEvil);
    const auto pages = html_pages(report);
    EXPECT_EQ(pages.size(), 3U);
    for (const auto& [path, text] : pages) {
        EXPECT_THAT(text, Not(HasSubstr("<script>alert"))) << path;
        EXPECT_EQ(path.find("../"), path.npos) << path;
        EXPECT_EQ(path.find('<'), path.npos) << path;
    }
}

}  // namespace
}  // namespace qmgr::conformance
