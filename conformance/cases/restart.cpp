// What survives when the service ends without warning.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

Download again(Rig& rig, unsigned number = 1) {
    const Reply group = rig.call(call::GetGroup{{guid(number)}});
    rig.expect("HANDLE-2", "GetGroup answers after the restart", group.hresult, {HResult::Ok});
    const auto handle = value_of<GroupHandle>(group);
    const Reply job = rig.call(call::GetJob{handle, {guid(number + 100)}});
    return {handle, value_of<JobHandle>(job)};
}

void old_handles_are_gone(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.restart();
    expect_code(rig, "HANDLE-2", "a call on an old handle answers",
                call::GetGroupStatus{download.group}, {HResult::RpcDisconnected});
    const Download fresh = again(rig);
    expect_status(rig, "HANDLE-2", "the group is as it was", fresh.group, {kNew, kNewLenient});
    rig.expect("HANDLE-2", "its file is there",
               value_of<value::Count>(rig.call(call::GetFileCount{fresh.job})).number, {1U});
}

void a_running_group_goes_on_with_its_bytes(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("GROUP-PROG-1", "the transfer stands at 5,000,000 bytes",
                   [&] { return size_done(rig, download.group) >= 5'000'000; });
    rig.let_pass(Duration(400));  // longer than Policy::sync_interval: the bytes are durable now
    rig.restart();
    const Download fresh = again(rig);
    expect_complete(rig, "XFER-START-1", fresh.group);
    expect_file(rig, "XFER-START-1", "a", resource("/a", 8'000'000));
    std::uint64_t from_zero = 0;
    for (const SeenRequest& seen : requests_of(rig, "GET"))
        if (header(seen, "range").empty()) ++from_zero;
    rig.expect("XFER-START-1", "GETs from zero in the file's whole life", from_zero,
               {std::uint64_t{1}});
    rig.expect("FILE-TMP-1", "no temporary file is left", rig.files(),
               {std::vector<std::string>{"a"}});
}

void a_waiting_group_is_tried_at_once(Rig& rig) {
    start(rig, {{"/a", "a"}});
    rig.eventually("XFER-START-1", "the first answer is there",
                   [&] { return rig.requests().size() == 1; });
    rig.let_pass(Duration(50));
    rig.restart();
    const Download fresh = again(rig);
    expect_complete(rig, "XFER-START-1", fresh.group);
    rig.expect_true("XFER-START-1", "less than the delay of 1,000,000 ms has passed",
                    rig.elapsed() < Duration(1'000'000));
}

void a_complete_group_stays_complete(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "GROUP-STATUS-6", download.group);
    const std::size_t before = rig.requests().size();
    rig.restart();
    const Download fresh = again(rig);
    expect_status(rig, "GROUP-DONE-1", "it is still complete", fresh.group,
                  {kComplete, kCompleteLenient});
    rig.let_pass(Duration(100));
    rig.expect<std::uint64_t>("FILE-PUB-5", "nothing is fetched again", rig.requests().size(),
                              {before});
    expect_file(rig, "GROUP-DONE-1", "a", resource());
}

void an_error_stays_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "GROUP-STATUS-5", download.group);
    rig.restart();
    const Download fresh = again(rig);
    expect_status(rig, "GROUP-STATUS-5", "it is still in error", fresh.group,
                  {kError, kErrorLenient});
    rig.expect("JOB1-STATUS-4", "with the same code", job_status(rig, fresh.job).win32_result,
               {0x80190194U});
}

void a_cancelled_group_stays_gone(Rig& rig) {
    const GroupHandle group = create_group(rig);
    rig.call(call::CancelGroup{group});
    rig.restart();
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup answers after the restart",
                call::GetGroup{{guid(1)}}, {HResult::QmItemNotFound});
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

}  // namespace

std::vector<Case> restart_cases() {
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
         {"XFER-START-1", "FILE-TMP-1"},
         "A running group goes on with the bytes it has",
         {"restart"},
         serving({resource("/a", 8'000'000)}, {stall_at(5'000'000)}),
         a_running_group_goes_on_with_its_bytes},
        {"restart.waiting",
         {"XFER-START-1"},
         "A waiting group is tried at once after a restart",
         {"restart", "policy"},
         waiting,
         a_waiting_group_is_tried_at_once},
        {"restart.complete",
         {"GROUP-DONE-1", "FILE-PUB-5"},
         "A complete group is complete after a restart",
         {"restart"},
         serving({resource()}),
         a_complete_group_stays_complete},
        {"restart.error",
         {"GROUP-STATUS-5", "JOB1-STATUS-4"},
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

}  // namespace qmgr::conformance
