#include "conformance/rig/shard.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "reference/contract/input_error.hpp"

namespace qmgr::inline v0::conformance {
namespace {

TEST(ShardFromText, CountsFromOne) {
    EXPECT_EQ(shard_from_text("1/3", "--shard"), (Shard{0, 3}));
    EXPECT_EQ(shard_from_text("3/3", "--shard"), (Shard{2, 3}));
}

TEST(ShardFromText, RefusesWhatIsNoPart) {
    for (const char* text : {"", "1", "0/3", "4/3", "1/0", "a/b", "1/3/5", "-1/3", "1/3x"})
        EXPECT_THROW(shard_from_text(text, "--shard"), InputError) << text;
}

class ShardFromEnvironment : public testing::Test {
  protected:
    void TearDown() override {
        unsetenv("GTEST_TOTAL_SHARDS");
        unsetenv("GTEST_SHARD_INDEX");
        unsetenv("GTEST_SHARD_STATUS_FILE");
    }
    static void set(const char* total, const char* index) {
        setenv("GTEST_TOTAL_SHARDS", total, 1);
        setenv("GTEST_SHARD_INDEX", index, 1);
    }
};

TEST_F(ShardFromEnvironment, IsTakenOutOfIt) {
    EXPECT_EQ(take_shard_from_environment(), std::nullopt);
    set("4", "3");
    EXPECT_EQ(take_shard_from_environment(), (Shard{3, 4}));
    EXPECT_EQ(std::getenv("GTEST_TOTAL_SHARDS"), nullptr);
    EXPECT_EQ(std::getenv("GTEST_SHARD_INDEX"), nullptr);
}

TEST_F(ShardFromEnvironment, IsRefusedWhenItIsNoPart) {
    set("4", "4");
    EXPECT_THROW(take_shard_from_environment(), InputError);
    set("", "0");
    EXPECT_THROW(take_shard_from_environment(), InputError);
    unsetenv("GTEST_SHARD_INDEX");
    setenv("GTEST_TOTAL_SHARDS", "4", 1);
    EXPECT_THROW(take_shard_from_environment(), InputError);
}

TEST_F(ShardFromEnvironment, MakesTheFileByWhichARunnerLearnsThatItIsUnderstood) {
    const std::filesystem::path path =
        std::filesystem::path(testing::TempDir()) / "qmgr_shard_status";
    setenv("GTEST_SHARD_STATUS_FILE", path.c_str(), 1);
    std::filesystem::remove(path);
    take_shard_from_environment();
    EXPECT_FALSE(std::filesystem::exists(path)) << "there are no shards";
    set("2", "1");
    take_shard_from_environment();
    EXPECT_TRUE(std::filesystem::remove(path));
}

TEST_F(ShardFromEnvironment, IsRefusedWhenThatFileCannotBeMade) {
    set("2", "1");
    setenv("GTEST_SHARD_STATUS_FILE", "/nowhere/at/all", 1);
    EXPECT_THROW(take_shard_from_environment(), InputError);
}

}  // namespace
}  // namespace qmgr::inline v0::conformance
