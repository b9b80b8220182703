#include "reference/library/queue_manager.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "reference/library/mock_queue_manager.hpp"

namespace qmgr::library {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::InSequence;
using testing::NiceMock;
using testing::Return;
using testing::StrictMock;

const GroupId kGroupId{*guid_from_text("00000000-0000-0000-0000-000000000001")};
const JobId kJobId{*guid_from_text("00000000-0000-0000-0000-000000000002")};
const ClassId kClassId{*guid_from_text("6f9619ff-8b86-d011-b42d-00c04fc964ff")};
const Caller kCaller{.user = "u1"};
constexpr GroupHandle kGroup{11};
constexpr JobHandle kJob{12};
constexpr EnumeratorHandle kList{13};

Reply ok(ReplyValue value = {}) { return {HResult::Ok, std::move(value)}; }

class QueueManagerTest : public testing::Test {
  protected:
    QueueManagerTest() {
        ON_CALL(mock, create_group).WillByDefault(Return(ok(kGroup)));
        ON_CALL(mock, create_job).WillByDefault(Return(ok(kJob)));
        ON_CALL(mock, enum_groups).WillByDefault(Return(ok(kList)));
        ON_CALL(mock, enum_jobs).WillByDefault(Return(ok(kList)));
    }
    Group new_group() {
        Group group;
        EXPECT_EQ(queue.create_group(kGroupId, group), HResult::Ok);
        return group;
    }

