#include "reference/adapters/memory_journal.hpp"

#include <gtest/gtest.h>

#include "reference/adapters/sample_records.hpp"

namespace qmgr {
namespace {

TEST(MemoryJournal, GivesBackEveryRecordInOrder) {
    MemoryJournal journal;
    ASSERT_EQ(journal.commit(sample_changes()), HResult::Ok);
    Records records;
    ASSERT_EQ(journal.load(records), HResult::Ok);
    EXPECT_EQ(records, sample_records());
}

TEST(MemoryJournal, ReplacesRecordsAndRemovesGroupsWithTheirFiles) {
    MemoryJournal journal(sample_records());
    GroupRecord second = plain_group(2);
    second.state = DurableState::Complete;
    ASSERT_EQ(journal.commit({second, RemoveGroup{{1}}, RemoveGroup{{99}}}), HResult::Ok);
    const Records expected{sample_queue(), {second, plain_group(7)}, {plain_file(7, 0)}};
    EXPECT_EQ(journal.records(), expected);
}

}  // namespace
}  // namespace qmgr
