// What each status, and no answer at all, means for a HEAD and for a GET.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;
using fakeserver::Fault;
using fakeserver::FaultRule;

const std::vector<int> kFinal = {201, 202, 203, 204, 205, 300, 304, 305, 400,
                                 402, 406, 410, 411, 413, 414, 415, 417, 418,
                                 422, 423, 424, 426, 428, 431, 451, 499, 505};
const std::vector<int> kTransient = {408, 409, 500, 502, 503, 504, 506, 507, 508, 510, 511, 599};

std::string path_of(int status) { return "/" + std::to_string(status); }

// One file of its own for each status, which the method gets so often.
Setting a_file_each(const std::vector<int>& statuses, const std::string& method,
                    std::optional<std::uint64_t> times) {
    std::vector<fakeserver::Resource> files;
    std::vector<FaultRule> rules;
    for (const int status : statuses) {
        files.push_back(resource(path_of(status), 3'000));
        rules.push_back(on_request(method, path_of(status), path_of(status).substr(1),
                                   {respond(status)}, times));
    }
    return with_delay(serving(std::move(files), std::move(rules)), kNever);
}

Download start_for(Rig& rig, int status, unsigned number) {
    return start(rig, {{path_of(status), std::to_string(status)}}, number);
}

// Each of them is the error at once, with its own code.
void each_is_final(Rig& rig, const std::vector<int>& statuses, const std::string& method) {
    unsigned number = 0;
    for (const int status : statuses) {
        const Download download = start_for(rig, status, ++number);
        const std::string words = "with " + std::to_string(status) + " ";
        rig.eventually("XFER-STATUS-1-a", words + "the group stops running", [&] {
            return conformance::status(rig, download.group).has(GroupFlag::Suspended);
        });
        rig.expect("XFER-STATUS-1-a", words + "the group is in error",
                   conformance::status(rig, download.group), {kError, kErrorLenient});
        const auto job = job_status(rig, download.job);
        const auto code = static_cast<std::uint32_t>(status);
        rig.expect("OBS-065", words + "the Win32 result", job.win32_result,
                   {0x80190000U + code, code});
        rig.expect("JOB1-STATUS-4-b", words + "the transport result", job.transport_result, {code});
        rig.expect(status < 400 ? "XFER-STATUS-1-a" : "ERR-CLS-18",
                   words + method + "s: it is not tried again",
                   count_of(rig, method, path_of(status)), {std::uint64_t{1}});
    }
}

// Each of them is waited out: one HEAD, no error.
void each_head_waits(Rig& rig, const std::vector<int>& statuses, const std::string& clause) {
    std::vector<Download> downloads;
    downloads.reserve(statuses.size());
    for (const int status : statuses)
        downloads.push_back(start_for(rig, status, static_cast<unsigned>(downloads.size()) + 1));
    rig.eventually(clause, "every HEAD is answered",
                   [&] { return rig.requests().size() >= statuses.size(); });
    rig.let_pass(kWhile);
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        const std::string words = "with " + std::to_string(statuses[i]) + " ";
        expect_status(rig, clause, words + "the group goes on", downloads[i].group, {kRunning});
        rig.expect("XFER-QUICK-1-a", words + "HEADs: none is repeated at once",
                   count_of(rig, "HEAD", path_of(statuses[i])), {std::uint64_t{1}});
    }
}

// Each of them is repeated at once, and the second GET brings the file.
void each_get_is_repeated(Rig& rig, const std::vector<int>& statuses, const std::string& clause) {
    unsigned number = 0;
    for (const int status : statuses) {
        const Download download = start_for(rig, status, ++number);
        expect_complete(rig, clause, download.group);
        expect_file(rig, clause, std::to_string(status), resource(path_of(status), 3'000));
        rig.expect("XFER-QUICK-1-a", "GETs with " + std::to_string(status) + " before",
                   count_of(rig, "GET", path_of(status)), {std::uint64_t{2}});
        rig.expect(clause, "HEADs with " + std::to_string(status) + " before",
                   count_of(rig, "HEAD", path_of(status)), {std::uint64_t{1}});
    }
    rig.expect_true("XFER-QUICK-1-a", "all that long before one retry delay was over",
                    rig.elapsed() < kNever);
}

// ---- no answer
// -----------------------------------------------------------------------------------

void no_answer_to_head_waits(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-STATUS-1-a", "the first HEAD is there",
                   [&] { return !rig.requests().empty(); });
    expect_quiet(rig, "XFER-STATUS-1-a", download.group);
    rig.expect("XFER-QUICK-1-a", "HEADs: none is repeated at once", count_of(rig, "HEAD", "/a"),
               {std::uint64_t{1}});
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_done(rig, "XFER-STATUS-1-a", download.group);
}

void no_answer_to_get_is_repeated(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-STATUS-1-a", download.group);
    rig.expect("XFER-QUICK-1-a", "requests", request_log(rig),
               {std::vector<std::string>{"HEAD /a", "GET /a", "GET /a"},
                {"HEAD /a", "GET /a bytes=0-99999", "GET /a bytes=0-99999"}});
    rig.expect_true("XFER-QUICK-1-a", "long before the retry delay was over",
                    rig.elapsed() < kNever);
}

void no_connection_waits(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-STATUS-1-a", "somebody knocked",
                   [&] { return !rig.hits().empty() && rig.hits().front().hits > 0; });
    rig.let_pass(Duration(1'000));  // who tries again at once has done so, on a busy machine too
    expect_status(rig, "XFER-STATUS-1-a", "the group waits", download.group, {kRunning});
    rig.expect<std::uint64_t>("XFER-STATUS-1-a", "requests", rig.requests().size(), {0U});
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_done(rig, "XFER-STATUS-1-a", download.group);
}

Case silent_head(const std::string& id, const std::string& title, Fault fault) {
    return {"http_statuses.head_" + id,
            {"XFER-STATUS-1-a", "XFER-QUICK-1-a"},
            title,
            {},
            with_delay(serving({resource()}, {on_head("no answer", std::move(fault), 1)}), kNever),
            no_answer_to_head_waits};
}

Case silent_get(const std::string& id, const std::string& title, Fault fault) {
    return {"http_statuses.get_" + id,
            {"XFER-STATUS-1-a", "XFER-QUICK-1-a"},
            title,
            {},
            with_delay(serving({resource()}, {on_get("no answer", std::move(fault), 1)}), kNever),
            no_answer_to_get_is_repeated};
}

// The codes of what is no status: they show when the no-progress time is 0.
void the_code_is(Rig& rig, std::uint32_t code) {
    const Download download = start(rig, {{"/a", "a"}});
    if (!expect_failure(rig, "XFER-NOPROG-1-b", download, code)) return;
    rig.expect("JOB1-STATUS-4-b", "the transport result of a failure without an answer",
               job_status(rig, download.job).transport_result, {0U});
}

// A host that nobody knows.
void a_name_that_nobody_knows(Rig& rig, bool at_once) {
    const GroupHandle group = create_group(rig);
    const Download download{group, create_job(rig, group)};
    rig.call(call::AddFiles{download.job, {{"http://nobody.invalid/a", rig.local("a"), 0}}});
    rig.call(call::ResumeGroup{group});
    if (at_once) {
        expect_failure(rig, "ERR-CLS-09", download, 0x80072EE7U);
        return;
    }
    rig.let_pass(std::chrono::hours(24));
    expect_status(rig, "OBS-083", "after a day of tries it still waits", group, {kRunning});
}

Case code_case(const std::string& id, const std::string& title, FaultRule rule,
               std::uint32_t code) {
    Setting at_once = serving({resource()}, {std::move(rule)});
    at_once.policy.no_progress_timeout = Duration(0);
    return {"http_statuses.code_" + id,
            {"XFER-NOPROG-1", "JOB1-STATUS-4-b"},
            title,
            {"policy"},
            at_once,
            [code](Rig& rig) { the_code_is(rig, code); }};
}

std::vector<Case> unknown_names() {
    Setting at_once = serving({});
    at_once.policy.no_progress_timeout = Duration(0);
    // A rig in real time would ask the name servers of the world.
    return {
        {"http_statuses.no_name",
         {"ERR-CLS-09", "OBS-083"},
         "A host name that nobody knows is waited for",
         {"virtual_time"},
         with_defaults(serving({})),
         [](Rig& rig) { a_name_that_nobody_knows(rig, false); }},
        {"http_statuses.code_no_name",
         {"ERR-CLS-09"},
         "A host name that nobody knows has a code of its own",
         {"virtual_time"},
         at_once,
         [](Rig& rig) { a_name_that_nobody_knows(rig, true); }},
    };
}

std::vector<Case> answered() {
    const std::vector<int> late = {429};
    const std::vector<int> refused = {401, 403, 404, 405, 407, 501};
    const std::vector<int> conditions = {412, 416};
    std::vector<Case> cases = {
        {"http_statuses.head_final",
         {"XFER-STATUS-1-a", "ERR-CLS-18", "OBS-065", "OPEN-20", "OBS-134"},
         "A HEAD answered with a status that nothing else is known of is an error at once",
         {},
         a_file_each(kFinal, "HEAD", std::nullopt),
         [](Rig& rig) { each_is_final(rig, kFinal, "HEAD"); }},
        {"http_statuses.head_conditions",
         {"XFER-STATUS-1-a", "ERR-CLS-18"},
         "A HEAD answered 412 or 416, which it cannot have asked for, is an error",
         {},
         a_file_each(conditions, "HEAD", std::nullopt),
         [conditions](Rig& rig) { each_is_final(rig, conditions, "HEAD"); }},
        {"http_statuses.get_final",
         {"XFER-STATUS-1-a", "ERR-CLS-18", "OBS-065", "OPEN-20", "OBS-134"},
         "A GET answered with a status that nothing else is known of is an error at once",
         {},
         a_file_each(kFinal, "GET", std::nullopt),
         [](Rig& rig) { each_is_final(rig, kFinal, "GET"); }},
        {"http_statuses.get_refused",
         {"XFER-STATUS-1-a", "ERR-CLS-03", "ERR-CLS-04", "OBS-079"},
         "A GET that is refused after a good HEAD is an error at once",
         {},
         a_file_each(refused, "GET", std::nullopt),
         [refused](Rig& rig) { each_is_final(rig, refused, "GET"); }},
        {"http_statuses.head_transient",
         {"XFER-STATUS-1-a", "XFER-QUICK-1-a", "ERR-CLS-18", "OPEN-20", "OBS-134", "OBS-082",
          "OBS-095", "CON-05", "OBS-051"},
         "A HEAD answered 408, 409 or 5xx but 501 and 505 is waited out and not repeated at once",
         {},
         a_file_each(kTransient, "HEAD", 1),
         [](Rig& rig) { each_head_waits(rig, kTransient, "XFER-STATUS-1-a"); }},
        {"http_statuses.get_transient",
         {"XFER-STATUS-1-a", "XFER-QUICK-1-a", "ERR-CLS-18", "OPEN-20", "OBS-134"},
         "A GET answered 408, 409 or 5xx but 501 and 505 is repeated at once",
         {},
         a_file_each(kTransient, "GET", 1),
         [](Rig& rig) { each_get_is_repeated(rig, kTransient, "XFER-STATUS-1-a"); }},
    };
    cases.push_back({"http_statuses.head_429",
                     {"XFER-STATUS-1-b"},
                     "A HEAD answered 429 is waited out",
                     {},
                     a_file_each(late, "HEAD", 1),
                     [late](Rig& rig) { each_head_waits(rig, late, "XFER-STATUS-1-b"); }});
    cases.push_back({"http_statuses.get_429",
                     {"XFER-STATUS-1-b"},
                     "A GET answered 429 is repeated",
                     {},
                     a_file_each(late, "GET", 1),
                     [late](Rig& rig) { each_get_is_repeated(rig, late, "XFER-STATUS-1-b"); }});
    return cases;
}

std::vector<Case> unanswered() {
    FaultRule knock;
    knock.name = "knock";
    knock.match.connection = 1;
    knock.faults = {fault(Effect::Close)};
    knock.faults[0].at.where = fakeserver::Where::Accept;
    Fault garbage = by_bytes(Effect::GarbageHead, 200);
    Case timeout = code_case("timeout", "A server that never answers is a time-out",
                             on_head("silence", in_head(Effect::Stall), std::nullopt), 0x80072EE2U);
    timeout.setting.policy.stall_timeout = Duration(100);
    return {
        {"http_statuses.no_connection",
         {"XFER-STATUS-1-a", "SVC-TR-03", "ERR-CLS-01"},
         "A server that hangs up before a request could be sent is waited for",
         {},
         with_delay(serving({resource()}, {knock}), kNever),
         no_connection_waits},
        silent_head("closed", "A HEAD whose connection is closed without an answer is transient",
                    in_head(Effect::Close)),
        silent_head("reset", "A HEAD whose connection is reset is transient",
                    in_head(Effect::Reset)),
        silent_head("cut", "A HEAD whose answer is cut in its head is transient",
                    in_head(Effect::Close, 30)),
        also(silent_head("garbage", "A HEAD answered with garbage is transient", garbage),
             {"ERR-CLS-10"}),
        silent_head("bad_status", "A HEAD answered with a status of letters is transient",
                    fault(Effect::BadStatus)),
        silent_get("closed", "A GET whose connection is closed without an answer is repeated",
                   in_head(Effect::Close)),
        silent_get("cut", "A GET whose answer is cut in its head is repeated",
                   in_head(Effect::Close, 30)),
        silent_get("garbage", "A GET answered with garbage is repeated", garbage),
        also(silent_get("no_byte", "A GET whose body ends before its first byte is repeated",
                        fault(Effect::Close)),
             {"OBS-129"}),
        timeout,
        code_case("interrupted", "A connection that is reset is an aborted one",
                  on_get("reset", in_head(Effect::Reset), std::nullopt), 0x80072EFEU),
        also(code_case("garbage", "An answer that nobody can read is an invalid one",
                       on_head("garbage", garbage, std::nullopt), 0x80072F78U),
             {"ERR-CLS-10"}),
        code_case("short", "A body that ends early is an aborted connection",
                  on_get("short", fault(Effect::Close), std::nullopt), 0x80072EFEU),
    };
}

}  // namespace

std::vector<Case> http_statuses_cases() {
    return joined({answered(), unanswered(), unknown_names()});
}

}  // namespace qmgr::conformance
