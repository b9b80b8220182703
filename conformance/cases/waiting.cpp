// How long a group waits between attempts, how often one is repeated at once, and when waiting
// ends.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;
using fakeserver::Fault;
using fakeserver::FaultRule;

constexpr auto kDay = std::chrono::hours(24);

// ---- repeats at once
// -----------------------------------------------------------------------------

// GETs of "/a" so far, once no more of them come. They came at once if nothing more comes for
// longer than they took together: not even a delay shorter than the one that was asked for lies
// between them.
void expect_gets(Rig& rig, const std::string& clause, const std::string& what,
                 std::uint64_t number) {
    const Duration begin = rig.elapsed();
    rig.eventually(clause, what, [&] { return count_of(rig, "GET", "/a") >= number; });
    const std::size_t before = rig.requests().size();
    rig.let_pass(rig.elapsed() - begin + kWhile);
    rig.expect(clause, what, count_of(rig, "GET", "/a"), {number});
    rig.expect("XFER-WAIT-1-a", "requests for longer than it took until then",
               rig.requests().size() - before, {std::size_t{0}});
    rig.expect_true(clause, "that is long before a retry delay was over", rig.elapsed() < kNever);
}

void repeats_of_a_status_are_three(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_gets(rig, "XFER-QUICK-1-a", "GETs before the retry delay is waited", 4);
    expect_status(rig, "GROUP-STATUS-4", "then it waits", download.group, {kRunning});
}

void a_part_of_a_whole_file_is_not_taken(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_gets(rig, "XFER-RANGE-2-a", "GETs before the retry delay is waited", 4);
    expect_status(rig, "OBS-125", "it goes on trying", download.group, {kRunning});
    rig.expect("XFER-RANGE-2-a", "bytes taken of it", size_done(rig, download.group), {0U});
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_done(rig, "OBS-125", download.group);
}

void a_get_without_a_length(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "XFER-SIZE-1-b", download, 0x80200011U);
    rig.expect("XFER-SIZE-1-b", "GETs: the first and three repeats", count_of(rig, "GET", "/a"),
               {std::uint64_t{4}});
}

void a_length_that_comes_at_last_is_taken(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-SIZE-1-b", download.group);
    rig.expect("XFER-SIZE-1-b", "GETs", count_of(rig, "GET", "/a"), {std::uint64_t{4}});
}

