// A second, small model of the interface: what a client may be told, and nothing of how it comes
// about. It was written from the clauses alone and shares no table with the reference, so that the
// two cannot be wrong in the same way by accident. It is fed with what a client did and was told,
// in that order, and names everything that no clause allows.
//
// What it cannot know it allows: a group that was resumed may meanwhile have got anywhere that time
// can take it, so the auditor keeps the set of all states that are possible and narrows it by each
// answer that tells more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "propertytests/auditor_model.hpp"
#include "reference/contract/call.hpp"
#include "reference/contract/notification.hpp"
#include "reference/contract/policy.hpp"
#include "reference/contract/reply.hpp"
#include "reference/contract/surroundings.hpp"
#include "reference/contract/time.hpp"

namespace qmgr::propertytests {

/// One thing that was not allowed.
struct Violation {
    std::string invariant;  ///< its name, as docs/testing.md lists them: "documented-codes"
    std::string clause;     ///< id of a requirement
    std::string what;       ///< expected and actual, one line
    bool operator==(const Violation&) const = default;
};

/// A value: copies are independent, equal ones judge alike. Not for several threads at once.
/// Everything is told in the order in which the client saw it; `now` never goes back.
class Auditor {
  public:
    /// Begins with an empty queue, everybody logged on, the network there, nothing failing, and no
    /// callback registered. Nothing of `policy` is kept by reference.
    explicit Auditor(const Policy& policy, const Premises& premises = {});

    /// The call was made and answered before anything else that is told after it. An Unsupported
    /// reply is not judged and is taken to have changed nothing.
    void call_answered(Instant now, const Caller& caller, const Call& call, const Reply& reply);
    /// The call was made and its answer never came, because the service died: it was done or not.
    void call_unanswered(Instant now, const Caller& caller, const Call& call);
    void surroundings_changed(Instant now, const Surroundings& what);
    /// From now on `path` (without a slash at the end) is known to be that. Of a directory that
    /// nobody spoke of, JOB1-ADD-3 and JOB1-ADD-6-b cannot be judged.
    void directory_is(std::string_view path, DirectoryKind kind);

    void callback_registered(ClassId class_id);
    /// One of the deliveries that the client took at `now`.
    void delivered(Instant now, const Notification& notification);
    /// The client has taken all deliveries that there were; each was told by delivered().
    void notifications_taken(Instant now);
    void delivery_answered(Instant now, NotificationNumber number, HResult hresult);

    /// The process died, in whatever way, and was started again: handles are gone (HANDLE-2).
    void restarted(Instant now);

    /// In the order in which they were found. The auditor goes on after one, believing what it was
    /// told; what it says later may follow from the first.
    const std::vector<Violation>& violations() const { return violations_; }
    void forget_violations() { violations_.clear(); }

    /// The same knowledge of the queue; what was found so far does not count.
    bool operator==(const Auditor& other) const { return model_ == other.model_; }
    /// Equal auditors have equal hashes.
    std::size_t hash() const { return audit::hash_of(model_); }

  private:
    audit::Model model_;
    std::vector<Violation> violations_;
};

}  // namespace qmgr::propertytests
