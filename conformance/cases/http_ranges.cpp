// What goes over the wire: HEAD, GET, ranges, validators, and a file that changes.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;
using fakeserver::Fault;

void the_first_requests(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-HEAD-1", download.group);
    const auto heads = requests_of(rig, "HEAD");
    const auto gets = requests_of(rig, "GET");
    rig.expect<std::uint64_t>("XFER-HEAD-1", "HEAD requests", heads.size(), {1U});
    rig.expect<std::uint64_t>("XFER-GET-1", "GET requests", gets.size(), {1U});
    const auto requests = rig.requests();
    rig.expect("XFER-HEAD-1", "the first request",
               requests.empty() ? std::string("none") : requests[0].request.method,
               {std::string("HEAD")});
    for (const SeenRequest& head : heads) {
        rig.expect("XFER-HEAD-1", "the HEAD's Range", header(head, "range"), {std::string()});
        rig.expect("XFER-GET-2", "the HEAD's If-Unmodified-Since",
                   header(head, "if-unmodified-since"), {std::string()});
    }
    for (const SeenRequest& get : gets) {
        rig.expect("XFER-GET-1", "the GET's Range", header(get, "range"),
                   {std::string(), std::string("bytes=0-99999")});
        rig.expect("XFER-GET-2", "the GET's If-Unmodified-Since",
                   header(get, "if-unmodified-since"), {kDate});
    }
    for (const SeenRequest& seen : requests) {
        rig.expect("XFER-GET-3-a", "Accept", header(seen, "accept"), {std::string("*/*")});
        rig.expect("XFER-GET-3-a", "Accept-Encoding", header(seen, "accept-encoding"),
                   {std::string("identity")});
        rig.expect("XFER-GET-3-b", "User-Agent", header(seen, "user-agent"),
                   {std::string("Microsoft BITS/7.8")});
        for (const char* other : {"if-range", "if-match", "if-none-match", "if-modified-since"})
            rig.expect("XFER-GET-2", std::string("another validator, ") + other,
                       header(seen, other), {std::string()});
    }
}

void a_broken_transfer_goes_on_at_the_next_byte(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-GET-4", download.group);
    expect_file(rig, "XFER-GET-4", "a", resource());
    const auto gets = requests_of(rig, "GET");
    rig.expect<std::uint64_t>("XFER-BODY-1", "GET requests", gets.size(), {2U});
    rig.expect<std::uint64_t>("XFER-HEAD-1", "HEAD requests", requests_of(rig, "HEAD").size(),
                              {1U});
    if (gets.size() < 2) return;
    rig.expect("XFER-GET-4", "the second GET's Range", header(gets[1], "range"),
               {std::string("bytes=40000-99999")});
    rig.expect("XFER-GET-2", "its If-Unmodified-Since", header(gets[1], "if-unmodified-since"),
               {kDate});
}

void without_a_date_it_starts_over(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-DATE-1", download.group);
    fakeserver::Resource undated = resource();
    expect_file(rig, "XFER-DATE-1", "a", undated);
    const auto gets = requests_of(rig, "GET");
    rig.expect<std::uint64_t>("XFER-DATE-1", "GET requests", gets.size(), {2U});
    if (gets.size() < 2) return;
    rig.expect("XFER-DATE-1", "the second GET's Range", range_of(rig, gets[1]), {std::string()});
    rig.expect("XFER-GET-2", "its If-Unmodified-Since", header(gets[1], "if-unmodified-since"),
               {std::string()});
}

