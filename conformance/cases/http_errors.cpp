// Errors of the server, final and transient, and the waits between attempts.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;
using fakeserver::Fault;

void a_final_status(Rig& rig, int code) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-STATUS-1", download.group);
    const auto job = job_status(rig, download.job);
    rig.expect("JOB1-STATUS-2", "the job is in error", job.status,
               {JobStatus{}.with(JobFlag::Incomplete).with(JobFlag::Error)});
    const auto hresult = 0x80190000U + static_cast<std::uint32_t>(code);
    rig.expect("JOB1-STATUS-4", "the Win32 result", job.win32_result, {hresult});
    rig.expect("JOB1-STATUS-4", "the transport result", job.transport_result,
               {static_cast<std::uint32_t>(code)});
    rig.expect("JOB1-STATUS-4", "the retry count", job.retries, {1U});
    rig.expect<std::uint64_t>("XFER-STATUS-1", "requests: it is not tried again",
                              rig.requests().size(), {1U});
}

void resume_clears_an_error(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    expect_error(rig, "GROUP-STATUS-5", download.group);
    expect_code(rig, "GROUP-SUSPEND-3", "SuspendGroup of a group in error answers",
                call::SuspendGroup{download.group}, {HResult::Ok});
    expect_status(rig, "GROUP-SUSPEND-3", "it stays in error", download.group,
                  {kError, kErrorLenient});
    expect_code(rig, "GROUP-RESUME-4", "ResumeGroup of a group in error answers",
                call::ResumeGroup{download.group}, {HResult::Ok});
    expect_complete(rig, "GROUP-RESUME-4", download.group);
    std::uint64_t fetched = 0;
    for (const SeenRequest& seen : requests_of(rig, "GET"))
        if (seen.request.path == "/b") ++fetched;
    rig.expect("GROUP-RESUME-4", "GETs of the file that was finished before", fetched,
               {std::uint64_t{1}});
}

void a_transient_status_is_waited_out(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-STATUS-1", "the first answer is there",
                   [&] { return !rig.requests().empty(); });
    expect_status(rig, "GROUP-STATUS-4", "while it waits GetStatus shows", download.group,
                  {kRunning});
    rig.expect<std::uint64_t>("XFER-WAIT-1", "it is not tried again before the delay",
                              rig.requests().size(), {1U});
    const Duration before = rig.elapsed();
    expect_complete(rig, "XFER-WAIT-1", download.group);
    rig.expect_true("XFER-WAIT-1", "at least the retry delay has passed, less the time of looking",
                    rig.elapsed() - before >= Duration(250));
    expect_file(rig, "XFER-STATUS-1", "a", resource());
}

void resume_ends_a_wait(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-RESUME-5", "the first answer is there",
                   [&] { return rig.requests().size() == 1; });
    rig.let_pass(Duration(50));
    expect_code(rig, "GROUP-RESUME-5", "ResumeGroup of a waiting group answers",
                call::ResumeGroup{download.group}, {HResult::Ok});
    rig.eventually("GROUP-RESUME-5", "it is tried again long before the delay is over",
                   [&] { return rig.requests().size() >= 2; });
    rig.expect_true("GROUP-RESUME-5", "less than the delay of 1,000,000 ms has passed",
                    rig.elapsed() < Duration(1'000'000));
    expect_complete(rig, "GROUP-RESUME-5", download.group);
}

void no_progress_time_of_zero(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-NOPROG-1", download.group);
    const auto job = job_status(rig, download.job);
    rig.expect("XFER-NOPROG-1", "the Win32 result is the failure's", job.win32_result,
               {0x801901F7U});
    rig.expect<std::uint64_t>("XFER-NOPROG-1", "requests: the first failure is the error",
                              rig.requests().size(), {1U});
}

void the_last_failure_becomes_the_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-NOPROG-1", download.group);
    rig.expect("XFER-NOPROG-1", "the Win32 result is the last failure's",
               job_status(rig, download.job).win32_result, {0x801901F6U});
    rig.expect_true("XFER-NOPROG-1", "it was tried more than once", rig.requests().size() > 1);
}

