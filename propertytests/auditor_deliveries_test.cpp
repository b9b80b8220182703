// The auditor must bite: wrong deliveries, a journal that fails, restarts and time.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "propertytests/auditor_fixture.hpp"

namespace qmgr::propertytests {
namespace {

// ---- notifications -----------------------------------------------------------------------------

TEST_F(AuditorTest, TakesADeliveryAndItsRepeatsUntilItIsAnswered) {
    prepare_running();
    listen(0);
    take({error_told()});
    tell(call::GetGroupId{{50}}, ok(GroupId{guid(1)}));
    auditor.delivery_answered(now, {1}, H::Failed);
    take({error_told()});
    auditor.delivery_answered(now, {1}, H::Ok);
    expect_nothing();
    tell(call::GetGroupStatus{kGroup}, status(kErrorFlags));
    take({error_told()});
    expect_found("told-until-answered", "NOTIFY-9");
}

TEST_F(AuditorTest, FindsADeliveryNobodyMayGet) {
    prepare_running();
    const Auditor unasked = auditor;
    take({error_told()});
    expect_found("told-only-where-asked", "NTF-10");
    auditor = unasked;
    listen(NotifyFlag::disable_notify);
    auditor.notifications_taken(now);
    take({error_told()});
    expect_found("never-told-when-disabled", "NOTIFY-3");
    auditor = unasked;
    listen(0);
    take({completion_told()});
    expect_found("told-only-when-asked", "NOTIFY-1");
    auditor = unasked;
    listen(0);
    tell(call::GetGroupStatus{kGroup}, status(kRunningFlags));
    tell(call::CancelGroup{kGroup}, ok());
    auditor.notifications_taken(now);
    take({error_told()});
    expect_found("told-only-what-happened", "NOTIFY-2");
}

TEST_F(AuditorTest, FindsADeliveryOfAWaitOrOfTheWrongThings) {
    prepare_running();
    listen(0);
    const Auditor before = auditor;
    Notification told = error_told();
    told.status = kRunningFlags;
    take({told});
    expect_found("documented-flags", "GROUP-STATUS-9");
    told = error_told();
    told.file = 2;
    take({told});
    expect_found("told-what-happened", "ERR-OBJ-04");
    auditor = before;
    told = error_told();
    told.win32_result = 0;
    take({told});
    expect_found("errors-have-a-cause", "JOB1-STATUS-4-b");
    auditor = before;
    take({error_told()});
    tell(call::GetGroupId{{50}}, ok(GroupId{guid(2)}));
    expect_found("told-only-what-happened", "GROUP-ID-1");
}

TEST_F(AuditorTest, FindsADeliveryBeforeTheOneBeforeWasAnswered) {
    prepare_running();
    listen(0);
    take({error_told()});
    take({error_told()});
    expect_found("told-until-answered", "NOTIFY-5");
}

TEST_F(AuditorTest, FindsMoreDeliveriesAtOnceThanAUserMayHave) {
    prepare_running();
    listen(0);
    tell(call::CreateGroup{{guid(2)}}, ok(GroupHandle{4}));
    tell(call::CreateJob{{4}, {guid(102)}}, ok(JobHandle{5}));
    tell(call::AddFiles{{5}, {kFile}}, ok());
    tell(call::SetProp{{4}, GroupProperty::NotifyClsid, text(kClass)}, ok());
    tell(call::ResumeGroup{{4}}, ok());
    tell(call::GetJobStatus{kJob}, job_state(0x18, 0x80190194, 404, 1));
    take({error_told()});
    tell(call::GetGroupId{{50}}, ok(GroupId{guid(1)}));
    expect_nothing();
    Notification second = error_told();
    second.number = {2};
    second.group = {60};
    second.job = JobHandle{61};
    take({second});
    expect_found("four-at-once", "NOTIFY-13");
}

TEST_F(AuditorTest, MissesADeliveryThatIsLost) {
    prepare_error();
    listen(0);
    take({});
    pass(policy().retry_delay);
    take({});
    expect_nothing();
    pass(std::chrono::seconds(2));
    take({});
    expect_found("no-notification-lost", "NOTIFY-5");
}

TEST_F(AuditorTest, MissesADeliveryThatIsLostInARestart) {
    prepare_error();
    listen(0);
    take({error_told()});
    auditor.restarted(now);
    auditor.callback_registered({guid(9)});
    take({});
    pass(policy().retry_delay + std::chrono::seconds(2));
    take({});
    expect_found("no-notification-lost", "NOTIFY-5");
}

// ---- the journal, restarts, time ---------------------------------------------------------------

TEST_F(AuditorTest, FindsAChangeThatIsAcknowledgedWithoutAJournal) {
    prepare();
    around(surroundings::JournalFails{true});
    const Auditor before = auditor;
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    tell(call::CreateGroup{{guid(2)}}, no(H::QmServiceUnavailable));
    expect_nothing();
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    expect_found("every-later-call-is-refused", "SERVICE-1");
    auditor = before;
    tell(call::ResumeGroup{kGroup}, ok());
    expect_found("acknowledged-is-durable", "SERVICE-1");
}

TEST_F(AuditorTest, KnowsWhenTheServiceMustBeBack) {
    prepare();
    tell(call::GetGroupStatus{kGroup}, no(H::QmServiceUnavailable));
    expect_found("documented-codes", "SERVICE-1");
    around(surroundings::JournalFails{true});
    tell(call::CreateGroup{{guid(2)}}, no(H::QmServiceUnavailable));
    around(surroundings::JournalFails{false});
    tell(call::GetGroup{{guid(1)}}, no(H::QmServiceUnavailable));
    expect_nothing();
    pass(policy().retry_delay + std::chrono::seconds(2));
    const Auditor before = auditor;
    tell(call::GetGroup{{guid(1)}}, no(H::QmServiceUnavailable));
    expect_found("the-journal-is-opened-again", "SERVICE-1");
    auditor = before;
    tell(call::GetGroup{{guid(2)}}, no(H::QmItemNotFound));
    tell(call::GetGroupStatus{kGroup}, no(H::RpcDisconnected));
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{9}));
    tell(call::GetGroupStatus{{9}}, status(kSuspendedFlags));
    expect_nothing();
}

