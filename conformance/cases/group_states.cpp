// Every call in every state of a group: what it answers, what the group is afterwards, and that it
// goes on from there.
#include <algorithm>
#include <array>
#include <set>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;

enum class In : std::uint8_t {
    New,           ///< no job yet
    Empty,         ///< a job without a file
    Suspended,     ///< a job with a file, never resumed
    Queued,        ///< another background group has the turn
    Connecting,    ///< the HEAD is not answered
    Transferring,  ///< the GET fell silent in the middle
    Waiting,       ///< for a retry
    Error,
    Complete,
    Cancelled,
    CancelledNew,  ///< cancelled before it had a job
    Running,       ///< where a call may lead: resumed, and it ends by itself
    Publishing,    ///< every byte is there and the renames run
};

enum class Do : std::uint8_t { Suspend, Resume, Cancel, CreateJob, AddFiles, SetProp, Foreground };

using States = std::set<In>;

struct Row {
    Do call;
    States from;
    std::vector<HResult> codes;
    std::optional<In> to;  ///< none: it stays where it is
    std::vector<std::string> covers;
    bool parts = false;  ///< the first clause has a part -a, the rule, and -b, the code
};

using enum In;
const States kSuspendedStates = {New, Empty, Suspended};
const States kRunningStates = {Queued, Connecting, Transferring, Waiting};
const States kGoingStates = {Queued, Connecting, Transferring, Waiting, Publishing};
const States kOverStates = {Cancelled, CancelledNew};
const States kLiveStates = {New,          Empty,   Suspended, Queued,   Connecting,
                            Transferring, Waiting, Error,     Complete, Publishing};
const States kAddingStates = {Empty,        Suspended, Queued, Connecting,
                              Transferring, Waiting,   Error,  Publishing};
const std::vector<HResult> kOk = {HResult::Ok};
const std::vector<HResult> kInvalid = {HResult::QmInvalidState};

// Calls that start, stop and end a group.
std::vector<Row> running_rows() {
    const std::vector<HResult> empty = {HResult::BgEmpty, HResult::QmInvalidState};
    return {
        {Do::Suspend,
         kSuspendedStates,
         kOk,
         {},
         {"GROUP-SUSPEND-2", "JOB-SUSPEND-02", "JOB-STATE-11", "OPEN-01"}},
        {Do::Suspend,
         kRunningStates,
         kOk,
         Suspended,
         {"GROUP-SUSPEND-1", "JOB-SUSPEND-01", "JOB-STATE-11"}},
        {Do::Suspend, {Publishing}, kOk, {}, {"FILE-PUB-4"}},
        {Do::Suspend,
         {Error},
         kOk,
         {},
         {"GROUP-SUSPEND-2", "CON-02", "GROUP-STATUS-5", "JOB1-STATUS-4"}},
        {Do::Suspend,
         {Complete},
         kOk,
         {},
         {"GROUP-SUSPEND-2", "CON-02", "GROUP-STATUS-6", "GROUP-DONE-1"}},
        {Do::Suspend, kOverStates, kInvalid, {}, {"GROUP-CANCEL-4", "JOB-SUSPEND-03"}, true},

        {Do::Resume, {New, Empty}, empty, {}, {"GROUP-RESUME-2", "JOB-RESUME-02", "OBS-008"}, true},
        {Do::Resume, {Suspended}, kOk, Running, {"GROUP-RESUME-1"}},
        {Do::Resume,
         {Queued, Connecting, Transferring, Publishing},
         kOk,
         {},
         {"GROUP-RESUME-3", "JOB-RESUME-05", "JOB-STATE-11", "OPEN-01"}},
        {Do::Resume, {Waiting}, kOk, Running, {"GROUP-RESUME-5", "JOB-RESUME-04"}},
        {Do::Resume, {Error}, kOk, Running, {"GROUP-RESUME-4", "JOB-RESUME-03"}},
        {Do::Resume, {Complete}, kOk, {}, {"GROUP-RESUME-6", "GROUP-STATUS-6"}},
        {Do::Resume, kOverStates, kInvalid, {}, {"GROUP-CANCEL-4", "GROUP-STATUS-7"}, true},

        {Do::Cancel,
         kLiveStates,
         kOk,
         Cancelled,
         {"GROUP-CANCEL-1", "GROUP-CANCEL-3", "JOB-CANCEL-01", "JOB-CANCEL-02", "JOB-CANCEL-03",
          "OPEN-05"}},
        {Do::Cancel,
         kOverStates,
         kInvalid,
         {},
         {"GROUP-CANCEL-4", "JOB-STATE-10", "OBS-023"},
         true},
    };
}

