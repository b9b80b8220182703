// The job's status: its flags, its three results, and what counts as a failure.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;

constexpr JobStatus kIncomplete{static_cast<std::uint32_t>(JobFlag::Incomplete)};
constexpr JobStatus kJobError = kIncomplete.with(JobFlag::Error);
constexpr JobStatus kJobComplete{static_cast<std::uint32_t>(JobFlag::Complete)};
const std::vector<HResult> kOk = {HResult::Ok};

void expect_job(Rig& rig, const std::string& clause, JobHandle job, JobStatus flags,
                std::uint32_t status_code, std::uint32_t retries) {
    const value::JobState state = job_status(rig, job);
    rig.expect(clause, "the job's flags", state.status, {flags});
    if (status_code == 0)
        rig.expect("JOB1-STATUS-4-b", "the Win32 result", state.win32_result, {0U});
    else
        rig.expect("JOB1-STATUS-4-b", "the Win32 result", state.win32_result,
                   {0x80190000U + status_code, status_code});
    rig.expect("JOB1-STATUS-4-b", "the transport result", state.transport_result, {status_code});
    rig.expect("JOB1-STATUS-4-b", "the retry count", state.retries, {retries});
}

// Adds a file that the server does not have, and looks at what is counted when it has failed.
void expect_failures(Rig& rig, const std::string& clause, const Download& on,
                     std::uint32_t failures) {
    add_files(rig, on.job, {{"/nowhere", "nowhere"}});
    resume(rig, on.group);
    expect_error(rig, "GROUP-STATUS-5-a", on.group);
    rig.expect(clause, "the retry count", job_status(rig, on.job).retries, {failures});
}

void results_only_with_an_error(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    expect_job(rig, "JOB1-STATUS-1", download.job, kIncomplete, 0, 0);
    resume(rig, download.group);
    expect_error(rig, "JOB1-STATUS-2", download.group);
    expect_job(rig, "JOB1-STATUS-2", download.job, kJobError, 403, 1);
    resume(rig, download.group);
    wait_for_silence(rig, download.group, 40'000);
    expect_job(rig, "JOB1-STATUS-2", download.job, kIncomplete, 0, 0);
    rig.call(call::SuspendGroup{download.group});
    expect_job(rig, "JOB1-STATUS-2", download.job, kIncomplete, 0, 0);
    resume(rig, download.group);
    expect_complete(rig, "JOB1-STATUS-1", download.group);
    expect_job(rig, "JOB1-STATUS-1", download.job, kJobComplete, 0, 0);
}

void no_job_is_in_the_foreground(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    const auto expect_none = [&](const std::string& when) {
        rig.expect_true("JOB1-STATUS-3", "JOB_FOREGROUND is not set " + when,
                        !job_status(rig, download.job).status.has(JobFlag::Foreground));
    };
    expect_code(rig, "GROUP-FG-1", "SwitchToForeground answers",
                call::SwitchGroupToForeground{download.group}, kOk);
    expect_none("while the group is suspended");
    resume(rig, download.group);
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    expect_none("in error");
    rig.serve(serving({resource()}).script);
    resume(rig, download.group);
    expect_complete(rig, "GROUP-STATUS-6-a", download.group);
    expect_none("when it is complete");
}

void every_failure_is_counted(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    expect_job(rig, "PRG-14", download.job, kJobError, 404, 3);
    resume(rig, download.group);
    rig.eventually("PRG-14", "a fourth request comes", [&] { return rig.requests().size() >= 4; });
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    expect_job(rig, "PRG-14", download.job, kJobError, 410, 4);
    resume(rig, download.group);
    expect_complete(rig, "GROUP-RESUME-4", download.group);
    expect_failures(rig, "PRG-14", download, 5);
}

void a_broken_body_is_counted(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "GROUP-STATUS-6-a", download.group);
    expect_failures(rig, "PRG-14", download, 2);
}

void set_name(Rig& rig, GroupHandle group) {
    expect_code(rig, "PROP-ANY-1", "SetProp answers",
                call::SetProp{group, GroupProperty::DisplayName, {VariantType::Bstr, 0, "n"}}, kOk);
}

