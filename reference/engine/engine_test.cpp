// The engine alone: inputs in, actions out. What a client sees of it is the conformance suite's to
// say; here is what only the other side sees: the order of actions, and what the records hold.
#include "reference/engine/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "reference/engine/group_view.hpp"
#include "reference/engine/property_view.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const GroupId kGroup{*guid_from_text("00000000-0000-0000-0000-000000000001")};
const JobId kJob{*guid_from_text("00000000-0000-0000-0000-000000000002")};
const std::string kDate = "Wed, 04 Sep 2024 02:15:41 GMT";
constexpr FileRef kFile{{1}, 0};

std::string kind(const Action& action) {
    constexpr std::array names = {"Persist",  "CreatePart", "StartFetch",  "StoreBody", "StopFetch",
                                  "SyncPart", "CommitFile", "DiscardPart", "Notify",    "Answer"};
    return names.at(action.index());
}

std::vector<std::string> kinds(const Actions& actions) {
    std::vector<std::string> list;
    for (const Action& action : actions.list) list.push_back(kind(action));
    return list;
}

template <class T>
const T& find(const Actions& actions) {
    for (const Action& action : actions.list)
        if (const T* found = std::get_if<T>(&action)) return *found;
    throw std::logic_error("no such action");
}

GroupRecord group_record(DurableState state) {
    GroupRecord record;
    record.number = {1};
    record.id = kGroup;
    record.owner = "u1";
    record.job_id = kJob;
    record.state = state;
    return record;
}

class EngineTest : public testing::Test {
  protected:
    Actions call(const Call& call, std::vector<HResult> directories = {}) {
        return engine.step(CallInput{{++calls}, {"u1", false}, call, std::move(directories)}, now);
    }
    Actions event(const Event& event) { return engine.step(event, now); }
    HResult answer(const Actions& actions) { return find<action::Answer>(actions).reply.hresult; }

    Actions resume_one_file() {
        call(call::CreateGroup{kGroup});
        call(call::CreateJob{group, kJob});
        call(call::AddFiles{job, {{"http://host/a", "/d/a", 0}}}, {HResult::Ok});
        return call(call::ResumeGroup{group});
    }
    Actions head(std::uint64_t size) {
        return event(event::ResponseStarted{
            {1}, 200, {{"Content-Length", std::to_string(size)}, {"Last-Modified", kDate}}});
    }

    Policy policy;
    Engine engine{kDocumentedRules, policy};
    Instant now = instant_from_ms(1'000'000);
    std::uint64_t calls = 0;
    GroupHandle group{1};
    JobHandle job{2};
};

TEST_F(EngineTest, PersistsBeforeItAnswers) {
    const Actions actions = call(call::CreateGroup{kGroup});
    EXPECT_THAT(kinds(actions), ElementsAre("Persist", "Answer"));
}

TEST_F(EngineTest, ACallThatChangesNothingPersistsNothing) {
    call(call::CreateGroup{kGroup});
    EXPECT_THAT(kinds(call(call::GetGroupStatus{group})), ElementsAre("Answer"));
    EXPECT_THAT(kinds(call(call::CreateGroup{kGroup})), ElementsAre("Answer"));
}

TEST_F(EngineTest, ThePartsNameIsDurableBeforeThePartIsCreatedAndThePartBeforeTheFirstRequest) {
    const Actions resumed = resume_one_file();
    EXPECT_THAT(kinds(resumed), ElementsAre("Persist", "CreatePart", "Answer"));
    EXPECT_EQ(find<action::CreatePart>(resumed),
              (action::CreatePart{kFile, "/d/BIT0.tmp", PartClaim::New}));
    const Actions created = event(event::PartCreated{kFile, HResult::Ok, 0});
    EXPECT_THAT(kinds(created), ElementsAre("StartFetch"));
    EXPECT_EQ(find<action::StartFetch>(created).method, "HEAD");
}

