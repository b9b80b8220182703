// The auditor must bite: for each call and each of its sentences there is an answer here that is
// wrong in one place, and the right one beside it. Deliveries, the journal and restarts stand in
// auditor_deliveries_test.cpp.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "propertytests/auditor_fixture.hpp"

namespace qmgr::propertytests {
namespace {

// ---- each call ---------------------------------------------------------------------------------

struct Wrong {
    Call call;
    Reply right;
    Reply wrong;
    const char* clause;
};

// The queue and the group.
std::vector<Wrong> wrong_answers_of_groups() {
    const GroupHandle group = kGroup;
    return {
        {call::CreateGroup{{guid(1)}}, no(H::InvalidArgument), ok(GroupHandle{9}), "QMGR-CREATE-2"},
        {call::CreateGroup{{}}, no(H::InvalidArgument), ok(GroupHandle{9}), "QMGR-CREATE-4"},
        {call::CreateGroup{{guid(2)}}, ok(GroupHandle{9}), no(H::Failed), "QMGR-CREATE-1"},
        {call::GetGroup{{guid(1)}}, ok(GroupHandle{9}), no(H::QmItemNotFound), "QMGR-GET-1"},
        {call::GetGroup{{guid(2)}}, no(H::QmItemNotFound), ok(GroupHandle{9}), "QMGR-GET-2"},
        {call::EnumGroups{0}, ok(EnumeratorHandle{9}), no(H::NotImplemented), "QMGR-ENUM-1"},
        {call::EnumGroups{1}, no(H::NotImplemented), ok(EnumeratorHandle{9}), "QMGR-ENUM-2"},
        {call::GetProp{group, GroupProperty::Priority}, ok(number(1)), ok(number(2)),
         "PROP-PRIORITY-1"},
        {call::GetProp{group, GroupProperty::DisplayName}, ok(text("")), ok(text("x")),
         "PROP-KEEP-1"},
        {call::SetProp{group, GroupProperty::Priority, number(2)}, no(H::InvalidArgument), ok(),
         "PROP-PRIORITY-1"},
        {call::SetProp{group, GroupProperty::NotifyFlags, number(1)}, no(H::NotImplemented),
         no(H::InvalidArgument), "PROP-NOTIFYFLAGS-1-b"},
        {call::GetGroupProgress{group, ProgressFlag::SizeDone}, bytes(0), bytes(1), "OBS-014"},
        {call::GetGroupStatus{group}, status(kSuspendedFlags), status(kRunningFlags),
         "GROUP-STATUS-2-a"},
        {call::GetJob{group, {guid(101)}}, ok(JobHandle{9}), no(H::QmItemNotFound),
         "GROUP-GETJOB-1"},
        {call::SuspendGroup{group}, ok(), no(H::QmInvalidState), "GROUP-SUSPEND-1"},
        {call::ResumeGroup{group}, ok(), no(H::BgEmpty), "GROUP-RESUME-1"},
        {call::CancelGroup{group}, ok(), no(H::FileNotFound), "GROUP-CANCEL-1"},
        {call::GetSize{group}, ok(value::Size{0}), ok(value::Size{5}), "GROUP-SIZE-1-b"},
        {call::GetGroupId{group}, ok(GroupId{guid(1)}), ok(GroupId{guid(2)}), "GROUP-ID-1"},
        {call::CreateJob{group, {guid(102)}}, no(H::NotImplemented), ok(JobHandle{9}),
         "GROUP-CREATEJOB-2"},
        {call::EnumJobs{group, 0}, ok(EnumeratorHandle{9}), no(H::NotImplemented),
         "GROUP-ENUMJOBS-1"},
        {call::SwitchGroupToForeground{group}, ok(), no(H::NotImplemented), "GROUP-FG-1"},
        {call::QueryNewJobInterface{group}, no(H::NotImplemented), ok(), "GROUP-INT-1-b"},
        {call::SetNotificationPointer{group}, no(H::NotImplemented), ok(), "GROUP-INT-1-b"},
        {call::InternalSetProp{group}, no(H::NotImplemented), ok(), "GROUP-INT-1-b"},
    };
}

// The job and the lists.
std::vector<Wrong> wrong_answers_of_jobs() {
    return {
        {call::CancelJob{kJob}, no(H::NotImplemented), ok(), "JOB1-STUB-1"},
        {call::GetJobProgress{kJob, ProgressFlag::TimeDone}, no(H::NotImplemented), bytes(0),
         "GROUP-PROG-3"},
        {call::GetJobStatus{kJob}, job_state(0x8), job_state(0x28), "JOB1-STATUS-3"},
        {call::GetTimes{kJob}, no(H::NotImplemented), ok(), "JOB1-STUB-1"},
        {call::AddFiles{kJob, {kFile}}, ok(), no(H::PathNotFound), "JOB1-ADD-1"},
        {call::AddFiles{kJob, {}}, no(H::InvalidArgument), ok(), "JOB1-ADD-4"},
        {call::GetFile{kJob, 1}, ok(kFile), ok(FileSetInfo{"http://server.test/b", "/d/a", 7}),
         "JOB1-FILE-1"},
        {call::GetFile{kJob, 2}, no(H::QmItemNotFound), ok(kFile), "JOB1-FILE-1"},
        {call::GetFileCount{kJob}, ok(value::Count{2}), ok(value::Count{3}), "JOB1-COUNT-1"},
        {call::SwitchJobToForeground{kJob}, no(H::NotImplemented), ok(), "JOB1-STUB-1"},
        {call::GetJobId{kJob}, ok(JobId{guid(101)}), ok(JobId{guid(1)}), "JOB1-ID-1"},
        {call::Next{kList, 1}, list({guid(1)}), list({guid(2)}), "ENUM-SNAP-1"},
        {call::Next{kList, 2}, list({guid(1)}, H::False), list({guid(1)}), "ENUM-NEXT-2"},
        {call::Next{kList, 2, true}, no(H::InvalidArgument), list({guid(1)}, H::False),
         "ENUM-NEXT-3"},
        {call::Skip{kList, 2}, no(H::False), ok(), "ENUM-SKIP-1"},
        {call::Reset{kList}, ok(), no(H::Failed), "ENUM-RESET-1"},
        {call::Clone{kList}, ok(EnumeratorHandle{9}), ok(EnumeratorHandle{3}), "HANDLE-4"},
        {call::GetCount{kList}, ok(value::Count{1}), ok(value::Count{0}), "ENUM-COUNT-1"},
        {call::Release{kJob}, ok(), no(H::RpcDisconnected), "HANDLE-3"},
        {call::Release{JobHandle{77}}, no(H::RpcDisconnected), ok(), "HANDLE-5-b"},
    };
}

TEST_F(AuditorTest, FindsAWrongAnswerToEachCallAndNothingInTheRightOne) {
    prepare();
    std::vector<Wrong> all = wrong_answers_of_groups();
    for (const Wrong& one : wrong_answers_of_jobs()) all.push_back(one);
    expect_nothing();
    const Auditor before = auditor;
    for (const Wrong& one : all) {
        auditor = before;
        tell(one.call, one.right);
        expect_nothing();
        auditor = before;
        tell(one.call, one.wrong);
        ASSERT_FALSE(auditor.violations().empty()) << one.clause;
        EXPECT_EQ(auditor.violations().front().clause, one.clause);
        EXPECT_NE(auditor.violations().front().what, "");
        auditor.forget_violations();
    }
}

TEST_F(AuditorTest, FindsAValueThatDoesNotBelongToTheAnswer) {
    prepare();
    tell(call::GetSize{kGroup}, ok());
    expect_found("answers-carry-their-values", "GROUP-SIZE-1-a");
    tell(call::GetSize{kGroup}, ok(value::Count{0}));
    expect_found("answers-carry-their-values", "GROUP-SIZE-1-a");
    tell(call::SuspendGroup{kGroup}, ok(value::Count{0}));
    expect_found("answers-carry-their-values", "GROUP-SUSPEND-1");
    tell(call::GetGroup{{guid(7)}}, {H::QmItemNotFound, GroupHandle{9}});
    expect_found("answers-carry-their-values", "QMGR-GET-1");
}

TEST_F(AuditorTest, DoesNotJudgeAnswersThatAreUnsupported) {
    prepare();
    tell(call::CancelGroup{kGroup}, unsupported("not here"));
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    expect_nothing();
}

// ---- owners, handles, lists --------------------------------------------------------------------

TEST_F(AuditorTest, KnowsWhoSeesAGroup) {
    prepare();
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{9}), kOther);
    expect_found("documented-codes", "QMGR-GET-3-b");
    tell(call::GetGroup{{guid(1)}}, no(H::QmItemNotFound), kAdministrator);
    expect_found("documented-codes", "QMGR-GET-4");
}

