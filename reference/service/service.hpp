// The one loop: takes what waits, stamps `now`, steps the engine, performs the actions.
//
// Order laws. All Persist actions of a turn go into one transaction (group commit); only when that
// is durable are the other actions of the turn performed, in the order of the steps. So nothing a
// step causes can be seen before its Persist is durable.
//
// When the journal cannot be written the service stops taking work (SERVICE-1): exchanges stop, the
// calls of that turn and all later ones answer QM_E_SERVICE_UNAVAILABLE, and every retry delay it
// tries to open the journal again, with the same code as at a start.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "reference/contract/policy.hpp"
#include "reference/engine/engine.hpp"
#include "reference/service/inbox.hpp"
#include "reference/service/ports.hpp"

namespace qmgr {

class Service {
  public:
    /// Everything passed in outlives the service. `inbox` is the sink the ports post to.
    Service(const Ports& ports, Inbox& inbox, const Rules& rules, const Policy& policy);

    /// Opens the journal and goes on with what it holds. Not Ok: the journal cannot be used; the
    /// service answers QM_E_SERVICE_UNAVAILABLE and keeps trying.
    HResult open();

    /// Takes everything that waits in the inbox, and what that brings about, until nothing is left
    /// to do now. Never blocks but in the ports.
    void turn();

    /// When turn() has to be called although nothing came in; nothing: not before something does.
    std::optional<Instant> next_wakeup() const;

    /// turn() until the inbox is closed. The calling thread becomes the service's.
    void run();

    /// The engine, for tests; null while the journal is not open.
    const Engine* engine() const { return engine_.get(); }

  private:
    HResult start(Instant now);
    void step(const Input& input, Instant now);
    void take(PendingCall call, Instant now);
    void retire(const Event& event);
    void finish_turn(Instant now);
    void perform_one(const action::Persist& action);
    void perform_one(const action::CreatePart& action);
    void perform_one(const action::StartFetch& action);
    void perform_one(const action::StoreBody& action);
    void perform_one(const action::StopFetch& action);
    void perform_one(const action::SyncPart& action);
    void perform_one(const action::CommitFile& action);
    void perform_one(const action::DiscardPart& action);
    void perform_one(const action::Notify& action);
    void perform_one(const action::Answer& action);
    void close_down();
    void refuse(const PendingCall& call) const;

    Ports ports_;
    Inbox& inbox_;
    const Rules& rules_;
    const Policy& policy_;
    std::unique_ptr<Engine> engine_;
    std::vector<Actions> turn_;              // what the steps of this turn want done
    std::map<CallId, PendingCall> waiting_;  // calls that are not answered yet, by our own id
    std::map<FetchId, bool> fetches_;        // exchanges that have not ended; true: a HEAD
    std::uint64_t next_call_ = 1;
    Numbers numbers_;
    std::optional<Instant> reopen_at_;
};

}  // namespace qmgr
