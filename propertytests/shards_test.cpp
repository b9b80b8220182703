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
    EXPECT_EQ(pclose(pipe), 0) << command << "\n" << text;
    Lines lines;
    std::istringstream input(text);
    for (std::string one; std::getline(input, one);) lines.push_back(one);
    return lines;
}

std::string shard(int index, int count) {
    return "GTEST_TOTAL_SHARDS=" + std::to_string(count) +
           " GTEST_SHARD_INDEX=" + std::to_string(index) + " ";
}

/// The names of the tests that passed.
Words passed(const Lines& lines) {
    constexpr std::string_view ok = "[       OK ] ";
    Words names;
    for (const std::string& line : lines)
        if (line.starts_with(ok))
            names.insert(line.substr(ok.size(), line.rfind(" (") - ok.size()));
    return names;
}

/// How RapidCheck says that it draws.
std::set<std::string> configurations(const Lines& lines) {
    std::set<std::string> told;
    for (const std::string& line : lines)
        if (line.starts_with("Using configuration: ")) told.insert(line);
    return told;
}

class PropertyProgram : public testing::TestWithParam<int> {};

// Few cases a property: which tests are run is looked at, not what they find.
TEST_P(PropertyProgram, DoesInItsShardsExactlyWhatItDoesAlone) {
    const std::string program = "RC_PARAMS='seed=7 max_success=2' '" QMGR_PROPERTY_TESTS "'";
    const Lines alone = printed_by(program);
    const Words whole = passed(alone);
    ASSERT_GT(whole.size(), 1U);
    ASSERT_EQ(configurations(alone).size(), 1U);
    Words together;
    std::set<std::string> drawn_from;  // by the parts that have properties
    std::size_t busy = 0;
    for (int i = 0; i < GetParam(); ++i) {
        const Lines part = printed_by(shard(i, GetParam()) + program);
        const Words names = passed(part);
        if (!names.empty()) ++busy;
        drawn_from.merge(configurations(part));
        together.insert(names.begin(), names.end());
    }
    EXPECT_EQ(together, whole);
    EXPECT_EQ(drawn_from, configurations(alone)) << "drawn from another seed";
    EXPECT_EQ(busy, std::min<std::size_t>(whole.size(), static_cast<std::size_t>(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Shards, PropertyProgram, testing::Values(2, 3, 16));

}  // namespace
}  // namespace qmgr::propertytests
