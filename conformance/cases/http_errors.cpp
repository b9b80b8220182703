// Errors of the server, final and transient, and the waits between attempts.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;

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
    expect_error(rig, "GROUP-SUSPEND-3", download.group);
    expect_code(rig, "CON-02", "SuspendGroup of a group in error answers",
                call::SuspendGroup{download.group}, {HResult::Ok});
    expect_status(rig, "CON-02", "it stays in error", download.group, {kError, kErrorLenient});
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
    const Duration before = rig.elapsed();
    const Download download = start(rig, {{"/a", "a"}});
    bool in_error = false;
    rig.eventually("XFER-WAIT-1", "the group stops running", [&] {
        const GroupStatus now = status(rig, download.group);
        in_error = in_error || now.has(GroupFlag::Error);
        return now.has(GroupFlag::Suspended);
    });
    rig.expect("GROUP-STATUS-4", "it showed an error", in_error, {false});
    expect_status(rig, "XFER-WAIT-1", "in the end it shows", download.group,
                  {kComplete, kCompleteLenient});
    rig.expect_true("XFER-WAIT-1", "at least the retry delay of 300 ms has passed",
                    rig.elapsed() - before >= Duration(300));
    rig.expect("XFER-WAIT-1", "requests", request_log(rig),
               {std::vector<std::string>{"HEAD /a", "HEAD /a", "GET /a"}});
    expect_file(rig, "XFER-STATUS-1", "a", resource());
}

void resume_ends_a_wait(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-RESUME-5", "the first answer is there",
                   [&] { return rig.requests().size() == 1; });
    rig.let_pass(Duration(50));
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    rig.expect_true("GROUP-RESUME-5", "less than the delay of 1,000,000 ms has passed",
                    rig.elapsed() < Duration(1'000'000));
    expect_complete(rig, "GROUP-RESUME-5", download.group);
}

void no_progress_time_of_zero(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-NOPROG-1", download.group);
    const auto job = job_status(rig, download.job);
    rig.expect("XFER-NOPROG-1", "the Win32 result is the failure's", job.win32_result,
               {0x801901F4U});
    rig.expect<std::uint64_t>("XFER-NOPROG-1", "requests: the first failure is the error",
                              rig.requests().size(), {1U});
}

void the_last_failure_becomes_the_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-NOPROG-1", download.group);
    rig.expect("XFER-NOPROG-1", "the Win32 result is the last failure's",
               job_status(rig, download.job).win32_result, {0x801901F6U});
    rig.expect_true("XFER-NOPROG-1", "it was tried more than once", rig.requests().size() > 1);
    rig.expect("PRG-14", "failures counted: one for each request",
               std::size_t{job_status(rig, download.job).retries}, {rig.requests().size()});
}

void quick_retries_are_three(Rig& rig) {
    const Duration begin = rig.elapsed();
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-QUICK-1", "four GETs have been sent",
                   [&] { return requests_of(rig, "GET").size() >= 4; });
    // They came without even a short delay if none comes for longer than they took together.
    rig.let_pass(rig.elapsed() - begin + Duration(200));
    rig.expect<std::uint64_t>("XFER-QUICK-1", "GETs before the retry delay is waited",
                              requests_of(rig, "GET").size(), {4U});
    rig.expect_true("XFER-QUICK-1", "that is long before a retry delay was over",
                    rig.elapsed() < kNever);
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

// ---- life with errors
// ----------------------------------------------------------------------------

// The three numbers of the job's status, which have a meaning in error only.
void expect_results(Rig& rig, const std::string& when, JobHandle job, std::uint32_t win32,
                    std::uint32_t transport, std::uint32_t retries) {
    const auto seen = job_status(rig, job);
    rig.expect("ERR-OBJ-01", when + ", the Win32 result", seen.win32_result,
               {win32, win32 & 0xFFFFU});
    rig.expect("ERR-OBJ-01", when + ", the transport result", seen.transport_result, {transport});
    rig.expect("ERR-OBJ-01", when + ", the retry count", seen.retries, {retries});
    rig.expect("JOB1-STATUS-4-a", when + ", JOB_ERROR", seen.status.has(JobFlag::Error),
               {win32 != 0});
}

