#include "reference/adapters/disk_file_store.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "reference/adapters/file_calls.hpp"
#include "reference/adapters/recording_sink.hpp"
#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr FileRef kFile{{7}, 2};
constexpr FetchId kFetch{31};
const Caller kCaller{"u1", false};

/// A policy under which nothing is synced unless it is asked for.
Policy never_by_itself() {
    Policy policy;
    policy.sync_interval = std::chrono::hours(1);
    policy.sync_bytes = 1ULL << 40U;
    return policy;
}

class DiskFileStoreTest : public testing::Test {
  protected:
    std::string path(const std::string& name) const { return folder_.path(name); }

    void put(const std::string& name, const std::string& bytes) const {
        std::ofstream(path(name), std::ios::binary) << bytes;
    }

    std::string bytes_of(const std::string& name) const {
        std::ifstream file(path(name), std::ios::binary);
        std::ostringstream bytes;
        bytes << file.rdbuf();
        return bytes.str();
    }

    bool exists(const std::string& name) const { return std::filesystem::exists(path(name)); }

    action::StoreBody body(std::uint64_t offset, const std::string& name = "BIT1.tmp") const {
        return {kFetch, kFile, path(name), offset, 1000};
    }

    HResult write(DiskFileStore& store, const std::string& bytes) const {
        return store.write(kFetch, bytes.data(), bytes.size());
    }

    HResult commit(const action::CommitFile& file) {
        DiskFileStore store(sink_, Policy{});
        store.commit_file(file);
        return sink_.wait_for<event::FileCommitted>([](const auto&) { return true; }).result;
    }

    HResult sync(const action::SyncPart& part) {
        DiskFileStore store(sink_, never_by_itself());
        store.sync_part(part);
        return sink_.wait_for<event::PartSynced>([](const auto&) { return true; }).result;
    }

    TemporaryFolder folder_;
    RecordingSink sink_;
};

// ---- examine ------------------------------------------------------------------------------------

TEST_F(DiskFileStoreTest, FindsAWritableDirectory) {
    DiskFileStore store(sink_, Policy{});
    EXPECT_EQ(store.examine(kCaller, path("new.bin")), HResult::Ok);
}

TEST_F(DiskFileStoreTest, FindsNoPathWhereADirectoryIsMissingOrIsAFile) {
    put("file", "x");
    DiskFileStore store(sink_, Policy{});
    EXPECT_EQ(store.examine(kCaller, path("missing/new.bin")), HResult::PathNotFound);
    EXPECT_EQ(store.examine(kCaller, path("file/new.bin")), HResult::PathNotFound);
    EXPECT_EQ(store.examine(kCaller, path(std::string("a\0b", 3))), HResult::PathNotFound);
}

TEST_F(DiskFileStoreTest, IsRefusedADirectoryWithoutTheRightToWrite) {
    if (::geteuid() == 0) GTEST_SKIP() << "the superuser is refused nothing";
    ASSERT_EQ(::chmod(path("").c_str(), 0500), 0);
    DiskFileStore store(sink_, Policy{});
    EXPECT_EQ(store.examine(kCaller, path("new.bin")), HResult::AccessDenied);
    ASSERT_EQ(::chmod(path("").c_str(), 0700), 0);
}

// ---- create_part --------------------------------------------------------------------------------

TEST_F(DiskFileStoreTest, CreatesAnEmptyPart) {
    DiskFileStore store(sink_, Policy{});
    store.create_part({kFile, path("BIT1.tmp"), PartClaim::New});
    EXPECT_THAT(sink_.events(), ElementsAre(Event(event::PartCreated{kFile, HResult::Ok, 0})));
    EXPECT_TRUE(exists("BIT1.tmp"));
}

TEST_F(DiskFileStoreTest, LeavesAFileAloneThatIsNotOurs) {
    put("BIT1.tmp", "theirs");
    DiskFileStore store(sink_, Policy{});
    store.create_part({kFile, path("BIT1.tmp"), PartClaim::New});
    EXPECT_THAT(sink_.events(),
                ElementsAre(Event(event::PartCreated{kFile, HResult::FileExists, 0})));
    EXPECT_EQ(bytes_of("BIT1.tmp"), "theirs");
}