TEST_F(AuditorTest, MovesAGroupToWhoGotIt) {
    prepare();
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{9}), kAdministrator);
    tell(call::GetGroup{{guid(1)}}, no(H::QmItemNotFound));
    tell(call::EnumGroups{0}, ok(EnumeratorHandle{10}));
    tell(call::GetCount{{10}}, ok(value::Count{0}));
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    expect_nothing();
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{11}));
    expect_found("documented-codes", "QMGR-GET-3-b");
}

TEST_F(AuditorTest, FindsAHandleThatIsGivenTwice) {
    prepare();
    tell(call::Release{kJob}, ok());
    tell(call::GetJob{kGroup, {guid(101)}}, ok(kJob));
    expect_found("handles-are-new", "HANDLE-4");
}

TEST_F(AuditorTest, FindsAHandleThatOutlivesItsReleaseOrARestart) {
    prepare();
    const Auditor before = auditor;
    tell(call::Release{kJob}, ok());
    tell(call::GetFileCount{kJob}, ok(value::Count{2}));
    expect_found("handles-of-the-gone", "HANDLE-5-b");
    auditor = before;
    auditor.restarted(now);
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    expect_found("handles-of-the-gone", "HANDLE-5-b");
}

TEST_F(AuditorTest, FindsAListThatIsNoSnapshot) {
    prepare();
    tell(call::CreateGroup{{guid(2)}}, ok(GroupHandle{4}));
    tell(call::GetCount{kList}, ok(value::Count{2}));
    expect_found("lists-are-snapshots", "ENUM-COUNT-1");
    tell(call::EnumGroups{0}, ok(EnumeratorHandle{5}));
    tell(call::Next{{5}, 2}, list({guid(2), guid(1)}));
    expect_found("lists-are-snapshots", "ENUM-ORDER-1");
    tell(call::Reset{{5}}, ok());
    tell(call::Next{{5}, 2}, {H::Ok, value::Fetched{{guid(1), guid(2)}, 1}});
    expect_found("lists-tell-how-many", "ENUM-NEXT-1");
}

