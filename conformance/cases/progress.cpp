// GetProgress and get_Size.
#include <algorithm>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

std::uint32_t progress(Rig& rig, GroupHandle group, ProgressFlag flag) {
    return value_of<value::Progress>(rig.call(call::GetGroupProgress{group, flag})).amount;
}
std::uint32_t job_progress(Rig& rig, JobHandle job, ProgressFlag flag) {
    return value_of<value::Progress>(rig.call(call::GetJobProgress{job, flag})).amount;
}
std::uint32_t size(Rig& rig, GroupHandle group) {
    return value_of<value::Size>(rig.call(call::GetSize{group})).bytes;
}

void nothing_is_known_before_the_first_turn(Rig& rig) {
    const GroupHandle empty = create_group(rig, 1);
    rig.expect("GROUP-SIZE-1", "get_Size of a group without files", size(rig, empty), {0U});
    const Download download = prepare(rig, {{"/a", "a"}}, 2);
    rig.expect("GROUP-SIZE-1", "get_Size before the first turn", size(rig, download.group), {0U});
    rig.expect("GROUP-PROG-1", "SIZE_DONE", progress(rig, download.group, ProgressFlag::SizeDone),
               {0U});
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE",
               progress(rig, download.group, ProgressFlag::PercentDone), {0U});
}

