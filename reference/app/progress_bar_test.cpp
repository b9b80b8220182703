#include "reference/app/progress_bar.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace qmgr {
namespace {

constexpr std::uint64_t kMega = 1'000'000;

Progress at_ms(std::int64_t ms, std::uint64_t done, std::uint64_t total, std::uint32_t percent) {
    return {instant_from_ms(ms), done, total, percent};
}

TEST(ProgressBarTest, SizesHaveOneDigitAfterThePoint) {
    EXPECT_EQ(size_text(0), "0 B");
    EXPECT_EQ(size_text(999), "999 B");
    EXPECT_EQ(size_text(1000), "1.0 kB");
    EXPECT_EQ(size_text(999'949), "999.9 kB");
    EXPECT_EQ(size_text(999'950), "1.0 MB");
    EXPECT_EQ(size_text(4'294'967'295), "4.3 GB");
    EXPECT_EQ(size_text(12'345'678'000'000'000), "12345.7 TB");
}

TEST(ProgressBarTest, TimesAreWrittenAsOnClocks) {
    EXPECT_EQ(time_text(Duration(999)), "0:00");
    EXPECT_EQ(time_text(std::chrono::seconds(65)), "1:05");
    EXPECT_EQ(time_text(std::chrono::seconds(3599)), "59:59");
    EXPECT_EQ(time_text(std::chrono::seconds(12345)), "3:25:45");
}

TEST(ProgressBarTest, BeforeAnythingIsKnownThereAreNoRateAndNoTotal) {
    ProgressBar bar;
    EXPECT_EQ(bar.terminal_line(80), "");
    bar.take(at_ms(0, 0, 0, 0));
    EXPECT_EQ(bar.terminal_line(80), "  0% [                    ] 0 B");
}

TEST(ProgressBarTest, ShowsShareRateAndTimeLeft) {
    ProgressBar bar;
    bar.take(at_ms(0, 0, 10 * kMega, 0));
    bar.take(at_ms(2000, 4'200'000, 10 * kMega, 42));
    EXPECT_EQ(bar.terminal_line(80),
              " 42% [########            ] 4.2 MB of 10.0 MB  2.1 MB/s  0:03 left");
    bar.take(at_ms(3000, 10 * kMega, 10 * kMega, 100));
    EXPECT_EQ(bar.terminal_line(80), "100% [####################] 10.0 MB of 10.0 MB  3.3 MB/s");
}

TEST(ProgressBarTest, AnUnknownTotalLeavesOutWhatRestsOnIt) {
    ProgressBar bar;
    bar.take(at_ms(0, 0, 0, 0));
    bar.take(at_ms(1000, 500, 0, 0));
    EXPECT_EQ(bar.terminal_line(80), "  0% [                    ] 500 B  500 B/s");
}

TEST(ProgressBarTest, TheRateIsThatOfTheLastFiveSeconds) {
    ProgressBar bar;
    for (int second = 0; second <= 10; ++second)
        bar.take(at_ms(second * 1000, static_cast<std::uint64_t>(second) * kMega, 100 * kMega, 0));
    for (int second = 11; second <= 16; ++second)
        bar.take(at_ms(second * 1000, 10 * kMega + static_cast<std::uint64_t>(second - 10) * 1000,
                       100 * kMega, 10));
    EXPECT_EQ(bar.terminal_line(80),
              " 10% [##                  ] 10.0 MB of 100.0 MB  1.0 kB/s  24:59:54 left");
}

TEST(ProgressBarTest, SaysForHowLongNothingCame) {
    ProgressBar bar;
    bar.take(at_ms(0, 0, 10 * kMega, 0));
    bar.take(at_ms(1000, 1 * kMega, 10 * kMega, 10));
    for (int second = 2; second <= 75; ++second)
        bar.take(at_ms(second * 1000, 1 * kMega, 10 * kMega, 10));
    EXPECT_EQ(bar.terminal_line(80), " 10% [##                  ] 1.0 MB of 10.0 MB  waiting 1:14");
}

TEST(ProgressBarTest, ShowsNoRateWhenAFileStartedOver) {
    ProgressBar bar;
    bar.take(at_ms(0, 9 * kMega, 10 * kMega, 90));
    bar.take(at_ms(1000, 0, 10 * kMega, 0));
    EXPECT_EQ(bar.terminal_line(80), "  0% [                    ] 0 B of 10.0 MB");
}

TEST(ProgressBarTest, DoesNotPretendToCountBeyond32Bits) {
    ProgressBar bar;
    Progress progress = at_ms(0, 4'294'967'295, 0, 71);
    progress.overflowed = true;
    bar.take(progress);
    EXPECT_EQ(bar.terminal_line(80), " 71% [##############      ] more than 4.3 GB");
}

TEST(ProgressBarTest, ALineIsNeverLongerThanTheTerminal) {
    ProgressBar bar;
    bar.take(at_ms(0, 0, 10 * kMega, 0));
    bar.take(at_ms(2000, 4'200'000, 10 * kMega, 42));
    EXPECT_EQ(bar.terminal_line(27), " 42% [########            ]");
    EXPECT_EQ(bar.terminal_line(0), "");
}

TEST(ProgressBarTest, KeptOutputGetsALineForEveryTenPercent) {
    ProgressBar bar;
    bar.take(at_ms(0, 0, 10 * kMega, 0));
    EXPECT_EQ(bar.plain_line(), std::nullopt);
    bar.take(at_ms(900, 900'000, 10 * kMega, 9));
    EXPECT_EQ(bar.plain_line(), std::nullopt);
    bar.take(at_ms(1000, 1 * kMega, 10 * kMega, 10));
    EXPECT_EQ(bar.plain_line(), " 10%  1.0 MB of 10.0 MB  1.0 MB/s  0:09 left");
    EXPECT_EQ(bar.plain_line(), std::nullopt);
}

TEST(ProgressBarTest, KeptOutputGetsALineEveryHalfMinute) {
    ProgressBar bar;
    bar.take(at_ms(0, 0, 0, 0));
    EXPECT_EQ(bar.plain_line(), std::nullopt);
    bar.take(at_ms(29'999, 0, 0, 0));
    EXPECT_EQ(bar.plain_line(), std::nullopt);
    bar.take(at_ms(30'000, 0, 0, 0));
    EXPECT_EQ(bar.plain_line(), "  0%  0 B  waiting 0:30");
    EXPECT_EQ(bar.plain_line(), std::nullopt);
}

TEST(FileLinesTest, HaveABarAmountAndNameForEachFile) {
    const std::vector<FileProgress> files = {{"/d/whole", 10, 10, true},
                                             {"/d/half", 5, 10, false},
                                             {"/d/empty", 0, 0, false},
                                             {"/d/unknown", 0, std::nullopt, false},
                                             {"/d/grown", 20, 10, false}};
    EXPECT_EQ(file_lines(files, 80, 9),
              (std::vector<std::string>{"100% [####################] 10 B of 10 B  whole",
                                        " 50% [##########          ] 5 B of 10 B  half",
                                        "100% [####################] 0 B of 0 B  empty",
                                        "  0% [                    ] 0 B  unknown",
                                        "100% [####################] 20 B of 10 B  grown"}));
}

TEST(FileLinesTest, BeginWithTheFileThatIsFetchedWhereTheTerminalIsTooSmall) {
    std::vector<FileProgress> files(6, {"/d/f", 1, 1, true});
    for (std::size_t i = 0; i < files.size(); ++i) files[i].local_name += std::to_string(i);
    const auto first = [&] { return file_lines(files, 80, 3).front().back(); };
    EXPECT_EQ(first(), '3');
    files[4] = {"/d/f4", 1, 2, false};
    EXPECT_EQ(first(), '3');
    files[1] = {"/d/f1", 1, 2, false};
    EXPECT_EQ(first(), '1');
    EXPECT_EQ(file_lines(files, 80, 3).size(), 3U);
    EXPECT_EQ(file_lines(files, 80, 9).size(), 6U);
}

TEST(FileLinesTest, AreCutAtCharactersAndKeepTheCursorWhereItIs) {
    const std::vector<FileProgress> files = {{"/d/\xC3\xA4\xC3\xB6\n\x1b[2J", 0, {}, false}};
    EXPECT_EQ(file_lines(files, 34, 1).front(), "  0% [                    ] 0 B  \xC3\xA4");
    EXPECT_EQ(file_lines(files, 80, 1).front(),
              "  0% [                    ] 0 B  \xC3\xA4\xC3\xB6??[2J");
}

TEST(RedrawnTest, GoesBackToTheFirstLineAndClearsWhatIsLeft) {
    EXPECT_EQ(redrawn({"a"}, 0), "\ra\x1b[K");
    EXPECT_EQ(redrawn({"a", "b"}, 1), "\ra\x1b[K\n\rb\x1b[K");
    EXPECT_EQ(redrawn({"a", "b"}, 2), "\r\x1b[1Aa\x1b[K\n\rb\x1b[K");
    EXPECT_EQ(redrawn({"a"}, 3), "\r\x1b[2Aa\x1b[K\x1b[J");
    EXPECT_EQ(redrawn({}, 2), "\r\x1b[1A\x1b[J");
}

}  // namespace
}  // namespace qmgr