void results_belong_to_an_error(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    expect_results(rig, "suspended", download.job, 0, 0, 0);
    rig.call(call::ResumeGroup{download.group});
    rig.eventually("CON-09", "a transient failure", [&] { return rig.requests().size() == 1; });
    rig.let_pass(Duration(30));
    expect_results(rig, "waiting for a retry", download.job, 0, 0, 0);
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_error(rig, "ERR-OBJ-01", download.group);
    expect_results(rig, "in error", download.job, 0x80190194U, 404, 2);
    rig.call(call::SuspendGroup{download.group});
    expect_results(rig, "in error and suspended", download.job, 0x80190194U, 404, 2);
    rig.call(call::ResumeGroup{download.group});
    reach(rig, "ERR-OBJ-01", download.group, 40'000);
    expect_results(rig, "transferring again", download.job, 0, 0, 0);
    interrupt(rig, download.group);
    expect_done(rig, "OBS-024", download.group);
    expect_results(rig, "complete", download.job, 0, 0, 0);
}

void each_attempt_is_counted(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "ERA-04", download.group);
    expect_results(rig, "in error", download.job, 0x80190194U, 404, 3);
    rig.call(call::ResumeGroup{download.group});
    expect_error(rig, "PRG-14", download.group);
    expect_results(rig, "in error again, never reset", download.job, 0x80190194U, 404, 4);
}

void success_is_not_counted(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "PRG-14", download.group);
    add_files(rig, download.job, {{"/missing", "missing"}});
    rig.call(call::ResumeGroup{download.group});
    expect_error(rig, "PRG-14", download.group);
    expect_results(rig, "in error after a success", download.job, 0x80190194U, 404, 1);
}

void an_error_is_not_tried_again(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "JOB-STATE-05", download.group);
    const std::size_t before = rig.requests().size();
    rig.let_pass(kWhile);  // three retry delays
    rig.expect("JOB-STATE-05", "requests of a group in error", rig.requests().size() - before,
               {std::size_t{0}});
    expect_status(rig, "JOB-STATE-05", "it is in error", download.group, {kError, kErrorLenient});
}

void an_error_takes_changes(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "JOB-RESUME-09", download.group);
    const PropertyValue name{VariantType::Bstr, 0, "mended"};
    expect_code(rig, "JOB-RESUME-09", "SetProp answers",
                call::SetProp{download.group, GroupProperty::DisplayName, name}, {HResult::Ok});
    expect_code(rig, "JOB-RESUME-09", "SwitchToForeground answers",
                call::SwitchGroupToForeground{download.group}, {HResult::Ok});
    add_files(rig, download.job, {{"/b", "b"}});
    expect_status(rig, "JOB-RESUME-09", "it is still in error", download.group,
                  {kError.with(GroupFlag::Foreground), kErrorLenient.with(GroupFlag::Foreground)});
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "JOB-RESUME-09", download.group);
    expect_file(rig, "JOB-RESUME-09", "b", resource("/b", 2'000));
    rig.expect("JOB-RESUME-09", "the display name",
               value_of<PropertyValue>(
                   rig.call(call::GetProp{download.group, GroupProperty::DisplayName})),
               {name});
}

void one_file_stops_the_others(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}, {"/b", "b"}});
    expect_error(rig, "SVC-TR-21", download.group);
    rig.let_pass(kWhile);
    rig.expect("SVC-TR-21", "requests for the file after the one that failed",
               count_of(rig, "HEAD", "/b") + count_of(rig, "GET", "/b"), {std::uint64_t{0}});
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "SVC-TR-21", download.group);
    expect_file(rig, "SVC-TR-21", "b", resource("/b", 2'000));
}

void it_goes_on_by_itself(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}, {"/b", "b"}});
    expect_done(rig, "ERR-CLS-19", download.group);
    expect_file(rig, "ERR-CLS-19", "b", resource("/b", 2'000));
    rig.expect("CON-18", "HEADs", requests_of(rig, "HEAD").size(), {std::size_t{4}});
}

void refused_and_let_in(Rig& rig, int code) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "AUTH-02", download, 0x80190000U + static_cast<std::uint32_t>(code));
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "AUTH-02", download.group);
}