void progress_in_the_middle_of_the_second_file(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    rig.eventually("GROUP-PROG-1", "the second file stands at 40,000 bytes",
                   [&] { return size_done(rig, download.group) >= 50'000 + 40'000; });
    rig.expect("GROUP-PROG-5", "SIZE_DONE is the sum over the files",
               progress(rig, download.group, ProgressFlag::SizeDone), {90'000U});
    rig.expect("GROUP-PROG-2-a", "PERCENT_DONE",
               progress(rig, download.group, ProgressFlag::PercentDone), {60U});
    rig.expect("JOB1-PROG-1", "the job's SIZE_DONE is the group's",
               job_progress(rig, download.job, ProgressFlag::SizeDone), {90'000U});
    rig.expect("JOB1-PROG-1", "the job's PERCENT_DONE is the group's",
               job_progress(rig, download.job, ProgressFlag::PercentDone), {60U});
    rig.expect("GROUP-SIZE-1", "get_Size when all sizes are known", size(rig, download.group),
               {150'000U});
}

void sizes_become_known_one_by_one(Rig& rig) {
    // With one file the size is known when that file's turn has come.
    const Download one = start(rig, {{"/b", "one"}}, 2);
    expect_complete(rig, "GROUP-SIZE-1", one.group);
    rig.expect("GROUP-SIZE-1", "get_Size of a group with one file", size(rig, one.group),
               {50'000U});
    const Download download = start(rig, {{"/a", "a"}, {"/b", "b"}});
    // The server has to stand still, too: a system that begins with the other file has the bytes of
    // that one before it asks for this.
    rig.eventually("GROUP-PROG-1", "the first file stands at 40,000 bytes", [&] {
        return !rig.hits().empty() && rig.hits().front().hits > 0 &&
               size_done(rig, download.group) >= 40'000;
    });
    rig.expect("GROUP-SIZE-1", "get_Size while the second file's size is not known",
               size(rig, download.group), {0U});
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE while the total is not known",
               progress(rig, download.group, ProgressFlag::PercentDone), {0U});
    rig.call(call::SuspendGroup{download.group});
    rig.expect("GROUP-SIZE-1", "get_Size of the suspended group", size(rig, download.group), {0U});
    // The second file's turn comes, and the server falls silent in it, too.
    rig.serve(serving({resource("/a"), resource("/b", 50'000)},
                      {on_request("GET", "/b", "silence in the second file",
                                  {fault(fakeserver::Effect::Stall, 40'000)}, 1)})
                  .script);
    rig.call(call::ResumeGroup{download.group});
    wait_for_silence(rig, download.group, 100'000 + 40'000);
    rig.expect("GROUP-SIZE-1", "get_Size when the second file's size is known, too",
               size(rig, download.group), {150'000U});
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE then",
               progress(rig, download.group, ProgressFlag::PercentDone), {93U});
    interrupt(rig, download.group);
    expect_complete(rig, "GROUP-PROG-2-a", download.group);
    rig.expect("GROUP-SIZE-1", "get_Size in the end", size(rig, download.group), {150'000U});
}

void hundred_percent_when_complete(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}});
    expect_complete(rig, "GROUP-PROG-2-a", download.group);
    rig.expect("GROUP-PROG-2-a", "PERCENT_DONE of a complete group",
               progress(rig, download.group, ProgressFlag::PercentDone), {100U});
    rig.expect("GROUP-PROG-1", "SIZE_DONE of a complete group",
               progress(rig, download.group, ProgressFlag::SizeDone), {50'000U});
    rig.expect("GROUP-SIZE-1", "get_Size of a complete group", size(rig, download.group),
               {50'000U});
    const Download empty = start(rig, {{"/empty", "empty"}}, 2);
    expect_complete(rig, "GROUP-PROG-2-b", empty.group);
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE of a complete group of no bytes",
               progress(rig, empty.group, ProgressFlag::PercentDone), {100U});
}

void other_flags_are_refused(Rig& rig) {
    const Download download = prepare(rig, {{"/b", "b"}});
    expect_code(rig, "GROUP-PROG-3", "TIME_DONE answers",
                call::GetGroupProgress{download.group, ProgressFlag::TimeDone},
                {HResult::NotImplemented});
    for (const std::uint32_t other : {0U, 4U, 99U})
        expect_code(rig, "GROUP-PROG-4", "flag " + std::to_string(other) + " answers",
                    call::GetGroupProgress{download.group, static_cast<ProgressFlag>(other)},
                    {HResult::NotImplemented, HResult::InvalidArgument});
    for (const std::uint32_t other : {0U, 4U, 99U})
        expect_code(rig, "JOB1-PROG-1", "flag " + std::to_string(other) + " of the job answers",
                    call::GetJobProgress{download.job, static_cast<ProgressFlag>(other)},
                    {HResult::NotImplemented, HResult::InvalidArgument});
    expect_code(rig, "JOB1-PROG-1", "TIME_DONE of the job answers",
                call::GetJobProgress{download.job, ProgressFlag::TimeDone},
                {HResult::NotImplemented});
    rig.expect("GROUP-PROG-1", "SIZE_DONE still answers",
               progress(rig, download.group, ProgressFlag::SizeDone), {0U});
}

void percent_is_rounded_down(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-PROG-1", "the file stands at 99,999 of 100,000 bytes",
                   [&] { return size_done(rig, download.group) >= 99'999; });
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE before the last byte",
               progress(rig, download.group, ProgressFlag::PercentDone), {99U});
    rig.expect("GROUP-PROG-1", "SIZE_DONE", progress(rig, download.group, ProgressFlag::SizeDone),
               {99'999U});
    rig.call(call::SuspendGroup{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "GROUP-PROG-2-a", download.group);
    rig.expect("GROUP-PROG-2-a", "PERCENT_DONE in the end",
               progress(rig, download.group, ProgressFlag::PercentDone), {100U});
}

// The total is known and 0, and yet the group is not complete.
void no_bytes_are_no_progress_before_the_end(Rig& rig) {
    const Download download = start(rig, {{"/empty", "empty"}, {"/a", "a"}});
    rig.eventually("GROUP-PROG-2-b", "the second file is asked for",
                   [&] { return rig.requests().size() >= 2; });
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE with one of two files of no bytes",
               progress(rig, download.group, ProgressFlag::PercentDone), {0U});
    rig.expect("GROUP-PROG-1", "SIZE_DONE", progress(rig, download.group, ProgressFlag::SizeDone),
               {0U});
    rig.call(call::SuspendGroup{download.group});
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE of the suspended group",
               progress(rig, download.group, ProgressFlag::PercentDone), {0U});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "GROUP-PROG-2-b", download.group);
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE of two files of no bytes",
               progress(rig, download.group, ProgressFlag::PercentDone), {100U});
    rig.expect("GROUP-SIZE-1", "get_Size", size(rig, download.group), {0U});
}

void added_files_have_no_size_yet(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}});
    expect_complete(rig, "GROUP-PROG-2-a", download.group);
    add_files(rig, download.job, {{"/a", "a"}});
    rig.expect("PRG-01", "get_Size with a file of unknown size", size(rig, download.group), {0U});
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE",
               progress(rig, download.group, ProgressFlag::PercentDone), {0U});
    rig.expect("GROUP-PROG-1", "SIZE_DONE", progress(rig, download.group, ProgressFlag::SizeDone),
               {50'000U});
    rig.call(call::ResumeGroup{download.group});
    rig.eventually("GROUP-PROG-1", "the added file stands at 40,000 bytes",
                   [&] { return size_done(rig, download.group) >= 50'000 + 40'000; });
    rig.expect("PRG-01", "get_Size when both sizes are known", size(rig, download.group),
               {150'000U});
    rig.expect("GROUP-PROG-2-a", "PERCENT_DONE",
               progress(rig, download.group, ProgressFlag::PercentDone), {60U});
}

void an_unknown_size_is_none(Rig& rig) {
    const Download download = start(rig, {{"/nowhere", "nowhere"}});
    expect_error(rig, "PRG-03", download.group);
    rig.expect("PRG-03", "get_Size of a file that cannot be found", size(rig, download.group),
               {0U});
    rig.expect("PRG-03", "PERCENT_DONE", progress(rig, download.group, ProgressFlag::PercentDone),
               {0U});
}

// What was counted stays while the group stands still, and is not counted again when it goes on.
void nothing_is_counted_twice(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    std::uint32_t highest = 0;
    const auto stands_at = [&](std::uint32_t bytes) {
        const std::uint32_t now = size_done(rig, download.group);
        rig.expect_true("GROUP-PROG-5", "SIZE_DONE does not fall", now >= highest);
        rig.expect_true("GROUP-PROG-5", "SIZE_DONE is never more than the files have",
                        now <= 150'000);
        highest = std::max(now, highest);
        return now >= bytes;
    };
    rig.eventually("GROUP-PROG-1", "90,000 bytes are there", [&] { return stands_at(90'000); });
    rig.call(call::SuspendGroup{download.group});
    rig.expect("GROUP-PROG-5", "SIZE_DONE of the suspended group", size_done(rig, download.group),
               {90'000U});
    rig.expect("GROUP-SIZE-1", "get_Size of the suspended group", size(rig, download.group),
               {150'000U});
    rig.call(call::ResumeGroup{download.group});
    rig.eventually("GROUP-PROG-1", "the group is complete", [&] {
        stands_at(0);
        return status(rig, download.group).has(GroupFlag::Suspended);
    });
    rig.expect("GROUP-PROG-1", "SIZE_DONE in the end",
               progress(rig, download.group, ProgressFlag::SizeDone), {150'000U});
    rig.expect("GROUP-PROG-5", "the job's SIZE_DONE",
               job_progress(rig, download.job, ProgressFlag::SizeDone), {150'000U});
    expect_file(rig, "GROUP-PROG-5", "a", resource("/a"));
}

// The new version is shorter, and the server falls silent early in it.
void progress_of_a_changed_file_goes_back(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    rig.eventually("GROUP-PROG-1", "90,000 bytes are there",
                   [&] { return size_done(rig, download.group) >= 90'000; });
    rig.call(call::SuspendGroup{download.group});
    fakeserver::Resource changed = resource("/a", 30'000);
    changed.last_modified = "Thu, 05 Sep 2024 02:15:41 GMT";
    changed.seed = 12;
    // Two, for the first one may be the answer that shows the change.
    fakeserver::FaultRule stall = on_get("stall", fault(fakeserver::Effect::Stall, 1'000), 2);
    stall.match.has_range = false;
    rig.serve(serving({changed, resource("/b", 50'000)}, {stall}).script);
    rig.call(call::ResumeGroup{download.group});
    rig.eventually("PRG-09", "the file has gone back to zero and stands at 1,000 bytes",
                   [&] { return size_done(rig, download.group) == 50'000 + 1'000; });
    rig.expect("PRG-10", "get_Size is that of the new version", size(rig, download.group),
               {80'000U});
    rig.expect("GROUP-PROG-5", "the job's SIZE_DONE",
               job_progress(rig, download.job, ProgressFlag::SizeDone), {51'000U});
    rig.call(call::SuspendGroup{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "PRG-10", download.group);
    expect_file(rig, "PRG-10", "a", changed);
    expect_file(rig, "PRG-10", "b", resource("/b", 50'000));
    rig.expect("PRG-10", "SIZE_DONE in the end", size_done(rig, download.group), {80'000U});
    std::uint64_t again = 0;
    for (const SeenRequest& seen : rig.requests())
        if (seen.request.path == "/b") ++again;
    rig.expect("PRG-10", "requests for the finished file", again, {std::uint64_t{0}});
}

// The size comes with the HEAD, so that no byte beyond the first 40,000 is needed. Whoever tells 0
// for every size is found by the small group.
void expect_size(Rig& rig, std::uint32_t bytes) {
    const Download small = start(rig, {{"/few", "small"}}, 2);
    expect_complete(rig, "GROUP-SIZE-1", small.group);
    rig.expect("GROUP-SIZE-1", "get_Size of a group of 4 bytes", size(rig, small.group), {4U});
    const Download download = start(rig, {{"/few", "few"}, {"/a", "a"}});
    wait_for_silence(rig, download.group, 4 + 40'000);
    rig.expect("GROUP-SIZE-2", "get_Size", size(rig, download.group), {bytes});
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE",
               progress(rig, download.group, ProgressFlag::PercentDone), {0U});
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
}

// A file that 32 bits can tell and one that they cannot: a shorter byte count is wrong at some
// point.
void bytes_beyond_32_bits(Rig& rig) {
    const Download download = start(rig, {{"/half", "first"}, {"/large", "second"}});
    const auto done = [&] { return progress(rig, download.group, ProgressFlag::SizeDone); };
    rig.eventually("GROUP-PROG-1", "more than 31 bits can tell are there",
                   [&] { return done() > 0x90000000U; });
    rig.expect("GROUP-SIZE-1", "get_Size while the second size is not known",
               size(rig, download.group), {0U});
    rig.eventually("GROUP-PROG-6", "SIZE_DONE stands at its greatest value",
                   [&] { return done() == 0xFFFFFFFFU; });
    rig.expect("GROUP-PROG-2-b", "PERCENT_DONE",
               progress(rig, download.group, ProgressFlag::PercentDone), {61U});
    expect_complete(rig, "GROUP-PROG-6", download.group);
    rig.expect("GROUP-PROG-6", "SIZE_DONE in the end", done(), {0xFFFFFFFFU});
    rig.expect("GROUP-PROG-6", "the job's SIZE_DONE",
               job_progress(rig, download.job, ProgressFlag::SizeDone), {0xFFFFFFFFU});
    rig.expect("GROUP-SIZE-2", "get_Size", size(rig, download.group), {0U});
    rig.expect("GROUP-PROG-2-a", "PERCENT_DONE in the end",
               progress(rig, download.group, ProgressFlag::PercentDone), {100U});
    expect_file(rig, "LIM-08", "first", resource("/half", 2'500'000'000));
    expect_file(rig, "LIM-08", "second", resource("/large", 4'500'000'000));
}

std::vector<Case> size_cases() {
    const auto of = [](std::uint64_t bytes) {
        return serving({resource("/few", 4), resource("/a", bytes)}, {stall_at(40'000)});
    };
    const auto sized = [&of](const std::string& id, std::uint64_t total, std::uint32_t told,
                             const std::string& title) {
        return Case{"progress." + id,
                    {"GROUP-SIZE-2", "GROUP-SIZE-1"},
                    title,
                    {},
                    of(total - 4),
                    [told](Rig& rig) { expect_size(rig, told); }};
    };
    return {
        sized("size_31_bits", 0xC0000000, 0xC0000000, "A size of three gigabytes is told"),
        sized("size_largest", 0xFFFFFFFF, 0xFFFFFFFF, "The largest size is 0xFFFFFFFF"),
        sized("size_too_large", 0x100000000, 0, "A size that needs 33 bits is told as 0"),
        sized("size_beyond", 0x100000003, 0, "A size beyond 32 bits is not cut to them"),
        {"progress.beyond_32_bits",
         {"GROUP-PROG-6", "GROUP-PROG-1", "GROUP-PROG-2", "GROUP-SIZE-2", "LIM-08", "ERA-05"},
         "More bytes than 32 bits can tell are told as 0xFFFFFFFF",
         {"virtual_time"},
         serving({resource("/half", 2'500'000'000), resource("/large", 4'500'000'000)}),
         bytes_beyond_32_bits},
    };
}

std::vector<Case> course_cases() {
    const std::vector<fakeserver::Resource> site = {resource("/a"), resource("/b", 50'000),
                                                    resource("/empty", 0)};
    const Setting stalling = serving(site, {stall_at(40'000)});
    fakeserver::FaultRule silence = on_head("silence", fault(fakeserver::Effect::Stall), 1);
    silence.faults[0].at.where = fakeserver::Where::Head;
    return {
        {"progress.rounded_down",
         {"GROUP-PROG-2", "GROUP-PROG-1", "PRG-06"},
         "The percentage is rounded down: 100 is the end and nothing before it",
         {},
         serving(site, {stall_at(99'999)}),
         percent_is_rounded_down},
        {"progress.no_bytes",
         {"GROUP-PROG-2", "GROUP-SIZE-1", "PRG-02"},
         "Files of no bytes are no progress before the group is complete",
         {},
         serving({resource("/a", 0), resource("/empty", 0)}, {silence}),
         no_bytes_are_no_progress_before_the_end},
        {"progress.added",
         {"PRG-01", "GROUP-SIZE-1", "GROUP-PROG-2", "GROUP-PROG-1"},
         "With an added file the total is not known again",
         {},
         stalling,
         added_files_have_no_size_yet},
        {"progress.unknown",
         {"PRG-03", "GROUP-SIZE-1"},
         "A size that cannot be found out is told as 0",
         {},
         serving(site),
         an_unknown_size_is_none},
        {"progress.once",
         {"GROUP-PROG-5", "GROUP-PROG-1", "GROUP-SIZE-1", "OPEN-02", "OBS-064"},
         "No byte is counted twice, and none is lost by a suspension",
         {},
         stalling,
         nothing_is_counted_twice},
        {"progress.changed",
         {"PRG-09", "PRG-10", "GROUP-PROG-5"},
         "The progress of a file that has changed goes back to zero, and of no other one",
         {},
         stalling,
         progress_of_a_changed_file_goes_back},
    };
}

std::vector<Case> first_cases() {
    const std::vector<fakeserver::Resource> site = {resource("/a", 100'000), resource("/b", 50'000),
                                                    resource("/empty", 0)};
    const Setting plain = serving(site);
    const Setting stalling = serving(site, {stall_at(40'000)});
    return {
        {"progress.before",
         {"GROUP-SIZE-1", "GROUP-PROG-1", "GROUP-PROG-2", "PRG-02", "PRG-05", "OPEN-28", "OBS-007",
          "OBS-014"},
         "Nothing is known before the first turn",
         {},
         plain,
         nothing_is_known_before_the_first_turn},
        {"progress.middle",
         {"GROUP-PROG-1", "GROUP-PROG-2", "GROUP-PROG-5", "JOB1-PROG-1", "GROUP-SIZE-1",
          "SVC-TR-02"},
         "Progress is the sum over the files, of the group and of the job",
         {},
         stalling,
         progress_in_the_middle_of_the_second_file},
        {"progress.one_by_one",
         {"GROUP-SIZE-1", "GROUP-PROG-2", "PRG-01", "OPEN-26"},
         "The size is 0 until every file's size is known",
         {},
         stalling,
         sizes_become_known_one_by_one},
        {"progress.complete",
         {"GROUP-PROG-2", "GROUP-PROG-1", "GROUP-SIZE-1", "PRG-06"},
         "A complete group stands at 100 percent, also with no bytes",
         {},
         plain,
         hundred_percent_when_complete},
        {"progress.other_flags",
         {"GROUP-PROG-3", "GROUP-PROG-4", "JOB1-PROG-1"},
         "Time and unknown flags are refused",
         {},
         plain,
         other_flags_are_refused},
    };
}

}  // namespace

std::vector<Case> progress_cases() { return joined({first_cases(), course_cases(), size_cases()}); }

}  // namespace qmgr::conformance