TEST_F(AuditorTest, KeepsThePlacesOfACloneAndItsOriginalApart) {
    prepare();
    tell(call::Clone{kList}, ok(EnumeratorHandle{4}));
    tell(call::Next{kList, 1}, list({guid(1)}));
    tell(call::Next{{4}, 1}, list({guid(1)}));
    tell(call::Next{{4}, 1}, list({}, H::False));
    expect_nothing();
    tell(call::Reset{{4}}, ok());
    tell(call::Next{{4}, 1}, list({}, H::False));
    expect_found("documented-codes", "ENUM-NEXT-1");
}

// ---- refused calls, states ---------------------------------------------------------------------

TEST_F(AuditorTest, FindsWhatARefusedCallHasLeft) {
    prepare();
    tell(call::AddFiles{kJob, {kFile, {"ftp://server.test/a", "/d/b", 0}}}, no(H::InvalidArgument));
    tell(call::GetFileCount{kJob}, ok(value::Count{3}));
    expect_found("refused-calls-change-nothing", "JOB1-COUNT-1");
    tell(call::SetProp{kGroup, GroupProperty::DisplayName, number(1)}, no(H::InvalidArgument));
    tell(call::GetProp{kGroup, GroupProperty::DisplayName}, ok(text("1")));
    expect_found("refused-calls-change-nothing", "PROP-KEEP-1");
}

