// The life cycle of a job: (state × trigger) ⟶ row. Every pair has exactly one row; the compiler
// proves it. docs/state-machines.md is printed from this table.
//
// How to read a row. `from` is the set of states it is for; `to` is the next state, or the same one
// (stay). `reply` is what the call that triggered it answers; a trigger that is no call has Ok.
// A pair that cannot come about has a row with `impossible`: meeting it is a bug of the engine, not
// behaviour, and stops the program.
//
// What does not fit the table. Which file is next, what its request looks like (file_table,
// response_table), and what entering a state brings about, which depends on the state alone:
// leaving Connecting or Transferring stops the exchange; entering Queued asks for a turn, if the
// surroundings allow one, TransientError sets the clock, Publishing starts the renames, Error and
// Complete tell the client.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "reference/contract/hresult.hpp"
#include "reference/engine/state.hpp"
#include "reference/engine/table.hpp"

namespace qmgr {

enum class Trigger : std::uint8_t {
    // calls
    CreateJob,        ///< the group has no job yet
    CreateSecondJob,  ///< it has
    AddFiles,         ///< arguments are good
    SetProperty,      ///< arguments are good
    SwitchToForeground,
    Resume,       ///< the job has a file
    ResumeEmpty,  ///< no job, or no file in it
    Suspend,
    Cancel,          ///< no finished file waits for its rename
    CancelFinished,  ///< some does
    // turns
    TurnCame,
    SliceOver,  ///< and another background group waits
    // the file whose turn it is
    BodyAccepted,
    AttemptRepeated,  ///< a quick retry, a redirect, a changed file: the attempt goes on
    AttemptWaits,     ///< transient: after the retry delay
    AttemptFailed,    ///< final, or the no-progress time is over
    AllStored,
    // renames
    Published,      ///< the last one; every file is committed
    PublishedSome,  ///< the last one; files were added meanwhile
    RenameFailed,
    CancelRenamed,  ///< the last one that CancelGroup waited for
    // time
    RetryDue,
    NoProgressOver,
    // surroundings; only groups that were resumed hear of them
    OwnerLoggedOff,
    OwnerLoggedOn,
    NetworkLost,
    NetworkBack,
    Held,      ///< the system holds transfers back
    Released,  ///< no longer
};
inline constexpr std::size_t kTriggers = 29;

constexpr std::string_view name(Trigger trigger) {
    constexpr std::array<std::string_view, kTriggers> names = {"CreateJob",
                                                               "CreateSecondJob",
                                                               "AddFiles",
                                                               "SetProperty",
                                                               "SwitchToForeground",
                                                               "Resume",
                                                               "ResumeEmpty",
                                                               "Suspend",
                                                               "Cancel",
                                                               "CancelFinished",
                                                               "TurnCame",
                                                               "SliceOver",
                                                               "BodyAccepted",
                                                               "AttemptRepeated",
                                                               "AttemptWaits",
                                                               "AttemptFailed",
                                                               "AllStored",
                                                               "Published",
                                                               "PublishedSome",
                                                               "RenameFailed",
                                                               "CancelRenamed",
                                                               "RetryDue",
                                                               "NoProgressOver",
                                                               "OwnerLoggedOff",
                                                               "OwnerLoggedOn",
                                                               "NetworkLost",
                                                               "NetworkBack",
                                                               "Held",
                                                               "Released"};
    return names[static_cast<std::size_t>(trigger)];
}

/// What a row does beside the change of state.
struct RowEffects {
    bool count_error = false;  ///< PRG-14
    bool clear_error = false;  ///< the latest error is forgotten, the no-progress time starts anew
    bool operator==(const RowEffects&) const = default;
};

struct JobRow {
    SetOf<JobState> from;
    Trigger trigger;
    std::optional<JobState> to;  ///< none: stay
    HResult reply = HResult::Ok;
    std::string_view label;
    std::string_view clause;
    RowEffects effects{};
    bool impossible = false;
};

namespace job_rows {

using enum JobState;
using enum Trigger;

inline constexpr auto kEvery = all_of<JobState>(kJobStates);
inline constexpr auto kOver = set_of(Cancelling, Cancelled);
inline constexpr auto kLive = set_of(Suspended, Queued, Connecting, Transferring, TransientError,
                                     Error, Publishing, Complete);
inline constexpr auto kHasTurn = set_of(Connecting, Transferring);
inline constexpr auto kWanting = set_of(Queued, Connecting, Transferring, TransientError);
inline constexpr auto kGoing = set_of(Queued, Connecting, Transferring, TransientError, Publishing);
inline constexpr auto kIdle = set_of(Suspended, Error, Complete);
inline constexpr std::optional<JobState> kStay = std::nullopt;
inline constexpr RowEffects kCounts{.count_error = true};
inline constexpr RowEffects kClears{.clear_error = true};

constexpr SetOf<JobState> except(SetOf<JobState> set) { return {kEvery.bits & ~set.bits}; }

constexpr JobRow never(Trigger trigger, SetOf<JobState> from, std::string_view label) {
    return {from, trigger, kStay, HResult::Ok, label, "", {}, true};
}

}  // namespace job_rows

inline constexpr std::array kJobTable = [] {
    using namespace job_rows;  // NOLINT(google-build-using-namespace): a table reads by its words
    using H = HResult;
    return std::array{
        JobRow{set_of(Suspended), CreateJob, kStay, H::Ok, "J-01", "GROUP-CREATEJOB-1"},
        JobRow{set_of(Cancelled), CreateJob, kStay, H::QmInvalidState, "J-02", "GROUP-CANCEL-4"},
        never(CreateJob, except(set_of(Suspended, Cancelled)), "J-03"),
        JobRow{kIdle, CreateSecondJob, kStay, H::NotImplemented, "J-04", "GROUP-CREATEJOB-2"},
        JobRow{kGoing, CreateSecondJob, kStay, H::QmInvalidState, "J-05", "GROUP-CREATEJOB-3"},
        JobRow{kOver, CreateSecondJob, kStay, H::QmInvalidState, "J-06", "GROUP-CANCEL-4"},

        JobRow{except(set_of(Complete, Cancelling, Cancelled)), AddFiles, kStay, H::Ok, "J-07",
               "JOB1-ADD-1"},
        JobRow{set_of(Complete), AddFiles, Suspended, H::Ok, "J-08", "JOB1-ADD-7"},
        JobRow{kOver, AddFiles, kStay, H::QmInvalidState, "J-09", "JOB1-ADD-7"},
        JobRow{kLive, SetProperty, kStay, H::Ok, "J-10", "PROP-ANY-1"},
        JobRow{kOver, SetProperty, kStay, H::QmInvalidState, "J-11", "GROUP-CANCEL-4"},
        JobRow{kLive, SwitchToForeground, kStay, H::Ok, "J-12", "GROUP-FG-1"},
        JobRow{kOver, SwitchToForeground, kStay, H::QmInvalidState, "J-13", "GROUP-CANCEL-4"},

        JobRow{set_of(Suspended), Resume, Queued, H::Ok, "J-14", "GROUP-RESUME-1", kClears},
        JobRow{set_of(Error), Resume, Queued, H::Ok, "J-15", "GROUP-RESUME-4", kClears},
        JobRow{set_of(TransientError), Resume, Queued, H::Ok, "J-16", "GROUP-RESUME-5", kClears},
        JobRow{set_of(Queued, Connecting, Transferring, Publishing), Resume, kStay, H::Ok, "J-17",
               "GROUP-RESUME-3"},
        JobRow{set_of(Complete), Resume, kStay, H::Ok, "J-18", "GROUP-RESUME-6"},
        JobRow{kOver, Resume, kStay, H::QmInvalidState, "J-19", "GROUP-CANCEL-4"},
        JobRow{set_of(Suspended), ResumeEmpty, kStay, H::BgEmpty, "J-20", "GROUP-RESUME-2"},
        JobRow{set_of(Cancelled), ResumeEmpty, kStay, H::QmInvalidState, "J-21", "GROUP-CANCEL-4"},
        never(ResumeEmpty, except(set_of(Suspended, Cancelled)), "J-22"),

        JobRow{set_of(Queued, Connecting, Transferring, TransientError), Suspend, Suspended, H::Ok,
               "J-23", "GROUP-SUSPEND-1"},
        JobRow{set_of(Suspended), Suspend, kStay, H::Ok, "J-24", "GROUP-SUSPEND-2"},
        // A complete group stays so until CancelGroup (GROUP-DONE-1).
        JobRow{set_of(Error, Complete), Suspend, kStay, H::Ok, "J-25", "GROUP-SUSPEND-2"},
        JobRow{set_of(Publishing), Suspend, kStay, H::Ok, "J-26", "FILE-PUB-4"},
        JobRow{kOver, Suspend, kStay, H::QmInvalidState, "J-27", "GROUP-CANCEL-4"},

        JobRow{except(set_of(Publishing, Cancelling, Cancelled)), Cancel, Cancelled, H::Ok, "J-28",
               "GROUP-CANCEL-1"},
        JobRow{kOver, Cancel, kStay, H::QmInvalidState, "J-29", "GROUP-CANCEL-4"},
        never(Cancel, set_of(Publishing), "J-30"),
        JobRow{except(set_of(Complete, Cancelling, Cancelled)), CancelFinished, Cancelling, H::Ok,
               "J-31", "GROUP-CANCEL-2"},
        JobRow{set_of(Cancelling), CancelFinished, kStay, H::QmInvalidState, "J-32",
               "GROUP-CANCEL-4"},
        never(CancelFinished, set_of(Complete, Cancelled), "J-33"),

        JobRow{set_of(Queued), TurnCame, Connecting, H::Ok, "J-34", "SCHED-1"},
        never(TurnCame, except(set_of(Queued)), "J-35"),
        JobRow{kHasTurn, SliceOver, Queued, H::Ok, "J-36", "SCHED-2"},
        never(SliceOver, except(kHasTurn), "J-37"),

        JobRow{kHasTurn, BodyAccepted, Transferring, H::Ok, "J-38", "GROUP-STATUS-3"},
        never(BodyAccepted, except(kHasTurn), "J-39"),
        JobRow{kHasTurn, AttemptRepeated, kStay, H::Ok, "J-40", "XFER-QUICK-1"},
        never(AttemptRepeated, except(kHasTurn), "J-41"),
        JobRow{kHasTurn, AttemptWaits, TransientError, H::Ok, "J-42", "XFER-WAIT-1", kCounts},
        never(AttemptWaits, except(kHasTurn), "J-43"),
        JobRow{kHasTurn, AttemptFailed, Error, H::Ok, "J-44", "GROUP-STATUS-5", kCounts},
        never(AttemptFailed, except(kHasTurn), "J-45"),
        JobRow{kHasTurn, AllStored, Publishing, H::Ok, "J-46", "FILE-PUB-1"},
        never(AllStored, except(kHasTurn), "J-47"),

        JobRow{set_of(Publishing), Published, Complete, H::Ok, "J-48", "GROUP-STATUS-6"},
        never(Published, except(set_of(Publishing)), "J-49"),
        JobRow{set_of(Publishing), PublishedSome, Queued, H::Ok, "J-50", "JOB1-ADD-7"},
        never(PublishedSome, except(set_of(Publishing)), "J-51"),
        JobRow{set_of(Publishing), RenameFailed, Error, H::Ok, "J-52", "FILE-PUB-2", kCounts},
        JobRow{set_of(Cancelling), RenameFailed, Error, H::Ok, "J-53", "GROUP-CANCEL-5", kCounts},
        never(RenameFailed, except(set_of(Publishing, Cancelling)), "J-54"),
        JobRow{set_of(Cancelling), CancelRenamed, Cancelled, H::Ok, "J-55", "GROUP-CANCEL-2"},
        never(CancelRenamed, except(set_of(Cancelling)), "J-56"),

        JobRow{set_of(TransientError), RetryDue, Queued, H::Ok, "J-57", "XFER-WAIT-1"},
        never(RetryDue, except(set_of(TransientError)), "J-58"),
        JobRow{set_of(TransientError), NoProgressOver, Error, H::Ok, "J-59", "XFER-NOPROG-1"},
        never(NoProgressOver, except(set_of(TransientError)), "J-60"),

        // A queued group of an owner who is logged off has no place among those that wait.
        JobRow{set_of(Queued, Connecting, Transferring, TransientError), OwnerLoggedOff, Queued,
               H::Ok, "J-61", "XFER-LOGON-1"},
        never(OwnerLoggedOff, except(kWanting), "J-62"),
        JobRow{kWanting, OwnerLoggedOn, kStay, H::Ok, "J-63", "XFER-LOGON-1"},
        never(OwnerLoggedOn, except(kWanting), "J-64"),
        // Waiting for the surroundings is TransientError without a time: RetryDue never comes.
        JobRow{kWanting, NetworkLost, TransientError, H::Ok, "J-65", "SVC-TR-08"},
        never(NetworkLost, except(kWanting), "J-66"),
        JobRow{set_of(TransientError), NetworkBack, Queued, H::Ok, "J-67", "SVC-TR-09"},
        never(NetworkBack, except(set_of(TransientError)), "J-68"),
        JobRow{kWanting, Held, TransientError, H::Ok, "J-69", "XFER-PAUSE-1"},
        never(Held, except(kWanting), "J-70"),
        JobRow{set_of(TransientError), Released, Queued, H::Ok, "J-71", "XFER-PAUSE-1"},
        never(Released, except(set_of(TransientError)), "J-72"),
    };
}();

using JobTable = std::remove_const_t<decltype(kJobTable)>;
using JobIndex = RowIndex<kJobStates, kTriggers>;

static_assert(index_rows<kJobStates, kTriggers>(kJobTable).ok,
              "every job state and trigger has exactly one row");

}  // namespace qmgr