void quick_retries_are_three(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-QUICK-1", "four GETs have been sent",
                   [&] { return requests_of(rig, "GET").size() >= 4; });
    rig.let_pass(Duration(200));
    rig.expect<std::uint64_t>("XFER-QUICK-1", "GETs before the retry delay is waited",
                              requests_of(rig, "GET").size(), {4U});
    expect_status(rig, "GROUP-STATUS-4", "then it waits", download.group, {kRunning});
}

void no_length_is_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-SIZE-1", download.group);
    rig.expect("XFER-SIZE-1", "the Win32 result", job_status(rig, download.job).win32_result,
               {0x80200011U});
}

void a_refused_head_is_no_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-HEAD-2", download.group);
    expect_file(rig, "XFER-HEAD-2", "a", resource());
    const auto gets = requests_of(rig, "GET");
    rig.expect<std::uint64_t>("XFER-HEAD-2", "GET requests", gets.size(), {1U});
    if (!gets.empty())
        rig.expect("XFER-HEAD-2", "its Range", header(gets[0], "range"), {std::string()});
}

void a_silent_server_times_out(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-STATUS-1", download.group);
    expect_file(rig, "XFER-STATUS-1", "a", resource());
    const auto gets = requests_of(rig, "GET");
    rig.expect<std::uint64_t>("XFER-GET-4", "GET requests", gets.size(), {2U});
    if (gets.size() > 1)
        rig.expect("XFER-GET-4", "the second one's Range", header(gets[1], "range"),
                   {std::string("bytes=40000-99999")});
}

Fault redirect(int status, const std::string& location) {
    Fault one = respond(status);
    one.headers = {{"Location", location}};
    return one;
}

void a_redirect_is_followed(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-REDIR-1", download.group);
    fakeserver::Resource target = resource("/target", 4'000);
    expect_file(rig, "XFER-REDIR-1", "a", target);
    const auto gets = requests_of(rig, "GET");
    if (!gets.empty())
        rig.expect("XFER-REDIR-1", "the GET goes to", gets[0].request.path,
                   {std::string("/target"), std::string("/a")});
    const auto file = value_of<FileSetInfo>(rig.call(call::GetFile{download.job, 0}));
    rig.expect("JOB1-FILE-1", "the remote name stays as added", file.remote_name, {rig.url("/a")});
}

void a_redirect_loop_is_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-REDIR-1", download.group);
    rig.expect("XFER-REDIR-1", "the Win32 result", job_status(rig, download.job).win32_result,
               {0x8019012EU});
    rig.expect<std::uint64_t>("XFER-REDIR-1", "requests: ten redirects are followed",
                              rig.requests().size(), {11U});
}

Case final_status(int code) {
    return {"http_errors.status_" + std::to_string(code),
            {"XFER-STATUS-1", "JOB1-STATUS-2", "JOB1-STATUS-4", "GROUP-STATUS-5"},
            "A HEAD answered " + std::to_string(code) + " puts the group into error at once",
            {},
            serving({resource()}, {on_head("refused", respond(code), std::nullopt)}),
            [code](Rig& rig) { a_final_status(rig, code); }};
}

Setting with_delay(Setting setting, Duration delay) {
    setting.policy.retry_delay = delay;
    return setting;
}