void calls_are_not_counted(Rig& rig) {
    const GroupHandle group = create_group(rig);
    expect_refusal(rig, "GROUP-RESUME-2", "ResumeGroup of an empty group answers",
                   call::ResumeGroup{group}, {HResult::BgEmpty, HResult::QmInvalidState});
    const JobHandle job = create_job(rig, group);
    expect_code(rig, "GROUP-CREATEJOB-2", "a second CreateJob answers",
                call::CreateJob{group, {guid(102)}}, {HResult::NotImplemented});
    expect_code(rig, "GROUP-SUSPEND-2", "SuspendGroup answers", call::SuspendGroup{group}, kOk);
    add_files(rig, job, {{"/a", "a"}});
    set_name(rig, group);
    resume(rig, group);
    wait_for_silence(rig, group, 40'000);
    expect_code(rig, "GROUP-RESUME-3", "ResumeGroup of a running group answers",
                call::ResumeGroup{group}, kOk);
    expect_code(rig, "GROUP-CREATEJOB-3", "CreateJob of a running group answers",
                call::CreateJob{group, {guid(102)}},
                {HResult::QmInvalidState, HResult::NotImplemented});
    expect_code(rig, "GROUP-SUSPEND-1", "SuspendGroup answers", call::SuspendGroup{group}, kOk);
    resume(rig, group);
    expect_complete(rig, "GROUP-RESUME-1", group);
    expect_code(rig, "GROUP-RESUME-6", "ResumeGroup of a complete group answers",
                call::ResumeGroup{group}, kOk);
    expect_code(rig, "CON-02", "SuspendGroup of a complete group answers",
                call::SuspendGroup{group}, kOk);
    expect_code(rig, "GROUP-FG-1", "SwitchToForeground answers",
                call::SwitchGroupToForeground{group}, kOk);
    expect_failures(rig, "PRG-14", {group, job}, 1);
    // Nor does a call in error, and none of them forgets the error.
    expect_code(rig, "CON-02", "SuspendGroup of a group in error answers",
                call::SuspendGroup{group}, kOk);
    set_name(rig, group);
    add_files(rig, job, {{"/a", "again"}});
    rig.call(call::CreateJob{group, {guid(102)}});
    rig.call(call::SwitchGroupToForeground{group});
    expect_job(rig, "JOB1-STATUS-2", job, kJobError, 404, 1);
    resume(rig, group);
    expect_error(rig, "GROUP-STATUS-5-a", group);
    expect_job(rig, "PRG-14", job, kJobError, 404, 2);
}

void resuming_a_wait_is_not_counted(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-RESUME-5", "the first request is there",
                   [&] { return !rig.requests().empty(); });
    rig.let_pass(Duration(100));
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_complete(rig, "GROUP-RESUME-5", download.group);
    expect_failures(rig, "PRG-14", download, 2);
}

