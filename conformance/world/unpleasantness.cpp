#include "conformance/world/unpleasantness.hpp"

#include <algorithm>
#include <random>
#include <type_traits>
#include <variant>

#include "reference/engine/job_table.hpp"

namespace qmgr::inline v0::world {
namespace {

using enum Unpleasantness;

constexpr std::array<UnpleasantnessRow, kUnpleasantnesses> kRows = {{
    {SuspendedByAnother, "suspended-by-another", "OBS-003 GROUP-SUSPEND-1"},
    {ResumedByAnother, "resumed-by-another", "OBS-003 GROUP-RESUME-1 GROUP-RESUME-4"},
    {CancelledByAnother, "cancelled-by-another", "OBS-003 GROUP-CANCEL-1 GROUP-STATUS-7"},
    {AddedToByAnother, "added-to-by-another", "JOB-ADD-01 JOB1-ADD-7"},
    {ForegroundByAnother, "foreground-by-another", "OBS-003 GROUP-FG-1 GROUP-STATUS-8"},
    {TakenOver, "taken-over", "QMGR-GET-4 QMGR-GET-5 QMGR-GET-3-b"},
    {Denied, "denied", "QMGR-GET-5 QMGR-GET-3-b"},
    {OwnerLoggedOff, "owner-logged-off", "XFER-LOGON-1 JOB-STATE-01 JOB1-ADD-11"},
    {NetworkLost, "network-lost", "XFER-NET-1-a SVC-TR-08"},
    {Paused, "paused", "XFER-PAUSE-1 OBS-076"},
    {ServerAway, "server-away", "XFER-STATUS-1-a GROUP-STATUS-4 XFER-NOPROG-1-a"},
    {DiskFull, "disk-full", "FILE-DISK-1"},
    {DirectoryGone, "directory-gone", "FILE-DISK-1 FILE-PUB-2 JOB1-ADD-6-b GROUP-CANCEL-5"},
    {FileChanged, "file-changed", "XFER-CHANGE-1-a PRG-09 GROUP-PROG-5"},
    {ServiceRestarted, "service-restarted", "HANDLE-2 XFER-START-1"},
    {PowerFailed, "power-failed", "HANDLE-2 PER-03 GROUP-PROG-5"},
    {ServiceUnavailable, "service-unavailable", "SERVICE-1"},
    {GuidTaken, "guid-taken", "QMGR-CREATE-2 OBS-003"},
    {GuidTakenBySomebodyElse, "guid-taken-by-somebody-else", "QMGR-CREATE-3 QMGR-GET-3-b"},
    {JobGuidTaken, "job-guid-taken", "GROUP-CREATEJOB-4-b"},
    {JobAlreadyThere, "job-already-there", "OBS-003 GROUP-CREATEJOB-2"},
    {GroupAlreadyRuns, "group-already-runs", "OBS-003 GROUP-CREATEJOB-3"},
    {TooManyJobs, "too-many-jobs", "GROUP-CREATEJOB-5-a OBS-077"},
    {TooManyFiles, "too-many-files", "JOB-ADD-01 JOB1-ADD-10"},
    {DirectoryProtected, "directory-protected", "JOB1-ADD-3"},
    {LeanStatus, "lean-status", "GROUP-STATUS-2-b GROUP-STATUS-5-b GROUP-STATUS-6-b"},
    {GoneInvalidState, "gone-invalid-state", "GROUP-STATUS-7 JOB-STATE-12"},
    {GoneNotFound, "gone-not-found", "GROUP-STATUS-7 JOB-STATE-12"},
    {OtherCodes, "other-codes",
     "GROUP-CREATEJOB-3 GROUP-RESUME-2-b GROUP-PROG-4 JOB1-ADD-6-b PROP-NAME-1 PROP-DESCRIPTION-1"},
    {Win32Codes, "win32-codes", "JOB1-STATUS-4-b"},
    {ToldLate, "told-late", "NOTIFY-5 NOTIFY-12 OBS-113"},
    {ToldAgain, "told-again", "NOTIFY-9"},
    {ToldInARow, "told-in-a-row", "NOTIFY-5"},
    {ToldReordered, "told-reordered", "NOTIFY-13 LIM-09"},
    {ToldWithoutJob, "told-without-job", "NOTIFY-4"},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].what) != i) return false;
    return true;
}
static_assert(in_order(), "one row for each kind, in the order of the enumeration");

template <class Method>
constexpr bool names_a_handle =
    !std::is_same_v<Method, call::CreateGroup> && !std::is_same_v<Method, call::GetGroup> &&
    !std::is_same_v<Method, call::EnumGroups>;

/// Calls that change a group or its job.
template <class Method>
constexpr bool changes =
    std::is_same_v<Method, call::SetProp> || std::is_same_v<Method, call::SuspendGroup> ||
    std::is_same_v<Method, call::ResumeGroup> || std::is_same_v<Method, call::CancelGroup> ||
    std::is_same_v<Method, call::CreateJob> || std::is_same_v<Method, call::AddFiles> ||
    std::is_same_v<Method, call::SwitchGroupToForeground>;

using Failures = std::vector<LegalFailure>;

template <class Method>
void add_own_failures(const Method& /*call*/, Failures& /*failures*/) {}

void add_own_failures(const call::CreateGroup& /*call*/, Failures& failures) {
    failures.push_back({HResult::InvalidArgument, GuidTaken, "QMGR-CREATE-2"});
    failures.push_back({HResult::InvalidArgument, GuidTakenBySomebodyElse, "QMGR-CREATE-3"});
}

