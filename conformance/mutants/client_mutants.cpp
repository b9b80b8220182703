// Mutants of what a client is told. A method's code is made wrong for each code its page or a
// clause gives; a value is made wrong in the way a real implementation gets it wrong.
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "conformance/mutants/client_twists.hpp"
#include "conformance/mutants/mutant.hpp"
#include "reference/contract/json.hpp"

namespace qmgr::mutants {
namespace {

using H = HResult;

struct ClientMutant {
    const char* id;
    const char* clause;
    const char* change;
    Twist (*twist)();
};

Mutant made(const ClientMutant& one) {
    return {std::string("client.") + one.id,
            "what a client is told",
            one.clause,
            one.change,
            [twist = one.twist] {
                world::Variation variation;
                variation.system = [twist](SystemUnderTest& inner) {
                    return std::make_unique<TwistedSystem>(inner, twist());
                };
                return variation;
            },
            ""};
}

/// The method answers `told` wherever it should answer `true_code`.
template <class Method>
Mutant code(const std::string& clause, H true_code, H told) {
    const std::string method(to_json(Call(Method{})).begin().key());
    return {"code." + clause + "." + method + "." + name(true_code) + "-as-" + name(told),
            method,
            clause,
            method + " answers " + name(told) + " in place of " + name(true_code),
            [=] {
                world::Variation variation;
                variation.system = [=](SystemUnderTest& inner) {
                    return std::make_unique<TwistedSystem>(
                        inner, after<Method>([=](const Method& /*call*/, Reply& reply) {
                            if (reply.hresult == true_code) reply.hresult = told;
                        }));
                };
                return variation;
            },
            ""};
}

// A refusal told as success, and as another refusal.
template <class Method>
void add_refusal(std::vector<Mutant>& all, const std::string& clause, H true_code) {
    all.push_back(code<Method>(clause, true_code, H::Ok));
    all.push_back(code<Method>(clause, true_code,
                               true_code == H::AccessDenied ? H::NullPointer : H::AccessDenied));
}

// A success told as failure.
template <class Method>
void add_success(std::vector<Mutant>& all, const std::string& clause) {
    all.push_back(code<Method>(clause, H::Ok, H::Failed));
}

void add_successes(std::vector<Mutant>& all) {
    add_success<call::CreateGroup>(all, "QMGR-CREATE-1");
    add_success<call::GetGroup>(all, "QMGR-GET-1");
    add_success<call::EnumGroups>(all, "QMGR-ENUM-1");
    add_success<call::GetGroupProgress>(all, "GROUP-PROG-1");
    add_success<call::GetGroupStatus>(all, "GROUP-STATUS-1");
    add_success<call::GetJob>(all, "GROUP-GETJOB-1");
    add_success<call::GetSize>(all, "GROUP-SIZE-1");
    add_success<call::GetGroupId>(all, "GROUP-ID-1");
    add_success<call::CreateJob>(all, "GROUP-CREATEJOB-1");
    add_success<call::EnumJobs>(all, "GROUP-ENUMJOBS-1");
    add_success<call::SwitchGroupToForeground>(all, "GROUP-FG-2");
    add_success<call::GetJobProgress>(all, "JOB1-PROG-1");
    add_success<call::GetFile>(all, "JOB1-FILE-1");
    add_success<call::GetFileCount>(all, "JOB1-COUNT-1");
    add_success<call::GetJobId>(all, "JOB1-ID-1");
    add_success<call::AddFiles>(all, "JOB1-ADD-1");
    add_success<call::AddFiles>(all, "JOB1-ADD-9");
    add_success<call::Next>(all, "ENUM-NEXT-1");
    add_success<call::Skip>(all, "ENUM-SKIP-1");
    add_success<call::Reset>(all, "ENUM-RESET-1");
    add_success<call::Clone>(all, "ENUM-CLONE-1");
    add_success<call::GetCount>(all, "ENUM-COUNT-1");
    add_success<call::Release>(all, "HANDLE-5");
    add_success<call::SuspendGroup>(all, "GROUP-SUSPEND-1");
    add_success<call::CancelGroup>(all, "GROUP-CANCEL-1");
}

void add_queue_refusals(std::vector<Mutant>& all) {
    add_refusal<call::CreateGroup>(all, "QMGR-CREATE-2", H::InvalidArgument);
    add_refusal<call::CreateGroup>(all, "QMGR-CREATE-4", H::InvalidArgument);
    add_refusal<call::GetGroup>(all, "QMGR-GET-2", H::QmItemNotFound);
    all.push_back(code<call::GetGroup>("QMGR-GET-3", H::QmItemNotFound, H::Ok));
    // E_ACCESSDENIED would do here, too; E_INVALIDARG would not.
    all.push_back(code<call::GetGroup>("QMGR-GET-3", H::QmItemNotFound, H::InvalidArgument));
    add_refusal<call::EnumGroups>(all, "QMGR-ENUM-2", H::NotImplemented);
    add_refusal<call::EnumJobs>(all, "GROUP-ENUMJOBS-1", H::NotImplemented);
    add_refusal<call::Next>(all, "ENUM-NEXT-2", H::False);
    add_refusal<call::Next>(all, "ENUM-NEXT-3", H::InvalidArgument);
    add_refusal<call::Skip>(all, "ENUM-SKIP-1", H::False);
    add_refusal<call::GetGroupStatus>(all, "HANDLE-2", H::RpcDisconnected);
    add_refusal<call::Release>(all, "HANDLE-5", H::RpcDisconnected);
    add_refusal<call::CreateGroup>(all, "SERVICE-1", H::QmServiceUnavailable);
}

void add_group_refusals(std::vector<Mutant>& all) {
    add_refusal<call::CreateJob>(all, "GROUP-CREATEJOB-2", H::NotImplemented);
    add_refusal<call::CreateJob>(all, "GROUP-CREATEJOB-4", H::InvalidArgument);
    add_refusal<call::CreateJob>(all, "GROUP-CREATEJOB-5", H::BgTooManyJobsPerUser);
    add_refusal<call::CreateJob>(all, "GROUP-CREATEJOB-5", H::BgTooManyJobsPerMachine);
    add_refusal<call::GetJob>(all, "GROUP-GETJOB-1", H::QmItemNotFound);
    add_refusal<call::GetGroupProgress>(all, "GROUP-PROG-3", H::NotImplemented);
    add_refusal<call::GetGroupProgress>(all, "GROUP-PROG-4", H::NotImplemented);
    add_refusal<call::ResumeGroup>(all, "GROUP-RESUME-2", H::BgEmpty);
    add_refusal<call::CancelGroup>(all, "GROUP-CANCEL-4", H::QmInvalidState);
    add_refusal<call::CancelGroup>(all, "GROUP-CANCEL-5", H::IoDevice);
    add_refusal<call::QueryNewJobInterface>(all, "GROUP-INT-1", H::NotImplemented);
    add_refusal<call::SetNotificationPointer>(all, "GROUP-INT-1", H::NotImplemented);
    add_refusal<call::InternalSetProp>(all, "GROUP-INT-1", H::NotImplemented);
}

void add_job_refusals(std::vector<Mutant>& all) {
    for (const char* clause : {"JOB1-ADD-2", "JOB1-ADD-4", "JOB1-ADD-5", "JOB1-ADD-6"})
        add_refusal<call::AddFiles>(all, clause, H::InvalidArgument);
    add_refusal<call::AddFiles>(all, "JOB1-ADD-6", H::PathNotFound);
    add_refusal<call::AddFiles>(all, "JOB1-ADD-3", H::AccessDenied);
    add_refusal<call::AddFiles>(all, "JOB1-ADD-7", H::QmInvalidState);
    add_refusal<call::AddFiles>(all, "JOB1-ADD-10", H::BgTooManyFilesInJob);
    add_refusal<call::AddFiles>(all, "JOB1-ADD-11", H::NotLoggedOn);
    add_refusal<call::GetFile>(all, "JOB1-FILE-1", H::QmItemNotFound);
    add_refusal<call::GetJobProgress>(all, "JOB1-PROG-1", H::NotImplemented);
    add_refusal<call::CancelJob>(all, "JOB1-STUB-1", H::NotImplemented);
    add_refusal<call::GetTimes>(all, "JOB1-STUB-1", H::NotImplemented);
    add_refusal<call::SwitchJobToForeground>(all, "JOB1-STUB-1", H::NotImplemented);
}

constexpr std::array kTwists = {
    // owners
    ClientMutant{"owners-ignored", "QMGR-GET-3", "everybody is an administrator",
                 twist::owners_ignored},
    ClientMutant{"owners-ignored-in-lists", "QMGR-ENUM-1", "everybody lists all groups",
                 twist::lists_everything},
    ClientMutant{"administrator-is-nobody", "QMGR-GET-4", "an administrator is a user",
                 twist::no_administrators},
    ClientMutant{"administrator-is-limited", "LIM-03", "an administrator is a user",
                 twist::no_administrators},
    ClientMutant{"owner-stays", "QMGR-GET-5", "GetGroup does not move ownership",
                 twist::owner_stays},
    ClientMutant{"listing-takes", "QMGR-ENUM-3", "listing a group takes it", twist::listing_takes},
    ClientMutant{"guid-stays-taken", "QMGR-CREATE-3", "the GUID of a cancelled group is taken",
                 twist::guid_stays_taken},
    ClientMutant{"guid-taken-per-user", "QMGR-CREATE-3", "a GUID is taken for its owner only",
                 twist::guid_taken_per_user},
    // handles
    ClientMutant{"handle-copies", "HANDLE-1", "a handle shows what it saw first",
                 twist::handle_copies},
    ClientMutant{"handle-of-former-owner", "HANDLE-3", "the former owner's handle is dead",
                 twist::former_owner_is_out},
    ClientMutant{"handle-dies-with-group", "HANDLE-4", "a cancelled group's handle is dead",
                 twist::handle_dies_with_group},
    ClientMutant{"release-cancels", "HANDLE-5", "Release of a group cancels it",
                 twist::release_cancels},
    ClientMutant{"release-forgets", "HANDLE-5", "a released handle still works",
                 twist::release_forgets},
    // enumerators
    ClientMutant{"enumerator-lives", "ENUM-SNAP-1", "Next looks at the queue as it is now",
                 twist::enumerator_lives},
    ClientMutant{"enumerator-backwards", "ENUM-ORDER-1", "the youngest first",
                 twist::enumerator_backwards},
    ClientMutant{"clone-is-itself", "ENUM-CLONE-1", "Clone gives the same enumerator",
                 twist::clone_is_itself},
    ClientMutant{"clone-from-start", "ENUM-CLONE-1", "Clone stands at the beginning",
                 twist::clone_from_start},
    ClientMutant{"reset-does-nothing", "ENUM-RESET-1", "Reset leaves the position",
                 twist::reset_does_nothing},
    ClientMutant{"count-of-the-rest", "ENUM-COUNT-1", "GetCount counts what is left",
                 twist::count_of_the_rest},
    ClientMutant{"skip-one-more", "ENUM-SKIP-1", "Skip passes over one more", twist::skip_one_more},
    ClientMutant{"fetched-one-more", "ENUM-NEXT-1", "the fetched count is one more",
                 twist::fetched_one_more},
    ClientMutant{"fetched-as-asked", "ENUM-NEXT-2", "the fetched count is what was asked for",
                 twist::fetched_as_asked},
    ClientMutant{"null-fetched", "ENUM-NEXT-3", "a null pointer for the count is always taken",
                 twist::null_fetched},
    // verbs that do something else
    ClientMutant{"suspend-does-nothing", "GROUP-SUSPEND-1", "SuspendGroup only says S_OK",
                 twist::suspend_does_nothing},
    ClientMutant{"resume-suspends", "GROUP-RESUME-1", "ResumeGroup suspends",
                 twist::resume_suspends},
    ClientMutant{"resume-does-nothing", "GROUP-RESUME-1", "ResumeGroup only says S_OK",
                 twist::resume_does_nothing},
    ClientMutant{"resume-starts-over", "GROUP-RESUME-3", "ResumeGroup stops what runs first",
                 twist::resume_starts_over},
    ClientMutant{"cancel-does-nothing", "GROUP-CANCEL-1", "CancelGroup only says S_OK",
                 twist::cancel_does_nothing},
    ClientMutant{"cancel-suspends", "GROUP-CANCEL-3", "CancelGroup suspends",
                 twist::cancel_suspends},
    ClientMutant{"foreground-does-nothing", "GROUP-FG-1", "SwitchToForeground only says S_OK",
                 twist::foreground_does_nothing},
    ClientMutant{"foreground-for-all", "SCHED-1", "every group is a foreground one",
                 twist::foreground_for_all},
    ClientMutant{"foreground-shows-always", "GROUP-STATUS-8", "every group shows FOREGROUND",
                 twist::foreground_shows_always},
    ClientMutant{"foreground-on-jobs", "JOB1-STATUS-3", "the job shows JOB_FOREGROUND",
                 twist::foreground_on_jobs},
    ClientMutant{"new-group-runs", "GROUP-NEW-1", "AddFiles resumes a new group",
                 twist::new_group_runs},
    ClientMutant{"add-asks-server", "JOB1-ADD-9",
                 "AddFiles resumes the group, and so asks the server", twist::new_group_runs},
    ClientMutant{"internal-call-acts", "GROUP-INT-1",
                 "InternalSetProp switches the group to the foreground", twist::internal_call_acts},
    ClientMutant{"complete-goes-away", "GROUP-DONE-1", "a complete group cancels itself",
                 twist::complete_goes_away},
    // files
    ClientMutant{"files-backwards", "JOB1-ADD-1", "files are fetched last added first",
                 twist::files_backwards},
    ClientMutant{"files-backwards-in-turn", "SCHED-3", "files are fetched last added first",
                 twist::files_backwards},
    ClientMutant{"adds-the-good-ones", "JOB1-ADD-4", "AddFiles adds what is good of a bad list",
                 twist::adds_the_good_ones},
    ClientMutant{"adds-nothing-of-none", "JOB1-ADD-4", "AddFiles of no file says S_OK",
                 twist::adds_nothing_of_none},
    ClientMutant{"adds-before-refusing", "JOB1-ADD-2", "AddFiles refuses, and adds",
                 twist::adds_before_refusing},
    ClientMutant{"capitals-refused", "HTTP-URL-01", "a scheme in capitals is refused",
                 twist::schemes_in_capitals_refused},
    ClientMutant{"hint-is-lost", "JOB1-ADD-8", "GetFile gives 0 for the size hint",
                 twist::hint_is_lost},
    ClientMutant{"names-are-tidied", "JOB1-FILE-1", "GetFile gives the URL in lower case",
                 twist::names_are_tidied},
    ClientMutant{"index-from-one", "JOB1-FILE-1", "files are counted from 1",
                 twist::index_from_one},
    ClientMutant{"count-one-more", "JOB1-COUNT-1", "GetFileCount gives one more",
                 twist::count_one_more},
    ClientMutant{"other-group-id", "GROUP-ID-1", "get_GroupID gives another GUID",
                 twist::other_group_id},
    ClientMutant{"other-job-id", "JOB1-ID-1", "get_JobID gives another GUID", twist::other_job_id},
    // progress
    ClientMutant{"progress-twice", "GROUP-PROG-5", "progress is counted twice",
                 twist::progress_twice},
    ClientMutant{"progress-off-by-one", "GROUP-PROG-1", "a byte more than there is",
                 twist::progress_off_by_one},
    ClientMutant{"progress-short-at-end", "GROUP-PROG-1", "a complete group lacks a byte",
                 twist::progress_short},
    ClientMutant{"progress-31-bits", "GROUP-PROG-6", "31-bit byte counts", twist::progress_31_bits},
    ClientMutant{"progress-wraps", "GROUP-PROG-6", "a count above 32 bits wraps",
                 twist::progress_wraps},
    ClientMutant{"progress-of-suspended", "GROUP-PROG-5", "progress is 0 while suspended",
                 twist::progress_of_suspended},
    ClientMutant{"percent-rounds-up", "GROUP-PROG-2", "the percentage is rounded up",
                 twist::percent_rounds_up},
    ClientMutant{"percent-never-full", "GROUP-PROG-2", "the percentage ends at 99",
                 twist::percent_never_full},
    ClientMutant{"time-is-zero", "GROUP-PROG-3", "TIME_DONE answers S_OK and 0",
                 twist::time_is_zero},
    ClientMutant{"job-progress-apart", "JOB1-PROG-1", "the job's progress is 0",
                 twist::job_progress_apart},
    ClientMutant{"size-off-by-one", "GROUP-SIZE-1", "get_Size gives a byte more",
                 twist::size_off_by_one},
    ClientMutant{"size-of-known", "GROUP-SIZE-1", "get_Size sums what it knows so far",
                 twist::size_of_known},
    ClientMutant{"size-of-unknown", "PRG-03", "an unknown size is 0xFFFFFFFF",
                 twist::size_of_unknown},
    ClientMutant{"size-saturates", "GROUP-SIZE-2", "a size above 32 bits is 0xFFFFFFFF",
                 twist::size_saturates},
    // status
    ClientMutant{"job-index-one", "GROUP-STATUS-1", "the job index is 1", twist::job_index_one},
    ClientMutant{"odd-flags", "GROUP-STATUS-9", "ERROR is shown beside COMPLETE", twist::odd_flags},
    ClientMutant{"result-always", "JOB1-STATUS-4", "the Win32 result is always 0",
                 twist::result_is_zero},
    ClientMutant{"transport-result-lost", "JOB1-STATUS-4", "the HTTP status is always 0",
                 twist::transport_result_lost},
    ClientMutant{"retries-reset", "PRG-14", "the error count starts anew at ResumeGroup",
                 twist::retries_reset},
    ClientMutant{"retries-is-one", "JOB1-STATUS-4", "the retry count is never above 1",
                 twist::retries_is_one},
    ClientMutant{"failed-call-leaves-mark", "ERR-OBJ-03",
                 "the job has the code of a call that failed", twist::failed_call_leaves_mark},
    // properties
    ClientMutant{"property-forgotten", "PROP-KEEP-1", "a property is lost at a restart",
                 twist::property_forgotten},
    ClientMutant{"property-as-set", "PROP-GET-1", "GetProp gives the type that was set",
                 twist::property_as_set},
    ClientMutant{"property-suspends", "PROP-ANY-1", "SetProp suspends the group",
                 twist::property_suspends},
    // notifications
    ClientMutant{"notification-lost", "NOTIFY-5", "a delivery is lost and never repeated",
                 twist::notification_lost},
    ClientMutant{"done-not-told", "NOTIFY-1", "no delivery for a complete group",
                 twist::done_not_told},
    ClientMutant{"error-not-told", "NOTIFY-2", "no delivery for an error", twist::error_not_told},
    ClientMutant{"told-without-file", "NOTIFY-4", "the failing file is not named",
                 twist::told_without_file},
    ClientMutant{"told-without-results", "NOTIFY-4", "the results are 0",
                 twist::told_without_results},
    ClientMutant{"told-another-group", "NOTIFY-4", "another group is named",
                 twist::told_another_group},
    ClientMutant{"told-another-class", "NTF-10", "another class is told",
                 twist::told_to_another_class},
    ClientMutant{"told-unasked", "NTF-02", "a client that set no class is told of completion",
                 twist::told_unasked},
    ClientMutant{"any-answer-is-good", "NOTIFY-5", "any answer ends the repeats",
                 twist::any_answer_is_good},
    ClientMutant{"no-answer-is-good", "NOTIFY-9", "S_OK does not end the repeats",
                 twist::no_answer_is_good},
    ClientMutant{"disable-is-ignored", "NOTIFY-3", "DISABLE_NOTIFY is ignored",
                 twist::disable_is_ignored},
    ClientMutant{"flags-of-the-event", "NOTIFY-11", "flags set later do not count",
                 twist::flags_of_the_event},
    ClientMutant{"notify-new-owner", "NOTIFY-8", "notifications end when the owner changes",
                 twist::notify_new_owner},
    ClientMutant{"notify-dies-with-service", "NOTIFY-7", "a restart forgets what is pending",
                 twist::notify_dies_with_service},
    ClientMutant{"transient-is-told", "NOTIFY-2", "a group that runs is told as one in error",
                 twist::transient_is_told},
    ClientMutant{"progress-is-told", "NOTIFY-6", "a group that runs is told of",
                 twist::progress_is_told},
    // surroundings
    ClientMutant{"network-ignored", "XFER-NET-1", "a lost network is not heard of",
                 twist::network_ignored},
    ClientMutant{"network-stays-lost", "XFER-NET-1", "a network that is back is not heard of",
                 twist::network_stays_lost},
    ClientMutant{"pause-ignored", "XFER-PAUSE-1", "a pause is not heard of", twist::pause_ignored},
    ClientMutant{"pause-stays", "XFER-PAUSE-1", "the end of a pause is not heard of",
                 twist::pause_stays},
    ClientMutant{"log-off-ignored", "XFER-LOGON-1", "a log-off is not heard of",
                 twist::log_off_ignored},
    ClientMutant{"log-on-ignored", "XFER-LOGON-1", "a log-on is not heard of",
                 twist::log_on_ignored},
    ClientMutant{"restart-pauses", "XFER-START-1", "nothing goes on after a restart",
                 twist::restart_pauses},
    ClientMutant{"slow-callback-stops", "NOTIFY-10", "a waiting callback stops transfers",
                 twist::slow_callback_stops},
};

}  // namespace

std::vector<Mutant> client_mutants() {
    std::vector<Mutant> all;
    add_successes(all);
    add_queue_refusals(all);
    add_group_refusals(all);
    add_job_refusals(all);
    for (const ClientMutant& one : kTwists) all.push_back(made(one));
    return all;
}

Mutant canary() {
    return {"canary",
            "everything",
            "QMGR-CREATE-1",
            "every call answers E_FAIL",
            [] {
                world::Variation variation;
                variation.system = [](SystemUnderTest& inner) {
                    Twist twist;
                    twist.call = [](SystemUnderTest&, const Caller&, const Call&) {
                        return Reply{H::Failed, {}};
                    };
                    return std::make_unique<TwistedSystem>(inner, std::move(twist));
                };
                return variation;
            },
            ""};
}

}  // namespace qmgr::mutants
