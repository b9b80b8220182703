// Many machines do the work of one: each of n processes with GoogleTest's variables for shards does
// its part, no two do the same, and nothing is left out.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace qmgr::propertytests {
namespace {

using Words = std::multiset<std::string>;

struct Run {
    int status = -1;
    std::vector<std::string> lines;
};

/// What a shell's command prints, errors included. Variables of shards that this test itself was
/// started with do not count.
Run run_of(const std::string& command) {
    const std::string line =
        "unset GTEST_TOTAL_SHARDS GTEST_SHARD_INDEX GTEST_SHARD_STATUS_FILE; " + command + " 2>&1";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(line.c_str(), "r"), pclose);
    Run run;
    std::string text;
    std::array<char, 4096> bytes{};
    for (std::size_t count = 0;
         (count = std::fread(bytes.data(), 1, bytes.size(), pipe.get())) > 0;)
        text.append(bytes.data(), count);
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        run.lines.push_back(text.substr(0, end));
        text.erase(0, end + 1);
    }
    return run;
}

std::string shard(int index, int count) {
    return "GTEST_TOTAL_SHARDS=" + std::to_string(count) +
           " GTEST_SHARD_INDEX=" + std::to_string(index) + " ";
}

/// The names of the tests that passed.
Words passed(const Run& run) {
    constexpr std::string_view ok = "[       OK ] ";
    Words names;
    for (const std::string& line : run.lines)
        if (line.starts_with(ok))
            names.insert(line.substr(ok.size(), line.rfind(" (") - ok.size()));
    return names;
}

/// How RapidCheck says that it draws.
std::set<std::string> configurations(const Run& run) {
    std::set<std::string> lines;
    for (const std::string& line : run.lines)
        if (line.starts_with("Using configuration: ")) lines.insert(line);
    return lines;
}

class PropertyProgram : public testing::TestWithParam<int> {};

// Few cases a property: which tests are run is looked at, not what they find.
TEST_P(PropertyProgram, DoesInItsShardsExactlyWhatItDoesAlone) {
    const std::string program = "RC_PARAMS='seed=7 max_success=2' '" QMGR_PROPERTY_TESTS "'";
    const Run alone = run_of(program);
    const Words whole = passed(alone);
    ASSERT_GT(whole.size(), 1U);
    ASSERT_EQ(configurations(alone).size(), 1U);
    Words together;
    std::size_t busy = 0;
    for (int i = 0; i < GetParam(); ++i) {
        const Run part = run_of(shard(i, GetParam()) + program);
        const Words names = passed(part);
        if (!names.empty()) {
            ++busy;
            EXPECT_EQ(configurations(part), configurations(alone)) << "drawn from another seed";
        }
        together.insert(names.begin(), names.end());
    }
    EXPECT_EQ(together, whole);
    EXPECT_EQ(busy, std::min<std::size_t>(whole.size(), static_cast<std::size_t>(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Shards, PropertyProgram, testing::Values(2, 3, 16));

}  // namespace
}  // namespace qmgr::propertytests
