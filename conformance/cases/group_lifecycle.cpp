// Creating, starting, stopping and cancelling a group.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

void a_new_group_is_suspended(Rig& rig) {
    const GroupHandle group = create_group(rig);
    expect_status(rig, "GROUP-NEW-1", "GetStatus of a new group shows", group, {kNew, kNewLenient});
}

void a_new_group_is_in_the_queue_at_once(Rig& rig) {
    create_group(rig);
    const Reply found = rig.call(call::GetGroup{{guid(1)}});
    rig.expect("QMGR-GET-1", "GetGroup answers", found.hresult, {HResult::Ok});
    const Reply id = rig.call(call::GetGroupId{value_of<GroupHandle>(found)});
    rig.expect("GROUP-ID-1", "get_GroupID answers", id.hresult, {HResult::Ok});
    rig.expect_true("GROUP-ID-1", "get_GroupID gives the GUID of CreateGroup",
                    value_of<GroupId>(id).guid == guid(1));
}

void a_guid_in_use_is_refused(Rig& rig) {
    create_group(rig);
    expect_code(rig, "QMGR-CREATE-2", "CreateGroup with the same GUID answers",
                call::CreateGroup{{guid(1)}}, {HResult::InvalidArgument});
    expect_code(rig, "QMGR-CREATE-3", "CreateGroup by another user with that GUID answers",
                call::CreateGroup{{guid(1)}}, {HResult::InvalidArgument}, Rig::user("u2"));
    const Caller admin = Rig::administrator();
    const auto list = rig.call(call::EnumGroups{0}, admin);
    const auto count = rig.call(call::GetCount{value_of<EnumeratorHandle>(list)}, admin);
    rig.expect("QMGR-CREATE-2", "the number of groups stays", value_of<value::Count>(count).number,
               {1U});
}

void the_null_guid_is_refused(Rig& rig) {
    expect_code(rig, "QMGR-CREATE-4", "CreateGroup with the null GUID answers", call::CreateGroup{},
                {HResult::InvalidArgument});
    expect_code(rig, "QMGR-GET-2", "GetGroup with the null GUID answers", call::GetGroup{},
                {HResult::QmItemNotFound});
    const Reply list = rig.call(call::EnumGroups{0});
    const Reply count = rig.call(call::GetCount{value_of<EnumeratorHandle>(list)});
    rig.expect_true("QMGR-CREATE-4", "no group is in the queue",
                    count.value == ReplyValue(value::Count{0}));
}

void an_unknown_guid_is_not_found(Rig& rig) {
    create_group(rig, 1);
    const Reply reply = rig.call(call::GetGroup{{guid(2)}});
    rig.expect("QMGR-GET-2", "GetGroup answers", reply.hresult, {HResult::QmItemNotFound});
    rig.expect_true("QMGR-GET-2", "and gives no handle",
                    !std::holds_alternative<GroupHandle>(reply.value));
}

void another_users_group_is_hidden(Rig& rig) {
    create_group(rig);
    expect_refusal(rig, "QMGR-GET-3", "GetGroup by another user answers", call::GetGroup{{guid(1)}},
                   {HResult::QmItemNotFound, HResult::AccessDenied}, Rig::user("u2"));
}

void an_administrator_takes_a_group_over(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    const PropertyValue name{VariantType::Bstr, 0, "a name"};
    rig.call(call::SetProp{download.group, GroupProperty::DisplayName, name});
    const Caller admin = Rig::administrator();
    const Reply taken = rig.call(call::GetGroup{{guid(1)}}, admin);
    rig.expect("QMGR-GET-4", "GetGroup by an administrator answers", taken.hresult, {HResult::Ok});
    const auto group = value_of<GroupHandle>(taken);
    rig.expect("QMGR-GET-4", "status of the group that the handle names", status(rig, group, admin),
               {kNew, kNewLenient});
    const Reply read = rig.call(call::GetProp{group, GroupProperty::DisplayName}, admin);
    rig.expect("USR-04", "the name as the administrator reads it", value_of<PropertyValue>(read),
               {name});
    const auto job = value_of<JobHandle>(rig.call(call::GetJob{group, {guid(101)}}, admin));
    const auto file = value_of<FileSetInfo>(rig.call(call::GetFile{job, 0}, admin));
    rig.expect("USR-04", "the local name", file.local_name, {rig.local("a")});
    expect_code(rig, "QMGR-GET-5", "GetGroup by the former owner answers",
                call::GetGroup{{guid(1)}}, {HResult::QmItemNotFound, HResult::AccessDenied});
}

