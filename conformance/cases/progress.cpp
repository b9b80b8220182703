// GetProgress and get_Size.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

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
    rig.expect("GROUP-PROG-2", "PERCENT_DONE",
               progress(rig, download.group, ProgressFlag::PercentDone), {0U});
}

void progress_in_the_middle_of_the_second_file(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    rig.eventually("GROUP-PROG-1", "the second file stands at 40,000 bytes",
                   [&] { return size_done(rig, download.group) >= 50'000 + 40'000; });
    rig.expect("GROUP-PROG-5", "SIZE_DONE is the sum over the files",
               progress(rig, download.group, ProgressFlag::SizeDone), {90'000U});
    rig.expect("GROUP-PROG-2", "PERCENT_DONE is rounded down",
               progress(rig, download.group, ProgressFlag::PercentDone), {60U});
    rig.expect("JOB1-PROG-1", "the job's SIZE_DONE is the group's",
               job_progress(rig, download.job, ProgressFlag::SizeDone), {90'000U});
    rig.expect("JOB1-PROG-1", "the job's PERCENT_DONE is the group's",
               job_progress(rig, download.job, ProgressFlag::PercentDone), {60U});
    rig.expect("GROUP-SIZE-1", "get_Size when all sizes are known", size(rig, download.group),
               {150'000U});
}

void sizes_become_known_one_by_one(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}, {"/b", "b"}});
    // The server has to stand still, too: a system that begins with the other file has the bytes of
    // that one before it asks for this.
    rig.eventually("GROUP-PROG-1", "the first file stands at 40,000 bytes", [&] {
        return rig.hits().front().hits > 0 && size_done(rig, download.group) >= 40'000;
    });
    rig.expect("GROUP-SIZE-1", "get_Size while the second file's size is not known",
               size(rig, download.group), {0U});
    rig.expect("GROUP-PROG-2", "PERCENT_DONE while the total is not known",
               progress(rig, download.group, ProgressFlag::PercentDone), {0U});
}

void hundred_percent_when_complete(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}});
    expect_complete(rig, "GROUP-PROG-2", download.group);
    rig.expect("GROUP-PROG-2", "PERCENT_DONE of a complete group",
               progress(rig, download.group, ProgressFlag::PercentDone), {100U});
    rig.expect("GROUP-PROG-1", "SIZE_DONE of a complete group",
               progress(rig, download.group, ProgressFlag::SizeDone), {50'000U});
    rig.expect("GROUP-SIZE-1", "get_Size of a complete group", size(rig, download.group),
               {50'000U});
    const Download empty = start(rig, {{"/empty", "empty"}}, 2);
    expect_complete(rig, "GROUP-PROG-2", empty.group);
    rig.expect("GROUP-PROG-2", "PERCENT_DONE of a complete group of no bytes",
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
    expect_code(rig, "JOB1-PROG-1", "TIME_DONE of the job answers",
                call::GetJobProgress{download.job, ProgressFlag::TimeDone},
                {HResult::NotImplemented});
    rig.expect("GROUP-PROG-1", "SIZE_DONE still answers",
               progress(rig, download.group, ProgressFlag::SizeDone), {0U});
}

}  // namespace

std::vector<Case> progress_cases() {
    const std::vector<fakeserver::Resource> site = {resource("/a", 100'000), resource("/b", 50'000),
                                                    resource("/empty", 0)};
    const Setting plain = serving(site);
    const Setting stalling = serving(site, {stall_at(40'000)});
    return {
        {"progress.before",
         {"GROUP-SIZE-1", "GROUP-PROG-1", "GROUP-PROG-2"},
         "Nothing is known before the first turn",
         {},
         plain,
         nothing_is_known_before_the_first_turn},
        {"progress.middle",
         {"GROUP-PROG-1", "GROUP-PROG-2", "GROUP-PROG-5", "JOB1-PROG-1", "GROUP-SIZE-1"},
         "Progress is the sum over the files, of the group and of the job",
         {},
         stalling,
         progress_in_the_middle_of_the_second_file},
        {"progress.one_by_one",
         {"GROUP-SIZE-1", "GROUP-PROG-2"},
         "The size is 0 until every file's size is known",
         {},
         stalling,
         sizes_become_known_one_by_one},
        {"progress.complete",
         {"GROUP-PROG-2", "GROUP-PROG-1", "GROUP-SIZE-1"},
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

}  // namespace qmgr::conformance