TEST_F(AuditorTest, FindsFlagsThatNoStateHas) {
    prepare();
    for (const std::uint32_t flags : {0x40U, 0x200U, 0x1C0U, 0x280U, 0x100U, 0x181U}) {
        tell(call::GetGroupStatus{kGroup}, status(GroupStatus{flags}));
        expect_found("documented-flags", "GROUP-STATUS-9");
    }
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags.with(GroupFlag::Foreground)));
    expect_found("foreground-shows", "GROUP-STATUS-8");
    tell(call::GetGroupStatus{kGroup}, ok(value::GroupState{kSuspendedFlags, 1}));
    expect_found("documented-flags", "GROUP-STATUS-1");
}

TEST_F(AuditorTest, TakesAllowedFlagsWhenItIsNotStrict) {
    auditor = Auditor(policy(), {.first_answers_only = false});
    prepare();
    tell(call::GetGroupStatus{kGroup}, status(GroupStatus{0x100}));
    tell(call::CreateGroup{{guid(2)}}, ok(GroupHandle{4}));
    tell(call::ResumeGroup{{4}}, no(H::QmInvalidState));
    expect_nothing();
}

TEST_F(AuditorTest, AllowsARunningGroupWhatTimeCanDo) {
    prepare_running();
    const Auditor before = auditor;
    for (const GroupStatus one : {kRunningFlags, kErrorFlags, kCompleteFlags}) {
        auditor = before;
        tell(call::GetGroupStatus{kGroup}, status(one));
        expect_nothing();
    }
    auditor = before;
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    expect_found("states-follow-calls", "GROUP-STATUS-3");
}

TEST_F(AuditorTest, FindsAnEndingThatIsTakenBack) {
    const Auditor fresh = auditor;
    prepare_complete();
    tell(call::GetGroupStatus{kGroup}, status(kRunningFlags));
    expect_found("states-follow-calls", "GROUP-STATUS-6-a");
    auditor = fresh;
    prepare_error();
    tell(call::GetGroupStatus{kGroup}, status(kRunningFlags));
    expect_found("states-follow-calls", "GROUP-STATUS-5-a");
}

TEST_F(AuditorTest, LetsASuspendComeTooLateOnlyForAMoment) {
    prepare_running();
    tell(call::SuspendGroup{kGroup}, ok());
    tell(call::GetGroupStatus{kGroup}, status(kRunningFlags));
    expect_nothing();
    pass(std::chrono::minutes(2));
    tell(call::GetGroupStatus{kGroup}, status(kRunningFlags));
    expect_found("states-follow-calls", "GROUP-SUSPEND-1");
}

TEST_F(AuditorTest, KnowsACancelledGroupByItsHandleOnly) {
    prepare();
    tell(call::CancelGroup{kGroup}, ok());
    tell(call::GetGroupStatus{kGroup}, status({}));
    tell(call::GetFileCount{kJob}, ok(value::Count{2}));
    tell(call::GetGroup{{guid(1)}}, no(H::QmItemNotFound));
    tell(call::SuspendGroup{kGroup}, no(H::QmInvalidState));
    expect_nothing();
    tell(call::CancelGroup{kGroup}, ok());
    expect_found("documented-codes", "GROUP-CANCEL-4-b");
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    expect_found("states-follow-calls", "GROUP-STATUS-7");
}

// ---- limits, names -----------------------------------------------------------------------------

