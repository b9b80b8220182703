// What a handle is: whom it works for, how long, and what it means when it is given up.
#include <set>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

const std::vector<HResult> kOk = {HResult::Ok};
const std::vector<HResult> kGone = {HResult::RpcDisconnected};

PropertyValue text(const std::string& value) { return {VariantType::Bstr, 0, value}; }

std::string display_name(Rig& rig, GroupHandle group, const Caller& caller = Rig::user()) {
    return value_of<PropertyValue>(
               rig.call(call::GetProp{group, GroupProperty::DisplayName}, caller))
        .text;
}

void rename(Rig& rig, GroupHandle group, const std::string& name) {
    expect_code(rig, "PROP-ANY-1", "SetProp answers",
                call::SetProp{group, GroupProperty::DisplayName, text(name)}, kOk);
}

std::uint32_t file_count(Rig& rig, JobHandle job) {
    return value_of<value::Count>(rig.call(call::GetFileCount{job})).number;
}

std::uint32_t groups_of(Rig& rig, const Caller& caller) {
    const auto list = value_of<EnumeratorHandle>(rig.call(call::EnumGroups{0}, caller));
    return value_of<value::Count>(rig.call(call::GetCount{list}, caller)).number;
}

void two_handles_show_one_state(Rig& rig) {
    const Download one = prepare(rig, {{"/a", "a"}});
    const auto group = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    const auto job = value_of<JobHandle>(rig.call(call::GetJob{group, {guid(101)}}));
    rig.expect_true("HANDLE-1", "GetGroup gives another handle", group != one.group);
    rig.expect_true("HANDLE-1", "GetJob gives another handle", job != one.job);
    rename(rig, group, "by the second");
    rig.expect("HANDLE-1", "the first shows the name", display_name(rig, one.group),
               {std::string("by the second")});
    rename(rig, one.group, "by the first");
    rig.expect("HANDLE-1", "the second shows the name", display_name(rig, group),
               {std::string("by the first")});
    add_files(rig, job, {{"/b", "b"}});
    rig.expect("HANDLE-1", "the first job handle counts", file_count(rig, one.job), {2U});
    expect_code(rig, "HANDLE-1", "ResumeGroup through the second answers", call::ResumeGroup{group},
                kOk);
    expect_complete(rig, "HANDLE-1", one.group);
    rig.expect("HANDLE-1", "the second shows the same", status(rig, group),
               {status(rig, one.group)});
    rig.expect("HANDLE-1", "the job's state is the same", job_status(rig, job).status,
               {job_status(rig, one.job).status});
    expect_code(rig, "HANDLE-1", "CancelGroup through the first answers",
                call::CancelGroup{one.group}, kOk);
    expect_refusal(rig, "GROUP-CANCEL-4", "SuspendGroup through the second answers",
                   call::SuspendGroup{group}, {HResult::QmInvalidState});
}

