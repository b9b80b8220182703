// What survives when the service ends without warning.
#include <algorithm>
#include <functional>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

void old_handles_are_gone(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.restart();
    expect_code(rig, "HANDLE-2", "a call on an old handle answers",
                call::GetGroupStatus{download.group}, {HResult::RpcDisconnected});
    const Download fresh = find_again(rig);
    expect_status(rig, "HANDLE-2", "the group is as it was", fresh.group, {kNew, kNewLenient});
    rig.expect("HANDLE-2", "its file is there",
               value_of<value::Count>(rig.call(call::GetFileCount{fresh.job})).number, {1U});
}

// PER-03 and XFER-START-1 speak of the last count that was durable, and how often one is made so is
// for Policy alone to say: a case that does not need it takes any count up to what was stored.

// Of "bytes=5-9" it is 5; of no range 0.
std::uint64_t first_byte_of(const std::string& range) {
    std::uint64_t begin = 0;
    for (const char c : range.substr(std::min(range.find('=') + 1, range.size()))) {
        if (c < '0' || c > '9') break;
        begin = begin * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return begin;
}

void a_running_group_goes_on_with_its_bytes(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    wait_for_silence(rig, download.group, 5'000'000);
    rig.let_pass(kDurable);
    const std::size_t before = rig.requests().size();
    rig.restart();
    // Whoever has not ended at all still knows the handle and reads on from the silent server.
    expect_code(rig, "HANDLE-2", "a call on an old handle answers",
                call::GetGroupStatus{download.group}, {HResult::RpcDisconnected});
    const Download fresh = find_again(rig);
    expect_complete(rig, "XFER-START-1", fresh.group);
    expect_file(rig, "XFER-START-1", "a", resource("/a", 8'000'000));
    const auto requests = rig.requests();
    rig.expect_true("XFER-START-1", "there are requests after the restart",
                    requests.size() > before);
    for (std::size_t i = before; i < requests.size(); ++i) {
        if (requests[i].request.method != "GET") continue;
        const std::uint64_t begin = first_byte_of(header(requests[i], "range"));
        rig.expect_true("XFER-START-1", "a GET after it does not ask from zero", begin > 0);
        rig.expect_true("XFER-GET-4", "nor does it leave a byte out", begin <= 5'000'000);
    }
    rig.expect("FILE-TMP-1-a", "no temporary file is left", rig.files(),
               {std::vector<std::string>{"a"}});
}

void a_waiting_group_is_tried_at_once(Rig& rig) {
    start(rig, {{"/a", "a"}});
    rig.eventually("XFER-START-1", "the first answer is there",
                   [&] { return rig.requests().size() == 1; });
    rig.let_pass(Duration(50));
    rig.restart();
    const Download fresh = find_again(rig);
    expect_complete(rig, "XFER-START-1", fresh.group);
    rig.expect_true("XFER-START-1", "less than the delay of 1,000,000 ms has passed",
                    rig.elapsed() < Duration(1'000'000));
}

void a_complete_group_stays_complete(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "GROUP-STATUS-6-a", download.group);
    const std::size_t before = rig.requests().size();
    rig.restart();
    const Download fresh = find_again(rig);
    expect_status(rig, "GROUP-DONE-1", "it is still complete", fresh.group,
                  {kComplete, kCompleteLenient});
    rig.let_pass(Duration(100));
    rig.expect<std::uint64_t>("FILE-PUB-5", "nothing is fetched again", rig.requests().size(),
                              {before});
    expect_file(rig, "GROUP-DONE-1", "a", resource());
}

void an_error_stays_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    rig.restart();
    const Download fresh = find_again(rig);
    expect_status(rig, "GROUP-STATUS-5-a", "it is still in error", fresh.group,
                  {kError, kErrorLenient});
    rig.expect("JOB1-STATUS-4-b", "with the same code", job_status(rig, fresh.job).win32_result,
               {0x80190194U, 404U});
}