void no_credentials_are_sent(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "AUTH-04", download, 0x80190191U);
    rig.expect("CON-27", "requests: a challenge is not answered", rig.requests().size(),
               {std::size_t{1}});
    rig.call(call::ResumeGroup{download.group});
    expect_failure(rig, "AUTH-04", download, 0x80190191U);
    for (const SeenRequest& seen : rig.requests())
        for (const char* field : {"authorization", "proxy-authorization"})
            rig.expect("AUTH-04", std::string("no ") + field, header(seen, field), {std::string()});
}

void nothing_is_known_of_a_missing_file(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "OBS-081", download, 0x80190194U);
    rig.expect("OBS-081", "bytes done", size_done(rig, download.group), {0U});
    rig.expect("OBS-081", "the group's size",
               value_of<value::Size>(rig.call(call::GetSize{download.group})).bytes, {0U});
    rig.expect("OBS-081", "requests", rig.requests().size(), {std::size_t{1}});
}

void published_causes(Rig& rig) {
    const Download forbidden = start(rig, {{"/403", "403"}}, 1);
    expect_failure(rig, "OBS-133", forbidden, 0x80190193U);
    const Download sizeless = start(rig, {{"/size", "size"}}, 2);
    expect_failure(rig, "OBS-133", sizeless, 0x80200011U);
    const Download ignored = start(rig, {{"/range", "range"}}, 3);
    reach(rig, "OBS-133", ignored.group, 40'000);
    interrupt(rig, ignored.group);
    expect_failure(rig, "OBS-133", ignored, 0x80200013U);
    const Download garbled = start(rig, {{"/garbage", "garbage"}}, 4);
    rig.eventually("OBS-133", "the garbage has come",
                   [&] { return count_of(rig, "HEAD", "/garbage") == 1; });
    rig.let_pass(kWhile);
    expect_status(rig, "OBS-133", "an answer that is not valid is transient", garbled.group,
                  {kRunning});
}

std::vector<Case> life_with_errors() {
    const Setting missing = serving({resource()}, {on_head("missing", respond(404), std::nullopt)});
    const Setting mended =
        serving({resource(), resource("/b", 2'000)}, {on_head("missing", respond(404), 1)});
    return {
        {"http_errors.results",
         {"ERR-OBJ-01", "JOB1-STATUS-4", "OBS-024", "OBS-042", "OBS-066", "CON-02", "CON-09"},
         "A job has results of a failure in error, and only then",
         {},
         with_delay(serving({resource()}, {on_head("busy", respond(503), 1),
                                           on_head("missing", respond(404), 1), stall_at(40'000)}),
                    kNever),
         results_belong_to_an_error},
        {"http_errors.count",
         {"ERA-04", "CON-26", "PRG-14"},
         "Each attempt that fails is counted, and the count is never reset",
         {},
         serving({resource()}, {on_head("busy", respond(503), 2),
                                on_head("missing", respond(404), std::nullopt)}),
         each_attempt_is_counted},
        {"http_errors.count_of_success",
         {"PRG-14", "JOB1-STATUS-4-b"},
         "What succeeds is not counted",
         {},
         serving({resource()}),
         success_is_not_counted},
        {"http_errors.stays",
         {"JOB-STATE-05"},
         "A group in error is not tried again by the service",
         {},
         missing,
         an_error_is_not_tried_again},
        {"http_errors.changes",
         {"JOB-RESUME-09", "JOB-RESUME-03"},
         "A group in error takes changes and can be resumed afterwards",
         {},
         mended,
         an_error_takes_changes},
        {"http_errors.first_file",
         {"SVC-TR-21", "SCHED-3"},
         "One file that fails stops the group before its later files",
         {},
         mended,
         one_file_stops_the_others},
        {"http_errors.by_itself",
         {"ERR-CLS-19", "CON-18", "JOB-STATE-06", "SVC-TR-07"},
         "After a 503 and a 504 the group goes on by itself",
         {},
         serving({resource(), resource("/b", 2'000)},
                 {on_head("busy", respond(503), 1),
                  on_request("HEAD", "/b", "late", {respond(504)}, 1)}),
         it_goes_on_by_itself},
    };
}

std::vector<Case> refusals() {
    const std::vector<fakeserver::Header> challenges = {{"WWW-Authenticate", "Negotiate"},
                                                        {"WWW-Authenticate", "NTLM"}};
    const auto let_in = [](int code) {
        return serving({resource()}, {on_head("refused", respond(code), 1)});
    };
    return {
        {"http_errors.let_in_401",
         {"AUTH-02"},
         "ResumeGroup tries a file again that was answered 401",
         {},
         let_in(401),
         [](Rig& rig) { refused_and_let_in(rig, 401); }},
        {"http_errors.let_in_407",
         {"AUTH-02", "OBS-071"},
         "ResumeGroup tries a file again that was answered 407",
         {},
         let_in(407),
         [](Rig& rig) { refused_and_let_in(rig, 407); }},
        {"http_errors.no_credentials",
         {"AUTH-04", "CON-27"},
         "A challenge is not answered with credentials that nobody has given",
         {},
         serving({resource()}, {on_head("challenge", respond(401, challenges), std::nullopt)}),
         no_credentials_are_sent},
        {"http_errors.missing",
         {"OBS-081", "XFER-HEAD-2-c", "ERR-CLS-20"},
         "Of a file that is missing there is neither a byte nor a size",
         {},
         serving({}),
         nothing_is_known_of_a_missing_file},
        {"http_errors.causes",
         {"OBS-133"},
         "The published causes of failed jobs are told apart",
         {},
         with_delay(
             serving(
                 {resource("/403"), resource("/size"), resource("/range"), resource("/garbage")},
                 {on_request("HEAD", "/403", "forbidden", {respond(403)}, std::nullopt),
                  on_request("HEAD", "/size", "size", {fault(Effect::OmitLength)}, std::nullopt),
                  on_request("GET", "/range", "stall", {fault(Effect::Stall, 40'000)}, 1),
                  on_request("GET", "/range", "ignored", {fault(Effect::IgnoreRange)}, 1),
                  on_request("HEAD", "/garbage", "garbage", {by_bytes(Effect::GarbageHead, 100)},
                             std::nullopt)}),
             kNever),
         published_causes},
    };
}

std::vector<Case> retry_cases() {
    const auto busy = on_head("busy", respond(503), 1);
    Setting at_once = serving({resource()}, {on_head("broken", respond(500), std::nullopt)});
    at_once.policy.no_progress_timeout = Duration(0);
    Setting patient = serving({resource()}, {on_head("busy", respond(503), 1),
                                             on_head("broken", respond(502), std::nullopt)});
    patient.policy.no_progress_timeout = Duration(2'000);  // many times the retry delay
    const auto missing = on_get("missing", respond(404), 1);
    return {
        {"http_errors.resume_after_error",
         {"GROUP-RESUME-4", "GROUP-STATUS-5", "GROUP-SUSPEND-2", "GROUP-SUSPEND-3", "CON-02",
          "SVC-TR-07"},
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
         {"XFER-NOPROG-1", "SVC-TR-12", "OPEN-15", "PRG-14"},
         "When the no-progress time is over the last failure is the error",
         {"policy"},
         patient,
         the_last_failure_becomes_the_error},
    };
}

std::vector<Case> server_cases() {
    Setting silent = serving({resource()}, {on_get("stall", fault(Effect::Stall, 40'000), 1)});
    silent.policy.stall_timeout = Duration(1'000);  // long beside a server that is held up
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
    std::vector<Case> cases =
        joined({retry_cases(), server_cases(), life_with_errors(), refusals()});
    for (const int code : {401, 403, 407})
        cases.push_back(also(final_status(code), {"XFER-HEAD-2-a", "CON-05"}));
    cases.push_back(also(final_status(404), {"XFER-HEAD-2-c", "CON-05", "ERR-CLS-20"}));
    for (const int code : {410, 505}) cases.push_back(final_status(code));
    return cases;
}

}  // namespace qmgr::conformance