    NiceMock<MockQueueManager> mock;
    QueueManager queue{mock, kCaller};
};

TEST_F(QueueManagerTest, AGroupReleasesItsHandleOnceWhenItEnds) {
    EXPECT_CALL(mock, release(call::Release{kGroup})).Times(1);
    Group group = new_group();
    EXPECT_EQ(group.handle(), kGroup);
    Group other = std::move(group);
    EXPECT_EQ(other.handle(), kGroup);
}

TEST_F(QueueManagerTest, AssigningAnotherObjectReleasesTheOneBefore) {
    EXPECT_CALL(mock, create_group)
        .WillOnce(Return(ok(kGroup)))
        .WillOnce(Return(ok(GroupHandle{21})));
    Group group = new_group();
    EXPECT_CALL(mock, release(call::Release{kGroup})).Times(1);
    group = new_group();
    testing::Mock::VerifyAndClearExpectations(&mock);
    EXPECT_CALL(mock, release(call::Release{GroupHandle{21}})).Times(1);
    Group& itself = group;
    group = std::move(itself);
    EXPECT_EQ(group.handle(), GroupHandle{21});
}

TEST_F(QueueManagerTest, ReleaseEmptiesTheObjectAndTellsTheAnswer) {
    Group group = new_group();
    EXPECT_CALL(mock, release).WillOnce(Return(Reply{HResult::RpcDisconnected, {}}));
    EXPECT_EQ(group.release(), HResult::RpcDisconnected);
    EXPECT_FALSE(group);
    EXPECT_EQ(group.release(), HResult::NullPointer);
}

TEST_F(QueueManagerTest, EmptyObjectsAnswerANullPointer) {
    QueueManager nowhere;
    Group group;
    GroupEnumerator list;
    std::uint32_t number = 0;
    EXPECT_FALSE(nowhere);
    EXPECT_TRUE(queue);
    EXPECT_EQ(nowhere.create_group(kGroupId, group), HResult::NullPointer);
    EXPECT_EQ(nowhere.get_group(kGroupId, group), HResult::NullPointer);
    EXPECT_EQ(nowhere.enum_groups(0, list), HResult::NullPointer);
    EXPECT_EQ(nowhere.deliver_notifications(), 0U);
    nowhere.unregister_callback(kClassId);
    EXPECT_EQ(group.resume_group(), HResult::NullPointer);
    EXPECT_EQ(Job().get_file_count(number), HResult::NullPointer);
    EXPECT_EQ(list.clone(list), HResult::NullPointer);
}

TEST_F(QueueManagerTest, AFailedCallLeavesTheValueAlone) {
    const Group group = new_group();
    std::uint32_t size = 7;
    EXPECT_CALL(mock, get_size).WillOnce(Return(Reply{HResult::QmServiceUnavailable, {}}));
    EXPECT_EQ(group.get_size(size), HResult::QmServiceUnavailable);
    EXPECT_EQ(size, 7U);
    Job job;
    EXPECT_CALL(mock, create_job).WillOnce(Return(Reply{HResult::QmInvalidState, {}}));
    EXPECT_EQ(group.create_job(kJobId, job), HResult::QmInvalidState);
    EXPECT_FALSE(job);
}

TEST_F(QueueManagerTest, ASystemThatGivesNoValueOrDoesNotDoACallHasFailed) {
    const Group group = new_group();
    std::uint32_t size = 7;
    EXPECT_CALL(mock, get_size).WillOnce(Return(ok())).WillOnce(Return(unsupported("not here")));
    EXPECT_EQ(group.get_size(size), HResult::Failed);
    EXPECT_EQ(group.get_size(size), HResult::NotImplemented);
    EXPECT_EQ(size, 7U);
}

TEST_F(QueueManagerTest, EveryQueueFunctionMakesItsCall) {
    Group group;
    GroupEnumerator list;
    EXPECT_CALL(mock, create_group(call::CreateGroup{kGroupId}));
    EXPECT_EQ(queue.create_group(kGroupId, group), HResult::Ok);
    EXPECT_CALL(mock, get_group(call::GetGroup{kGroupId}))
        .WillOnce(Return(Reply{HResult::QmItemNotFound, {}}));
    EXPECT_EQ(queue.get_group(kGroupId, group), HResult::QmItemNotFound);
    EXPECT_CALL(mock, enum_groups(call::EnumGroups{3}));
    EXPECT_EQ(queue.enum_groups(3, list), HResult::Ok);
    EXPECT_EQ(list.handle(), kList);
}

TEST_F(QueueManagerTest, EveryGroupFunctionThatReadsMakesItsCallAndGivesItsValue) {
    const Group group = new_group();
    PropertyValue prop;
    EXPECT_CALL(mock, get_prop(call::GetProp{kGroup, GroupProperty::DisplayName}))
        .WillOnce(Return(ok(text_value("name"))));
    EXPECT_EQ(group.get_prop(GroupProperty::DisplayName, prop), HResult::Ok);
    EXPECT_EQ(prop.text, "name");
    std::uint32_t number = 0;
    EXPECT_CALL(mock, get_group_progress(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}))
        .WillOnce(Return(ok(value::Progress{40})));
    EXPECT_EQ(group.get_progress(ProgressFlag::SizeDone, number), HResult::Ok);
    EXPECT_EQ(number, 40U);
    value::GroupState state;
    EXPECT_CALL(mock, get_group_status(call::GetGroupStatus{kGroup}))
        .WillOnce(Return(ok(value::GroupState{{0x140}, 0})));
    EXPECT_EQ(group.get_status(state), HResult::Ok);
    EXPECT_EQ(state.status.bits, 0x140U);
    EXPECT_CALL(mock, get_size(call::GetSize{kGroup})).WillOnce(Return(ok(value::Size{9})));
    EXPECT_EQ(group.get_size(number), HResult::Ok);
    EXPECT_EQ(number, 9U);
    GroupId id;
    EXPECT_CALL(mock, get_group_id(call::GetGroupId{kGroup})).WillOnce(Return(ok(kGroupId)));
    EXPECT_EQ(group.get_group_id(id), HResult::Ok);
    EXPECT_EQ(id, kGroupId);
    Job job;
    EXPECT_CALL(mock, get_job(call::GetJob{kGroup, kJobId})).WillOnce(Return(ok(kJob)));
    EXPECT_EQ(group.get_job(kJobId, job), HResult::Ok);
    EXPECT_EQ(job.handle(), kJob);
    JobEnumerator list;
    EXPECT_CALL(mock, enum_jobs(call::EnumJobs{kGroup, 0}));
    EXPECT_EQ(group.enum_jobs(0, list), HResult::Ok);
    EXPECT_EQ(list.handle(), kList);
}