// Group 2, with its file, outlives the restart: not everything is lost.
void expect_the_other_is_there(Rig& rig) {
    const Download other = find_again(rig, 2);
    expect_status(rig, "HANDLE-2", "the group that was not cancelled is as it was", other.group,
                  {kNew, kNewLenient});
    rig.expect("JOB1-COUNT-1", "its files",
               value_of<value::Count>(rig.call(call::GetFileCount{other.job})).number, {1U});
}

void a_cancelled_group_stays_gone(Rig& rig) {
    const GroupHandle group = create_group(rig);
    prepare(rig, {{"/b", "b"}}, 2);
    rig.call(call::CancelGroup{group});
    rig.restart();
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup answers after the restart",
                call::GetGroup{{guid(1)}}, {HResult::QmItemNotFound});
    expect_the_other_is_there(rig);
}

void a_failing_journal_makes_the_service_unavailable(Rig& rig) {
    const GroupHandle group = create_group(rig, 1);
    rig.surroundings(surroundings::JournalFails{true});
    expect_code(rig, "SERVICE-1", "a call whose change is not durable answers",
                call::CreateGroup{{guid(2)}}, {HResult::QmServiceUnavailable});
    expect_code(rig, "SERVICE-1", "every later call answers", call::GetGroupStatus{group},
                {HResult::QmServiceUnavailable});
    rig.surroundings(surroundings::JournalFails{false});
    rig.eventually("SERVICE-1", "the service opens the journal again", [&] {
        return rig.call(call::GetGroup{{guid(1)}}).hresult != HResult::QmServiceUnavailable;
    });
    expect_code(rig, "SERVICE-1", "what was durable is there", call::GetGroup{{guid(1)}},
                {HResult::Ok});
}

// ---- every state
// ---------------------------------------------------------------------------------

void a_suspended_group_stays_suspended(Rig& rig, bool exact) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-START-1", download.group, 40'000);
    rig.call(call::SuspendGroup{download.group});
    rig.let_pass(kDurable);
    rig.restart();
    const Download fresh = find_again(rig);
    const std::size_t before = rig.requests().size();
    rig.let_pass(kWhile);
    rig.expect("XFER-START-1", "requests of a group that was not resumed",
               rig.requests().size() - before, {std::size_t{0}});
    expect_status(rig, "GROUP-STATUS-2-a", "it is suspended", fresh.group, {kNew, kNewLenient});
    rig.call(call::ResumeGroup{fresh.group});
    expect_done(rig, "XFER-START-1", fresh.group);
    const std::string range = last_range(rig, "/a");
    rig.expect_true("XFER-GET-4", "it goes on without leaving a byte out, and to the end",
                    first_byte_of(range) <= 40'000 && (range.empty() || range.ends_with("-99999")));
    if (exact)
        rig.expect("PER-03", "it goes on where it was", range, {std::string("bytes=40000-99999")});
}