TEST_F(AuditorTest, HoldsTheLimits) {
    prepare();
    tell(call::CreateGroup{{guid(2)}}, ok(GroupHandle{4}));
    tell(call::CreateJob{{4}, {guid(102)}}, ok(JobHandle{5}));
    tell(call::CreateGroup{{guid(3)}}, ok(GroupHandle{6}));
    tell(call::CreateJob{{6}, {guid(103)}}, no(H::BgTooManyJobsPerUser));
    expect_nothing();
    tell(call::CreateJob{{6}, {guid(103)}}, no(H::BgTooManyJobsPerMachine));
    expect_found("documented-codes", "GROUP-CREATEJOB-5-a");
    tell(call::AddFiles{kJob, {kFile, kFile}}, ok());
    expect_found("documented-codes", "JOB1-ADD-10");
    tell(call::AddFiles{kJob, {kFile}}, ok(), kAdministrator);
    expect_nothing();
}

TEST_F(AuditorTest, HoldsTheLimitsOfNamesAndPlaces) {
    prepare();
    const auto add = [&](const std::string& remote, const std::string& local, H code) {
        tell(call::AddFiles{kJob, {{remote, local, 0}}}, no(code));
    };
    const std::string good = "http://server.test/a";
    for (const std::string bad :
         {"ftp://server.test/a", "http:///a", "http://h:70000/a", "http://h/%zz", "http://h/ ",
          "http://h/*", "http://h/\xC3\xA4", ""})
        add(bad, "/d/a", H::InvalidArgument);
    add("http://h/" + std::string(261, 'a'), "/d/a", H::InvalidArgument);
    for (const std::string bad : {"d/a", "/d/a?", "/d/a:b:c", "/d/\"a", ""})
        add(good, bad, H::InvalidArgument);
    add(good, "/d/" + std::string(258, 'a'), H::InvalidArgument);
    add(good, "/missing/a", H::PathNotFound);
    add(good, "/protected/a", H::AccessDenied);
    expect_nothing();
    for (const std::string one : {"HTTPS://u:p@h:1/a%20b?c#d", "http://h"})
        tell(call::AddFiles{kJob, {{one, "/d/a", 0}}}, no(H::InvalidArgument));
    expect_found("documented-codes", "JOB1-ADD-1");
    const std::string wide(254, 'a');
    tell(call::SetProp{kGroup, GroupProperty::DisplayName, text(wide + "\xF0\x9F\x98\x80")}, ok());
    expect_nothing();
    tell(call::SetProp{kGroup, GroupProperty::DisplayName, text(wide + "\xF0\x9F\x98\x80!")}, ok());
    expect_found("documented-codes", "PROP-NAME-1");
}

TEST_F(AuditorTest, KnowsThatAddingNeedsALogOn) {
    prepare();
    around(surroundings::LogOff{"u1"});
    tell(call::AddFiles{kJob, {kFile}}, no(H::NotLoggedOn));
    expect_nothing();
    tell(call::AddFiles{kJob, {kFile}}, ok());
    expect_found("documented-codes", "JOB1-ADD-11");
}

// ---- progress ----------------------------------------------------------------------------------

TEST_F(AuditorTest, FindsProgressThatFalls) {
    prepare_running();
    tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(50));
    tell(call::GetJobProgress{kJob, ProgressFlag::SizeDone}, bytes(50));
    expect_nothing();
    tell(call::GetJobProgress{kJob, ProgressFlag::SizeDone}, bytes(49));
    expect_found("progress-never-falls", "GROUP-PROG-5");
}

TEST_F(AuditorTest, FindsProgressWhereNothingCanMove) {
    prepare_running();
    const Auditor before = auditor;
    const std::vector<std::pair<Surroundings, const char*>> all = {
        {surroundings::NetworkLost{}, "XFER-NET-1-a"},
        {surroundings::Paused{"battery"}, "XFER-PAUSE-1"},
        {surroundings::LogOff{"u1"}, "XFER-LOGON-1"}};
    for (const auto& [what, clause] : all) {
        auditor = before;
        around(what);
        tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(50));
        expect_nothing();
        tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(51));
        expect_found("progress-stands-still", clause);
    }
    auditor = before;
    tell(call::SuspendGroup{kGroup}, ok());
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(50));
    tell(call::GetJobProgress{kJob, ProgressFlag::SizeDone}, bytes(51));
    expect_found("progress-stands-still", "GROUP-SUSPEND-1");
}

