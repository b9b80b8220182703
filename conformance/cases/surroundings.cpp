// What happens around the service: log-off and log-on, the network, a pause by the system, and how
// long a group may lie.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

namespace around = surroundings;

void log_off_stops_and_log_on_goes_on(Rig& rig) {
    const Download download = start_and_stall(rig, "XFER-LOGON-1");
    rig.surroundings(around::LogOff{"u1"});
    expect_quiet(rig, "XFER-LOGON-1", download.group);
    rig.surroundings(around::LogOn{"u1"});
    expect_goes_on_where_it_was(rig, "XFER-LOGON-1", download.group);
}

void log_off_is_not_counted(Rig& rig) {
    const Download download = start_and_stall(rig, "XFER-LOGON-1");
    rig.surroundings(around::LogOff{"u1"});
    rig.let_pass(kWhile);
    rig.surroundings(around::LogOn{"u1"});
    expect_error(rig, "XFER-STATUS-1-a", download.group);  // the second GET is answered 404
    rig.expect("XFER-LOGON-1", "failures counted", job_status(rig, download.job).retries, {1U});
}

void waiting_for_a_retry_goes_on_at_log_on(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-LOGON-1", "the first answer is there",
                   [&] { return rig.requests().size() == 1; });
    rig.surroundings(around::LogOff{"u1"});
    expect_quiet(rig, "XFER-LOGON-1", download.group);
    rig.surroundings(around::LogOn{"u1"});
    expect_complete(rig, "XFER-LOGON-1", download.group);
    rig.expect_true("XFER-LOGON-1", "long before the retry delay was over", rig.elapsed() < kNever);
}

