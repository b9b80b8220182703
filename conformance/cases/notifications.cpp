// OnStatus: when it is called, with what, and how often.
#include <algorithm>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/notify_verbs.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

const ClassId kClass{guid(900)};

// A group with that file whose callbacks go to kClass, not resumed.
Download listening(Rig& rig, std::uint32_t flags, unsigned number = 1,
                   const std::string& path = "/a") {
    const Download download = prepare(rig, {{path, "f" + std::to_string(number)}}, number);
    set_notify_class(rig, download.group, kClass);
    set_notify_flags(rig, download.group, flags);
    return download;
}

void completion_is_told_once(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, NotifyFlag::group_done);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-1", 1).front();
    rig.expect("NOTIFY-4", "the class it is for", to_text(told.class_id.guid),
               {to_text(kClass.guid)});
    rig.expect("NOTIFY-4", "the flags", told.status, {kComplete, kCompleteLenient});
    rig.expect_true("NOTIFY-4", "no file failed", !told.file);
    expect_status(rig, "NOTIFY-4", "the group it names", told.group, {kComplete, kCompleteLenient});
    rig.expect("NOTIFY-4", "the job it names",
               told.job ? to_text(value_of<JobId>(rig.call(call::GetJobId{*told.job})).guid) : "",
               {to_text(guid(101))});
    expect_file(rig, "FILE-PUB-1", "f1", resource());
    rig.answer(told.number, HResult::Ok);
    expect_silence(rig, "NOTIFY-9", "after it was answered S_OK");
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{download.group},
                {HResult::Ok});
}

void completion_needs_its_flag(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    expect_complete(rig, "GROUP-STATUS-6-a", download.group);
    expect_silence(rig, "NOTIFY-1", "without GROUP_DONE");
    set_notify_flags(rig, download.group, NotifyFlag::group_done);
    const Notification told = expect_deliveries(rig, "NOTIFY-11", 1).front();
    rig.answer(told.number, HResult::Ok);
}

void an_error_is_told_by_default(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-2", 1).front();
    rig.expect("NOTIFY-4", "the flags", told.status, {kError, kErrorLenient});
    rig.expect("NOTIFY-4", "the failing file", told.file.value_or(99), {0U});
    rig.expect("NOTIFY-4", "failures", told.retries, {1U});
    rig.expect("NOTIFY-4", "the Win32 result", told.win32_result, {0x80190194U, 404U});
    rig.expect("NOTIFY-4", "the HTTP result", told.transport_result, {404U});
    rig.answer(told.number, HResult::Ok);
    expect_silence(rig, "NOTIFY-9", "after it was answered S_OK");
}

void a_transient_failure_is_not_told(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, NotifyFlag::group_done);
    resume(rig, download.group);
    rig.eventually("NOTIFY-2", "the server has failed three times",
                   [&] { return requests_of(rig, "HEAD").size() >= 3; });
    rig.expect<std::uint64_t>("NOTIFY-2", "deliveries meanwhile", rig.notifications().size(), {0});
    expect_code(rig, "GROUP-SUSPEND-1", "SuspendGroup answers", call::SuspendGroup{download.group},
                {HResult::Ok});
}

void disabled_means_later(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, NotifyFlag::disable_notify);
    resume(rig, download.group);
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    expect_silence(rig, "NOTIFY-3", "while disabled");
    set_notify_flags(rig, download.group, 0);
    const Notification told = expect_deliveries(rig, "NOTIFY-11", 1).front();
    rig.answer(told.number, HResult::Ok);
}

void repeated_until_taken(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    const Notification first = expect_deliveries(rig, "NOTIFY-2", 1).front();
    rig.answer(first.number, HResult::Failed);
    for (int repeat = 0; repeat < 3; ++repeat) {
        const Notification again = expect_deliveries(rig, "NOTIFY-5", 1).front();
        rig.expect("NOTIFY-5", "it is the same event", again.number.value, {first.number.value});
        rig.answer(again.number, repeat == 2 ? HResult::Ok : HResult::False);
    }
    expect_silence(rig, "NOTIFY-5", "after it was answered S_OK");
}

void nobody_there_is_not_an_answer(Rig& rig) {
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    expect_silence(rig, "NOTIFY-12", "to a class that nobody registered");
    rig.register_callback(kClass);
    const Notification told = expect_deliveries(rig, "NOTIFY-12", 1).front();
    rig.answer(told.number, HResult::Ok);
}

