// Files on the client's disk: temporary ones, the moment of publishing, and what stands in the way.
#include <functional>
#include <set>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;

using Names = std::vector<std::string>;

// ---- temporary files
// -----------------------------------------------------------------------------

void it_stands_beside_the_destination(Rig& rig) {
    rig.make_directory("sub");
    const Download download = start(rig, {{"/a", "sub/a"}});
    reach(rig, "FILE-TMP-1-a", download.group, 40'000);
    const Names files = rig.files();
    rig.expect("OBS-140", "files", files.size(), {std::size_t{1}});
    if (files.empty()) return;
    rig.expect_true("OBS-140", files[0] + " is named as temporary files are",
                    is_temporary(files[0]));
    rig.expect("FILE-TMP-1-a", "its directory is that of the destination",
               files[0].substr(0, files[0].find('/')), {std::string("sub")});
    rig.expect("FILE-TMP-1-a", "what was stored is in it",
               rig.look(files[0]).value_or(FileLook{}).size,
               {std::uint64_t{40'000}, std::uint64_t{100'000}});
    interrupt(rig, download.group);
    expect_complete(rig, "FILE-PUB-1", download.group);
    expect_file(rig, "FILE-PUB-1", "sub/a", resource());
    rig.expect("FILE-PUB-1", "files in the end", rig.files(), {Names{"sub/a"}});
}

void one_for_each_file(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}, {"/c", "c"}});
    reach(rig, "FILE-PUB-1", download.group, 42'000);
    const Names temporary = temporary_files(rig);
    rig.expect("OBS-140", "temporary files: of the finished file and of the one at hand",
               temporary.size(), {std::size_t{2}});
    rig.expect("FILE-PUB-1", "nothing is published yet", rig.files(), {temporary});
    interrupt(rig, download.group);
    expect_complete(rig, "FILE-PUB-1", download.group);
    rig.expect("FILE-PUB-1", "then all are", rig.files(), {Names{"a", "b", "c"}});
    expect_file(rig, "FILE-PUB-1", "b", resource("/b", 2'000));
}

void it_is_made_with_the_first_request(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}, {"/b", "b"}});
    rig.expect("FILE-TMP-1-b", "files before ResumeGroup", rig.files(), {Names{}});
    rig.call(call::ResumeGroup{download.group});
    rig.eventually("FILE-TMP-1-b", "the first request is there",
                   [&] { return !rig.requests().empty(); });
    rig.expect("FILE-TMP-1-b", "temporary files: of the file whose turn it is",
               temporary_files(rig).size(), {std::size_t{1}});
    rig.expect("FILE-TMP-1-b", "files", rig.files().size(), {std::size_t{1}});
}

void a_foreign_file_is_left_alone(Rig& rig) {
    const Names foreign = {"BIT0.tmp", "BIT1.tmp", "BIT2.tmp", "BIT3.tmp"};
    for (const std::string& name : foreign) rig.put_file(name, "theirs");
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "FILE-TMP-1-b", download.group, 40'000);
    rig.expect("FILE-TMP-1-b", "temporary files", temporary_files(rig).size(), {std::size_t{5}});
    interrupt(rig, download.group);
    expect_done(rig, "FILE-TMP-1-b", download.group);
    Names all = foreign;
    all.emplace_back("a");
    rig.expect("FILE-TMP-1-b", "files in the end", rig.files(), {all});
    for (const std::string& name : foreign)
        rig.expect("FILE-TMP-1-b", "bytes in " + name, rig.look(name).value_or(FileLook{}).size,
                   {std::uint64_t{6}});
}

void a_foreign_file_survives_a_cancel(Rig& rig) {
    rig.put_file("BIT0.tmp", "theirs");
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "FILE-TMP-1-b", download.group, 40'000);
    rig.call(call::CancelGroup{download.group});
    rig.eventually("GROUP-CANCEL-3", "the temporary file is gone",
                   [&] { return rig.files().size() == 1; });
    rig.expect("FILE-TMP-1-b", "files in the end", rig.files(), {Names{"BIT0.tmp"}});
    rig.expect("FILE-TMP-1-b", "bytes in it", rig.look("BIT0.tmp").value_or(FileLook{}).size,
               {std::uint64_t{6}});
}

