// What the clauses of a group's life promise beside their codes: what is changed, and what is not.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

// Many times the retry delay of 50 ms, so that a service that is held up tries again all the same.
constexpr Duration kNoProgress(2'000);

void the_group_in_the_way_is_unchanged(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    const Caller u2 = Rig::user("u2");
    for (const Caller& caller : {Rig::user(), u2}) {
        const Reply reply = rig.call(call::CreateGroup{{guid(1)}}, caller);
        rig.expect("QMGR-CREATE-2", "CreateGroup answers", reply.hresult,
                   {HResult::InvalidArgument});
        rig.expect_true("QMGR-CREATE-2", "it gives no handle",
                        value_of<GroupHandle>(reply).value == 0);
    }
    expect_code(rig, "QMGR-CREATE-2", "GetJob of the group answers",
                call::GetJob{download.group, {guid(101)}}, {HResult::Ok});
    expect_code(rig, "QMGR-GET-1", "GetGroup by the owner answers", call::GetGroup{{guid(1)}},
                {HResult::Ok});
    expect_refusal(rig, "QMGR-GET-3", "GetGroup by the other user answers",
                   call::GetGroup{{guid(1)}}, {HResult::QmItemNotFound, HResult::AccessDenied}, u2);
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    expect_complete(rig, "QMGR-CREATE-2", download.group);
}

void nothing_of_the_null_guid(Rig& rig) {
    const Reply reply = rig.call(call::CreateGroup{});
    rig.expect("QMGR-CREATE-4", "CreateGroup with the null GUID answers", reply.hresult,
               {HResult::InvalidArgument});
    const auto list = value_of<EnumeratorHandle>(rig.call(call::EnumGroups{0}));
    rig.expect("QMGR-CREATE-4", "EnumGroups lists",
               value_of<value::Count>(rig.call(call::GetCount{list})).number, {0U});
    const GroupHandle group = create_group(rig);
    expect_code(rig, "GROUP-GETJOB-1", "GetJob with the null GUID before CreateJob answers",
                call::GetJob{group, {}}, {HResult::QmItemNotFound});
    create_job(rig, group);
    expect_code(rig, "GROUP-GETJOB-1", "GetJob with the null GUID answers", call::GetJob{group, {}},
                {HResult::QmItemNotFound});
}

void a_new_group_is_listed(Rig& rig) {
    for (unsigned number = 1; number <= 2; ++number) {
        create_group(rig, number);
        const auto list = value_of<EnumeratorHandle>(rig.call(call::EnumGroups{0}));
        rig.expect("QMGR-CREATE-1", "EnumGroups lists",
                   value_of<value::Count>(rig.call(call::GetCount{list})).number, {number});
    }
    for (unsigned number = 1; number <= 2; ++number) {
        const auto found = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(number)}}));
        rig.expect("QMGR-GET-1", "GetGroup gives the group of that GUID",
                   to_text(value_of<GroupId>(rig.call(call::GetGroupId{found})).guid),
                   {to_text(guid(number))});
    }
}

void the_job_guid_of_another(Rig& rig) {
    const GroupHandle first = create_group(rig, 1);
    create_job(rig, first, 101);
    const Caller u2 = Rig::user("u2");
    const GroupHandle second = create_group(rig, 2, u2);
    const Call create = call::CreateJob{second, {guid(101)}};
    expect_refusal(rig, "GROUP-CREATEJOB-4", "CreateJob with another user's GUID answers", create,
                   {HResult::InvalidArgument}, u2);
    expect_code(rig, "GROUP-CREATEJOB-4-a", "GetJob in the second group answers",
                call::GetJob{second, {guid(101)}}, {HResult::QmItemNotFound}, u2);
    expect_code(rig, "GROUP-CREATEJOB-4-a", "GetJob in the first group answers",
                call::GetJob{first, {guid(101)}}, {HResult::Ok});
    rig.call(call::CancelGroup{first});
    expect_code(rig, "GROUP-CREATEJOB-4-a", "CreateJob answers when the GUID is free", create,
                {HResult::Ok}, u2);
}