void a_good_download_is_not_counted(Rig& rig) {
    const Download other = start(rig, {{"/a", "other"}}, 2);
    wait_for_silence(rig, other.group, 40'000);
    const Download download = start(rig, {{"/b", "b"}, {"/b", "again"}});
    expect_status(rig, "GROUP-STATUS-3", "waiting its turn, the group shows", download.group,
                  {kRunning});
    rig.call(call::CancelGroup{other.group});
    expect_complete(rig, "GROUP-STATUS-6-a", download.group);
    expect_file(rig, "FILE-PUB-1", "b", resource("/b", 2'000));
    expect_file(rig, "FILE-PUB-1", "again", resource("/b", 2'000));
    expect_failures(rig, "PRG-14", download, 1);
}

void stops_by_the_surroundings_are_not_counted(Rig& rig, const Surroundings& stop,
                                               const Surroundings& go) {
    const Download download = start(rig, {{"/a", "a"}});
    wait_for_silence(rig, download.group, 40'000);
    rig.surroundings(stop);
    rig.let_pass(Duration(50));
    expect_status(rig, "PRG-15", "stopped, the group shows", download.group, {kRunning});
    rig.surroundings(go);
    expect_complete(rig, "PRG-15", download.group);
    expect_failures(rig, "PRG-15", download, 1);
}

void no_answer_has_no_status(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    const value::JobState job = job_status(rig, download.job);
    rig.expect("JOB1-STATUS-2", "the job's flags", job.status, {kJobError});
    rig.expect_true("JOB1-STATUS-4-b", "there is a Win32 result", job.win32_result != 0);
    rig.expect("JOB1-STATUS-4-b", "the transport result", job.transport_result, {0U});
    rig.expect("JOB1-STATUS-4-b", "the retry count", job.retries, {1U});
}

void a_refused_get(Rig& rig, const std::string& clause, std::uint32_t code) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, clause, download.group);
    expect_job(rig, clause, download.job, kJobError, code, 1);
    rig.let_pass(Duration(100));
    rig.expect<std::uint64_t>(clause, "GET requests: it is not tried again",
                              requests_of(rig, "GET").size(), {1});
    rig.expect(clause, "SIZE_DONE", size_done(rig, download.group), {0U});
}

Case refused_get(int code, const std::string& clause) {
    return {
        "job_status.get_" + std::to_string(code),
        {clause, "JOB1-STATUS-4", "OBS-065"},
        "A GET answered " + std::to_string(code) + " is an error with that status, at once",
        {},
        serving({resource()}, {on_get("refused", respond(code), std::nullopt)}),
        [code, clause](Rig& rig) { a_refused_get(rig, clause, static_cast<std::uint32_t>(code)); }};
}

std::vector<Case> flag_cases() {
    Setting mute = serving({resource()}, {on_head("mute", fault(Effect::Close), std::nullopt)});
    mute.script.rules[0].faults[0].at.where = fakeserver::Where::Head;
    mute.policy.no_progress_timeout = Duration(0);
    return {
        {"job_status.only_with_error",
         {"JOB1-STATUS-1", "JOB1-STATUS-2", "JOB1-STATUS-4", "ERR-OBJ-01", "OBS-038"},
         "The results stand beside JOB_ERROR and are 0 without it",
         {},
         serving({resource()}, {on_head("refused", respond(403), 1), stall_at(40'000)}),
         results_only_with_an_error},
        {"job_status.foreground",
         {"JOB1-STATUS-3"},
         "A job never shows JOB_FOREGROUND",
         {},
         serving({}),
         no_job_is_in_the_foreground},
        {"job_status.no_answer",
         {"JOB1-STATUS-4", "XFER-NOPROG-1"},
         "An error without an answer has the transport result 0",
         {"policy"},
         mute,
         no_answer_has_no_status},
        refused_get(401, "ERR-CLS-03"),
        refused_get(407, "ERR-CLS-03"),
        refused_get(403, "ERR-CLS-04"),
        refused_get(404, "ERR-CLS-18"),
        refused_get(410, "ERR-CLS-18"),
        refused_get(505, "ERR-CLS-18"),
    };
}

std::vector<Case> count_cases() {
    const Setting stalling = serving({resource()}, {stall_at(40'000)});
    Setting waiting = serving({resource()}, {on_head("busy", respond(503), 1)});
    waiting.policy.retry_delay = Duration(1'000'000);
    return {
        {"job_status.count",
         {"PRG-14", "JOB1-STATUS-4", "XFER-WAIT-1", "GROUP-STATUS-5", "ERA-04", "SVC-TR-07"},
         "Every failure is counted, transient or final, and nothing takes the count back",
         {"policy"},
         serving({resource()},
                 {on_head("busy", respond(503), 2), on_head("missing", respond(404), 1),
                  on_head("gone", respond(410), 1)}),
         every_failure_is_counted},
        {"job_status.count_body",
         {"PRG-14"},
         "A body that breaks off is counted",
         {"policy"},
         serving({resource()}, {on_get("reset", fault(Effect::Reset, 40'000), 1)}),
         a_broken_body_is_counted},
        {"job_status.count_calls",
         {"PRG-14", "JOB1-STATUS-4", "GROUP-SUSPEND-1", "GROUP-SUSPEND-2", "CON-02",
          "GROUP-RESUME-1", "GROUP-RESUME-2", "GROUP-RESUME-3", "GROUP-RESUME-4", "GROUP-RESUME-6",
          "GROUP-CREATEJOB-1", "GROUP-CREATEJOB-2", "GROUP-CREATEJOB-3", "GROUP-FG-1", "JOB1-ADD-1",
          "JOB1-ADD-7", "PROP-ANY-1", "ERR-OBJ-03"},
         "No call of the client is counted as a failure, and none forgets an error",
         {},
         stalling,
         calls_are_not_counted},
        {"job_status.count_resume",
         {"PRG-14", "GROUP-RESUME-5"},
         "Ending a wait by ResumeGroup is not counted",
         {"policy"},
         waiting,
         resuming_a_wait_is_not_counted},
        {"job_status.count_good",
         {"PRG-14", "SCHED-1", "GROUP-STATUS-3", "GROUP-STATUS-6", "FILE-PUB-1"},
         "A download that goes well counts no failure, also when it had to wait its turn",
         {},
         serving({resource(), resource("/b", 2'000)}, {stall_at(40'000)}),
         a_good_download_is_not_counted},
        {"job_status.count_network",
         {"PRG-15", "XFER-NET-1"},
         "A loss of the network is not counted",
         {"network"},
         stalling,
         [](Rig& rig) {
             stops_by_the_surroundings_are_not_counted(rig, surroundings::NetworkLost{},
                                                       surroundings::NetworkBack{});
         }},
        {"job_status.count_pause",
         {"PRG-15", "XFER-PAUSE-1"},
         "A pause of the system is not counted",
         {"pause"},
         stalling,
         [](Rig& rig) {
             stops_by_the_surroundings_are_not_counted(
                 rig, surroundings::Paused{"a bandwidth policy"}, surroundings::Unpaused{});
         }},
    };
}

}  // namespace

std::vector<Case> job_status_cases() { return joined({flag_cases(), count_cases()}); }

}  // namespace qmgr::conformance