TEST_F(EngineTest, ATakenNameIsFollowedByTheNextOne) {
    resume_one_file();
    const Actions again = event(event::PartCreated{kFile, HResult::FileExists, 0});
    EXPECT_THAT(kinds(again), ElementsAre("Persist", "CreatePart"));
    EXPECT_EQ(find<action::CreatePart>(again).path, "/d/BIT1.tmp");
}

TEST_F(EngineTest, WhenEveryNameIsTakenTheFileIsInError) {
    resume_one_file();
    for (int i = 0; i < 65535; ++i) event(event::PartCreated{kFile, HResult::FileExists, 0});
    EXPECT_FALSE(engine.state().groups.at({1}).job.state == JobState::Error);
    event(event::PartCreated{kFile, HResult::FileExists, 0});
    EXPECT_EQ(engine.state().groups.at({1}).job.error.code, HResult::FileExists);
}

TEST_F(EngineTest, ABodyIsStoredOnlyAfterItsHeadWasJudged) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    const Actions get = head(100);
    EXPECT_EQ(find<action::StartFetch>(get).method, "GET");
    const Actions body = event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    EXPECT_EQ(find<action::StoreBody>(body),
              (action::StoreBody{{2}, kFile, "/d/BIT0.tmp", 0, 100}));
    event(event::BytesStored{{2}, 100});
    const Actions ended = event(event::FetchEnded{{2}, std::nullopt});
    EXPECT_THAT(kinds(ended), ElementsAre("SyncPart"));
    const Actions synced = event(event::PartSynced{kFile, {2}, 100, HResult::Ok});
    EXPECT_THAT(kinds(synced), ElementsAre("Persist", "CommitFile"));
    const Actions committed = event(event::FileCommitted{kFile, HResult::Ok});
    EXPECT_THAT(kinds(committed), ElementsAre("Persist"));
    EXPECT_EQ(engine.state().groups.at({1}).job.state, JobState::Complete);
}

TEST_F(EngineTest, CancelPersistsTheIntentDiscardsThePartAndAnswersLast) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    const Actions cancelled = call(call::CancelGroup{group});
    EXPECT_THAT(kinds(cancelled), ElementsAre("Persist", "StopFetch", "DiscardPart", "Answer"));
    const Actions discarded = event(event::PartDiscarded{kFile, HResult::Ok});
    const auto& changes = find<action::Persist>(discarded).changes;
    EXPECT_THAT(changes, ElementsAre(Change(RemoveGroup{{1}})));
}

TEST_F(EngineTest, CancelWithAFinishedFileIsAnsweredInTheStepOfItsRename) {
    call(call::CreateGroup{kGroup});
    call(call::CreateJob{group, kJob});
    call(call::AddFiles{job, {{"http://host/a", "/d/a", 0}, {"http://host/b", "/d/b", 0}}},
         {HResult::Ok, HResult::Ok});
    call(call::ResumeGroup{group});
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(0);
    event(event::PartSynced{kFile, {1}, 0, HResult::Ok});
    const Actions cancelled = call(call::CancelGroup{group});
    EXPECT_THAT(kinds(cancelled), ElementsAre("Persist", "DiscardPart", "CommitFile"));
    EXPECT_EQ(answer(call(call::CancelGroup{group})), HResult::QmInvalidState);
    const Actions renamed = event(event::FileCommitted{kFile, HResult::Ok});
    EXPECT_THAT(kinds(renamed), ElementsAre("Persist", "Answer"));
    EXPECT_EQ(answer(renamed), HResult::Ok);
}

TEST_F(EngineTest, AFailedRenameIsTheAnswerOfCancelAndTheGroupStaysInError) {
    call(call::CreateGroup{kGroup});
    call(call::CreateJob{group, kJob});
    call(call::AddFiles{job, {{"http://host/a", "/d/a", 0}}}, {HResult::Ok});
    call(call::ResumeGroup{group});
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(0);
    call(call::CancelGroup{group});
    const Actions failed = event(event::FileCommitted{kFile, HResult::AccessDenied});
    EXPECT_EQ(answer(failed), HResult::AccessDenied);
    EXPECT_EQ(engine.state().groups.at({1}).job.state, JobState::Error);
    EXPECT_EQ(engine.state().groups.at({1}).job.error.file, 0U);
    const Actions again = call(call::CancelGroup{group});
    EXPECT_THAT(kinds(again), ElementsAre("Persist", "CommitFile"));
}

