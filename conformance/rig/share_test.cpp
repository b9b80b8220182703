#include "conformance/rig/share.hpp"

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

TEST(SeedsFromText, AreOneOrARange) {
    EXPECT_EQ(seeds_from_text("7", "--seeds"), (SeedRange{7, 1}));
    EXPECT_EQ(seeds_from_text("7..7", "--seeds"), (SeedRange{7, 1}));
    EXPECT_EQ(seeds_from_text("1..1000", "--seeds"), (SeedRange{1, 1000}));
    EXPECT_EQ(seeds_from_text("1..18446744073709551615", "--seeds"), (SeedRange{1, UINT64_MAX}));
    EXPECT_EQ(to_text(SeedRange{7, 1}), "7..7");
    EXPECT_EQ(to_text(SeedRange{1, UINT64_MAX}), "1..18446744073709551615");
    EXPECT_EQ(to_text(SeedRange{1, 0}), "");
}

TEST(SeedsFromText, RefuseWhatIsNoRange) {
    for (const char* text : {"", "..", "1..", "..2", "2..1", "1...2", "1-2", "-1..2", "a",
                             "0..18446744073709551615", "18446744073709551616"})
        EXPECT_THROW(seeds_from_text(text, "--seeds"), InputError) << text;
}

// Each begins where the one before it ends, so they are disjoint and together the whole.
TEST(PartOfSeeds, IsOneOfRangesThatFollowEachOther) {
    for (const SeedRange all : {SeedRange{5, 0}, SeedRange{5, 1}, SeedRange{5, 7},
                                SeedRange{1, 1000}, SeedRange{1, UINT64_MAX}}) {
        for (const std::uint64_t count : {1U, 2U, 3U, 7U, 16U}) {
            std::uint64_t next = all.first;
            for (std::uint64_t i = 0; i < count; ++i) {
                const SeedRange part = part_of(all, {i, count});
                EXPECT_EQ(part.first, next);
                EXPECT_LE(part.count - all.count / count, 1U);
                next += part.count;
            }
            EXPECT_EQ(next, all.first + all.count) << count << " parts of " << all.count;
        }
    }
}

}  // namespace
}  // namespace qmgr::inline v0::conformance
