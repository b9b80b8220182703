#include "reference/adapters/journal_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string_view>

#include "reference/adapters/sqlite_journal.hpp"
#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

class JournalFilesTest : public testing::Test {
  protected:
    void put(const std::string& name, std::string_view bytes) const {
        std::ofstream(name, std::ios::binary) << bytes;
    }

    TemporaryFolder folder_;
    const std::string path_ = folder_.path("queue.db");
};

TEST_F(JournalFilesTest, ALogOfSqliteIsNotForeign) {
    SqliteJournal journal(path_);
    ASSERT_EQ(journal.open(), OpenResult::Ok);
    EXPECT_FALSE(has_foreign_log(path_));
    EXPECT_EQ(torn_beyond_notice(path_), "");
}

TEST_F(JournalFilesTest, ALogThatWasNeverSyncedIsNotForeign) {
    put(path_, "anything");
    EXPECT_FALSE(has_foreign_log(path_));
    put(path_ + "-wal", "");
    EXPECT_FALSE(has_foreign_log(path_));
    put(path_ + "-wal", std::string(8192, '\0'));
    EXPECT_FALSE(has_foreign_log(path_));
}

TEST_F(JournalFilesTest, ALogWithAWrongMarkOrSumIsForeign) {
    put(path_ + "-wal", "a letter, and longer than the header of a log of SQLite is");
    EXPECT_TRUE(has_foreign_log(path_));
    LogHeader header = {0x37, 0x7f, 0x06, 0x83};
    EXPECT_FALSE(is_log_header(header));
    header[3] = 0x82;
    EXPECT_FALSE(is_log_header(header));
}

TEST_F(JournalFilesTest, ReadsTheSumsOfBothByteOrders) {
    // The first word is 1 in one order; the sums of (1, 0, 0, 0, 0, 0) are Fibonacci numbers.
    LogHeader header = {0x37, 0x7f, 0x06, 0x82};
    const std::uint32_t word = 0x82067f37;  // the mark, read backwards
    header[24] = 0x82;
    header[28] = 0x82;
    const auto store = [&](std::size_t begin, std::uint32_t value) {
        for (std::size_t i = 0; i < 4; ++i)
            header[begin + i] = static_cast<unsigned char>(value >> (24 - 8 * i));
    };
    store(24, 5 * word);  // 1, 2, 5 and 1, 3, 8: every second Fibonacci number
    store(28, 8 * word);
    EXPECT_TRUE(is_log_header(header));
    header[3] = 0x83;
    store(24, 5 * 0x377f0683U);
    store(28, 8 * 0x377f0683U);
    EXPECT_TRUE(is_log_header(header));
    header[31] ^= 1U;
    EXPECT_FALSE(is_log_header(header));
}

TEST_F(JournalFilesTest, AnEmptyJournalBesideAFullLogIsTorn) {
    put(path_, "");
    EXPECT_EQ(torn_beyond_notice(path_), "");
    put(path_ + "-wal", "not empty");
    EXPECT_EQ(torn_beyond_notice(path_), "empty, but its log is not");
}

TEST_F(JournalFilesTest, AJournalShorterThanAPageIsTorn) {
    put(path_, "x");
    EXPECT_EQ(torn_beyond_notice(path_), "too short for a database");
    put(path_, std::string(511, 'x'));
    EXPECT_EQ(torn_beyond_notice(path_), "too short for a database");
    put(path_, std::string(512, 'x'));
    EXPECT_EQ(torn_beyond_notice(path_), "");
}

TEST_F(JournalFilesTest, RightsOfOthersAreTakenAway) {
    for (const char* suffix : {"", "-wal"}) {
        put(path_ + suffix, "x");
        ASSERT_EQ(::chmod((path_ + suffix).c_str(), 0644), 0);
    }
    make_private(path_);
    for (const char* suffix : {"", "-wal"}) {
        struct stat status {};
        ASSERT_EQ(::stat((path_ + suffix).c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U);
    }
}

TEST_F(JournalFilesTest, OnlyAFileThatIsThereIsLocked) {
    EXPECT_FALSE(lock_against_others(path_).is_open());
    put(path_, "");
    EXPECT_TRUE(lock_against_others(path_).is_open());
}

}  // namespace
}  // namespace qmgr