TEST_F(AuditorTest, KeepsWhatWasAcknowledgedOverARestart) {
    prepare();
    tell(call::SetProp{kGroup, GroupProperty::DisplayName, text("name")}, ok());
    auditor.restarted(now);
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{1}));
    tell(call::GetProp{{1}, GroupProperty::DisplayName}, ok(text("name")));
    expect_nothing();
    tell(call::GetProp{{1}, GroupProperty::DisplayName}, ok(text("")));
    expect_found("properties-are-kept", "PROP-KEEP-1");
}

TEST_F(AuditorTest, BelievesBothEndingsOfACallThatWasNotAnswered) {
    prepare();
    auditor.call_unanswered(now, kUser, call::ResumeGroup{kGroup});
    auditor.call_unanswered(now, kUser, call::CreateGroup{{guid(2)}});
    auditor.call_unanswered(now, kUser, call::AddFiles{kJob, {kFile}});
    auditor.restarted(now);
    const Auditor before = auditor;
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{1}));
    tell(call::GetGroupStatus{{1}}, status(kSuspendedFlags));
    tell(call::GetGroup{{guid(2)}}, no(H::QmItemNotFound));
    tell(call::CreateGroup{{guid(2)}}, ok(GroupHandle{4}));
    expect_nothing();
    auditor = before;
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{1}));
    tell(call::GetGroupStatus{{1}}, status(kRunningFlags));
    tell(call::GetJob{{1}, {guid(101)}}, ok(JobHandle{2}));
    tell(call::GetFileCount{{2}}, ok(value::Count{3}));
    tell(call::CreateGroup{{guid(2)}}, no(H::InvalidArgument));
    expect_nothing();
    tell(call::GetFileCount{{2}}, ok(value::Count{2}));
    expect_found("reads-are-right", "JOB1-COUNT-1");
}

TEST_F(AuditorTest, KnowsThatIdleGroupsAreCancelled) {
    prepare();
    pass(policy().inactivity_timeout);
    const Auditor before = auditor;
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{9}));
    expect_nothing();
    auditor = before;
    tell(call::GetGroup{{guid(1)}}, no(H::QmItemNotFound));
    expect_nothing();
    auditor = before;
    pass(std::chrono::seconds(2));
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    expect_found("states-follow-calls", "GROUP-STATUS-7");
}

TEST_F(AuditorTest, IsAValue) {
    prepare();
    const Auditor copy = auditor;
    EXPECT_EQ(copy, auditor);
    EXPECT_EQ(copy.hash(), auditor.hash());
    tell(call::ResumeGroup{kGroup}, ok());
    EXPECT_FALSE(copy == auditor);
    EXPECT_NE(copy.hash(), auditor.hash());
}

}  // namespace
}  // namespace qmgr::propertytests
