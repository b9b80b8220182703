// For tests of programs that use the library, with GoogleMock: a queue that answers what the test
// says.
//
// The mock stands below the library, not beside it. Code under test takes a QueueManager& and uses
// QueueManager, Group and Job as it always does; the test puts a QueueManager over a
// MockQueueManager and says how each call is answered:
//
//     using namespace qmgr::library;
//
//     // The code under test: true when the group was started.
//     bool start(QueueManager& queue, qmgr::GroupId id) {
//         Group group;
//         return succeeded(queue.get_group(id, group)) && succeeded(group.resume_group());
//     }
//
//     TEST(StartTest, SaysSoWhenTheGroupIsEmpty) {
//         testing::NiceMock<MockQueueManager> mock;
//         QueueManager queue(mock, {"someone"});
//         EXPECT_CALL(mock, resume_group)
//             .WillOnce(testing::Return(qmgr::Reply{qmgr::HResult::BgEmpty, {}}));
//         EXPECT_FALSE(start(queue, kSomeGroup));
//     }
//
// Where nothing is said, calls that give out an object give a new one, all others answer S_OK with
// zeros, empty texts and empty lists. A test that wants the documented behaviour instead of
// expectations uses the simulated world (conformance/world/world.hpp) in place of the mock.
// docs/examples/test_your_client.cpp has one test of each kind.
#pragma once

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/contract/system_under_test.hpp"

namespace qmgr::inline v0::library {

/// One mocked function for each call of reference/contract/call.hpp, under the name that call has
/// in traces and in docs/sut-protocol.md. Each gets the call with its arguments and
/// returns a Reply: a code, and the value that comes with it, as
/// Reply{HResult::Ok, value::Progress{40}}. S_OK without the value the call gives (create_group: a
/// GroupHandle, get_group_progress: a value::Progress, as reply.hpp lists them) arrives as E_FAIL.
/// One thread uses it at a time; a QueueManager over it sees to that.
class MockQueueManager : public SystemUnderTest {
  public:
    MOCK_METHOD(Reply, create_group, (const call::CreateGroup&));
    MOCK_METHOD(Reply, get_group, (const call::GetGroup&));
    MOCK_METHOD(Reply, enum_groups, (const call::EnumGroups&));

    MOCK_METHOD(Reply, get_prop, (const call::GetProp&));
    MOCK_METHOD(Reply, set_prop, (const call::SetProp&));
    MOCK_METHOD(Reply, get_group_progress, (const call::GetGroupProgress&));
    MOCK_METHOD(Reply, get_group_status, (const call::GetGroupStatus&));
    MOCK_METHOD(Reply, get_job, (const call::GetJob&));
    MOCK_METHOD(Reply, suspend_group, (const call::SuspendGroup&));
    MOCK_METHOD(Reply, resume_group, (const call::ResumeGroup&));
    MOCK_METHOD(Reply, cancel_group, (const call::CancelGroup&));
    MOCK_METHOD(Reply, get_size, (const call::GetSize&));
    MOCK_METHOD(Reply, get_group_id, (const call::GetGroupId&));
    MOCK_METHOD(Reply, create_job, (const call::CreateJob&));
    MOCK_METHOD(Reply, enum_jobs, (const call::EnumJobs&));
    MOCK_METHOD(Reply, switch_group_to_foreground, (const call::SwitchGroupToForeground&));
    MOCK_METHOD(Reply, query_new_job_interface, (const call::QueryNewJobInterface&));
    MOCK_METHOD(Reply, set_notification_pointer, (const call::SetNotificationPointer&));
    MOCK_METHOD(Reply, internal_set_prop, (const call::InternalSetProp&));

    MOCK_METHOD(Reply, cancel_job, (const call::CancelJob&));
    MOCK_METHOD(Reply, get_job_progress, (const call::GetJobProgress&));
    MOCK_METHOD(Reply, get_job_status, (const call::GetJobStatus&));
    MOCK_METHOD(Reply, get_times, (const call::GetTimes&));
    MOCK_METHOD(Reply, add_files, (const call::AddFiles&));
    MOCK_METHOD(Reply, get_file, (const call::GetFile&));
    MOCK_METHOD(Reply, get_file_count, (const call::GetFileCount&));
    MOCK_METHOD(Reply, switch_job_to_foreground, (const call::SwitchJobToForeground&));
    MOCK_METHOD(Reply, get_job_id, (const call::GetJobId&));

    MOCK_METHOD(Reply, next, (const call::Next&));
    MOCK_METHOD(Reply, skip, (const call::Skip&));
    MOCK_METHOD(Reply, reset, (const call::Reset&));
    MOCK_METHOD(Reply, clone, (const call::Clone&));
    MOCK_METHOD(Reply, get_count, (const call::GetCount&));
    MOCK_METHOD(Reply, release, (const call::Release&));

    /// A callback was registered.
    MOCK_METHOD(void, register_callback, (ClassId class_id), (override));
    /// A callback returned `result` for a delivery.
    MOCK_METHOD(void, answer, (NotificationNumber number, HResult result), (override));

