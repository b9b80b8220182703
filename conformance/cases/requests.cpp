// What requests look like under a policy: versions of BITS, pieces, rates.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

std::vector<std::string> ranges_of(Rig& rig) {
    std::vector<std::string> ranges;
    for (const SeenRequest& seen : requests_of(rig, "GET")) ranges.push_back(header(seen, "range"));
    return ranges;
}

void complete(Rig& rig, bool foreground) {
    const Download download = prepare(rig, {{"/a", "a"}});
    if (foreground)
        expect_code(rig, "GROUP-FG-1", "SwitchToForeground answers",
                    call::SwitchGroupToForeground{download.group}, {HResult::Ok});
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    rig.eventually("GROUP-STATUS-6", "the group stops running",
                   [&] { return status(rig, download.group).has(GroupFlag::Suspended); });
    expect_file(rig, "XFER-GET-1", "a", resource());
}

void slices_touch(Rig& rig) {
    complete(rig, false);
    rig.expect("XFER-GET-1", "ranges without gap or overlap, the last size repeated",
               ranges_of(rig),
               {std::vector<std::string>{"bytes=0-6451", "bytes=6452-46451", "bytes=46452-86451",
                                         "bytes=86452-99999"}});
    for (const SeenRequest& seen : requests_of(rig, "GET"))
        rig.expect("XFER-GET-2", "If-Unmodified-Since of a piece",
                   header(seen, "if-unmodified-since"), {kDate});
}

void a_slice_that_failed_is_asked_for_again(Rig& rig) {
    complete(rig, false);
    const std::vector<std::string> ranges = ranges_of(rig);
    if (!rig.expect_true("XFER-GET-4", "there was a second GET", ranges.size() >= 2)) return;
    rig.expect("XFER-GET-4", "the byte after the last one stored is next", ranges[1],
               {std::string("bytes=5000-11451")});
}

void the_rate_is_kept(Rig& rig) {
    const Duration before = rig.elapsed();
    complete(rig, false);
    rig.expect_true("XFER-GET-1", "100,000 bytes at 10,000 a second take nine seconds at least",
                    rig.elapsed() - before >= std::chrono::seconds(9));
    rig.expect_true("XFER-GET-1", "and eleven at most",
                    rig.elapsed() - before <= std::chrono::seconds(11));
    rig.expect<std::uint64_t>("XFER-GET-1", "closed ranges", ranges_of(rig).size(), {10});
}

void the_foreground_has_no_rate(Rig& rig) {
    const Duration before = rig.elapsed();
    complete(rig, true);
    rig.expect_true("XFER-FG-1", "no second passes", rig.elapsed() - before < Duration(1000));
    rig.expect("XFER-FG-1", "one GET without Range", ranges_of(rig),
               {std::vector<std::string>{""}});
}

void a_large_foreground_file_comes_in_ranges(Rig& rig) {
    complete(rig, true);
    rig.expect(
        "HTTP-FG-02", "ranges", ranges_of(rig),
        {std::vector<std::string>{"bytes=0-39999", "bytes=40000-79999", "bytes=80000-99999"}});
}

void a_small_one_comes_whole(Rig& rig) {
    complete(rig, true);
    rig.expect("HTTP-FG-01", "ranges", ranges_of(rig), {std::vector<std::string>{""}});
}

void an_old_version_sends_no_condition(Rig& rig) {
    complete(rig, false);
    for (const SeenRequest& seen : rig.requests()) {
        rig.expect("XFER-GET-3", "User-Agent", header(seen, "user-agent"),
                   {std::string("Microsoft BITS/6.6")});
        rig.expect("XFER-GET-2", "If-Unmodified-Since", header(seen, "if-unmodified-since"),
                   {std::string()});
    }
}

void version_7_0_sends_it(Rig& rig) {
    complete(rig, false);
    const auto gets = requests_of(rig, "GET");
    if (!rig.expect_true("XFER-GET-3", "there was a GET", !gets.empty())) return;
    rig.expect("XFER-GET-3", "User-Agent", header(gets.front(), "user-agent"),
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
         {"XFER-GET-1", "XFER-GET-2"},
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
         {"XFER-GET-1"},
         "A background rate limit is kept",
         {"virtual_time"},
         slow,
         the_rate_is_kept},
        {"requests.foreground_rate",
         {"XFER-FG-1"},
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
         {"XFER-GET-2", "XFER-GET-3"},
         "Version 6.6 names itself and sends no If-Unmodified-Since",
         {"policy"},
         v66,
         an_old_version_sends_no_condition},
        {"requests.version_7_0",
         {"XFER-GET-2", "XFER-GET-3"},
         "Version 7.0 names itself and sends If-Unmodified-Since",
         {"policy"},
         v70,
         version_7_0_sends_it},
    };
}

}  // namespace

std::vector<Case> requests_cases() { return joined({pieces(), versions()}); }

}  // namespace qmgr::conformance