void all_names_are_taken(Rig& rig) {
    constexpr unsigned names = 0x10000;
    for (unsigned number = 0; number < names; ++number) {
        std::string digits;
        for (unsigned rest = number; rest != 0 || digits.empty(); rest /= 16)
            digits.insert(digits.begin(), "0123456789ABCDEF"[rest % 16]);
        rig.put_file("BIT" + digits + ".tmp", "theirs");
    }
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "FILE-TMP-1-b", download, 0x80070050U);
    rig.expect("FILE-TMP-1-b", "requests", rig.requests().size(), {std::size_t{0}});
}

std::vector<Case> temporary() {
    const std::vector<fakeserver::Resource> three = {resource(), resource("/b", 2'000),
                                                     resource("/c", 2'000)};
    const Setting stalling = serving({resource()}, {stall_at(40'000)});
    return {
        {"disk_files.temporary",
         {"FILE-TMP-1-a", "OBS-140", "FILE-PUB-1"},
         "Data stands in a temporary file beside the destination until it is published",
         {},
         stalling,
         it_stands_beside_the_destination},
        {"disk_files.one_each",
         {"OBS-140", "FILE-PUB-1", "FILE-TMP-1-a"},
         "Each file has a temporary file, and none is published before the group is complete",
         {},
         serving(three, {stall_at(40'000)}),
         one_for_each_file},
        {"disk_files.made",
         {"FILE-TMP-1-b", "OPEN-33", "OBS-142"},
         "A temporary file is made when the first request of its file is sent",
         {},
         with_delay(serving({resource(), resource("/b", 2'000)},
                            {on_head("busy", respond(503), std::nullopt)}),
                    kNever),
         it_is_made_with_the_first_request},
        {"disk_files.foreign",
         {"FILE-TMP-1-b", "OPEN-33"},
         "A file that has the name of a temporary one is left alone",
         {},
         stalling,
         a_foreign_file_is_left_alone},
        {"disk_files.foreign_cancel",
         {"FILE-TMP-1-b", "GROUP-CANCEL-3"},
         "A file that has the name of a temporary one survives CancelGroup",
         {},
         stalling,
         a_foreign_file_survives_a_cancel},
        {"disk_files.all_taken",
         {"FILE-TMP-1-b"},
         "When every name for a temporary file is taken, that is an error",
         // Tens of thousands of real files are a matter of seconds.
         {"virtual_time"},
         serving({resource()}),
         all_names_are_taken},
    };
}

// ---- publishing
// ----------------------------------------------------------------------------------

void a_rename_that_fails(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    reach(rig, "FILE-PUB-2", download.group, 42'000);
    rig.make_directory("a");
    interrupt(rig, download.group);
    expect_error(rig, "FILE-PUB-2", download.group);
    const auto job = job_status(rig, download.job);
    rig.expect("FILE-PUB-2", "the job is in error with a failing code",
               (job.win32_result & 0x80000000U) != 0, {true});
    rig.expect("JOB1-STATUS-4-b", "the transport result", job.transport_result, {0U});
    rig.expect("PRG-14", "failures counted", job.retries, {1U});
    rig.expect("FILE-PUB-2", "the data is kept", temporary_files(rig).empty(), {false});
    rig.expect("GROUP-PROG-1", "bytes done", size_done(rig, download.group), {102'000U});
    const std::size_t before = rig.requests().size();
    rig.call(call::ResumeGroup{download.group});
    expect_error(rig, "FILE-PUB-2", download.group);
    rig.remove_directory("a");
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "FILE-PUB-2", download.group);
    expect_file(rig, "FILE-PUB-2", "b", resource("/b", 2'000));
    rig.expect("FILE-PUB-2", "requests for that", rig.requests().size() - before, {std::size_t{0}});
    rig.expect("FILE-PUB-1", "files in the end", rig.files(), {Names{"a", "b"}});
}

// Looks at every state the group is seen in, until it is complete.
void complete_means_published(Rig& rig) {
    std::vector<Wanted> files;
    Names names;
    for (const char* letter : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
        files.push_back({std::string("/") + letter, letter});
        names.emplace_back(letter);
    }
    const Download download = start(rig, files);
    std::set<std::string> others;
    rig.eventually("FILE-PUB-4", "the group stops running", [&] {
        const GroupStatus seen = status(rig, download.group);
        if (seen != kRunning && seen != kComplete && seen != kCompleteLenient)
            others.insert(describe(seen));
        return seen.has(GroupFlag::Suspended);
    });
    rig.expect("FILE-PUB-1", "in that moment every file is there, and nothing else", rig.files(),
               {names});
    rig.expect("FILE-PUB-4", "other states seen on the way",
               std::vector<std::string>(others.begin(), others.end()), {Names{}});
    rig.expect("GROUP-STATUS-6", "it is complete", status(rig, download.group),
               {kComplete, kCompleteLenient});
}

void the_old_file_stays_until_then(Rig& rig, bool cancel) {
    rig.put_file("a", "old");
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "FILE-PUB-3", download.group, 40'000);
    rig.expect("FILE-PUB-3", "bytes in the old file", rig.look("a").value_or(FileLook{}).size,
               {std::uint64_t{3}});
    if (cancel) {
        rig.call(call::CancelGroup{download.group});
    } else {
        interrupt(rig, download.group);
        expect_error(rig, "XFER-STATUS-1-a", download.group);
    }
    rig.eventually("FILE-PUB-3", "the group has ended",
                   [&] { return !cancel || rig.files().size() == 1; });
    rig.expect("FILE-PUB-3", "bytes in the old file, in the end",
               rig.look("a").value_or(FileLook{}).size, {std::uint64_t{3}});
}

// Looked at whenever something has happened.
void there_is_always_a_file(Rig& rig) {
    rig.put_file("a", "old");
    const Download download = start(rig, {{"/a", "a"}});
    std::set<std::string> others;
    rig.eventually("FILE-PUB-3", "the group stops running", [&] {
        const std::uint64_t bytes = rig.look("a").value_or(FileLook{}).size;
        if (bytes != 3 && bytes != 100'000) others.insert(std::to_string(bytes));
        return status(rig, download.group).has(GroupFlag::Suspended);
    });
    rig.expect("FILE-PUB-3", "bytes seen under the local name but those of the two files",
               Names(others.begin(), others.end()), {Names{}});
    expect_done(rig, "FILE-PUB-3", download.group);
}

void the_file_has_the_servers_date(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}, {"/b", "b"}});
    expect_complete(rig, "FILE-06", download.group);
    const auto first = rig.look("a").value_or(FileLook{}).last_write_s;
    const auto second = rig.look("b").value_or(FileLook{}).last_write_s;
    rig.expect("FILE-06", "last-write time of the first file", first.value_or(0), {kDateSeconds});
    rig.expect("FILE-TIME-1", "of the second, the last second of 1999", second.value_or(0),
               {std::int64_t{946'684'799}});
}

void a_published_file_is_its_users(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "FILE-PUB-1", download.group);
    rig.put_file("a", "edited");
    add_files(rig, download.job, {{"/b", "b"}});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "FILE-PUB-5", download.group);
    rig.expect("FILE-PUB-5", "bytes in the file that its user edited",
               rig.look("a").value_or(FileLook{}).size, {std::uint64_t{6}});
    expect_file(rig, "FILE-PUB-5", "b", resource("/b", 2'000));
    rig.call(call::CancelGroup{download.group});
    rig.expect("FILE-PUB-5", "files after CancelGroup", rig.files(), {Names{"a", "b"}});
}

void a_file_that_was_removed_stays_so(Rig& rig) {
    rig.make_directory("sub");
    const Download download = start(rig, {{"/a", "sub/a"}});
    expect_complete(rig, "FILE-PUB-1", download.group);
    rig.remove_directory("sub");
    add_files(rig, download.job, {{"/b", "b"}});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "FILE-PUB-5", download.group);
    expect_file(rig, "FILE-PUB-5", "b", resource("/b", 2'000));
    rig.expect("FILE-PUB-5", "GETs of the file that was removed", count_of(rig, "GET", "/a"),
               {std::uint64_t{1}});
    rig.expect("FILE-PUB-5", "files in the end", rig.files(), {Names{"b"}});
}

std::vector<Case> publishing() {
    std::vector<fakeserver::Resource> eight;
    for (const char* path : {"/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h"})
        eight.push_back(resource(path, 1'000));
    fakeserver::Resource old = resource("/b", 2'000);
    old.last_modified = "Fri, 31 Dec 1999 23:59:59 GMT";
    const std::vector<fakeserver::Resource> two = {resource(), resource("/b", 2'000)};
    fakeserver::Fault slow = fault(Effect::Bandwidth);
    slow.bytes_per_second = 100'000;  // for a second: whoever writes in place is seen at it
    return {
        {"disk_files.rename_fails",
         {"FILE-PUB-2", "JOB1-STATUS-4-b", "PRG-14", "OBS-144"},
         "A rename that fails is an error that ResumeGroup mends without fetching anything again",
         {},
         serving(two, {stall_at(40'000)}),
         a_rename_that_fails},
        {"disk_files.complete_means_published",
         {"FILE-PUB-1", "FILE-PUB-4", "GROUP-STATUS-9"},
         "A group runs until every file is published, and is complete then",
         {},
         serving(eight),
         complete_means_published},
        {"disk_files.old_cancel",
         {"FILE-PUB-3", "GROUP-CANCEL-3"},
         "CancelGroup leaves the old content of an unfinished file's destination",
         {},
         serving({resource()}, {stall_at(40'000)}),
         [](Rig& rig) { the_old_file_stays_until_then(rig, true); }},
        {"disk_files.old_error",
         {"FILE-PUB-3"},
         "An error leaves the old content of the destination",
         {},
         serving({resource()}, {stall_at(40'000), on_get("gone", respond(410), 1)}),
         [](Rig& rig) { the_old_file_stays_until_then(rig, false); }},
        {"disk_files.always_there",
         {"FILE-PUB-3"},
         "A file that is replaced is there at every moment, old or new and never in part",
         {},
         serving({resource()}, {on_get("slow", slow, 1)}),
         there_is_always_a_file},
        {"disk_files.date",
         {"FILE-06", "FILE-TIME-1"},
         "A published file has the date of the server",
         {},
         serving({resource("/a", 2'000), old}),
         the_file_has_the_servers_date},
        {"disk_files.edited",
         {"FILE-PUB-5"},
         "What was published is not touched again",
         {},
         serving({resource("/a", 2'000), resource("/b", 2'000)}),
         a_published_file_is_its_users},
        {"disk_files.removed",
         {"FILE-PUB-5"},
         "A published file that its user removed does not come back",
         {},
         serving({resource("/a", 2'000), resource("/b", 2'000)}),
         a_file_that_was_removed_stays_so},
    };
}

// ---- nothing left, and full disks
// ----------------------------------------------------------------

// Cancelled in whatever state, nothing of an unfinished file is left and no request comes.
void nothing_is_left(Rig& rig, const std::function<bool(const Download&)>& there,
                     Duration longer = Duration(0)) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-CANCEL-3", "the group is where it is to be cancelled",
                   [&] { return there(download); });
    rig.let_pass(longer);
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
    rig.eventually("JOB-CANCEL-02", "no file is left", [&] { return rig.files().empty(); });
    const std::size_t before = rig.requests().size();
    rig.let_pass(kWhile);
    rig.expect("GROUP-CANCEL-1", "requests after it", rig.requests().size() - before,
               {std::size_t{0}});
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup answers", call::GetGroup{{guid(1)}},
                {HResult::QmItemNotFound});
}

void cancelled_transferring(Rig& rig) {
    nothing_is_left(rig, [&](const Download& one) { return size_done(rig, one.group) >= 40'000; });
}
void cancelled_waiting(Rig& rig) {
    // Long enough for the answer to be read; where it was not, nothing may be left either.
    nothing_is_left(
        rig, [&](const Download& /*one*/) { return !rig.requests().empty(); }, kWhile);
}
void cancelled_in_error(Rig& rig) {
    nothing_is_left(
        rig, [&](const Download& one) { return status(rig, one.group).has(GroupFlag::Error); });
}

void a_disk_that_fills_up(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("FILE-DISK-1", "bytes arrive",
                   [&] { return size_done(rig, download.group) >= 10'000; });
    rig.surroundings(surroundings::DiskFull{true});
    expect_failure(rig, "FILE-DISK-1", download, 0x80070070U);
    const std::uint32_t stored = size_done(rig, download.group);
    rig.expect_true("FILE-DISK-1", "what was stored stays", stored >= 10'000);
    rig.surroundings(surroundings::DiskFull{false});
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "JOB-RESUME-03", download.group);
    rig.expect("XFER-GET-4", "the last GET's Range", last_range(rig, "/a"),
               {"bytes=" + std::to_string(stored) + "-99999"});
}

void a_directory_that_vanishes(Rig& rig) {
    rig.make_directory("sub");
    const Download download = start(rig, {{"/a", "sub/a"}});
    reach(rig, "FILE-DISK-1", download.group, 40'000);
    rig.call(call::SuspendGroup{download.group});
    rig.remove_directory("sub");
    rig.call(call::ResumeGroup{download.group});
    expect_failure(rig, "FILE-DISK-1", download, 0x80070003U);
    rig.make_directory("sub");
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "JOB-RESUME-03", download.group);
    expect_file(rig, "FILE-DISK-1", "sub/a", resource());
}

// The part of a file that is whole goes away; the group ends with the other one.
void a_part_that_is_lost(Rig& rig) {
    rig.make_directory("sub");
    const Download download = start(rig, {{"/b", "sub/b"}, {"/a", "a"}});
    reach(rig, "FILE-PUB-2", download.group, 42'000);
    rig.remove_directory("sub");
    rig.make_directory("sub");
    interrupt(rig, download.group);
    expect_error(rig, "FILE-PUB-2", download.group);
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "FILE-PUB-2", download.group);
    expect_file(rig, "FILE-PUB-2", "sub/b", resource("/b", 2'000));
    rig.expect("FILE-PUB-2", "GETs of the file that was lost", count_of(rig, "GET", "/b"),
               {std::uint64_t{2}});
}

// What is written to a file that nobody can find any more is not kept.
void a_part_that_is_lost_while_it_is_written(Rig& rig) {
    rig.make_directory("sub");
    const Download download = start(rig, {{"/a", "sub/a"}});
    rig.eventually("FILE-DISK-1", "bytes arrive",
                   [&] { return size_done(rig, download.group) >= 10'000; });
    rig.remove_directory("sub");
    rig.make_directory("sub");
    expect_error(rig, "FILE-DISK-1", download.group);
    rig.expect("FILE-DISK-1", "nothing is published", rig.files(), {Names{}});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "FILE-DISK-1", download.group);
    expect_file(rig, "FILE-DISK-1", "sub/a", resource());
}

std::vector<Case> endings() {
    fakeserver::Fault slow = fault(Effect::Bandwidth);
    slow.bytes_per_second = 30'000;  // over three seconds: what is done meanwhile is in time
    return {
        {"disk_files.part_lost",
         {"FILE-PUB-2"},
         "A finished file whose data went away is fetched again after ResumeGroup",
         {},
         serving({resource(), resource("/b", 2'000)}, {stall_at(40'000)}),
         a_part_that_is_lost},
        {"disk_files.part_lost_writing",
         {"FILE-DISK-1"},
         "A file that went away while it was written is an error, and is fetched again",
         {},
         serving({resource()}, {on_get("slow", slow, 1)}),
         a_part_that_is_lost_while_it_is_written},
        {"disk_files.cancel_transferring",
         {"GROUP-CANCEL-3", "JOB-CANCEL-02", "GROUP-CANCEL-1"},
         "Nothing is left of a group that is cancelled while it transfers",
         {},
         serving({resource()}, {stall_at(40'000)}),
         cancelled_transferring},
        {"disk_files.cancel_waiting",
         {"GROUP-CANCEL-3", "JOB-CANCEL-02", "GROUP-CANCEL-1"},
         "Nothing is left of a group that is cancelled while it waits for a retry",
         {},
         with_delay(serving({resource()}, {on_head("busy", respond(503), std::nullopt)}), kNever),
         cancelled_waiting},
        {"disk_files.cancel_error",
         {"GROUP-CANCEL-3", "JOB-CANCEL-02", "GROUP-CANCEL-1"},
         "Nothing is left of a group that is cancelled in error",
         {},
         serving({resource()}, {on_get("gone", respond(404), std::nullopt)}),
         cancelled_in_error},
        {"disk_files.disk_fills_up",
         {"FILE-DISK-1", "JOB-RESUME-03", "XFER-GET-4"},
         "A disk that fills up during a transfer is an error; what was stored stays",
         {"disk"},
         serving({resource()}, {on_get("slow", slow, 1)}),
         a_disk_that_fills_up},
        {"disk_files.directory_vanishes",
         {"FILE-DISK-1", "JOB-RESUME-03"},
         "A directory that vanishes with half a file in it is an error of that file",
         {},
         serving({resource()}, {stall_at(40'000)}),
         a_directory_that_vanishes},
    };
}

}  // namespace

std::vector<Case> disk_files_cases() { return joined({temporary(), publishing(), endings()}); }

}  // namespace qmgr::conformance
