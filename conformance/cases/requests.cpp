// What requests look like under a policy: versions of BITS, pieces, rates.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

void complete(Rig& rig, bool foreground) {
    const Download download = prepare(rig, {{"/a", "a"}});
    if (foreground)
        expect_code(rig, "GROUP-FG-1", "SwitchToForeground answers",
                    call::SwitchGroupToForeground{download.group}, {HResult::Ok});
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    expect_complete(rig, "GROUP-STATUS-6-a", download.group);
    expect_file(rig, "XFER-GET-1", "a", resource());
}

void slices_touch(Rig& rig) {
    complete(rig, false);
    rig.expect("XFER-GET-1", "ranges without gap or overlap, the last size repeated", ranges(rig),
               {std::vector<std::string>{"bytes=0-6451", "bytes=6452-46451", "bytes=46452-86451",
                                         "bytes=86452-99999"}});
    for (const SeenRequest& seen : requests_of(rig, "GET"))
        rig.expect("XFER-GET-2", "If-Unmodified-Since of a piece",
                   header(seen, "if-unmodified-since"), {kDate});
}

void a_slice_that_failed_is_asked_for_again(Rig& rig) {
    complete(rig, false);
    const std::vector<std::string> asked = ranges(rig);
    if (!rig.expect_true("XFER-GET-4", "there was a second GET", asked.size() >= 2)) return;
    rig.expect("XFER-GET-4", "the byte after the last one stored is next", asked[1],
               {std::string("bytes=5000-11451")});
}

void the_rate_is_kept(Rig& rig) {
    const Duration before = rig.elapsed();
    complete(rig, false);
    rig.expect_true("XFER-GET-1", "100,000 bytes at 10,000 a second take nine seconds at least",
                    rig.elapsed() - before >= std::chrono::seconds(9));
    rig.expect_true("XFER-GET-1", "and eleven at most",
                    rig.elapsed() - before <= std::chrono::seconds(11));
    rig.expect<std::uint64_t>("XFER-GET-1", "closed ranges", ranges(rig).size(), {10});
}

void the_foreground_has_no_rate(Rig& rig) {
    const Duration before = rig.elapsed();
    complete(rig, true);
    rig.expect_true("XFER-FG-1", "no second passes", rig.elapsed() - before < Duration(1000));
    rig.expect("XFER-FG-1", "one GET for all of it", ranges(rig), {std::vector<std::string>{""}});
}

void a_large_foreground_file_comes_in_ranges(Rig& rig) {
    complete(rig, true);
    rig.expect(
        "HTTP-FG-02", "ranges", ranges(rig),
        {std::vector<std::string>{"bytes=0-39999", "bytes=40000-79999", "bytes=80000-99999"}});
}

void a_small_one_comes_whole(Rig& rig) {
    complete(rig, true);
    rig.expect("HTTP-FG-01", "ranges", ranges(rig), {std::vector<std::string>{""}});
}

void an_old_version_sends_no_condition(Rig& rig) {
    complete(rig, false);
    for (const SeenRequest& seen : rig.requests()) {
        rig.expect("XFER-GET-3-b", "User-Agent", header(seen, "user-agent"),
                   {std::string("Microsoft BITS/6.6")});
        rig.expect("XFER-GET-2", "If-Unmodified-Since", header(seen, "if-unmodified-since"),
                   {std::string()});
    }
}

void version_7_0_sends_it(Rig& rig) {
    complete(rig, false);
    const auto gets = requests_of(rig, "GET");
    if (!rig.expect_true("XFER-GET-3-b", "there was a GET", !gets.empty())) return;
    rig.expect("XFER-GET-3-b", "User-Agent", header(gets.front(), "user-agent"),
               {std::string("Microsoft BITS/7.0")});
    rig.expect("XFER-GET-2", "If-Unmodified-Since", header(gets.front(), "if-unmodified-since"),
               {kDate});
}

