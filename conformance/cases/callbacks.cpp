// The client's side of a notification: which object is called, and what it may do meanwhile.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/notify_verbs.hpp"

namespace qmgr::conformance {
namespace {

const ClassId kFirst{guid(900)};
const ClassId kSecond{guid(901)};

void who_asked_for_nothing_is_told_nothing(Rig& rig) {
    rig.register_callback(kFirst);
    const Download good = prepare(rig, {{"/a", "a"}}, 1);
    set_notify_flags(rig, good.group, NotifyFlag::group_done);
    resume(rig, good.group);
    expect_complete(rig, "GROUP-STATUS-6-a", good.group);
    const Download bad = start(rig, {{"/nowhere", "nowhere"}}, 2);
    expect_error(rig, "GROUP-STATUS-5-a", bad.group);
    expect_silence(rig, "NTF-02", "of groups without a class");
}

void the_last_class_is_called(Rig& rig) {
    rig.register_callback(kFirst);
    rig.register_callback(kSecond);
    const Download download = prepare(rig, {{"/nowhere", "nowhere"}});
    set_notify_class(rig, download.group, kFirst);
    set_notify_class(rig, download.group, kSecond);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NTF-10", 1).front();
    rig.expect("NTF-10", "the class it is for", to_text(told.class_id.guid),
               {to_text(kSecond.guid)});
    rig.answer(told.number, HResult::Ok);
    expect_silence(rig, "NTF-10", "to the class that was set before");
}

void the_class_outlives_the_service(Rig& rig) {
    const Download download = prepare(rig, {{"/nowhere", "nowhere"}});
    set_notify_class(rig, download.group, kFirst);
    rig.restart();
    rig.register_callback(kFirst);
    const auto group = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    resume(rig, group);
    const Notification told = expect_deliveries(rig, "NTF-11", 1).front();
    rig.answer(told.number, HResult::Ok);
}

// They are the call's: of use while it runs, and given up by the service after it.
void the_handles_are_lent(Rig& rig) {
    rig.register_callback(kFirst);
    const Download download = prepare(rig, {{"/nowhere", "nowhere"}});
    set_notify_class(rig, download.group, kFirst);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-2", 1).front();
    const JobHandle job = told.job.value_or(JobHandle{});
    expect_code(rig, "NTF-16", "a call on the group answers while the callback runs",
                call::GetGroupStatus{told.group}, {HResult::Ok});
    expect_code(rig, "NTF-16", "a call on the job answers while the callback runs",
                call::GetJobStatus{job}, {HResult::Ok});
    rig.answer(told.number, HResult::Ok);
    rig.eventually("NTF-16", "the handles are given up", [&] {
        return rig.call(call::GetGroupStatus{told.group}).hresult == HResult::RpcDisconnected;
    });
    expect_code(rig, "NTF-16", "a call on the job answers afterwards", call::GetJobStatus{job},
                {HResult::RpcDisconnected});
    expect_code(rig, "NTF-16", "a call on the client's own handle answers",
                call::GetGroupStatus{download.group}, {HResult::Ok});
}

void the_group_may_be_ended_inside(Rig& rig, HResult answer, const std::string& clause) {
    rig.register_callback(kFirst);
    const Download download = prepare(rig, {{"/a", "a"}});
    set_notify_class(rig, download.group, kFirst);
    set_notify_flags(rig, download.group, NotifyFlag::group_done);
    resume(rig, download.group);
    const Notification told = expect_deliveries(rig, "NOTIFY-1", 1).front();
    expect_code(rig, clause, "CancelGroup inside the call answers", call::CancelGroup{told.group},
                {HResult::Ok});
    rig.answer(told.number, answer);
    expect_silence(rig, clause, "of a group that is gone");
    expect_file(rig, clause, "a", resource("/a", 3'000));
    expect_code(rig, clause, "GetGroup answers", call::GetGroup{{guid(1)}},
                {HResult::QmItemNotFound});
}

void a_cancelled_group_is_not_told(Rig& rig) {
    const Download download = prepare(rig, {{"/nowhere", "nowhere"}});
    set_notify_class(rig, download.group, kFirst);
    resume(rig, download.group);
    expect_error(rig, "GROUP-STATUS-5-a", download.group);
    rig.call(call::CancelGroup{download.group});
    rig.register_callback(kFirst);
    expect_silence(rig, "OPEN-38", "of a group that was cancelled");
}

}  // namespace

std::vector<Case> callbacks_cases() {
    const Setting site = serving({resource("/a", 3'000)});
    return {
        {"callbacks.not_asked",
         {"NTF-02", "NOTIFY-1"},
         "A client that has set no class is told nothing",
         {"notify"},
         site,
         who_asked_for_nothing_is_told_nothing},
        {"callbacks.last_class",
         {"NTF-10", "NOTIFY-11"},
         "The class that was set last is called, and no other",
         {"notify"},
         site,
         the_last_class_is_called},
        {"callbacks.class_kept",
         {"NTF-11", "NOTIFY-7", "PROP-KEEP-1"},
         "The class is kept over a restart of the service",
         {"notify", "restart"},
         site,
         the_class_outlives_the_service},
        {"callbacks.lent_handles",
         {"NTF-16", "NOTIFY-4"},
         "The handles of a call are of use while it runs",
         {"notify"},
         site,
         the_handles_are_lent},
        {"callbacks.cancel_inside",
         {"NTF-17", "GROUP-CANCEL-1"},
         "A group may be ended inside the call that tells of its completion",
         {"notify"},
         site,
         [](Rig& rig) { the_group_may_be_ended_inside(rig, HResult::Ok, "NTF-17"); }},
        {"callbacks.cancel_inside_refused",
         {"OPEN-39", "GROUP-CANCEL-1"},
         "A call whose group was ended inside it is not repeated",
         {"notify", "policy"},
         site,
         [](Rig& rig) { the_group_may_be_ended_inside(rig, HResult::Failed, "OPEN-39"); }},
        {"callbacks.cancelled",
         {"OPEN-38"},
         "Nothing is told of a group that was cancelled",
         {"notify"},
         site,
         a_cancelled_group_is_not_told},
    };
}

}  // namespace qmgr::conformance