void one_job_a_group(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const JobHandle job = create_job(rig, group);
    expect_code(rig, "GROUP-CREATEJOB-2", "a second CreateJob answers",
                call::CreateJob{group, {guid(102)}}, {HResult::NotImplemented});
    const Reply id = rig.call(call::GetJobId{job});
    rig.expect_true("JOB1-ID-1", "get_JobID gives the GUID of CreateJob",
                    value_of<JobId>(id).guid == guid(101));
    expect_code(rig, "GROUP-GETJOB-1", "GetJob answers for its GUID",
                call::GetJob{group, {guid(101)}}, {HResult::Ok});
    expect_code(rig, "GROUP-GETJOB-1", "GetJob answers for any other",
                call::GetJob{group, {guid(102)}}, {HResult::QmItemNotFound});
}

void a_jobs_guid_is_unique_in_the_queue(Rig& rig) {
    create_job(rig, create_group(rig, 1), 101);
    const GroupHandle second = create_group(rig, 2);
    expect_refusal(rig, "GROUP-CREATEJOB-4", "CreateJob with a GUID in use answers",
                   call::CreateJob{second, {guid(101)}}, {HResult::InvalidArgument});
    create_job(rig, second, 102);
}

void resume_without_files_is_refused(Rig& rig) {
    const GroupHandle group = create_group(rig);
    expect_refusal(rig, "GROUP-RESUME-2", "ResumeGroup without a job answers",
                   call::ResumeGroup{group}, {HResult::BgEmpty, HResult::QmInvalidState});
    create_job(rig, group);
    expect_refusal(rig, "GROUP-RESUME-2", "ResumeGroup without a file answers",
                   call::ResumeGroup{group}, {HResult::BgEmpty, HResult::QmInvalidState});
    expect_status(rig, "GROUP-RESUME-2", "the group stays suspended", group, {kNew, kNewLenient});
}

void a_resumed_group_downloads_and_completes(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    wait_for_silence(rig, download.group, 40'000);
    rig.expect_true("FILE-PUB-1", "nothing stands under the local name while bytes are missing",
                    !rig.look("a"));
    expect_complete(rig, "GROUP-STATUS-6", download.group);
    expect_file(rig, "FILE-PUB-1", "a", resource());
    rig.expect("FILE-PUB-1", "no temporary file is left", rig.files(),
               {std::vector<std::string>{"a"}});
    const auto look = rig.look("a").value_or(FileLook{});
    rig.expect<std::int64_t>("FILE-TIME-1", "the file's last-write time is the server's date",
                             look.last_write_s.value_or(0), {kDateSeconds});
    rig.expect("JOB1-STATUS-1", "the job is complete", job_status(rig, download.job).status,
               {JobStatus{}.with(JobFlag::Complete)});
}

void a_complete_group_stays_until_it_is_cancelled(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "GROUP-SUSPEND-3", download.group);
    expect_code(rig, "GROUP-DONE-1", "GetGroup answers", call::GetGroup{{guid(1)}}, {HResult::Ok});
    expect_code(rig, "GROUP-RESUME-6", "ResumeGroup of a complete group answers",
                call::ResumeGroup{download.group}, {HResult::Ok});
    expect_status(rig, "GROUP-RESUME-6", "it stays complete", download.group,
                  {kComplete, kCompleteLenient});
    expect_code(rig, "CON-02", "SuspendGroup of a complete group answers",
                call::SuspendGroup{download.group}, {HResult::Ok});
    expect_status(rig, "CON-02", "and it stays complete", download.group,
                  {kComplete, kCompleteLenient});
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup answers afterwards", call::GetGroup{{guid(1)}},
                {HResult::QmItemNotFound});
    expect_file(rig, "GROUP-DONE-1", "a", resource());
}