TEST_F(EngineTest, AFileThatBecameEmptyIsSyncedAndPublished) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    const Actions changed = event(event::ResponseStarted{{2}, 200, {{"Content-Length", "0"}}});
    const auto& sync = find<action::SyncPart>(changed);
    const Actions synced = event(event::PartSynced{kFile, sync.fetch, 0, HResult::Ok});
    EXPECT_EQ(find<action::CommitFile>(synced).size, 0U);
}

TEST_F(EngineTest, APartThatIsLostBeforeItsRenameIsFetchedAgainAfterResume) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(0);
    const Actions synced = event(event::PartSynced{kFile, {1}, 0, HResult::Ok});
    EXPECT_FALSE(find<action::CommitFile>(synced).again);
    event(event::FileCommitted{kFile, HResult::FileNotFound});
    EXPECT_EQ(engine.state().groups.at({1}).job.error.code, HResult::FileNotFound);
    const Actions resumed = call(call::ResumeGroup{group});
    EXPECT_EQ(find<action::CreatePart>(resumed).path, "/d/BIT1.tmp");
    EXPECT_EQ(find<action::CreatePart>(resumed).claim, PartClaim::New);
}

TEST_F(EngineTest, ALostPartDoesNotKeepAGroupFromBeingCancelled) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(0);
    call(call::CancelGroup{group});
    EXPECT_EQ(answer(event(event::FileCommitted{kFile, HResult::FileNotFound})),
              HResult::FileNotFound);
    EXPECT_EQ(answer(call(call::CancelGroup{group})), HResult::Ok);
}

TEST_F(EngineTest, AfterAFailedWriteTheNextAttemptLooksForThePartFirst) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    event(event::BytesStored{{2}, 40});
    event(event::StoreFailed{{2}, HResult::FileNotFound});
    const Actions resumed = call(call::ResumeGroup{group});
    EXPECT_EQ(find<action::CreatePart>(resumed),
              (action::CreatePart{kFile, "/d/BIT0.tmp", PartClaim::Ours}));
    const Actions found = event(event::PartCreated{kFile, HResult::Ok, 0});
    for (const HeaderField& field : find<action::StartFetch>(found).headers)
        EXPECT_NE(field.name, "Range");
}

TEST_F(EngineTest, WithoutSlicesABackgroundTurnNeedsNoTime) {
    policy.inactivity_timeout = Duration(0);
    policy.time_slice = Duration(0);
    resume_one_file();
    EXPECT_EQ(engine.next_wakeup(), std::nullopt);
}

TEST_F(EngineTest, LateEventsOfAnExchangeThatWasStoppedChangeNothing) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    call(call::SuspendGroup{group});
    const QueueState before = engine.state();
    EXPECT_THAT(event(event::ResponseStarted{{2}, 404, {}}).list, IsEmpty());
    EXPECT_THAT(event(event::BytesStored{{2}, 50}).list, IsEmpty());
    EXPECT_THAT(event(event::FetchEnded{{2}, TransportFailure::Interrupted}).list, IsEmpty());
    EXPECT_THAT(event(event::StoreFailed{{2}, HResult::DiskFull}).list, IsEmpty());
    EXPECT_EQ(engine.state(), before);
}

