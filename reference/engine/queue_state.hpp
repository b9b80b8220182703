// Everything the engine knows: the groups, and the indexes that find them. Plain data with ==.
//
// Ordered containers only: their order decides what is done first, and it has to be the same in
// every run. Each index holds exactly what the state of a group implies; engine.cpp keeps them so
// at one place each.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "reference/engine/event.hpp"
#include "reference/engine/state.hpp"

namespace qmgr {

/// A snapshot of GUIDs and the place in it (ENUM-SNAP-1).
struct Enumerator {
    std::vector<Guid> ids;
    std::size_t position = 0;
    bool operator==(const Enumerator&) const = default;
};

struct GroupTarget {
    GroupNumber group;
    bool operator==(const GroupTarget&) const = default;
};
struct JobTarget {
    GroupNumber group;
    bool operator==(const JobTarget&) const = default;
};
/// A queued group's place: foreground before background, then first come, first served.
struct Turn {
    bool background = false;
    std::uint64_t ticket = 0;
    GroupNumber group;
    auto operator<=>(const Turn&) const = default;
};

/// What belongs to one user.
struct Owned {
    std::set<GroupNumber> groups;  ///< in the queue
    std::set<GroupNumber> going;   ///< of these, those in Queued, Connecting, Transferring and
                                   ///< TransientError: the ones a log-off concerns
    std::uint32_t jobs = 0;        ///< LIM-01
    bool operator==(const Owned&) const = default;
};

/// Callbacks of one user (NOTIFY-13).
struct Callbacks {
    std::uint32_t in_flight = 0;
    std::set<std::pair<NotificationNumber, GroupNumber>> due;  ///< wait for a free place
    bool operator==(const Callbacks&) const = default;
};

/// A delivery that was made and not answered yet, and the handles lent with it.
struct Flight {
    GroupNumber group;
    std::string user;
    ClassId class_id;
    GroupHandle group_handle;
    std::optional<JobHandle> job_handle;
    bool operator==(const Flight&) const = default;
};

/// What a handle stands for.
using HandleTarget = std::variant<GroupTarget, JobTarget, Enumerator>;

struct QueueState {
    std::map<GroupNumber, Group> groups;            ///< cancelled ones too, while a handle is held
    std::map<GroupId, GroupNumber> group_ids;       ///< groups in the queue
    std::map<JobId, GroupNumber> job_ids;           ///< jobs in the queue
    std::map<std::uint64_t, HandleTarget> handles;  ///< by number
    std::map<FetchId, FileRef> fetches;             ///< exchanges that have not ended
    std::set<Turn> waiting;                         ///< queued groups, next one first
    std::optional<GroupNumber> background_turn;     ///< the one that transfers (SCHED-1)
    std::optional<Instant> background_free;  ///< Policy::background_rate: when the next byte may
    Circumstances around;
    std::map<std::string, Owned> owners;
    std::set<GroupNumber> going;                      ///< all Owned::going
    std::map<std::string, Callbacks> callbacks;       ///< by Properties::notify_user
    std::map<ClassId, std::set<GroupNumber>> untold;  ///< groups with an undelivered OnStatus
    std::map<NotificationNumber, Flight> flights;
    std::set<std::pair<Instant, GroupNumber>> timers;  ///< one entry a group at most
    std::uint64_t next_group = 1;
    std::uint64_t next_handle = 1;
    std::uint64_t next_fetch = 1;
    std::uint64_t next_ticket = 1;
    std::uint64_t next_notification = 1;
    std::uint32_t next_part = 0;
    bool operator==(const QueueState&) const = default;
};

}  // namespace qmgr
