// Style in numbers, and words that are refused with the replacement named. What a formatter or a
// linter can say is theirs (./run tidy).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/meta/source_text.hpp"

namespace qmgr::meta {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kFunctionLines = 70;
constexpr std::size_t kFileLines = 700;

/// A word of code that is refused. A place is the beginning of a path, or its end.
struct Banned {
    std::string_view word;
    std::string_view instead;
    Texts allowed_in = {};
    Texts banned_in = {};  ///< empty: everywhere
};

constexpr std::string_view kTakeNow =
    "take the time from the Clock port, or as an Instant handed in";
constexpr std::string_view kWait =
    "wait for the event itself; in the world run_for, outside the pipe the loopback rig's one wait";
constexpr std::string_view kSeed = "use the seeded generator that the world or the test hands in";
constexpr std::string_view kOrdered = "use std::map or std::set: order must not depend on hashing";

// Where real sockets wait for real time, where a report says how long a case took and what day it
// is, and where a browser is timed.
constexpr Texts kRealTime = {"reference/adapters/", "fakeserver/server/", "conformance/loopback/",
                             "conformance/app/runner.cpp", "traces/picture/chromium_test.cpp"};

constexpr std::array kBanned = {
    Banned{"system_clock", kTakeNow, kRealTime},
    Banned{"steady_clock", kTakeNow, kRealTime},
    Banned{"high_resolution_clock", kTakeNow, kRealTime},
    Banned{"sleep_for", kWait},
    Banned{"sleep_until", kWait},
    Banned{"usleep", kWait},
    Banned{"nanosleep", kWait},
    Banned{"rand(", kSeed},
    Banned{"srand(", kSeed},
    Banned{"random_device", kSeed, {"/main.cpp"}},
    Banned{"unordered_map", kOrdered, {}, {"reference/engine/", "conformance/world/"}},
    Banned{"unordered_set", kOrdered, {}, {"reference/engine/", "conformance/world/"}},
    Banned{"std::function", "return an Action, or take a template", {}, {"reference/engine/"}},
};

bool is_in(std::string_view path, const Texts& places) {
    return std::any_of(used(places).begin(), used(places).end(), [path](std::string_view place) {
        return path.starts_with(place) || path.ends_with(place);
    });
}

std::string at(const SourceFile& file, std::size_t line) {
    return file.path + ":" + std::to_string(line);
}

/// Characters of a line of UTF-8: every byte that does not go on with one.
std::size_t columns(std::string_view line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

const std::vector<SourceFile>& sources() {
    static const std::vector<SourceFile> all = project_sources();
    return all;
}

TEST(Tidy, NoLineIsLongerThan100Columns) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        std::size_t number = 0;
        for (const std::string_view line : lines_of(file.text)) {
            ++number;
            if (columns(line) > kColumns) {
                wrong.push_back(at(file, number) + ": " + std::to_string(columns(line)));
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

TEST(Tidy, NoFunctionIsLongerThan70Lines) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        for (const Function& function : functions_of(file.text)) {
            if (function.lines > kFunctionLines) {
                wrong.push_back(at(file, function.line) + ": " + std::to_string(function.lines) +
                                " lines: " + function.head);
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

TEST(Tidy, NoFileIsLongerThan700Lines) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        const std::size_t lines = lines_of(file.text).size();
        if (lines > kFileLines) wrong.push_back(file.path + ": " + std::to_string(lines));
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

TEST(Tidy, NoBannedWordStandsOutsideItsPlace) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        const std::string code = code_only(file.text);
        for (const Banned& banned : kBanned) {
            if (is_in(file.path, banned.allowed_in)) continue;
            if (!used(banned.banned_in).empty() && !is_in(file.path, banned.banned_in)) continue;
            for (const std::size_t line : lines_with(code, banned.word)) {
                wrong.push_back(at(file, line) + ": " + std::string(banned.word) + ": " +
                                std::string(banned.instead));
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

TEST(Tidy, NoTypeIsNamedManagerHelperUtilOrHandler) {
    // A queue manager is what is built here, and a mock of one is called so too.
    const std::regex name(R"(\b(?:class|struct|enum|union|concept|using)\s+(\w+))");
    const std::regex empty_word("(?:Manager|Helper|Util|Handler)s?$");
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        const std::string code = code_only(file.text);
        for (std::sregex_iterator it(code.begin(), code.end(), name), end; it != end; ++it) {
            const std::string type = (*it)[1];
            if (!std::regex_search(type, empty_word) || type.ends_with("QueueManager")) continue;
            const auto offset = code.begin() + it->position();
            const auto line = static_cast<std::size_t>(std::count(code.begin(), offset, '\n'));
            wrong.push_back(at(file, line + 1) + ": " + type + ": say what it does");
        }
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

TEST(Tidy, HeadersOfWhatIsPromisedVersionTheirNames) {
    constexpr auto promised =
        std::to_array<std::string_view>({"reference/contract/", "reference/library/", "fakeserver/",
                                         "traces/", "conformance/rig/", "conformance/world/"});
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        // What the fuzz targets share is not installed, and they stand in other folders.
        if (!file.path.ends_with(".hpp") || file.path.ends_with("fuzz_target.hpp") ||
            std::none_of(promised.begin(), promised.end(),
                         [&](std::string_view folder) { return file.path.starts_with(folder); })) {
            continue;
        }
        const std::string code = code_only(file.text);
        for (const std::size_t line : lines_with(code, "namespace qmgr")) {
            if (!lines_of(code)[line - 1].starts_with("namespace qmgr::inline v0")) {
                wrong.push_back(at(file, line));
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << "namespace qmgr::inline v0 (docs/decisions/0013):" << list(wrong);
}

TEST(Tidy, NothingUnfinishedIsMarkedInTheSource) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        for (const std::string_view mark : {"TO"
                                            "DO",
                                            "FIX"
                                            "ME",
                                            "XX"
                                            "X"}) {
            for (const std::size_t line : lines_with(file.text, mark)) {
                wrong.push_back(at(file, line) + ": " + std::string(mark) +
                                ": finish it, or open an issue");
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

TEST(Tidy, NoTabStandsInTheSource) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        std::size_t number = 0;
        for (const std::string_view line : lines_of(file.text)) {
            ++number;
            if (line.find('\t') != std::string_view::npos) wrong.push_back(at(file, number));
        }
    }
    EXPECT_TRUE(wrong.empty()) << "four spaces:" << list(wrong);
}

}  // namespace
}  // namespace qmgr::meta
