// For authors of clients: the worst queue that is allowed. A SystemUnderTest around a World that
// keeps every clause of the catalogue and is as unpleasant as they let it be, by a plan.
//
//     World world(options);                      // a server, a disk, a clock: no waiting
//     Hostile hostile(world, {{Unpleasantness::SuspendedByAnother, 5}});
//     library::QueueManager queue(hostile, {"someone"});
//     … the client, unchanged, over `queue`; where it would sleep, hostile.run_for(…) …
//     EXPECT_TRUE(hostile.leaks().clean()) << to_text(hostile.leaks());
//
// How it stays inside the contract. It does not make answers up: other programs of the same user,
// administrators, the network, the disk and the power do what they may do, to the real queue, and
// the client is told what that answers. Only the kinds from LeanStatus on change what is told, into
// another member of the set that a clause allows (unpleasantness.hpp names the clauses).
//
// docs/library.md has a page's worth about it; docs/examples/traps.cpp shows clients that fall.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/world/leak_report.hpp"
#include "conformance/world/others.hpp"
#include "conformance/world/unpleasantness.hpp"
#include "conformance/world/world.hpp"

namespace qmgr::inline v0::world {

/// An act that was carried out.
struct Happened {
    Unpleasantness what{};
    Instant at;
    std::uint64_t call = 0;  ///< in front of the client's n-th call, or at the delivery before it
    /// What that call was answered; nothing for a delivery.
    std::optional<HResult> answered;
};
/// "owner-logged-off in front of call 7, which was answered 0x800704DD (XFER-LOGON-1 …)".
std::string to_text(const Happened& happened);

/// One thread uses it. What a test does to the machine itself, it does through `world`.
class Hostile final : public SystemUnderTest {
  public:
    /// `world` outlives this. Without acts everything passes as it is.
    explicit Hostile(World& world, std::vector<Act> acts = {}, Onlooker onlooker = {});

    // The plan.
    void plan(const Act& act);
    /// Each call that reads a status or a progress of a group that the client has resumed finds it
    /// led one state further, if it can be.
    void walk(Walk walk) { walk_ = std::move(walk); }
    /// Everything that lasts ends now, and nothing more is done.
    void relent();

    // Time.
    Instant now() { return world_.now(); }
    /// Lets so much time pass; what lasts ends in it as planned. (With World::run_for in its place
    /// it ends at the next call.)
    void run_for(Duration time);

    // What happened.
    /// The client's calls in order.
    const std::vector<Call>& calls() const { return calls_; }
    const std::vector<Happened>& happened() const { return happened_; }
    /// Acts that never were possible, or not as often as planned. A test that meant them to happen
    /// fails.
    std::vector<Act> unfired() const;
    /// States of the walk that the group was found in, in order.
    const Walk& walked() const { return walked_; }
    /// What the client has left behind. Relents first; others take their groups with them, and a
    /// service that is closed gets the time it needs to open again. A group that an administrator
    /// has taken over is the administrator's.
    LeakReport leaks();

    // The client's side.
    Description describe() override { return world_.describe(); }
    Reply call(const Caller& caller, const Call& call) override;
    std::optional<std::string> surroundings(const Surroundings& what) override;
    void register_callback(ClassId class_id) override;
    std::vector<Notification> take_notifications() override;
    void answer(NotificationNumber number, HResult hresult) override;
    void restart() override;

  private:
    struct Planned {
        Act act;
        std::uint64_t left = 0;  ///< how often it is still to be done
    };

    enum class Moment : std::uint8_t { Call, Delivery };

    bool is_due(const Planned& planned, Moment moment) const;
    bool takes(Unpleasantness what, Moment moment);
    void note(Unpleasantness what);
    void carry_out(const Caller& caller, const Call* call);
    void go_on_walking(const Call& call);
    std::optional<GroupId> victim(const Call* call) const;
    void remember(const Caller& caller, const Call& call, const Reply& reply);
    void forget_handles();
    void die_if_planned();
    void disguise(const Call& call, Reply& reply);
    void disguise_status(const Call& call, Reply& reply);
    void disguise_code(const Call& call, Reply& reply);
    bool is_gone(const call::GetGroupStatus& call) const;
    GroupStatus leaner(GroupStatus status, Moment moment);
    std::uint32_t shorter(std::uint32_t result, Moment moment);

    World& world_;
    Others others_;
    std::vector<Planned> acts_;
    Walk walk_;
    Walk walked_;
    std::set<GroupId> resumed_;
    bool dies_next_ = false;

    std::vector<Call> calls_;
    std::vector<Happened> happened_;
    std::size_t answered_ = 0;        ///< of happened_, those that wait for no answer
    std::set<Unpleasantness> forms_;  ///< in which answers come from now on

    std::map<std::uint64_t, GroupId> named_;  ///< group and job handles
    std::set<std::uint64_t> held_;            ///< handles that were not released
    std::vector<GroupId> made_;               ///< groups the client made or got, the latest last
    std::set<std::string> users_;             ///< as whom it did
    std::set<ClassId> registered_;
    std::map<NotificationNumber, ClassId> taken_;  ///< deliveries that were not answered
};

}  // namespace qmgr::inline v0::world