void finished_files_are_not_fetched_again(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    reach(rig, "XFER-START-1", download.group, 42'000);
    rig.let_pass(kDurable);
    rig.restart();
    const Download fresh = find_again(rig);
    expect_done(rig, "XFER-START-1", fresh.group);
    expect_file(rig, "XFER-START-1", "b", resource("/b", 2'000));
    rig.expect("XFER-START-1", "GETs of the finished file", count_of(rig, "GET", "/b"),
               {std::uint64_t{1}});
    rig.expect("XFER-START-1", "HEADs: what was learnt is kept", requests_of(rig, "HEAD").size(),
               {std::size_t{2}});
    rig.expect("XFER-GET-4", "the other one goes on where it was", last_range(rig, "/a"),
               {std::string("bytes=40000-99999")});
    rig.expect("FILE-TMP-1-a", "files in the end", rig.files(),
               {std::vector<std::string>{"a", "b"}});
}

void everything_is_as_it_was(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}, {"/b", "b"}});
    const PropertyValue name{VariantType::Bstr, 0, "of the client"};
    rig.call(call::SetProp{download.group, GroupProperty::DisplayName, name});
    const PropertyValue class_id{VariantType::Bstr, 0, "{5eed0000-0000-4000-8000-0000000000c1}"};
    rig.call(call::SetProp{download.group, GroupProperty::NotifyClsid, class_id});
    rig.call(call::SwitchGroupToForeground{download.group});
    rig.restart();
    const Download fresh = find_again(rig);
    expect_status(rig, "GROUP-STATUS-8", "it is still in the foreground", fresh.group,
                  {kNew.with(GroupFlag::Foreground), kNewLenient.with(GroupFlag::Foreground)});
    rig.expect(
        "PROP-KEEP-1", "its display name",
        value_of<PropertyValue>(rig.call(call::GetProp{fresh.group, GroupProperty::DisplayName})),
        {name});
    const Reply kept = rig.call(call::GetProp{fresh.group, GroupProperty::NotifyClsid});
    rig.expect_true("PER-05", "the class of its callback object, in either case",
                    is_same_clsid(value_of<PropertyValue>(kept), class_id.text));
    rig.expect("JOB1-COUNT-1", "its files",
               value_of<value::Count>(rig.call(call::GetFileCount{fresh.job})).number, {2U});
    const auto second = value_of<FileSetInfo>(rig.call(call::GetFile{fresh.job, 1}));
    rig.expect("JOB1-FILE-1", "the second one's remote name", second.remote_name, {rig.url("/b")});
    rig.expect("JOB1-FILE-1", "its local name", second.local_name, {rig.local("b")});
}

void the_count_of_failures_is_kept(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    rig.restart();
    const Download fresh = find_again(rig);
    rig.call(call::ResumeGroup{fresh.group});
    expect_error(rig, "GROUP-STATUS-5-a", fresh.group);
    rig.expect("PRG-14", "failures counted, before the restart and after it",
               job_status(rig, fresh.job).retries, {2U});
}