    MockQueueManager() {
        const auto new_group = [this](const auto&) { return ok(new_handle<GroupHandle>()); };
        const auto new_job = [this](const auto&) { return ok(new_handle<JobHandle>()); };
        const auto new_list = [this](const auto&) { return ok(new_handle<EnumeratorHandle>()); };
        ON_CALL(*this, create_group).WillByDefault(new_group);
        ON_CALL(*this, get_group).WillByDefault(new_group);
        ON_CALL(*this, create_job).WillByDefault(new_job);
        ON_CALL(*this, get_job).WillByDefault(new_job);
        ON_CALL(*this, enum_groups).WillByDefault(new_list);
        ON_CALL(*this, enum_jobs).WillByDefault(new_list);
        ON_CALL(*this, clone).WillByDefault(new_list);

        using testing::Return;
        ON_CALL(*this, get_prop).WillByDefault(Return(ok(PropertyValue{})));
        ON_CALL(*this, get_group_progress).WillByDefault(Return(ok(value::Progress{})));
        ON_CALL(*this, get_group_status).WillByDefault(Return(ok(value::GroupState{})));
        ON_CALL(*this, get_size).WillByDefault(Return(ok(value::Size{})));
        ON_CALL(*this, get_group_id).WillByDefault(Return(ok(GroupId{})));
        ON_CALL(*this, get_job_progress).WillByDefault(Return(ok(value::Progress{})));
        ON_CALL(*this, get_job_status).WillByDefault(Return(ok(value::JobState{})));
        ON_CALL(*this, get_file).WillByDefault(Return(ok(FileSetInfo{})));
        ON_CALL(*this, get_file_count).WillByDefault(Return(ok(value::Count{})));
        ON_CALL(*this, get_job_id).WillByDefault(Return(ok(JobId{})));
        ON_CALL(*this, get_count).WillByDefault(Return(ok(value::Count{})));
        ON_CALL(*this, next).WillByDefault([](const call::Next& asked) {
            return Reply{asked.count == 0 ? HResult::Ok : HResult::False, value::Fetched{{}, 0}};
        });
    }

    /// A handle that create_group, get_group and so on may be made to answer: a new number.
    template <class Handle>
    Handle new_handle() {
        return Handle{++last_handle_};
    }
    /// Lets this delivery wait for QueueManager::deliver_notifications().
    void notify(const Notification& notification) { waiting_.push_back(notification); }

    // What a QueueManager drives.
    Description describe() override { return {"mock", "", {"notify"}}; }
    Reply call(const Caller& /*caller*/, const Call& call) override {
        return std::visit([this](const auto& one) { return take(one); }, call);
    }
    std::optional<std::string> surroundings(const Surroundings& /*what*/) override {
        return "a mock has no surroundings";
    }
    std::vector<Notification> take_notifications() override { return std::exchange(waiting_, {}); }
    /// Forgets the deliveries that wait.
    void restart() override { waiting_.clear(); }

  private:
    static Reply ok(ReplyValue value) { return {HResult::Ok, std::move(value)}; }

    Reply take(const call::CreateGroup& call) { return create_group(call); }
    Reply take(const call::GetGroup& call) { return get_group(call); }
    Reply take(const call::EnumGroups& call) { return enum_groups(call); }
    Reply take(const call::GetProp& call) { return get_prop(call); }
    Reply take(const call::SetProp& call) { return set_prop(call); }
    Reply take(const call::GetGroupProgress& call) { return get_group_progress(call); }
    Reply take(const call::GetGroupStatus& call) { return get_group_status(call); }
    Reply take(const call::GetJob& call) { return get_job(call); }
    Reply take(const call::SuspendGroup& call) { return suspend_group(call); }
    Reply take(const call::ResumeGroup& call) { return resume_group(call); }
    Reply take(const call::CancelGroup& call) { return cancel_group(call); }
    Reply take(const call::GetSize& call) { return get_size(call); }
    Reply take(const call::GetGroupId& call) { return get_group_id(call); }
    Reply take(const call::CreateJob& call) { return create_job(call); }
    Reply take(const call::EnumJobs& call) { return enum_jobs(call); }
    Reply take(const call::SwitchGroupToForeground& call) {
        return switch_group_to_foreground(call);
    }
    Reply take(const call::QueryNewJobInterface& call) { return query_new_job_interface(call); }
    Reply take(const call::SetNotificationPointer& call) { return set_notification_pointer(call); }
    Reply take(const call::InternalSetProp& call) { return internal_set_prop(call); }
    Reply take(const call::CancelJob& call) { return cancel_job(call); }
    Reply take(const call::GetJobProgress& call) { return get_job_progress(call); }
    Reply take(const call::GetJobStatus& call) { return get_job_status(call); }
    Reply take(const call::GetTimes& call) { return get_times(call); }
    Reply take(const call::AddFiles& call) { return add_files(call); }
    Reply take(const call::GetFile& call) { return get_file(call); }
    Reply take(const call::GetFileCount& call) { return get_file_count(call); }
    Reply take(const call::SwitchJobToForeground& call) { return switch_job_to_foreground(call); }
    Reply take(const call::GetJobId& call) { return get_job_id(call); }
    Reply take(const call::Next& call) { return next(call); }
    Reply take(const call::Skip& call) { return skip(call); }
    Reply take(const call::Reset& call) { return reset(call); }
    Reply take(const call::Clone& call) { return clone(call); }
    Reply take(const call::GetCount& call) { return get_count(call); }
    Reply take(const call::Release& call) { return release(call); }

    std::uint64_t last_handle_ = 0;
    std::vector<Notification> waiting_;
};

}  // namespace qmgr::inline v0::library