void the_first_two_of_five_are_kept(Rig& rig) {
    const Download download =
        start(rig, {{"/done", "f1"}, {"/done", "f2"}, {"/a", "f3"}, {"/done", "f4"}, {"/a", "f5"}});
    wait_for_silence(rig, download.group, 2 * 5'000 + 40'000);
    rig.expect<std::uint64_t>("FILE-PUB-1", "files under their local names before the end",
                              (rig.look("f1") ? 1U : 0U) + (rig.look("f2") ? 1U : 0U), {0U});
    expect_code(rig, "JOB-COMPLETE-01", "CancelGroup in the third file answers",
                call::CancelGroup{download.group}, {HResult::Ok});
    expect_files(rig, "JOB-COMPLETE-01", {"f1", "f2"});
    for (const char* name : {"f1", "f2"})
        expect_file(rig, "JOB-COMPLETE-01", name, resource("/done", 5'000));
}

// A directory stands where the finished file should go.
void cancel_waits_for_the_rename(Rig& rig) {
    const Download download = start(rig, {{"/done", "done"}, {"/a", "a"}});
    wait_for_silence(rig, download.group, 5'000 + 40'000);
    rig.make_directory("done");
    for (int tries = 0; tries < 2; ++tries) {
        const HResult code = rig.call(call::CancelGroup{download.group}).hresult;
        rig.expect_true("GROUP-CANCEL-5", "CancelGroup answers a failure", failed(code));
        expect_status(rig, "GROUP-CANCEL-5", "the group stays, in error", download.group,
                      {kError, kErrorLenient});
        const auto result = static_cast<std::uint32_t>(code);
        rig.expect("GROUP-CANCEL-5", "the job's Win32 result is what CancelGroup answered",
                   job_status(rig, download.job).win32_result, {result, result & 0xFFFFU});
        expect_code(rig, "GROUP-CANCEL-5", "GetGroup answers", call::GetGroup{{guid(1)}},
                    {HResult::Ok});
        const auto only_that = [&] { return rig.files().size() == 1; };
        rig.eventually("GROUP-CANCEL-5", "the finished file alone is left", only_that);
        rig.expect_true("GROUP-CANCEL-5", "it has its temporary name",
                        only_that() && temporary_files(rig) == rig.files());
    }
    rig.expect("CON-26", "failures are counted", job_status(rig, download.job).retries, {2U});
    rig.remove_directory("done");
    expect_code(rig, "GROUP-CANCEL-5", "CancelGroup answers when the place is free",
                call::CancelGroup{download.group}, {HResult::Ok});
    expect_files(rig, "GROUP-CANCEL-3", {"done"});
    expect_file(rig, "GROUP-CANCEL-2", "done", resource("/done", 5'000));
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup answers", call::GetGroup{{guid(1)}},
                {HResult::QmItemNotFound});
}

// After a failed CancelGroup a ResumeGroup is as good as a second CancelGroup.
void a_failed_cancel_can_be_resumed(Rig& rig) {
    const Download download = start(rig, {{"/done", "done"}, {"/a", "a"}});
    wait_for_silence(rig, download.group, 5'000 + 40'000);
    rig.make_directory("done");
    const HResult code = rig.call(call::CancelGroup{download.group}).hresult;
    rig.expect_true("GROUP-CANCEL-5", "CancelGroup answers a failure", failed(code));
    rig.remove_directory("done");
    expect_code(rig, "GROUP-RESUME-4", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    expect_complete(rig, "GROUP-CANCEL-5", download.group);
    expect_file(rig, "GROUP-CANCEL-5", "done", resource("/done", 5'000));
    expect_file(rig, "GROUP-CANCEL-5", "a", resource());
}

bool is_a_known_set(GroupStatus shown, bool foreground) {
    for (const GroupStatus one : {kNoFlags, kNew, kNewLenient, kRunning, kError, kErrorLenient,
                                  kComplete, kCompleteLenient})
        if (shown == (foreground ? one.with(GroupFlag::Foreground) : one)) return true;
    return false;
}

// From the first moment to the last, as often as a look is taken.
void no_other_flags_are_seen(Rig& rig) {
    const Download download = prepare(rig, {{"/done", "done"}, {"/a", "a"}});
    bool foreground = false;
    const auto look = [&] {
        const GroupStatus shown = status(rig, download.group);
        if (!is_a_known_set(shown, foreground))
            rig.expect("GROUP-STATUS-9", "GetStatus shows a set of the clauses", shown, {kRunning});
        return shown;
    };
    const auto until = [&](GroupFlag flag) {
        rig.eventually("GROUP-STATUS-9", "the group stops running",
                       [&] { return look().has(GroupFlag::Suspended); });
        rig.expect_true("GROUP-STATUS-9", "it stopped as it should", look().has(flag));
    };
    look();
    rig.call(call::ResumeGroup{download.group});
    until(GroupFlag::Error);
    rig.call(call::ResumeGroup{download.group});
    rig.eventually("GROUP-STATUS-9", "bytes of the second file arrive", [&] {
        look();
        return size_done(rig, download.group) >= 5'000 + 40'000;
    });
    rig.call(call::SwitchGroupToForeground{download.group});
    foreground = true;
    look();
    rig.call(call::SuspendGroup{download.group});
    look();
    rig.call(call::ResumeGroup{download.group});
    rig.eventually("GROUP-STATUS-9", "the group stops running",
                   [&] { return look().has(GroupFlag::Suspended); });
    rig.expect(
        "GROUP-STATUS-9", "in the end it shows", look(),
        {kComplete.with(GroupFlag::Foreground), kCompleteLenient.with(GroupFlag::Foreground)});
}

void nothing_moves_before_resume(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.let_pass(Duration(100));
    rig.expect<std::uint64_t>("GROUP-NEW-1", "requests seen", rig.requests().size(), {0U});
    expect_status(rig, "GROUP-NEW-1", "GetStatus shows", download.group, {kNew, kNewLenient});
    rig.expect("GROUP-NEW-1", "SIZE_DONE", size_done(rig, download.group), {0U});
}

void a_second_cancel_keeps_the_files(Rig& rig) {
    const Download download = start(rig, {{"/done", "done"}});
    expect_complete(rig, "GROUP-DONE-1", download.group);
    const std::size_t asked = rig.requests().size();
    expect_code(rig, "GROUP-DONE-1", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
    expect_refusal(rig, "GROUP-CANCEL-4", "a second CancelGroup answers",
                   call::CancelGroup{download.group}, {HResult::QmInvalidState});
    expect_refusal(rig, "GROUP-CANCEL-4", "ResumeGroup answers", call::ResumeGroup{download.group},
                   {HResult::QmInvalidState});
    rig.let_pass(Duration(50));
    expect_file(rig, "GROUP-DONE-1", "done", resource("/done", 5'000));
    rig.expect<std::uint64_t>("GROUP-CANCEL-4-a", "requests", rig.requests().size(), {asked});
}

// Ended in the middle of an attempt by ResumeGroup and not by a timer: the time without progress
// is counted anew.
void resume_gives_new_time(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-RESUME-1", "the second request is there",
                   [&] { return rig.requests().size() >= 2; });
    rig.let_pass(kNoProgress + kWhile);  // the time without progress is over meanwhile
    // Whether it ends an attempt, or only a wait, no clause says.
    expect_status(rig, "XFER-NOPROG-1-a", "connecting for longer than that, the group shows",
                  download.group, {kRunning, kError, kErrorLenient});
    rig.call(call::SuspendGroup{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "XFER-NOPROG-1-a", download.group);
    expect_file(rig, "GROUP-RESUME-1", "a", resource());
}

void resume_of_an_error_gives_new_time(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-NOPROG-1-a", download.group);
    rig.serve(serving({resource()}, {on_head("busy", respond(503), 1)}).script);
    expect_code(rig, "GROUP-RESUME-4", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    expect_complete(rig, "GROUP-RESUME-4", download.group);
}

// One more failure after the first time without progress would be over.
void resume_of_a_wait_gives_new_time(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.let_pass(std::chrono::seconds(3));
    expect_status(rig, "GROUP-STATUS-4", "waiting, the group shows", download.group, {kRunning});
    expect_code(rig, "GROUP-RESUME-5", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    rig.let_pass(std::chrono::seconds(3));
    rig.expect<std::uint64_t>("GROUP-RESUME-5", "requests by then", rig.requests().size(), {2U});
    expect_status(rig, "XFER-NOPROG-1-a", "waiting for less than the time from ResumeGroup on",
                  download.group, {kRunning});
    expect_error(rig, "XFER-NOPROG-1-a", download.group);
}

// The first file is finished early on; whatever becomes of the second one, it waits for it.
void nothing_is_published_before_the_end(Rig& rig) {
    const Download download = start(rig, {{"/done", "done"}, {"/a", "a"}});
    const auto expect_not_there = [&](const std::string& when) {
        rig.expect_true("FILE-PUB-1", "the finished file is not published " + when,
                        !rig.look("done").has_value());
    };
    const auto resume = [&](const std::string& clause) {
        expect_code(rig, clause, "ResumeGroup answers", call::ResumeGroup{download.group},
                    {HResult::Ok});
    };
    wait_for_bytes(rig, download.group, 5'000);
    rig.eventually("GROUP-STATUS-4", "the second file is asked for",
                   [&] { return requests_of(rig, "HEAD").size() >= 2; });
    rig.let_pass(Duration(100));
    expect_not_there("while the second one waits for a retry");
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    expect_not_there("with an error of the second one");
    resume("GROUP-RESUME-4");
    wait_for_silence(rig, download.group, 5'000 + 40'000);
    expect_not_there("while the second one is transferred");
    resume("GROUP-RESUME-3");
    expect_not_there("by a ResumeGroup meanwhile");
    rig.call(call::SuspendGroup{download.group});
    expect_not_there("by SuspendGroup");
    resume("GROUP-RESUME-1");
    wait_for_bytes(rig, download.group, 5'000 + 50'000);
    expect_not_there("after a suspension");
    rig.call(call::SuspendGroup{download.group});
    resume("GROUP-RESUME-1");
    expect_complete(rig, "FILE-PUB-1", download.group);
    expect_file(rig, "FILE-PUB-1", "done", resource("/done", 5'000));
    expect_file(rig, "FILE-PUB-1", "a", resource());
}

// Group 2 has the background's turn and falls silent.
Download take_the_turn(Rig& rig) {
    const Download other = start(rig, {{"/slow", "slow"}}, 2);
    wait_for_silence(rig, other.group, 40'000);
    return other;
}

void expect_waits_its_turn(Rig& rig, const std::string& clause, const Download& on,
                           const Download& other) {
    const std::size_t asked = rig.requests().size();
    const std::uint32_t stood = size_done(rig, other.group);
    rig.let_pass(Duration(60));
    rig.expect<std::uint64_t>(clause, "requests while another background group has the turn",
                              rig.requests().size(), {asked});
    expect_status(rig, clause, "the group shows", on.group, {kRunning});
    expect_status(rig, clause, "the other one shows", other.group, {kRunning});
    rig.expect(clause, "SIZE_DONE of the other one", size_done(rig, other.group), {stood});
    rig.call(call::CancelGroup{other.group});
    expect_complete(rig, clause, on.group);
    expect_file(rig, clause, "a", resource());
}

void a_suspended_group_waits_its_turn(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    const Download other = take_the_turn(rig);
    rig.call(call::ResumeGroup{download.group});
    expect_waits_its_turn(rig, "GROUP-RESUME-1", download, other);
}

void a_group_in_error_waits_its_turn(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    const Download other = take_the_turn(rig);
    rig.call(call::ResumeGroup{download.group});
    expect_waits_its_turn(rig, "GROUP-RESUME-4", download, other);
}

void a_resumed_wait_waits_its_turn(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-STATUS-4", "the first request is there",
                   [&] { return !rig.requests().empty(); });
    const Download other = take_the_turn(rig);  // which proves that the first one waits
    rig.call(call::ResumeGroup{download.group});
    expect_waits_its_turn(rig, "GROUP-RESUME-5", download, other);
}

void a_retry_waits_its_turn(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-STATUS-4", "the first request is there",
                   [&] { return !rig.requests().empty(); });
    const Download other = take_the_turn(rig);
    const std::size_t asked = rig.requests().size();
    rig.let_pass(Duration(250));  // two retries are due
    rig.expect("XFER-WAIT-1-a", "requests until then", rig.requests().size(), {asked});
    rig.serve(serving({resource()}).script);
    expect_waits_its_turn(rig, "XFER-WAIT-1-a", download, other);
}

// Two foreground groups and one background group, all of them in the middle of their file.
void foreground_groups_run_together(Rig& rig) {
    std::vector<Download> all;
    for (unsigned number = 1; number <= 4; ++number) {
        all.push_back(prepare(rig, {{"/a", "f" + std::to_string(number)}}, number));
        if (number <= 2)
            expect_code(rig, "GROUP-FG-1", "SwitchToForeground answers",
                        call::SwitchGroupToForeground{all.back().group}, {HResult::Ok});
        expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers",
                    call::ResumeGroup{all.back().group}, {HResult::Ok});
    }
    // Two foreground groups and a background group run.
    for (std::size_t i = 0; i < 3; ++i) wait_for_silence(rig, all[i].group, 40'000);
    rig.let_pass(Duration(50));
    rig.expect("SVC-SCH-02", "SIZE_DONE of the second background group",
               size_done(rig, all[3].group), {0U});
    expect_status(rig, "GROUP-STATUS-3", "it shows", all[3].group, {kRunning});
}

// A group that lies too long is cancelled by the service: its renames can be seen, and no call
// stops them.
void no_call_stops_a_cancel(Rig& rig) {
    const Download download = start(rig, {{"/done", "done"}, {"/a", "a"}});
    wait_for_silence(rig, download.group, 5'000 + 40'000);
    rig.call(call::SuspendGroup{download.group});
    rig.eventually("GROUP-DONE-2", "the renames run",
                   [&] { return !status(rig, download.group).has(GroupFlag::Suspended); });
    expect_status(rig, "FILE-PUB-4", "meanwhile the group shows", download.group, {kRunning});
    rig.expect("FILE-PUB-4", "the job's flags", job_status(rig, download.job).status,
               {JobStatus{}.with(JobFlag::Incomplete)});
    const PropertyValue name{VariantType::Bstr, 0, "late"};
    for (const Call& call : std::vector<Call>{
             call::CancelGroup{download.group}, call::SuspendGroup{download.group},
             call::ResumeGroup{download.group}, call::SwitchGroupToForeground{download.group},
             call::CreateJob{download.group, {guid(102)}},
             call::SetProp{download.group, GroupProperty::DisplayName, name},
             call::AddFiles{download.job, {{rig.url("/a"), rig.local("b"), 0}}}}) {
        expect_refusal(rig, "GROUP-CANCEL-4", "a call meanwhile answers", call,
                       {HResult::QmInvalidState});
        expect_status(rig, "FILE-PUB-4", "still the group shows", download.group, {kRunning});
    }
    rig.let_pass(Duration(100));
    expect_status(rig, "GROUP-STATUS-7", "afterwards the group shows", download.group, {kNoFlags});
    expect_file(rig, "GROUP-CANCEL-2", "done", resource("/done", 5'000));
    rig.expect("GROUP-CANCEL-3", "nothing else is left", rig.files(),
               {std::vector<std::string>{"done"}});
    expect_code(rig, "GROUP-DONE-2", "GetGroup answers", call::GetGroup{{guid(1)}},
                {HResult::QmItemNotFound});
}

std::vector<Case> turn_cases() {
    fakeserver::FaultRule slow = stall_at(40'000);
    slow.name = "slow";
    slow.match.path = "/slow";
    const auto site = [&slow](std::vector<fakeserver::FaultRule> rules) {
        rules.push_back(slow);
        return serving({resource(), resource("/slow")}, std::move(rules));
    };
    Setting waiting = site({on_head("busy", respond(503), 1)});
    waiting.policy.retry_delay = Duration(1'000'000);
    fakeserver::FaultRule every = stall_at(40'000);
    every.times.reset();
    Setting idle = serving({resource(), resource("/done", 5'000)}, {stall_at(40'000)});
    idle.policy.inactivity_timeout = std::chrono::minutes(10);
    Setting retried = site({on_head("busy", respond(503), std::nullopt)});
    retried.policy.retry_delay = Duration(100);
    Setting twice = serving(
        {resource(), resource("/done", 5'000)},
        {on_head("busy", respond(503), 1), on_head("missing", respond(404), 1), stall_at(40'000),
         on_get("stall again", fault(fakeserver::Effect::Stall, 10'000), 1)});
    twice.policy.retry_delay = Duration(1'000'000);
    return {
        {"group_effects.published_at_the_end",
         {"FILE-PUB-1", "GROUP-RESUME-1", "GROUP-RESUME-3", "GROUP-RESUME-4", "GROUP-RESUME-5",
          "JOB-COMPLETE-02", "FILE-02", "OBS-086"},
         "A finished file waits for the others, whatever becomes of them",
         {"policy"},
         twice,
         nothing_is_published_before_the_end},
        {"group_effects.all_foreground",
         {"SVC-SCH-02", "SCHED-1", "ERA-01", "GROUP-FG-1"},
         "All foreground groups run at once, and beside them one background group",
         {},
         serving({resource()}, {every}),
         foreground_groups_run_together},
        {"group_effects.cancelling",
         {"GROUP-CANCEL-4", "GROUP-DONE-2", "FILE-PUB-4", "GROUP-CANCEL-2", "JOB1-STATUS-1",
          "JOB1-STATUS-2"},
         "While a cancel renames what is finished, no call stops it",
         {"policy", "virtual_time"},
         idle,
         no_call_stops_a_cancel},
        {"group_effects.turn_after_suspend",
         {"GROUP-RESUME-1", "SCHED-1", "JOB-STATE-01", "JOB-RESUME-01", "SVC-TR-01"},
         "A group that is resumed waits its turn",
         {},
         site({}),
         a_suspended_group_waits_its_turn},
        {"group_effects.turn_after_error",
         {"GROUP-RESUME-4", "JOB-RESUME-03", "SCHED-1"},
         "A group resumed after an error waits its turn",
         {},
         site({on_head("missing", respond(404), 1)}),
         a_group_in_error_waits_its_turn},
        {"group_effects.turn_after_wait",
         {"GROUP-RESUME-5", "JOB-RESUME-04", "SCHED-1"},
         "A group whose wait is ended by ResumeGroup waits its turn",
         {"policy"},
         waiting,
         a_resumed_wait_waits_its_turn},
        {"group_effects.turn_of_a_retry",
         {"XFER-WAIT-1", "SCHED-1"},
         "A retry that is due waits its turn",
         {"policy"},
         retried,
         a_retry_waits_its_turn},
    };
}

std::vector<Case> effect_cases() {
    const Setting none = serving({});
    const Setting stalling = serving({resource(), resource("/done", 5'000)}, {stall_at(40'000)});
    return {
        {"group_effects.group_in_the_way",
         {"QMGR-CREATE-2", "QMGR-CREATE-3", "QMGR-GET-3"},
         "A CreateGroup that is refused leaves the group that has the GUID alone",
         {"users"},
         serving({resource()}),
         the_group_in_the_way_is_unchanged},
        {"group_effects.null_guid_nothing",
         {"QMGR-CREATE-4", "GROUP-GETJOB-1"},
         "Nothing has the null GUID",
         {},
         none,
         nothing_of_the_null_guid},
        {"group_effects.new_is_listed",
         {"QMGR-CREATE-1", "QMGR-GET-1"},
         "A new group is listed at once",
         {},
         none,
         a_new_group_is_listed},
        {"group_effects.job_guid_of_another",
         {"GROUP-CREATEJOB-4"},
         "A job's GUID is unique over all users, and free again after a cancel",
         {"users"},
         none,
         the_job_guid_of_another},
        {"group_effects.third_of_five",
         {"JOB-COMPLETE-01", "GROUP-CANCEL-2", "GROUP-CANCEL-3", "JOB-CANCEL-02", "FILE-PUB-1",
          "OBS-183"},
         "Cancelled in the third of five files, a group keeps the first two",
         {},
         stalling,
         the_first_two_of_five_are_kept},
        {"group_effects.cancel_blocked",
         {"GROUP-CANCEL-5", "GROUP-CANCEL-2", "GROUP-CANCEL-3", "JOB-COMPLETE-03",
          "JOB-COMPLETE-04", "JOB-COMPLETE-05", "OPEN-06", "PRG-14"},
         "A CancelGroup that cannot rename a finished file fails, and can be repeated",
         {},
         stalling,
         cancel_waits_for_the_rename},
        {"group_effects.cancel_blocked_resume",
         {"GROUP-CANCEL-5", "GROUP-RESUME-4", "JOB-COMPLETE-05"},
         "A group whose CancelGroup failed can be resumed instead",
         {},
         stalling,
         a_failed_cancel_can_be_resumed},
        {"group_effects.known_flags",
         {"GROUP-STATUS-9", "GROUP-STATUS-8", "GROUP-STATUS-1", "OBS-016"},
         "No set of flags is ever seen but those of the clauses",
         {},
         serving({resource(), resource("/done", 5'000)},
                 {on_head("missing", respond(404), 1), stall_at(40'000)}),
         no_other_flags_are_seen},
        {"group_effects.nothing_before_resume",
         {"GROUP-NEW-1", "OBS-012", "JOB-NEW-01"},
         "Nothing is transferred before ResumeGroup",
         {},
         serving({resource()}),
         nothing_moves_before_resume},
        {"group_effects.second_cancel",
         {"GROUP-DONE-1", "GROUP-CANCEL-4", "OBS-023", "OBS-020"},
         "A second CancelGroup takes no file away",
         {},
         serving({resource("/done", 5'000)}),
         a_second_cancel_keeps_the_files},
    };
}

// Attempt after attempt fails: none of them, nor the turn for it, gives new time.
void the_time_goes_on(Rig& rig, const std::string& clause) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, clause, download.group);
    rig.expect_true(clause, "it was tried more than once", rig.requests().size() > 2);
    rig.expect_true(clause, "and not for ever", rig.requests().size() < 200);
    rig.expect("GROUP-PROG-1", "SIZE_DONE", size_done(rig, download.group), {0U});
}

std::vector<Case> time_cases() {
    fakeserver::FaultRule silence = on_head("silence", fault(fakeserver::Effect::Stall), 1);
    silence.faults[0].at.where = fakeserver::Where::Head;
    const auto busy = [](std::uint64_t times) { return on_head("busy", respond(503), times); };
    Setting first = serving({resource()}, {busy(1), silence, busy(1)});
    first.script.rules[2].name = "busy again";
    first.policy.no_progress_timeout = kNoProgress;
    Setting error = serving({resource()}, {on_head("busy", respond(503), std::nullopt)});
    error.policy = first.policy;
    Setting bodies =
        serving({resource()}, {on_get("reset", fault(fakeserver::Effect::Reset), std::nullopt)});
    bodies.policy = first.policy;
    Setting wait = error;
    wait.policy.retry_delay = std::chrono::seconds(1'000);
    wait.policy.no_progress_timeout = std::chrono::seconds(5);
    return {
        {"group_effects.time_after_suspend",
         {"GROUP-RESUME-1", "XFER-NOPROG-1"},
         "ResumeGroup of a suspended group begins the time without progress anew",
         {"policy"},
         first,
         resume_gives_new_time},
        {"group_effects.time_after_error",
         {"GROUP-RESUME-4", "XFER-NOPROG-1"},
         "ResumeGroup of a group in error begins the time without progress anew",
         {"policy"},
         error,
         resume_of_an_error_gives_new_time},
        {"group_effects.time_after_wait",
         {"GROUP-RESUME-5", "XFER-NOPROG-1"},
         "ResumeGroup of a waiting group begins the time without progress anew",
         {"policy", "virtual_time"},
         wait,
         resume_of_a_wait_gives_new_time},
        {"group_effects.time_of_heads",
         {"XFER-NOPROG-1", "XFER-WAIT-1", "SCHED-1"},
         "A HEAD that fails again and again ends in an error",
         {"policy"},
         error,
         [](Rig& rig) { the_time_goes_on(rig, "XFER-NOPROG-1-a"); }},
        {"group_effects.time_of_bodies",
         {"XFER-NOPROG-1", "XFER-WAIT-1", "XFER-QUICK-1", "GROUP-STATUS-3"},
         "A body of which no byte comes again and again ends in an error",
         {"policy"},
         bodies,
         [](Rig& rig) { the_time_goes_on(rig, "XFER-NOPROG-1-a"); }},
    };
}

}  // namespace

std::vector<Case> group_effects_cases() {
    return joined({effect_cases(), turn_cases(), time_cases()});
}

}  // namespace qmgr::conformance
