// What must hold on the machine's side of a simulated world after any sequence of commands: on the
// disk, in the journal and on the wire, where no client can look.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/world/world.hpp"
#include "propertytests/auditor.hpp"
#include "propertytests/wire_rules.hpp"

namespace qmgr::propertytests {

/// What can be demanded of a run.
struct Demands {
    /// A file under a local name is whole and of exactly one version of a resource. Off in runs
    /// whose server gives wrong bytes under a head nobody can find fault with (the effects
    /// SameDateOtherBytes and CorruptBytes); such a run says so.
    bool whole_files = true;
    /// The User-Agent that every request must have (XFER-GET-3-b).
    std::string agent = "Microsoft BITS/7.8";
};

/// Looks only at what has happened since it looked last. Uses nothing of the world that a
/// bystander could not see, but for the queue's own list of groups and files.
class Invariants {
  public:
    /// `world` outlives it. Versions of a remote file are what its resource has, what the fault
    /// rules of the script make of it, and what it has at each look.
    explicit Invariants(world::World& world, Demands demands = {});

    /// After each command. What was found is in violations().
    void look();
    /// Ends all faults (World::heal) and lets time pass until every group that was resumed is
    /// complete or in error: at most end_bound().
    void heal_and_end();
    /// When the client has cancelled everything: no part on the disk, no record in the journal.
    void look_at_nothing_left();

    /// Found so far, in order. Not found again: each sentence is said once a file or group.
    const std::vector<Violation>& violations() const { return violations_; }

    /// What every resumed group ends within: the no-progress time, for a name that nobody can
    /// resolve, a wait that a server asked for (Retry-After), a journal that is opened again and a
    /// last retry, and an hour for the transfers.
    static Duration end_bound(const Policy& policy);

  private:
    struct KnownFile {
        std::string part;  ///< empty: none was made
        std::string local;
        bool finished = false;  ///< wholly downloaded
        std::uint64_t size = 0;
    };
    struct KnownGroup {
        std::string owner;
        bool complete = false;
        std::vector<KnownFile> files;
    };

    void note_versions();
    void look_at_published();
    void look_at_requests();
    void look_at_transfers();
    void look_at_complete(const Group& group);
    void look_at_groups();
    void look_at_cancelled(const KnownGroup& gone);
    bool is_version(const world::DiskFile& file) const;
    void found(const char* invariant, const char* clause, std::string what);

    world::World& world_;
    Demands demands_;
    fakeserver::Script script_;  ///< as it was at the last look
    std::set<std::uint64_t> seeds_;
    std::set<std::uint64_t> sizes_;
    std::size_t disk_events_ = 0;  ///< looked at so far
    std::size_t requests_ = 0;
    std::vector<std::size_t> open_requests_;  ///< looked at, and not ended then
    WireRules wire_;
    std::size_t steps_ = 0;
    std::uint64_t starts_ = 0;
    std::uint64_t refusals_ = 0;
    std::uint64_t stray_answers_ = 0;
    std::map<GroupNumber, KnownGroup> groups_;
    std::set<std::string> logged_off_;
    std::vector<Violation> violations_;
};

}  // namespace qmgr::propertytests