// Calls that change what it holds.
std::vector<Row> changing_rows() {
    const std::vector<HResult> second = {HResult::QmInvalidState, HResult::NotImplemented};
    return {
        {Do::CreateJob, {New}, kOk, {}, {"GROUP-CREATEJOB-1", "GROUP-STATUS-2"}},
        {Do::CreateJob,
         {Empty, Suspended, Error, Complete},
         {HResult::NotImplemented},
         {},
         {"GROUP-CREATEJOB-2"}},
        {Do::CreateJob, kGoingStates, second, {}, {"GROUP-CREATEJOB-3"}},
        {Do::CreateJob, kOverStates, kInvalid, {}, {"GROUP-CANCEL-4", "GROUP-STATUS-7"}, true},

        {Do::AddFiles,
         kAddingStates,
         kOk,
         {},
         {"JOB1-ADD-7", "JOB1-ADD-1", "JOB1-COUNT-1", "JOB-ADD-01", "OPEN-04"}},
        {Do::AddFiles,
         {Complete},
         kOk,
         Suspended,
         {"JOB1-ADD-7", "JOB-ADD-04", "FILE-PUB-5", "OPEN-04"}},
        {Do::AddFiles, {Cancelled}, kInvalid, {}, {"JOB1-ADD-7", "GROUP-CANCEL-4"}},

        {Do::SetProp, kLiveStates, kOk, {}, {"PROP-ANY-1", "JOB-SET-01"}},
        {Do::SetProp, kOverStates, kInvalid, {}, {"GROUP-CANCEL-4", "PROP-ANY-1"}, true},

        {Do::Foreground, kLiveStates, kOk, {}, {"GROUP-FG-1", "GROUP-STATUS-8", "JOB1-STATUS-3"}},
        {Do::Foreground, kOverStates, kInvalid, {}, {"GROUP-CANCEL-4", "GROUP-STATUS-8"}, true},
    };
}

std::vector<Row> rows() {
    std::vector<Row> all = running_rows();
    for (Row& row : changing_rows()) all.push_back(std::move(row));
    return all;
}

struct Words {
    const char* id;
    const char* title;
};

Words words(In state) {
    constexpr std::array<Words, 13> names = {{{"new", "a group without a job"},
                                              {"empty", "a group without a file"},
                                              {"suspended", "a suspended group"},
                                              {"queued", "a group that waits its turn"},
                                              {"connecting", "a connecting group"},
                                              {"transferring", "a transferring group"},
                                              {"waiting", "a group that waits for a retry"},
                                              {"error", "a group in error"},
                                              {"complete", "a complete group"},
                                              {"cancelled", "a cancelled group"},
                                              {"cancelled_new", "a group cancelled without a job"},
                                              {"running", "a running group"},
                                              {"publishing", "a group whose renames run"}}};
    return names[static_cast<std::size_t>(state)];
}

Words words(Do call) {
    constexpr std::array<Words, 7> names = {{{"suspend", "SuspendGroup"},
                                             {"resume", "ResumeGroup"},
                                             {"cancel", "CancelGroup"},
                                             {"create_job", "CreateJob"},
                                             {"add_files", "AddFiles"},
                                             {"set_prop", "SetProp"},
                                             {"foreground", "SwitchToForeground"}}};
    return names[static_cast<std::size_t>(call)];
}

bool has_job(In state) { return state != In::New && state != In::CancelledNew; }
bool whole(In state) { return state == In::Complete || state == In::Publishing; }
bool is_over(In state) { return state == In::Cancelled || state == In::CancelledNew; }

