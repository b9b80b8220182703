// The interface every test tool drives: the simulated world, a child process behind a pipe, or
// anybody else's implementation behind an adapter.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reference/contract/call.hpp"
#include "reference/contract/notification.hpp"
#include "reference/contract/reply.hpp"
#include "reference/contract/surroundings.hpp"

namespace qmgr::inline v0 {

/// What a system says of itself. Ability words (docs/sut-protocol.md): users sessions network pause
/// disk journal restart notify policy permissions; a case that needs another one is not run.
struct Description {
    std::string name;
    std::string version;
    std::set<std::string> abilities;
    bool operator==(const Description&) const = default;
};

/// One thread drives it. No function waits for a transfer; a call returns when it is answered.
class SystemUnderTest {
  public:
    SystemUnderTest() = default;
    SystemUnderTest(const SystemUnderTest&) = delete;
    SystemUnderTest& operator=(const SystemUnderTest&) = delete;
    virtual ~SystemUnderTest() = default;

    virtual Description describe() = 0;
    /// Answers Unsupported for a call it does not do.
    virtual Reply call(const Caller& caller, const Call& call) = 0;
    /// The reason why this system cannot do that, or nothing when it was done.
    virtual std::optional<std::string> surroundings(const Surroundings& what) = 0;
    /// Makes an object known under `class_id`: from now on deliveries to it are taken.
    virtual void register_callback(ClassId class_id) = 0;
    /// Deliveries made since the last call, in order. Each waits for answer().
    virtual std::vector<Notification> take_notifications() = 0;
    /// What the callback returned for a delivery. Answering twice or for an unknown number is
    /// ignored.
    virtual void answer(NotificationNumber number, HResult hresult) = 0;
    /// Ends the service without warning and starts it again over the same durable state. All
    /// handles are gone afterwards (HANDLE-2).
    virtual void restart() = 0;
};

}  // namespace qmgr::inline v0
