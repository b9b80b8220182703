// What a queue may do to its clients without breaking a clause: a list of named kinds, each with
// the clauses that allow it, and the plans made of them. Hostile (hostile.hpp) carries a plan out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/contract/call.hpp"
#include "reference/contract/hresult.hpp"
#include "reference/contract/time.hpp"
#include "reference/engine/state.hpp"

namespace qmgr::inline v0::world {

/// The victim is the group that a call names, or the latest one the client made or got. What is
/// marked (lasts) ends by itself after Act::lasts.
enum class Unpleasantness : std::uint8_t {
    // What others do to the victim: another program of its owner, or an administrator.
    SuspendedByAnother,
    ResumedByAnother,  ///< it was suspended, or in error: the error is over before anybody read it
    CancelledByAnother,  ///< held handles go on answering
    AddedToByAnother,    ///< a file, to a complete group: it is incomplete and suspended again
    ForegroundByAnother,
    TakenOver,  ///< by an administrator: GetGroup does not find it any more
    Denied,     ///< TakenOver, and GetGroup answers E_ACCESSDENIED from then on
    // What happens to the machine.
    OwnerLoggedOff,    ///< (lasts)
    NetworkLost,       ///< (lasts)
    Paused,            ///< (lasts) a game, a metered network, a battery
    ServerAway,        ///< (lasts) nothing gets through, and the system does not notice
    DiskFull,          ///< (lasts)
    DirectoryGone,     ///< (lasts) the one of the local name, with what is in it
    FileChanged,       ///< on the server, in the middle: it starts over
    ServiceRestarted,  ///< a process is killed; handles are gone
    PowerFailed,       ///< the same, and what was not synced is gone, too
    // What a call is refused with, beside what follows from the above.
    ServiceUnavailable,       ///< (lasts) every call; handles are gone afterwards
    GuidTaken,                ///< CreateGroup: an earlier run of the same user left it there
    GuidTakenBySomebodyElse,  ///< CreateGroup, and GetGroup does not find it either
    JobGuidTaken,             ///< CreateJob (lasts)
    JobAlreadyThere,          ///< CreateJob
    GroupAlreadyRuns,         ///< CreateJob
    TooManyJobs,              ///< CreateJob (lasts): others have left so many
    TooManyFiles,             ///< AddFiles
    DirectoryProtected,       ///< AddFiles (lasts)
    // What a right answer may look like as well, from then on.
    LeanStatus,        ///< neither INCOMPLETE nor COMPLETE beside SUSPENDED
    GoneInvalidState,  ///< GetStatus of a cancelled group fails
    GoneNotFound,      ///< GetStatus of a cancelled group fails
    OtherCodes,        ///< the second code, where a clause allows two
    Win32Codes,        ///< the Win32 result: 112, not 0x80070070; in every run from its beginning
    // Notifications.
    ToldLate,       ///< a delivery finds nobody: repeated when the retry delay is over
    ToldAgain,      ///< answered S_OK, but the service dies before that is durable
    ToldInARow,     ///< not answered S_OK, and repeated without a delay
    ToldReordered,  ///< of two groups, the one that ended last is told first
    ToldWithoutJob,
};
inline constexpr std::size_t kUnpleasantnesses = 35;

/// One row of the list.
struct UnpleasantnessRow {
    Unpleasantness what{};
    std::string_view name;     ///< kebab-case, for output
    std::string_view clauses;  ///< ids that allow it, separated by one space
};
/// Every kind once, in the order of the enumeration.
const std::array<UnpleasantnessRow, kUnpleasantnesses>& unpleasantnesses();
std::string_view name(Unpleasantness what);

/// One thing to do to a client, once.
struct Act {
    Unpleasantness what{};
    /// Not before the client's n-th call, from 1; notifications do not count. It is done in front
    /// of the first call (or delivery) from there on at which it is possible.
    std::uint64_t at_call = 1;
    /// Virtual time until it ends, for those that end.
    Duration lasts = std::chrono::hours(1);
    /// So often, at different calls.
    std::uint64_t times = 1;
    bool operator==(const Act&) const = default;
};

/// A code that a call may be answered with although its caller did nothing wrong, and how that
/// comes about.
struct LegalFailure {
    HResult code{};
    Unpleasantness by{};
    std::string_view clause;  ///< the one that names the code
    bool operator==(const LegalFailure&) const = default;
};
/// All of them for a call of that kind. Whether one is possible depends on the state as well: a
/// group that does not exist yet cannot be cancelled by another.
std::vector<LegalFailure> legal_failures(const Call& call);

/// One act.
struct OneFailure {
    Act act;
    LegalFailure failure;
};
/// For a client that made `calls` when nothing happened to it (Hostile::calls()): every run in
/// which one of them fails, for each call and for each of its legal failures.
std::vector<OneFailure> one_failure_each(const std::vector<Call>& calls);

/// `count` acts of any kind, drawn from `seed`, within the first `calls` calls; each lasts from a
/// second to twenty days. The same arguments give the same acts. Print the seed.
std::vector<Act> any_acts(std::uint64_t seed, std::size_t count, std::uint64_t calls);

/// A walk: states of a job in the order in which a client is to find its group in them.
using Walk = std::vector<JobState>;
/// "Connecting Transferring Suspended".
std::string to_text(const Walk& walk);
/// Every walk of `length` states that begins with a group just resumed, by the table of the job's
/// life (reference/engine/job_table.hpp). Cancelling is not among them: no call is answered then.
std::vector<Walk> every_walk(std::size_t length);

}  // namespace qmgr::inline v0::world
