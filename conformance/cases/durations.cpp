// What only time shows: how long failures are waited for, and what is counted meanwhile. And what
// shows only between two events of one moment.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;

constexpr Duration kRetry = std::chrono::seconds(300);
constexpr Duration kNoProgress = std::chrono::seconds(1000);

// The HEAD fails at 0 s; at 300 s the GET fails and is repeated at once; nothing ever comes.
void repeats_are_no_progress(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-NOPROG-1-a", download.group);
    rig.expect_true("XFER-NOPROG-1-a",
                    "the error comes 1,000 s after the first failure, not after the repeats",
                    rig.elapsed() >= kNoProgress && rig.elapsed() < kNoProgress + kRetry / 2);
}

// Group 1 fails at 0 s. At 200 s its slice ends while it waits for the answer to its second HEAD.
// At 300 s its third HEAD fails, and by then the no-progress time is over.
void turns_are_no_progress(Rig& rig) {
    const Download first = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-NOPROG-1-a", "the first failure", [&] { return !rig.requests().empty(); });
    start(rig, {{"/b", "b"}}, 2);
    rig.eventually("XFER-NOPROG-1-a", "its third HEAD",
                   [&] { return count_of(rig, "HEAD", "/a") >= 3; });
    rig.let_pass(std::chrono::seconds(10));
    expect_error(rig, "XFER-NOPROG-1-a", first.group);
    rig.expect("PRG-14", "failures counted: turns that end are none",
               job_status(rig, first.job).retries, {2U});
}

Setting with_turns() {
    fakeserver::Fault late = fault(Effect::Delay);
    late.at.where = fakeserver::Where::Head;
    late.delay.ms = 1'000'000;
    Setting setting =
        serving({resource(), resource("/b", 2'000)},
                {on_head("fails", respond(503), 1), on_head("is late", late, 1),
                 on_head("fails again", respond(503), 1),
                 on_request("GET", "/b", "stall", {fault(Effect::Stall)}, std::nullopt)});
    setting.policy.retry_delay = std::chrono::seconds(100);
    setting.policy.time_slice = std::chrono::seconds(100);
    setting.policy.no_progress_timeout = std::chrono::seconds(250);
    setting.policy.stall_timeout = std::chrono::hours(24);
    return setting;
}

// "a" cannot be renamed, "b" can. The client resumes when it hears of the first, before it could
// hear of the second.
void resumed_between_two_renames(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}, {"/b", "b"}});
    reach(rig, "FILE-PUB-5", download.group, 40'000);
    rig.make_directory("a");
    interrupt(rig, download.group);
    rig.eventually("FILE-PUB-2", "the first rename has failed",
                   [&] { return status(rig, download.group).has(GroupFlag::Error); });
    rig.remove_directory("a");
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "FILE-PUB-5", download.group);
    expect_file(rig, "OPEN-07", "b", resource("/b", 2'000));
    rig.expect("FILE-PUB-5", "GETs of the file whose rename went on", count_of(rig, "GET", "/b"),
               {std::uint64_t{1}});
}

// The number in the name of the one temporary file there is; 0 while there is none.
std::uint64_t number_of_temporary_file(Rig& rig) {
    const std::vector<std::string> files = temporary_files(rig);
    return files.empty() ? 0 : std::stoul(files.front().substr(3), nullptr, 16);
}

void numbers_of_temporary_files_rise(Rig& rig) {
    const Download first = start(rig, {{"/a", "a"}});
    reach(rig, "OBS-141", first.group, 40'000);
    const std::uint64_t number = number_of_temporary_file(rig);
    interrupt(rig, first.group);
    expect_complete(rig, "OBS-141", first.group);
    const Download second = start(rig, {{"/b", "b"}}, 2);
    reach(rig, "OBS-141", second.group, 1'000);
    rig.expect_true("OBS-141", "the second number is higher",
                    number < number_of_temporary_file(rig));
}

void two_files_of_one_name(Rig& rig) {
    const Download download = start(rig, {{"/a", "x"}, {"/b", "x"}});
    expect_complete(rig, "OPEN-35", download.group);
    expect_file(rig, "OPEN-35", "x", resource("/b", 2'000));
    rig.expect("OPEN-35", "GETs: both are fetched", requests_of(rig, "GET").size(),
               {std::size_t{2}});
}

// A file that is added while the renames run joins the run, and fails.
void added_while_renames_run(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("JOB1-ADD-7", "every byte is there",
                   [&] { return size_done(rig, download.group) >= 100'000; });
    add_files(rig, download.job, {{"/b", "b"}});
    // Where the renames were over by then, the group has stopped without it.
    const GroupStatus then = status(rig, download.group);
    if (then.has(GroupFlag::Suspended) && !then.has(GroupFlag::Error))
        rig.call(call::ResumeGroup{download.group});
    expect_error(rig, "JOB1-ADD-7", download.group);
    rig.expect("PRG-14", "failures counted: the renames were none",
               job_status(rig, download.job).retries, {1U});
}

}  // namespace

std::vector<Case> durations_cases() {
    const std::vector<fakeserver::Resource> two = {resource(), resource("/b", 2'000)};
    Setting failing = serving({resource()}, {on_head("busy", respond(503), 1),
                                             on_get("reset", fault(Effect::Reset), std::nullopt)});
    failing.policy.retry_delay = kRetry;
    failing.policy.no_progress_timeout = kNoProgress;
    return {
        {"durations.repeats",
         {"XFER-NOPROG-1", "XFER-QUICK-1"},
         "Repeats at once do not begin the no-progress time anew",
         {"virtual_time"},
         failing,
         repeats_are_no_progress},
        {"durations.turns",
         {"XFER-NOPROG-1", "PRG-14", "SCHED-2"},
         "The end of a turn does not begin the no-progress time anew, and is no failure",
         {"virtual_time"},
         with_turns(),
         turns_are_no_progress},
        {"durations.between_renames",
         {"FILE-PUB-5", "FILE-PUB-2", "OPEN-07"},
         "A rename that goes on while the group is resumed publishes its file once",
         {},
         serving(two, {stall_at(40'000)}),
         resumed_between_two_renames},
        {"durations.added_to_renames",
         {"JOB1-ADD-7", "PRG-14"},
         "A file added while renames run is fetched next, and only its failure counts",
         {},
         serving({resource()}, {}),
         added_while_renames_run},
        {"durations.numbers",
         {"OBS-141", "OPEN-33"},
         "The numbers in the names of temporary files rise",
         {},
         serving(two, {stall_at(40'000),
                       on_request("GET", "/b", "stall b", {fault(Effect::Stall, 1'000)}, 1)}),
         numbers_of_temporary_files_rise},
        {"durations.one_name",
         {"OPEN-35"},
         "Of two files with one local name both are fetched, and the last one stays",
         {},
         serving(two),
         two_files_of_one_name},
    };
}

}  // namespace qmgr::conformance
