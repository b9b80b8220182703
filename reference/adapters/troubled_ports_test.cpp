#include "reference/adapters/troubled_ports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/adapters/disk_file_store.hpp"
#include "reference/adapters/memory_journal.hpp"
#include "reference/adapters/memory_store.hpp"
#include "reference/adapters/recording_sink.hpp"
#include "reference/adapters/sample_records.hpp"
#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

constexpr FetchId kFetch{3};

TEST(FailingJournal, FailsWhileItIsToldToAndKeepsWhatItHad) {
    MemoryJournal real;
    RecordingSink sink;
    Machine machine;
    FailingJournal journal(real, machine);
    EXPECT_EQ(journal.commit(sample_changes()), HResult::Ok);
    machine.take(surroundings::JournalFails{true}, sink);
    Records records;
    EXPECT_EQ(journal.load(records), HResult::IoDevice);
    EXPECT_EQ(journal.commit({RemoveGroup{{1}}}), HResult::IoDevice);
    EXPECT_EQ(records, Records{});
    machine.take(surroundings::JournalFails{false}, sink);
    EXPECT_EQ(journal.load(records), HResult::Ok);
    EXPECT_EQ(records, sample_records());
}

TEST(FillableFileStore, IsFullWhileItIsToldToBe) {
    MemoryStore real;
    RecordingSink sink;
    Machine machine;
    FillableFileStore store(real, machine, sink);
    EXPECT_EQ(store.examine({}, "/f"), HResult::Ok);
    EXPECT_EQ(store.begin_body({kFetch, {}, "part", 0, 9}), HResult::Ok);
    EXPECT_EQ(store.write(kFetch, "ab", 2), HResult::Ok);
    machine.take(surroundings::DiskFull{true}, sink);
    EXPECT_EQ(store.write(kFetch, "cd", 2), HResult::DiskFull);
    machine.take(surroundings::DiskFull{false}, sink);
    EXPECT_EQ(store.write(kFetch, "ef", 2), HResult::Ok);
    store.end_body(kFetch);
    EXPECT_EQ(store.write(kFetch, "gh", 2), HResult::IoDevice);
    EXPECT_EQ(real.bytes(kFetch), "abef");
}

TEST(FillableFileStore, MakesNoNewPartWhileItIsFull) {
    const TemporaryFolder folder;
    RecordingSink sink;
    DiskFileStore real(sink, Policy());
    Machine machine;
    FillableFileStore store(real, machine, sink);
    const action::CreatePart first{{{1}, 0}, folder.path("BIT0.tmp"), PartClaim::New};
    const action::CreatePart second{{{1}, 1}, folder.path("BIT1.tmp"), PartClaim::New};
    store.create_part(first);
    machine.take(surroundings::DiskFull{true}, sink);
    store.create_part(second);
    store.create_part({first.file, first.path, PartClaim::Ours});  // it is there
    EXPECT_THAT(sink.all<event::PartCreated>(),
                testing::ElementsAre(event::PartCreated{first.file, HResult::Ok, 0},
                                     event::PartCreated{second.file, HResult::DiskFull, 0},
                                     event::PartCreated{first.file, HResult::Ok, 0}));
}

}  // namespace
}  // namespace qmgr
