// Where deliveries wait for the client: the notifier of a service whose callbacks live on the other
// side of a SystemUnderTest.
#pragma once

#include <functional>
#include <mutex>
#include <set>
#include <vector>

#include "reference/service/ports.hpp"

namespace qmgr {

/// Outlives the service. Every function is safe to call from any thread.
class CallbackDesk final : public Notifier {
  public:
    /// `service` is the inbox of the service.
    explicit CallbackDesk(EventSink& service) : service_(service) {}

    /// Called, on the service's thread, whenever a delivery begins to wait for take(). It must not
    /// block, nor call this function. Null: nobody wants to know. When this returns, the function
    /// before is not running and never will be again.
    void set_arrival(std::function<void()> arrived);

    /// Deliveries to `class_id` are kept for take() from now on. Registering it again forgets those
    /// that nobody took: they are made anew.
    void add(ClassId class_id);
    /// What waits, in order; each is to be answered.
    std::vector<Notification> take();
    /// What the callback returned.
    void answer(NotificationNumber number, HResult result);

    /// One of the same number that nobody took is replaced.
    void deliver(const Notification& notification) override;
    void forget() override;

  private:
    EventSink& service_;
    std::mutex arrival_mutex_;  // of arrived_, and held while it runs
    std::function<void()> arrived_;
    std::mutex mutex_;  // of the two members below
    std::set<ClassId> registered_;
    std::vector<Notification> waiting_;
};

}  // namespace qmgr
