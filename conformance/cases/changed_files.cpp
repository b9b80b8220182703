// A file that changes on the server while it is fetched: how that is seen, and what follows.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;
using fakeserver::Fault;

const std::string kLater = "Thu, 05 Sep 2024 00:00:00 GMT";
const std::string kEarlier = "Mon, 01 Jan 2001 00:00:00 GMT";

// From this request on the file is another one; what is not given stays as it was.
Fault change(std::optional<std::uint64_t> size, std::optional<std::string> date) {
    Fault one = fault(Effect::ChangeContent);
    one.seed = 12;
    one.size = size;
    one.last_modified = std::move(date);
    return one;
}

fakeserver::Resource changed(std::uint64_t size = 100'000) {
    fakeserver::Resource file = resource("/a", size);
    file.seed = 12;
    return file;
}

// Interrupted at 40,000 bytes; when it goes on the file is another one.
void it_starts_over_at_once(Rig& rig, const fakeserver::Resource& now) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-CHANGE-1-a", download.group, 40'000);
    interrupt(rig, download.group);
    expect_done(rig, "XFER-CHANGE-1-a", download.group, now);
    rig.expect_true("XFER-CHANGE-1-a", "long before the retry delay was over",
                    rig.elapsed() < kNever);
    rig.expect("XFER-CHANGE-1-a", "nothing else is left", rig.files(),
               {std::vector<std::string>{"a"}});
    const std::vector<SeenRequest> gets = requests_of(rig, "GET");
    if (!rig.expect_true("XFER-CHANGE-1-a", "there were three GETs at least", gets.size() >= 3))
        return;
    rig.expect("XFER-GET-4", "the second GET's Range", header(gets[1], "range"),
               {std::string("bytes=40000-99999")});
    const std::string whole = "bytes=0-" + std::to_string(now.size - 1);
    rig.expect("XFER-CHANGE-1-a", "the last GET is for the file from its first byte",
               header(gets.back(), "range"), {std::string(), whole});
}

