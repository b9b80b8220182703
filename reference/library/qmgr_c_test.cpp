// The C functions over a mock: what each of them asks, and what it does with the answer. The test
// in C over a real queue is qmgr_c_program_test.c.
#include "reference/library/qmgr_c.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <cstring>
#include <new>
#include <string>

#include "reference/adapters/temporary_folder.hpp"
#include "reference/library/mock_queue_manager.hpp"
#include "reference/library/qmgr_c_objects.hpp"

namespace qmgr::library {
namespace {

using testing::ElementsAre;
using testing::NiceMock;
using testing::Return;

constexpr char kGroupText[] = "00000000-0000-0000-0000-000000000001";
constexpr char kJobText[] = "00000000-0000-0000-0000-000000000002";
const GroupId kGroupId{*guid_from_text(kGroupText)};
const JobId kJobId{*guid_from_text(kJobText)};
constexpr GroupHandle kGroup{11};
constexpr JobHandle kJob{12};
constexpr EnumeratorHandle kList{13};

Reply ok(ReplyValue value = {}) { return {HResult::Ok, std::move(value)}; }

qmgr_guid guid(const char* text) {
    qmgr_guid guid{};
    EXPECT_EQ(qmgr_guid_from_text(text, &guid), QMGR_S_OK);
    return guid;
}

std::string text(const qmgr_guid& guid) {
    char text[37] = "";
    EXPECT_EQ(qmgr_guid_to_text(&guid, text), QMGR_S_OK);
    return text;
}

class QmgrCTest : public testing::Test {
  protected:
    QmgrCTest() {
        ON_CALL(mock, create_group).WillByDefault(Return(ok(kGroup)));
        ON_CALL(mock, get_group).WillByDefault(Return(ok(kGroup)));
        ON_CALL(mock, create_job).WillByDefault(Return(ok(kJob)));
        ON_CALL(mock, get_job).WillByDefault(Return(ok(kJob)));
        ON_CALL(mock, enum_groups).WillByDefault(Return(ok(kList)));
        ON_CALL(mock, enum_jobs).WillByDefault(Return(ok(kList)));
        EXPECT_EQ(qmgr_create_group(queue, &group_id, &group), QMGR_S_OK);
        EXPECT_EQ(qmgr_group_create_job(group, &job_id, &job), QMGR_S_OK);
    }
    ~QmgrCTest() override {
        EXPECT_EQ(qmgr_job_release(job), QMGR_S_OK);
        EXPECT_EQ(qmgr_group_release(group), QMGR_S_OK);
        EXPECT_EQ(qmgr_close(queue), QMGR_S_OK);
    }