void a_handle_outlives_the_ownership(Rig& rig) {
    const Download mine = prepare(rig, {{"/a", "a"}});
    const Caller admin = Rig::administrator();
    const Reply taken = rig.call(call::GetGroup{{guid(1)}}, admin);
    rig.expect("QMGR-GET-4", "GetGroup by an administrator answers", taken.hresult, kOk);
    const auto theirs = value_of<GroupHandle>(taken);
    rename(rig, mine.group, "still mine");
    rig.expect("HANDLE-3", "the new owner sees the name", display_name(rig, theirs, admin),
               {std::string("still mine")});
    add_files(rig, mine.job, {{"/b", "b"}});
    const auto job = value_of<JobHandle>(rig.call(call::GetJob{theirs, {guid(101)}}, admin));
    add_files(rig, job, {{"/c", "c"}}, admin);
    rig.expect("JOB-ADD-01", "files of the former owner and of the new one",
               file_count(rig, mine.job), {3U});
    expect_code(rig, "HANDLE-3", "ResumeGroup by the former owner answers",
                call::ResumeGroup{mine.group}, kOk);
    expect_complete(rig, "HANDLE-3", mine.group);
    for (const char* name : {"a", "b", "c"})
        expect_file(rig, "HANDLE-3", name, resource(std::string("/") + name, 3'000));
    expect_code(rig, "HANDLE-3", "CancelGroup by the former owner answers",
                call::CancelGroup{mine.group}, kOk);
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup by the new owner answers",
                call::GetGroup{{guid(1)}}, {HResult::QmItemNotFound}, admin);
}

// Who an owner is shows in a call without administrator rights.
void ownership_moves_and_nothing_else(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    rename(rig, download.group, "a name");
    const Caller first = Rig::user("admin");
    const Caller second = Rig::user("other admin");
    rig.expect("QMGR-ENUM-1", "groups of the administrator at first", groups_of(rig, first), {0U});
    rig.call(call::GetGroup{{guid(1)}}, Rig::administrator());
    rig.expect("QMGR-GET-5", "groups of the former owner", groups_of(rig, Rig::user()), {0U});
    rig.expect("QMGR-GET-5", "groups of the new owner", groups_of(rig, first), {1U});
    rig.call(call::GetGroup{{guid(1)}}, Rig::administrator("other admin"));
    rig.expect("QMGR-GET-5", "groups of the one before", groups_of(rig, first), {0U});
    rig.expect("QMGR-GET-5", "groups of the owner now", groups_of(rig, second), {1U});
    expect_code(rig, "QMGR-GET-1", "GetGroup by the owner answers", call::GetGroup{{guid(1)}}, kOk,
                second);
    expect_refusal(rig, "QMGR-GET-3", "GetGroup by the first owner answers",
                   call::GetGroup{{guid(1)}}, {HResult::QmItemNotFound, HResult::AccessDenied});
    rig.expect("QMGR-GET-5", "the name is the same", display_name(rig, download.group),
               {std::string("a name")});
    expect_status(rig, "QMGR-GET-5", "the group shows", download.group, {kNew, kNewLenient});
}

void a_refused_getgroup_moves_nothing(Rig& rig) {
    create_group(rig);
    const Reply refused = rig.call(call::GetGroup{{guid(1)}}, Rig::user("u2"));
    rig.expect_true("QMGR-GET-3-a", "GetGroup by another user answers a failure",
                    failed(refused.hresult));
    rig.expect_true("QMGR-GET-3-a", "it gives no handle",
                    value_of<GroupHandle>(refused).value == 0);
    rig.expect("QMGR-GET-3-a", "groups of the other user", groups_of(rig, Rig::user("u2")), {0U});
    rig.expect("QMGR-GET-3-a", "groups of the owner", groups_of(rig, Rig::user()), {1U});
    expect_code(rig, "QMGR-GET-1", "GetGroup by the owner answers", call::GetGroup{{guid(1)}}, kOk);
}

void an_old_handle_means_the_old_group(Rig& rig) {
    const Download old = prepare(rig, {{"/a", "a"}});
    rename(rig, old.group, "old");
    rig.call(call::CancelGroup{old.group});
    const GroupHandle fresh = create_group(rig);
    const JobHandle job = create_job(rig, fresh);
    rename(rig, fresh, "new");
    rig.expect("HANDLE-4", "the old handle shows the old name", display_name(rig, old.group),
               {std::string("old")});
    rig.expect("HANDLE-4", "the old job has its file", file_count(rig, old.job), {1U});
    rig.expect("HANDLE-4", "the new job has none", file_count(rig, job), {0U});
    expect_refusal(rig, "GROUP-CANCEL-4", "CancelGroup through the old handle answers",
                   call::CancelGroup{old.group}, {HResult::QmInvalidState});
    const auto found = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    rig.expect("HANDLE-4", "GetGroup gives the new group", display_name(rig, found),
               {std::string("new")});
}

void a_released_handle_is_of_no_use(Rig& rig) {
    const Download download = prepare(rig, {{"/a", "a"}});
    const auto list = value_of<EnumeratorHandle>(rig.call(call::EnumGroups{0}));
    expect_code(rig, "HANDLE-5-a", "Release of the group answers", call::Release{download.group},
                kOk);
    expect_code(rig, "HANDLE-5-a", "Release of the job answers", call::Release{download.job}, kOk);
    expect_code(rig, "HANDLE-5-a", "Release of the enumerator answers", call::Release{list}, kOk);
    for (const Call& call :
         std::vector<Call>{call::Release{download.group}, call::ResumeGroup{download.group},
                           call::CancelGroup{download.group}, call::GetGroupStatus{download.group},
                           call::SetProp{download.group, GroupProperty::DisplayName, text("late")},
                           call::Release{download.job}, call::GetFileCount{download.job},
                           call::AddFiles{download.job, {{rig.url("/b"), rig.local("b"), 0}}},
                           call::Release{list}, call::Next{list, 1, false}, call::GetCount{list}})
        expect_code(rig, "HANDLE-5-b", "a call on a released handle answers", call, kGone);
    const auto group = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    const auto job = value_of<JobHandle>(rig.call(call::GetJob{group, {guid(101)}}));
    expect_code(rig, "HANDLE-5-b", "with a new handle there, the released one answers",
                call::GetGroupStatus{download.group}, kGone);
    expect_status(rig, "HANDLE-5-b", "the group shows", group, {kNew, kNewLenient});
    rig.expect("HANDLE-5-b", "its name", display_name(rig, group), {std::string()});
    rig.expect("HANDLE-5-b", "its files", file_count(rig, job), {1U});
}

void a_transfer_needs_no_handle(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.call(call::Release{download.job});
    expect_code(rig, "HANDLE-5-a", "Release of the last handle answers",
                call::Release{download.group}, kOk);
    const auto group = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    expect_complete(rig, "OBS-002", group);
    expect_file(rig, "OBS-002", "a", resource("/a", 3'000));
}

// A number that comes again would let an old handle mean something new.
void a_number_is_never_given_twice(Rig& rig) {
    std::set<std::uint64_t> seen;
    std::uint64_t given = 0;
    const auto note = [&](std::uint64_t handle) {
        seen.insert(handle);
        ++given;
    };
    const GroupHandle group = create_group(rig);
    note(group.value);
    note(create_job(rig, group).value);
    for (int i = 0; i < 3; ++i) {
        const auto again = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
        note(again.value);
        const auto job = value_of<JobHandle>(rig.call(call::GetJob{again, {guid(101)}}));
        note(job.value);
        const auto list = value_of<EnumeratorHandle>(rig.call(call::EnumGroups{0}));
        note(list.value);
        rig.call(call::Release{list});
        rig.call(call::Release{job});
        rig.call(call::Release{again});
    }
    rig.expect<std::uint64_t>("HANDLE-4", "different numbers of the handles given out", seen.size(),
                              {given});
}

}  // namespace

std::vector<Case> handles_cases() {
    const Setting none = serving({});
    const Setting three =
        serving({resource("/a", 3'000), resource("/b", 3'000), resource("/c", 3'000)});
    return {
        {"handles.same_state",
         {"HANDLE-1"},
         "Two handles to one group, or to one job, show the same state",
         {},
         three,
         two_handles_show_one_state},
        {"handles.former_owner",
         {"HANDLE-3", "JOB-ADD-01", "QMGR-GET-4", "OPEN-41"},
         "A handle goes on working for its caller when the group has another owner",
         {"users"},
         three,
         a_handle_outlives_the_ownership},
        {"handles.owner_moves",
         {"QMGR-GET-5", "QMGR-GET-3", "QMGR-ENUM-1"},
         "The caller of GetGroup owns the group from then on, and nothing else changes",
         {"users"},
         none,
         ownership_moves_and_nothing_else},
        {"handles.refused_getgroup",
         {"QMGR-GET-3", "QMGR-GET-1", "OWN-01", "OWN-02"},
         "A GetGroup that is refused gives no handle and moves no ownership",
         {"users"},
         none,
         a_refused_getgroup_moves_nothing},
        {"handles.same_guid",
         {"HANDLE-4", "QMGR-CREATE-3", "GROUP-CANCEL-4"},
         "A handle to a cancelled group never means a later one with its GUID",
         {},
         none,
         an_old_handle_means_the_old_group},
        {"handles.released",
         {"HANDLE-5"},
         "A released handle answers RPC_E_DISCONNECTED and changes nothing",
         {},
         none,
         a_released_handle_is_of_no_use},
        {"handles.no_handle",
         {"HANDLE-5", "OBS-002", "NET-02", "OBS-091"},
         "A transfer goes on when the last handle was released",
         {},
         three,
         a_transfer_needs_no_handle},
        {"handles.never_twice",
         {"HANDLE-4"},
         "No handle is given out twice",
         {},
         none,
         a_number_is_never_given_twice},
    };
}

}  // namespace qmgr::conformance