TEST_F(EngineTest, ALateSyncOfAnEarlierExchangeCountsOnlyWhatItsSuccessorDidNotWriteAgain) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    event(event::BytesStored{{2}, 40});
    call(call::SuspendGroup{group});
    call(call::ResumeGroup{group});
    event(event::ResponseStarted{
        {3}, 206, {{"Content-Range", "bytes 40-99/100"}, {"Content-Length", "60"}}});
    event(event::BytesStored{{3}, 30});
    event(event::PartSynced{kFile, {2}, 60, HResult::Ok});
    EXPECT_EQ(engine.state().groups.at({1}).job.files[0].synced, 40U);
    event(event::PartSynced{kFile, {3}, 70, HResult::Ok});
    EXPECT_EQ(engine.state().groups.at({1}).job.files[0].synced, 70U);
}

// Bytes are told of from one thread, syncs from another.
TEST_F(EngineTest, ASyncThatIsToldBeforeItsBytesCountsWhenTheyAre) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    EXPECT_THAT(event(event::PartSynced{kFile, {2}, 60, HResult::Ok}).list, IsEmpty());
    EXPECT_THAT(kinds(event(event::BytesStored{{2}, 40})), ElementsAre("Persist"));
    EXPECT_EQ(engine.state().groups.at({1}).job.files[0].synced, 40U);
    EXPECT_THAT(kinds(event(event::BytesStored{{2}, 40})), ElementsAre("Persist"));
    EXPECT_EQ(engine.state().groups.at({1}).job.files[0].synced, 60U);
}

TEST_F(EngineTest, ASyncOfAVersionThatIsGoneCountsNothing) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    event(event::BytesStored{{2}, 40});
    event(event::FetchEnded{{2}, TransportFailure::Interrupted});
    now += std::chrono::seconds(600);
    event(event::TimeReached{});
    event(event::ResponseStarted{{3}, 412, {}});
    event(event::PartSynced{kFile, {2}, 40, HResult::Ok});
    EXPECT_EQ(engine.state().groups.at({1}).job.files[0].synced, 0U);
}

TEST_F(EngineTest, AfterAnIoErrorOnlySyncedBytesAreBelieved) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    event(event::BytesStored{{2}, 40});
    event(event::PartSynced{kFile, {2}, 25, HResult::Ok});
    event(event::StoreFailed{{2}, HResult::IoDevice});
    EXPECT_EQ(engine.state().groups.at({1}).job.files[0].stored, 25U);
}

TEST_F(EngineTest, TheRetryDelayIsTheOnlyWakeupOfAWaitingGroup) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    event(event::FetchEnded{{1}, TransportFailure::NameNotResolved});
    EXPECT_EQ(engine.next_wakeup(), now + std::chrono::seconds(600));
    now += std::chrono::seconds(600);
    const Actions retried = event(event::TimeReached{});
    EXPECT_THAT(kinds(retried), ElementsAre("StartFetch"));
}

TEST_F(EngineTest, RetryAfterIsALowerBoundUpToOneDay) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    event(event::ResponseStarted{{1}, 503, {{"Retry-After", "3600"}}});
    EXPECT_EQ(engine.next_wakeup(), now + std::chrono::seconds(3600));
    now += std::chrono::seconds(3600);
    event(event::TimeReached{});
    event(event::ResponseStarted{{2}, 503, {{"Retry-After", "9999999"}}});
    EXPECT_EQ(engine.next_wakeup(), now + std::chrono::hours(24));
    now += std::chrono::hours(24);
    event(event::TimeReached{});
    event(event::ResponseStarted{{3}, 503, {{"Retry-After", "1"}}});
    EXPECT_EQ(engine.next_wakeup(), now + std::chrono::seconds(600));
}

TEST_F(EngineTest, BackgroundGroupsTakeTurnsBySlices) {
    resume_one_file();
    const GroupId other{*guid_from_text("00000000-0000-0000-0000-000000000003")};
    const JobId other_job{*guid_from_text("00000000-0000-0000-0000-000000000004")};
    call(call::CreateGroup{other});
    call(call::CreateJob{{3}, other_job});
    call(call::AddFiles{{4}, {{"http://host/b", "/d/b", 0}}}, {HResult::Ok});
    EXPECT_THAT(kinds(call(call::ResumeGroup{{3}})), ElementsAre("Persist", "Answer"));
    event(event::PartCreated{kFile, HResult::Ok, 0});
    now += policy.time_slice;
    const Actions turned = event(event::TimeReached{});
    EXPECT_THAT(kinds(turned), ElementsAre("Persist", "StopFetch", "CreatePart"));
    EXPECT_EQ(engine.state().background_turn, GroupNumber{2});
    EXPECT_EQ(engine.state().groups.at({1}).job.state, JobState::Queued);
}

