// What the auditor knows, as plain data with ==. Everything a client could work out from its calls
// and answers, and nothing of how a queue is built. Inside of the auditor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/contract/identifiers.hpp"
#include "reference/contract/policy.hpp"
#include "reference/contract/time.hpp"

namespace qmgr::propertytests {

/// What the auditor may take for granted. Each line makes it stricter.
struct Premises {
    /// Where a clause allows several answers, only the first one, which is the reference's, is
    /// right. Off: each of the allowed set is.
    bool first_answers_only = true;
    /// Every remote file keeps date and bytes, has a date, and nobody but the service touches the
    /// disk: then progress never falls in one run, and by a restart only to what was durable.
    bool remote_files_stay = false;
    bool operator==(const Premises&) const = default;
};

/// What is known of a directory for local names.
enum class DirectoryKind : std::uint8_t { Writable, AdministratorsOnly, Missing };

namespace audit {

/// States that a client can tell apart, one bit each; a set of them is their sum.
using States = std::uint8_t;
inline constexpr States kSuspended = 1;   ///< new or stopped, not finished (GROUP-STATUS-2)
inline constexpr States kRunning = 2;     ///< waits, connects, transfers (GROUP-STATUS-3, -4)
inline constexpr States kPublishing = 4;  ///< the renames run; too late to suspend (FILE-PUB-4)
inline constexpr States kError = 8;       ///< GROUP-STATUS-5
inline constexpr States kComplete = 16;   ///< GROUP-STATUS-6
inline constexpr States kGone = 32;       ///< out of the queue, or never came into it

/// Every state that time alone can bring about from one of these.
constexpr States with_time(States states) {
    if ((states & kRunning) != 0) states |= kPublishing | kError | kComplete;
    if ((states & kPublishing) != 0) states |= kError | kComplete;
    return states;
}

/// A number that stands for a text: equal texts have equal ones, and others almost never.
using Fingerprint = std::uint64_t;
Fingerprint fingerprint(std::string_view text);

using UserMask = std::uint64_t;  ///< one bit for each user the auditor has met

/// What is not known because an answer never came; the next look at it is believed.
struct Unsure {
    static constexpr std::uint8_t job = 1;
    static constexpr std::uint8_t files = 2;
    static constexpr std::uint8_t name = 4;
    static constexpr std::uint8_t description = 8;
    static constexpr std::uint8_t flags = 16;
    static constexpr std::uint8_t class_id = 32;
    static constexpr std::uint8_t foreground = 64;
};

/// Bytes of a group, as GetProgress and get_Size have told them.
struct Progress {
    std::uint64_t least = 0;    ///< bytes counted cannot be fewer
    std::uint64_t size = 0;     ///< total, once told; 0: not told
    std::uint64_t durable = 0;  ///< of `least`, what a crash cannot take away
    std::uint64_t recent = 0;   ///< counted at `recent_at`, durable a little later
    Instant recent_at{};
    std::uint64_t stand = 0;        ///< while nothing can move: exactly so many bytes …
    std::uint64_t stand_size = 0;   ///< … of exactly this total
    std::uint32_t stand_epoch = 0;  ///< Model::stand_epoch when `stand` was told
    std::uint32_t size_epoch = 0;   ///< Model::stand_epoch when `stand_size` was told
    bool operator==(const Progress&) const = default;
};

/// Results of a failure, as the job's status has told them.
struct Results {
    std::uint32_t win32 = 0;
    std::uint32_t transport = 0;
    std::uint32_t retries = 0;   ///< also the least that can be told from now on
    bool of_this_error = false;  ///< read since the group went into error
    bool grows = false;          ///< a new error must tell more retries than `retries`
    bool operator==(const Results&) const = default;
};

inline constexpr std::uint32_t kAnyGroup = ~0U;  ///< of a delivery that fits several events

/// The OnStatus of the state a group is in.
struct Event {
    std::uint64_t number = 0;     ///< of its deliveries; 0: not delivered yet
    bool in_flight = false;       ///< delivered and not answered
    bool answered = false;        ///< with S_OK
    bool ambiguous = false;       ///< that delivery may have been of the state before
    bool may_come_again = false;  ///< that answer may not have been durable (NOTIFY-9)
    bool is_due = false;          ///< since `due_since` nothing stands in its way
    Instant due_since{};
    bool operator==(const Event&) const = default;
};

/// A delivery that was taken and not answered.
struct Flight {
    std::uint64_t number = 0;
    std::uint64_t group_handle = 0;
    std::uint64_t job_handle = 0;  ///< 0: none
    std::uint32_t group = 0;       ///< index, or kAnyGroup
    Guid class_id;
    std::uint8_t user = 0;  ///< who asked for it; of a group that is known
    States state = 0;       ///< that it tells of
    bool operator==(const Flight&) const = default;
};

struct Group {
    Guid id;
    Guid job;
    Guid class_id;                  ///< GROUPPROP_NOTIFYCLSID
    std::vector<Guid> old_classes;  ///< others it had since deliveries were taken last
    std::vector<Fingerprint> files;
    std::uint64_t order = 0;  ///< of creation
    UserMask owners = 0;      ///< one bit; several: one of these
    Fingerprint name = 0;
    Fingerprint description = 0;
    Progress progress;
    Results results;
    Event event;
    Instant active_from;  ///< the last change or progress was not before …
    Instant active_to;    ///< … and not after
    std::uint32_t notify_flags = 0;
    std::uint32_t flags_since = 0;   ///< bits that were set at some time since the last taking
    std::uint32_t flags_always = 0;  ///< bits that were set all the time since the last taking
    std::uint32_t handles = 0;       ///< that the client holds
    std::uint8_t listener = 0;       ///< the user who set class_id
    States states = kGone;
    States left = 0;  ///< states it may have been in since the last taking, before a call moved it
    std::uint8_t unsure = 0;
    bool has_job = false;
    bool foreground = false;
    bool newly_foreground = false;  ///< it was not at some time since the last taking
    bool never_ran = true;          ///< not resumed since it was created
    bool total_unknown = true;      ///< its total cannot be known: it has not run since files came
    bool refused = false;           ///< the last call that would have changed it was refused
    bool suspend_late = false;  ///< SuspendGroup came at `suspended_at`, perhaps while publishing
    Instant suspended_at{};
    bool operator==(const Group&) const = default;
};

/// A list that several enumerators share.
struct Snapshot {
    std::shared_ptr<const std::vector<Guid>> ids;
    bool operator==(const Snapshot& other) const {
        return ids == other.ids || (ids && other.ids && *ids == *other.ids);
    }
};
struct Enumerator {
    Snapshot list;
    std::size_t position = 0;
    bool exact = true;  ///< every element was in the queue for certain, and nothing else
    bool held = false;
    bool operator==(const Enumerator&) const = default;
};

enum class HandleKind : std::uint8_t { Group, Job, Enumerator };

struct Handle {
    std::uint64_t value = 0;
    std::uint32_t target = 0;  ///< index of the group or enumerator
    std::uint32_t doubt = 0;   ///< Model::doubt when it was given or last proved good
    HandleKind kind = HandleKind::Group;
    bool lent = false;   ///< came with a delivery
    bool loose = false;  ///< lent, and the call it came with is over: it may be gone
    bool operator==(const Handle&) const = default;
};

/// Numbers given out, as ranges in order.
struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool operator==(const Range&) const = default;
};

struct Directory {
    Fingerprint path = 0;
    DirectoryKind kind{};
    bool operator==(const Directory&) const = default;
};

/// The numbers of Policy that answers depend on.
struct Limits {
    Duration retry_delay{};
    Duration inactivity{};
    Duration sync_interval{};
    std::uint32_t jobs_per_user = 0;
    std::uint32_t jobs_per_machine = 0;
    std::uint32_t files_per_job = 0;
    std::uint32_t remote_chars = 0;
    std::uint32_t remote_segment = 0;
    std::uint32_t local_units = 0;
    std::uint32_t name_units = 0;
    std::uint32_t description_units = 0;
    std::uint32_t callbacks = 0;
    bool operator==(const Limits&) const = default;
};

struct Model {
    Limits limits;
    Premises premises;
    std::vector<std::string> users;    ///< at most 64
    std::vector<Group> groups;         ///< slots; used again when nothing names the group
    std::vector<std::uint32_t> queue;  ///< indexes of groups that are or may be in it, oldest first
    std::vector<Handle> handles;       ///< held, by value
    std::vector<Range> given;          ///< handles given in this run
    /// Numbers that nobody had been told, and that could be released: of deliveries not taken yet.
    std::vector<std::uint64_t> released_untold;
    std::vector<Enumerator> enumerators;
    std::vector<Flight> flights;
    std::vector<Guid> registered;  ///< classes of callbacks
    std::vector<Directory> directories;
    UserMask logged_off = 0;
    std::uint64_t next_order = 1;
    Instant idle_look{};  ///< no group can have been given up for idleness before
    Instant journal_good_since{};
    std::uint32_t doubt = 0;        ///< grows whenever the service may have begun to start anew
    std::uint32_t stand_epoch = 1;  ///< grows whenever what stood may move
    bool network_lost = false;
    bool paused = false;
    bool journal_fails = false;
    bool may_be_down = false;       ///< the journal has failed, and no answer has proved otherwise
    bool down = false;              ///< the last answer was QM_E_SERVICE_UNAVAILABLE
    bool answers_unproven = false;  ///< some Event::may_come_again is set
    bool operator==(const Model&) const = default;
};

std::size_t hash_of(const Model& model);

/// Index of `name`, which gets one if it has none.
std::uint8_t user_index(Model& model, const std::string& name);
/// Index of the group that is or may be in the queue with that GUID; nothing: there is none.
std::optional<std::uint32_t> find_group(const Model& model, const Guid& id);
/// A new group in the queue.
std::uint32_t add_group(Model& model, const Guid& id, Instant now);
/// It is out of the queue; its slot stays while the client holds a handle.
void remove_group(Model& model, std::uint32_t index);
/// A slot for a new enumerator.
std::uint32_t add_enumerator(Model& model, Enumerator enumerator);

Handle* find_handle(Model& model, std::uint64_t value, HandleKind kind);
/// False: that number had been given in this run.
bool add_handle(Model& model, const Handle& handle);
void drop_handle(Model& model, std::uint64_t value);
/// The handles given at doubt `doubt` or before are gone.
void drop_handles(Model& model, std::uint32_t doubt);

}  // namespace audit
}  // namespace qmgr::propertytests