TEST_F(QueueManagerTest, EveryGroupFunctionThatChangesMakesItsCall) {
    const Group group = new_group();
    const PropertyValue flags = number_value(NotifyFlag::group_done);
    EXPECT_CALL(mock, set_prop(call::SetProp{kGroup, GroupProperty::NotifyFlags, flags}));
    EXPECT_EQ(group.set_prop(GroupProperty::NotifyFlags, flags), HResult::Ok);
    EXPECT_CALL(mock, suspend_group(call::SuspendGroup{kGroup}));
    EXPECT_EQ(group.suspend_group(), HResult::Ok);
    EXPECT_CALL(mock, resume_group(call::ResumeGroup{kGroup}))
        .WillOnce(Return(Reply{HResult::BgEmpty, {}}));
    EXPECT_EQ(group.resume_group(), HResult::BgEmpty);
    EXPECT_CALL(mock, cancel_group(call::CancelGroup{kGroup}));
    EXPECT_EQ(group.cancel_group(), HResult::Ok);
    EXPECT_CALL(mock, switch_group_to_foreground(call::SwitchGroupToForeground{kGroup}));
    EXPECT_EQ(group.switch_to_foreground(), HResult::Ok);
    EXPECT_CALL(mock, query_new_job_interface(call::QueryNewJobInterface{kGroup}));
    EXPECT_EQ(group.query_new_job_interface(), HResult::Ok);
    EXPECT_CALL(mock, set_notification_pointer(call::SetNotificationPointer{kGroup}));
    EXPECT_EQ(group.set_notification_pointer(), HResult::Ok);
    EXPECT_CALL(mock, internal_set_prop(call::InternalSetProp{kGroup}));
    EXPECT_EQ(group.internal_set_prop(), HResult::Ok);
    Job job;
    EXPECT_CALL(mock, create_job(call::CreateJob{kGroup, kJobId}));
    EXPECT_EQ(group.create_job(kJobId, job), HResult::Ok);
    EXPECT_EQ(job.handle(), kJob);
}

TEST_F(QueueManagerTest, EveryJobFunctionMakesItsCall) {
    const Group group = new_group();
    Job job;
    ASSERT_EQ(group.create_job(kJobId, job), HResult::Ok);
    const FileSetInfo file{"http://h/a", "/a", 3};
    EXPECT_CALL(mock, add_files(call::AddFiles{kJob, {file}}));
    EXPECT_EQ(job.add_files({file}), HResult::Ok);
    std::uint32_t number = 0;
    EXPECT_CALL(mock, get_file_count(call::GetFileCount{kJob}))
        .WillOnce(Return(ok(value::Count{1})));
    EXPECT_EQ(job.get_file_count(number), HResult::Ok);
    EXPECT_EQ(number, 1U);
    FileSetInfo read;
    EXPECT_CALL(mock, get_file(call::GetFile{kJob, 4})).WillOnce(Return(ok(file)));
    EXPECT_EQ(job.get_file(4, read), HResult::Ok);
    EXPECT_EQ(read, file);
    EXPECT_CALL(mock, get_job_progress(call::GetJobProgress{kJob, ProgressFlag::PercentDone}))
        .WillOnce(Return(ok(value::Progress{50})));
    EXPECT_EQ(job.get_progress(ProgressFlag::PercentDone, number), HResult::Ok);
    EXPECT_EQ(number, 50U);
    value::JobState state;
    EXPECT_CALL(mock, get_job_status(call::GetJobStatus{kJob}))
        .WillOnce(Return(ok(value::JobState{{0x10}, 0x80190194, 404, 1})));
    EXPECT_EQ(job.get_status(state), HResult::Ok);
    EXPECT_EQ(state, (value::JobState{{0x10}, 0x80190194, 404, 1}));
    JobId id;
    EXPECT_CALL(mock, get_job_id(call::GetJobId{kJob})).WillOnce(Return(ok(kJobId)));
    EXPECT_EQ(job.get_job_id(id), HResult::Ok);
    EXPECT_EQ(id, kJobId);
    EXPECT_CALL(mock, cancel_job(call::CancelJob{kJob}));
    EXPECT_EQ(job.cancel_job(), HResult::Ok);
    EXPECT_CALL(mock, get_times(call::GetTimes{kJob}));
    EXPECT_EQ(job.get_times(), HResult::Ok);
    EXPECT_CALL(mock, switch_job_to_foreground(call::SwitchJobToForeground{kJob}));
    EXPECT_EQ(job.switch_to_foreground(), HResult::Ok);
}