TEST_F(EngineTest, ASliceGoesOnWhenNobodyWaits) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    now += policy.time_slice;
    EXPECT_THAT(event(event::TimeReached{}).list, IsEmpty());
    EXPECT_EQ(engine.next_wakeup(), now + policy.time_slice);
}

TEST_F(EngineTest, WhatItPersistedIsEnoughToGoOn) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    const Actions body = event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    event(event::BytesStored{{2}, 60});
    const Actions synced = event(event::PartSynced{kFile, {2}, 60, HResult::Ok});
    Records records;
    records.queue = {2, 1, 1};
    records.groups = {group_record(DurableState::Queued)};
    records.files = {std::get<FileRecord>(find<action::Persist>(synced).changes.front())};
    Engine again(kDocumentedRules, policy);
    const Actions restored = again.restore(records, now, {50, 70});
    EXPECT_EQ(find<action::CreatePart>(restored),
              (action::CreatePart{kFile, "/d/BIT0.tmp", PartClaim::Ours}));
    const Actions found = again.step(Event(event::PartCreated{kFile, HResult::Ok, 60}), now);
    const auto& fetch = find<action::StartFetch>(found);
    EXPECT_EQ(fetch.fetch, FetchId{70});
    EXPECT_THAT(fetch.headers, testing::Contains(HeaderField{"Range", "bytes=60-99"}));
    EXPECT_THAT(fetch.headers, testing::Contains(HeaderField{"If-Unmodified-Since", kDate}));
}

TEST_F(EngineTest, APartThatWasCutMeanwhileIsBelievedInsteadOfTheJournal) {
    Records records;
    records.groups = {group_record(DurableState::Queued)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 100, kDate, 60, false}};
    engine.restore(records, now);
    const Actions found = event(event::PartCreated{kFile, HResult::Ok, 10});
    EXPECT_THAT(find<action::StartFetch>(found).headers,
                testing::Contains(HeaderField{"Range", "bytes=10-99"}));
}

TEST_F(EngineTest, ACancelUnderWayIsFinishedAtOpening) {
    Records records;
    records.groups = {group_record(DurableState::Cancelling)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 100, kDate, 100, false},
        {{1}, 1, {"http://host/b", "/d/b", 0}, "", "/d/BIT1.tmp", true, 100, kDate, 60, false}};
    const Actions restored = engine.restore(records, now);
    EXPECT_EQ(find<action::DiscardPart>(restored).path, "/d/BIT1.tmp");
    EXPECT_EQ(find<action::CommitFile>(restored).path, "/d/BIT0.tmp");
    event(event::PartDiscarded{{{1}, 1}, HResult::Ok});
    const Actions renamed = event(event::FileCommitted{kFile, HResult::Ok});
    EXPECT_THAT(find<action::Persist>(renamed).changes, ElementsAre(Change(RemoveGroup{{1}})));
    EXPECT_THAT(engine.state().groups, IsEmpty());
}

TEST_F(EngineTest, APartThatCouldNotBeRemovedKeepsItsGroupInTheJournalForTheNextStart) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    call(call::CancelGroup{group});
    EXPECT_THAT(event(event::PartDiscarded{kFile, HResult::IoDevice}).list, IsEmpty());
    Records records;
    records.groups = {group_record(DurableState::Cancelling)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 100, kDate, 60, false}};
    EXPECT_EQ(find<action::DiscardPart>(engine.restore(records, now)).path, "/d/BIT0.tmp");
}