void another_users_transfer_goes_on(Rig& rig) {
    rig.surroundings(around::LogOff{"u1"});
    const Download download = start(rig, {{"/b", "b"}}, 2, Rig::user("u2"));
    rig.eventually("XFER-LOGON-1", "the other user's group is complete", [&] {
        return status(rig, download.group, Rig::user("u2")).has(GroupFlag::Suspended);
    });
    expect_file(rig, "XFER-LOGON-1", "b", resource("/b", 2'000));
}

void resumed_while_logged_off_it_waits(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.surroundings(around::LogOff{"u1"});
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{download.group},
                {HResult::Ok});
    expect_quiet(rig, "XFER-LOGON-1", download.group);
    rig.surroundings(around::LogOn{"u1"});
    expect_complete(rig, "XFER-LOGON-1", download.group);
}

void suspended_it_stays_suspended_at_log_on(Rig& rig) {
    const Download download = start_and_stall(rig, "XFER-LOGON-1");
    rig.surroundings(around::LogOff{"u1"});
    expect_code(rig, "GROUP-SUSPEND-1", "SuspendGroup answers", call::SuspendGroup{download.group},
                {HResult::Ok});
    rig.surroundings(around::LogOn{"u1"});
    rig.let_pass(kWhile);
    expect_status(rig, "GROUP-SUSPEND-1", "it is still suspended", download.group,
                  {kNew, kNewLenient});
}

void no_files_for_one_who_is_not_logged_on(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    rig.surroundings(around::LogOff{"u1"});
    expect_code(rig, "JOB1-ADD-11", "AddFiles answers",
                call::AddFiles{job, {{rig.url("/a"), rig.local("a"), 0}}}, {HResult::NotLoggedOn});
    rig.surroundings(around::LogOn{"u1"});
    rig.expect("JOB1-ADD-11", "files in the job",
               value_of<value::Count>(rig.call(call::GetFileCount{job})).number, {0U});
    add_files(rig, job, {{"/a", "a"}});
}

void a_new_owner_who_is_logged_off_stops_it(Rig& rig) {
    const Download download = start_and_stall(rig, "XFER-LOGON-1");
    rig.surroundings(around::LogOff{"admin"});
    expect_code(rig, "QMGR-GET-4", "an administrator's GetGroup answers", call::GetGroup{{guid(1)}},
                {HResult::Ok}, Rig::administrator());
    expect_quiet(rig, "XFER-LOGON-1", download.group);
    rig.surroundings(around::LogOn{"admin"});
    expect_goes_on_where_it_was(rig, "QMGR-GET-5", download.group);
}

void a_lost_network_is_waited_for(Rig& rig) {
    const Download download = start_and_stall(rig, "XFER-NET-1-a");
    rig.surroundings(around::NetworkLost{});
    expect_quiet(rig, "SVC-TR-08", download.group);
    rig.surroundings(around::NetworkBack{});
    expect_goes_on_where_it_was(rig, "XFER-NET-1-a", download.group);
}

void without_a_network_resume_waits(Rig& rig) {
    rig.surroundings(around::NetworkLost{});
    const Download download = start(rig, {{"/a", "a"}});
    expect_quiet(rig, "XFER-NET-1-a", download.group);
    rig.surroundings(around::NetworkBack{});
    expect_complete(rig, "XFER-NET-1-a", download.group);
}

void when_it_is_back_every_group_is_tried(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("SVC-TR-09", "the first answer is there",
                   [&] { return rig.requests().size() == 1; });
    rig.let_pass(kWhile);
    rig.surroundings(around::NetworkLost{});
    rig.surroundings(around::NetworkBack{});
    expect_complete(rig, "SVC-TR-09", download.group);
    rig.expect_true("SVC-TR-09", "long before the retry delay was over", rig.elapsed() < kNever);
}

void the_first_retries_after_it_are_fast(Rig& rig) {
    rig.surroundings(around::NetworkLost{});
    const Download download = start(rig, {{"/a", "a"}});
    rig.surroundings(around::NetworkBack{});
    expect_complete(rig, "XFER-NET-1-c", download.group);
    rig.expect_true("XFER-NET-1-c", "ten retries came long before one retry delay was over",
                    rig.elapsed() < kNever);
    rig.expect<std::uint64_t>("XFER-NET-1-c", "HEADs: the first and ten retries",
                              requests_of(rig, "HEAD").size(), {11});
}

void a_pause_is_waited_for(Rig& rig) {
    const Download download = start_and_stall(rig, "XFER-PAUSE-1");
    rig.surroundings(around::Paused{"metered network"});
    expect_quiet(rig, "XFER-PAUSE-1", download.group);
    rig.surroundings(around::Unpaused{});
    expect_goes_on_where_it_was(rig, "XFER-PAUSE-1", download.group);
}

void the_last_obstacle_decides(Rig& rig) {
    const Download download = start_and_stall(rig, "XFER-NET-1-a");
    rig.surroundings(around::NetworkLost{});
    rig.surroundings(around::LogOff{"u1"});
    rig.surroundings(around::Paused{"battery"});
    rig.surroundings(around::NetworkBack{});
    expect_quiet(rig, "XFER-PAUSE-1", download.group);
    rig.surroundings(around::Unpaused{});
    expect_quiet(rig, "XFER-LOGON-1", download.group);
    rig.surroundings(around::LogOn{"u1"});
    expect_goes_on_where_it_was(rig, "XFER-LOGON-1", download.group);
}

void it_knows_after_a_restart(Rig& rig) {
    start_and_stall(rig, "XFER-LOGON-1");
    rig.surroundings(around::LogOff{"u1"});
    rig.restart();
    const auto group = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    expect_quiet(rig, "XFER-LOGON-1", group);
    rig.surroundings(around::LogOn{"u1"});
    expect_complete(rig, "XFER-LOGON-1", group);
}

void an_idle_group_is_cancelled(Rig& rig) {
    const Download done = start(rig, {{"/b", "b"}}, 2);
    const Download idle = prepare(rig, {{"/a", "a"}}, 1);
    expect_complete(rig, "GROUP-STATUS-6-a", done.group);
    rig.eventually("GROUP-DONE-2", "both groups are gone",
                   [&] { return !is_in_queue(rig, 1) && !is_in_queue(rig, 2); });
    expect_status(rig, "GROUP-DONE-2", "as by CancelGroup", idle.group, {kNoFlags});
    rig.expect("GROUP-DONE-2", "finished files are kept, others are not", rig.files(),
               {std::vector<std::string>{"b"}});
}

void a_change_keeps_a_group(Rig& rig) {
    const GroupHandle group = create_group(rig);
    for (int day = 0; day < 4; ++day) {
        rig.let_pass(std::chrono::hours(24 * 60));
        expect_code(rig, "GROUP-DONE-2", "after sixty days SetProp answers",
                    call::SetProp{group, GroupProperty::DisplayName, {VariantType::Bstr, 0, "x"}},
                    {HResult::Ok});
    }
    rig.let_pass(std::chrono::hours(24 * 89));
    rig.expect_true("GROUP-DONE-2", "89 days after a change it is there", is_in_queue(rig, 1));
    rig.let_pass(std::chrono::hours(24 * 2));
    rig.expect_true("SVC-TMR-05", "91 days after it, it is not", !is_in_queue(rig, 1));
}

std::vector<Case> sessions() {
    const Setting stalling = serving({resource()}, {stall_at(50'000)});
    Setting waiting = serving({resource()}, {on_head("busy", respond(503), 1)});
    waiting.policy.retry_delay = kNever;
    const Setting failing =
        serving({resource()}, {stall_at(50'000), on_get("gone", respond(404), std::nullopt)});
    return {
        {"surroundings.log_off",
         {"XFER-LOGON-1", "OBS-067", "SVC-TR-05", "LOG-02", "CON-01"},
         "A transfer stops when its owner logs off, and goes on where it was at log-on",
         {"sessions"},
         stalling,
         log_off_stops_and_log_on_goes_on},
        {"surroundings.log_off_count",
         {"XFER-LOGON-1", "PRG-14"},
         "A log-off is not counted as a failure",
         {"sessions"},
         failing,
         log_off_is_not_counted},
        {"surroundings.log_on_retry",
         {"XFER-LOGON-1"},
         "A group that waited for a retry is tried at once at log-on",
         {"sessions", "policy"},
         waiting,
         waiting_for_a_retry_goes_on_at_log_on},
        {"surroundings.other_user",
         {"XFER-LOGON-1"},
         "A log-off concerns nobody else",
         {"sessions", "users"},
         serving({resource("/b", 2'000)}),
         another_users_transfer_goes_on},
        {"surroundings.resumed_logged_off",
         {"XFER-LOGON-1", "GROUP-RESUME-1", "OPEN-44"},
         "A group that is resumed while its owner is logged off waits for the log-on",
         {"sessions"},
         serving({resource()}),
         resumed_while_logged_off_it_waits},
        {"surroundings.suspended_logged_off",
         {"XFER-LOGON-1", "GROUP-SUSPEND-1"},
         "A group that was suspended meanwhile stays so at log-on",
         {"sessions"},
         stalling,
         suspended_it_stays_suspended_at_log_on},
        {"surroundings.add_files",
         {"JOB1-ADD-11", "OBS-075"},
         "One who is not logged on cannot add files",
         {"sessions"},
         serving({resource()}),
         no_files_for_one_who_is_not_logged_on},
        {"surroundings.new_owner",
         {"XFER-LOGON-1", "QMGR-GET-5", "OWN-05"},
         "It is the present owner whose session counts",
         {"sessions", "users"},
         stalling,
         a_new_owner_who_is_logged_off_stops_it},
        {"surroundings.restart",
         {"XFER-LOGON-1"},
         "A service that starts while the owner is logged off lets the group wait",
         // Through a pipe a new process can only be told after it has begun.
         {"sessions", "restart", "virtual_time"},
         stalling,
         it_knows_after_a_restart},
    };
}

std::vector<Case> network_and_pause() {
    const Setting stalling = serving({resource()}, {stall_at(50'000)});
    Setting waiting = serving({resource()}, {on_head("busy", respond(503), 1)});
    waiting.policy.retry_delay = kNever;
    Setting busy = serving({resource()}, {on_head("busy", respond(503), 10)});
    busy.policy.retry_delay = kNever;
    busy.policy.network_retry_delay = Duration(20);
    return {
        {"surroundings.network_lost",
         {"XFER-NET-1", "SVC-TR-08", "SVC-TR-11", "ERR-CLS-05", "NET-01"},
         "A transfer waits while there is no network, and goes on where it was",
         {"network"},
         stalling,
         a_lost_network_is_waited_for},
        {"surroundings.no_network",
         {"XFER-NET-1"},
         "A group that is resumed without a network waits for one",
         {"network"},
         serving({resource()}),
         without_a_network_resume_waits},
        {"surroundings.network_back",
         {"SVC-TR-09", "XFER-NET-1", "NET-01", "OPEN-16", "OBS-096"},
         "When the network is back, a group that waited for a retry is tried at once",
         {"network", "policy"},
         waiting,
         when_it_is_back_every_group_is_tried},
        {"surroundings.network_retries",
         {"XFER-NET-1", "OBS-096"},
         "The first ten retries after the network came back do not wait for the retry delay",
         {"network", "policy"},
         busy,
         the_first_retries_after_it_are_fast},
        {"surroundings.pause",
         {"XFER-PAUSE-1", "OBS-036", "OBS-076", "SVC-TR-11", "SVC-TR-15", "CON-19"},
         "A pause by the system is waited for without an error",
         {"pause"},
         stalling,
         a_pause_is_waited_for},
        {"surroundings.all_together",
         {"XFER-NET-1", "XFER-PAUSE-1", "XFER-LOGON-1", "LOG-01"},
         "A group goes on when the last thing it waits for has come",
         {"network", "pause", "sessions"},
         stalling,
         the_last_obstacle_decides},
    };
}

std::vector<Case> idleness() {
    Setting idle = serving({resource(), resource("/b", 2'000)});
    // Far longer than a loaded machine needs for the download, so that only idleness ends it.
    idle.policy.inactivity_timeout = std::chrono::seconds(4);
    return {
        {"surroundings.idle",
         {"GROUP-DONE-2", "SVC-TMR-05"},
         "A group in which nothing moves is cancelled, and keeps its finished files",
         {"policy"},
         idle,
         an_idle_group_is_cancelled},
        {"surroundings.idle_change",
         {"GROUP-DONE-2", "SVC-TMR-05"},
         "The ninety days count from the latest change",
         {"virtual_time"},
         serving({}),
         a_change_keeps_a_group},
    };
}

}  // namespace

std::vector<Case> surroundings_cases() {
    return joined({sessions(), network_and_pause(), idleness(), obstacle_cases()});
}

}  // namespace qmgr::conformance