TEST_F(DiskFileStoreTest, TakesOverAPartOfOursWithItsBytes) {
    put("BIT1.tmp", "12345");
    DiskFileStore store(sink_, Policy{});
    store.create_part({kFile, path("BIT1.tmp"), PartClaim::Ours});
    EXPECT_THAT(sink_.events(), ElementsAre(Event(event::PartCreated{kFile, HResult::Ok, 5})));
    EXPECT_EQ(bytes_of("BIT1.tmp"), "12345");
}

TEST_F(DiskFileStoreTest, ReportsAMissingDirectoryAndAnythingThatIsNoFile) {
    std::filesystem::create_symlink("elsewhere", path("BIT2.tmp"));
    DiskFileStore store(sink_, Policy{});
    store.create_part({kFile, path("missing/BIT1.tmp"), PartClaim::New});
    store.create_part({kFile, path("BIT2.tmp"), PartClaim::Ours});
    EXPECT_THAT(sink_.events(),
                ElementsAre(Event(event::PartCreated{kFile, HResult::PathNotFound, 0}),
                            Event(event::PartCreated{kFile, HResult::IoDevice, 0})));
    EXPECT_FALSE(exists("elsewhere"));
}

// ---- bodies -------------------------------------------------------------------------------------

TEST_F(DiskFileStoreTest, CutsThePartAtTheOffsetAndWritesFromThere) {
    put("BIT1.tmp", "0123456789");
    DiskFileStore store(sink_, never_by_itself());
    ASSERT_EQ(store.begin_body(body(4)), HResult::Ok);
    EXPECT_EQ(bytes_of("BIT1.tmp"), "0123");
    EXPECT_EQ(write(store, "ab"), HResult::Ok);
    EXPECT_EQ(write(store, "c"), HResult::Ok);
    EXPECT_EQ(bytes_of("BIT1.tmp"), "0123abc");
}

TEST_F(DiskFileStoreTest, RefusesABodyForAPartThatIsMissingOrTooShort) {
    put("BIT1.tmp", "0123");
    DiskFileStore store(sink_, never_by_itself());
    EXPECT_EQ(store.begin_body(body(5)), HResult::IoDevice);
    EXPECT_EQ(store.begin_body(body(0, "BIT2.tmp")), HResult::FileNotFound);
    EXPECT_EQ(store.begin_body(body(0, "missing/BIT1.tmp")), HResult::PathNotFound);
    EXPECT_EQ(write(store, "a"), HResult::IoDevice);
    EXPECT_EQ(bytes_of("BIT1.tmp"), "0123");
}

TEST_F(DiskFileStoreTest, WritesNothingAfterTheBodyEnded) {
    put("BIT1.tmp", "");
    DiskFileStore store(sink_, never_by_itself());
    store.end_body(kFetch);
    ASSERT_EQ(store.begin_body(body(0)), HResult::Ok);
    ASSERT_EQ(write(store, "a"), HResult::Ok);
    store.end_body(kFetch);
    store.end_body(kFetch);
    EXPECT_EQ(write(store, "b"), HResult::IoDevice);
    EXPECT_EQ(bytes_of("BIT1.tmp"), "a");
}