void an_ignored_range_in_the_middle_is_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "XFER-RANGE-1-a", download, 0x80200013U);
    rig.expect("XFER-RANGE-1-a", "what was stored stays", size_done(rig, download.group),
               {40'000U});
}

void a_changed_file_starts_over(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-CHANGE-1-a", download.group);
    fakeserver::Resource changed = resource("/a", 70'000);
    changed.seed = 12;
    expect_file(rig, "XFER-CHANGE-1-a", "a", changed);
    rig.expect("XFER-CHANGE-1-a", "no error is counted", job_status(rig, download.job).retries,
               {0U});
}

std::uint64_t heads_before_the_first_get(Rig& rig, const std::string& path) {
    std::uint64_t heads = 0;
    for (const SeenRequest& seen : rig.requests()) {
        if (seen.request.path != path) continue;
        if (seen.request.method == "GET") break;
        ++heads;
    }
    return heads;
}

void a_change_between_head_and_get_starts_over_at_once(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    expect_complete(rig, "XFER-CHANGE-1-a", download.group);
    fakeserver::Resource changed = resource();
    changed.seed = 12;
    expect_file(rig, "XFER-CHANGE-1-a", "a", changed);
    std::uint64_t first = 0;
    for (const SeenRequest& seen : rig.requests())
        if (seen.request.path == "/b" && seen.request.method == "GET") ++first;
    rig.expect("XFER-CHANGE-2", "GETs of the file that was finished", first, {std::uint64_t{1}});
    // The date of the HEAD is what tells the change, and the answer that tells it has no file.
    rig.expect("XFER-HEAD-1", "HEADs of the changed file before its first GET",
               heads_before_the_first_get(rig, "/a"), {std::uint64_t{1}});
    rig.expect("XFER-CHANGE-1-a", "GETs of the changed file", count_of(rig, "GET", "/a"),
               {std::uint64_t{2}});
    rig.expect("XFER-CHANGE-1-a", "the Range of the second one: the whole file",
               last_range(rig, "/a"), {std::string()});
    rig.expect_true("XFER-CHANGE-1-a", "no retry delay was waited", rig.elapsed() < kNever);
    rig.expect("XFER-CHANGE-1-a", "failures counted", job_status(rig, download.job).retries, {0U});
}

// ---- parts that are not what was asked for
// -------------------------------------------------------

// Interrupted at 40,000 bytes; the part that comes then is a lie. Honestly served, it ends well.
void a_false_part_is_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-RANGE-2-b", download.group, 40'000);
    interrupt(rig, download.group);
    expect_failure(rig, "XFER-RANGE-2-b", download, 0x8020001BU);
    rig.expect("XFER-RANGE-2-b", "no byte of it is stored", size_done(rig, download.group),
               {40'000U});
    rig.expect("XFER-RANGE-2-b", "GETs: it is not tried again", count_of(rig, "GET", "/a"),
               {std::uint64_t{2}});
    rig.serve(serving({resource()}).script);
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "XFER-RANGE-2-b", download.group);
    rig.expect("XFER-GET-4", "the range asked for then", last_range(rig, "/a"),
               {std::string("bytes=40000-99999")});
}

void a_true_part_is_taken(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-GET-4", download.group, 40'000);
    interrupt(rig, download.group);
    expect_done(rig, "XFER-GET-4", download.group);
    rig.expect("XFER-GET-4", "GETs", count_of(rig, "GET", "/a"), {std::uint64_t{2}});
}

void a_shorter_part_is_taken_as_far_as_it_goes(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-GET-4", download.group, 40'000);
    interrupt(rig, download.group);
    expect_done(rig, "XFER-GET-4", download.group);
    rig.expect("XFER-GET-4", "the last GET's Range", last_range(rig, "/a"),
               {std::string("bytes=80000-99999")});
}

void a_whole_get_refused_as_a_range(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "XFER-RANGE-2-b", download, 0x8020001BU);
    rig.expect("XFER-RANGE-2-b", "GETs", count_of(rig, "GET", "/a"), {std::uint64_t{1}});
}

void an_ignored_range_is_mended_by_nobody(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-RANGE-1-a", download.group, 40'000);
    interrupt(rig, download.group);
    expect_failure(rig, "HTTP-05", download, 0x80200013U);
    rig.let_pass(kWhile);
    rig.expect("XFER-RANGE-1-a", "GETs: it is not tried again", count_of(rig, "GET", "/a"),
               {std::uint64_t{2}});
    rig.expect("XFER-RANGE-1-a", "what was stored stays", size_done(rig, download.group),
               {40'000U});
}

void an_ignored_range_from_zero_is_taken(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-RANGE-1-b", download.group);
    rig.expect("XFER-RANGE-1-b", "GETs", request_log(rig),
               {std::vector<std::string>{"HEAD /a", "GET /a bytes=0-6451"}});
}

void many_interruptions(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    std::vector<std::string> expected = {""};
    for (const std::uint32_t at : {13'000U, 26'000U, 39'000U, 52'000U, 65'000U, 78'000U, 91'000U}) {
        reach(rig, "XFER-GET-4", download.group, at);
        interrupt(rig, download.group);
        expected.push_back("bytes=" + std::to_string(at) + "-99999");
    }
    expect_done(rig, "XFER-GET-4", download.group);
    rig.expect("OBS-123", "ranges asked for", ranges(rig), {expected});
}

void the_last_byte(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-GET-4", download.group, 99'999);
    interrupt(rig, download.group);
    expect_done(rig, "XFER-GET-4", download.group);
    rig.expect("XFER-GET-4", "the last GET's Range", last_range(rig, "/a"),
               {std::string("bytes=99999-99999")});
}

void beyond_31_bits(Rig& rig) {
    const fakeserver::Resource huge = resource("/a", std::uint64_t{3} << 30U);
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "GROUP-PROG-1", download.group, 2'684'354'560U);
    rig.expect("GROUP-SIZE-1-a", "the group's size",
               value_of<value::Size>(rig.call(call::GetSize{download.group})).bytes,
               {3'221'225'472U});
    rig.expect("GROUP-PROG-2-b", "percent done",
               value_of<value::Progress>(
                   rig.call(call::GetGroupProgress{download.group, ProgressFlag::PercentDone}))
                   .amount,
               {83U});
    interrupt(rig, download.group);
    expect_done(rig, "XFER-GET-4", download.group, huge);
    rig.expect("XFER-GET-4", "the last GET's Range", last_range(rig, "/a"),
               {std::string("bytes=2684354560-3221225471")});
    rig.expect("GROUP-PROG-1", "bytes done in the end", size_done(rig, download.group),
               {3'221'225'472U});
}

void a_refused_head_learns_from_get(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-HEAD-2-b", download.group, 40'000);
    rig.expect("XFER-HEAD-2-b", "the size is that of the GET",
               value_of<value::Size>(rig.call(call::GetSize{download.group})).bytes, {100'000U});
    interrupt(rig, download.group);
    expect_done(rig, "XFER-HEAD-2-b", download.group);
    rig.expect("XFER-HEAD-2-b", "requests", request_log(rig),
               {std::vector<std::string>{"HEAD /a", "GET /a", "GET /a bytes=40000-99999"}});
    const auto gets = requests_of(rig, "GET");
    if (!gets.empty())
        rig.expect("XFER-GET-2", "If-Unmodified-Since of the last GET",
                   header(gets.back(), "if-unmodified-since"), {kDate});
}

void a_refused_head_and_no_length(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "XFER-SIZE-1-b", download, 0x80200011U);
    rig.expect("XFER-SIZE-1-b", "GETs", count_of(rig, "GET", "/a"), {std::uint64_t{4}});
}

void names_of_fields_in_any_case(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "HTTP-11", download.group, 4);
    interrupt(rig, download.group);
    expect_complete(rig, "HTTP-11", download.group);
    rig.expect("HTTP-11", "bytes in the file", rig.look("a").value_or(FileLook{}).size,
               {std::uint64_t{10}});
    rig.expect("HTTP-11", "requests", request_log(rig),
               {std::vector<std::string>{"HEAD /a", "GET /a", "GET /a bytes=4-9"}});
    for (const SeenRequest& seen : requests_of(rig, "GET"))
        rig.expect("HTTP-11", "If-Unmodified-Since", header(seen, "if-unmodified-since"), {kDate});
}

void the_foreground_needs_ranges_then(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.call(call::SwitchGroupToForeground{download.group});
    rig.call(call::ResumeGroup{download.group});
    reach(rig, "HTTP-FG-03", download.group, 40'000);
    interrupt(rig, download.group);
    expect_failure(rig, "HTTP-FG-03", download, 0x80200013U);
    rig.expect("HTTP-FG-03", "the last GET's Range", last_range(rig, "/a"),
               {std::string("bytes=40000-99999")});
}

Case false_part(const std::string& id, const std::string& title, Fault lie) {
    return {"http_ranges." + id,
            {"XFER-RANGE-2-b", "XFER-GET-4", "OPEN-21"},
            title,
            {},
            serving({resource()},
                    {on_ranged_get("lie", std::move(lie), std::nullopt), stall_at(40'000)}),
            a_false_part_is_an_error};
}

std::vector<Case> false_parts() {
    const Setting ignored = serving(
        {resource()},
        {on_ranged_get("ignored", fault(Effect::IgnoreRange), std::nullopt), stall_at(40'000)});
    return {
        false_part("earlier", "A part that begins earlier than asked for is not taken",
                   by_bytes(Effect::RangeEarlier, 100)),
        false_part("earlier_as_long", "A part that begins earlier and is as long is not taken",
                   respond(206, {{"Content-Range", "bytes 39900-99899/100000"}},
                           std::string(60'000, 'x'))),
        false_part("later", "A part that begins later than asked for is not taken",
                   by_bytes(Effect::RangeLater, 100)),
        false_part("unnamed", "A part that does not say where it begins is not taken",
                   fault(Effect::RangeUnnamed)),
        false_part("multipart", "A part in several parts is not taken",
                   fault(Effect::RangeMultipart)),
        false_part("other_unit", "A part in another unit is not taken",
                   respond(206, {{"Content-Range", "octets 40000-40009/100000"}}, "0123456789")),
        false_part("no_sense", "A part whose range is none is not taken",
                   respond(206, {{"Content-Range", "bytes 40009-40000/100000"}}, "0123456789")),
        false_part("other_length", "A part of another length than its range is not taken",
                   respond(206, {{"Content-Range", "bytes 40000-40019/100000"}}, "0123456789")),
        also(false_part("false_416", "A 416 for a range that exists is an error",
                        fault(Effect::False416)),
             {"OPEN-18"}),
        false_part("bare_416", "A 416 that tells no total is an error", respond(416)),
        {"http_ranges.whole_416",
         {"XFER-RANGE-2-b"},
         "A 416 to a GET for the whole file is an error",
         {},
         serving({resource()}, {on_get("refused", respond(416), std::nullopt)}),
         a_whole_get_refused_as_a_range},
        {"http_ranges.ignored_unchanged",
         {"XFER-RANGE-1-a", "HTTP-05", "CON-15", "OBS-130"},
         "A server that ignores ranges cannot continue a file",
         {},
         ignored,
         an_ignored_range_is_mended_by_nobody},
    };
}

std::vector<Case> true_parts() {
    const auto then = [](Fault part) {
        return with_delay(
            serving({resource()}, {on_ranged_get("part", std::move(part), 1), stall_at(40'000)}),
            kNever);
    };
    Setting sliced = serving({resource()}, {on_get("ignored", fault(Effect::IgnoreRange), 1)});
    sliced.policy.slice_bytes = {6452};
    const std::string ten = "0123456789";
    const std::vector<fakeserver::Header> lower = {{"content-length", "10"},
                                                   {"last-modified", kDate}};
    const std::vector<fakeserver::Header> upper = {
        {"CONTENT-LENGTH", "6"}, {"CONTENT-RANGE", "bytes 4-9/10"}, {"LAST-MODIFIED", kDate}};
    return {
        {"http_ranges.unknown_total",
         {"XFER-GET-4"},
         "A part that does not tell the total is taken",
         {},
         then(fault(Effect::RangeUnknownTotal)),
         a_true_part_is_taken},
        {"http_ranges.field_names",
         {"HTTP-11"},
         "Names of header fields may be written in any case",
         {},
         serving({resource()},
                 {on_request("HEAD", "/a", "head", {respond(200, lower, ten)}, std::nullopt),
                  on_ranged_get("part", respond(206, upper, ten.substr(4)), 1),
                  on_request("GET", "/a", "whole",
                             {respond(200, lower, ten), fault(Effect::Stall, 4)}, 1)}),
         names_of_fields_in_any_case},
        {"http_ranges.foreground_ignored",
         {"HTTP-FG-03", "HTTP-05"},
         "A server without ranges cannot continue a foreground file",
         {},
         serving({resource()}, {on_ranged_get("ignored", fault(Effect::IgnoreRange), std::nullopt),
                                stall_at(40'000)}),
         the_foreground_needs_ranges_then},
        {"http_ranges.shorter_part",
         {"XFER-GET-4"},
         "Of a part that is shorter than asked for the rest is asked for",
         {},
         then(by_bytes(Effect::RangeTooShort, 20'000)),
         a_shorter_part_is_taken_as_far_as_it_goes},
        {"http_ranges.ignored_from_zero",
         {"XFER-RANGE-1-b", "HTTP-05", "OPEN-21"},
         "A server that ignores a range from zero has sent the whole file",
         {"policy"},
         sliced,
         an_ignored_range_from_zero_is_taken},
    };
}

std::vector<Case> interruptions() {
    const std::uint64_t huge = std::uint64_t{3} << 30U;
    return {
        {"http_ranges.many",
         {"XFER-GET-4", "OBS-123"},
         "However often it is interrupted, each byte is asked for once",
         {},
         serving({resource()}, {on_get("stall", fault(Effect::Stall, 13'000), std::nullopt)}),
         many_interruptions},
        {"http_ranges.last_byte",
         {"XFER-GET-4", "OBS-123"},
         "A range may be one byte long",
         {},
         serving({resource()}, {stall_at(99'999)}),
         the_last_byte},
        {"http_ranges.three_gigabytes",
         {"XFER-GET-4", "GROUP-SIZE-1-a", "GROUP-PROG-1", "GROUP-PROG-2-b"},
         "A file of three gigabytes is counted and continued like any other",
         // So many real bytes are a matter of seconds.
         {"virtual_time"},
         serving({resource("/a", huge)}, {stall_at(2'684'354'560U)}),
         beyond_31_bits},
    };
}

std::vector<Case> refused_heads() {
    const auto refused = [](int code) { return on_head("refused", respond(code), std::nullopt); };
    return {
        {"http_ranges.head_405",
         {"XFER-HEAD-2-b", "XFER-GET-2"},
         "After a HEAD answered 405 size and date are those of the GET",
         {},
         serving({resource()}, {refused(405), stall_at(40'000)}),
         a_refused_head_learns_from_get},
        {"http_ranges.head_501",
         {"XFER-HEAD-2-b", "XFER-GET-2"},
         "After a HEAD answered 501 size and date are those of the GET",
         {},
         serving({resource()}, {refused(501), stall_at(40'000)}),
         a_refused_head_learns_from_get},
        {"http_ranges.head_405_no_length",
         {"XFER-HEAD-2-b", "XFER-SIZE-1-b"},
         "A server that refuses HEAD and tells no length is an error",
         {},
         serving({resource()},
                 {refused(405), on_get("no length", fault(Effect::OmitLength), std::nullopt)}),
         a_refused_head_and_no_length},
        {"http_ranges.head_405_chunked",
         {"XFER-HEAD-2-b", "XFER-BODY-1"},
         "A server that refuses HEAD and sends chunks tells no length",
         {},
         serving({resource()}, {refused(405), on_get("chunks", chunked(), std::nullopt)}),
         a_refused_head_and_no_length},
    };
}

std::vector<Case> basic_ranges() {
    const auto reset = on_get("reset", fault(Effect::Reset, 40'000), 1);
    const auto close = on_get("close", fault(Effect::Close, 40'000), 1);
    fakeserver::Resource undated = resource();
    undated.last_modified.reset();
    Fault change = fault(Effect::ChangeContent);
    change.seed = 12;
    change.last_modified = "Thu, 05 Sep 2024 00:00:00 GMT";
    Fault change_size = change;
    change_size.size = 70'000;
    auto second_get = on_get("changed", change_size, 1);
    second_get.match.has_range = true;
    auto ranged = on_get("ignored", fault(Effect::IgnoreRange), std::nullopt);
    ranged.match.has_range = true;
    return {
        {"http_ranges.first_requests",
         {"XFER-HEAD-1", "XFER-GET-1", "XFER-GET-2", "XFER-GET-3", "HTTP-01", "HTTP-02", "OBS-072"},
         "A file is asked by HEAD, then by GET, with the headers of the captures",
         {},
         serving({resource()}),
         the_first_requests},
        {"http_ranges.resume_after_reset",
         {"XFER-GET-4", "XFER-GET-2", "XFER-BODY-1", "HTTP-01", "OPEN-17"},
         "A transfer that was reset goes on at the byte after the last one stored",
         {},
         serving({resource()}, {reset}),
         a_broken_transfer_goes_on_at_the_next_byte},
        {"http_ranges.resume_after_close",
         {"XFER-GET-4", "XFER-BODY-1", "OPEN-22"},
         "A body that ends early goes on at the byte after the last one stored",
         {},
         serving({resource()}, {close}),
         a_broken_transfer_goes_on_at_the_next_byte},
        {"http_ranges.no_date",
         {"XFER-DATE-1", "XFER-GET-2", "OPEN-19"},
         "Without a Last-Modified an interrupted file starts over",
         {},
         serving({undated}, {reset}),
         without_a_date_it_starts_over},
        {"http_ranges.ignored",
         {"XFER-RANGE-1", "ERR-CLS-08"},
         "A server that ignores the range of a resumed file is an error",
         {},
         serving({resource()}, {ranged, reset}),
         an_ignored_range_in_the_middle_is_an_error},
        {"http_ranges.changed_in_the_middle",
         {"XFER-CHANGE-1"},
         "A file that changed while it was interrupted starts over without an error",
         {},
         serving({resource()}, {reset, second_get}),
         a_changed_file_starts_over},
        {"http_ranges.changed_after_head",
         {"XFER-CHANGE-1", "XFER-CHANGE-2", "OBS-097"},
         "A file that changed between HEAD and GET starts over at once; finished files stay",
         {},
         with_delay(serving({resource(), resource("/b", 2'000)}, {on_get("changed", change, 1)}),
                    kNever),
         a_change_between_head_and_get_starts_over_at_once},
    };
}

}  // namespace

std::vector<Case> http_ranges_cases() {
    return joined({basic_ranges(), false_parts(), true_parts(), interruptions(), refused_heads()});
}

}  // namespace qmgr::conformance
