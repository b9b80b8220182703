#include "reference/adapters/observed_ports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "reference/adapters/memory_journal.hpp"
#include "reference/adapters/sample_records.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class KeepingObserver final : public QueueObserver {
  public:
    void stepped(Instant at, const Step& step) override { steps.emplace_back(at, step); }
    void stored(const StoredFile& file) override { files.push_back(file); }

    std::vector<std::pair<Instant, Step>> steps;
    std::vector<StoredFile> files;
};

StoredFile stored(const FileRecord& file) {
    return {plain_group(file.group.value).id, file.index, file.synced, file.size, file.committed};
}

TEST(ObservedJournalTest, TellsEveryFileThatWasCommittedWithTheIdOfItsGroup) {
    MemoryJournal memory;
    KeepingObserver observer;
    ObservedJournal journal(memory, &observer);
    ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
    EXPECT_THAT(observer.files, ElementsAre(stored(plain_file(7, 0)), stored(plain_file(1, 1)),
                                            stored(full_file(1, 0))));
    EXPECT_EQ(memory.records(), sample_records());
}

TEST(ObservedJournalTest, TellsEveryFileOfAQueueThatIsOpened) {
    MemoryJournal memory;
    memory.commit(sample_changes());
    KeepingObserver observer;
    ObservedJournal journal(memory, &observer);
    Records records;
    ASSERT_EQ(journal.load(records), HResult::Ok);
    EXPECT_EQ(records, sample_records());
    EXPECT_THAT(observer.files, ElementsAre(stored(full_file(1, 0)), stored(plain_file(1, 1)),
                                            stored(plain_file(7, 0))));
    observer.files.clear();
    journal.commit({RemoveGroup{{1}}, plain_file(7, 0)});
    EXPECT_THAT(observer.files, ElementsAre(stored(plain_file(7, 0))));
}

class BrokenJournal final : public Journal {
  public:
    HResult load(Records& /*records*/) override { return HResult::IoDevice; }
    HResult commit(const std::vector<Change>& /*changes*/) override { return HResult::DiskFull; }
};

TEST(ObservedJournalTest, TellsNothingThatIsNotSafe) {
    BrokenJournal broken;
    KeepingObserver observer;
    ObservedJournal journal(broken, &observer);
    Records records;
    EXPECT_EQ(journal.load(records), HResult::IoDevice);
    EXPECT_EQ(journal.commit(sample_changes()), HResult::DiskFull);
    EXPECT_THAT(observer.files, IsEmpty());
}

TEST(ObservedJournalTest, PassesEverythingOnWhenNobodyObserves) {
    MemoryJournal memory;
    ObservedJournal journal(memory, nullptr);
    Records records;
    EXPECT_EQ(journal.commit(sample_changes()), HResult::Ok);
    EXPECT_EQ(journal.load(records), HResult::Ok);
    EXPECT_EQ(records, sample_records());
    ObservedLog(nullptr).wrote(instant_from_ms(1), {});
}

TEST(ObservedLogTest, TellsEachStepWithItsTime) {
    KeepingObserver observer;
    const Step step{plain_group(1).id, "J-14", "GROUP-RESUME-1", "Suspended", "Queued"};
    ObservedLog(&observer).wrote(instant_from_ms(5), step);
    EXPECT_THAT(observer.steps, ElementsAre(std::pair(instant_from_ms(5), step)));
}

}  // namespace
}  // namespace qmgr