TEST_F(DiskFileStoreTest, LetsNoWriteOfAnotherThreadSlipPastTheEndOfTheBody) {
    put("BIT1.tmp", "");
    Policy policy = never_by_itself();
    policy.sync_bytes = 1;  // the first sync tells that the writer is at work
    DiskFileStore store(sink_, policy);
    ASSERT_EQ(store.begin_body(body(0)), HResult::Ok);
    std::thread writer([&] {
        const std::string piece(100'000, 'x');
        while (succeeded(write(store, piece))) continue;
    });
    sink_.wait_for<event::PartSynced>([](const auto&) { return true; });
    store.end_body(kFetch);
    const auto size = std::filesystem::file_size(path("BIT1.tmp"));
    writer.join();
    EXPECT_EQ(std::filesystem::file_size(path("BIT1.tmp")), size);
}

TEST_F(DiskFileStoreTest, ReportsAFullDisk) {
    if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full here";
    const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    EXPECT_EQ(write_at(full, 0, "a", 1), HResult::DiskFull);
}

// ---- durability ---------------------------------------------------------------------------------

TEST_F(DiskFileStoreTest, SyncsByItselfAfterTheInterval) {
    Policy policy = never_by_itself();
    policy.sync_interval = std::chrono::milliseconds(1);
    DiskFileStore store(sink_, policy);
    store.create_part({kFile, path("BIT1.tmp"), PartClaim::New});
    ASSERT_EQ(store.begin_body(body(0)), HResult::Ok);
    ASSERT_EQ(write(store, "abc"), HResult::Ok);
    const event::PartSynced all{kFile, kFetch, 3, HResult::Ok};
    EXPECT_EQ(sink_.wait_for<event::PartSynced>([](const auto& one) { return one.length == 3; }),
              all);
    ASSERT_EQ(write(store, "de"), HResult::Ok);
    EXPECT_EQ(
        sink_.wait_for<event::PartSynced>([](const auto& one) { return one.length == 5; }).result,
        HResult::Ok);
}

TEST_F(DiskFileStoreTest, SyncsByItselfAfterSoManyBytes) {
    Policy policy = never_by_itself();
    policy.sync_bytes = 4;
    put("BIT1.tmp", "0123456789");
    DiskFileStore store(sink_, policy);
    ASSERT_EQ(store.begin_body(body(10)), HResult::Ok);
    ASSERT_EQ(write(store, "abc"), HResult::Ok);
    ASSERT_EQ(write(store, "d"), HResult::Ok);
    const event::PartSynced all{kFile, kFetch, 14, HResult::Ok};
    EXPECT_EQ(sink_.wait_for<event::PartSynced>([](const auto&) { return true; }), all);
}

TEST_F(DiskFileStoreTest, SyncsTheLastBytesOfABodyThatEnded) {
    Policy policy = never_by_itself();
    policy.sync_interval = std::chrono::milliseconds(1);
    put("BIT1.tmp", "");
    DiskFileStore store(sink_, policy);
    ASSERT_EQ(store.begin_body(body(0)), HResult::Ok);
    ASSERT_EQ(write(store, "abc"), HResult::Ok);
    store.end_body(kFetch);
    EXPECT_EQ(
        sink_.wait_for<event::PartSynced>([](const auto& one) { return one.length == 3; }).fetch,
        kFetch);
}

TEST_F(DiskFileStoreTest, SyncsWhatAnEarlierFetchLeftUnsynced) {
    Policy policy = never_by_itself();
    put("BIT1.tmp", "");
    policy.sync_interval = std::chrono::milliseconds(200);
    DiskFileStore store(sink_, policy);
    ASSERT_EQ(store.begin_body(body(0)), HResult::Ok);
    ASSERT_EQ(write(store, "abcdef"), HResult::Ok);
    store.end_body(kFetch);
    const FetchId next{kFetch.value + 1};
    ASSERT_EQ(store.begin_body({next, kFile, path("BIT1.tmp"), 4, 9}), HResult::Ok);
    const auto synced = sink_.wait_for<event::PartSynced>([](const auto&) { return true; });
    // On a slow machine the first fetch's own sync may have come before.
    if (synced.fetch == next) {
        EXPECT_EQ(synced.length, 4);
    }
}

TEST_F(DiskFileStoreTest, IsSilentWhenNothingNewWasWritten) {
    Policy policy;
    policy.sync_interval = std::chrono::milliseconds(1);
    put("BIT1.tmp", "01");
    put("BIT2.tmp", "");
    DiskFileStore store(sink_, policy);
    ASSERT_EQ(store.begin_body(body(2)), HResult::Ok);
    const FileRef other{{8}, 0};
    const FetchId others{32};
    ASSERT_EQ(store.begin_body({others, other, path("BIT2.tmp"), 0, 9}), HResult::Ok);
    ASSERT_EQ(store.write(others, "x", 1), HResult::Ok);
    sink_.wait_for<event::PartSynced>([&](const auto& one) { return one.file == other; });
    store.end_body(kFetch);
    store.end_body(others);
    EXPECT_THAT(sink_.events(),
                ElementsAre(Event(event::PartSynced{other, others, 1, HResult::Ok})));
}

TEST_F(DiskFileStoreTest, SyncsAWholePartWhenAsked) {
    put("BIT1.tmp", "12345");
    EXPECT_EQ(sync({kFile, kFetch, path("BIT1.tmp"), 5}), HResult::Ok);
    EXPECT_THAT(sink_.all<event::PartSynced>(),
                ElementsAre(event::PartSynced{kFile, kFetch, 5, HResult::Ok}));
}

TEST_F(DiskFileStoreTest, CutsALongerPartWhenItIsSynced) {
    put("BIT1.tmp", "12345");
    EXPECT_EQ(sync({kFile, kFetch, path("BIT1.tmp"), 0}), HResult::Ok);
    EXPECT_EQ(bytes_of("BIT1.tmp"), "");
}

TEST_F(DiskFileStoreTest, CannotSyncAPartThatIsMissingOrTooShort) {
    put("BIT1.tmp", "12345");
    EXPECT_EQ(sync({kFile, kFetch, path("BIT1.tmp"), 6}), HResult::IoDevice);
}

TEST_F(DiskFileStoreTest, CannotSyncAMissingPart) {
    EXPECT_EQ(sync({kFile, kFetch, path("BIT1.tmp"), 0}), HResult::FileNotFound);
}

// ---- commit_file --------------------------------------------------------------------------------

TEST_F(DiskFileStoreTest, RenamesThePartOverItsDestinationWithTheServersDate) {
    put("BIT1.tmp", "new bytes");
    put("done.bin", "old");
    EXPECT_EQ(
        commit({kFile, path("BIT1.tmp"), path("done.bin"), 9, "Wed, 04 Sep 2024 02:15:41 GMT"}),
        HResult::Ok);
    EXPECT_EQ(bytes_of("done.bin"), "new bytes");
    EXPECT_FALSE(exists("BIT1.tmp"));
    struct stat status {};
    ASSERT_EQ(::stat(path("done.bin").c_str(), &status), 0);
    EXPECT_EQ(status.st_mtim.tv_sec, 1725416141);
    EXPECT_EQ(status.st_mtim.tv_nsec, 0);
}

TEST_F(DiskFileStoreTest, LeavesTheTimeStampWithoutAReadableDate) {
    put("BIT1.tmp", "x");
    struct stat before {};
    ASSERT_EQ(::stat(path("BIT1.tmp").c_str(), &before), 0);
    EXPECT_EQ(commit({kFile, path("BIT1.tmp"), path("done.bin"), 1, "yesterday"}), HResult::Ok);
    struct stat after {};
    ASSERT_EQ(::stat(path("done.bin").c_str(), &after), 0);
    EXPECT_EQ(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
    EXPECT_EQ(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
}

TEST_F(DiskFileStoreTest, NeverShowsAReaderAnythingButOneOfTheTwoVersions) {
    put("done.bin", "old");
    const Descriptor reader(::open(path("done.bin").c_str(), O_RDONLY | O_CLOEXEC));
    put("BIT1.tmp", "longer");
    ASSERT_EQ(commit({kFile, path("BIT1.tmp"), path("done.bin"), 6, std::nullopt}), HResult::Ok);
    std::string seen(10, '\0');
    const ssize_t count = ::pread(reader.number(), seen.data(), seen.size(), 0);
    EXPECT_EQ(seen.substr(0, static_cast<std::size_t>(count)), "old");
}

TEST_F(DiskFileStoreTest, AfterACrashAMissingPartBesideADestinationOfThatSizeCountsAsRenamed) {
    put("done.bin", "123");
    EXPECT_EQ(commit({kFile, path("BIT1.tmp"), path("done.bin"), 3, std::nullopt, true}),
              HResult::Ok);
}

TEST_F(DiskFileStoreTest, MissesAPartBesideADestinationOfAnotherSize) {
    put("done.bin", "1234");
    EXPECT_EQ(commit({kFile, path("BIT1.tmp"), path("done.bin"), 3, std::nullopt, true}),
              HResult::FileNotFound);
}

TEST_F(DiskFileStoreTest, WithoutACrashAMissingPartIsNeverTakenForRenamed) {
    put("done.bin", "123");
    EXPECT_EQ(commit({kFile, path("BIT1.tmp"), path("done.bin"), 3, std::nullopt, false}),
              HResult::FileNotFound);
}

TEST_F(DiskFileStoreTest, KeepsThePartWhenTheRenameFails) {
    put("BIT1.tmp", "123");
    std::filesystem::create_directory(path("done.bin"));
    EXPECT_EQ(commit({kFile, path("BIT1.tmp"), path("done.bin"), 3, std::nullopt}),
              HResult::IoDevice);
    EXPECT_EQ(bytes_of("BIT1.tmp"), "123");
}

TEST_F(DiskFileStoreTest, DoesNotPublishAPartOfAnotherSize) {
    put("BIT1.tmp", "1234");
    EXPECT_EQ(commit({kFile, path("BIT1.tmp"), path("done.bin"), 3, std::nullopt}),
              HResult::IoDevice);
    EXPECT_FALSE(exists("done.bin"));
}

TEST_F(DiskFileStoreTest, ReplacesNoPipe) {
    put("BIT1.tmp", "abc");
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    EXPECT_EQ(commit({kFile, path("BIT1.tmp"), path("pipe"), 3, std::nullopt, false}),
              HResult::AccessDenied);
    EXPECT_TRUE(std::filesystem::is_fifo(path("pipe")));
    EXPECT_TRUE(std::filesystem::exists(path("BIT1.tmp")));
}

// ---- discard_part -------------------------------------------------------------------------------

TEST_F(DiskFileStoreTest, RemovesAPartAndEndsItsBody) {
    DiskFileStore store(sink_, never_by_itself());
    store.create_part({kFile, path("BIT1.tmp"), PartClaim::New});
    ASSERT_EQ(store.begin_body(body(0)), HResult::Ok);
    store.discard_part({kFile, path("BIT1.tmp")});
    EXPECT_FALSE(exists("BIT1.tmp"));
    EXPECT_EQ(write(store, "a"), HResult::IoDevice);
    EXPECT_THAT(sink_.all<event::PartDiscarded>(),
                ElementsAre(event::PartDiscarded{kFile, HResult::Ok}));
}

// A cancel may come in the same turn as the part's creation, before that was told to have failed.
TEST_F(DiskFileStoreTest, RemovesAnEmptyFileUnderANewNameOnlyIfItHasMadeIt) {
    put("BIT0.tmp", "");
    DiskFileStore store(sink_, never_by_itself());
    store.create_part({kFile, path("BIT0.tmp"), PartClaim::New});
    store.discard_part({kFile, path("BIT0.tmp"), PartClaim::New});
    EXPECT_TRUE(exists("BIT0.tmp"));
    store.create_part({kFile, path("BIT1.tmp"), PartClaim::New});
    store.discard_part({kFile, path("BIT1.tmp"), PartClaim::New});
    EXPECT_FALSE(exists("BIT1.tmp"));
    store.create_part({kFile, path("BIT1.tmp"), PartClaim::New});
    store.create_part({kFile, path("BIT0.tmp"), PartClaim::New});
    store.discard_part({kFile, path("BIT0.tmp"), PartClaim::New});
    EXPECT_TRUE(exists("BIT0.tmp"));
    EXPECT_THAT(sink_.all<event::PartDiscarded>(),
                testing::Each(event::PartDiscarded{kFile, HResult::Ok}));
}

TEST_F(DiskFileStoreTest, TakesAMissingPartForDiscarded) {
    std::filesystem::create_directory(path("BIT2.tmp"));
    DiskFileStore store(sink_, never_by_itself());
    store.discard_part({kFile, path("missing/BIT1.tmp")});
    store.discard_part({kFile, path("BIT2.tmp")});
    EXPECT_THAT(sink_.all<event::PartDiscarded>(),
                ElementsAre(event::PartDiscarded{kFile, HResult::Ok},
                            event::PartDiscarded{kFile, HResult::IoDevice}));
}

TEST_F(DiskFileStoreTest, SaysNothingOfAFileOnceItIsDiscarded) {
    put("BIT1.tmp", "12345");
    DiskFileStore store(sink_, never_by_itself());
    store.sync_part({kFile, kFetch, path("BIT1.tmp"), 5});
    store.discard_part({kFile, path("BIT1.tmp")});
    const FileRef other{{8}, 0};
    store.sync_part({other, kFetch, path("BIT2.tmp"), 0});
    sink_.wait_for<event::PartSynced>([&](const auto& one) { return one.file == other; });
    const std::vector<Event> events = sink_.events();
    const auto discarded =
        std::find(events.begin(), events.end(), Event(event::PartDiscarded{kFile, HResult::Ok}));
    ASSERT_NE(discarded, events.end());
    EXPECT_EQ(
        std::find(discarded, events.end(), Event(event::PartSynced{kFile, kFetch, 5, HResult::Ok})),
        events.end());
}

}  // namespace
}  // namespace qmgr
