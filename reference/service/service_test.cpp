// The order laws of the service, on ports that only listen.
#include "reference/service/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/service/machine.hpp"

namespace qmgr {
namespace {

using testing::_;
using testing::InSequence;
using testing::NiceMock;
using testing::Return;
using testing::SizeIs;

class FixedClock final : public Clock {
  public:
    Instant now() override { return at; }
    Instant at = instant_from_ms(1'000'000);
};

class MockTransport : public Transport {
  public:
    MOCK_METHOD(void, start, (const action::StartFetch&), (override));
    MOCK_METHOD(void, store_body, (const action::StoreBody&), (override));
    MOCK_METHOD(void, stop, (FetchId), (override));
};
class MockFileStore : public FileStore {
  public:
    MOCK_METHOD(HResult, examine, (const Caller&, const std::string&), (override));
    MOCK_METHOD(void, create_part, (const action::CreatePart&), (override));
    MOCK_METHOD(void, sync_part, (const action::SyncPart&), (override));
    MOCK_METHOD(void, commit_file, (const action::CommitFile&), (override));
    MOCK_METHOD(void, discard_part, (const action::DiscardPart&), (override));
    MOCK_METHOD(HResult, begin_body, (const action::StoreBody&), (override));
    MOCK_METHOD(HResult, write, (FetchId, const char*, std::size_t), (override));
    MOCK_METHOD(void, end_body, (FetchId), (override));
};
class MockJournal : public Journal {
  public:
    MOCK_METHOD(HResult, load, (Records&), (override));
    MOCK_METHOD(HResult, commit, (const std::vector<Change>&), (override));
};
class MockNotifier : public Notifier {
  public:
    MOCK_METHOD(void, deliver, (const Notification&), (override));
    MOCK_METHOD(void, forget, (), (override));
};
class MockSink : public ReplySink {
  public:
    MOCK_METHOD(void, replied, (CallId, const Reply&), (override));
};

const GroupId kGroup{*guid_from_text("00000000-0000-0000-0000-000000000001")};
const JobId kJob{*guid_from_text("00000000-0000-0000-0000-000000000002")};

class ServiceTest : public testing::Test {
  protected:
    ServiceTest() {
        ON_CALL(file_store, examine).WillByDefault(Return(HResult::Ok));
        ON_CALL(journal, load).WillByDefault(Return(HResult::Ok));
        ON_CALL(journal, commit).WillByDefault(Return(HResult::Ok));
        service.open();
    }
    void submit(const Call& call, std::uint64_t id = 1) {
        inbox.submit({{id}, {"u1", false}, call, &sink});
    }
    void prepare_one_file() {
        submit(call::CreateGroup{kGroup});
        submit(call::CreateJob{{1}, kJob});
        submit(call::AddFiles{{2}, {{"http://host/a", "/d/a", 0}}});
        service.turn();
    }