void repeats_are_not_given_back(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_gets(rig, "XFER-QUICK-1-a", "GETs before the retry delay is waited", 4);
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    reach(rig, "XFER-GET-4", download.group, 10'000);
    expect_gets(rig, "XFER-QUICK-1-b", "one more GET: ResumeGroup gives no repeat back", 5);
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_gets(rig, "XFER-QUICK-1-b", "one more GET: bytes give no repeat back", 6);
    rig.expect("XFER-GET-4", "it asks for what is missing", last_range(rig, "/a"),
               {std::string("bytes=10000-99999")});
}

void with_bytes_it_is_no_repeat(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-QUICK-1-a", download.group, 10'000);
    expect_quiet(rig, "XFER-QUICK-1-a", download.group);
    rig.expect("OBS-100", "its bytes are still counted", size_done(rig, download.group), {10'000U});
    rig.expect("XFER-QUICK-1-a", "GETs: one that brought bytes is not repeated at once",
               count_of(rig, "GET", "/a"), {std::uint64_t{1}});
}

void repeats_are_counted_over_files(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    expect_gets(rig, "XFER-QUICK-1-a", "GETs of the second file: one repeat was left", 2);
    rig.expect("XFER-QUICK-1-a", "GETs of the first file: two repeats", count_of(rig, "GET", "/b"),
               {std::uint64_t{3}});
    expect_status(rig, "GROUP-STATUS-4", "then it waits", download.group, {kRunning});
}

void repeats_are_made_without_progress_time(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-QUICK-1-b", download.group);
    rig.expect("XFER-QUICK-1-b", "GETs", count_of(rig, "GET", "/a"), {std::uint64_t{4}});
}

void after_the_repeats_it_is_the_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "SVC-TMR-03", download, 0x801901F7U);
    rig.expect("XFER-NOPROG-1-a", "GETs: the first and its three repeats",
               count_of(rig, "GET", "/a"), {std::uint64_t{4}});
}

std::vector<Case> repeats() {
    const auto always = [](Fault fault) {
        return with_delay(serving({resource()}, {on_get("fails", std::move(fault), std::nullopt)}),
                          kNever);
    };
    const auto thrice = [](Fault fault) {
        return with_delay(serving({resource()}, {on_get("fails", std::move(fault), 3)}), kNever);
    };
    const Fault part = respond(206, {{"Content-Range", "bytes 0-9/100000"}}, "0123456789");
    return {
        {"waiting.repeats_of_a_status",
         {"XFER-QUICK-1-a", "XFER-STATUS-1-a", "GROUP-STATUS-4", "OBS-095"},
         "A GET that is answered 503 is repeated at once three times, then waits",
         {},
         always(respond(503)),
         repeats_of_a_status_are_three},
        {"waiting.part_of_whole",
         {"XFER-RANGE-2-a", "OBS-125", "XFER-QUICK-1-a", "HTTP-14", "OPEN-21"},
         "A part in answer to a GET for the whole file is not taken, and the group goes on trying",
         {},
         with_delay(serving({resource()}, {on_get("part", part, 4)}), kNever),
         a_part_of_a_whole_file_is_not_taken},
        {"waiting.get_without_length",
         {"XFER-SIZE-1-b", "XFER-QUICK-1-a"},
         "A GET without a length is repeated three times, then an error",
         {},
         always(fault(Effect::OmitLength)),
         a_get_without_a_length},
        {"waiting.length_at_last",
         {"XFER-SIZE-1-b", "XFER-QUICK-1-a"},
         "A length that comes with the third repeat is good enough",
         {},
         thrice(fault(Effect::OmitLength)),
         a_length_that_comes_at_last_is_taken},
    };
}

std::vector<Case> counted_repeats() {
    Setting at_once = serving({resource()}, {on_get("fails", respond(503), 3)});
    at_once.policy.no_progress_timeout = Duration(0);
    Setting over = serving({resource()}, {on_get("fails", respond(503), std::nullopt)});
    over.policy.no_progress_timeout = Duration(0);
    return {
        {"waiting.repeats_not_given_back",
         {"XFER-QUICK-1", "XFER-GET-4"},
         "Neither ResumeGroup nor stored bytes give repeats back",
         {},
         with_delay(serving({resource()}, {on_get("first", respond(503), 4),
                                           on_get("bytes", fault(Effect::Reset, 10'000), 1),
                                           on_get("later", respond(503), std::nullopt)}),
                    kNever),
         repeats_are_not_given_back},
        {"waiting.bytes_are_no_repeat",
         {"XFER-QUICK-1-a", "XFER-WAIT-1-a", "OBS-100"},
         "An attempt that brought bytes waits for the retry delay",
         {},
         with_delay(serving({resource()}, {on_get("reset", fault(Effect::Reset, 10'000), 1)}),
                    kNever),
         with_bytes_it_is_no_repeat},
        {"waiting.repeats_over_files",
         {"XFER-QUICK-1-a"},
         "The files of a job share its three repeats",
         {},
         with_delay(serving({resource(), resource("/b", 2'000)},
                            {on_request("GET", "/b", "first file", {respond(503)}, 2),
                             on_get("second file", respond(503), std::nullopt)}),
                    kNever),
         repeats_are_counted_over_files},
        {"waiting.repeats_without_progress_time",
         {"XFER-QUICK-1-b"},
         "Repeats are made also when the no-progress time is 0",
         {"policy"},
         at_once,
         repeats_are_made_without_progress_time},
        {"waiting.no_progress_zero_get",
         {"SVC-TMR-03", "XFER-NOPROG-1"},
         "With a no-progress time of 0 the first failure that is not repeated is the error",
         {"policy"},
         over,
         after_the_repeats_it_is_the_error},
    };
}

// ---- the delay
// -----------------------------------------------------------------------------------

// How long it takes until the next HEAD for that path.
std::int64_t seconds_to_next_head(Rig& rig, const std::string& clause, const std::string& path) {
    const std::uint64_t before = count_of(rig, "HEAD", path);
    const Duration from = rig.elapsed();
    rig.eventually(clause, "it is tried again",
                   [&] { return count_of(rig, "HEAD", path) > before; });
    return std::chrono::duration_cast<std::chrono::seconds>(rig.elapsed() - from).count();
}

void the_delay_is_constant(Rig& rig) {
    start(rig, {{"/a", "a"}});
    rig.eventually("XFER-WAIT-1-a", "the first HEAD", [&] { return !rig.requests().empty(); });
    for (int attempt = 1; attempt <= 12; ++attempt)
        rig.expect<std::int64_t>("SVC-TMR-01",
                                 "seconds before attempt " + std::to_string(attempt + 1),
                                 seconds_to_next_head(rig, "XFER-WAIT-1-a", "/a"), {600, 599});
}

void the_delay_counts_from_the_end(Rig& rig) {
    start(rig, {{"/a", "a"}});
    rig.eventually("XFER-WAIT-1-a", "the first HEAD", [&] { return !rig.requests().empty(); });
    // The server is silent: 30 s until it is given up, and then 600 s.
    rig.expect<std::int64_t>("XFER-WAIT-1-a", "seconds between HEADs",
                             seconds_to_next_head(rig, "XFER-WAIT-1-a", "/a"), {630, 629});
}

struct Asked {
    std::string path;
    std::string retry_after;
    std::int64_t seconds;
};
// The clock of a system in virtual time shows 2020-01-01 00:00:00 UTC when a case begins.
const std::vector<Asked> kAsked = {
    {"/below", "60", 600},
    {"/above", "3600", 3'600},
    {"/day", "86400", 86'400},
    {"/beyond", "172800", 86'400},
    {"/huge", "99999999999999999999", 86'400},
    {"/nonsense", "soon", 600},
    {"/past", "Tue, 31 Dec 2019 23:00:00 GMT", 600},
    {"/date", "Sat, 01 Feb 2020 00:00:00 GMT", 86'400},
};

void retry_after_is_kept(Rig& rig) {
    unsigned number = 0;
    for (const Asked& asked : kAsked) {
        const Download download = start(rig, {{asked.path, asked.path.substr(1)}}, ++number);
        rig.eventually("XFER-WAIT-1-b", "the first HEAD",
                       [&] { return count_of(rig, "HEAD", asked.path) == 1; });
        rig.expect<std::int64_t>("XFER-WAIT-1-b",
                                 "seconds waited after Retry-After: " + asked.retry_after,
                                 seconds_to_next_head(rig, "XFER-WAIT-1-b", asked.path),
                                 {asked.seconds, asked.seconds - 1});
        expect_complete(rig, "XFER-WAIT-1-b", download.group);
    }
}

void retry_after_as_a_date(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-WAIT-1-b", "the first HEAD", [&] { return !rig.requests().empty(); });
    // Seven o'clock, less what the HEAD took.
    rig.expect<std::int64_t>("XFER-WAIT-1-b", "seconds waited until that date",
                             seconds_to_next_head(rig, "XFER-WAIT-1-b", "/a"), {25'200, 25'199});
    expect_complete(rig, "XFER-WAIT-1-b", download.group);
}

void retry_after_is_a_lower_bound(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-WAIT-1-b", "the first HEAD", [&] { return !rig.requests().empty(); });
    expect_quiet(rig, "XFER-WAIT-1-b", download.group);
    rig.expect("XFER-WAIT-1-b", "HEADs: the retry delay of 50 ms was not enough",
               count_of(rig, "HEAD", "/a"), {std::uint64_t{1}});
}

void retry_after_of_a_get(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-WAIT-1-b", "the GET and its repeats",
                   [&] { return count_of(rig, "GET", "/a") >= 4; });
    expect_quiet(rig, "XFER-WAIT-1-b", download.group);
}

void resume_does_not_wait_for_retry_after(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-RESUME-5", "the first HEAD", [&] { return !rig.requests().empty(); });
    rig.let_pass(Duration(30));
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_done(rig, "GROUP-RESUME-5", download.group);
}

Setting asking_for_time() {
    std::vector<fakeserver::Resource> files;
    std::vector<FaultRule> rules;
    for (const Asked& asked : kAsked) {
        files.push_back(resource(asked.path, 1'000));
        rules.push_back(on_request("HEAD", asked.path, asked.path.substr(1),
                                   {respond(503, {{"Retry-After", asked.retry_after}})}, 1));
    }
    return with_defaults(serving(std::move(files), std::move(rules)));
}

std::vector<Case> delays() {
    const auto busy_until = [](const std::string& when, bool get) {
        Fault busy = respond(503, {{"Retry-After", when}});
        return serving({resource()},
                       {get ? on_get("busy", busy, std::nullopt) : on_head("busy", busy, 1)});
    };
    return {
        {"waiting.default_delay",
         {"SVC-TMR-01", "XFER-WAIT-1-a", "OBS-061", "OBS-093", "OPEN-13"},
         "The retry delay is ten minutes and does not grow",
         {"virtual_time"},
         with_defaults(serving({resource()}, {on_head("busy", respond(503), std::nullopt)})),
         the_delay_is_constant},
        {"waiting.delay_from_the_end",
         {"XFER-WAIT-1-a", "XFER-STATUS-1-a", "OPEN-13"},
         "A silent server is given up after half a minute, and the delay counts from there",
         {"virtual_time"},
         with_defaults(
             serving({resource()}, {on_head("silence", in_head(Effect::Stall), std::nullopt)})),
         the_delay_counts_from_the_end},
        {"waiting.retry_after_values",
         {"XFER-WAIT-1-b"},
         "Retry-After is a lower bound of the delay, believed up to one day",
         {"virtual_time"},
         asking_for_time(),
         retry_after_is_kept},
        {"waiting.retry_after_date",
         {"XFER-WAIT-1-b"},
         "Retry-After may be a date",
         {"virtual_time"},
         with_defaults(serving({resource()}, {on_head("busy",
                                                      respond(503, {{"Retry-After",
                                                                     "Wed, 01 Jan 2020 07:00:00 "
                                                                     "GMT"}}),
                                                      1)})),
         retry_after_as_a_date},
        {"waiting.retry_after",
         {"XFER-WAIT-1-b", "OPEN-13"},
         "An attempt that the server wants later than the retry delay comes later",
         {},
         busy_until("3600", false),
         retry_after_is_a_lower_bound},
        {"waiting.retry_after_far_date",
         {"XFER-WAIT-1-b"},
         "An attempt that the server wants at a date does not come before",
         {},
         busy_until("Fri, 31 Dec 2100 23:59:59 GMT", false),
         retry_after_is_a_lower_bound},
        {"waiting.retry_after_get",
         {"XFER-WAIT-1-b", "XFER-QUICK-1-a"},
         "Retry-After of a GET holds when its repeats are used up",
         {},
         busy_until("3600", true),
         retry_after_of_a_get},
        {"waiting.retry_after_resume",
         {"GROUP-RESUME-5", "JOB-RESUME-04"},
         "ResumeGroup does not wait for what Retry-After asks for",
         {},
         busy_until("3600", false),
         resume_does_not_wait_for_retry_after},
    };
}

// ---- the no-progress time
// ------------------------------------------------------------------------

void two_weeks_of_attempts(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "SVC-TMR-02", download, 0x801901F7U);
    rig.expect_true("SVC-TMR-02", "fourteen days have passed", rig.elapsed() >= 14 * kDay);
    rig.expect_true("SVC-TMR-02", "and hardly more",
                    rig.elapsed() <= 14 * kDay + std::chrono::minutes(10));
    rig.expect("XFER-WAIT-1-a", "attempts, one in ten minutes", count_of(rig, "HEAD", "/a"),
               {std::uint64_t{2'016}, std::uint64_t{2'017}});
    rig.expect<std::uint64_t>("PRG-14", "each of them is counted, and nothing else",
                              job_status(rig, download.job).retries, {count_of(rig, "HEAD", "/a")});
}

void resume_begins_it_anew(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.let_pass(13 * kDay);
    rig.call(call::ResumeGroup{download.group});
    rig.let_pass(13 * kDay);
    expect_status(rig, "XFER-NOPROG-1-a", "26 days after the first failure, 13 after ResumeGroup",
                  download.group, {kRunning});
    rig.let_pass(2 * kDay);
    expect_status(rig, "XFER-NOPROG-1-a", "15 days after ResumeGroup", download.group,
                  {kError, kErrorLenient});
}

void a_restart_does_not_begin_it_anew(Rig& rig) {
    start(rig, {{"/a", "a"}});
    rig.let_pass(13 * kDay);
    rig.restart();
    const Download fresh = find_again(rig);
    expect_status(rig, "XFER-NOPROG-1-a", "after 13 days", fresh.group, {kRunning});
    rig.let_pass(2 * kDay);
    expect_status(rig, "XFER-NOPROG-1-a", "after 15 days, with a restart between them", fresh.group,
                  {kError, kErrorLenient});
}

void bytes_begin_it_anew(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-NOPROG-1-a", download.group);
    rig.expect("XFER-GET-4", "GETs", count_of(rig, "GET", "/a"), {std::uint64_t{8}});
}

void the_delay_is_longer_than_the_time(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "SVC-TR-13", download, 0x801901F7U);
    rig.expect("SVC-TR-13", "HEADs: none after the delay", count_of(rig, "HEAD", "/a"),
               {std::uint64_t{1}});
    rig.expect_true("SVC-TR-13", "long before the retry delay was over", rig.elapsed() < kNever);
}

void zero_does_no_harm(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "OBS-054", download.group);
    rig.expect("OBS-054", "GETs", count_of(rig, "GET", "/a"), {std::uint64_t{1}});
}

void ten_seconds(Rig& rig) {
    start(rig, {{"/a", "a"}});
    rig.eventually("XFER-WAIT-1-a", "the first HEAD", [&] { return !rig.requests().empty(); });
    for (int attempt = 1; attempt <= 3; ++attempt)
        rig.expect<std::int64_t>("OBS-094", "seconds before attempt " + std::to_string(attempt + 1),
                                 seconds_to_next_head(rig, "OBS-094", "/a"), {10, 9});
}

void an_error_that_was_resumed_has_its_time(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-NOPROG-1-a", download.group);
    const std::uint64_t before = count_of(rig, "HEAD", "/a");
    rig.call(call::ResumeGroup{download.group});
    expect_error(rig, "XFER-NOPROG-1-a", download.group);
    rig.expect_true("XFER-NOPROG-1-a", "it was tried more than once again",
                    count_of(rig, "HEAD", "/a") >= before + 2);
}

std::vector<Case> no_progress() {
    const auto busy = on_head("busy", respond(503), std::nullopt);
    Setting trickling =
        serving({resource()}, {on_get("reset", fault(Effect::Reset, 13'000), std::nullopt)});
    // Seven waits are longer than the time, and each of them is so much shorter that a service that
    // is held up is in time.
    trickling.policy.retry_delay = Duration(300);
    trickling.policy.no_progress_timeout = Duration(1'800);
    Setting hasty = with_delay(serving({resource()}, {busy}), kNever);
    hasty.policy.no_progress_timeout = Duration(60);
    Fault slow = fault(Effect::Bandwidth);
    slow.bytes_per_second = 500'000;
    Setting strict = serving({resource()}, {on_get("slow", slow, std::nullopt)});
    strict.policy.no_progress_timeout = Duration(0);
    Setting twice = serving({resource()}, {busy});
    twice.policy.no_progress_timeout = Duration(2'000);  // many times the retry delay
    return {
        {"waiting.fourteen_days",
         {"SVC-TMR-02", "XFER-NOPROG-1", "XFER-WAIT-1-a", "SVC-TR-12", "OBS-061", "PRG-14"},
         "After two weeks without progress and 2,016 attempts the last failure is the error",
         {"virtual_time"},
         with_defaults(serving({resource()}, {busy})),
         two_weeks_of_attempts},
        {"waiting.fourteen_days_resume",
         {"XFER-NOPROG-1-a", "GROUP-RESUME-5", "OPEN-14"},
         "ResumeGroup of a waiting group begins the two weeks anew",
         {"virtual_time"},
         with_defaults(serving({resource()}, {busy})),
         resume_begins_it_anew},
        {"waiting.fourteen_days_restart",
         {"XFER-NOPROG-1-a", "SVC-TMR-02"},
         "A restart of the service does not begin the two weeks anew",
         {"virtual_time"},
         with_defaults(serving({resource()}, {busy})),
         a_restart_does_not_begin_it_anew},
        {"waiting.delay_longer",
         {"SVC-TR-13", "XFER-NOPROG-1-a"},
         "A retry delay that is longer than the no-progress time is not waited for",
         {"policy"},
         hasty,
         the_delay_is_longer_than_the_time},
        {"waiting.zero_no_harm",
         {"OBS-054"},
         "A no-progress time of 0 does not harm a slow transfer",
         {"policy"},
         strict,
         zero_does_no_harm},
        {"waiting.shorter_delay",
         {"OBS-094", "XFER-WAIT-1-a"},
         "A retry delay of ten seconds is kept as exactly",
         {"virtual_time"},
         with_delay(serving({resource()}, {busy}), std::chrono::seconds(10)),
         ten_seconds},
        {"waiting.progress_begins_anew",
         {"SVC-TMR-02", "XFER-NOPROG-1-a", "XFER-GET-4", "OPEN-14"},
         "Each stored byte begins the no-progress time anew",
         {"policy"},
         trickling,
         bytes_begin_it_anew},
        {"waiting.error_resumed",
         {"XFER-NOPROG-1-a", "GROUP-RESUME-4"},
         "A group whose no-progress time was over has a new one after ResumeGroup",
         {"policy"},
         twice,
         an_error_that_was_resumed_has_its_time},
    };
}

}  // namespace

std::vector<Case> waiting_cases() {
    return joined({repeats(), counted_repeats(), delays(), no_progress()});
}

}  // namespace qmgr::conformance
