#include "reference/app/probe_print.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

namespace qmgr {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

Look some_look() {
    Look look;
    look.name = "piece-2";
    look.like = {"CAP-4", "CAP-5"};
    look.exchange =
        Exchange{{"GET", "http://user:secret@server.test/f", {{"Range", "bytes=5691-13739"}}, 8049},
                 {200,
                  {{"Content-Length", "159232"}, {"Location", "http://user:secret@other.test/"}},
                  8049,
                  TransportFailure::Interrupted,
                  11,
                  3},
                 {"http://user:secret@server.test/f"}};
    look.verdict = Verdict::ForegroundOnly;
    look.code = HResult::BgInsufficientRangeSupport;
    look.means = "The range is ignored.";
    look.rule = "R-25";
    look.clause = "XFER-RANGE-1";
    return look;
}

Look unasked_look() {
    Look look;
    look.name = "old-date";
    look.means = "No date.";
    return look;
}

ProbeReport some_report() {
    ProbeReport report;
    report.server = ServerReport{"http://user:secret@server.test/f",
                                 {some_look(), unasked_look()},
                                 Mode::Foreground,
                                 HResult::BgInsufficientRangeSupport,
                                 "Foreground jobs only."};
    report.proxy = ProxyReport{"http://user:secret@proxy.test:80",  1000, {some_look()}, {}, false,
                               HResult::BgInsufficientRangeSupport, "No."};
    report.proxy->patterns = {
        {"CAP-4", 3, 100, 3000, 3, 3, {"bytes=0-1"}, Verdict::Fails, "Too much."}};
    return report;
}

TEST(TableOf, ShowsEachLookWithItsMeaningAndCode) {
    EXPECT_EQ(table_of(some_report()),
              R"(http://user:***@server.test/f

LOOK           ASKED                           CAME                                  VERDICT
piece-2        GET 5691-13739                  200, 8049 bytes, broken off           foreground only
    redirected to http://user:***@server.test/f
    The range is ignored.
    code 0x80200013 BG_E_INSUFFICIENT_RANGE_SUPPORT
not asked: old-date. No date.

foreground: Foreground jobs only.
A user would get 0x80200013 BG_E_INSUFFICIENT_RANGE_SUPPORT.

through http://user:***@proxy.test:80, an object of 1000 bytes on our own origin

LOOK           ASKED                           CAME                                  VERDICT
piece-2        GET 5691-13739                  200, 8049 bytes, broken off           foreground only
    redirected to http://user:***@server.test/f
    The range is ignored.
    code 0x80200013 BG_E_INSUFFICIENT_RANGE_SUPPORT

PATTERN    PIECES       GIVEN       TAKEN   TAKEN/GIVEN   ORIGIN REQUESTS  WHOLE   VERDICT
CAP-4           3         100        3000         30.00                 3      3   fails
    Too much.

fails: No.
A user would get 0x80200013 BG_E_INSUFFICIENT_RANGE_SUPPORT.
)");
}

TEST(TableOf, BreaksLongTextsAt100Columns) {
    ProbeReport report = some_report();
    report.server->looks[0].means.clear();
    for (int n = 0; n < 100; ++n) report.server->looks[0].means += "word ";
    std::istringstream lines(table_of(report));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(ExitStatusOf, Is1WhereSomethingThatWasAskedForCannotWork) {
    ProbeReport report;
    report.server = ServerReport{};
    EXPECT_EQ(exit_status_of(report), 1);
    for (const Mode mode : {Mode::Background, Mode::Foreground}) {
        report.server->mode = mode;
        EXPECT_EQ(exit_status_of(report), 0);
    }
    report.proxy = ProxyReport{};
    EXPECT_EQ(exit_status_of(report), 1);
    report.proxy->works = true;
    EXPECT_EQ(exit_status_of(report), 0);
}

TEST(JsonOf, WritesNoPassword) {
    ProbeReport report = some_report();
    report.proxy->looks[0].exchange->response.headers[1].value = "//user:secret@other.test/";
    const std::string text = json_of(report);
    EXPECT_THAT(text, Not(HasSubstr("secret")));
    EXPECT_THAT(text, HasSubstr("http://user:***@server.test/f"));
    EXPECT_THAT(table_of(some_report()), Not(HasSubstr("secret")));
}

TEST(JsonOf, ReplacesBytesThatAreNoText) {
    ProbeReport report = some_report();
    report.server->looks[0].exchange->response.headers = {{"Server", "\xFF"}};
    EXPECT_THAT(json_of(report), HasSubstr("\xEF\xBF\xBD"));
}

// ---- docs/probe.md ------------------------------------------------------------------------------

std::string page() {
    std::ostringstream text;
    text << std::ifstream("docs/probe.md").rdbuf();
    return text.str();
}

void collect(const json& value, const std::string& path, std::set<std::string>& paths) {
    if (value.is_object())
        for (const auto& [key, inner] : value.items()) {
            const std::string inner_path = path.empty() ? key : path + "." + key;
            paths.insert(inner_path);
            collect(inner, inner_path, paths);
        }
    else if (value.is_array())
        for (const json& inner : value) collect(inner, path + "[]", paths);
}

// What the two parts of a report share is written once: `looks` stands for both lists.
std::string short_form(const std::string& path) {
    return std::regex_replace(path, std::regex(R"(^(server|proxy)\.looks\[\]\.)"), "look.");
}

TEST(ProbePage, HasEveryFieldOfTheJsonAndNoOther) {
    std::set<std::string> paths;
    collect(json::parse(json_of(some_report())), "", paths);
    std::set<std::string> written;
    for (const std::string& path : paths) written.insert(short_form(path));
    std::set<std::string> documented;
    const std::string whole = page();
    const std::string text = whole.substr(std::min(whole.find("## The JSON"), whole.size()));
    const std::regex row(R"(\n\| `([a-z_.\[\]]+)` \|)");
    for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it)
        documented.insert((*it)[1]);
    EXPECT_EQ(written, documented);
}

TEST(ProbePage, ShowsTheVerdictsAndModesAsTheyArePrinted) {
    const std::string text = page();
    for (const Verdict one : {Verdict::Ok, Verdict::Warning, Verdict::ForegroundOnly,
                              Verdict::Fails, Verdict::NotAsked})
        EXPECT_THAT(text, HasSubstr("`" + std::string(name(one)) + "`"));
    for (const Mode one : {Mode::Background, Mode::Foreground, Mode::None})
        EXPECT_THAT(text, HasSubstr("`" + std::string(name(one)) + "`"));
}

}  // namespace
}  // namespace qmgr