void a_running_group_shows_that_it_runs(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    wait_for_silence(rig, download.group, 40'000);
    expect_status(rig, "GROUP-STATUS-3", "GetStatus of a transferring group shows", download.group,
                  {kRunning});
    expect_code(rig, "GROUP-RESUME-3", "ResumeGroup of a running group answers",
                call::ResumeGroup{download.group}, {HResult::Ok});
    expect_code(rig, "GROUP-CREATEJOB-3", "CreateJob in a running group answers",
                call::CreateJob{download.group, {guid(102)}},
                {HResult::QmInvalidState, HResult::NotImplemented});
    rig.expect("JOB1-STATUS-1", "the job is incomplete", job_status(rig, download.job).status,
               {JobStatus{}.with(JobFlag::Incomplete)});
}

void suspend_stops_the_transfer(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    wait_for_silence(rig, download.group, 40'000);
    expect_code(rig, "GROUP-SUSPEND-1", "SuspendGroup answers", call::SuspendGroup{download.group},
                {HResult::Ok});
    expect_status(rig, "GROUP-STATUS-2", "GetStatus shows", download.group, {kNew, kNewLenient});
    expect_code(rig, "GROUP-SUSPEND-2", "a second SuspendGroup answers",
                call::SuspendGroup{download.group}, {HResult::Ok});
    const std::uint32_t before = size_done(rig, download.group);
    const std::size_t asked = rig.requests().size();
    rig.let_pass(Duration(200));
    rig.expect("GROUP-SUSPEND-1", "progress stands still", size_done(rig, download.group),
               {before});
    rig.expect<std::uint64_t>("GROUP-SUSPEND-1", "no request is sent", rig.requests().size(),
                              {asked});
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    expect_complete(rig, "GROUP-RESUME-1", download.group);
    expect_file(rig, "GROUP-RESUME-1", "a", resource());
}

void cancel_removes_the_group_and_its_parts(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    wait_for_silence(rig, download.group, 40'000);
    const std::vector<std::string> files = rig.files();
    rig.expect<std::uint64_t>("FILE-TMP-1", "one file stands beside the destination", files.size(),
                              {1U});
    for (const std::string& name : files)
        rig.expect_true("FILE-TMP-1", name + " is named as temporary files are",
                        is_temporary(name));
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
    expect_files(rig, "GROUP-CANCEL-3", {});
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup answers", call::GetGroup{{guid(1)}},
                {HResult::QmItemNotFound});
    const auto list = rig.call(call::EnumGroups{0});
    const auto count = rig.call(call::GetCount{value_of<EnumeratorHandle>(list)});
    rig.expect("GROUP-CANCEL-1", "EnumGroups lists", value_of<value::Count>(count).number, {0U});
}

void cancel_keeps_files_that_were_finished(Rig& rig) {
    const Download download = start(rig, {{"/done", "done"}, {"/a", "a"}});
    wait_for_silence(rig, download.group, 5'000 + 40'000);
    expect_code(rig, "GROUP-CANCEL-2", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
    expect_files(rig, "GROUP-CANCEL-3", {"done"});
    expect_file(rig, "GROUP-CANCEL-2", "done", resource("/done", 5'000));
}

void a_cancelled_group_cannot_be_recovered(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
    const std::vector<HResult> refused = {HResult::QmInvalidState};
    expect_refusal(rig, "GROUP-CANCEL-4", "a second CancelGroup answers",
                   call::CancelGroup{download.group}, refused);
    expect_refusal(rig, "GROUP-CANCEL-4", "ResumeGroup answers", call::ResumeGroup{download.group},
                   refused);
    expect_refusal(rig, "GROUP-CANCEL-4", "SuspendGroup answers",
                   call::SuspendGroup{download.group}, refused);
    expect_refusal(rig, "GROUP-CANCEL-4", "CreateJob answers",
                   call::CreateJob{download.group, {guid(102)}}, refused);
    expect_refusal(rig, "GROUP-CANCEL-4", "SwitchToForeground answers",
                   call::SwitchGroupToForeground{download.group}, refused);
    expect_code(rig, "JOB1-ADD-7", "AddFiles answers",
                call::AddFiles{download.job, {{rig.url("/a"), rig.local("b"), 0}}}, refused);
    expect_code(rig, "GROUP-CANCEL-4", "a reading call still answers",
                call::GetFileCount{download.job}, {HResult::Ok});
    const Reply state = rig.call(call::GetGroupStatus{download.group});
    rig.expect("GROUP-STATUS-7", "GetStatus answers", state.hresult,
               {HResult::Ok, HResult::QmInvalidState, HResult::QmItemNotFound});
    rig.expect("GROUP-STATUS-7", "GetStatus shows", value_of<value::GroupState>(state).status,
               {kNoFlags});
}

void a_cancelled_guid_is_free_again(Rig& rig) {
    const GroupHandle old = create_group(rig);
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{old},
                {HResult::Ok});
    const GroupHandle fresh = create_group(rig);
    rig.expect_true("HANDLE-4", "the new group has another handle", fresh != old);
    expect_code(rig, "HANDLE-4", "the old handle still stands for the old group",
                call::SuspendGroup{old}, {HResult::QmInvalidState});
    expect_status(rig, "QMGR-CREATE-3", "the new group is suspended", fresh, {kNew, kNewLenient});
}

void foreground_is_shown_for_ever(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    const Call call = call::SwitchGroupToForeground{download.group};
    expect_code(rig, "GROUP-FG-1", "SwitchToForeground answers", call, {HResult::Ok});
    expect_code(rig, "GROUP-FG-2", "a second one answers", call, {HResult::Ok});
    expect_status(rig, "GROUP-STATUS-8", "GetStatus shows", download.group,
                  {kNew.with(GroupFlag::Foreground), kNewLenient.with(GroupFlag::Foreground)});
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    rig.expect(
        "GROUP-STATUS-8", "a complete one shows", wait_for_end(rig, "GROUP-FG-1", download.group),
        {kComplete.with(GroupFlag::Foreground), kCompleteLenient.with(GroupFlag::Foreground)});
}

void a_foreground_group_runs_beside_a_background_one(Rig& rig) {
    const Download slow = start(rig, {{"/a", "a"}}, 1);
    wait_for_silence(rig, slow.group, 40'000);
    const Download waiting = start(rig, {{"/done", "waiting"}}, 2);
    const Download quick = prepare(rig, {{"/done", "quick"}}, 3);
    rig.call(call::SwitchGroupToForeground{quick.group});
    expect_code(rig, "GROUP-FG-1", "ResumeGroup answers", call::ResumeGroup{quick.group},
                {HResult::Ok});
    expect_complete(rig, "SCHED-1", quick.group);
    expect_file(rig, "SCHED-1", "quick", resource("/done", 5'000));
    expect_status(rig, "SCHED-1", "the first background group still runs", slow.group, {kRunning});
    rig.expect("SCHED-1", "the second background group has no byte", size_done(rig, waiting.group),
               {0U});
}

void internal_methods_are_not_implemented(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    const std::vector<HResult> refused = {HResult::NotImplemented};
    expect_refusal(rig, "GROUP-INT-1", "QueryNewJobInterface answers",
                   call::QueryNewJobInterface{download.group}, refused);
    expect_refusal(rig, "GROUP-INT-1", "SetNotificationPointer answers",
                   call::SetNotificationPointer{download.group}, refused);
    expect_refusal(rig, "GROUP-INT-1", "InternalSetProp answers",
                   call::InternalSetProp{download.group}, refused);
    expect_status(rig, "GROUP-INT-1-a", "and nothing has changed", download.group,
                  {kNew, kNewLenient});
    expect_code(rig, "JOB1-STUB-1", "CancelJob answers", call::CancelJob{download.job}, refused);
    expect_code(rig, "JOB1-STUB-1", "GetTimes answers", call::GetTimes{download.job}, refused);
    expect_code(rig, "JOB1-STUB-1", "SwitchToForeground of a job answers",
                call::SwitchJobToForeground{download.job}, refused);
    expect_status(rig, "JOB1-STUB-1", "nothing has changed", download.group, {kNew, kNewLenient});
    expect_code(rig, "JOB1-STUB-1", "the job is still there", call::GetFileCount{download.job},
                {HResult::Ok});
}

void a_released_handle_is_gone_and_the_group_is_not(Rig& rig) {
    const GroupHandle group = create_group(rig);
    expect_code(rig, "HANDLE-5", "Release answers", call::Release{group}, {HResult::Ok});
    expect_refusal(rig, "HANDLE-5", "a call on the released handle answers",
                   call::GetGroupStatus{group}, {HResult::RpcDisconnected});
    expect_code(rig, "HANDLE-5", "GetGroup still finds the group", call::GetGroup{{guid(1)}},
                {HResult::Ok});
}

std::vector<Case> queue_cases() {
    const Setting none = serving({});
    return {
        {"group_lifecycle.new_is_suspended",
         {"GROUP-NEW-1", "GROUP-STATUS-2", "JOB-SUSPEND-04", "OBS-006"},
         "A new group is suspended",
         {},
         none,
         a_new_group_is_suspended},
        {"group_lifecycle.new_is_in_the_queue",
         {"QMGR-CREATE-1", "QMGR-GET-1", "GROUP-ID-1", "OBS-004"},
         "A new group is in the queue at once",
         {},
         none,
         a_new_group_is_in_the_queue_at_once},
        {"group_lifecycle.guid_in_use",
         {"QMGR-CREATE-2", "QMGR-CREATE-3", "OBS-183"},
         "A GUID in use is refused, whoever owns the group",
         {"users"},
         none,
         a_guid_in_use_is_refused},
        {"group_lifecycle.null_guid",
         {"QMGR-CREATE-4"},
         "The null GUID is refused",
         {},
         none,
         the_null_guid_is_refused},
        {"group_lifecycle.unknown_guid",
         {"QMGR-GET-2"},
         "An unknown GUID is not found",
         {},
         none,
         an_unknown_guid_is_not_found},
        {"group_lifecycle.other_users_group",
         {"QMGR-GET-3", "OWN-02", "OWN-03"},
         "Another user's group is hidden",
         {"users"},
         none,
         another_users_group_is_hidden},
        {"group_lifecycle.take_over",
         {"QMGR-GET-4", "QMGR-GET-5", "USR-04"},
         "An administrator who gets a group owns it from then on",
         {"users"},
         none,
         an_administrator_takes_a_group_over},
    };
}

std::vector<Case> job_cases() {
    const Setting none = serving({});
    const Setting plain = serving({resource()});
    // Arbitrary; long beside the time until a client looks.
    fakeserver::Fault pause = fault(fakeserver::Effect::Delay, 40'000);
    pause.delay.ms = 2'000;
    return {
        {"group_lifecycle.one_job",
         {"GROUP-CREATEJOB-1", "GROUP-CREATEJOB-2", "GROUP-GETJOB-1", "JOB1-ID-1", "OBS-004",
          "OBS-183"},
         "A group holds one job",
         {},
         none,
         one_job_a_group},
        {"group_lifecycle.job_guid",
         {"GROUP-CREATEJOB-4"},
         "A job's GUID is unique in the queue",
         {},
         none,
         a_jobs_guid_is_unique_in_the_queue},
        {"group_lifecycle.resume_empty",
         {"GROUP-RESUME-2"},
         "Resuming without files is refused and changes nothing",
         {},
         none,
         resume_without_files_is_refused},
        {"group_lifecycle.download",
         {"GROUP-RESUME-1", "GROUP-STATUS-6", "FILE-PUB-1", "FILE-TIME-1", "JOB1-STATUS-1",
          "JOB-COMPLETE-02", "SVC-TR-06", "OBS-019"},
         "A resumed group downloads its file and completes",
         {},
         serving({resource()}, {on_get("pause", pause, 1)}),
         a_resumed_group_downloads_and_completes},
        {"group_lifecycle.complete_stays",
         {"GROUP-DONE-1", "GROUP-RESUME-6", "GROUP-SUSPEND-2", "GROUP-SUSPEND-3", "CON-02",
          "GROUP-CANCEL-1", "JOB-STATE-07", "JOB-SUSPEND-04", "OPEN-03"},
         "A complete group stays until it is cancelled, and keeps its files",
         {},
         plain,
         a_complete_group_stays_until_it_is_cancelled},
    };
}

std::vector<Case> running_cases() {
    const Setting none = serving({});
    const Setting stalling = serving({resource(), resource("/done", 5'000)}, {stall_at(40'000)});
    return {
        {"group_lifecycle.running",
         {"GROUP-STATUS-3", "GROUP-RESUME-3", "GROUP-CREATEJOB-3"},
         "A running group shows that it runs",
         {},
         stalling,
         a_running_group_shows_that_it_runs},
        {"group_lifecycle.suspend",
         {"GROUP-SUSPEND-1", "GROUP-SUSPEND-2", "GROUP-STATUS-2", "JOB-SUSPEND-01",
          "JOB-SUSPEND-02", "OPEN-01", "OPEN-02"},
         "SuspendGroup stops the transfer and ResumeGroup goes on",
         {},
         stalling,
         suspend_stops_the_transfer},
        {"group_lifecycle.cancel",
         {"GROUP-CANCEL-1", "GROUP-CANCEL-3", "FILE-TMP-1", "JOB-STATE-09", "JOB-STATE-13",
          "FILE-01", "OBS-055", "OBS-099", "OBS-041"},
         "CancelGroup removes the group and everything unfinished",
         {},
         stalling,
         cancel_removes_the_group_and_its_parts},
        {"group_lifecycle.cancel_keeps_finished",
         {"GROUP-CANCEL-2", "GROUP-CANCEL-3"},
         "CancelGroup keeps files that were completely downloaded",
         {},
         stalling,
         cancel_keeps_files_that_were_finished},
        {"group_lifecycle.cancelled_is_final",
         {"GROUP-CANCEL-4", "GROUP-STATUS-7", "JOB1-ADD-7", "JOB-STATE-10", "JOB-CANCEL-03",
          "JOB-STATE-12", "OBS-074", "HANDLE-4"},
         "A cancelled group cannot be recovered",
         {},
         none,
         a_cancelled_group_cannot_be_recovered},
    };
}

std::vector<Case> other_cases() {
    const Setting none = serving({});
    const Setting plain = serving({resource()});
    const Setting stalling = serving({resource(), resource("/done", 5'000)}, {stall_at(40'000)});
    return {
        {"group_lifecycle.guid_is_free_again",
         {"QMGR-CREATE-3", "HANDLE-4"},
         "The GUID of a cancelled group can be used again",
         {},
         none,
         a_cancelled_guid_is_free_again},
        {"group_lifecycle.foreground",
         {"GROUP-FG-1", "GROUP-FG-2", "GROUP-STATUS-8", "OPEN-01"},
         "A group switched to the foreground shows it from then on, and when it is complete",
         {},
         plain,
         foreground_is_shown_for_ever},
        {"group_lifecycle.foreground_beside_background",
         {"SCHED-1", "GROUP-FG-1", "OPEN-12"},
         "A foreground group runs beside one background group, which holds up the next",
         {},
         stalling,
         a_foreground_group_runs_beside_a_background_one},
        {"group_lifecycle.internal_methods",
         {"GROUP-INT-1", "JOB1-STUB-1"},
         "Internal and unfinished methods answer E_NOTIMPL and change nothing",
         {},
         none,
         internal_methods_are_not_implemented},
        {"group_lifecycle.release",
         {"HANDLE-5"},
         "Releasing a handle changes nothing in the queue",
         {},
         none,
         a_released_handle_is_gone_and_the_group_is_not},
    };
}

}  // namespace

std::vector<Case> group_lifecycle_cases() {
    return joined({queue_cases(), job_cases(), running_cases(), other_cases()});
}

}  // namespace qmgr::conformance