std::vector<Case> pieces() {
    Setting slices = serving({resource()});
    slices.policy.slice_bytes = {6452, 40'000};
    Setting broken =
        serving({resource()}, {on_get("reset", fault(fakeserver::Effect::Reset, 5'000), 1)});
    broken.policy.slice_bytes = {6452, 40'000};
    Setting slow = serving({resource()});
    slow.policy.background_rate = 10'000;
    Setting large = serving({resource()});
    large.policy.foreground_range_bytes = 40'000;
    Setting ranged = serving({resource()});
    ranged.policy.foreground_range_bytes = 100'001;
    return {
        {"requests.slices",
         {"XFER-GET-1", "XFER-GET-2", "HTTP-02", "HTTP-03", "OBS-126"},
         "Slice sizes make successive closed ranges without gap or overlap",
         {"policy"},
         slices,
         slices_touch},
        {"requests.broken_slice",
         {"XFER-GET-4"},
         "A slice that broke goes on at the byte after the last one stored",
         {"policy"},
         broken,
         a_slice_that_failed_is_asked_for_again},
        {"requests.rate",
         {"XFER-GET-1", "SVC-SCH-09", "GP-02"},
         "A background rate limit is kept",
         {"virtual_time"},
         slow,
         the_rate_is_kept},
        {"requests.foreground_rate",
         {"XFER-FG-1", "SVC-SCH-09", "GP-02"},
         "The background rate limit does not hold in the foreground",
         {"virtual_time"},
         slow,
         the_foreground_has_no_rate},
        {"requests.foreground_large",
         {"HTTP-FG-02", "XFER-FG-1"},
         "A foreground file of the limit or more is fetched in ranges",
         {"policy"},
         large,
         a_large_foreground_file_comes_in_ranges},
        {"requests.foreground_small",
         {"XFER-FG-1", "HTTP-FG-01"},
         "A foreground file below the limit is fetched without Range",
         {"policy"},
         ranged,
         a_small_one_comes_whole},
    };
}

std::vector<Case> versions() {
    Setting v66 = serving({resource()});
    v66.policy.wire = Wire::Bits66;
    Setting v70 = serving({resource()});
    v70.policy.wire = Wire::Bits70;
    return {
        {"requests.version_6_6",
         {"XFER-GET-2", "XFER-GET-3", "OBS-072"},
         "Version 6.6 names itself and sends no If-Unmodified-Since",
         {"policy"},
         v66,
         an_old_version_sends_no_condition},
        {"requests.version_7_0",
         {"XFER-GET-2", "XFER-GET-3", "OBS-072"},
         "Version 7.0 names itself and sends If-Unmodified-Since",
         {"policy"},
         v70,
         version_7_0_sends_it},
    };
}

// ---- headers
// -------------------------------------------------------------------------------------

// Interrupted once, so that there is a GET with a range, too.
std::vector<SeenRequest> all_kinds(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-GET-4", download.group, 40'000);
    interrupt(rig, download.group);
    expect_done(rig, "XFER-GET-4", download.group);
    return rig.requests();
}

void every_request_has_these_fields(Rig& rig) {
    const std::vector<SeenRequest> all = all_kinds(rig);
    rig.expect("XFER-HEAD-1", "requests: a HEAD and two GETs", all.size(), {std::size_t{3}});
    for (const SeenRequest& seen : all) {
        rig.expect("OBS-121", "Accept", header(seen, "accept"), {std::string("*/*")});
        rig.expect("OBS-121", "Accept-Encoding", header(seen, "accept-encoding"),
                   {std::string("identity")});
        rig.expect("XFER-GET-3-a", "Connection", header(seen, "connection"),
                   {std::string("Keep-Alive"), std::string("keep-alive")});
        rig.expect_true("XFER-GET-3-a", "a User-Agent", !header(seen, "user-agent").empty());
        rig.expect("OBS-073", "User-Agent", header(seen, "user-agent"),
                   {std::string("Microsoft BITS/7.8")});
        const auto expect_none = [&](const std::string& clause, const std::string& field) {
            rig.expect(clause, "no " + field, header(seen, field), {std::string()});
        };
        for (const char* field :
             {"accept-language", "referer", "if-none-match", "if-range", "if-match"})
            expect_none("OBS-121", field);
        expect_none("XFER-GET-2", "if-modified-since");
        for (const char* field : {"cookie", "pragma", "cache-control"})
            expect_none("OPEN-23", field);
        expect_none("AUTH-04", "authorization");
    }
}

void a_tag_is_never_sent_back(Rig& rig) {
    for (const SeenRequest& seen : all_kinds(rig))
        for (const fakeserver::Header& field : seen.request.headers)
            rig.expect("OBS-122", "the tag in " + field.name,
                       field.value.find("tag-1") != std::string::npos, {false});
}

void a_date_goes_back_as_it_came(Rig& rig) {
    for (const SeenRequest& seen : all_kinds(rig)) {
        const bool get = seen.request.method == "GET";
        rig.expect("XFER-GET-2", "If-Unmodified-Since of a " + seen.request.method,
                   header(seen, "if-unmodified-since"),
                   {get ? std::string("Wednesday, 04-Sep-24 02:15:41 GMT") : std::string()});
    }
}

void without_a_date_there_is_no_condition(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    fakeserver::Resource file = resource();
    expect_done(rig, "OBS-122", download.group, file);
    for (const SeenRequest& seen : rig.requests())
        for (const char* field : {"if-unmodified-since", "if-none-match", "if-match", "if-range"})
            rig.expect("OBS-122", std::string("no ") + field, header(seen, field), {std::string()});
}

void a_head_has_neither_range_nor_condition(Rig& rig) {
    // The second HEAD comes after bytes were stored of another file and this one has failed once.
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    rig.eventually("OBS-120", "both HEADs are there",
                   [&] { return requests_of(rig, "HEAD").size() >= 2; });
    interrupt(rig, download.group);
    expect_done(rig, "OBS-120", download.group);
    for (const SeenRequest& seen : requests_of(rig, "HEAD"))
        for (const char* field : {"range", "if-unmodified-since", "if-modified-since", "if-range",
                                  "if-match", "if-none-match"})
            rig.expect("OBS-120", std::string("no ") + field, header(seen, field), {std::string()});
    rig.expect("OBS-120", "requests", request_log(rig),
               {std::vector<std::string>{"HEAD /b", "GET /b", "HEAD /a", "HEAD /a", "GET /a"}});
}

void a_range_is_closed(Rig& rig) {
    std::uint64_t ranges = 0;
    for (const SeenRequest& seen : all_kinds(rig)) {
        const std::string range = header(seen, "range");
        if (range.empty()) continue;
        ++ranges;
        const std::size_t dash = range.find('-');
        rig.expect("OBS-123", range + " begins with the unit", range.substr(0, 6),
                   {std::string("bytes=")});
        rig.expect("OBS-123", range + " has a last byte", dash + 1 < range.size(), {true});
        rig.expect("OBS-123", range + " is one range", range.find(',') == std::string::npos,
                   {true});
        rig.expect("OBS-123", range + " ends with the file", range.substr(dash + 1),
                   {std::string("99999")});
    }
    rig.expect_true("OBS-123", "there was a range", ranges >= 1);
}

void the_whole_is_asked_for_whole(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}, {"/one", "one"}});
    expect_done(rig, "OBS-124", download.group);
    expect_file(rig, "OBS-124", "one", resource("/one", 1));
    rig.expect("OBS-124", "the range of the file", last_range(rig, "/a"), {std::string()});
    rig.expect("OBS-124", "the range of the file of one byte", last_range(rig, "/one"),
               {std::string()});
}

void the_agent_is_from_policy(Rig& rig) {
    for (const SeenRequest& seen : all_kinds(rig))
        rig.expect("XFER-GET-3-b", "User-Agent of a " + seen.request.method,
                   header(seen, "user-agent"), {std::string("Agent of the operator/1.0")});
}

void the_remote_name_is_asked_for(Rig& rig) {
    const Download download = start(rig, {{"/dir/file%20name?x=1&y=%2F", "a"}});
    expect_complete(rig, "XFER-HEAD-1", download.group);
    rig.expect("XFER-HEAD-1", "requests", request_log(rig),
               {std::vector<std::string>{"HEAD /dir/file%20name?x=1&y=%2F",
                                         "GET /dir/file%20name?x=1&y=%2F"}});
}

void it_need_not_exist_yet(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.let_pass(kWhile);
    rig.expect("OBS-012", "requests before ResumeGroup", rig.requests().size(), {std::size_t{0}});
    rig.serve(serving({resource()}).script);
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "OBS-012", download.group);
}

std::vector<Case> fields() {
    fakeserver::Resource tagged = resource();
    tagged.etag = "\"tag-1\"";
    fakeserver::Resource dated = resource();
    dated.last_modified = "Wednesday, 04-Sep-24 02:15:41 GMT";  // as servers once wrote it
    fakeserver::Resource undated = tagged;
    undated.last_modified.reset();
    fakeserver::Fault cookie = fault(fakeserver::Effect::AddHeaders);
    cookie.headers = {{"Set-Cookie", "session=1; Path=/"}};
    return {
        {"requests.fields",
         {"XFER-GET-3", "OBS-121", "OBS-073", "XFER-GET-2", "OBS-072", "OPEN-23", "AUTH-04"},
         "Every request has the fields of the captures and no other that tells something",
         {},
         serving({resource()}, {on_head("cookie", cookie, std::nullopt), stall_at(40'000)}),
         every_request_has_these_fields},
        {"requests.tag",
         {"OBS-122", "XFER-GET-2"},
         "An ETag is never sent back",
         {},
         serving({tagged}, {stall_at(40'000)}),
         a_tag_is_never_sent_back},
        {"requests.date",
         {"XFER-GET-2", "OBS-122"},
         "Last-Modified is sent back byte for byte, whatever its form",
         {},
         serving({dated}, {stall_at(40'000)}),
         a_date_goes_back_as_it_came},
        {"requests.no_date",
         {"OBS-122", "XFER-GET-2", "HTTP-07"},
         "Without a Last-Modified no condition is sent",
         {},
         serving({undated}),
         without_a_date_there_is_no_condition},
        {"requests.head",
         {"OBS-120", "XFER-HEAD-1"},
         "A HEAD has no range and no condition, also when it is sent again",
         {},
         with_delay(
             serving({resource(), resource("/b", 2'000)}, {on_head("busy", respond(503), 1)}),
             kNever),
         a_head_has_neither_range_nor_condition},
        {"requests.range",
         {"OBS-123", "XFER-GET-1"},
         "A range is closed, and one",
         {},
         serving({resource()}, {stall_at(40'000)}),
         a_range_is_closed},
    };
}

std::vector<Case> names() {
    Setting named = serving({resource()}, {stall_at(40'000)});
    named.policy.user_agent = "Agent of the operator/1.0";
    return {
        {"requests.whole",
         {"OBS-124", "XFER-GET-1"},
         "A whole file is asked for without a range, or by one that names all of it",
         {},
         serving({resource(), resource("/one", 1)}),
         the_whole_is_asked_for_whole},
        {"requests.agent",
         {"XFER-GET-3-b"},
         "The agent of the policy is sent",
         {"policy"},
         named,
         the_agent_is_from_policy},
        {"requests.remote_name",
         {"XFER-HEAD-1"},
         "Path and query of the remote name are asked for as they are",
         {},
         serving({resource("/dir/file%20name?x=1&y=%2F", 1'000)}),
         the_remote_name_is_asked_for},
        {"requests.not_yet",
         {"OBS-012", "JOB1-ADD-9"},
         "A file may be added before it exists on the server",
         {},
         serving({}),
         it_need_not_exist_yet},
    };
}

// ---- sizes and rates by default
// ------------------------------------------------------------------

void two_gigabytes(Rig& rig, std::uint64_t size, const std::vector<std::string>& expected) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.call(call::SwitchGroupToForeground{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "HTTP-FG-02", download.group);
    rig.expect("HTTP-FG-02", "ranges", ranges(rig), {expected});
    expect_file(rig, "XFER-FG-1", "a", resource("/a", size));
}

void groups_share_the_rate(Rig& rig) {
    const Duration before = rig.elapsed();
    const Download first = start(rig, {{"/a", "a"}}, 1);
    const Download second = start(rig, {{"/b", "b"}}, 2);
    expect_complete(rig, "XFER-GET-1", first.group);
    expect_complete(rig, "XFER-GET-1", second.group);
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(rig.elapsed() - before).count();
    rig.expect_true("XFER-GET-1", "200,000 bytes at 10,000 a second take 19 seconds at least",
                    seconds >= 19);
    rig.expect_true("XFER-GET-1", "and 21 at most", seconds <= 21);
}

void slices_of_an_undated_file(Rig& rig) {
    complete(rig, false);
    rig.expect("OPEN-19", "ranges: it comes whole", ranges(rig), {std::vector<std::string>{""}});
}

void an_interrupted_foreground_file(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.call(call::SwitchGroupToForeground{download.group});
    rig.call(call::ResumeGroup{download.group});
    reach(rig, "XFER-FG-1", download.group, 40'000);
    interrupt(rig, download.group);
    expect_done(rig, "XFER-FG-1", download.group);
    rig.expect("XFER-FG-1", "ranges", ranges(rig),
               {std::vector<std::string>{"", "bytes=40000-99999"}});
}

void without_range_support(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.call(call::SwitchGroupToForeground{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "HTTP-FG-01", download.group);
}

std::vector<Case> sizes() {
    constexpr std::uint64_t two = std::uint64_t{1} << 31U;
    Setting slow = serving({resource(), resource("/b")});
    slow.policy.background_rate = 10'000;
    fakeserver::Resource undated = resource();
    undated.last_modified.reset();
    Setting sliced = serving({undated});
    sliced.policy.slice_bytes = {6452, 40'000};
    fakeserver::Fault unable = fault(fakeserver::Effect::OmitHeader);
    unable.name = "Accept-Ranges";
    return {
        {"requests.foreground_below_two",
         {"XFER-FG-1", "HTTP-FG-01"},
         "A foreground file of a byte less than two gigabytes is fetched in one piece",
         {"virtual_time"},
         with_defaults(serving({resource("/a", two - 1)})),
         [](Rig& rig) { two_gigabytes(rig, two - 1, {""}); }},
        {"requests.foreground_above_two",
         {"HTTP-FG-02"},
         "A foreground file of more than two gigabytes is fetched in ranges of two",
         {"virtual_time"},
         with_defaults(serving({resource("/a", two + two / 2)})),
         [](Rig& rig) {
             two_gigabytes(rig, two + two / 2,
                           {"bytes=0-2147483647", "bytes=2147483648-3221225471"});
         }},
        {"requests.shared_rate",
         {"XFER-GET-1"},
         "All background groups together keep the rate limit",
         {"virtual_time"},
         slow,
         groups_share_the_rate},
        {"requests.undated_slices",
         {"OPEN-19", "XFER-GET-1"},
         "A file without a date is not fetched in pieces, which could be of two versions",
         {"policy"},
         sliced,
         slices_of_an_undated_file},
        {"requests.foreground_interrupted",
         {"XFER-FG-1", "XFER-GET-4"},
         "An interrupted foreground file is continued by a range",
         {},
         serving({resource()}, {stall_at(40'000)}),
         an_interrupted_foreground_file},
        {"requests.foreground_no_ranges",
         {"HTTP-FG-01"},
         "A foreground file needs no server with ranges",
         {},
         serving({resource()}, {on_get("unable", unable, std::nullopt)}),
         without_range_support},
    };
}

}  // namespace

std::vector<Case> requests_cases() {
    return joined({pieces(), versions(), fields(), names(), sizes()});
}

}  // namespace qmgr::conformance