void add_own_failures(const call::GetGroup& /*call*/, Failures& failures) {
    failures.push_back({HResult::QmItemNotFound, CancelledByAnother, "QMGR-GET-2"});
    failures.push_back({HResult::QmItemNotFound, TakenOver, "QMGR-GET-3-b"});
    failures.push_back({HResult::AccessDenied, Denied, "QMGR-GET-3-b"});
}

void add_own_failures(const call::GetGroupStatus& /*call*/, Failures& failures) {
    failures.push_back({HResult::QmInvalidState, GoneInvalidState, "GROUP-STATUS-7"});
    failures.push_back({HResult::QmItemNotFound, GoneNotFound, "GROUP-STATUS-7"});
}

void add_own_failures(const call::CreateJob& /*call*/, Failures& failures) {
    failures.push_back({HResult::InvalidArgument, JobGuidTaken, "GROUP-CREATEJOB-4-b"});
    failures.push_back({HResult::NotImplemented, JobAlreadyThere, "GROUP-CREATEJOB-2"});
    failures.push_back({HResult::QmInvalidState, GroupAlreadyRuns, "GROUP-CREATEJOB-3"});
    failures.push_back({HResult::BgTooManyJobsPerUser, TooManyJobs, "GROUP-CREATEJOB-5-a"});
}

void add_own_failures(const call::AddFiles& /*call*/, Failures& failures) {
    failures.push_back({HResult::NotLoggedOn, OwnerLoggedOff, "JOB1-ADD-11"});
    failures.push_back({HResult::PathNotFound, DirectoryGone, "JOB1-ADD-6-b"});
    failures.push_back({HResult::AccessDenied, DirectoryProtected, "JOB1-ADD-3"});
    failures.push_back({HResult::BgTooManyFilesInJob, TooManyFiles, "JOB1-ADD-10"});
}

void add_own_failures(const call::CancelGroup& /*call*/, Failures& failures) {
    failures.push_back({HResult::PathNotFound, DirectoryGone, "GROUP-CANCEL-5"});
}

constexpr bool can_be_shown(JobState state) { return state != JobState::Cancelling; }

/// The states a job can be in next, by its table.
std::vector<JobState> next_states(JobState from) {
    std::vector<JobState> next;
    for (const JobRow& row : kJobTable) {
        if (row.impossible || !row.to || !row.from.has(from)) continue;
        const JobState to = *row.to;
        if (to == from || !can_be_shown(to)) continue;
        if (std::find(next.begin(), next.end(), to) == next.end()) next.push_back(to);
    }
    std::sort(next.begin(), next.end());
    return next;
}

}  // namespace

const std::array<UnpleasantnessRow, kUnpleasantnesses>& unpleasantnesses() { return kRows; }

std::string_view name(Unpleasantness what) { return kRows[static_cast<std::size_t>(what)].name; }

std::vector<LegalFailure> legal_failures(const Call& call) {
    return std::visit(
        [](const auto& method) {
            using Method = std::decay_t<decltype(method)>;
            Failures failures{{HResult::QmServiceUnavailable, ServiceUnavailable, "SERVICE-1"}};
            if constexpr (names_a_handle<Method>)
                failures.push_back({HResult::RpcDisconnected, ServiceRestarted, "HANDLE-2"});
            if constexpr (changes<Method>)
                failures.push_back(
                    {HResult::QmInvalidState, CancelledByAnother, "GROUP-CANCEL-4-b"});
            add_own_failures(method, failures);
            return failures;
        },
        call);
}

std::vector<OneFailure> one_failure_each(const std::vector<Call>& calls) {
    std::vector<OneFailure> all;
    for (std::size_t i = 0; i < calls.size(); ++i)
        for (const LegalFailure& failure : legal_failures(calls[i]))
            all.push_back({{failure.by, i + 1}, failure});
    return all;
}

std::vector<Act> any_acts(std::uint64_t seed, std::size_t count, std::uint64_t calls) {
    // Distributions of the standard library differ from one library to the next; remainders do not.
    std::mt19937_64 draw(seed);
    const std::array<Duration, 5> lengths = {std::chrono::seconds(1), std::chrono::minutes(1),
                                             std::chrono::hours(1), std::chrono::hours(24),
                                             std::chrono::hours(24 * 20)};
    std::vector<Act> acts;
    for (std::size_t i = 0; i < count; ++i) {
        Act act;
        act.what = kRows[draw() % kRows.size()].what;
        act.at_call = 1 + draw() % std::max<std::uint64_t>(calls, 1);
        act.lasts = lengths[draw() % lengths.size()];
        act.times = 1 + draw() % 3;
        acts.push_back(act);
    }
    return acts;
}

std::string to_text(const Walk& walk) {
    std::string text;
    for (const JobState state : walk)
        text += (text.empty() ? "" : " ") + std::string(qmgr::name(state));
    return text;
}

std::vector<Walk> every_walk(std::size_t length) {
    std::vector<Walk> walks{{}};
    for (std::size_t i = 0; i < length; ++i) {
        std::vector<Walk> longer;
        for (const Walk& walk : walks) {
            const JobState from = walk.empty() ? JobState::Connecting : walk.back();
            for (const JobState to : next_states(from)) {
                longer.push_back(walk);
                longer.back().push_back(to);
            }
            if (from == JobState::Cancelled) longer.push_back(walk);  // nothing comes after it
        }
        walks = std::move(longer);
    }
    return walks;
}

}  // namespace qmgr::inline v0::world
