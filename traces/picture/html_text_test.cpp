#include "traces/picture/html_text.hpp"

#include <gtest/gtest.h>

namespace qmgr::traces {
namespace {

TEST(Escaped, LeavesNothingThatHtmlWouldReadAsItsOwn) {
    EXPECT_EQ(escaped("<script>alert('a' & \"b\")</script>"),
              "&lt;script&gt;alert(&#39;a&#39; &amp; &quot;b&quot;)&lt;/script&gt;");
    EXPECT_EQ(escaped("tab\tline\n"), "tab\tline\n");
    EXPECT_EQ(escaped(std::string("\0\x1b[31m\x7f", 7)), "\uFFFD\uFFFD[31m\uFFFD");
    EXPECT_EQ(escaped("Suspended→Queued"), "Suspended→Queued");
}

TEST(Shortened, CountsCharactersAndNotBytes) {
    EXPECT_EQ(shortened("→→→", 3), "→→→");
    EXPECT_EQ(shortened("→→→→", 3), "→→…");
    EXPECT_EQ(shortened("abc", 1), "…");
    EXPECT_EQ(length_of("a→b"), 3U);
}

TEST(Grouped, PutsCommasBetweenThousands) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(18446744073709551615U), "18,446,744,073,709,551,615");
}

TEST(SpanText, HasAtMostTwoUnits) {
    EXPECT_EQ(span_text(Duration(0)), "0 ms");
    EXPECT_EQ(span_text(Duration(999)), "999 ms");
    EXPECT_EQ(span_text(Duration(9500)), "9.5 s");
    EXPECT_EQ(span_text(Duration(599'500)), "9 min 59.5 s");
    EXPECT_EQ(span_text(Duration(600'000)), "10 min");
    EXPECT_EQ(span_text(std::chrono::hours(26)), "1 d 2 h");
    EXPECT_EQ(span_text(std::chrono::hours(14 * 24)), "14 d");
    EXPECT_EQ(span_text(std::chrono::minutes(125)), "2 h 5 min");
}

TEST(MomentText, IsAClockThatGrowsOnlyAsFarAsItMust) {
    EXPECT_EQ(moment_text(Duration(0)), "0.000 s");
    EXPECT_EQ(moment_text(Duration(10'424)), "10.424 s");
    EXPECT_EQ(moment_text(Duration(600'434)), "10:00.434");
    EXPECT_EQ(moment_text(Duration(3'600'000)), "1:00:00.000");
    EXPECT_EQ(moment_text(std::chrono::hours(25) + Duration(1)), "1 d 1:00:00.001");
}

}  // namespace
}  // namespace qmgr::traces
