#include "traces/picture/timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "traces/picture/timeline_html.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::traces {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<TraceLine> lines_of(const std::string& text) {
    return trace_from_text(R"({"trace":1,"title":"t"})"
                           "\n" +
                               text,
                           "test")
        .lines;
}

std::string label(const Row& row, Lane lane) { return row.labels[static_cast<std::size_t>(lane)]; }

/// A download that is cut once, as the simulated rig tells it.
const std::string kStory =
    R"({"at":0,"in":{"as":{"user":"u1"},"call":{"create_group":{"group_id":"5eed"}}}}
{"at":0,"out":{"reply":{"hresult":"S_OK","group":1}}}
{"at":0,"in":{"as":{"user":"u1"},"call":{"resume_group":{"group":1}}}}
{"at":0,"why":{"row":"J-14","clause":"GROUP-RESUME-1","job":"Suspended→Queued"}}
{"at":0,"why":{"row":"J-34","clause":"SCHED-1","job":"Queued→Connecting"}}
{"at":0,"seen":{"disk":{"did":"opened","path":"/downloads/BIT0.tmp","size":0}}}
{"at":0,"out":{"reply":{"hresult":"S_OK"}}}
{"at":20,"seen":{"request":{"method":"GET","path":"/a","range":"bytes=5-",)"
    R"("connection":1,"status":206,"fault":"cut",)"
    R"("applied":[{"effect":"ResetAfter","wire_byte":1200}],"bytes":1000,)"
    R"("ending":"interrupted","until":40}}}
{"at":40,"why":{"row":"J-41","clause":"ERR-1","job":"Connecting→TransientError"}}
{"at":600040,"in":{"surroundings":{"network_lost":{}}}}
{"at":600040,"in":{"surroundings":{"disk_full":{"on":true}}}}
{"at":600041,"out":{"notification":{"number":1,"group":1,"job":2,"file":0,)"
    R"("status":["GROUP_ERROR","GROUP_SUSPENDED"]}}}
{"at":600041,"in":{"answer":{"number":1,"hresult":"S_OK"}}}
{"at":600042,"in":{"as":{"user":"u1"},"call":{"get_group_status":{"group":1}}}}
{"at":600042,"out":{"reply":{"hresult":"S_OK","group_status":["GROUP_ERROR"],"job_index":0}}}
{"note":"the end"}
)";

TEST(Timeline, PutsWhatHappensIntoItsLane) {
    const Timeline timeline = timeline_of(lines_of(kStory));
    const auto& rows = timeline.rows;
    ASSERT_EQ(rows.size(), 11U);
    EXPECT_EQ(label(rows[0], Lane::Caller), "u1: create_group(5eed) → S_OK {\"group\":1}");
    EXPECT_EQ(label(rows[0], Lane::Group), "#1 created");
    EXPECT_EQ(label(rows[1], Lane::Caller), "u1: resume_group(group 1) → S_OK");
    EXPECT_EQ(label(rows[1], Lane::Group), "#1 resumed");
    EXPECT_EQ(label(rows[1], Lane::Job), "J-14 Suspended→Queued");
    EXPECT_EQ(label(rows[2], Lane::Job), "J-34 Queued→Connecting");
    EXPECT_EQ(label(rows[2], Lane::Disk), "opened BIT0.tmp, 0 B");
    EXPECT_EQ(label(rows[3], Lane::Http), "GET /a bytes=5- → 206, 1,000 B, interrupted");
    EXPECT_EQ(label(rows[3], Lane::Faults), "ResetAfter at byte 1,200 (cut)");
    EXPECT_EQ(label(rows[4], Lane::Job), "J-41 Connecting→TransientError");
    EXPECT_EQ(label(rows[5], Lane::Faults), "network lost");
    EXPECT_EQ(label(rows[6], Lane::Disk), "disk full on");
    EXPECT_EQ(label(rows[7], Lane::Notifications), "#1 group 1: ERROR SUSPENDED");
    EXPECT_EQ(label(rows[8], Lane::Notifications), "answer #1: S_OK");
    EXPECT_EQ(label(rows[9], Lane::Group), "#1 ERROR");
    EXPECT_EQ(rows[10].remark, "the end");
}

TEST(Timeline, CountsBytesWhereTheExchangeEnded) {
    const Timeline timeline = timeline_of(lines_of(kStory));
    EXPECT_EQ(timeline.rows[4].at, Duration(40));
    EXPECT_EQ(label(timeline.rows[3], Lane::Files), "");
    EXPECT_EQ(label(timeline.rows[4], Lane::Files), "/a +1,000 B, in all 1,000");
}

TEST(Timeline, PutsALateReplyBesideItsCallWhenNothingHappenedInBetween) {
    const Timeline timeline = timeline_of(lines_of(
        R"({"at":1,"in":{"as":{"user":"u1"},"call":{"get_size":{"group":1}}}}
{"at":4,"out":{"reply":{"hresult":"S_OK"}}}
{"at":5,"in":{"as":{"user":"u1"},"call":{"cancel_group":{"group":1}}}}
{"at":6,"why":{"row":"J-1","clause":"C","job":"A→B"}}
{"at":9,"out":{"reply":{"hresult":"S_OK"}}}
)"));
    ASSERT_EQ(timeline.rows.size(), 4U);
    EXPECT_EQ(label(timeline.rows[0], Lane::Caller), "u1: get_size(group 1) → S_OK after 3 ms");
    EXPECT_EQ(label(timeline.rows[1], Lane::Caller), "u1: cancel_group(group 1)");
    EXPECT_EQ(label(timeline.rows[3], Lane::Caller), "cancel_group → S_OK");
}

TEST(Timeline, DrawsBarsForStatesAndExchanges) {
    const Timeline timeline = timeline_of(lines_of(kStory));
    std::vector<std::string> labels;
    for (const Bar& bar : timeline.bars) {
        labels.push_back(bar.label);
        EXPECT_LT(bar.first, bar.last) << bar.label;
    }
    EXPECT_THAT(labels, testing::Contains("Connecting"));
    EXPECT_THAT(labels, testing::Contains(testing::StartsWith("GET /a")));
}

TEST(Timeline, DrawsNoBarsOfAJobWhereSeveralAreMixed) {
    const Timeline timeline = timeline_of(lines_of(
        R"({"at":0,"why":{"row":"J-1","clause":"C","job":"A→B"}}
{"at":1,"why":{"row":"J-1","clause":"C","job":"A→B"}}
{"at":2,"why":{"row":"J-2","clause":"C","job":"B→C"}}
)"));
    EXPECT_TRUE(timeline.bars.empty());
}

TEST(Timeline, KeepsTheLinesOfEachRow) {
    const Timeline timeline = timeline_of(lines_of(kStory));
    EXPECT_THAT(timeline.rows[1].detail, HasSubstr("\"resume_group\""));
    EXPECT_THAT(timeline.rows[1].detail, HasSubstr("{\"reply\":{\"hresult\":\"S_OK\"}}"));
}

TEST(Timeline, TakesABodyOfAnyForm) {
    const std::vector<TraceLine> odd = {
        {Kind::In, Duration(0), "[]"},
        {Kind::In, Duration(0), R"({"call":{}})"},
        {Kind::Out, Duration(0), "7"},
        {Kind::Out, Duration(0), R"({"reply":7})"},
        {Kind::Out, Duration(5), R"({"notification":null})"},
        {Kind::Seen, Duration(4), R"({"request":{"status":-1,"until":-5,"applied":[7]}})"},
        {Kind::Seen, Duration(4), R"({"disk":[]})"},
        {Kind::Why, Duration(4), R"({"row":"J-1"})"},
        {Kind::In, Duration(4), R"({"surroundings":"x","restart":1})"},
        {Kind::In, Duration(4), "no JSON"}};
    EXPECT_GT(timeline_of(odd).rows.size(), 5U);
    EXPECT_FALSE(timeline_html(odd).empty());
    EXPECT_EQ(timeline_html({}), "<p>Nothing happened.</p>\n");
}

TEST(TimelineHtml, FoldsIdleTimeAndSaysHowLongItIs) {
    const std::string html = timeline_html(lines_of(kStory));
    EXPECT_THAT(html, HasSubstr("⋯ 10 min in which nothing happens"));
    EXPECT_THAT(html, Not(HasSubstr("⋯ 20 ms")));
}

TEST(TimelineHtml, EscapesEverythingATraceCanSay) {
    const std::string evil = "</title></svg><script>alert(1)</script>";
    std::vector<TraceLine> lines = {
        {Kind::Note, Duration(0), evil},
        {Kind::In, Duration(0),
         R"({"as":{"user":")" + evil + R"("},"call":{")" + evil + R"(":{}}})"},
        {Kind::Seen, Duration(0),
         R"({"request":{"method":")" + evil + R"(","fault":")" + evil + R"("}})"}};
    const std::string page = timeline_page({{evil, {evil}, evil, {}, {}, false}, lines});
    EXPECT_THAT(page, Not(HasSubstr(evil)));
    EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(TimelineHtml, NeedsNothingFromElsewhere) {
    const std::string page = timeline_page({{}, lines_of(kStory)});
    for (const char* reference :
         {"src=", "href=", "@import", "url(", "http://", "https://", "fetch("})
        EXPECT_THAT(page, Not(HasSubstr(reference)));
}

TEST(TimelineHtml, HasATitleAndAnOpenWayForTheKeyboardOnEveryRow) {
    const std::string html = timeline_html(lines_of(kStory));
    const auto count = [&](const std::string& what) {
        std::size_t found = 0;
        for (std::size_t at = html.find(what); at != html.npos; at = html.find(what, at + 1))
            ++found;
        return found;
    };
    const std::size_t rows = timeline_of(lines_of(kStory)).rows.size();
    EXPECT_EQ(count("<g class=\"row\""), rows);
    EXPECT_EQ(count("tabindex=\"0\""), 1U);
    EXPECT_EQ(count("tabindex=\"-1\""), rows - 1);
}

}  // namespace
}  // namespace qmgr::traces