std::vector<GroupStatus> flags(In state) {
    switch (state) {
        case In::Error:
            return {kError, kErrorLenient};
        case In::Complete:
            return {kComplete, kCompleteLenient};
        case In::Cancelled:
        case In::CancelledNew:
            return {kNoFlags};
        case In::New:
        case In::Empty:
        case In::Suspended:
            return {kNew, kNewLenient};
        case In::Queued:
        case In::Connecting:
        case In::Transferring:
        case In::Waiting:
        case In::Running:
        case In::Publishing:
            break;
    }
    return {kRunning};
}

// The clause that says what GetStatus shows there.
std::string status_clause(In state) {
    switch (state) {
        case In::New:
        case In::Empty:
        case In::Suspended:
            return "GROUP-STATUS-2-a";
        case In::Waiting:
            return "GROUP-STATUS-4";
        case In::Error:
            return "GROUP-STATUS-5-a";
        case In::Complete:
            return "GROUP-STATUS-6-a";
        case In::Publishing:
            return "FILE-PUB-4";
        case In::Cancelled:
        case In::CancelledNew:
            return "GROUP-STATUS-7";
        case In::Queued:
        case In::Connecting:
        case In::Transferring:
        case In::Running:
            break;
    }
    return "GROUP-STATUS-3";
}

