// Many machines do the work of one: each of n processes with GoogleTest's variables for shards does
// its part, no two do the same, and nothing is left out.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace qmgr::propertytests {
namespace {

using Words = std::multiset<std::string>;

using Lines = std::vector<std::string>;

/// What a command of a shell prints, errors included; the test fails if it does. Variables of
/// shards that this test itself was started with do not count.
Lines printed_by(const std::string& command) {
    const std::string line =
        "unset GTEST_TOTAL_SHARDS GTEST_SHARD_INDEX GTEST_SHARD_STATUS_FILE; " + command + " 2>&1";
    FILE* const pipe = popen(line.c_str(), "r");
    std::string text;
    std::array<char, 4096> bytes{};
    for (std::size_t count = 0; (count = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
        text.append(bytes.data(), count);
    pclose(pipe);
    Lines lines;
    std::istringstream input(text);
    for (std::string one; std::getline(input, one);) lines.push_back(one);
    return lines;
}

std::string shard(int index, int count) {
    return "GTEST_TOTAL_SHARDS=" + std::to_string(count) +
           " GTEST_SHARD_INDEX=" + std::to_string(index) + " ";
}

/// The names of the tests that were run.
Words tests(const Lines& lines) {
    constexpr std::string_view begun = "[ RUN      ] ";
    Words names;
    for (const std::string& line : lines)
        if (line.starts_with(begun)) names.insert(line.substr(begun.size()));
    return names;
}

/// How RapidCheck says that it draws.
std::set<std::string> configurations(const Lines& lines) {
    std::set<std::string> told;
    for (const std::string& line : lines)
        if (line.starts_with("Using configuration: ")) told.insert(line);
    return told;
}

/// The runs that a swarm did, with what was drawn for them.
Words runs(const Lines& lines) {
    Words found;
    for (const std::string& line : lines)
        if (line.starts_with("run ")) found.insert(line);
    return found;
}

class PropertyProgram : public testing::TestWithParam<int> {};

// Few cases a property, and without the test that draws most and nothing from RapidCheck: it is
// looked at which tests are run.
TEST_P(PropertyProgram, DoesInItsShardsExactlyWhatItDoesAlone) {
    const std::string program =
        "GTEST_FILTER=-CoverageOfBehaviour.* "
        "RC_PARAMS='seed=7 max_success=2' '" QMGR_PROPERTY_TESTS "'";
    const Lines alone = printed_by(program);
    const Words whole = tests(alone);
    ASSERT_GT(whole.size(), 1U);
    ASSERT_EQ(configurations(alone).size(), 1U);
    Words together;
    std::set<std::string> drawn_from;  // by the parts that have properties
    std::size_t busy = 0;
    for (int i = 0; i < GetParam(); ++i) {
        const Lines part = printed_by(shard(i, GetParam()) + program);
        const Words names = tests(part);
        if (!names.empty()) ++busy;
        drawn_from.merge(configurations(part));
        together.insert(names.begin(), names.end());
    }
    EXPECT_EQ(together, whole);
    EXPECT_EQ(drawn_from, configurations(alone)) << "drawn from another seed";
    EXPECT_EQ(busy, std::min<std::size_t>(whole.size(), static_cast<std::size_t>(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Shards, PropertyProgram, testing::Values(2, 3, 16));

class SwarmProgram : public testing::TestWithParam<int> {};

TEST_P(SwarmProgram, DoesInItsShardsExactlyWhatItDoesAlone) {
    const std::string program =
        "'" QMGR_SWARM "' --seed 7 --first 5 --runs 12 --commands 20 --each";
    const Words whole = runs(printed_by(program));
    ASSERT_EQ(std::set<std::string>(whole.begin(), whole.end()).size(), 12U);
    Words together;
    for (int i = 0; i < GetParam(); ++i) {
        const Words part = runs(printed_by(shard(i, GetParam()) + program));
        together.insert(part.begin(), part.end());
    }
    EXPECT_EQ(together, whole);
}

INSTANTIATE_TEST_SUITE_P(Shards, SwarmProgram, testing::Values(2, 5, 16));

// Engines that know no shards hand out ranges.
TEST(SwarmRanges, AreTogetherTheRangeThatTheyArePartsOf) {
    const auto range = [](int first, int count) {
        return runs(printed_by("'" QMGR_SWARM "' --seed 7 --commands 20 --each --first " +
                               std::to_string(first) + " --runs " + std::to_string(count)));
    };
    Words together = range(0, 5);
    together.merge(range(5, 3));
    together.merge(range(8, 4));
    EXPECT_EQ(together, range(0, 12));
}

}  // namespace
}  // namespace qmgr::propertytests
