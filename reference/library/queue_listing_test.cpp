#include "reference/library/queue_listing.hpp"

#include <gtest/gtest.h>

#include "reference/adapters/sample_records.hpp"
#include "reference/adapters/sqlite_journal.hpp"
#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

// 29 / 100 * 100 in binary fractions is a little less than 29.
TEST(ListQueue, TellsThePercentThatGetProgressTells) {
    const TemporaryFolder folder;
    FileRecord file = plain_file(1, 0);
    file.size = 100;
    file.synced = 29;
    {
        SqliteJournal journal(folder.path("queue.db"));
        ASSERT_EQ(journal.open(), OpenResult::Ok);
        ASSERT_EQ(journal.commit({sample_queue(), plain_group(1), file}), HResult::Ok);
    }
    const QueueListing listing = list_queue(folder.path(""));
    ASSERT_EQ(listing.groups.size(), 1U) << listing.error;
    EXPECT_EQ(listing.groups[0].percent, 29U);
}

}  // namespace
}  // namespace qmgr