    FixedClock clock;
    NiceMock<MockTransport> transport;
    NiceMock<MockFileStore> file_store;
    NiceMock<MockJournal> journal;
    NiceMock<MockNotifier> notifier;
    Machine machine;
    NiceMock<MockSink> sink;
    Inbox inbox;
    Policy policy;
    Service service{{clock, transport, file_store, journal, notifier, machine},
                    inbox,
                    kDocumentedRules,
                    policy};
};

TEST_F(ServiceTest, ACallIsAnsweredAfterItsChangeIsDurable) {
    const InSequence order;
    EXPECT_CALL(journal, commit(_)).WillOnce(Return(HResult::Ok));
    EXPECT_CALL(sink, replied(CallId{1}, Reply{HResult::Ok, GroupHandle{1}}));
    submit(call::CreateGroup{kGroup});
    service.turn();
}

TEST_F(ServiceTest, NothingIsCreatedOrSentBeforeTheRecordIsDurable) {
    prepare_one_file();
    const InSequence order;
    EXPECT_CALL(journal, commit(_)).WillOnce(Return(HResult::Ok));
    EXPECT_CALL(file_store, create_part(_));
    EXPECT_CALL(sink, replied(CallId{9}, Reply{HResult::Ok, {}}));
    submit(call::ResumeGroup{{1}}, 9);
    service.turn();
}

TEST_F(ServiceTest, ANotificationFollowsTheAnswerAndBothFollowTheRecord) {
    prepare_one_file();
    submit(call::SetProp{{1},
                         GroupProperty::NotifyClsid,
                         {VariantType::Bstr, 0, "{00000000-0000-0000-0000-0000000000cc}"}});
    submit(call::SetProp{
        {1}, GroupProperty::NotifyFlags, {VariantType::I4, NotifyFlag::disable_notify, {}}});
    submit(call::ResumeGroup{{1}});
    service.turn();
    inbox.post(event::PartCreated{{{1}, 0}, HResult::Ok, 0});
    inbox.post(event::ResponseStarted{{1}, 404, {}});
    service.turn();
    const InSequence order;
    EXPECT_CALL(journal, commit(_)).WillOnce(Return(HResult::Ok));
    EXPECT_CALL(sink, replied(CallId{9}, Reply{HResult::Ok, {}}));
    EXPECT_CALL(notifier, deliver(_));
    submit(call::SetProp{{1}, GroupProperty::NotifyFlags, {VariantType::I4, 0, {}}}, 9);
    service.turn();
}

TEST_F(ServiceTest, WithoutAnyDelayAJournalThatFailsStillLetsCallsBeAnswered) {
    policy.retry_delay = Duration(0);
    ON_CALL(journal, load).WillByDefault(Return(HResult::IoDevice));
    EXPECT_CALL(journal, commit(_)).WillOnce(Return(HResult::IoDevice));
    submit(call::CreateGroup{kGroup}, 1);
    service.turn();
    for (std::uint64_t id = 2; id < 5; ++id) {
        clock.at += Duration(1);
        EXPECT_CALL(sink, replied(CallId{id}, Reply{HResult::QmServiceUnavailable, {}}));
        submit(call::CreateGroup{kGroup}, id);
        service.turn();
    }
}

TEST_F(ServiceTest, AnAnsweredHeadIsNotStoppedWhenTheServiceCloses) {
    prepare_one_file();
    submit(call::ResumeGroup{{1}});
    service.turn();
    inbox.post(event::PartCreated{{{1}, 0}, HResult::Ok, 0});
    service.turn();
    inbox.post(event::ResponseStarted{{1}, 503, {}});
    service.turn();
    EXPECT_CALL(journal, commit(_)).WillOnce(Return(HResult::IoDevice));
    EXPECT_CALL(transport, stop).Times(0);
    submit(call::SuspendGroup{{1}});
    service.turn();
}

TEST_F(ServiceTest, CallsThatWaitTogetherShareOneTransaction) {
    EXPECT_CALL(journal, commit(SizeIs(6))).WillOnce(Return(HResult::Ok));
    EXPECT_CALL(sink, replied).Times(3);
    for (std::uint8_t i = 1; i <= 3; ++i) {
        Guid guid;
        guid.bytes[0] = i;
        submit(call::CreateGroup{{guid}}, i);
    }
    service.turn();
}

TEST_F(ServiceTest, AFailedCommitAnswersEveryCallOfItsTurnAndPerformsNothing) {
    prepare_one_file();
    EXPECT_CALL(journal, commit(_)).WillOnce(Return(HResult::DiskFull));
    EXPECT_CALL(file_store, create_part).Times(0);
    EXPECT_CALL(sink, replied(CallId{8}, Reply{HResult::QmServiceUnavailable, {}}));
    EXPECT_CALL(sink, replied(CallId{9}, Reply{HResult::QmServiceUnavailable, {}}));
    submit(call::ResumeGroup{{1}}, 8);
    submit(call::GetGroupStatus{{1}}, 9);
    service.turn();
    EXPECT_EQ(service.engine(), nullptr);
}

// NTF-16: the handles lent with them are gone.
TEST_F(ServiceTest, AClosedServiceTakesBackWhatItDelivered) {
    EXPECT_CALL(journal, commit(_)).WillOnce(Return(HResult::IoDevice));
    EXPECT_CALL(notifier, forget());
    submit(call::CreateGroup{kGroup});
    service.turn();
}

TEST_F(ServiceTest, AClosedServiceStopsItsExchangesAndOpensAgainAfterTheRetryDelay) {
    prepare_one_file();
    submit(call::ResumeGroup{{1}});
    service.turn();
    inbox.post(event::PartCreated{{{1}, 0}, HResult::Ok, 0});
    service.turn();
    EXPECT_CALL(journal, commit(_)).WillOnce(Return(HResult::IoDevice));
    EXPECT_CALL(transport, stop(FetchId{1}));
    submit(call::SuspendGroup{{1}});
    service.turn();
    EXPECT_EQ(service.next_wakeup(), clock.at + policy.retry_delay);
    EXPECT_CALL(sink, replied(CallId{7}, Reply{HResult::QmServiceUnavailable, {}}));
    submit(call::GetGroupStatus{{1}}, 7);
    service.turn();
    clock.at += policy.retry_delay;
    EXPECT_CALL(journal, load(_)).WillOnce(Return(HResult::Ok));
    service.turn();
    ASSERT_NE(service.engine(), nullptr);
    // HANDLE-2, and no number is given twice in one run.
    EXPECT_EQ(service.engine()->numbers(), (Numbers{3, 2}));
}

}  // namespace
}  // namespace qmgr
