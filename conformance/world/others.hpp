// Everybody else on the machine: other programs of the same user, administrators, the network, the
// disk and the power. Hostile lets them do what its plan says; nothing here touches the service but
// through its calls and its surroundings, so whatever comes of it is what the queue itself answers.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/world/unpleasantness.hpp"
#include "conformance/world/world.hpp"

namespace qmgr::inline v0::world {

/// Is told what others do, in the order in which it happens, so that somebody who watches only the
/// client can follow. Empty functions are not called.
struct Onlooker {
    std::function<void(const Caller&, const Call&, const Reply&)> called;
    std::function<void(const Surroundings&)> surroundings_changed;
    /// The service was started again; every handle is gone.
    std::function<void()> restarted;
    /// A delivery found nobody, which counts as answered E_FAIL.
    std::function<void(const Notification&)> missed;
};

/// One thread uses it. `world` outlives it.
class Others {
  public:
    Others(World& world, Onlooker onlooker) : world_(world), onlooker_(std::move(onlooker)) {}

    /// Does one thing to the group `victim` in front of `call`, or at another moment (null).
    /// `lasts` as in Act. False: it is not possible now, and nothing was done.
    bool inflict(Unpleasantness what, std::optional<GroupId> victim, const Caller& caller,
                 const Call* call, Duration lasts);
    /// Brings `victim` into `state`, however long that takes. Everything that lasts has ended
    /// afterwards, but for what keeps it in that state. False: it did not get there.
    bool lead(GroupId victim, JobState state);

    /// When the next thing ends that lasts; nothing if none does.
    std::optional<Instant> next_end() const;
    /// Ends what is due.
    void end_what_is_due();
    /// Ends everything that lasts, now.
    void relent();
    /// Takes the groups of others out of the queue, as far as it answers.
    void leave();
    /// The client got that group: from now on it is the client's to end.
    void hand_over(GroupId group);

    /// The state of a group in the queue; nothing if it is not there or the service is closed.
    std::optional<JobState> state_of(GroupId group) const;
    bool is_open() const { return world_.engine() != nullptr; }
    /// The service dies and starts again.
    void restart_service();
    /// A delivery finds nobody.
    void miss(const Notification& notification);
    /// Deliveries that wait for the client. Where others change what one tells of, it has found
    /// nobody before they do (NOTIFY-14).
    std::vector<Notification> take_notifications();
    /// Another object is registered under that class: what waits for it is made anew.
    void forget_deliveries(ClassId class_id);

  private:
    struct Ending {
        Instant at;
        std::function<void()> undo;
    };

    const Group* find(GroupId group) const;
    Reply call(const Caller& caller, const Call& call);
    void miss_what_ends_with(const Call& call);
    void tell(const Surroundings& what);
    void until(Unpleasantness what, Duration lasts, std::function<void()> undo);
    void end(Unpleasantness what);
    void end_all_but(std::optional<Unpleasantness> what);
    bool begin(Unpleasantness what, const Surroundings& on, const Surroundings& off,
               Duration lasts);

    bool through_the_owner(GroupId victim, const std::function<bool(const Caller&, GroupHandle)>&);
    bool to_the_victim(Unpleasantness what, GroupId victim);
    bool to_the_machine(Unpleasantness what, std::optional<GroupId> victim, const Call* call,
                        Duration lasts);
    bool to_the_call(Unpleasantness what, const Caller& caller, const Call& call, Duration lasts);

    bool add_to(GroupId victim);
    bool take_over(GroupId victim);
    bool log_owner_off(GroupId victim, Duration lasts);
    bool lose_the_server(Duration lasts);
    bool remove_the_directory(const std::string& directory, Duration lasts);
    bool stand_in_the_way(GroupId victim);
    bool protect_the_directory(const std::string& directory, Duration lasts);
    bool change_the_files(GroupId victim);
    bool close_the_service(Duration lasts);
    bool take_the_guid(const Caller& owner, const call::CreateGroup& call);
    bool take_the_job_guid(const Caller& caller, const call::CreateJob& call, Duration lasts);
    bool create_the_job(GroupId victim, bool and_run);
    bool fill_the_queue(const Caller& caller, Duration lasts);
    bool fill_the_job(GroupId victim, const Caller& caller, const call::AddFiles& call);

    bool wait_for(GroupId victim, JobState state, Duration limit);
    bool get_it_going(GroupId victim);
    bool has_all(GroupId victim) const;
    bool lead_to_error(GroupId victim);
    GroupId new_group_id();
    void take_away(const Caller& owner, GroupId group);

    World& world_;
    Onlooker onlooker_;
    std::map<Unpleasantness, Ending> endings_;
    std::vector<Notification> kept_;  ///< taken from the world, and not yet by the client
    std::vector<std::pair<Caller, GroupId>> guests_;  ///< groups of others, and who made them
    std::uint64_t next_guest_ = 1;
};

}  // namespace qmgr::inline v0::world