Case starts_over(const std::string& id, const std::string& title, Fault how,
                 const fakeserver::Resource& now) {
    return {"changed_files." + id,
            {"XFER-CHANGE-1-a", "PRG-10"},
            title,
            {},
            with_delay(serving({resource()},
                               {on_ranged_get("changed", std::move(how), 1), stall_at(40'000)}),
                       kNever),
            [now](Rig& rig) { it_starts_over_at_once(rig, now); }};
}

// A version that sends no condition sees the change by itself.
Case seen_by_itself(const std::string& id, const std::string& title, Fault how,
                    const fakeserver::Resource& now) {
    Case one = starts_over(id, title, std::move(how), now);
    one.needs = {"policy"};
    one.setting.policy.wire = Wire::Bits66;
    return one;
}

void progress_goes_back(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "PRG-09", download.group, 40'000);
    interrupt(rig, download.group);
    reach(rig, "PRG-09", download.group, 10'000);
    interrupt(rig, download.group);
    expect_done(rig, "PRG-09", download.group, changed());
}

void it_is_not_counted(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-CHANGE-1-a", download.group, 40'000);
    interrupt(rig, download.group);
    expect_error(rig, "XFER-STATUS-1-a", download.group);
    rig.expect("XFER-CHANGE-1-a", "failures counted: the 404 alone",
               job_status(rig, download.job).retries, {1U});
}

void the_fourth_waits(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-CHANGE-1-b", "the GET and three more",
                   [&] { return count_of(rig, "GET", "/a") >= 4; });
    expect_quiet(rig, "XFER-CHANGE-1-b", download.group);
    rig.expect("XFER-CHANGE-1-b", "GETs before the retry delay", count_of(rig, "GET", "/a"),
               {std::uint64_t{4}});
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    rig.eventually("XFER-CHANGE-1-b", "after ResumeGroup there are four more",
                   [&] { return count_of(rig, "GET", "/a") >= 8; });
    expect_quiet(rig, "XFER-CHANGE-1-b", download.group);
}

void a_stored_byte_begins_anew(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-CHANGE-1-b", download.group, 10'000);
    rig.expect("XFER-CHANGE-1-a", "GETs: three start-overs at once", count_of(rig, "GET", "/a"),
               {std::uint64_t{4}});
    interrupt(rig, download.group);
    expect_done(rig, "XFER-CHANGE-1-b", download.group);
    rig.expect("XFER-CHANGE-1-b", "GETs: three more start-overs at once",
               count_of(rig, "GET", "/a"), {std::uint64_t{8}});
}

void each_file_has_its_three(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    expect_done(rig, "XFER-CHANGE-1-b", download.group);
    expect_file(rig, "XFER-CHANGE-1-b", "b", resource("/b", 2'000));
    rig.expect("XFER-CHANGE-1-b", "GETs of the first file", count_of(rig, "GET", "/b"),
               {std::uint64_t{4}});
    rig.expect("XFER-CHANGE-1-b", "GETs of the second file", count_of(rig, "GET", "/a"),
               {std::uint64_t{4}});
}

void finished_files_stay(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    reach(rig, "XFER-CHANGE-2", download.group, 42'000);
    interrupt(rig, download.group);
    expect_done(rig, "PRG-10", download.group, changed());
    expect_file(rig, "XFER-CHANGE-2", "b", resource("/b", 2'000));
    rig.expect("XFER-CHANGE-2", "requests for the finished file",
               count_of(rig, "HEAD", "/b") + count_of(rig, "GET", "/b"), {std::uint64_t{2}});
}

void the_new_date_is_sent(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-GET-2", download.group, 40'000);
    interrupt(rig, download.group);
    reach(rig, "XFER-GET-2", download.group, 10'000);
    interrupt(rig, download.group);
    expect_done(rig, "XFER-GET-2", download.group, changed());
    const auto gets = requests_of(rig, "GET");
    if (!rig.expect_true("XFER-GET-2", "there was a GET", !gets.empty())) return;
    rig.expect("XFER-GET-2", "the last GET's If-Unmodified-Since",
               header(gets.back(), "if-unmodified-since"), {kLater});
    rig.expect("XFER-GET-4", "its Range", header(gets.back(), "range"),
               {std::string("bytes=10000-99999")});
    const auto look = rig.look("a");
    const std::int64_t later = kDateSeconds + 78'259;  // from 02:15:41 to the next midnight
    if (look && look->last_write_s)
        rig.expect("FILE-06", "the file has the date of what was fetched", *look->last_write_s,
                   {later});
}

void another_length_of_get(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-CHANGE-1-a", download.group, changed(70'000));
    rig.expect_true("XFER-CHANGE-1-a", "long before the retry delay was over",
                    rig.elapsed() < kNever);
}

// The group is looked at whenever something has happened.
void it_shows_no_state_of_its_own(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    std::string other;
    rig.eventually("PRG-11", "the group stops running", [&] {
        const GroupStatus seen = status(rig, download.group);
        if (seen != kRunning && !seen.has(GroupFlag::Suspended)) other = describe(seen);
        const auto job = job_status(rig, download.job);
        if (job.win32_result != 0 || job.status.has(JobFlag::Error)) other = "results of a failure";
        return seen.has(GroupFlag::Suspended);
    });
    rig.expect("PRG-11", "what was seen but a running group", other, {std::string()});
    expect_done(rig, "PRG-11", download.group, changed());
}

void the_same_date_is_the_same_file(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "HTTP-CON-01", download.group, 40'000);
    interrupt(rig, download.group);
    expect_complete(rig, "HTTP-CON-01", download.group);
    rig.expect("HTTP-CON-01", "requests: it is continued", request_log(rig),
               {std::vector<std::string>{"HEAD /a", "GET /a", "GET /a bytes=40000-99999"}});
    rig.expect("HTTP-CON-01", "bytes in the file", rig.look("a").value_or(FileLook{}).size,
               {std::uint64_t{100'000}});
}

std::vector<Case> ways() {
    Fault old = fault(Effect::OtherVersion);
    old.size = 100'000;
    return {
        also(starts_over("date", "A file that has another date starts over", change({}, kLater),
                         changed()),
             {"HTTP-CON-02"}),
        starts_over("date_back", "A file whose date has gone back starts over",
                    change({}, kEarlier), changed()),
        also(starts_over("total", "A file that has another total starts over, its date unchanged",
                         change(70'000, {}), changed(70'000)),
             {"HTTP-CON-02"}),
        also(starts_over("shrunk", "A file that no longer reaches the byte asked for starts over",
                         change(30'000, {}), changed(30'000)),
             {"OPEN-18"}),
        starts_over("grown", "A file that has grown starts over", change(130'000, kLater),
                    changed(130'000)),
        also(starts_over("refused", "A 412 starts the file over", respond(412), resource()),
             {"OPEN-18"}),
        also(starts_over("total_in_200", "A 200 of another length to a range starts the file over",
                         fault(Effect::RangeAs200), resource()),
             {"XFER-RANGE-1-b"}),
        starts_over("wrong_total", "A 206 with another total starts the file over",
                    by_bytes(Effect::RangeWrongTotal, 1), resource()),
        also(starts_over("other_416", "A 416 that tells another total starts the file over",
                         respond(416, {{"Content-Range", "bytes */70000"}}), resource()),
             {"OPEN-18"}),
        also(starts_over("date_in_200", "A 200 with another date to a range starts the file over",
                         respond(200, {{"Last-Modified", kLater}, {"Content-Length", "100000"}}),
                         resource()),
             {"XFER-RANGE-1-b"}),
        also(seen_by_itself("date_in_206", "A 206 with another date starts the file over",
                            change({}, kLater), changed()),
             {"PRG-09"}),
        seen_by_itself("date_back_in_206", "A 206 with an earlier date starts the file over",
                       change({}, kEarlier), changed()),
        {"changed_files.between_head_and_get",
         {"XFER-CHANGE-1-a"},
         "A file that changed between HEAD and GET without a new date starts over at once",
         {},
         with_delay(serving({changed(70'000)}, {on_head("old", old, 1)}), kNever),
         another_length_of_get},
    };
}

std::vector<Case> consequences() {
    const auto stall_again = on_get("stall again", fault(Effect::Stall, 10'000), 1);
    const auto later = on_ranged_get("changed", change({}, kLater), 1);
    Fault other_bytes = fault(Effect::SameDateOtherBytes);
    other_bytes.seed = 12;
    const auto refuse = [](const std::string& name) { return on_get(name, respond(412), 3); };
    return {
        {"changed_files.progress",
         {"PRG-09", "XFER-CHANGE-1-a"},
         "The progress of a file that has changed goes back to zero",
         {},
         serving({resource()}, {later, stall_at(40'000), stall_again}),
         progress_goes_back},
        {"changed_files.no_state",
         {"PRG-11", "XFER-CHANGE-1-a"},
         "A file that starts over shows neither an error nor a state of its own",
         {},
         with_delay(serving({resource()}, {on_get("changed", change({}, kLater), 1)}), kNever),
         it_shows_no_state_of_its_own},
        {"changed_files.same_date",
         {"HTTP-CON-01"},
         "Other bytes of the same size and date are not noticed",
         {},
         serving({resource()}, {on_ranged_get("other bytes", other_bytes, 1), stall_at(40'000)}),
         the_same_date_is_the_same_file},
        {"changed_files.not_counted",
         {"XFER-CHANGE-1-a", "JOB1-STATUS-4-b", "PRG-14"},
         "A start-over is not counted as a failure",
         {},
         serving({resource()}, {later, stall_at(40'000), on_get("gone", respond(404), 1)}),
         it_is_not_counted},
        {"changed_files.fourth",
         {"XFER-CHANGE-1-b"},
         "The fourth start-over without a byte in between waits for the retry delay",
         {},
         with_delay(serving({resource()}, {on_get("refused", respond(412), std::nullopt)}), kNever),
         the_fourth_waits},
        {"changed_files.byte_between",
         {"XFER-CHANGE-1"},
         "A stored byte gives a file its three start-overs back",
         {},
         with_delay(serving({resource()}, {refuse("first"), stall_again, refuse("later")}), kNever),
         a_stored_byte_begins_anew},
        {"changed_files.each_file",
         {"XFER-CHANGE-1-b"},
         "Each file has three start-overs of its own",
         {},
         with_delay(serving({resource(), resource("/b", 2'000)},
                            {refuse("second file"),
                             on_request("GET", "/b", "first file", {respond(412)}, 3)}),
                    kNever),
         each_file_has_its_three},
        {"changed_files.finished",
         {"XFER-CHANGE-2", "PRG-10"},
         "A finished file is not fetched again when another one has changed",
         {},
         serving({resource(), resource("/b", 2'000)}, {later, stall_at(40'000)}),
         finished_files_stay},
        {"changed_files.new_date",
         {"XFER-GET-2", "FILE-06", "FILE-TIME-1"},
         "After a change it is the new date that is sent, and that the file gets",
         {},
         serving({resource()}, {later, stall_at(40'000), stall_again}),
         the_new_date_is_sent},
    };
}

}  // namespace

std::vector<Case> changed_files_cases() { return joined({ways(), consequences()}); }

}  // namespace qmgr::conformance
