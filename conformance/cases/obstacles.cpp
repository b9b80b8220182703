// What holds transfers back, a lost network or a pause, in every situation a group can be in. The
// cases belong to the area of surroundings.cpp.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

namespace around = surroundings;

// ---- more of the network and of pauses
// -----------------------------------------------------------

using Surrounding = std::pair<Surroundings, Surroundings>;  // what stops, and what ends it

// The second GET is answered 404: what its retry count shows is all that was counted.
void it_is_not_counted(Rig& rig, const std::string& clause, const Surrounding& around) {
    const Download download = start_and_stall(rig, clause);
    rig.surroundings(around.first);
    rig.let_pass(kWhile);
    rig.surroundings(around.second);
    expect_error(rig, "XFER-STATUS-1-a", download.group);
    rig.expect(clause, "failures counted", job_status(rig, download.job).retries, {1U});
}

void it_reaches_only_those_that_run(Rig& rig, const std::string& clause,
                                    const Surrounding& around) {
    const Download failed = start(rig, {{"/missing", "missing"}}, 1);
    expect_error(rig, "GROUP-STATUS-5", failed.group);
    const Download done = start(rig, {{"/b", "b"}}, 2);
    expect_complete(rig, "GROUP-STATUS-6", done.group);
    const Download stopped = start(rig, {{"/a", "a"}}, 3);
    rig.eventually(clause, "bytes arrive", [&] { return size_done(rig, stopped.group) == 50'000; });
    rig.call(call::SuspendGroup{stopped.group});
    const std::size_t before = rig.requests().size();
    rig.surroundings(around.first);
    const auto expect_all = [&](const std::string& when) {
        expect_status(rig, clause, when + ", the group in error", failed.group,
                      {kError, kErrorLenient});
        rig.expect(clause, when + ", its code", job_status(rig, failed.job).win32_result,
                   {0x80190194U, 404U});
        expect_status(rig, clause, when + ", the complete group", done.group,
                      {kComplete, kCompleteLenient});
        expect_status(rig, clause, when + ", the suspended group", stopped.group,
                      {kNew, kNewLenient});
    };
    expect_all("meanwhile");
    rig.surroundings(around.second);
    rig.let_pass(kWhile);
    expect_all("after it");
    rig.expect(clause, "requests", rig.requests().size() - before, {std::size_t{0}});
}

void it_is_waited_for_in_the_foreground(Rig& rig, const std::string& clause,
                                        const Surrounding& around) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rig.call(call::SwitchGroupToForeground{download.group});
    rig.call(call::ResumeGroup{download.group});
    rig.eventually(clause, "the transfer stands at 50,000 bytes",
                   [&] { return size_done(rig, download.group) == 50'000; });
    rig.surroundings(around.first);
    const std::size_t before = rig.requests().size();
    rig.let_pass(kWhile);
    rig.expect(clause, "requests meanwhile", rig.requests().size() - before, {std::size_t{0}});
    expect_status(rig, clause, "it waits, without an error", download.group,
                  {kRunning.with(GroupFlag::Foreground)});
    rig.surroundings(around.second);
    expect_done(rig, clause, download.group);
}

void resumed_meanwhile_it_waits(Rig& rig, const std::string& clause, const Surrounding& around) {
    rig.surroundings(around.first);
    const Download download = start(rig, {{"/a", "a"}});
    expect_quiet(rig, clause, download.group);
    expect_code(rig, "GROUP-RESUME-5", "a second ResumeGroup answers",
                call::ResumeGroup{download.group}, {HResult::Ok});
    expect_quiet(rig, clause, download.group);
    rig.surroundings(around.second);
    expect_complete(rig, clause, download.group);
}

void suspended_meanwhile_it_stays(Rig& rig, const std::string& clause, const Surrounding& around) {
    const Download download = start_and_stall(rig, clause);
    rig.surroundings(around.first);
    expect_code(rig, "GROUP-SUSPEND-1", "SuspendGroup answers", call::SuspendGroup{download.group},
                {HResult::Ok});
    expect_status(rig, "GROUP-SUSPEND-1", "it is suspended", download.group, {kNew, kNewLenient});
    rig.surroundings(around.second);
    rig.let_pass(kWhile);
    expect_status(rig, "GROUP-SUSPEND-1", "it is still suspended", download.group,
                  {kNew, kNewLenient});
    rig.call(call::ResumeGroup{download.group});
    expect_goes_on_where_it_was(rig, clause, download.group);
}

void cancelled_meanwhile_it_is_gone(Rig& rig, const std::string& clause,
                                    const Surrounding& around) {
    const Download download = start_and_stall(rig, clause);
    rig.surroundings(around.first);
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
    const std::size_t before = rig.requests().size();
    rig.surroundings(around.second);
    rig.let_pass(kWhile);
    rig.eventually("GROUP-CANCEL-3", "no file is left", [&] { return rig.files().empty(); });
    rig.expect("GROUP-CANCEL-1", "requests after it", rig.requests().size() - before,
               {std::size_t{0}});
}

void all_wait_and_go_on_in_turn(Rig& rig, const std::string& clause, const Surrounding& around) {
    const Download first = start_and_stall(rig, clause);
    const Download second = start(rig, {{"/b", "b"}}, 2);
    rig.surroundings(around.first);
    expect_quiet(rig, clause, second.group);
    rig.surroundings(around.second);
    expect_goes_on_where_it_was(rig, clause, first.group);
    expect_complete(rig, clause, second.group);
    expect_file(rig, clause, "b", resource("/b", 2'000));
}

void a_waiting_group_is_reached(Rig& rig, const std::string& clause, const Surrounding& around) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually(clause, "the first answer is there", [&] { return rig.requests().size() == 1; });
    rig.let_pass(Duration(50));
    rig.surroundings(around.first);
    expect_quiet(rig, clause, download.group);
    rig.surroundings(around.second);
    expect_complete(rig, clause, download.group);
    rig.expect_true(clause, "long before the retry delay was over", rig.elapsed() < kNever);
}

void ten_fast_retries_and_no_more(Rig& rig) {
    rig.surroundings(around::NetworkLost{});
    const Download download = start(rig, {{"/a", "a"}});
    rig.surroundings(around::NetworkBack{});
    rig.eventually("XFER-NET-1-c", "the first try and ten retries",
                   [&] { return requests_of(rig, "HEAD").size() >= 11; });
    expect_quiet(rig, "XFER-NET-1-c", download.group);
    rig.expect("XFER-NET-1-c", "HEADs", requests_of(rig, "HEAD").size(), {std::size_t{11}});
}

void fast_retries_by_default(Rig& rig) {
    rig.surroundings(around::NetworkLost{});
    start(rig, {{"/a", "a"}});
    rig.let_pass(std::chrono::hours(24 * 30));  // twice the no-progress time
    rig.surroundings(around::NetworkBack{});
    Duration before = rig.elapsed();
    for (std::size_t head = 1; head <= 13; ++head) {
        rig.eventually("XFER-NET-1-c", "HEAD " + std::to_string(head),
                       [&] { return requests_of(rig, "HEAD").size() >= head; });
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(rig.elapsed() - before).count();
        const std::int64_t expected = head == 1 ? 0 : head <= 11 ? 1 : 600;
        rig.expect("XFER-NET-1-c", "seconds before HEAD " + std::to_string(head), seconds,
                   {expected});
        before = rig.elapsed();
    }
}

void waiting_is_not_without_progress(Rig& rig, const Surrounding& around) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.let_pass(std::chrono::hours(24 * 13));
    rig.surroundings(around.first);
    rig.let_pass(std::chrono::hours(24 * 13));
    expect_status(rig, "XFER-NOPROG-1-a", "after 26 days, 13 of them held back", download.group,
                  {kRunning});
    rig.surroundings(around.second);
    rig.let_pass(std::chrono::hours(24 * 13));
    expect_status(rig, "XFER-NOPROG-1-a", "13 days after that", download.group, {kRunning});
}

void nothing_moves_a_suspended_group(Rig& rig) {
    const Download download = start_and_stall(rig, "JOB-STATE-04");
    rig.call(call::SuspendGroup{download.group});
    const std::size_t before = rig.requests().size();
    const std::vector<Surroundings> all = {around::NetworkLost{},     around::NetworkBack{},
                                           around::Paused{"battery"}, around::Unpaused{},
                                           around::LogOff{"u1"},      around::LogOn{"u1"}};
    for (const Surroundings& one : all) {
        rig.surroundings(one);
        rig.let_pass(Duration(20));
        expect_status(rig, "JOB-STATE-04", "it is suspended", download.group, {kNew, kNewLenient});
    }
    rig.let_pass(kWhile);  // three retry delays
    rig.expect("JOB-STATE-04", "requests", rig.requests().size() - before, {std::size_t{0}});
    rig.call(call::ResumeGroup{download.group});
    expect_goes_on_where_it_was(rig, "JOB-STATE-04", download.group);
}

void every_reason_is_waited_for(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    std::uint32_t stored = 20'000;
    for (const char* reason : {"metered network", "battery", "game mode", "policy"}) {
        rig.eventually("SVC-TR-15", "bytes arrive",
                       [&] { return size_done(rig, download.group) == stored; });
        rig.surroundings(around::Paused{reason});
        rig.let_pass(Duration(30));
        expect_status(rig, "SVC-TR-15", std::string(reason) + ": it waits, without an error",
                      download.group, {kRunning});
        rig.expect("ERR-CLS-07", "bytes meanwhile", size_done(rig, download.group), {stored});
        rig.surroundings(around::Unpaused{});
        stored += 20'000;
    }
    expect_complete(rig, "SVC-TR-15", download.group);
    expect_file(rig, "SVC-TR-15", "a", resource());
}

void finished_files_need_no_network(Rig& rig) {
    const Download download = start(rig, {{"/b", "b"}, {"/a", "a"}});
    rig.eventually("CON-21", "the first file is whole",
                   [&] { return size_done(rig, download.group) == 52'000; });
    rig.surroundings(around::NetworkLost{});
    expect_code(rig, "JOB-COMPLETE-08", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
    expect_file(rig, "CON-21", "b", resource("/b", 2'000));
    rig.eventually("GROUP-CANCEL-3", "the other one is gone",
                   [&] { return rig.files().size() == 1; });
    rig.surroundings(around::NetworkBack{});
}

void idle_groups_of_every_kind(Rig& rig) {
    prepare(rig, {{"/a", "a"}}, 1);
    const Download failed = start(rig, {{"/missing", "missing"}}, 2);
    expect_error(rig, "SVC-TR-19", failed.group);
    const Download done = start(rig, {{"/b", "b"}}, 3);
    expect_complete(rig, "SVC-TR-19", done.group);
    rig.surroundings(around::NetworkLost{});
    start(rig, {{"/a", "waiting"}}, 4);
    rig.let_pass(std::chrono::hours(24 * 89));
    for (unsigned number = 1; number <= 4; ++number)
        rig.expect("SVC-TR-19", "after 89 days group " + std::to_string(number) + " is there",
                   is_in_queue(rig, number), {true});
    rig.let_pass(std::chrono::hours(24 * 2));
    for (unsigned number = 1; number <= 4; ++number)
        rig.expect("SVC-TR-19", "after 91 days group " + std::to_string(number) + " is there",
                   is_in_queue(rig, number), {false});
    rig.expect("GROUP-DONE-2", "files: what was finished stays", rig.files(),
               {std::vector<std::string>{"b"}});
}

// After eighty days one call for each group; eleven days later it shows which of them counted. Two
// groups run from the beginning, without a network: on that day it comes back for as long as one of
// them takes to store bytes while the other one waits its turn.
void what_counts_as_a_change(Rig& rig) {
    rig.surroundings(around::NetworkLost{});  // so that ResumeGroup alone is what happens
    std::vector<Download> groups;
    for (unsigned number = 1; number <= 7; ++number)
        groups.push_back(number == 1
                             ? Download{create_group(rig), {}}
                             : prepare(rig, {{"/b", "b" + std::to_string(number)}}, number));
    const Download storing = start(rig, {{"/a", "a"}}, 8);
    start(rig, {{"/b", "b9"}}, 9);
    rig.let_pass(std::chrono::hours(24 * 80));
    rig.surroundings(around::NetworkBack{});
    reach(rig, "CON-24", storing.group, 50'000);
    rig.surroundings(around::NetworkLost{});
    create_job(rig, groups[0].group);
    add_files(rig, groups[1].job, {{"/b", "b"}});
    rig.call(call::SwitchGroupToForeground{groups[2].group});
    rig.call(call::ResumeGroup{groups[3].group});
    rig.call(call::SuspendGroup{groups[4].group});
    status(rig, groups[5].group);
    rig.call(call::GetGroup{{guid(6)}});
    rig.call(call::SetProp{
        groups[6].group, GroupProperty::DisplayName, {VariantType::Bstr, 0, "a name"}});
    rig.let_pass(std::chrono::hours(24 * 11));
    struct Counts {
        std::string what;
        bool counts;
    };
    const std::vector<Counts> all = {
        {"CreateJob", true},   {"AddFiles", true},      {"SwitchToForeground", true},
        {"ResumeGroup", true}, {"SuspendGroup", false}, {"reading calls", false},
        {"SetProp", true},     {"stored bytes", true},  {"a turn that did not come", false}};
    for (unsigned number = 1; number <= all.size(); ++number)
        rig.expect("CON-24", "there after " + all[number - 1].what, is_in_queue(rig, number),
                   {all[number - 1].counts});
}

void ninety_days(Rig& rig) {
    create_group(rig);
    rig.let_pass(std::chrono::hours(24 * 89));
    rig.expect_true("SVC-TMR-05", "after 89 days it is there", is_in_queue(rig, 1));
    rig.let_pass(std::chrono::hours(24 * 2));
    rig.expect_true("SVC-TMR-05", "after 91 days it is not", !is_in_queue(rig, 1));
}

struct Obstacle {
    std::string word;   ///< in ids
    std::string title;  ///< "while the network is lost"
    std::string ability;
    std::string clause;
    std::vector<std::string> waiting;  ///< covered, too, where a group is seen to wait and go on
    Surrounding around;
};

// What is looked at around an obstacle.
struct Look {
    std::string id;
    std::string title;                   ///< before that of the obstacle
    std::string then;                    ///< after it
    std::vector<std::string> also = {};  ///< covered, beside the clause of the obstacle
};

Case around_case(const Obstacle& obstacle, const Look& look, Setting setting,
                 void (*run)(Rig&, const std::string&, const Surrounding&)) {
    std::vector<std::string> covers = {obstacle.clause};
    covers.insert(covers.end(), look.also.begin(), look.also.end());
    return {"surroundings." + obstacle.word + "_" + look.id,
            covers,
            look.title + " " + obstacle.title + look.then,
            {obstacle.ability},
            std::move(setting),
            [run, obstacle](Rig& rig) { run(rig, obstacle.clause, obstacle.around); }};
}

Case turns_around(const Obstacle& obstacle) {
    return around_case(obstacle,
                       {"turns", "Groups wait", ", and then go on in turn", obstacle.waiting},
                       serving({resource(), resource("/b", 2'000)}, {stall_at(50'000)}),
                       all_wait_and_go_on_in_turn);
}

Case count_around(const Obstacle& obstacle) {
    return around_case(obstacle, {"count", "No failure is counted", "", {"PRG-14", "PRG-15"}},
                       serving({resource()}, {stall_at(50'000), on_get("gone", respond(404), 1)}),
                       it_is_not_counted);
}

std::vector<Case> cases_around(const Obstacle& obstacle) {
    const std::vector<fakeserver::Resource> two = {resource(), resource("/b", 2'000)};
    const Setting stalling = serving({resource()}, {stall_at(50'000)});
    const auto busy = on_head("busy", respond(503), 1);
    return {
        count_around(obstacle),
        around_case(obstacle, {"others", "Groups that do not run are left as they are", ""},
                    serving(two, {stall_at(50'000)}), it_reaches_only_those_that_run),
        around_case(obstacle, {"foreground", "A foreground group waits", "", obstacle.waiting},
                    stalling, it_is_waited_for_in_the_foreground),
        around_case(obstacle, {"resumed", "A group that is resumed waits", "", obstacle.waiting},
                    serving({resource()}), resumed_meanwhile_it_waits),
        around_case(obstacle, {"suspended", "A group can be suspended", ""}, stalling,
                    suspended_meanwhile_it_stays),
        around_case(obstacle, {"cancelled", "A group can be cancelled", ""}, stalling,
                    cancelled_meanwhile_it_is_gone),
        turns_around(obstacle),
        around_case(obstacle,
                    {"retry", "A group that waits for a retry is held", ", and then tried",
                     obstacle.waiting},
                    with_delay(serving({resource()}, {busy}), kNever), a_waiting_group_is_reached),
    };
}

std::vector<Case> obstacles() {
    const Obstacle lost = {"lost",        "while the network is lost",
                           "network",     "XFER-NET-1",
                           {"SVC-TR-08"}, {around::NetworkLost{}, around::NetworkBack{}}};
    const Obstacle paused = {"paused",    "while the system pauses transfers",
                             "pause",     "XFER-PAUSE-1",
                             {"OBS-076"}, {around::Paused{"full-screen game"}, around::Unpaused{}}};
    const Obstacle rate = {
        "no_rate",        "while a policy gives transfers no bandwidth",
        "pause",          "SVC-TR-14",
        {"XFER-PAUSE-1"}, {around::Paused{"bandwidth policy of zero"}, around::Unpaused{}}};
    std::vector<Case> cases = joined({cases_around(lost), cases_around(paused)});
    for (Case& one : cases)
        if (one.id == "surroundings.lost_turns" || one.id == "surroundings.lost_retry")
            one.covers.emplace_back("CON-06");
    cases.push_back(count_around(rate));
    cases.push_back(turns_around(rate));
    return cases;
}

std::vector<Case> numbers() {
    const auto busy = on_head("busy", respond(503), std::nullopt);
    Setting eleven = serving({resource()}, {busy});
    eleven.policy.retry_delay = kNever;
    eleven.policy.network_retry_delay = Duration(10);
    const Setting defaults = with_defaults(serving({resource()}, {busy}));
    return {
        {"surroundings.ten_retries",
         {"XFER-NET-1-c"},
         "After ten fast retries the retry delay holds again",
         {"network", "policy"},
         eleven,
         ten_fast_retries_and_no_more},
        {"surroundings.fast_retries",
         {"XFER-NET-1"},
         "When the network is back, retries come every second ten times, then every ten minutes",
         {"network", "virtual_time"},
         defaults,
         fast_retries_by_default},
        {"surroundings.lost_no_progress",
         {"XFER-NET-1-a", "XFER-NOPROG-1-a", "OPEN-14"},
         "The time without a network is no time without progress",
         {"network", "virtual_time"},
         defaults,
         [](Rig& rig) {
             waiting_is_not_without_progress(rig, {around::NetworkLost{}, around::NetworkBack{}});
         }},
        {"surroundings.paused_no_progress",
         {"XFER-PAUSE-1", "XFER-NOPROG-1-a", "OPEN-14"},
         "The time of a pause is no time without progress",
         {"pause", "virtual_time"},
         defaults,
         [](Rig& rig) {
             waiting_is_not_without_progress(rig, {around::Paused{"battery"}, around::Unpaused{}});
         }},
        {"surroundings.ninety_days",
         {"SVC-TMR-05", "GROUP-DONE-2", "GP-01", "OBS-061"},
         "A group in which nothing moves is cancelled after ninety days",
         {"virtual_time"},
         with_defaults(serving({})),
         ninety_days},
    };
}

std::vector<Case> moves_and_pauses() {
    const std::vector<fakeserver::Resource> two = {resource(), resource("/b", 2'000)};
    return {
        {"surroundings.suspended_through_all",
         {"JOB-STATE-04", "GROUP-SUSPEND-1"},
         "Nothing that happens around the service moves a suspended group",
         {"network", "pause", "sessions"},
         serving({resource()}, {stall_at(50'000)}),
         nothing_moves_a_suspended_group},
        {"surroundings.reasons",
         {"SVC-TR-15", "ERR-CLS-07", "XFER-PAUSE-1", "CON-19", "OBS-036"},
         "Whatever the reason of a pause, it is waited for without an error",
         {"pause"},
         serving({resource()}, {on_get("stall", fault(fakeserver::Effect::Stall, 20'000), 4)}),
         every_reason_is_waited_for},
        {"surroundings.finished_no_network",
         {"JOB-COMPLETE-08", "CON-21", "GROUP-CANCEL-2"},
         "CancelGroup keeps finished files while the network is lost",
         {"network"},
         serving(two, {stall_at(50'000)}),
         finished_files_need_no_network},
        {"surroundings.idle_kinds",
         {"SVC-TR-19", "GROUP-DONE-2", "SVC-TMR-05"},
         "Ninety days end suspended, waiting, failed and complete groups alike",
         {"virtual_time", "network"},
         with_defaults(serving(two)),
         idle_groups_of_every_kind},
        {"surroundings.idle_calls",
         {"CON-24", "GROUP-DONE-2"},
         "Stored bytes and calls that change a group begin its ninety days anew, SuspendGroup and "
         "reading do not",
         {"virtual_time", "network"},
         with_defaults(serving(two, {stall_at(50'000)})),
         what_counts_as_a_change},
    };
}

}  // namespace

std::vector<Case> obstacle_cases() { return joined({obstacles(), numbers(), moves_and_pauses()}); }

}  // namespace qmgr::conformance
