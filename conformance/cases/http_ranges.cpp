// What goes over the wire: HEAD, GET, ranges, validators, and a file that changes.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

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
    if (heads.empty() || gets.empty()) return;
    rig.expect("XFER-HEAD-1", "the HEAD's Range", header(heads[0], "range"), {std::string()});
    rig.expect("XFER-GET-2", "the HEAD's If-Unmodified-Since",
               header(heads[0], "if-unmodified-since"), {std::string()});
    rig.expect("XFER-GET-1", "the GET's Range", header(gets[0], "range"),
               {std::string(), std::string("bytes=0-99999")});
    rig.expect("XFER-GET-2", "the GET's If-Unmodified-Since",
               header(gets[0], "if-unmodified-since"), {kDate});
    for (const SeenRequest& seen : {heads[0], gets[0]}) {
        rig.expect("XFER-GET-3", "Accept", header(seen, "accept"), {std::string("*/*")});
        rig.expect("XFER-GET-3", "Accept-Encoding", header(seen, "accept-encoding"),
                   {std::string("identity")});
        rig.expect("XFER-GET-3", "User-Agent", header(seen, "user-agent"),
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
    rig.expect("XFER-DATE-1", "the second GET's Range", header(gets[1], "range"), {std::string()});
    rig.expect("XFER-GET-2", "its If-Unmodified-Since", header(gets[1], "if-unmodified-since"),
               {std::string()});
}

void an_ignored_range_in_the_middle_is_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-RANGE-1", download.group);
    rig.expect("XFER-RANGE-1", "the job's Win32 result", job_status(rig, download.job).win32_result,
               {0x80200013U});
    rig.expect("XFER-RANGE-1", "what was stored stays", size_done(rig, download.group), {40'000U});
}

void a_changed_file_starts_over(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-CHANGE-1", download.group);
    fakeserver::Resource changed = resource("/a", 70'000);
    changed.seed = 12;
    expect_file(rig, "XFER-CHANGE-1", "a", changed);
    rig.expect("XFER-CHANGE-1", "no error is counted", job_status(rig, download.job).retries, {0U});
}

void a_change_between_head_and_get_starts_over_at_once(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    expect_complete(rig, "XFER-CHANGE-1", download.group);
    fakeserver::Resource changed = resource();
    changed.seed = 12;
    expect_file(rig, "XFER-CHANGE-1", "a", changed);
    std::uint64_t first = 0;
    for (const SeenRequest& seen : rig.requests())
        if (seen.request.path == "/b" && seen.request.method == "GET") ++first;
    rig.expect("XFER-CHANGE-2", "GETs of the file that was finished", first, {std::uint64_t{1}});
}

}  // namespace

std::vector<Case> http_ranges_cases() {
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
         {"XFER-HEAD-1", "XFER-GET-1", "XFER-GET-2", "XFER-GET-3"},
         "A file is asked by HEAD, then by GET, with the headers of the captures",
         {},
         serving({resource()}),
         the_first_requests},
        {"http_ranges.resume_after_reset",
         {"XFER-GET-4", "XFER-GET-2", "XFER-BODY-1"},
         "A transfer that was reset goes on at the byte after the last one stored",
         {},
         serving({resource()}, {reset}),
         a_broken_transfer_goes_on_at_the_next_byte},
        {"http_ranges.resume_after_close",
         {"XFER-GET-4", "XFER-BODY-1"},
         "A body that ends early goes on at the byte after the last one stored",
         {},
         serving({resource()}, {close}),
         a_broken_transfer_goes_on_at_the_next_byte},
        {"http_ranges.no_date",
         {"XFER-DATE-1", "XFER-GET-2"},
         "Without a Last-Modified an interrupted file starts over",
         {},
         serving({undated}, {reset}),
         without_a_date_it_starts_over},
        {"http_ranges.ignored",
         {"XFER-RANGE-1"},
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
         {"XFER-CHANGE-1", "XFER-CHANGE-2"},
         "A file that changed between HEAD and GET starts over at once; finished files stay",
         {},
         serving({resource(), resource("/b", 2'000)}, {on_get("changed", change, 1)}),
         a_change_between_head_and_get_starts_over_at_once},
    };
}

}  // namespace qmgr::conformance