TEST_F(AuditorTest, FindsBytesSizeAndPercentThatDoNotFitEachOther) {
    prepare_running();
    tell(call::GetSize{kGroup}, ok(value::Size{200}));
    tell(call::SuspendGroup{kGroup}, ok());
    tell(call::GetGroupStatus{kGroup}, status(kSuspendedFlags));
    tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(99));
    tell(call::GetGroupProgress{kGroup, ProgressFlag::PercentDone}, bytes(49));
    expect_nothing();
    tell(call::GetGroupProgress{kGroup, ProgressFlag::PercentDone}, bytes(50));
    expect_found("percent-is-of-the-bytes", "GROUP-PROG-2-b");
    tell(call::GetGroupProgress{kGroup, ProgressFlag::PercentDone}, bytes(101));
    expect_found("percent-is-of-the-bytes", "GROUP-PROG-2-a");
    tell(call::GetSize{kGroup}, ok(value::Size{199}));
    expect_found("size-stays", "OPEN-26");
    tell(call::ResumeGroup{kGroup}, ok());
    tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(201));
    expect_found("progress-is-what-arrived", "GROUP-PROG-5");
}

TEST_F(AuditorTest, FindsACompleteGroupThatHasNotCountedAll) {
    prepare_running();
    tell(call::GetSize{kGroup}, ok(value::Size{200}));
    tell(call::GetGroupStatus{kGroup}, status(kCompleteFlags));
    tell(call::GetGroupProgress{kGroup, ProgressFlag::PercentDone}, bytes(100));
    expect_nothing();
    tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(199));
    expect_found("progress-is-what-arrived", "OBS-064");
    tell(call::GetGroupProgress{kGroup, ProgressFlag::PercentDone}, bytes(99));
    expect_found("states-follow-calls", "GROUP-PROG-2-b");
}

TEST_F(AuditorTest, LetsProgressFallByARestartOnlyToWhatWasDurable) {
    prepare_running();
    tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(50));
    pass(std::chrono::seconds(2));
    tell(call::GetGroupProgress{kGroup, ProgressFlag::SizeDone}, bytes(80));
    auditor.restarted(now);
    tell(call::GetGroup{{guid(1)}}, ok(GroupHandle{1}));
    const Auditor before = auditor;
    tell(call::GetGroupProgress{{1}, ProgressFlag::SizeDone}, bytes(50));
    expect_nothing();
    auditor = before;
    tell(call::GetGroupProgress{{1}, ProgressFlag::SizeDone}, bytes(49));
    expect_found("progress-never-falls", "GROUP-PROG-5");
}

// ---- errors ------------------------------------------------------------------------------------

TEST_F(AuditorTest, FindsResultsThatAreNotOfAnError) {
    prepare();
    tell(call::GetJobStatus{kJob}, job_state(0x8, 0x80190194, 404, 1));
    expect_found("results-only-in-error", "JOB1-STATUS-4-b");
    tell(call::ResumeGroup{kGroup}, ok());
    tell(call::GetJobStatus{kJob}, job_state(0x18, 0x80190194, 403, 1));
    expect_found("errors-have-a-cause", "JOB1-STATUS-4-b");
}

TEST_F(AuditorTest, FindsAWaitThatIsToldAsAnError) {
    prepare_running();
    around(surroundings::LogOff{"u1"});
    tell(call::GetJobStatus{kJob}, job_state(0x18, 0x800704DD, 0, 1));
    expect_found("errors-have-a-cause", "XFER-LOGON-1");
}

TEST_F(AuditorTest, FindsResultsThatChangeAndRetriesThatFall) {
    prepare_error();
    tell(call::GetJobStatus{kJob}, job_state(0x18, 0x80190194, 404, 2));
    expect_found("errors-keep-their-results", "OPEN-40");
    tell(call::ResumeGroup{kGroup}, ok());
    tell(call::GetJobStatus{kJob}, job_state(0x18, 0x80190194, 404, 2));
    expect_found("retries-never-fall", "JOB1-STATUS-4-b");
}

}  // namespace
}  // namespace qmgr::propertytests
