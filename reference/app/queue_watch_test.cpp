#include "reference/app/queue_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const GroupId kOne{Guid{{1}}};
const GroupId kOther{Guid{{2}}};

StoredFile unknown(GroupId group, FileIndex index) { return {group, index, 0, {}, false}; }

TEST(QueueWatchTest, KeepsTheLatestWordAboutEachFile) {
    QueueWatch watch;
    const StoredFile first{kOne, 0, 10, 100, false};
    const StoredFile second{kOne, 1, 0, std::nullopt, false};
    for (const StoredFile& file : {second, unknown(kOne, 0), first, unknown(kOther, 0)})
        watch.stored(file);
    EXPECT_THAT(watch.files_of(kOne), ElementsAre(first, second));
    EXPECT_THAT(watch.files_of({Guid{{3}}}), IsEmpty());
}

TEST(QueueWatchTest, EndsBeforeAFileNobodyToldOf) {
    QueueWatch watch;
    const StoredFile first = unknown(kOne, 0);
    watch.stored(unknown(kOne, 2));
    EXPECT_THAT(watch.files_of(kOne), IsEmpty());
    watch.stored(first);
    EXPECT_THAT(watch.files_of(kOne), ElementsAre(first));
}

TEST(QueueWatchTest, GivesEachStepOnceAndOnlyWhenItKeepsThem) {
    const Step step{kOne, "J-14", "GROUP-RESUME-1", "Suspended", "Queued"};
    QueueWatch keeping(true);
    keeping.stepped(instant_from_ms(1), step);
    keeping.stepped(instant_from_ms(2), step);
    EXPECT_THAT(keeping.take_steps(), ElementsAre(std::pair(instant_from_ms(1), step),
                                                  std::pair(instant_from_ms(2), step)));
    EXPECT_THAT(keeping.take_steps(), IsEmpty());
    QueueWatch dropping;
    dropping.stepped(instant_from_ms(1), step);
    EXPECT_THAT(dropping.take_steps(), IsEmpty());
}

}  // namespace
}  // namespace qmgr