TEST_F(EngineTest, ARenameThatFailedMayHaveBeenDoneAllTheSame) {
    Records records;
    records.groups = {group_record(DurableState::Publishing)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 100, kDate, 100, false}};
    engine.restore(records, now);
    event(event::FileCommitted{kFile, HResult::IoDevice});
    group = std::get<GroupHandle>(find<action::Answer>(call(call::GetGroup{kGroup})).reply.value);
    const Actions again = call(call::ResumeGroup{group});
    EXPECT_TRUE(find<action::CommitFile>(again).again);
}

TEST_F(EngineTest, AnEmptyPartWhoseNameACrashTookIsMadeAgainBeforeItsRename) {
    Records records;
    records.groups = {group_record(DurableState::Publishing)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 0, kDate, 0, false}};
    const Actions restored = engine.restore(records, now);
    EXPECT_THAT(kinds(restored), ElementsAre("CreatePart", "CommitFile"));
    EXPECT_EQ(find<action::CreatePart>(restored).claim, PartClaim::Ours);
    EXPECT_THAT(event(event::PartCreated{kFile, HResult::Ok, 0}).list, IsEmpty());
}

TEST_F(EngineTest, ACancelledGroupIsForgottenWithItsLastHandle) {
    call(call::CreateGroup{kGroup});
    call(call::CancelGroup{group});
    EXPECT_THAT(engine.state().groups, SizeIs(1));
    call(call::Release{group});
    EXPECT_THAT(engine.state().groups, IsEmpty());
    EXPECT_THAT(engine.state().handles, IsEmpty());
}

TEST_F(EngineTest, EveryStepNamesTheRowAndTheClauseBehindIt) {
    const Actions resumed = resume_one_file();
    ASSERT_THAT(resumed.steps, SizeIs(2));
    EXPECT_EQ(resumed.steps[0], (Step{kGroup, "J-14", "GROUP-RESUME-1", "Suspended", "Queued"}));
    EXPECT_EQ(resumed.steps[1], (Step{kGroup, "J-34", "SCHED-1", "Queued", "Connecting"}));
}

TEST(GroupView, NumbersThatDoNotFitInto32BitsAreToldAsTheClausesSay) {
    Job job;
    File file;
    file.size = 0x1'0000'0000ULL;
    file.stored = 0x1'0000'0000ULL;
    job.files = {file};
    EXPECT_EQ(size_of(job), 0U);              // GROUP-SIZE-2
    EXPECT_EQ(size_done(job), 0xFFFF'FFFFU);  // GROUP-PROG-6
    EXPECT_EQ(percent_done(job), 99U);        // GROUP-PROG-2: complete is 100, this is not
    job.files[0].size = std::numeric_limits<std::uint64_t>::max() / 2;
    job.files[0].stored = std::numeric_limits<std::uint64_t>::max() / 4;
    EXPECT_EQ(percent_done(job), 50U);
}

TEST_F(EngineTest, WhatIsStoredStaysWhenItsDirectoryCannotBeReachedForAWhile) {
    Records records;
    records.groups = {group_record(DurableState::Queued)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 100, kDate, 60, false}};
    engine.restore(records, now);
    event(event::PartCreated{kFile, HResult::PathNotFound, 0});
    ASSERT_EQ(engine.state().groups.at({1}).job.state, JobState::Error);
    const GroupHandle again =
        std::get<GroupHandle>(find<action::Answer>(call(call::GetGroup{kGroup})).reply.value);
    EXPECT_EQ(find<action::CreatePart>(call(call::ResumeGroup{again})),
              (action::CreatePart{kFile, "/d/BIT0.tmp", PartClaim::Ours}));
    const Actions found = event(event::PartCreated{kFile, HResult::Ok, 60});
    EXPECT_THAT(find<action::StartFetch>(found).headers,
                testing::Contains(HeaderField{"Range", "bytes=60-99"}));
}