void a_foreground_group_goes_on(Rig& rig) {
    const Download first = prepare(rig, {{"/b", "b"}}, 1);
    const Download second = prepare(rig, {{"/a", "a"}}, 2);
    rig.call(call::SwitchGroupToForeground{second.group});
    rig.call(call::ResumeGroup{first.group});
    rig.call(call::ResumeGroup{second.group});
    reach(rig, "SCHED-1", first.group, 1'000);
    reach(rig, "SCHED-1", second.group, 40'000);
    rig.let_pass(kDurable);
    rig.restart();
    const Download fresh = find_again(rig, 2);
    expect_done(rig, "SCHED-1", fresh.group);
}

void they_come_back_in_order(Rig& rig) {
    for (unsigned number = 1; number <= 3; ++number)
        start(rig, {{"/f" + std::to_string(number), "f" + std::to_string(number)}}, number);
    rig.eventually("SCHED-2-a", "the first group runs",
                   [&] { return !requests_of(rig, "GET").empty(); });
    rig.restart();
    for (unsigned number = 1; number <= 3; ++number)
        expect_complete(rig, "XFER-START-1", find_again(rig, number).group);
    std::vector<std::string> paths;
    for (const SeenRequest& seen : rig.requests())
        if (paths.empty() || paths.back() != seen.request.path) paths.push_back(seen.request.path);
    rig.expect("SCHED-2-a", "first come, first served", paths,
               {std::vector<std::string>{"/f1", "/f2", "/f3"}});
}

void repeats_are_counted_over_restarts(Rig& rig) {
    start(rig, {{"/a", "a"}});
    rig.eventually("XFER-QUICK-1-b", "the GET and its repeats",
                   [&] { return count_of(rig, "GET", "/a") >= 4; });
    rig.let_pass(Duration(30));
    rig.restart();
    rig.eventually("XFER-START-1", "it is tried again",
                   [&] { return count_of(rig, "GET", "/a") >= 5; });
    rig.let_pass(kWhile);
    rig.expect("XFER-QUICK-1-b", "GETs: no repeat was left", count_of(rig, "GET", "/a"),
               {std::uint64_t{5}});
    expect_status(rig, "GROUP-STATUS-4", "it waits", find_again(rig).group, {kRunning});
}

// What the renames of a group, which run side by side, take in the simulated world. Elsewhere they
// take another time, and none of the files may be lost there either.
constexpr Duration kRenames(2);

// It ends while the renames of a finished group are about to run, run, or have run.
void in_the_middle_of_the_renames(Rig& rig, Duration after) {
    std::vector<Wanted> files;
    std::vector<std::string> names;
    for (const char* letter : {"a", "b", "c", "d"}) {
        files.push_back({std::string("/") + letter, letter});
        names.emplace_back(letter);
    }
    const Download download = start(rig, files);
    reach(rig, "OPEN-36", download.group, 8'000);
    rig.let_pass(after);
    rig.restart();
    const Download fresh = find_again(rig);
    expect_complete(rig, "OPEN-36", fresh.group);
    rig.expect("OPEN-36", "files in the end, each once", rig.files(), {names});
    for (const std::string& name : names)
        expect_file(rig, "OPEN-36", name, resource("/" + name, 2'000));
}

void an_error_keeps_its_results(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "OPEN-40", download.group);
    rig.restart();
    const Download fresh = find_again(rig);
    const auto job = job_status(rig, fresh.job);
    rig.expect("OPEN-40", "the Win32 result", job.win32_result, {0x80190194U, 404U});
    rig.expect("OPEN-40", "the transport result", job.transport_result, {404U});
    rig.expect("OPEN-40", "the retry count", job.retries, {2U});
    rig.let_pass(kWhile);
    expect_status(rig, "JOB-STATE-05", "it stays in error", fresh.group, {kError, kErrorLenient});
    rig.expect("JOB-STATE-05", "requests", rig.requests().size(), {std::size_t{2}});
}

void what_waited_shows_no_results(Rig& rig) {
    start(rig, {{"/a", "a"}});
    rig.eventually("OPEN-40", "the first answer is there",
                   [&] { return rig.requests().size() == 1; });
    rig.let_pass(Duration(50));
    rig.restart();
    const Download fresh = find_again(rig);
    rig.eventually("OPEN-40", "it is tried again", [&] { return rig.requests().size() == 2; });
    rig.let_pass(Duration(50));
    expect_status(rig, "OPEN-40", "it waits again", fresh.group, {kRunning});
    const auto job = job_status(rig, fresh.job);
    rig.expect("OPEN-40", "the Win32 result", job.win32_result, {0U});
    rig.expect("OPEN-40", "the retry count", job.retries, {0U});
}

void progress_is_never_more(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "PER-03", download.group, 40'000);
    rig.let_pass(kDurable);
    rig.restart();
    const Download fresh = find_again(rig);
    rig.eventually("PER-02", "it goes on", [&] { return count_of(rig, "GET", "/a") >= 2; });
    const std::uint64_t begin = first_byte_of(last_range(rig, "/a"));
    rig.expect_true("PER-03", "it asks from no byte after those stored", begin <= 40'000);
    reach(rig, "PER-02", fresh.group, static_cast<std::uint32_t>(begin) + 30'000);
    interrupt(rig, fresh.group);
    expect_done(rig, "PER-02", fresh.group);
}

Case during_renames(const std::string& id, const std::string& title, Duration after) {
    std::vector<fakeserver::Resource> files;
    for (const char* path : {"/a", "/b", "/c", "/d"}) files.push_back(resource(path, 2'000));
    return {"restart.renames" + id,
            {"OPEN-36", "FILE-PUB-5"},
            title,
            {"restart"},
            serving(files),
            [after](Rig& rig) { in_the_middle_of_the_renames(rig, after); }};
}

void many_restarts(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-START-1", download.group, 40'000);
    for (int turn = 0; turn < 3; ++turn) {
        rig.restart();
        expect_status(rig, "XFER-START-1", "it goes on", find_again(rig).group, {kRunning});
    }
    rig.serve(serving({resource()}).script);
    rig.restart();
    expect_done(rig, "XFER-START-1", find_again(rig).group);
    rig.expect("FILE-TMP-1-a", "files in the end", rig.files(), {std::vector<std::string>{"a"}});
}

void a_rename_is_tried_after_it(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "FILE-PUB-2", download.group, 40'000);
    rig.make_directory("a");
    interrupt(rig, download.group);
    expect_error(rig, "FILE-PUB-2", download.group);
    rig.restart();
    const Download fresh = find_again(rig);
    expect_status(rig, "GROUP-STATUS-5-a", "it is still in error", fresh.group,
                  {kError, kErrorLenient});
    const std::size_t before = rig.requests().size();
    rig.remove_directory("a");
    rig.call(call::ResumeGroup{fresh.group});
    expect_done(rig, "FILE-PUB-2", fresh.group);
    rig.expect("FILE-PUB-2", "requests for that", rig.requests().size() - before, {std::size_t{0}});
}

void nothing_is_left_of_a_cancelled_group(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    prepare(rig, {{"/b", "b"}}, 2);
    reach(rig, "GROUP-CANCEL-3", download.group, 40'000);
    rig.call(call::CancelGroup{download.group});
    rig.restart();
    rig.eventually("GROUP-CANCEL-3", "no file is left", [&] { return rig.files().empty(); });
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup answers", call::GetGroup{{guid(1)}},
                {HResult::QmItemNotFound});
    expect_the_other_is_there(rig);
    const GroupHandle group = create_group(rig);  // its GUID is free again
    expect_status(rig, "GROUP-CANCEL-1", "the new group is a new one", group, {kNew, kNewLenient});
}

// How many bytes the transfer had when the service ended, and how many were left of them.
void bytes_are_durable(Rig& rig, std::uint64_t at_least) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-START-1", download.group, 1'500'000);
    rig.let_pass(3 * kDurable);  // the disk may be busy with other files
    rig.restart();
    expect_done(rig, "XFER-START-1", find_again(rig).group, resource("/a", 4'000'000));
    const std::uint64_t begin = first_byte_of(last_range(rig, "/a"));
    rig.expect_true("XFER-START-1", "of 1,500,000 bytes so many were durable", begin >= at_least);
    rig.expect_true("XFER-GET-4", "and none is left out", begin <= 1'500'000);
}

std::vector<Case> states() {
    const Setting stalling = serving({resource()}, {stall_at(40'000)});
    const Setting two = serving({resource(), resource("/b", 2'000)}, {stall_at(40'000)});
    const auto stall_b =
        on_request("GET", "/b", "stall b", {fault(fakeserver::Effect::Stall, 1'000)}, std::nullopt);
    std::vector<fakeserver::Resource> three;
    for (const char* path : {"/f1", "/f2", "/f3"}) three.push_back(resource(path, 2'000));
    return {
        {"restart.suspended",
         {"XFER-START-1", "GROUP-STATUS-2", "XFER-GET-4", "PER-01", "JOB-STATE-04",
          "GROUP-SUSPEND-1"},
         "A suspended group stays suspended, and leaves no byte out when it goes on",
         {"restart"},
         stalling,
         [](Rig& rig) { a_suspended_group_stays_suspended(rig, false); }},
        {"restart.suspended_bytes",
         {"XFER-START-1", "PER-03", "XFER-GET-4"},
         "A suspended group has every byte that Policy makes durable",
         {"restart", "policy"},
         stalling,
         [](Rig& rig) { a_suspended_group_stays_suspended(rig, true); }},
        {"restart.finished_files",
         {"XFER-START-1", "XFER-GET-4"},
         "Files that are finished, and what was learnt of the others, outlive a restart",
         {"restart", "policy"},
         two,
         finished_files_are_not_fetched_again},
        {"restart.as_it_was",
         {"GROUP-STATUS-8", "PROP-KEEP-1", "JOB1-COUNT-1", "JOB1-FILE-1", "PER-05", "GROUP-FG-2",
          "QMGR-GET-1"},
         "Files, properties and the priority of a group outlive a restart",
         {"restart"},
         serving({}),
         everything_is_as_it_was},
        {"restart.failures",
         {"PRG-14", "JOB1-STATUS-4-b", "OPEN-40"},
         "The count of failures outlives a restart",
         {"restart"},
         serving({resource()}, {on_head("missing", respond(404), std::nullopt)}),
         the_count_of_failures_is_kept},
        {"restart.foreground",
         {"XFER-START-1", "SCHED-1"},
         "A foreground group does not wait for a background group after a restart",
         {"restart"},
         serving({resource(), resource("/b", 2'000)}, {stall_at(40'000), stall_b}),
         a_foreground_group_goes_on},
        {"restart.order",
         {"XFER-START-1", "SCHED-2-a"},
         "Background groups keep their order over a restart",
         {"restart"},
         serving(three,
                 {on_request("GET", "/f1", "stall", {fault(fakeserver::Effect::Stall, 1'000)}, 1)}),
         they_come_back_in_order},
    };
}

std::vector<Case> more_states() {
    const Setting stalling = serving({resource()}, {stall_at(40'000)});
    return {
        {"restart.repeats",
         {"XFER-QUICK-1-b", "XFER-START-1"},
         "Repeats at once are counted over restarts",
         {"restart"},
         with_delay(serving({resource()}, {on_get("busy", respond(503), std::nullopt)}), kNever),
         repeats_are_counted_over_restarts},
        {"restart.many",
         {"XFER-START-1"},
         "Restart after restart a group goes on",
         {"restart"},
         serving({resource()},
                 {on_get("stall", fault(fakeserver::Effect::Stall, 40'000), 1),
                  on_get("stall again", fault(fakeserver::Effect::Stall, 1'000), std::nullopt)}),
         many_restarts},
        during_renames("_before",
                       "A service that ends when the last byte has come loses none of its files",
                       Duration(0)),
        during_renames("", "A service that ends while files are published loses none of them",
                       kRenames / 2),
        during_renames("_after",
                       "A service that ends when every file was published loses none of them",
                       kRenames * 2),
        {"restart.error_results",
         {"OPEN-40", "JOB-STATE-05", "JOB1-STATUS-4-b"},
         "An error keeps its code, its results and its count over a restart",
         {"restart"},
         serving({resource()}, {on_head("busy", respond(503), 1),
                                on_head("missing", respond(404), std::nullopt)}),
         an_error_keeps_its_results},
        {"restart.waiting_results",
         {"OPEN-40", "XFER-START-1"},
         "A group that waited for a retry shows no error after a restart",
         {"restart"},
         with_delay(serving({resource()}, {on_head("busy", respond(503), std::nullopt)}), kNever),
         what_waited_shows_no_results},
        {"restart.progress",
         {"PER-02", "PER-03", "XFER-START-1"},
         "A restart may give bytes back, but never more than were stored",
         {"restart"},
         serving({resource()},
                 {stall_at(40'000),
                  on_get("stall again", fault(fakeserver::Effect::Stall, 30'000), 1)}),
         progress_is_never_more},
        {"restart.rename",
         {"FILE-PUB-2", "GROUP-STATUS-5"},
         "A rename that failed is tried again after a restart without fetching anything",
         {"restart"},
         stalling,
         a_rename_is_tried_after_it},
        {"restart.cancelled_files",
         {"GROUP-CANCEL-3", "GROUP-CANCEL-1"},
         "Nothing is left of a group that was cancelled just before a restart",
         {"restart"},
         stalling,
         nothing_is_left_of_a_cancelled_group},
    };
}

std::vector<Case> durability() {
    const fakeserver::Resource file = resource("/a", 4'000'000);
    Setting by_bytes = serving({file}, {stall_at(1'500'000)});
    by_bytes.policy.sync_bytes = 1'000'000;
    by_bytes.policy.sync_interval = std::chrono::hours(1);
    Setting by_time = serving({file}, {stall_at(1'500'000)});
    by_time.policy.sync_bytes = 1'000'000'000;
    // Within the three seconds that are waited, and twice as much is not.
    by_time.policy.sync_interval = Duration(1'800);
    return {
        {"restart.durable_bytes",
         {"XFER-START-1", "PER-03"},
         "After so many bytes as Policy says they outlive a restart",
         {"restart", "policy"},
         by_bytes,
         [](Rig& rig) { bytes_are_durable(rig, 1'000'000); }},
        {"restart.durable_time",
         {"XFER-START-1"},
         "After so long as Policy says bytes outlive a restart",
         {"restart", "policy"},
         by_time,
         [](Rig& rig) { bytes_are_durable(rig, 1'500'000); }},
    };
}

// ---- the journal
// ---------------------------------------------------------------------------------

// Calls that change something; none of them is answered before it is durable.
std::vector<std::pair<std::string, std::function<Call(const Download&)>>> changing_calls(Rig& rig) {
    const PropertyValue name{VariantType::Bstr, 0, "new"};
    return {
        {"CreateGroup", [](const Download&) -> Call { return call::CreateGroup{{guid(2)}}; }},
        {"AddFiles",
         [&rig](const Download& one) -> Call {
             return call::AddFiles{one.job, {{rig.url("/b"), rig.local("b"), 0}}};
         }},
        {"SetProp",
         [name](const Download& one) -> Call {
             return call::SetProp{one.group, GroupProperty::DisplayName, name};
         }},
        {"SwitchToForeground",
         [](const Download& one) -> Call { return call::SwitchGroupToForeground{one.group}; }},
        {"ResumeGroup", [](const Download& one) -> Call { return call::ResumeGroup{one.group}; }},
        {"CancelGroup", [](const Download& one) -> Call { return call::CancelGroup{one.group}; }},
    };
}

void wait_for_the_service(Rig& rig) {
    rig.eventually("SERVICE-1", "the service opens the journal again", [&] {
        return rig.call(call::GetGroup{{guid(1)}}).hresult != HResult::QmServiceUnavailable;
    });
}

void no_answer_before_it_is_durable(Rig& rig) {
    prepare(rig, {{"/a", "a"}});
    for (const auto& [name, make] : changing_calls(rig)) {
        const Download now = find_again(rig);
        rig.surroundings(surroundings::JournalFails{true});
        expect_code(rig, "SERVICE-1", name + " answers", make(now),
                    {HResult::QmServiceUnavailable});
        expect_code(rig, "SERVICE-1", "a later call answers", call::GetGroup{{guid(1)}},
                    {HResult::QmServiceUnavailable});
        rig.surroundings(surroundings::JournalFails{false});
        wait_for_the_service(rig);
    }
    const Download fresh = find_again(rig);
    expect_status(rig, "SERVICE-1", "the group is as it was", fresh.group, {kNew, kNewLenient});
    rig.expect("SERVICE-1", "its files",
               value_of<value::Count>(rig.call(call::GetFileCount{fresh.job})).number, {1U});
    expect_code(rig, "SERVICE-1", "GetGroup for the second group answers",
                call::GetGroup{{guid(2)}}, {HResult::QmItemNotFound});
    rig.expect("SERVICE-1", "requests", rig.requests().size(), {std::size_t{0}});
}

void a_transfer_outlives_a_failing_journal(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "SERVICE-1", download.group, 40'000);
    rig.let_pass(kDurable);
    rig.surroundings(surroundings::JournalFails{true});
    expect_code(rig, "SERVICE-1", "CreateGroup answers", call::CreateGroup{{guid(2)}},
                {HResult::QmServiceUnavailable});
    rig.surroundings(surroundings::JournalFails{false});
    wait_for_the_service(rig);
    expect_done(rig, "SERVICE-1", find_again(rig).group);
    rig.expect("SERVICE-1", "bytes that were durable are not asked for again",
               last_range(rig, "/a"), {std::string("bytes=40000-99999")});
}

void it_is_opened_again_every_delay(Rig& rig) {
    create_group(rig);
    rig.surroundings(surroundings::JournalFails{true});
    expect_code(rig, "SERVICE-1", "CreateGroup answers", call::CreateGroup{{guid(2)}},
                {HResult::QmServiceUnavailable});
    const Duration failed = rig.elapsed();
    rig.let_pass(std::chrono::seconds(900));  // one try of the service falls into it
    rig.surroundings(surroundings::JournalFails{false});
    expect_code(rig, "SERVICE-1", "GetGroup before the next try answers", call::GetGroup{{guid(1)}},
                {HResult::QmServiceUnavailable});
    wait_for_the_service(rig);
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(rig.elapsed() - failed).count();
    rig.expect("SERVICE-1", "seconds until the second try", seconds,
               {std::int64_t{1'200}, std::int64_t{1'201}});
}

std::vector<Case> journal() {
    return {
        {"restart.journal_calls",
         {"SERVICE-1"},
         "No call that changes something is answered before the change is durable",
         {"journal"},
         serving({resource()}),
         no_answer_before_it_is_durable},
        {"restart.journal_transfer",
         {"SERVICE-1"},
         "A transfer goes on when the journal can be written again",
         {"journal", "policy"},
         serving({resource()}, {stall_at(40'000)}),
         a_transfer_outlives_a_failing_journal},
        {"restart.journal_delay",
         {"SERVICE-1"},
         "The journal is opened again every retry delay",
         {"virtual_time", "journal"},
         with_defaults(serving({})),
         it_is_opened_again_every_delay},
    };
}

std::vector<Case> basics() {
    Setting waiting = serving({resource()}, {on_head("busy", respond(503), 1)});
    waiting.policy.retry_delay = Duration(1'000'000);
    return {
        {"restart.handles",
         {"HANDLE-2"},
         "Old handles are gone after a restart, groups are not",
         {"restart"},
         serving({resource()}),
         old_handles_are_gone},
        {"restart.goes_on",
         {"XFER-START-1", "FILE-TMP-1", "PER-01", "PER-02", "OPEN-26", "HANDLE-2"},
         "A running group goes on with the bytes it has",
         {"restart"},
         serving({resource("/a", 8'000'000)}, {stall_at(5'000'000)}),
         a_running_group_goes_on_with_its_bytes},
        {"restart.waiting",
         {"XFER-START-1", "OPEN-40"},
         "A waiting group is tried at once after a restart",
         {"restart", "policy"},
         waiting,
         a_waiting_group_is_tried_at_once},
        {"restart.complete",
         {"GROUP-DONE-1", "FILE-PUB-5", "PER-01"},
         "A complete group is complete after a restart",
         {"restart"},
         serving({resource()}),
         a_complete_group_stays_complete},
        {"restart.error",
         {"GROUP-STATUS-5", "JOB1-STATUS-4", "PER-01", "OPEN-40"},
         "A group in error is in error after a restart",
         {"restart"},
         serving({resource()}, {on_head("missing", respond(404), std::nullopt)}),
         an_error_stays_an_error},
        {"restart.cancelled",
         {"GROUP-CANCEL-1"},
         "A cancelled group stays gone",
         {"restart"},
         serving({}),
         a_cancelled_group_stays_gone},
        {"restart.journal_fails",
         {"SERVICE-1"},
         "A journal that cannot be written makes the service unavailable; nothing is lost",
         {"journal"},
         serving({}),
         a_failing_journal_makes_the_service_unavailable},
    };
}

}  // namespace

std::vector<Case> restart_cases() {
    return joined({basics(), states(), more_states(), durability(), journal()});
}

}  // namespace qmgr::conformance