void a_restart_of_the_service_repeats_it(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    const Notification first = expect_deliveries(rig, "NOTIFY-2", 1).front();
    rig.restart();
    // At least once: the new service may have told the object before and after it was registered.
    std::vector<Notification> again;
    rig.eventually("NOTIFY-5", "a delivery comes", [&] {
        again = rig.notifications();
        return !again.empty();
    });
    for (const Notification& one : again) {
        rig.expect("NOTIFY-9", "it is the same event", one.number.value, {first.number.value});
        rig.answer(one.number, HResult::Ok);
    }
    rig.let_pass(kDurable);
    rig.notifications();
    rig.restart();
    expect_silence(rig, "NOTIFY-9", "of an event that was answered S_OK before the restart");
}

void a_client_that_starts_again_gets_it(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    expect_deliveries(rig, "NOTIFY-2", 1);  // the client ends without answering it
    rig.register_callback(kClass);
    const auto group = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    set_notify_class(rig, group, kClass);
    const Notification told = expect_deliveries(rig, "NOTIFY-7", 1).front();
    rig.answer(told.number, HResult::Ok);
    expect_silence(rig, "NOTIFY-9", "after it was answered S_OK");
}

// Both users are told through one class here; whose a delivery is shows in the places it takes of
// the four that each user has (NOTIFY-13): a delivery to the administrator would leave one free.
void calls_go_to_who_asked(Rig& rig) {
    rig.register_callback(kClass);
    const Download moved = listening(rig, 0);
    const Reply taken = rig.call(call::GetGroup{{guid(1)}}, Rig::administrator());
    rig.expect("QMGR-GET-4", "an administrator's GetGroup answers", taken.hresult, {HResult::Ok});
    resume(rig, moved.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-8", 1).front();
    rig.expect("NOTIFY-8", "the class it is for", to_text(told.class_id.guid),
               {to_text(kClass.guid)});
    for (unsigned number = 2; number <= 4; ++number) resume(rig, listening(rig, 0, number).group);
    expect_deliveries(rig, "NOTIFY-8", 3);
    resume(rig, listening(rig, 0, 5).group);
    expect_silence(rig, "NOTIFY-8", "while it takes one of the four places of who asked for it");
    rig.answer(told.number, HResult::Ok);
    expect_deliveries(rig, "NOTIFY-8", 1);
}

void four_at_once(Rig& rig) {
    rig.register_callback(kClass);
    for (unsigned number = 1; number <= 6; ++number) resume(rig, listening(rig, 0, number).group);
    const auto first = expect_deliveries(rig, "NOTIFY-13", 4);
    expect_silence(rig, "NOTIFY-13", "while four are not answered");
    rig.answer(first.front().number, HResult::Ok);
    const auto fifth = expect_deliveries(rig, "NOTIFY-13", 1);
    expect_silence(rig, "NOTIFY-13", "while four are not answered");
    for (std::size_t i = 1; i < first.size(); ++i) rig.answer(first[i].number, HResult::Ok);
    rig.answer(fifth.front().number, HResult::Ok);
    const auto sixth = expect_deliveries(rig, "NOTIFY-13", 1);
    rig.answer(sixth.front().number, HResult::Ok);
}

void a_slow_callback_stops_nothing(Rig& rig) {
    rig.register_callback(kClass);
    resume(rig, listening(rig, 0).group);
    expect_deliveries(rig, "NOTIFY-2", 1);  // and is not answered
    const Download other = start(rig, {{"/b", "b"}}, 2);
    expect_complete(rig, "NOTIFY-10", other.group);
    expect_file(rig, "NOTIFY-10", "b", resource("/b", 2'000));
}

void resuming_makes_it_moot(Rig& rig) {
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    resume(rig, download.group);
    expect_complete(rig, "GROUP-RESUME-4", download.group);
    rig.register_callback(kClass);
    expect_silence(rig, "NOTIFY-14", "of an error that is over, and a completion nobody asked for");
}

// OnProgress and OnProgressEx would come while the bytes do.
void nothing_is_told_of_progress(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = prepare(rig, {{"/b", "b"}, {"/a", "a"}});
    set_notify_class(rig, download.group, kClass);
    expect_refusal(rig, "PROP-NOTIFYFLAGS-1", "SetProp with USE_PROGRESSEX answers",
                   call::SetProp{download.group,
                                 GroupProperty::NotifyFlags,
                                 {VariantType::I4, NotifyFlag::use_progress_ex, {}}},
                   {HResult::NotImplemented});
    set_notify_flags(rig, download.group, NotifyFlag::group_done);
    resume(rig, download.group);
    rig.eventually("GROUP-PROG-1", "one file is there and another one has begun",
                   [&] { return size_done(rig, download.group) >= 2'000 + 1'000; });
    expect_silence(rig, "NOTIFY-6", "while files are on their way");
    rig.call(call::SuspendGroup{download.group});
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-1", 1).front();
    rig.answer(told.number, HResult::Ok);
    expect_silence(rig, "NOTIFY-6", "after the end");
}

void the_failing_file_is_named(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = prepare(rig, {{"/b", "b"}, {"/a", "a"}});
    expect_code(rig, "GROUP-FG-1", "SwitchToForeground answers",
                call::SwitchGroupToForeground{download.group}, {HResult::Ok});
    set_notify_class(rig, download.group, kClass);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-2", 1).front();
    rig.expect("NOTIFY-4", "the index of the failing file", told.file.value_or(99), {1U});
    rig.expect("GROUP-STATUS-8", "the flags", told.status,
               {kError.with(GroupFlag::Foreground), kErrorLenient.with(GroupFlag::Foreground)});
    rig.expect("NOTIFY-4", "failures", told.retries, {2U});
    rig.expect("NOTIFY-4", "the Win32 result", told.win32_result, {0x8019019AU, 410U});
    rig.expect("NOTIFY-4", "the HTTP result", told.transport_result, {410U});
    rig.answer(told.number, HResult::Ok);
}

// The handles that come with a call are the client's own, and do what handles do.
void the_handles_can_be_used(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-2", 1).front();
    const Reply id = rig.call(call::GetGroupId{told.group});
    rig.expect("NOTIFY-4", "the group it names", to_text(value_of<GroupId>(id).guid),
               {to_text(guid(1))});
    rig.serve(serving({resource()}).script);
    resume(rig, told.group);
    expect_complete(rig, "NOTIFY-4", download.group);
    expect_file(rig, "NOTIFY-4", "f1", resource());
}

void every_error_is_told(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, NotifyFlag::group_done);
    resume(rig, download.group);
    const Notification first = expect_deliveries(rig, "NOTIFY-2", 1).front();
    rig.answer(first.number, HResult::Ok);
    resume(rig, download.group);
    const Notification second = expect_deliveries(rig, "NOTIFY-2", 1).front();
    rig.expect_true("NOTIFY-9", "the second error is another event", second.number != first.number);
    rig.expect("NOTIFY-4", "failures by then", second.retries, {2U});
    rig.answer(second.number, HResult::Ok);
    rig.serve(serving({resource()}).script);
    resume(rig, download.group);
    const Notification done = expect_deliveries(rig, "NOTIFY-1", 1).front();
    rig.expect_true("NOTIFY-9", "the completion is another event", done.number != second.number);
    rig.expect("NOTIFY-4", "its flags", done.status, {kComplete, kCompleteLenient});
    rig.expect("NOTIFY-4", "failures, without an error", done.retries, {0U});
    rig.expect("NOTIFY-4", "the Win32 result, without an error", done.win32_result, {0U});
    rig.expect("NOTIFY-4", "the HTTP result, without an error", done.transport_result, {0U});
    rig.answer(done.number, HResult::Ok);
    expect_silence(rig, "NOTIFY-9", "after it was answered S_OK");
}

void a_second_completion_is_told(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, NotifyFlag::group_done);
    resume(rig, download.group);
    const Notification first = expect_deliveries(rig, "NOTIFY-1", 1).front();
    rig.answer(first.number, HResult::Ok);
    add_files(rig, download.job, {{"/b", "b"}});
    expect_silence(rig, "NOTIFY-1", "when files were added");
    resume(rig, download.group);
    const Notification second = expect_deliveries(rig, "NOTIFY-1", 1).front();
    rig.expect_true("NOTIFY-9", "the second completion is another event",
                    second.number != first.number);
    expect_file(rig, "FILE-PUB-1", "b", resource("/b", 2'000));
    rig.answer(second.number, HResult::Ok);
}

void no_group_is_forgotten(Rig& rig) {
    rig.register_callback(kClass);
    std::vector<Download> all;
    for (unsigned number = 1; number <= 3; ++number)
        all.push_back(listening(rig, NotifyFlag::group_done, number));
    for (const Download& one : all) resume(rig, one.group);
    std::vector<std::string> groups;
    for (const Notification& told : expect_deliveries(rig, "NOTIFY-1", 3)) {
        const Reply id = rig.call(call::GetGroupId{told.group});
        groups.push_back(to_text(value_of<GroupId>(id).guid));
        rig.answer(told.number, HResult::Ok);
    }
    std::sort(groups.begin(), groups.end());
    rig.expect("NOTIFY-1", "the groups that were told", groups,
               {std::vector<std::string>{to_text(guid(1)), to_text(guid(2)), to_text(guid(3))}});
    expect_silence(rig, "NOTIFY-9", "after all were answered S_OK");
}

void disabled_completion_comes_later(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, NotifyFlag::group_done | NotifyFlag::disable_notify);
    resume(rig, download.group);
    expect_complete(rig, "GROUP-STATUS-6-a", download.group);
    expect_silence(rig, "NOTIFY-3", "while disabled");
    set_notify_flags(rig, download.group, NotifyFlag::group_done);
    const Notification told = expect_deliveries(rig, "NOTIFY-11", 1).front();
    rig.expect("NOTIFY-4", "the flags", told.status, {kComplete, kCompleteLenient});
    rig.answer(told.number, HResult::Ok);
}

void disabling_stops_the_repeats(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    const Notification first = expect_deliveries(rig, "NOTIFY-2", 1).front();
    set_notify_flags(rig, download.group, NotifyFlag::disable_notify);
    rig.answer(first.number, HResult::Failed);
    expect_silence(rig, "NOTIFY-3", "while disabled, of an event that was refused");
    set_notify_flags(rig, download.group, 0);
    const Notification again = expect_deliveries(rig, "NOTIFY-5", 1).front();
    rig.expect("NOTIFY-5", "it is the same event", again.number.value, {first.number.value});
    rig.answer(again.number, HResult::Ok);
}

void the_class_is_read_when_it_is_tried(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    expect_silence(rig, "NOTIFY-11", "of a group without a class");
    set_notify_class(rig, download.group, ClassId{guid(901)});
    expect_silence(rig, "NOTIFY-12", "to another class, which nobody registered");
    set_notify_class(rig, download.group, kClass);
    const Notification told = expect_deliveries(rig, "NOTIFY-11", 1).front();
    rig.expect("NOTIFY-11", "the class it is for", to_text(told.class_id.guid),
               {to_text(kClass.guid)});
    rig.answer(told.number, HResult::Ok);
}

void the_null_class_is_nobody(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    set_notify_class(rig, download.group, ClassId{});
    resume(rig, download.group);
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    expect_silence(rig, "JOB-SET-06", "with the null CLSID");
    set_notify_class(rig, download.group, kClass);
    const Notification told = expect_deliveries(rig, "NOTIFY-11", 1).front();
    rig.answer(told.number, HResult::Ok);
}

void another_users_calls_do_not_wait(Rig& rig) {
    rig.register_callback(kClass);
    for (unsigned number = 1; number <= 5; ++number) resume(rig, listening(rig, 0, number).group);
    expect_deliveries(rig, "NOTIFY-13", 4);
    const Caller other = Rig::user("u2");
    const Download theirs = prepare(rig, {{"/a", "theirs"}}, 6, other);
    set_notify_class(rig, theirs.group, kClass, other);
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{theirs.group},
                {HResult::Ok}, other);
    const Notification told = expect_deliveries(rig, "NOTIFY-13", 1).front();
    const Reply id = rig.call(call::GetGroupId{told.group});
    rig.expect("NOTIFY-13", "the group of the other user is told of",
               to_text(value_of<GroupId>(id).guid), {to_text(guid(6))});
}

void a_failing_callback_stops_not_even_its_own(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, 0);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-2", 1).front();
    rig.serve(serving({resource()}).script);
    resume(rig, download.group);
    expect_complete(rig, "NOTIFY-10", download.group);
    expect_file(rig, "NOTIFY-10", "f1", resource());
    rig.answer(told.number, HResult::Failed);
    expect_silence(rig, "NOTIFY-14", "of an error that is over");
}

