// The running service as a system under test: calls come from any thread, the service has a thread
// of its own. What `qmgr stdio`, the command line and the library drive.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "reference/contract/running_system.hpp"
#include "reference/service/callback_desk.hpp"
#include "reference/service/machine.hpp"
#include "reference/service/service.hpp"

namespace qmgr {

/// Every function is safe to call from any thread, from several at once. Only the destructor is
/// not: nobody may be inside another function then.
class ServiceUnderTest final : public RunningSystem, private ReplySink {
  public:
    /// Opens the service and runs it on a thread of its own. Returns at once; calls wait until the
    /// journal was read. `service`, `inbox`, `machine` and `desk` belong together, are used by
    /// nobody else, and outlive this object. `description` is what describe() says.
    ServiceUnderTest(Service& service, Inbox& inbox, Machine& machine, CallbackDesk& desk,
                     Description description);
    /// Stops the service and ends its thread: when this returns, no port is called any more. Calls
    /// that have no answer yet get QM_E_SERVICE_UNAVAILABLE. Transfers go on at the next start.
    ~ServiceUnderTest() override;

    Description describe() override;
    /// Blocks until the call is answered. Waits for no transfer; a CancelGroup waits for renames.
    Reply call(const Caller& caller, const Call& call) override;
    void submit(const Caller& caller, const Call& call, Completion completion) override;
    void set_arrival(std::function<void()> arrived) override;
    /// Refuses what its description has no ability for: such a queue has the surroundings of its
    /// process.
    std::optional<std::string> surroundings(const Surroundings& what) override;
    void register_callback(ClassId class_id) override;
    std::vector<Notification> take_notifications() override;
    void answer(NotificationNumber number, HResult hresult) override;

    /// Never to be called: a restart without warning is the end of a process, so it is done by
    /// whoever owns the process (kill it, start it again over the same folder).
    void restart() override;

  private:
    void replied(CallId call, const Reply& reply) override;

    Inbox& inbox_;
    Machine& machine_;
    CallbackDesk& desk_;
    const Description description_;
    std::mutex mutex_;  // of the two members below
    std::uint64_t next_call_ = 1;
    std::map<CallId, Completion> waiting_;
    std::thread thread_;
};

}  // namespace qmgr
