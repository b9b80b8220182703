// Who has the line: foreground groups together, background groups in turns, files in order.
#include <algorithm>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;
using fakeserver::FaultRule;

// A turn that is long enough for a few requests on a busy machine.
constexpr Duration kSlice(400);

FaultRule stalls(const std::string& path, std::uint64_t at, std::optional<std::uint64_t> times) {
    return on_request("GET", path, "stall " + path, {fault(Effect::Stall, at)}, times);
}

GroupHandle run(Rig& rig, const std::string& path, unsigned number, bool foreground = false) {
    const Download download = prepare(rig, {{path, path.substr(1)}}, number);
    if (foreground)
        expect_code(rig, "GROUP-FG-1", "SwitchToForeground answers",
                    call::SwitchGroupToForeground{download.group}, {HResult::Ok});
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    return download.group;
}

void all_foreground_and_one_background(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1);
    const GroupHandle second = run(rig, "/b", 2);
    std::vector<GroupHandle> foreground;
    for (const char* path : {"/c", "/d", "/e", "/f"})
        foreground.push_back(run(rig, path, static_cast<unsigned>(foreground.size()) + 3, true));
    for (const GroupHandle group : foreground) reach(rig, "SVC-SCH-02", group, 1'000);
    reach(rig, "SVC-SCH-02", first, 1'000);
    rig.let_pass(kWhile);
    rig.expect("SCHED-1", "bytes of the second background group", size_done(rig, second), {0U});
    rig.expect("SCHED-1", "requests of the second background group", count_of(rig, "HEAD", "/b"),
               {std::uint64_t{0}});
    expect_status(rig, "SCHED-1", "it waits its turn", second, {kRunning});
}

void a_queued_group_that_is_switched_starts(Rig& rig) {
    run(rig, "/a", 1);
    const GroupHandle second = run(rig, "/b", 2);
    rig.eventually("SCHED-1", "the first group runs",
                   [&] { return count_of(rig, "GET", "/a") >= 1; });
    expect_quiet(rig, "SCHED-1", second);
    rig.call(call::SwitchGroupToForeground{second});
    reach(rig, "SCHED-1", second, 1'000);
}

void the_turn_of_one_that_is_switched_is_free(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1);
    const GroupHandle second = run(rig, "/b", 2);
    reach(rig, "SCHED-1", first, 1'000);
    rig.call(call::SwitchGroupToForeground{first});
    reach(rig, "SCHED-1", second, 1'000);
    expect_status(rig, "SCHED-1", "the first one still runs", first,
                  {kRunning.with(GroupFlag::Foreground)});
}

void a_newcomer_waits(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1);
    reach(rig, "SCHED-2-b", first, 1'000);
    const GroupHandle second = run(rig, "/b", 2);
    expect_quiet(rig, "SCHED-2-b", second);
    rig.expect("SCHED-2-b", "requests: those of the first group alone", request_log(rig).size(),
               {std::size_t{2}});
    expect_status(rig, "SCHED-2-b", "the first group runs", first, {kRunning});
}

void turns_go_round(Rig& rig) {
    const Duration begin = rig.elapsed();
    std::vector<GroupHandle> groups;
    for (const char* path : {"/a", "/b", "/c"})
        groups.push_back(run(rig, path, static_cast<unsigned>(groups.size()) + 1));
    const bool all_there = rig.elapsed() - begin < kSlice;
    for (const GroupHandle group : groups) expect_complete(rig, "SVC-SCH-06", group);
    std::vector<std::string> gets;
    for (const SeenRequest& seen : requests_of(rig, "GET"))
        gets.push_back(seen.request.path + " " + range_of(rig, seen));
    // A client that was kept waiting may have been too late for the others' first turns; what was
    // begun and what was ended are in order all the same.
    if (!all_there)
        std::stable_partition(gets.begin(), gets.end(),
                              [](const std::string& get) { return get.ends_with(' '); });
    rig.expect("SCHED-2-a", "GETs, in turns", gets,
               {std::vector<std::string>{"/a ", "/b ", "/c ", "/a bytes=25000-39999",
                                         "/b bytes=25000-39999", "/c bytes=25000-39999"}});
    for (const char* path : {"/a", "/b", "/c"})
        expect_file(rig, "SCHED-2-a", std::string(path).substr(1), resource(path, 40'000));
}

void alone_it_keeps_its_turn(Rig& rig) {
    const GroupHandle group = run(rig, "/a", 1);
    rig.let_pass(3 * kSlice);
    rig.expect("SCHED-2-a", "GETs while nobody else waits", count_of(rig, "GET", "/a"),
               {std::uint64_t{1}});
    expect_status(rig, "SCHED-2-a", "it runs", group, {kRunning});
}

void in_the_foreground_there_are_no_turns(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1, true);
    const GroupHandle second = run(rig, "/b", 2, true);
    reach(rig, "SCHED-1", first, 25'000);
    reach(rig, "SCHED-1", second, 25'000);
    rig.let_pass(2 * kSlice);
    rig.expect("SCHED-1", "requests: none was interrupted", request_log(rig).size(),
               {std::size_t{4}});
}

// Seconds until the second group's first request, while the first one's transfer goes on.
void the_turn_is_five_minutes(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1);
    reach(rig, "SCHED-2-a", first, 1'000);
    const Duration begin = rig.elapsed();
    const GroupHandle second = run(rig, "/b", 2);
    rig.eventually("SCHED-2-a", "the second group gets its turn",
                   [&] { return count_of(rig, "HEAD", "/b") == 1; });
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(rig.elapsed() - begin).count();
    rig.expect_true("SCHED-2-b", "not before its slice of five minutes is over", seconds >= 298);
    rig.expect_true("SCHED-2-a", "and then at once", seconds <= 301);
    expect_complete(rig, "SVC-SCH-06", second);
    rig.expect_true("SVC-SCH-06", "long before the first one has all of its bytes",
                    size_done(rig, first) < 900'000);
    expect_done(rig, "SVC-SCH-06", first, resource("/a", 1'000'000));
}

void files_without_a_date_end_all_the_same(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1);
    const GroupHandle second = run(rig, "/b", 2);
    expect_complete(rig, "SVC-SCH-06", first);
    expect_complete(rig, "SVC-SCH-06", second);
    expect_file(rig, "XFER-DATE-1", "a", resource("/a", 40'000));
    expect_file(rig, "XFER-DATE-1", "b", resource("/b", 40'000));
}

void one_that_waits_gives_its_turn_away(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1);
    const GroupHandle second = run(rig, "/b", 2);
    expect_complete(rig, "SCHED-2-a", second);
    expect_file(rig, "SCHED-2-a", "b", resource("/b", 40'000));
    expect_status(rig, "GROUP-STATUS-4", "the first one still waits", first, {kRunning});
}

void one_in_error_gives_its_turn_away(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1);
    const GroupHandle second = run(rig, "/b", 2);
    expect_complete(rig, "SCHED-2-a", second);
    expect_error(rig, "GROUP-STATUS-5-a", first);
}

void one_that_is_stopped_gives_its_turn_away(Rig& rig, bool cancel) {
    const GroupHandle first = run(rig, "/a", 1);
    const GroupHandle second = run(rig, "/b", 2);
    reach(rig, "SCHED-2-b", first, 25'000);
    rig.expect("SCHED-2-b", "bytes of the second group", size_done(rig, second), {0U});
    if (cancel)
        rig.call(call::CancelGroup{first});
    else
        rig.call(call::SuspendGroup{first});
    expect_complete(rig, "SCHED-2-a", second);
}

void resumed_it_comes_last(Rig& rig) {
    const GroupHandle first = run(rig, "/a", 1);
    const GroupHandle second = run(rig, "/b", 2);
    const GroupHandle third = run(rig, "/c", 3);
    reach(rig, "SCHED-2-b", first, 25'000);
    interrupt(rig, first);
    reach(rig, "SCHED-2-a", second, 25'000);
    interrupt(rig, second);
    reach(rig, "SCHED-2-a", third, 25'000);
    std::vector<std::string> heads;
    for (const SeenRequest& seen : requests_of(rig, "HEAD")) heads.push_back(seen.request.path);
    rig.expect("SCHED-2-a", "first come, first served", heads,
               {std::vector<std::string>{"/a", "/b", "/c"}});
    rig.call(call::SuspendGroup{third});
    expect_complete(rig, "SCHED-2-a", first);
    expect_complete(rig, "SCHED-2-a", second);
}

void files_one_after_another(Rig& rig, bool foreground) {
    const Download download = prepare(rig, {{"/c", "c"}, {"/a", "a"}, {"/b", "b"}});
    if (foreground) rig.call(call::SwitchGroupToForeground{download.group});
    rig.call(call::ResumeGroup{download.group});
    reach(rig, "SCHED-3", download.group, 25'000);
    rig.let_pass(kWhile);
    rig.expect("SVC-SCH-08", "while the first file is not whole no other one is asked for",
               request_log(rig), {std::vector<std::string>{"HEAD /c", "GET /c"}});
    interrupt(rig, download.group);
    expect_complete(rig, "SCHED-3", download.group);
    rig.expect("SVC-SCH-08", "requests", request_log(rig),
               {std::vector<std::string>{"HEAD /c", "GET /c", "GET /c bytes=25000-39999", "HEAD /a",
                                         "GET /a", "HEAD /b", "GET /b"}});
    for (const char* path : {"/a", "/b", "/c"})
        expect_file(rig, "SCHED-3", std::string(path).substr(1), resource(path, 40'000));
}

const std::vector<fakeserver::Resource> kThree = {resource("/a", 40'000), resource("/b", 40'000),
                                                  resource("/c", 40'000)};

Setting sliced(Setting setting) {
    setting.policy.time_slice = kSlice;
    return setting;
}

std::vector<Case> together() {
    std::vector<fakeserver::Resource> files;
    std::vector<FaultRule> stalled;
    for (const char* path : {"/a", "/c", "/d", "/e", "/f"})
        stalled.push_back(stalls(path, 1'000, 1));
    for (const char* path : {"/a", "/b", "/c", "/d", "/e", "/f"})
        files.push_back(resource(path, 3'000));
    return {
        {"scheduling.together",
         {"SCHED-1", "SVC-SCH-02", "OPEN-11"},
         "All foreground groups run together, and beside them one background group",
         {},
         serving(files, stalled),
         all_foreground_and_one_background},
        {"scheduling.switched",
         {"SCHED-1", "GROUP-FG-1"},
         "A background group that waits its turn starts when it is switched to the foreground",
         {},
         serving(kThree, {stalls("/a", 1'000, 1), stalls("/b", 1'000, 1)}),
         a_queued_group_that_is_switched_starts},
        {"scheduling.turn_is_free",
         {"SCHED-1"},
         "A group that is switched to the foreground leaves its turn to the next one",
         {},
         serving(kThree, {stalls("/a", 1'000, 1), stalls("/b", 1'000, 1)}),
         the_turn_of_one_that_is_switched_is_free},
        {"scheduling.foreground_no_turns",
         {"SCHED-1", "SVC-SCH-02"},
         "Foreground groups do not take turns",
         {"policy"},
         sliced(serving(kThree, {stalls("/a", 25'000, 1), stalls("/b", 25'000, 1)})),
         in_the_foreground_there_are_no_turns},
        {"scheduling.files_background",
         {"SCHED-3", "SVC-SCH-08"},
         "The files of a background group go one after another in the order added",
         {},
         serving(kThree, {stalls("/c", 25'000, 1)}),
         [](Rig& rig) { files_one_after_another(rig, false); }},
        {"scheduling.files_foreground",
         {"SCHED-3", "SVC-SCH-08"},
         "The files of a foreground group go one after another in the order added",
         {},
         serving(kThree, {stalls("/c", 25'000, 1)}),
         [](Rig& rig) { files_one_after_another(rig, true); }},
    };
}

std::vector<Case> turns() {
    std::vector<FaultRule> each;
    for (const char* path : {"/a", "/b", "/c"}) each.push_back(stalls(path, 25'000, 1));
    fakeserver::Fault slow = fault(Effect::Bandwidth);
    slow.bytes_per_second = 1'000;
    return {
        {"scheduling.newcomer",
         {"SCHED-2-b"},
         "A running transfer is not stopped by a group that comes later",
         {},
         serving(kThree, {stalls("/a", 1'000, 1)}),
         a_newcomer_waits},
        {"scheduling.turns",
         {"SCHED-2-a", "SVC-SCH-06", "XFER-GET-4", "SVC-TR-04", "SVC-SCH-07", "OPEN-09", "CON-04"},
         "Background groups take turns, first come first served",
         {"policy"},
         sliced(serving(kThree, each)),
         turns_go_round},
        {"scheduling.alone",
         {"SCHED-2-a"},
         "A group that is alone is not interrupted when its slice ends",
         {"policy"},
         sliced(serving(kThree, {stalls("/a", 25'000, 1)})),
         alone_it_keeps_its_turn},
        {"scheduling.five_minutes",
         {"SCHED-2", "SVC-SCH-06", "OPEN-09"},
         "A turn takes five minutes",
         {"virtual_time"},
         with_defaults(serving({resource("/a", 1'000'000), resource("/b", 3'000)},
                               {on_get("slow", slow, std::nullopt)})),
         the_turn_is_five_minutes},
        {"scheduling.resumed_last",
         {"SCHED-2-a", "GROUP-RESUME-1"},
         "A group that was suspended and resumed is served after those that wait",
         {},
         serving(kThree, each),
         resumed_it_comes_last},
    };
}

std::vector<Case> given_away() {
    fakeserver::Resource first = resource("/a", 40'000);
    fakeserver::Resource second = resource("/b", 40'000);
    first.last_modified.reset();
    second.last_modified.reset();
    fakeserver::Fault slow = fault(Effect::Bandwidth);
    slow.bytes_per_second = 400'000;
    Setting undated = serving({first, second}, {on_get("slow", slow, std::nullopt)});
    undated.policy.time_slice = Duration(40);
    const Setting stalled = serving(kThree, {stalls("/a", 25'000, 1)});
    return {
        {"scheduling.no_date",
         {"SVC-SCH-06", "XFER-DATE-1"},
         "Files without a date, which cannot be continued, end all the same",
         {"policy"},
         undated,
         files_without_a_date_end_all_the_same},
        {"scheduling.waiting",
         {"SCHED-2-a", "GROUP-STATUS-4", "OPEN-10"},
         "A group that waits for a retry leaves its turn to the next one",
         {},
         with_delay(serving(kThree, {on_head("busy", respond(503), std::nullopt)}), kNever),
         one_that_waits_gives_its_turn_away},
        {"scheduling.error",
         {"SCHED-2-a", "GROUP-STATUS-5", "OPEN-10"},
         "A group in error leaves its turn to the next one",
         {},
         serving(kThree, {on_get("gone", respond(404), std::nullopt)}),
         one_in_error_gives_its_turn_away},
        {"scheduling.suspended",
         {"SCHED-2-a", "GROUP-SUSPEND-1", "OPEN-10"},
         "A group that is suspended leaves its turn to the next one",
         {},
         stalled,
         [](Rig& rig) { one_that_is_stopped_gives_its_turn_away(rig, false); }},
        {"scheduling.cancelled",
         {"SCHED-2-a", "GROUP-CANCEL-1"},
         "A group that is cancelled leaves its turn to the next one",
         {},
         stalled,
         [](Rig& rig) { one_that_is_stopped_gives_its_turn_away(rig, true); }},
    };
}

}  // namespace

std::vector<Case> scheduling_cases() { return joined({together(), turns(), given_away()}); }

}  // namespace qmgr::conformance
