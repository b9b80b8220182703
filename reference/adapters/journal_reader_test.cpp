#include "reference/adapters/journal_reader.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "reference/adapters/sample_records.hpp"
#include "reference/adapters/sqlite_journal.hpp"
#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A process that has the journal open, with the sample in it, until this object ends.
class OpenElsewhere {
  public:
    explicit OpenElsewhere(const std::string& path) {
        std::array<int, 2> ready{};
        EXPECT_EQ(::pipe2(ready.data(), O_CLOEXEC), 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            SqliteJournal journal(path);
            const bool good =
                journal.open() == OpenResult::Ok && succeeded(journal.commit(sample_changes()));
            static_cast<void>(::write(ready[1], good ? "y" : "n", 1));
            for (;;) ::pause();
        }
        char good = 0;
        EXPECT_EQ(::read(ready[0], &good, 1), 1);
        EXPECT_EQ(good, 'y');
        for (const int end : ready) ::close(end);
    }
    OpenElsewhere(const OpenElsewhere&) = delete;
    OpenElsewhere& operator=(const OpenElsewhere&) = delete;
    ~OpenElsewhere() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    int pid() const { return pid_; }

  private:
    pid_t pid_ = -1;
};

class JournalReaderTest : public testing::Test {
  protected:
    void put(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
    void fill() const {
        SqliteJournal journal(path_);
        ASSERT_EQ(journal.open(), OpenResult::Ok);
        ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
    }
    /// Every file in the folder with its bytes.
    std::map<std::string, std::string> content() const {
        std::map<std::string, std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path(""))) {
            std::ostringstream bytes;
            bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
            files[entry.path().filename()] = bytes.str();
        }
        return files;
    }

    TemporaryFolder folder_;
    const std::string path_ = folder_.path("queue.db");
};

TEST_F(JournalReaderTest, ReadsWhatNobodyHasOpenAndLeavesItAsItIs) {
    fill();
    const auto before = content();
    const JournalReading reading = read_journal(path_);
    EXPECT_EQ(reading.result, ReadResult::Ok) << reading.error;
    EXPECT_EQ(reading.records, sample_records());
    EXPECT_EQ(reading.owner, std::nullopt);
    EXPECT_EQ(content(), before);
}

TEST_F(JournalReaderTest, ReadsWhatAnotherProcessHasOpenAndTellsWhich) {
    const OpenElsewhere elsewhere(path_);
    const auto before = content();
    ASSERT_TRUE(before.contains("queue.db-wal"));
    const JournalReading reading = read_journal(path_);
    EXPECT_EQ(reading.result, ReadResult::Ok) << reading.error;
    EXPECT_EQ(reading.records, sample_records());
    ASSERT_TRUE(reading.owner);
    EXPECT_EQ(reading.owner->pid, elsewhere.pid());
    EXPECT_EQ(reading.owner->program, "adapters_test");
    EXPECT_EQ(content(), before);
    // It is still locked.
    SqliteJournal second(path_);
    EXPECT_EQ(second.open(), OpenResult::Busy);
}

TEST_F(JournalReaderTest, ReadsWhatACrashLeft) {
    { const OpenElsewhere elsewhere(path_); }
    const auto before = content();
    ASSERT_TRUE(before.contains("queue.db-wal"));
    const JournalReading reading = read_journal(path_);
    EXPECT_EQ(reading.records, sample_records());
    EXPECT_EQ(reading.owner, std::nullopt);
    EXPECT_EQ(content(), before);
}

// Of a process that commits without an end, each time the same two groups with another number.
[[noreturn]] void commit_for_ever(const std::string& path) {
    SqliteJournal journal(path);
    journal.open();
    for (std::uint32_t turn = 1;; ++turn) {
        GroupRecord one = plain_group(1);
        GroupRecord other = full_group(2);
        one.error_count = turn;
        other.error_count = turn;
        other.properties.description.assign(turn % 20'000, 'x');  // several pages
        journal.commit({one, other});
    }
}

TEST_F(JournalReaderTest, ReadsOneMomentOfAJournalThatIsBeingWritten) {
    fill();
    const pid_t writer = ::fork();
    if (writer == 0) commit_for_ever(path_);
    int read = 0;
    std::uint32_t last = 0;
    // 30: enough for a log to begin anew between two of them.
    for (int i = 0; i < 30; ++i) {
        const JournalReading reading = read_journal(path_);
        if (reading.result != ReadResult::Ok) continue;
        ++read;
        ASSERT_EQ(reading.records.groups.size(), 3U);
        const std::uint32_t turn = reading.records.groups[0].error_count;
        if (turn == 0) continue;
        EXPECT_EQ(reading.records.groups[1].error_count, turn);
        EXPECT_GE(turn, last);
        last = turn;
    }
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    EXPECT_GT(read, 0);
    EXPECT_GT(last, 0U);
}

TEST_F(JournalReaderTest, AFileThatIsNotThereIsMissing) {
    EXPECT_EQ(read_journal(path_).result, ReadResult::Missing);
    EXPECT_EQ(read_journal(folder_.path("no/queue.db")).result, ReadResult::Missing);
    EXPECT_TRUE(content().empty());
}

TEST_F(JournalReaderTest, AnEmptyFileHoldsNothing) {
    put("");
    const JournalReading reading = read_journal(path_);
    EXPECT_EQ(reading.result, ReadResult::Ok);
    EXPECT_EQ(reading.records, Records{});
    EXPECT_EQ(content().size(), 1U);
}

TEST_F(JournalReaderTest, AFileOfSomethingElseStaysWhereItIs) {
    put(std::string(600, 'x') + " not a database, but a letter\n");
    const auto before = content();
    const JournalReading reading = read_journal(path_);
    EXPECT_EQ(reading.result, ReadResult::NotAJournal);
    EXPECT_EQ(reading.error, path_ + ": is no journal (file is not a database)");
    EXPECT_EQ(content(), before);
}

TEST_F(JournalReaderTest, WhatIsNoFileIsNoJournal) {
    std::filesystem::create_directory(path_);
    EXPECT_EQ(read_journal(path_).result, ReadResult::NotAJournal);
    std::filesystem::remove(path_);
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    EXPECT_EQ(read_journal(path_).error, path_ + ": is no file");
}

TEST_F(JournalReaderTest, NothingIsLeftInTheFolderForTemporaryFiles) {
    fill();
    const std::string temporary = folder_.path("temporary");
    std::filesystem::create_directory(temporary);
    const char* const before = ::getenv("TMPDIR");
    const std::string old = before != nullptr ? before : "";
    ::setenv("TMPDIR", temporary.c_str(), 1);
    EXPECT_EQ(read_journal(path_).records, sample_records());
    EXPECT_TRUE(std::filesystem::is_empty(temporary));
    ::setenv("TMPDIR", (temporary + "/missing").c_str(), 1);
    EXPECT_EQ(read_journal(path_).result, ReadResult::CannotRead);
    before != nullptr ? ::setenv("TMPDIR", old.c_str(), 1) : ::unsetenv("TMPDIR");
}

}  // namespace
}  // namespace qmgr