TEST_F(QueueManagerTest, EveryEnumeratorFunctionMakesItsCall) {
    GroupEnumerator list;
    ASSERT_EQ(queue.enum_groups(0, list), HResult::Ok);
    std::vector<GroupId> ids{GroupId{}, GroupId{}};
    EXPECT_CALL(mock, next(call::Next{kList, 5, false}))
        .WillOnce(Return(Reply{HResult::False, value::Fetched{{kGroupId.guid}, 1}}));
    EXPECT_EQ(list.next(5, ids), HResult::False);
    EXPECT_THAT(ids, ElementsAre(kGroupId));
    GroupId id;
    EXPECT_CALL(mock, next(call::Next{kList, 1, true}))
        .WillOnce(Return(ok(value::Fetched{{kGroupId.guid}, {}})))
        .WillOnce(Return(Reply{HResult::False, value::Fetched{}}));
    EXPECT_EQ(list.next(id), HResult::Ok);
    EXPECT_EQ(id, kGroupId);
    EXPECT_EQ(list.next(id), HResult::False);
    EXPECT_EQ(id, kGroupId);
    EXPECT_CALL(mock, next(call::Next{kList, 2, false}))
        .WillOnce(Return(Reply{HResult::RpcDisconnected, {}}));
    EXPECT_EQ(list.next(2, ids), HResult::RpcDisconnected);
    EXPECT_THAT(ids, ElementsAre(kGroupId));
    EXPECT_CALL(mock, skip(call::Skip{kList, 2})).WillOnce(Return(Reply{HResult::False, {}}));
    EXPECT_EQ(list.skip(2), HResult::False);
    EXPECT_CALL(mock, reset(call::Reset{kList}));
    EXPECT_EQ(list.reset(), HResult::Ok);
    GroupEnumerator twin;
    EXPECT_CALL(mock, clone(call::Clone{kList})).WillOnce(Return(ok(EnumeratorHandle{14})));
    EXPECT_EQ(list.clone(twin), HResult::Ok);
    EXPECT_EQ(twin.handle(), EnumeratorHandle{14});
    std::uint32_t count = 0;
    EXPECT_CALL(mock, get_count(call::GetCount{kList})).WillOnce(Return(ok(value::Count{6})));
    EXPECT_EQ(list.get_count(count), HResult::Ok);
    EXPECT_EQ(count, 6U);
}

TEST_F(QueueManagerTest, PropertyValuesAreThoseOfTheInterface) {
    EXPECT_EQ(class_id_value(kClassId),
              (PropertyValue{VariantType::Bstr, 0, "{6f9619ff-8b86-d011-b42d-00c04fc964ff}"}));
    EXPECT_EQ(text_value("a"), (PropertyValue{VariantType::Bstr, 0, "a"}));
    EXPECT_EQ(number_value(4), (PropertyValue{VariantType::UI4, 4, ""}));
}

class MockCallback : public Callback {
  public:
    MOCK_METHOD(HResult, on_status,
                (const Group& group, const Job* job, std::optional<FileIndex> file,
                 GroupStatus status, std::uint32_t retries, std::uint32_t win32_result,
                 std::uint32_t transport_result),
                (override));
};

Notification delivery(std::uint64_t number) {
    return {{number}, kClassId, kGroup, std::nullopt, std::nullopt, {0x140}, 0, 0, 0};
}

TEST_F(QueueManagerTest, ADeliveryCarriesItsArgumentsAndItsAnswer) {
    MockCallback callback;
    EXPECT_CALL(mock, register_callback(kClassId));
    EXPECT_EQ(queue.register_callback(kClassId, callback), HResult::Ok);
    mock.notify({{5}, kClassId, kGroup, kJob, 3, {0x380}, 2, 0x80190194, 404});
    EXPECT_CALL(mock, release).Times(0);
    EXPECT_CALL(callback, on_status(_, _, std::optional<FileIndex>(3), GroupStatus{0x380}, 2,
                                    0x80190194, 404))
        .WillOnce([](const Group& group, const Job* job, auto...) {
            std::uint32_t size = 0;
            EXPECT_EQ(group.handle(), kGroup);
            EXPECT_EQ(group.get_size(size), HResult::Ok);
            EXPECT_TRUE(job != nullptr && job->handle() == kJob);
            return HResult::AccessDenied;
        });
    EXPECT_CALL(mock, answer(NotificationNumber{5}, HResult::AccessDenied));
    EXPECT_EQ(queue.deliver_notifications(), 1U);
    EXPECT_EQ(queue.deliver_notifications(), 0U);
}

TEST_F(QueueManagerTest, DeliveriesComeInOrderAndAJobThatIsNotThereIsNull) {
    MockCallback callback;
    ASSERT_EQ(queue.register_callback(kClassId, callback), HResult::Ok);
    mock.notify(delivery(1));
    mock.notify(delivery(2));
    EXPECT_CALL(callback, on_status(_, nullptr, std::optional<FileIndex>(), _, 0, 0, 0))
        .Times(2)
        .WillRepeatedly(Return(HResult::Ok));
    const InSequence in_order;
    EXPECT_CALL(mock, answer(NotificationNumber{1}, HResult::Ok));
    EXPECT_CALL(mock, answer(NotificationNumber{2}, HResult::Ok));
    EXPECT_EQ(queue.deliver_notifications(), 2U);
}