TEST_F(EngineTest, ANameThatTurnsOutToBeAnothersTakesNothingWithItToTheNextOne) {
    Records records;
    records.groups = {group_record(DurableState::Queued)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", false, 100, kDate, 0, false}};
    records.queue.next_part = 1;
    EXPECT_EQ(find<action::CreatePart>(engine.restore(records, now)).claim, PartClaim::Named);
    EXPECT_EQ(find<action::CreatePart>(event(event::PartCreated{kFile, HResult::FileExists, 0})),
              (action::CreatePart{kFile, "/d/BIT1.tmp", PartClaim::New}));
}

// A file that is whole and being synced, its group being cancelled.
TEST_F(EngineTest, ASyncThatFailsWhileTheRenameIsAskedForIsTheRenamesToTell) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    head(100);
    event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    event(event::BytesStored{{2}, 100});
    event(event::FetchEnded{{2}, std::nullopt});
    EXPECT_THAT(kinds(call(call::CancelGroup{group})), testing::Contains("CommitFile"));
    EXPECT_THAT(event(event::PartSynced{kFile, {2}, 0, HResult::IoDevice}).list, IsEmpty());
    const Actions over = event(event::FileCommitted{kFile, HResult::IoDevice});
    EXPECT_EQ(answer(over), HResult::IoDevice);
    EXPECT_EQ(engine.state().groups.at({1}).job.state, JobState::Error);
    EXPECT_THAT(kinds(call(call::CancelGroup{group})), testing::Contains("CommitFile"));
}

TEST_F(EngineTest, ARenameIsNotAskedForTwiceAndAGroupWithNothingLeftToRenameIsComplete) {
    Records records;
    records.groups = {group_record(DurableState::Publishing)};
    for (FileIndex n = 0; n < 2; ++n)
        records.files.push_back({{1},
                                 n,
                                 {"http://host/a", "/d/a", 0},
                                 "",
                                 "/d/BIT0.tmp",
                                 true,
                                 100,
                                 kDate,
                                 100,
                                 false});
    EXPECT_THAT(kinds(engine.restore(records, now)), ElementsAre("CommitFile", "CommitFile"));
    event(event::FileCommitted{{{1}, 0}, HResult::AccessDenied});
    const GroupHandle again =
        std::get<GroupHandle>(find<action::Answer>(call(call::GetGroup{kGroup})).reply.value);
    EXPECT_THAT(kinds(call(call::ResumeGroup{again})),
                ElementsAre("Persist", "CommitFile", "Answer"));  // the second one is on its way
    event(event::FileCommitted{{{1}, 0}, HResult::AccessDenied});
    event(event::FileCommitted{{{1}, 1}, HResult::Ok});
    call(call::ResumeGroup{again});
    event(event::FileCommitted{{{1}, 0}, HResult::Ok});
    EXPECT_EQ(engine.state().groups.at({1}).job.state, JobState::Complete);
}

TEST_F(EngineTest, AfterAFailedRenameARestartDoesNotKnowWhatBecameOfTheOthers) {
    Records records;
    records.groups = {group_record(DurableState::Error)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 100, kDate, 100, false},
        {{1}, 1, {"http://host/b", "/d/b", 0}, "", "/d/BIT1.tmp", true, 100, kDate, 60, false}};
    engine.restore(records, now);
    const auto& files = engine.state().groups.at({1}).job.files;
    EXPECT_TRUE(files[0].rename_unknown);
    EXPECT_FALSE(files[1].rename_unknown);  // never whole, so never asked for
}

TEST_F(EngineTest, AGroupThatIsGoneButForItsPartDoesNotTakeTheGuidOfALaterOne) {
    Records records;
    records.queue.next_group = 3;
    records.groups = {group_record(DurableState::Cancelling),
                      group_record(DurableState::Suspended)};
    records.groups[1].number = {2};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 100, kDate, 60, false}};
    engine.restore(records, now);
    EXPECT_EQ(answer(call(call::GetGroup{kGroup})), HResult::Ok);
    EXPECT_EQ(answer(call(call::CreateGroup{kGroup})), HResult::InvalidArgument);
    event(event::PartDiscarded{kFile, HResult::Ok});
    EXPECT_EQ(answer(call(call::GetGroup{kGroup})), HResult::Ok);
    EXPECT_EQ(engine.state().job_ids.size(), 1U);
}