Setting setting_for(In state) {
    Setting setting = serving({resource(), resource("/b", 2'000), resource("/slow")});
    auto& rules = setting.script.rules;
    if (state == In::Queued) {
        rules.push_back(stall_at(40'000));
        rules.back().match.path = "/slow";
    } else if (state == In::Connecting) {
        rules.push_back(on_head("silence", fault(Effect::Stall), 1));
        rules.back().faults[0].at.where = fakeserver::Where::Head;
    } else if (state == In::Transferring) {
        rules.push_back(stall_at(40'000));
    } else if (state == In::Waiting) {
        rules.push_back(on_head("busy", respond(503), 1));
        setting.policy.retry_delay = kNever;
    } else if (state == In::Error) {
        rules.push_back(on_head("missing", respond(404), 1));
    }
    return setting;
}

constexpr unsigned kBlocker = 2;

Download enter(Rig& rig, In state) {
    const std::string clause = "GROUP-RESUME-1";
    if (state == In::Queued) {
        const Download blocker = start(rig, {{"/slow", "slow"}}, kBlocker);
        wait_for_silence(rig, blocker.group, 40'000);  // it has the turn
    }
    const GroupHandle group = create_group(rig);
    if (state == In::CancelledNew) rig.call(call::CancelGroup{group});
    if (!has_job(state)) return {group, {}};
    const JobHandle job = create_job(rig, group);
    if (state == In::Empty) return {group, job};
    add_files(rig, job, {{"/a", "a"}});
    if (state == In::Cancelled) rig.call(call::CancelGroup{group});
    if (state == In::Suspended || state == In::Cancelled) return {group, job};
    expect_code(rig, clause, "ResumeGroup answers", call::ResumeGroup{group}, {HResult::Ok});
    if (state == In::Connecting || state == In::Waiting)
        rig.eventually(clause, "the first request is there",
                       [&] { return !rig.requests().empty(); });
    // Nothing tells a client that the answer was read. Where it was not, no look tells the
    // difference, and go_on() resumes again.
    if (state == In::Waiting) rig.let_pass(kWhile);
    if (state == In::Transferring) wait_for_silence(rig, group, 40'000);
    if (state == In::Publishing)
        rig.eventually(clause, "every byte is there",
                       [&] { return size_done(rig, group) >= 100'000; });
    if (state == In::Error || state == In::Complete) wait_for_end(rig, clause, group);
    return {group, job};
}

Call made(Rig& rig, Do what, const Download& on) {
    switch (what) {
        case Do::Suspend:
            return call::SuspendGroup{on.group};
        case Do::Resume:
            return call::ResumeGroup{on.group};
        case Do::Cancel:
            return call::CancelGroup{on.group};
        case Do::CreateJob:
            return call::CreateJob{on.group, {guid(103)}};
        case Do::AddFiles:
            return call::AddFiles{on.job, {{rig.url("/b"), rig.local("b"), 0}}};
        case Do::SetProp:
            return call::SetProp{
                on.group, GroupProperty::DisplayName, {VariantType::Bstr, 0, "a name"}};
        case Do::Foreground:
            return call::SwitchGroupToForeground{on.group};
    }
    return call::SuspendGroup{on.group};
}

std::vector<GroupStatus> with_foreground(std::vector<GroupStatus> set, bool foreground) {
    if (foreground)
        for (GroupStatus& one : set) one = one.with(GroupFlag::Foreground);
    return set;
}

// The state as the group and its job show it.
void expect_state(Rig& rig, const std::string& clause, const Download& on, In state, bool with_job,
                  bool foreground) {
    const Reply shown = rig.call(call::GetGroupStatus{on.group});
    const auto group = value_of<value::GroupState>(shown);
    if (!is_over(state))
        rig.expect("GROUP-STATUS-1", "GetStatus answers", shown.hresult, {HResult::Ok});
    rig.expect(clause, "GetStatus shows", group.status, with_foreground(flags(state), foreground));
    rig.expect("GROUP-STATUS-1", "the job index", group.job_index, {0U});
    if (!with_job) return;
    const value::JobState job = job_status(rig, on.job);
    JobStatus expected =
        JobStatus{}.with(state == In::Complete ? JobFlag::Complete : JobFlag::Incomplete);
    if (state == In::Error) expected = expected.with(JobFlag::Error);
    rig.expect(clause, "the job's status", job.status, {expected});
    const bool error = state == In::Error;
    rig.expect("JOB1-STATUS-4-b", "the Win32 result", job.win32_result,
               error ? std::vector{0x80190194U, 404U} : std::vector{0U});
    rig.expect("JOB1-STATUS-4-b", "the transport result", job.transport_result,
               {error ? 404U : 0U});
    rig.expect("JOB1-STATUS-4-b", "the retry count", job.retries, {error ? 1U : 0U});
}

// What the call has changed, and what it must not have changed.
void expect_effect(Rig& rig, const std::string& clause, const Row& row, In from,
                   const Download& on) {
    const bool taken = row.codes.front() == HResult::Ok;
    if (row.call == Do::SetProp) {
        const Reply name = rig.call(call::GetProp{on.group, GroupProperty::DisplayName});
        rig.expect(clause, "the display name is", value_of<PropertyValue>(name),
                   {PropertyValue{VariantType::Bstr, 0, taken ? "a name" : ""}});
    }
    if (row.call == Do::CreateJob)
        expect_code(rig, clause, "GetJob with that GUID answers",
                    call::GetJob{on.group, {guid(103)}},
                    {taken ? HResult::Ok : HResult::QmItemNotFound});
    if (has_job(from)) {
        std::uint32_t files = from == In::Empty ? 0 : 1;
        if (row.call == Do::AddFiles && taken) ++files;
        rig.expect(clause, "GetFileCount gives",
                   value_of<value::Count>(rig.call(call::GetFileCount{on.job})).number, {files});
    }
    if (row.to == In::Cancelled || is_over(from)) {
        expect_code(rig, clause, "GetGroup answers", call::GetGroup{{guid(1)}},
                    {HResult::QmItemNotFound});
        if (from == In::Queued) {
            rig.expect_true(clause, "the other group's file is there, and none of this one",
                            !rig.files().empty() && !rig.look("a"));
            return;
        }
        std::vector<std::string> left;
        if (whole(from)) left.emplace_back("a");
        expect_files(rig, clause, left);
    }
}

// Takes away what holds the group up, or resumes it.
void go_on(Rig& rig, Download& on, In from, In state, bool foreground) {
    const std::string clause = "GROUP-RESUME-1";
    if (state == In::New)
        on.job = value_of<JobHandle>(rig.call(call::GetJob{on.group, {guid(103)}}));
    if (state == In::New && on.job.value == 0) on.job = create_job(rig, on.group);
    if (value_of<value::Count>(rig.call(call::GetFileCount{on.job})).number == 0)
        add_files(rig, on.job, {{"/a", "a"}});
    if (from == In::Queued && !foreground) {
        const Reply blocker = rig.call(call::GetGroup{{guid(kBlocker)}});
        rig.call(call::CancelGroup{value_of<GroupHandle>(blocker)});
    }
    const bool held = state == In::Connecting || state == In::Transferring;
    if (held) rig.call(call::SuspendGroup{on.group});
    if (state == In::Waiting)
        end_the_wait(rig, clause, on.group);
    else if (state != In::Queued && state != In::Running && !whole(state))
        expect_code(rig, clause, "ResumeGroup answers", call::ResumeGroup{on.group}, {HResult::Ok});
}

void expect_end(Rig& rig, const std::string& clause, const Row& row, In from, const Download& on) {
    rig.expect(clause, "in the end the group is complete", wait_for_end(rig, clause, on.group),
               with_foreground(flags(In::Complete), row.call == Do::Foreground));
    const bool only_added = from == In::Empty && row.call == Do::AddFiles;
    if (!only_added) expect_file(rig, clause, "a", resource());
    if (row.call == Do::AddFiles) expect_file(rig, clause, "b", resource("/b", 2'000));
    const std::uint32_t total =
        (only_added ? 0U : 100'000U) + (row.call == Do::AddFiles ? 2'000U : 0U);
    rig.expect(clause, "SIZE_DONE is the size of its files", size_done(rig, on.group), {total});
    if (from == In::Queued && row.call == Do::Foreground) {
        const Reply blocker = rig.call(call::GetGroup{{guid(kBlocker)}});
        expect_status(rig, clause, "the group that has the background's turn shows",
                      value_of<GroupHandle>(blocker), {kRunning});
    }
}

void call_in_state(Rig& rig, const Row& row, In from) {
    Download on = enter(rig, from);
    const std::string clause = row.covers.front();
    expect_state(rig, status_clause(from), on, from, has_job(from), false);
    const std::size_t asked = rig.requests().size();
    const Call call = made(rig, row.call, on);
    const std::string what = std::string(words(row.call).title) + " answers";
    if (row.parts)
        expect_refusal(rig, clause, what, call, row.codes);
    else
        expect_code(rig, clause, what, call, row.codes);

    const bool foreground = row.call == Do::Foreground && row.codes.front() == HResult::Ok;
    In now = row.to.value_or(from);
    if (from == In::Queued && foreground) now = In::Running;  // its turn has come
    const std::string state_clause = row.parts ? clause + "-a" : clause;
    // What the job of a group shows that was complete before it was cancelled is not published.
    const bool known = has_job(from) && (!whole(from) || now != In::Cancelled);
    if (now != In::Running) expect_state(rig, state_clause, on, now, known, foreground);
    expect_effect(rig, state_clause, row, from, on);
    const bool stays = !row.to && now != In::Running && !is_over(from);
    if (row.call == Do::Resume && stays) rig.let_pass(Duration(50));  // for what should not come
    if (stays)
        rig.expect<std::uint64_t>(state_clause, "requests so far", rig.requests().size(), {asked});
    if (is_over(now)) return;
    if (from == In::Waiting && row.call == Do::Resume)
        expect_wait_ended(rig, state_clause, on.group, asked);
    go_on(rig, on, from, now, foreground);
    expect_end(rig, state_clause, row, from, on);
}

// Renames are over too soon to be seen but in virtual time.
std::vector<std::string> needs(In state) {
    if (state == In::Publishing) return {"virtual_time"};
    if (state == In::Waiting) return {"policy"};
    return {};
}

Case case_of(const Row& row, In from) {
    const std::string id = std::string("group_states.") + words(row.call).id + "_" + words(from).id;
    const bool taken = row.codes.front() == HResult::Ok;
    std::vector<std::string> covers = row.covers;
    for (const char* clause : {"GROUP-STATUS-1", "JOB1-STATUS-1", "JOB1-STATUS-2"})
        covers.emplace_back(clause);
    if (std::find(covers.begin(), covers.end(), status_clause(from)) == covers.end())
        covers.push_back(status_clause(from));
    if (from == In::Queued && row.call == Do::Foreground) covers.emplace_back("SCHED-1");
    if (from == In::Queued) covers.emplace_back("JOB-STATE-01");
    if (from == In::Suspended && row.call == Do::Resume) covers.emplace_back("OBS-068");
    if (from == In::Connecting) covers.emplace_back("JOB-STATE-02");
    if (from == In::Transferring) covers.emplace_back("JOB-STATE-03");
    if (whole(from) && row.call == Do::Cancel) covers.emplace_back("GROUP-CANCEL-2");
    return {id,
            covers,
            std::string(words(row.call).title) + " of " + words(from).title +
                (taken ? " is taken" : " is refused") + " and changes nothing else",
            needs(from),
            setting_for(from),
            [row, from](Rig& rig) { call_in_state(rig, row, from); }};
}

// ---- reading ------------------------------------------------------------------------------------

// What reads a group or its job in one state, judged under a clause of its own; of what is
// cancelled, under the one for that.
struct Reader {
    Rig& rig;
    In state;
    Download on;

    std::string clause(const std::string& own) const {
        return is_over(state) ? "GROUP-CANCEL-4-c" : own;
    }
    Reply ok(const std::string& own, const std::string& what, const Call& call) const {
        Reply reply = rig.call(call);
        rig.expect(clause(own), what + " answers", reply.hresult, {HResult::Ok});
        return reply;
    }
    std::uint32_t percent() const {
        if (state == In::Complete) return 100;
        return state == In::Transferring ? 40 : 0;
    }
};

void reads_status(const Reader& one) {
    const Reply shown = one.rig.call(call::GetGroupStatus{one.on.group});
    if (is_over(one.state))
        one.rig.expect("JOB-STATE-12", "GetStatus answers", shown.hresult,
                       {HResult::Ok, HResult::QmInvalidState, HResult::QmItemNotFound});
    else
        one.rig.expect("GROUP-STATUS-1", "GetStatus answers", shown.hresult, {HResult::Ok});
    const auto group = value_of<value::GroupState>(shown);
    one.rig.expect(status_clause(one.state), "GetStatus shows", group.status, flags(one.state));
    one.rig.expect("GROUP-STATUS-1", "the job index", group.job_index, {0U});
}

void reads_progress(const Reader& one) {
    const bool known = one.state == In::Complete || one.state == In::Transferring;
    const Reply size = one.ok("GROUP-SIZE-1-a", "get_Size", call::GetSize{one.on.group});
    one.rig.expect(one.clause("GROUP-SIZE-1-a"), "get_Size gives",
                   value_of<value::Size>(size).bytes, {known ? 100'000U : 0U});
    const auto progress = [&](const std::string& own, const std::string& what, const Call& call,
                              std::uint32_t expected) {
        const Reply reply = one.ok(own, what, call);
        one.rig.expect(is_over(one.state) ? "OPEN-08" : own, what + " gives",
                       value_of<value::Progress>(reply).amount, {expected});
    };
    progress("GROUP-PROG-1", "GetProgress(SIZE_DONE)",
             call::GetGroupProgress{one.on.group, ProgressFlag::SizeDone}, one.percent() * 1'000);
    progress("GROUP-PROG-2-b", "GetProgress(PERCENT_DONE)",
             call::GetGroupProgress{one.on.group, ProgressFlag::PercentDone}, one.percent());
    if (has_job(one.state))
        progress("JOB1-PROG-1", "GetProgress(SIZE_DONE) of the job",
                 call::GetJobProgress{one.on.job, ProgressFlag::SizeDone}, one.percent() * 1'000);
}

void reads_group(const Reader& one) {
    const Reply id = one.ok("GROUP-ID-1", "get_GroupID", call::GetGroupId{one.on.group});
    one.rig.expect(one.clause("GROUP-ID-1"), "get_GroupID gives",
                   to_text(value_of<GroupId>(id).guid), {to_text(guid(1))});
    const Reply name =
        one.ok("PROP-NAME-1", "GetProp", call::GetProp{one.on.group, GroupProperty::DisplayName});
    one.rig.expect(one.clause("PROP-NAME-1"), "the name is", value_of<PropertyValue>(name),
                   {PropertyValue{VariantType::Bstr, 0, ""}});
    const Reply jobs = one.ok("GROUP-ENUMJOBS-1", "EnumJobs", call::EnumJobs{one.on.group, 0});
    const Reply count =
        one.ok("ENUM-COUNT-1", "GetCount", call::GetCount{value_of<EnumeratorHandle>(jobs)});
    one.rig.expect(one.clause("GROUP-ENUMJOBS-1"), "jobs", value_of<value::Count>(count).number,
                   {has_job(one.state) ? 1U : 0U});
}

void reads_job(const Reader& one) {
    one.ok("GROUP-GETJOB-1", "GetJob", call::GetJob{one.on.group, {guid(101)}});
    one.ok("JOB1-STATUS-1", "GetStatus of the job", call::GetJobStatus{one.on.job});
    const Reply id = one.ok("JOB1-ID-1", "get_JobID", call::GetJobId{one.on.job});
    one.rig.expect(one.clause("JOB1-ID-1"), "get_JobID gives", to_text(value_of<JobId>(id).guid),
                   {to_text(guid(101))});
    const bool empty = one.state == In::Empty;
    const Reply count = one.ok("JOB1-COUNT-1", "GetFileCount", call::GetFileCount{one.on.job});
    one.rig.expect(one.clause("JOB1-COUNT-1"), "GetFileCount gives",
                   value_of<value::Count>(count).number, {empty ? 0U : 1U});
    if (empty) return;
    const Reply file = one.ok("JOB1-FILE-1", "GetFile", call::GetFile{one.on.job, 0});
    const auto names = value_of<FileSetInfo>(file);
    one.rig.expect(one.clause("JOB1-FILE-1"), "GetFile gives", names.remote_name,
                   {one.rig.url("/a")});
    one.rig.expect(one.clause("JOB1-FILE-1"), "GetFile gives", names.local_name,
                   {one.rig.local("a")});
}

void reads(Rig& rig, In state) {
    const Reader one{rig, state, enter(rig, state)};
    reads_status(one);
    reads_progress(one);
    reads_group(one);
    if (has_job(state)) reads_job(one);
}

Case reading_case(In state) {
    std::vector<std::string> covers = {"GROUP-STATUS-1", "GROUP-ID-1",   "GROUP-SIZE-1",
                                       "GROUP-PROG-1",   "GROUP-PROG-2", "GROUP-ENUMJOBS-1"};
    if (has_job(state))
        covers.insert(covers.end(), {"GROUP-GETJOB-1", "JOB1-PROG-1", "JOB1-ID-1", "JOB1-COUNT-1"});
    if (has_job(state) && state != In::Empty) covers.emplace_back("JOB1-FILE-1");
    if (is_over(state))
        covers = {"GROUP-CANCEL-4", "JOB-STATE-12", "OBS-021", "OBS-022", "OBS-062", "OPEN-08"};
    covers.push_back(status_clause(state));
    return {std::string("group_states.read_") + words(state).id,
            covers,
            std::string("Every reading call answers on ") + words(state).title,
            needs(state),
            setting_for(state),
            [state](Rig& rig) { reads(rig, state); }};
}

}  // namespace

std::vector<Case> group_states_cases() {
    std::vector<Case> cases;
    for (const Row& row : rows())
        for (const In from : row.from) cases.push_back(case_of(row, from));
    for (const In state :
         {In::New, In::Empty, In::Suspended, In::Queued, In::Connecting, In::Transferring,
          In::Waiting, In::Error, In::Complete, In::Cancelled, In::CancelledNew})
        cases.push_back(reading_case(state));
    return cases;
}

}  // namespace qmgr::conformance