void a_completion_outlives_the_service(Rig& rig) {
    const Download download = listening(rig, NotifyFlag::group_done);
    resume(rig, download.group);
    expect_complete(rig, "GROUP-STATUS-6-a", download.group);
    rig.restart();
    rig.register_callback(kClass);
    const auto group = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    set_notify_class(rig, group, kClass);
    // At least once: the class is known to the service that starts, and is set again.
    std::vector<Notification> told;
    rig.eventually("NOTIFY-7", "a delivery comes", [&] {
        for (const Notification& one : rig.notifications()) told.push_back(one);
        return !told.empty();
    });
    for (const Notification& one : told) {
        rig.expect("NOTIFY-4", "the flags", one.status, {kComplete, kCompleteLenient});
        rig.expect("NOTIFY-9", "it is the same event", one.number.value, {told[0].number.value});
        rig.answer(one.number, HResult::Ok);
    }
    rig.let_pass(kDurable);  // and what was on its way has come
    rig.notifications();
    expect_silence(rig, "NOTIFY-9", "after it was answered S_OK");
}

void resuming_a_complete_group_is_no_event(Rig& rig) {
    rig.register_callback(kClass);
    const Download download = listening(rig, NotifyFlag::group_done);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-1", 1).front();
    rig.answer(told.number, HResult::Ok);
    expect_code(rig, "GROUP-RESUME-6", "ResumeGroup of a complete group answers",
                call::ResumeGroup{download.group}, {HResult::Ok});
    expect_silence(rig, "GROUP-RESUME-6", "of a group that was complete before");
}