TEST_F(EngineTest, AnIdleGroupWhoseFileCannotBeRenamedIsNotTriedAgainAtOnce) {
    Records records;
    records.groups = {group_record(DurableState::Suspended)};
    records.files = {
        {{1}, 0, {"http://host/a", "/d/a", 0}, "", "/d/BIT0.tmp", true, 100, kDate, 100, false}};
    policy.inactivity_timeout = Duration(1'000);
    engine.restore(records, now);
    EXPECT_THAT(kinds(event(event::TimeReached{})), testing::Contains("CommitFile"));
    event(event::FileCommitted{kFile, HResult::AccessDenied});
    EXPECT_EQ(engine.state().groups.at({1}).job.state, JobState::Error);
    EXPECT_EQ(engine.next_wakeup(), now + Duration(1'000));
}

TEST_F(EngineTest, ASliceDoesNotEndWhereTheNextOneWouldStartFromZero) {
    resume_one_file();
    event(event::PartCreated{kFile, HResult::Ok, 0});
    event(event::ResponseStarted{{1}, 200, {{"Content-Length", "100"}}});  // no date
    event(event::ResponseStarted{{2}, 200, {{"Content-Length", "100"}}});
    event(event::BytesStored{{2}, 50});
    GroupId second = kGroup;
    second.guid.bytes[0] = 1;
    JobId second_job = kJob;
    second_job.guid.bytes[0] = 1;
    call(call::CreateGroup{second});
    call(call::CreateJob{{3}, second_job});
    call(call::AddFiles{{4}, {{"http://host/b", "/d/b", 0}}}, {HResult::Ok});
    call(call::ResumeGroup{{3}});
    now += policy.time_slice;
    EXPECT_THAT(event(event::TimeReached{}).list, IsEmpty());
    EXPECT_EQ(engine.state().groups.at({1}).job.state, JobState::Transferring);
}

TEST(GroupView, ATotalThatNoNumberCanTellIsNotKnown) {
    Job job;
    job.files.resize(2);
    job.files[0].size = 10;
    job.files[1].size = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(size_of(job), 0U);
    EXPECT_EQ(percent_done(job), 0U);
}

TEST(PropertyView, TheClassOfAValueIsWhatTheRulesKnowOfIt) {
    const auto number = [](std::int64_t value, VariantType type = VariantType::I4) {
        return class_of(PropertyKind::Priority, {type, value, {}}, Policy());
    };
    EXPECT_EQ(number(1), ValueClass::One);
    EXPECT_EQ(number(0), ValueClass::Honoured);
    EXPECT_EQ(number(0x44), ValueClass::Honoured);
    EXPECT_EQ(number(0x80), ValueClass::KnownFlags);
    EXPECT_EQ(number(-1), ValueClass::OtherNumber);
    EXPECT_EQ(number(1, VariantType::Bool), ValueClass::OtherType);
    const auto text = [](PropertyKind kind, std::string value) {
        return class_of(kind, {VariantType::Bstr, 0, std::move(value)}, Policy());
    };
    using K = PropertyKind;
    EXPECT_EQ(text(K::DisplayName, std::string(256, 'x')), ValueClass::Text);
    EXPECT_EQ(text(K::DisplayName, std::string(257, 'x')), ValueClass::LongText);
    EXPECT_EQ(text(K::Description, std::string(1024, 'x')), ValueClass::Text);
    EXPECT_EQ(text(K::Description, std::string(1025, 'x')), ValueClass::LongText);
    EXPECT_EQ(text(K::NotifyClsid, "{6f9619ff-8b86-d011-b42d-00c04fc964ff}"),
              ValueClass::ClsidText);
    EXPECT_EQ(text(K::DisplayName, "\xFF"), ValueClass::OtherType);
}

}  // namespace
}  // namespace qmgr
