// The one queue between the service's thread and all others: clients put calls in, ports put
// events. The only mutex of the reference's core.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "reference/contract/reply.hpp"
#include "reference/service/ports.hpp"

namespace qmgr {

/// Who waits for the answer of a call. Called on the service's thread; must not block, must not
/// call the service.
class ReplySink {
  public:
    ReplySink() = default;
    ReplySink(const ReplySink&) = delete;
    ReplySink& operator=(const ReplySink&) = delete;
    virtual ~ReplySink() = default;
    virtual void replied(CallId call, const Reply& reply) = 0;
};

/// A call on its way in. `sink` outlives its answer.
struct PendingCall {
    CallId id;  ///< chosen by the sink; told back with the reply
    Caller caller;
    Call call;
    ReplySink* sink = nullptr;
};

class Inbox final : public EventSink {
  public:
    using Item = std::variant<PendingCall, Event>;

    void post(Event event) override;
    void submit(PendingCall call);
    /// Makes wait() return and stay awake from now on.
    void close();

    /// Everything that waits, in the order of arrival.
    std::vector<Item> take();
    /// Blocks until something waits, the inbox is closed, or `limit` is over (none: for ever).
    /// Returns false when it is closed.
    bool wait(std::optional<Duration> limit);

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Item> items_;
    bool closed_ = false;
};

}  // namespace qmgr