std::vector<Case> contents_and_order() {
    const Setting missing = serving({}, {});
    return {
        {"notifications.progress",
         {"NOTIFY-6", "NOTIFY-1"},
         "Nothing is told before the end",
         {"notify"},
         serving({resource("/a", 2'000), resource("/b", 2'000)}, {stall_at(1'000)}),
         nothing_is_told_of_progress},
        {"notifications.failing_file",
         {"NOTIFY-4", "GROUP-STATUS-8", "GROUP-STATUS-9", "ERR-OBJ-04"},
         "An error is told with the failing file, the failures so far and the flags",
         {"notify", "policy"},
         serving({resource("/b", 2'000)},
                 {on_head("busy", respond(503), 1), on_head("gone", respond(410), 1)}),
         the_failing_file_is_named},
        {"notifications.handles",
         {"NOTIFY-4"},
         "The handles that come with a call are of the group",
         {"notify"},
         missing,
         the_handles_can_be_used},
        {"notifications.every_error",
         {"NOTIFY-2", "NOTIFY-4", "NOTIFY-9", "OPEN-38"},
         "Every error is told, and what ends well has no results",
         {"notify"},
         missing,
         every_error_is_told},
        {"notifications.second_completion",
         {"NOTIFY-1", "NOTIFY-9"},
         "A group that completes again is told again",
         {"notify"},
         serving({resource(), resource("/b", 2'000)}),
         a_second_completion_is_told},
        {"notifications.resumed_complete",
         {"GROUP-RESUME-6", "NOTIFY-9"},
         "ResumeGroup of a complete group is not told",
         {"notify"},
         serving({resource("/a", 2'000)}),
         resuming_a_complete_group_is_no_event},
        {"notifications.all",
         {"NOTIFY-1", "NOTIFY-9"},
         "Every group that completes is told, in the order they end",
         {"notify"},
         serving({resource("/a", 2'000)}),
         no_group_is_forgotten},
    };
}

std::vector<Case> held_back() {
    const Setting missing = serving({}, {});
    return {
        {"notifications.disabled_completion",
         {"NOTIFY-3", "NOTIFY-11", "NTF-01"},
         "DISABLE_NOTIFY holds a completion back, too",
         {"notify"},
         serving({resource("/a", 2'000)}),
         disabled_completion_comes_later},
        {"notifications.disabled_repeat",
         {"NOTIFY-3", "NOTIFY-5", "NOTIFY-11"},
         "DISABLE_NOTIFY holds a repeat back",
         {"notify", "policy"},
         missing,
         disabling_stops_the_repeats},
        {"notifications.class_changed",
         {"NOTIFY-11", "NOTIFY-12"},
         "An event goes to the class that is set when it is delivered",
         {"notify", "policy"},
         missing,
         the_class_is_read_when_it_is_tried},
        {"notifications.null_class",
         {"JOB-SET-06", "NOTIFY-11", "NTF-11"},
         "The null CLSID takes the callback away",
         {"notify"},
         missing,
         the_null_class_is_nobody},
        {"notifications.other_user",
         {"NOTIFY-13", "LIM-09"},
         "The calls of one user do not hold up another one's",
         {"notify", "users"},
         missing,
         another_users_calls_do_not_wait},
        {"notifications.own_transfer",
         {"NOTIFY-10", "NOTIFY-14"},
         "A callback that does not return does not stop its own group",
         {"notify"},
         missing,
         a_failing_callback_stops_not_even_its_own},
        {"notifications.completion_restart",
         {"NOTIFY-7", "NOTIFY-9", "NTF-11"},
         "A completion that nobody took is told after a restart of service and client",
         {"notify", "restart"},
         serving({resource("/a", 2'000)}),
         a_completion_outlives_the_service},
    };
}

std::vector<Case> who_and_when() {
    const Setting missing = serving({}, {});
    const Setting busy = serving({resource()}, {on_head("busy", respond(503), std::nullopt)});
    return {
        {"notifications.complete",
         {"NOTIFY-1", "NOTIFY-4", "NOTIFY-9", "NTF-03", "OBS-056", "OBS-182"},
         "A completion is told once, with the group, the job and its flags",
         {"notify"},
         serving({resource()}),
         completion_is_told_once},
        {"notifications.flag",
         {"NOTIFY-1", "NOTIFY-11", "NTF-06"},
         "A completion is told only with GROUP_DONE, also when that is set later",
         {"notify"},
         serving({resource()}),
         completion_needs_its_flag},
        {"notifications.error",
         {"NOTIFY-2", "NOTIFY-4", "OBS-050", "NTF-03", "OBS-182"},
         "An error is told by default, with its file and its results",
         {"notify"},
         missing,
         an_error_is_told_by_default},
        {"notifications.transient",
         {"NOTIFY-2", "OBS-051", "NTF-03"},
         "A transient failure is never told",
         {"notify", "policy"},
         busy,
         a_transient_failure_is_not_told},
        {"notifications.disabled",
         {"NOTIFY-3", "NOTIFY-11"},
         "DISABLE_NOTIFY holds everything back until it is cleared",
         {"notify"},
         missing,
         disabled_means_later},
        {"notifications.owner",
         {"NOTIFY-8", "NTF-15"},
         "Calls go to the one who asked for them, also after ownership moved",
         {"notify", "users"},
         missing,
         calls_go_to_who_asked},
        {"notifications.moot",
         {"NOTIFY-14"},
         "What is over is not told",
         {"notify"},
         serving({resource("/a", 2'000)}, {on_head("missing", respond(404), 1)}),
         resuming_makes_it_moot},
    };
}

std::vector<Case> how_often() {
    const Setting missing = serving({}, {});
    return {
        {"notifications.repeat",
         {"NOTIFY-5", "NTF-05", "OBS-113"},
         "A call that does not return S_OK is repeated until one does",
         {"notify", "policy"},
         missing,
         repeated_until_taken},
        {"notifications.nobody",
         {"NOTIFY-12", "NOTIFY-5"},
         "A class that nobody registered counts as not answered",
         {"notify"},
         missing,
         nobody_there_is_not_an_answer},
        {"notifications.service_restart",
         {"NOTIFY-5", "NOTIFY-9"},
         "A restart of the service repeats what was not answered, and only that",
         {"notify", "restart"},
         missing,
         a_restart_of_the_service_repeats_it},
        {"notifications.client_restart",
         {"NOTIFY-7", "NTF-06", "OBS-183"},
         "A client that starts again gets what it has not answered",
         {"notify"},
         missing,
         a_client_that_starts_again_gets_it},
        {"notifications.four",
         {"NOTIFY-13", "LIM-09", "NTF-09", "OBS-059"},
         "At most four calls of one user are out at once",
         {"notify"},
         missing,
         four_at_once},
        {"notifications.slow",
         {"NOTIFY-10"},
         "A callback that does not return stops no transfer",
         {"notify"},
         serving({resource("/b", 2'000)}),
         a_slow_callback_stops_nothing},
    };
}

}  // namespace

std::vector<Case> notifications_cases() {
    return joined({who_and_when(), how_often(), contents_and_order(), held_back()});
}

}  // namespace qmgr::conformance
