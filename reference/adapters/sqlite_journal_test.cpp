#include "reference/adapters/sqlite_journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "reference/adapters/memory_journal.hpp"
#include "reference/adapters/sample_records.hpp"
#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

using testing::HasSubstr;

constexpr HResult kInUse = from_win32(32);
constexpr HResult kCorrupt = from_win32(1392);

class SqliteJournalTest : public testing::Test {
  protected:
    std::string path(const std::string& name = "queue.db") const { return folder_.path(name); }

    Records load(SqliteJournal& journal) const {
        Records records;
        EXPECT_EQ(journal.load(records), HResult::Ok) << journal.error();
        return records;
    }
    /// What a new journal object finds in the file.
    Records reload() const {
        SqliteJournal journal(path());
        return load(journal);
    }
    void fill() const {
        SqliteJournal journal(path());
        load(journal);
        ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
    }
    void put(const std::string& bytes) const { std::ofstream(path(), std::ios::binary) << bytes; }
    std::string bytes_of(const std::string& file) const {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        return bytes.str();
    }
    void run(const char* sql) const {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(path().c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(database);
        sqlite3_close(database);
    }
    /// Refused once and kept aside, then begun anew.
    void expect_set_aside() const {
        SqliteJournal journal(path());
        Records records = sample_records();
        EXPECT_EQ(journal.load(records), kCorrupt);
        EXPECT_EQ(records, sample_records());
        EXPECT_THAT(journal.error(), HasSubstr(path() + ".unreadable-1"));
        EXPECT_EQ(journal.error().find('\n'), std::string::npos);
        EXPECT_TRUE(std::filesystem::exists(path() + ".unreadable-1"));
        EXPECT_FALSE(std::filesystem::exists(path()));
        EXPECT_EQ(load(journal), Records{});
        EXPECT_EQ(journal.commit(sample_changes()), HResult::Ok);
    }

    TemporaryFolder folder_;
};

TEST_F(SqliteJournalTest, BeginsEmptyAndReadableForItsOwnerOnly) {
    SqliteJournal journal(path());
    EXPECT_EQ(load(journal), Records{});
    ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
    for (const std::string& name : {path(), path() + "-wal"}) {
        struct stat status {};
        ASSERT_EQ(::stat(name.c_str(), &status), 0) << name;
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
    }
}

TEST_F(SqliteJournalTest, GivesBackEveryRecordAfterReopening) {
    fill();
    EXPECT_EQ(reload(), sample_records());
}

TEST_F(SqliteJournalTest, GivesBackEveryRecordAfterACrash) {
    SqliteJournal journal(path());
    load(journal);
    ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
    for (const char* suffix : {"", "-wal"})  // what a crash leaves behind
        std::filesystem::copy_file(path() + suffix, path("crashed.db") + suffix);
    SqliteJournal crashed(path("crashed.db"));
    EXPECT_EQ(load(crashed), sample_records());
}

TEST_F(SqliteJournalTest, ReplacesRecordsAndRemovesGroupsWithTheirFiles) {
    fill();
    {
        SqliteJournal journal(path());
        load(journal);
        ASSERT_EQ(journal.commit({RemoveGroup{{1}}, plain_group(2), RemoveGroup{{99}}}),
                  HResult::Ok);
    }
    const Records expected{sample_queue(), {plain_group(2), plain_group(7)}, {plain_file(7, 0)}};
    EXPECT_EQ(reload(), expected);
}

TEST_F(SqliteJournalTest, HoldsWhatAMemoryJournalHolds) {
    std::mt19937 random(20240904);  // any fixed seed
    const auto below = [&](std::uint32_t limit) {
        return static_cast<std::uint32_t>(random() % limit);
    };
    MemoryJournal memory;
    SqliteJournal journal(path());
    load(journal);
    for (int turn = 0; turn < 50; ++turn) {
        std::vector<Change> changes;
        for (std::uint32_t n = 0; n < 1 + below(5); ++n) {
            const std::uint64_t group = 1 + below(4);
            const std::array<Change, 5> choice = {plain_group(group), full_group(group),
                                                  plain_file(group, below(3)),
                                                  full_file(group, below(3)), RemoveGroup{{group}}};
            changes.push_back(choice[below(5)]);
        }
        ASSERT_EQ(memory.commit(changes), HResult::Ok);
        ASSERT_EQ(journal.commit(changes), HResult::Ok);
    }
    EXPECT_EQ(load(journal), memory.records());
}

TEST_F(SqliteJournalTest, IsOneQueueManagersAlone) {
    SqliteJournal first(path());
    load(first);
    SqliteJournal second(path());
    EXPECT_EQ(second.open(), OpenResult::Busy);
    EXPECT_THAT(second.error(), HasSubstr("in use"));
    Records records;
    EXPECT_EQ(second.load(records), kInUse);
    EXPECT_EQ(second.commit(sample_changes()), HResult::IoDevice);
    ASSERT_EQ(first.commit(sample_changes()), HResult::Ok);
    EXPECT_EQ(load(first), sample_records());
}

TEST_F(SqliteJournalTest, IsFreeAgainWhenItsObjectIsGone) {
    fill();
    fill();
    EXPECT_EQ(reload(), sample_records());
}

TEST_F(SqliteJournalTest, CannotBeOpenedWithoutItsDirectory) {
    SqliteJournal journal(path("missing/queue.db"));
    EXPECT_EQ(journal.open(), OpenResult::CannotOpen);
    EXPECT_THAT(journal.error(), HasSubstr("cannot be created"));
    Records records;
    EXPECT_EQ(journal.load(records), HResult::PathNotFound);
}

TEST_F(SqliteJournalTest, SetsAsideAShortFileOfSomethingElse) {
    put("x");
    expect_set_aside();
    EXPECT_EQ(bytes_of(path() + ".unreadable-1"), "x");
}

TEST_F(SqliteJournalTest, SetsAsideAFileOfSomethingElse) {
    put("not a database, but a letter\n");
    expect_set_aside();
    EXPECT_EQ(bytes_of(path() + ".unreadable-1"), "not a database, but a letter\n");
}

TEST_F(SqliteJournalTest, SetsAsideADatabaseOfSomethingElse) {
    run("CREATE TABLE letters(text); INSERT INTO letters VALUES ('dear')");
    const std::string before = bytes_of(path());
    expect_set_aside();
    EXPECT_EQ(bytes_of(path() + ".unreadable-1"), before);
}

TEST_F(SqliteJournalTest, SetsAsideATornJournal) {
    fill();
    std::string bytes = bytes_of(path());
    ASSERT_GT(bytes.size(), 3 * 4096U);
    std::fill(bytes.begin() + 4096, bytes.end(), '\x5A');
    put(bytes);
    expect_set_aside();
}

TEST_F(SqliteJournalTest, SetsAsideAJournalThatIsCutShort) {
    fill();
    put(bytes_of(path()).substr(0, 2 * 4096));
    expect_set_aside();
}

TEST_F(SqliteJournalTest, SetsAsideAJournalWithAValueItCannotRead) {
    fill();
    run("UPDATE groups SET state = 'Dreaming' WHERE number = 2");
    expect_set_aside();
}

TEST_F(SqliteJournalTest, SetsAsideAJournalWhoseColumnsHoldSomethingElse) {
    for (const char* change :
         {"groups SET owner = x'00'", "groups SET id = 'no guid'", "groups SET job_id = 'none'",
          "groups SET error_count = -1", "groups SET error_count = 4294967296",
          "groups SET error_count = 'many'", "groups SET failing_since_ms = 1.5",
          "files SET remote_name = x'00'", "files SET size = 'big'",
          "queue SET next_part = 4294967296"}) {
        SCOPED_TRACE(change);
        fill();
        run((std::string("UPDATE ") + change).c_str());
        expect_set_aside();
        for (const char* name : {"", ".unreadable-1"}) std::filesystem::remove(path() + name);
    }
}

TEST_F(SqliteJournalTest, CannotBeOpenedWhereAForeignFileCannotBeSetAside) {
    const std::string name(245, 'q');  // with the suffix it is longer than a name may be
    std::ofstream(path(name)) << "something else";
    SqliteJournal journal(path(name));
    EXPECT_EQ(journal.open(), OpenResult::CannotOpen);
    EXPECT_THAT(journal.error(), HasSubstr("cannot be renamed: File name too long"));
    Records records;
    EXPECT_EQ(journal.load(records), HResult::IoDevice);
    EXPECT_EQ(bytes_of(path(name)), "something else");
}

TEST_F(SqliteJournalTest, SetsAsideAJournalThatIsCutInsideItsFirstPage) {
    fill();
    const std::string whole = bytes_of(path());
    for (const std::size_t length : {1U, 50U, 100U, 1000U, 4095U}) {
        put(whole.substr(0, length));
        SqliteJournal journal(path());
        EXPECT_EQ(journal.open(), OpenResult::NotAJournal) << length << ": " << journal.error();
        EXPECT_EQ(bytes_of(path() + ".unreadable-1"), whole.substr(0, length));
        std::filesystem::remove(path() + ".unreadable-1");
    }
}

TEST_F(SqliteJournalTest, SetsAsideAJournalBesideTheLogOfSomethingElse) {
    fill();
    const std::string letter = "a letter, and longer than the header of a log of SQLite is";
    std::ofstream(path() + "-wal") << letter;
    expect_set_aside();
    EXPECT_EQ(bytes_of(path() + ".unreadable-1-wal"), letter);
}

TEST_F(SqliteJournalTest, SetsAsideALogWhoseJournalWasLost) {
    std::string log;
    {
        SqliteJournal journal(path());
        load(journal);
        ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
        log = bytes_of(path() + "-wal");
    }
    ASSERT_FALSE(log.empty());
    std::filesystem::remove(path());
    std::ofstream(path() + "-wal") << log;
    expect_set_aside();
    EXPECT_EQ(bytes_of(path() + ".unreadable-1-wal"), log);
}

TEST_F(SqliteJournalTest, TakesTheWholeCommitsOfALogThatBreaksOff) {
    SqliteJournal journal(path());
    load(journal);
    ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
    const std::string before = bytes_of(path() + "-wal");
    ASSERT_EQ(journal.commit({RemoveGroup{{1}}}), HResult::Ok);
    const std::string after = bytes_of(path() + "-wal");
    ASSERT_LT(before.size(), after.size());
    for (const std::string& log :
         {before + after.substr(before.size(), 100), before + std::string(9000, '\x5A')}) {
        std::filesystem::copy_file(path(), path("torn.db"),
                                   std::filesystem::copy_options::overwrite_existing);
        std::ofstream(path("torn.db-wal"), std::ios::binary) << log;
        SqliteJournal torn(path("torn.db"));
        EXPECT_EQ(load(torn), sample_records());
    }
}

TEST_F(SqliteJournalTest, OpensNothingThatIsNoFile) {
    std::filesystem::create_directory(path());
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    for (const std::string& name : {path(), path("pipe")}) {
        SqliteJournal journal(name);
        EXPECT_EQ(journal.open(), OpenResult::CannotOpen);
        EXPECT_EQ(journal.error(), name + ": cannot be opened: is no file");
        EXPECT_TRUE(std::filesystem::exists(name));
    }
}

// Of a user who may not do everything, also when the tests are run by one who may.
bool holds_for_an_ordinary_user(const std::function<bool()>& what) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        constexpr uid_t nobody = 65534;
        if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(2);
        ::_exit(what() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(SqliteJournalTest, SaysWhenItMayNotBeWritten) {
    fill();
    std::filesystem::copy_file(path(), path("readable.db"));
    for (const auto& [name, mode] : {std::pair(path(""), 0755U), std::pair(path(), 0600U),
                                     std::pair(path("readable.db"), 0444U)})
        ASSERT_EQ(::chmod(name.c_str(), mode), 0);
    for (const std::string file : {"readable.db", "missing.db"}) {
        EXPECT_TRUE(holds_for_an_ordinary_user([&] {
            SqliteJournal journal(path(file));
            Records records;
            return journal.open() == OpenResult::CannotOpen &&
                   journal.load(records) == HResult::AccessDenied &&
                   journal.error().starts_with(path(file) + ": cannot be ");
        })) << file;
    }
    EXPECT_EQ(reload(), sample_records());
}

TEST_F(SqliteJournalTest, IsMadePrivateAgainWhenItIsOpened) {
    fill();
    ASSERT_EQ(::chmod(path().c_str(), 0644), 0);
    SqliteJournal journal(path());
    load(journal);
    ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
    for (const std::string& name : {path(), path() + "-wal", path() + "-shm"}) {
        struct stat status {};
        if (::stat(name.c_str(), &status) != 0) continue;
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
    }
}

TEST_F(SqliteJournalTest, KeepsEveryUnreadableFile) {
    for (const std::string name : {"first", "second"}) {
        put(name);
        SqliteJournal journal(path());
        EXPECT_EQ(journal.open(), OpenResult::NotAJournal);
    }
    EXPECT_EQ(bytes_of(path() + ".unreadable-1"), "first");
    EXPECT_EQ(bytes_of(path() + ".unreadable-2"), "second");
}

TEST_F(SqliteJournalTest, LeavesAJournalOfANewerVersionWhereItIs) {
    fill();
    run("PRAGMA user_version = 1000");
    SqliteJournal journal(path());
    EXPECT_EQ(journal.open(), OpenResult::CannotOpen);
    EXPECT_THAT(journal.error(), HasSubstr("newer version"));
    EXPECT_TRUE(std::filesystem::exists(path()));
}

// Files cannot grow while it lives; what a full or a failing disk is to SQLite.
class NoGrowth {
  public:
    NoGrowth() : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &old_);
        const rlimit none{0, old_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    NoGrowth(const NoGrowth&) = delete;
    NoGrowth& operator=(const NoGrowth&) = delete;
    ~NoGrowth() {
        ::setrlimit(RLIMIT_FSIZE, &old_);
        ::signal(SIGXFSZ, old_handler_);
    }

  private:
    void (*old_handler_)(int);
    rlimit old_{};
};

TEST_F(SqliteJournalTest, KeepsNothingOfAFailedCommitAndRecoversWhenLoadedAgain) {
    fill();
    SqliteJournal journal(path());
    load(journal);
    {
        const NoGrowth no_growth;
        EXPECT_EQ(journal.commit({RemoveGroup{{1}}, RemoveGroup{{2}}}), HResult::IoDevice);
        EXPECT_THAT(journal.error(), HasSubstr("cannot be written"));
        EXPECT_EQ(journal.commit({RemoveGroup{{2}}}), HResult::IoDevice);
    }
    EXPECT_EQ(load(journal), sample_records());
    EXPECT_EQ(journal.commit({RemoveGroup{{1}}}), HResult::Ok);
    EXPECT_EQ(load(journal).groups.size(), 2);
}

}  // namespace
}  // namespace qmgr
