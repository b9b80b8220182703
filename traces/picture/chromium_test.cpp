// The page of a trace in a real browser. Slow: it starts one, and judges how long it takes.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "traces/picture/timeline_html.hpp"

namespace qmgr::traces {
namespace {

namespace fs = std::filesystem;

// Two seconds are what the page may take to be there, whatever the machine does meanwhile.
constexpr double kMostMs = 2000;

/// A job that is tried again and again: eight lines an attempt, ten minutes between two.
std::vector<TraceLine> long_story(std::size_t events) {
    std::vector<TraceLine> lines;
    for (std::int64_t at = 0; lines.size() < events; at += 600'000) {
        const auto add = [&](Kind kind, std::int64_t after, const std::string& body) {
            if (lines.size() < events) lines.push_back({kind, Duration(at + after), body});
        };
        add(Kind::Why, 0, R"({"row":"J-57","clause":"RETRY-1","job":"TransientError→Queued"})");
        add(Kind::Why, 0, R"({"row":"J-34","clause":"SCHED-1","job":"Queued→Connecting"})");
        add(Kind::Seen, 10,
            R"({"request":{"method":"GET","path":"/update.cab","range":"bytes=1000-",)"
            R"("connection":1,)"
            R"("status":206,"fault":"cut","applied":[{"effect":"ResetAfter","wire_byte":1200}],)"
            R"("bytes":1000,"ending":"interrupted","until":)" +
                std::to_string(at + 30) + "}}");
        add(Kind::Seen, 20,
            R"({"disk":{"did":"synced","path":"/downloads/BIT0.tmp","size":1000}})");
        add(Kind::Why, 30,
            R"({"row":"J-42","clause":"XFER-ERR-1","job":"Connecting→TransientError"})");
        add(Kind::In, 40, R"({"as":{"user":"u1"},"call":{"get_group_status":{"group":1}}})");
        add(Kind::Out, 40,
            R"({"reply":{"hresult":"S_OK","group_status":["GROUP_INCOMPLETE"],"job_index":0}})");
        add(Kind::Out, 50,
            R"({"notification":{"number":1,"group":1,"job":2,"file":0,"status":["GROUP_ERROR"]}})");
    }
    return lines;
}

struct Ran {
    std::string text;
    double wall_ms = 0;
};

Ran ran(const std::string& command) {
    const auto start = std::chrono::steady_clock::now();
    FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
    Ran result;
    std::array<char, 65536> part{};
    for (std::size_t count = 0; (count = fread(part.data(), 1, part.size(), pipe)) > 0;)
        result.text.append(part.data(), count);
    pclose(pipe);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    result.wall_ms = took.count();
    return result;
}

const std::string kChromium =
    "timeout 60 chromium --headless --no-sandbox --disable-gpu --window-size=1600,1000 ";

TEST(TimelineInChromium, OpensTenThousandEventsInUnderTwoSeconds) {
    if (ran("command -v chromium").text.empty())
        GTEST_SKIP() << "chromium is not installed (Debian package chromium)";
    const fs::path folder = fs::path(testing::TempDir()) / "qmgr-timeline-in-chromium";
    fs::create_directories(folder);
    std::string page =
        timeline_page({{"Ten thousand events", {}, "made up", {}, {}, false}, long_story(10'000)});
    // When everything is parsed and laid out, the page says when that was.
    page +=
        "<script>addEventListener('load', function () {"
        " document.body.getBoundingClientRect();"
        " document.title = 'loaded after ' + performance.now() + ' ms'; });</script>";
    std::ofstream(folder / "page.html") << page;
    const std::string url = "file://" + (folder / "page.html").string();

    const Ran dumped = ran(kChromium + "--dump-dom '" + url + "'");
    std::smatch match;
    ASSERT_TRUE(std::regex_search(dumped.text, match, std::regex("loaded after ([0-9.]+) ms")))
        << dumped.text.substr(0, 500);
    const double loaded_ms = std::stod(match[1]);
    const std::string picture = (folder / "page.png").string();
    const double empty_ms = ran(kChromium + "--screenshot='" + picture + "' about:blank").wall_ms;
    const double page_ms = ran(kChromium + "--screenshot='" + picture + "' '" + url + "'").wall_ms;
    std::printf(
        "%zu bytes; loaded after %.0f ms; a screenshot takes %.0f ms, of an empty page %.0f\n",
        page.size(), loaded_ms, page_ms, empty_ms);
    EXPECT_LT(loaded_ms, kMostMs);
    EXPECT_LT(page_ms - empty_ms, kMostMs);
    EXPECT_GT(fs::file_size(picture), 10'000U) << "an empty picture";
    fs::remove_all(folder);
}

}  // namespace
}  // namespace qmgr::traces