    const qmgr_guid group_id = guid(kGroupText);
    const qmgr_guid job_id = guid(kJobText);
    NiceMock<MockQueueManager> mock;
    qmgr_queue* queue = new qmgr_queue(QueueManager(mock, {"u1"}));
    qmgr_group* group = nullptr;
    qmgr_job* job = nullptr;
    std::uint32_t value = 0;
};

TEST_F(QmgrCTest, GuidsGoThroughTheirText) {
    qmgr_guid read = guid("6F9619FF-8B86-D011-B42D-00C04FC964FF");
    EXPECT_EQ(text(read), "6f9619ff-8b86-d011-b42d-00c04fc964ff");
    EXPECT_EQ(qmgr_guid_from_text("6f9619ff", &read), QMGR_E_INVALIDARG);
    EXPECT_EQ(text(read), "6f9619ff-8b86-d011-b42d-00c04fc964ff");
}

TEST_F(QmgrCTest, ObjectsAreReleasedAndTheQueueStaysOpenUntilThen) {
    qmgr_group* same = nullptr;
    EXPECT_CALL(mock, get_group(call::GetGroup{kGroupId}));
    EXPECT_EQ(qmgr_get_group(queue, &group_id, &same), QMGR_S_OK);
    EXPECT_EQ(qmgr_close(queue), QMGR_E_INVALID_STATE);
    EXPECT_CALL(mock, release(call::Release{kGroup}));
    EXPECT_EQ(qmgr_group_release(same), QMGR_S_OK);
    testing::Mock::VerifyAndClearExpectations(&mock);
}

TEST_F(QmgrCTest, AFailedCallGivesNoObject) {
    qmgr_group* other = nullptr;
    EXPECT_CALL(mock, create_group(call::CreateGroup{kGroupId}))
        .WillOnce(Return(Reply{HResult::InvalidArgument, {}}));
    EXPECT_EQ(qmgr_create_group(queue, &group_id, &other), QMGR_E_INVALIDARG);
    EXPECT_EQ(other, nullptr);
}

TEST_F(QmgrCTest, PropertiesGoBothWays) {
    const qmgr_variant name{QMGR_VT_BSTR, 0, "a name"};
    const qmgr_variant flags{QMGR_VT_UI4, QMGR_NOTIFY_GROUP_DONE, nullptr};
    EXPECT_CALL(mock,
                set_prop(call::SetProp{kGroup, GroupProperty::DisplayName, text_value("a name")}));
    EXPECT_EQ(qmgr_group_set_prop(group, QMGR_PROP_DISPLAYNAME, &name), QMGR_S_OK);
    EXPECT_CALL(mock, set_prop(call::SetProp{kGroup, GroupProperty::NotifyFlags, number_value(4)}));
    EXPECT_EQ(qmgr_group_set_prop(group, QMGR_PROP_NOTIFYFLAGS, &flags), QMGR_S_OK);
    EXPECT_CALL(mock, get_prop)
        .WillOnce(Return(ok(text_value("read"))))
        .WillOnce(Return(ok(PropertyValue{VariantType::I4, 7, ""})))
        .WillOnce(Return(Reply{HResult::NotImplemented, {}}));
    qmgr_variant read{};
    EXPECT_EQ(qmgr_group_get_prop(group, QMGR_PROP_DESCRIPTION, &read), QMGR_S_OK);
    EXPECT_EQ(read.type, QMGR_VT_BSTR);
    EXPECT_STREQ(read.text, "read");
    qmgr_variant_clear(&read);
    EXPECT_EQ(read.text, nullptr);
    EXPECT_EQ(qmgr_group_get_prop(group, QMGR_PROP_PRIORITY, &read), QMGR_S_OK);
    EXPECT_EQ(read.type, QMGR_VT_I4);
    EXPECT_EQ(read.number, 7);
    EXPECT_EQ(read.text, nullptr);
    EXPECT_EQ(qmgr_group_get_prop(group, 99, &read), QMGR_E_NOTIMPL);
    EXPECT_EQ(read.number, 7);
}

TEST_F(QmgrCTest, EveryGroupFunctionMakesItsCall) {
    EXPECT_CALL(mock, get_group_progress(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}))
        .WillOnce(Return(ok(value::Progress{40})));
    EXPECT_EQ(qmgr_group_get_progress(group, QMGR_PROGRESS_SIZE_DONE, &value), QMGR_S_OK);
    EXPECT_EQ(value, 40U);
    std::uint32_t index = 9;
    EXPECT_CALL(mock, get_group_status)
        .Times(2)
        .WillRepeatedly(Return(ok(value::GroupState{{0x140}, 0})));
    EXPECT_EQ(qmgr_group_get_status(group, &value, &index), QMGR_S_OK);
    EXPECT_EQ(value, QMGR_GROUP_COMPLETE | QMGR_GROUP_SUSPENDED);
    EXPECT_EQ(index, 0U);
    EXPECT_EQ(qmgr_group_get_status(group, &value, nullptr), QMGR_S_OK);
    qmgr_job* same = nullptr;
    EXPECT_CALL(mock, get_job(call::GetJob{kGroup, kJobId}));
    EXPECT_EQ(qmgr_group_get_job(group, &job_id, &same), QMGR_S_OK);
    EXPECT_EQ(qmgr_job_release(same), QMGR_S_OK);
    EXPECT_CALL(mock, suspend_group(call::SuspendGroup{kGroup}));
    EXPECT_EQ(qmgr_group_suspend_group(group), QMGR_S_OK);
    EXPECT_CALL(mock, resume_group(call::ResumeGroup{kGroup}))
        .WillOnce(Return(Reply{HResult::BgEmpty, {}}));
    EXPECT_EQ(qmgr_group_resume_group(group), QMGR_E_EMPTY);
    EXPECT_CALL(mock, cancel_group(call::CancelGroup{kGroup}));
    EXPECT_EQ(qmgr_group_cancel_group(group), QMGR_S_OK);
    EXPECT_CALL(mock, get_size(call::GetSize{kGroup})).WillOnce(Return(ok(value::Size{9})));
    EXPECT_EQ(qmgr_group_get_size(group, &value), QMGR_S_OK);
    EXPECT_EQ(value, 9U);
    qmgr_guid id{};
    EXPECT_CALL(mock, get_group_id(call::GetGroupId{kGroup})).WillOnce(Return(ok(kGroupId)));
    EXPECT_EQ(qmgr_group_get_group_id(group, &id), QMGR_S_OK);
    EXPECT_EQ(text(id), kGroupText);
    EXPECT_CALL(mock, switch_group_to_foreground(call::SwitchGroupToForeground{kGroup}));
    EXPECT_EQ(qmgr_group_switch_to_foreground(group), QMGR_S_OK);
    EXPECT_CALL(mock, query_new_job_interface(call::QueryNewJobInterface{kGroup}));
    EXPECT_EQ(qmgr_group_query_new_job_interface(group), QMGR_S_OK);
    EXPECT_CALL(mock, set_notification_pointer(call::SetNotificationPointer{kGroup}));
    EXPECT_EQ(qmgr_group_set_notification_pointer(group), QMGR_S_OK);
    EXPECT_CALL(mock, internal_set_prop(call::InternalSetProp{kGroup}));
    EXPECT_EQ(qmgr_group_internal_set_prop(group), QMGR_S_OK);
}

TEST_F(QmgrCTest, EveryJobFunctionMakesItsCall) {
    const qmgr_file_set_info files[] = {{"http://h/a", "/a", 1}, {"http://h/b", "/b", 2}};
    EXPECT_CALL(
        mock, add_files(call::AddFiles{kJob, {{"http://h/a", "/a", 1}, {"http://h/b", "/b", 2}}}));
    EXPECT_EQ(qmgr_job_add_files(job, 2, files), QMGR_S_OK);
    const qmgr_file_set_info nameless{"http://h/a", nullptr, 0};
    EXPECT_EQ(qmgr_job_add_files(job, 1, &nameless), QMGR_E_POINTER);
    EXPECT_CALL(mock, get_file_count(call::GetFileCount{kJob}))
        .WillOnce(Return(ok(value::Count{2})));
    EXPECT_EQ(qmgr_job_get_file_count(job, &value), QMGR_S_OK);
    EXPECT_EQ(value, 2U);
    qmgr_file_set_info file{};
    EXPECT_CALL(mock, get_file(call::GetFile{kJob, 1}))
        .WillOnce(Return(ok(FileSetInfo{"http://h/b", "/b", 2})))
        .WillOnce(Return(Reply{HResult::QmItemNotFound, {}}));
    EXPECT_EQ(qmgr_job_get_file(job, 1, &file), QMGR_S_OK);
    EXPECT_STREQ(file.remote_name, "http://h/b");
    EXPECT_STREQ(file.local_name, "/b");
    EXPECT_EQ(file.size_hint, 2U);
    qmgr_file_set_info_clear(&file);
    EXPECT_EQ(file.remote_name, nullptr);
    EXPECT_EQ(qmgr_job_get_file(job, 1, &file), QMGR_E_ITEM_NOT_FOUND);
    EXPECT_CALL(mock, get_job_progress(call::GetJobProgress{kJob, ProgressFlag::PercentDone}))
        .WillOnce(Return(ok(value::Progress{50})));
    EXPECT_EQ(qmgr_job_get_progress(job, QMGR_PROGRESS_PERCENT_DONE, &value), QMGR_S_OK);
    EXPECT_EQ(value, 50U);
    qmgr_guid id{};
    EXPECT_CALL(mock, get_job_id(call::GetJobId{kJob})).WillOnce(Return(ok(kJobId)));
    EXPECT_EQ(qmgr_job_get_job_id(job, &id), QMGR_S_OK);
    EXPECT_EQ(text(id), kJobText);
    EXPECT_CALL(mock, cancel_job(call::CancelJob{kJob}));
    EXPECT_EQ(qmgr_job_cancel_job(job), QMGR_S_OK);
    EXPECT_CALL(mock, get_times(call::GetTimes{kJob}));
    EXPECT_EQ(qmgr_job_get_times(job), QMGR_S_OK);
    EXPECT_CALL(mock, switch_job_to_foreground(call::SwitchJobToForeground{kJob}));
    EXPECT_EQ(qmgr_job_switch_to_foreground(job), QMGR_S_OK);
}

TEST_F(QmgrCTest, TheStatusOfAJobComesInFourNumbersOfWhichThreeMayBeLeftOut) {
    EXPECT_CALL(mock, get_job_status(call::GetJobStatus{kJob}))
        .WillOnce(Return(ok(value::JobState{{0x10}, 0x80190194, 404, 1})))
        .WillOnce(Return(ok(value::JobState{{0x4}, 0, 0, 0})))
        .WillOnce(Return(Reply{HResult::RpcDisconnected, {}}));
    std::uint32_t win32_result = 0;
    std::uint32_t transport_result = 0;
    std::uint32_t retries = 0;
    EXPECT_EQ(qmgr_job_get_status(job, &value, &win32_result, &transport_result, &retries),
              QMGR_S_OK);
    EXPECT_EQ(value, QMGR_JOB_ERROR);
    EXPECT_EQ(win32_result, 0x80190194U);
    EXPECT_EQ(transport_result, 404U);
    EXPECT_EQ(retries, 1U);
    EXPECT_EQ(qmgr_job_get_status(job, &value, nullptr, nullptr, nullptr), QMGR_S_OK);
    EXPECT_EQ(value, QMGR_JOB_COMPLETE);
    EXPECT_EQ(qmgr_job_get_status(job, &value, nullptr, nullptr, nullptr), 0x80010108U);
    EXPECT_EQ(value, QMGR_JOB_COMPLETE);
}

TEST_F(QmgrCTest, AGroupEnumeratorMakesItsCalls) {
    qmgr_group_enumerator* list = nullptr;
    EXPECT_CALL(mock, enum_groups(call::EnumGroups{0}));
    ASSERT_EQ(qmgr_enum_groups(queue, 0, &list), QMGR_S_OK);
    qmgr_guid ids[2] = {};
    std::uint32_t fetched = 9;
    EXPECT_CALL(mock, next(call::Next{kList, 2, false}))
        .WillOnce(Return(Reply{HResult::False, value::Fetched{{kGroupId.guid}, 1}}))
        .WillOnce(Return(Reply{HResult::RpcDisconnected, {}}));
    EXPECT_EQ(qmgr_group_enumerator_next(list, 2, ids, &fetched), QMGR_S_FALSE);
    EXPECT_EQ(fetched, 1U);
    EXPECT_EQ(text(ids[0]), kGroupText);
    EXPECT_EQ(qmgr_group_enumerator_next(list, 2, ids, &fetched), 0x80010108U);
    EXPECT_EQ(qmgr_group_enumerator_next(list, 2, ids, nullptr), QMGR_E_INVALIDARG);
    EXPECT_CALL(mock, next(call::Next{kList, 1, false}))
        .WillOnce(Return(ok(value::Fetched{{kGroupId.guid}, 1})));
    EXPECT_EQ(qmgr_group_enumerator_next(list, 1, ids, nullptr), QMGR_S_OK);
    EXPECT_CALL(mock, skip(call::Skip{kList, 3})).WillOnce(Return(Reply{HResult::False, {}}));
    EXPECT_EQ(qmgr_group_enumerator_skip(list, 3), QMGR_S_FALSE);
    EXPECT_CALL(mock, reset(call::Reset{kList}));
    EXPECT_EQ(qmgr_group_enumerator_reset(list), QMGR_S_OK);
    EXPECT_CALL(mock, get_count(call::GetCount{kList})).WillOnce(Return(ok(value::Count{6})));
    EXPECT_EQ(qmgr_group_enumerator_get_count(list, &value), QMGR_S_OK);
    EXPECT_EQ(value, 6U);
    qmgr_group_enumerator* twin = nullptr;
    EXPECT_CALL(mock, clone(call::Clone{kList})).WillOnce(Return(ok(EnumeratorHandle{14})));
    EXPECT_EQ(qmgr_group_enumerator_clone(list, &twin), QMGR_S_OK);
    EXPECT_EQ(qmgr_group_enumerator_release(twin), QMGR_S_OK);
    EXPECT_EQ(qmgr_group_enumerator_release(list), QMGR_S_OK);
}

TEST_F(QmgrCTest, AJobEnumeratorMakesItsCalls) {
    qmgr_job_enumerator* list = nullptr;
    EXPECT_CALL(mock, enum_jobs(call::EnumJobs{kGroup, 0}));
    ASSERT_EQ(qmgr_group_enum_jobs(group, 0, &list), QMGR_S_OK);
    qmgr_guid id{};
    EXPECT_CALL(mock, next(call::Next{kList, 1, false}))
        .WillOnce(Return(ok(value::Fetched{{kJobId.guid}, 1})));
    EXPECT_EQ(qmgr_job_enumerator_next(list, 1, &id, &value), QMGR_S_OK);
    EXPECT_EQ(text(id), kJobText);
    EXPECT_CALL(mock, skip(call::Skip{kList, 1}));
    EXPECT_EQ(qmgr_job_enumerator_skip(list, 1), QMGR_S_OK);
    EXPECT_CALL(mock, reset(call::Reset{kList}));
    EXPECT_EQ(qmgr_job_enumerator_reset(list), QMGR_S_OK);
    EXPECT_CALL(mock, get_count(call::GetCount{kList})).WillOnce(Return(ok(value::Count{1})));
    EXPECT_EQ(qmgr_job_enumerator_get_count(list, &value), QMGR_S_OK);
    EXPECT_EQ(value, 1U);
    qmgr_job_enumerator* twin = nullptr;
    EXPECT_CALL(mock, clone(call::Clone{kList}));
    EXPECT_EQ(qmgr_job_enumerator_clone(list, &twin), QMGR_S_OK);
    EXPECT_EQ(qmgr_job_enumerator_release(twin), QMGR_S_OK);
    EXPECT_EQ(qmgr_job_enumerator_release(list), QMGR_S_OK);
}

TEST_F(QmgrCTest, ANullPointerIsToldBeforeAnythingIsAsked) {
    testing::Mock::VerifyAndClearExpectations(&mock);
    qmgr_group* no_group = nullptr;
    qmgr_job* no_job = nullptr;
    qmgr_group_enumerator* no_groups = nullptr;
    qmgr_job_enumerator* no_jobs = nullptr;
    qmgr_queue* no_queue = nullptr;
    const qmgr_caller nobody{nullptr, 0};
    char folder[] = "/nowhere";
    EXPECT_EQ(qmgr_open(nullptr, nullptr, &no_queue, nullptr, 0), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_open(folder, &nobody, &no_queue, nullptr, 0), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_close(nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_guid_from_text(nullptr, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_guid_to_text(nullptr, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_create_group(queue, nullptr, &no_group), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_get_group(queue, &group_id, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_enum_groups(nullptr, 0, &no_groups), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_register_callback(queue, nullptr, nullptr, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_get_prop(group, 0, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_set_prop(group, 0, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_get_job(group, nullptr, &no_job), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_create_job(nullptr, &job_id, &no_job), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_enum_jobs(group, 0, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_get_status(group, nullptr, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_resume_group(nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_release(nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_job_add_files(job, 1, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_job_get_file(job, 0, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_group_enumerator_next(nullptr, 1, nullptr, nullptr), QMGR_E_POINTER);
    EXPECT_EQ(qmgr_job_enumerator_clone(nullptr, &no_jobs), QMGR_E_POINTER);
    qmgr_variant_clear(nullptr);
    qmgr_file_set_info_clear(nullptr);
}

// What a callback got, and what it is to answer.
struct Heard {
    qmgr_hresult answer = QMGR_S_OK;
    std::vector<std::uint32_t> numbers;
    bool has_job = false;
};

qmgr_hresult hear(void* context, const qmgr_group* group, const qmgr_job* job,
                  std::uint32_t file_index, std::uint32_t status, std::uint32_t retries,
                  std::uint32_t win32_result, std::uint32_t transport_result) {
    auto& heard = *static_cast<Heard*>(context);
    std::uint32_t size = 0;
    EXPECT_EQ(qmgr_group_get_size(group, &size), QMGR_S_OK);
    heard.has_job = job != nullptr;
    heard.numbers = {file_index, status, retries, win32_result, transport_result};
    return heard.answer;
}

TEST_F(QmgrCTest, ACallbackGetsItsArgumentsUntilItIsTakenBack) {
    const ClassId class_id{kJobId.guid};
    Heard heard{.answer = QMGR_E_FAIL, .numbers = {}};
    EXPECT_EQ(qmgr_register_callback(queue, &job_id, hear, &heard), QMGR_S_OK);
    mock.notify({{1}, class_id, kGroup, kJob, 3, {0x380}, 2, 0x80190194, 404});
    EXPECT_CALL(mock, answer(NotificationNumber{1}, HResult::Failed));
    queue->queue.deliver_notifications();
    EXPECT_THAT(heard.numbers, ElementsAre(3, 0x380, 2, 0x80190194, 404));
    EXPECT_TRUE(heard.has_job);

    Heard other;
    EXPECT_EQ(qmgr_register_callback(queue, &job_id, hear, &other), QMGR_S_OK);
    mock.notify({{2}, class_id, kGroup, std::nullopt, std::nullopt, {0x140}, 0, 0, 0});
    EXPECT_CALL(mock, answer(NotificationNumber{2}, HResult::Ok));
    queue->queue.deliver_notifications();
    EXPECT_THAT(other.numbers, ElementsAre(QMGR_NO_FILE, 0x140, 0, 0, 0));
    EXPECT_FALSE(other.has_job);

    EXPECT_EQ(qmgr_register_callback(queue, &job_id, nullptr, nullptr), QMGR_S_OK);
    mock.notify({{3}, class_id, kGroup, std::nullopt, std::nullopt, {0x140}, 0, 0, 0});
    EXPECT_CALL(mock, answer(NotificationNumber{3}, HResult::Failed));
    queue->queue.deliver_notifications();
}

// What a callback tries of what it must not.
struct Tried {
    qmgr_queue* queue = nullptr;
    qmgr_hresult close = QMGR_S_OK;
    qmgr_hresult register_callback = QMGR_S_OK;
};

qmgr_hresult try_it(void* context, const qmgr_group* /*group*/, const qmgr_job* /*job*/,
                    std::uint32_t /*file_index*/, std::uint32_t /*status*/,
                    std::uint32_t /*retries*/, std::uint32_t /*win32_result*/,
                    std::uint32_t /*transport_result*/) {
    auto& tried = *static_cast<Tried*>(context);
    const qmgr_guid class_id = guid(kJobText);
    tried.close = qmgr_close(tried.queue);
    tried.register_callback = qmgr_register_callback(tried.queue, &class_id, nullptr, nullptr);
    return QMGR_S_OK;
}

TEST(QmgrCCallbacks, AreToldThatTheQueueCannotBeClosedFromWithin) {
    NiceMock<MockQueueManager> mock;
    const qmgr_guid class_id = guid(kJobText);
    auto* const queue = new qmgr_queue(QueueManager(mock, {"u1"}));
    Tried tried{.queue = queue};
    EXPECT_EQ(qmgr_register_callback(queue, &class_id, try_it, &tried), QMGR_S_OK);
    mock.notify({{1}, {kJobId.guid}, kGroup, kJob, 3, {0x380}, 2, 0x80190194, 404});
    EXPECT_CALL(mock, answer(NotificationNumber{1}, HResult::Ok));
    queue->queue.deliver_notifications();
    EXPECT_EQ(tried.close, QMGR_E_INVALID_STATE);
    EXPECT_EQ(tried.register_callback, QMGR_E_INVALID_STATE);
    EXPECT_EQ(qmgr_close(queue), QMGR_S_OK);
}

TEST_F(QmgrCTest, AnExceptionDoesNotReachACallerInC) {
    Heard heard;
    EXPECT_CALL(mock, register_callback).WillOnce(testing::Throw(std::bad_alloc()));
    EXPECT_EQ(qmgr_register_callback(queue, &job_id, hear, &heard), QMGR_E_FAIL);
    mock.notify({{1}, {kJobId.guid}, kGroup, std::nullopt, std::nullopt, {0x140}, 0, 0, 0});
    EXPECT_CALL(mock, answer(NotificationNumber{1}, HResult::Failed));
    queue->queue.deliver_notifications();
    EXPECT_TRUE(heard.numbers.empty());
}

TEST(QmgrCOpen, SaysWhyWhenNoThreadCanBeStarted) {
    const TemporaryFolder folder;
    pthread_attr_t usual;
    ASSERT_EQ(::pthread_getattr_default_np(&usual), 0);
    pthread_attr_t huge;
    ASSERT_EQ(::pthread_attr_init(&huge), 0);
    ASSERT_EQ(::pthread_attr_setstacksize(&huge, std::size_t{1} << 47U), 0);  // more than there is
    ASSERT_EQ(::pthread_setattr_default_np(&huge), 0);
    qmgr_queue* queue = nullptr;
    char reason[200] = "";
    EXPECT_EQ(qmgr_open(folder.path("q").c_str(), nullptr, &queue, reason, sizeof reason),
              QMGR_E_FAIL);
    EXPECT_EQ(::pthread_setattr_default_np(&usual), 0);
    EXPECT_EQ(queue, nullptr);
    EXPECT_STRNE(reason, "");
}

}  // namespace
}  // namespace qmgr::library