TEST_F(QueueManagerTest, ADeliveryWithoutACallbackIsNotAnsweredOk) {
    StrictMock<MockCallback> callback;
    ASSERT_EQ(queue.register_callback(kClassId, callback), HResult::Ok);
    queue.unregister_callback(kClassId);
    queue.unregister_callback(ClassId{});
    mock.notify(delivery(1));
    Notification stranger = delivery(2);
    stranger.class_id = ClassId{};
    mock.notify(stranger);
    EXPECT_CALL(mock, answer(NotificationNumber{1}, HResult::Failed));
    EXPECT_CALL(mock, answer(NotificationNumber{2}, HResult::Failed));
    EXPECT_EQ(queue.deliver_notifications(), 2U);
}

TEST_F(QueueManagerTest, AMovedQueueKeepsItsGroupsAlive) {
    QueueManager other;
    const Group group = new_group();
    other = std::move(queue);
    EXPECT_FALSE(queue);
    EXPECT_CALL(mock, suspend_group(call::SuspendGroup{kGroup}));
    EXPECT_EQ(group.suspend_group(), HResult::Ok);
}

using QueueManagerDeathTest = QueueManagerTest;

TEST_F(QueueManagerDeathTest, AGroupThatOutlivesItsQueueIsABugThatIsNamed) {
    const Group group = new_group();
    EXPECT_DEATH(queue = QueueManager(), "a group, job or enumerator outlives its QueueManager");
}

TEST(QueueManagerOverAPlainSystem, LetsOneCallInAtATime) {
    NiceMock<MockQueueManager> mock;
    QueueManager queue(mock, kCaller);
    Group group;
    ASSERT_EQ(queue.create_group(kGroupId, group), HResult::Ok);
    std::atomic<int> inside = 0;
    std::atomic<int> together = 0;
    ON_CALL(mock, suspend_group).WillByDefault([&](const auto&) {
        if (inside.fetch_add(1) != 0) ++together;
        std::this_thread::yield();
        --inside;
        return Reply{};
    });
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int call = 0; call < 200; ++call) group.suspend_group();
        });
    threads.clear();
    EXPECT_EQ(together, 0);
}

TEST(MockQueueManagerTest, AnswersOkAndGivesNewObjectsWhereNothingIsSaid) {
    NiceMock<MockQueueManager> mock;
    QueueManager queue(mock, kCaller);
    Group first;
    Group second;
    Job job;
    EXPECT_EQ(queue.create_group(kGroupId, first), HResult::Ok);
    EXPECT_EQ(queue.get_group(kGroupId, second), HResult::Ok);
    EXPECT_EQ(second.get_job(kJobId, job), HResult::Ok);
    EXPECT_NE(first.handle(), second.handle());
    std::uint32_t size = 7;
    EXPECT_EQ(first.get_size(size), HResult::Ok);
    EXPECT_EQ(size, 0U);
    EXPECT_EQ(first.resume_group(), HResult::Ok);
    GroupEnumerator list;
    GroupEnumerator twin;
    std::vector<GroupId> ids{GroupId{}};
    EXPECT_EQ(queue.enum_groups(0, list), HResult::Ok);
    EXPECT_EQ(list.clone(twin), HResult::Ok);
    EXPECT_EQ(twin.next(1, ids), HResult::False);
    EXPECT_THAT(ids, ElementsAre());
}

TEST(MockQueueManagerTest, HasNoSurroundingsAndForgetsDeliveriesWhenRestarted) {
    NiceMock<MockQueueManager> mock;
    EXPECT_TRUE(mock.describe().abilities.contains("notify"));
    EXPECT_TRUE(mock.surroundings(surroundings::NetworkLost{}).has_value());
    mock.notify(delivery(1));
    mock.restart();
    EXPECT_THAT(mock.take_notifications(), ElementsAre());
}

TEST(CallerOfThisProcess, IsAdministratorWhenItIsRoot) {
    const Caller caller = QueueManager::caller_of_this_process();
    EXPECT_FALSE(caller.user.empty());
    EXPECT_EQ(caller.administrator, ::geteuid() == 0 && ::getuid() == 0);
}

}  // namespace
}  // namespace qmgr::library