std::vector<Case> retry_cases() {
    const auto busy = on_head("busy", respond(503), 1);
    Setting at_once = serving({resource()}, {on_head("busy", respond(503), std::nullopt)});
    at_once.policy.no_progress_timeout = Duration(0);
    Setting patient = serving({resource()}, {on_head("busy", respond(503), 1),
                                             on_head("broken", respond(502), std::nullopt)});
    patient.policy.no_progress_timeout = Duration(220);
    const auto missing = on_get("missing", respond(404), 1);
    return {
        {"http_errors.resume_after_error",
         {"GROUP-RESUME-4", "GROUP-STATUS-5", "GROUP-SUSPEND-3", "SVC-TR-07"},
         "ResumeGroup clears an error and fetches only what is missing",
         {},
         serving({resource(), resource("/b", 2'000)}, {missing}),
         resume_clears_an_error},
        {"http_errors.transient",
         {"XFER-STATUS-1", "XFER-WAIT-1", "GROUP-STATUS-4", "JOB-STATE-06", "SVC-TR-07",
          "SVC-TR-10", "OBS-094"},
         "A transient status is waited out without an error",
         {},
         with_delay(serving({resource()}, {busy}), Duration(300)),
         a_transient_status_is_waited_out},
        {"http_errors.resume_while_waiting",
         {"GROUP-RESUME-5", "CON-03", "OBS-017"},
         "ResumeGroup of a waiting group tries again at once",
         {},
         with_delay(serving({resource()}, {busy}), Duration(1'000'000)),
         resume_ends_a_wait},
        {"http_errors.no_progress_zero",
         {"XFER-NOPROG-1", "OBS-053"},
         "With a no-progress time of 0 the first failure is the error",
         {"policy"},
         at_once,
         no_progress_time_of_zero},
        {"http_errors.no_progress_over",
         {"XFER-NOPROG-1", "SVC-TR-12", "OPEN-15"},
         "When the no-progress time is over the last failure is the error",
         {"policy"},
         patient,
         the_last_failure_becomes_the_error},
    };
}

std::vector<Case> server_cases() {
    Setting silent = serving({resource()}, {on_get("stall", fault(Effect::Stall, 40'000), 1)});
    silent.policy.stall_timeout = Duration(100);
    const auto no_length = on_head("no length", fault(Effect::OmitLength), std::nullopt);
    return {
        {"http_errors.quick_retries",
         {"XFER-QUICK-1", "GROUP-STATUS-4", "OBS-095"},
         "A GET that fails without a byte is repeated at once three times",
         {},
         with_delay(serving({resource()}, {on_get("reset", fault(Effect::Reset), std::nullopt)}),
                    Duration(1'000'000)),
         quick_retries_are_three},
        {"http_errors.no_length",
         {"XFER-SIZE-1", "ERR-CLS-08", "OBS-131"},
         "A HEAD without a length is an error",
         {},
         serving({resource()}, {no_length}),
         no_length_is_an_error},
        {"http_errors.head_refused",
         {"XFER-HEAD-2", "OBS-111", "OPEN-17"},
         "A server that refuses HEAD is asked by one whole GET",
         {},
         serving({resource()}, {on_head("refused", respond(405), std::nullopt)}),
         a_refused_head_is_no_error},
        {"http_errors.silence",
         {"XFER-STATUS-1", "XFER-GET-4"},
         "A server that falls silent is given up and asked again",
         {"policy"},
         silent,
         a_silent_server_times_out},
        {"http_errors.redirect",
         {"XFER-REDIR-1", "JOB1-FILE-1", "HTTP-RED-01", "OBS-060", "OBS-127"},
         "A redirect is followed",
         {},
         serving({resource(), resource("/target", 4'000)},
                 {on_head("moved", redirect(302, "/target"), std::nullopt)}),
         a_redirect_is_followed},
        {"http_errors.redirect_loop",
         {"XFER-REDIR-1", "CON-11", "OPEN-24"},
         "An endless redirect is an error",
         {},
         serving({resource()}, {on_head("loop", redirect(302, "/a"), std::nullopt)}),
         a_redirect_loop_is_an_error},
    };
}

}  // namespace

std::vector<Case> http_errors_cases() {
    std::vector<Case> cases = joined({retry_cases(), server_cases()});
    for (const int code : {401, 403, 404, 407, 410, 505}) cases.push_back(final_status(code));
    return cases;
}

}  // namespace qmgr::conformance
