#include "reference/service/callback_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace qmgr {
namespace {

class SilentSink final : public EventSink {
  public:
    void post(Event /*event*/) override {}
};

TEST(CallbackDeskTest, AnArrivalFunctionThatWasReplacedIsNotRunningAnyMore) {
    SilentSink service;
    CallbackDesk desk(service);
    const ClassId class_id{*guid_from_text("00000000-0000-0000-0000-000000000001")};
    desk.add(class_id);
    std::atomic<bool> inside = false;
    std::atomic<bool> replacing = false;
    std::atomic<bool> finished = false;
    desk.set_arrival([&] {
        inside = true;
        while (!replacing) std::this_thread::yield();
        // Time for a set_arrival that does not wait to return.
        for (int i = 0; i < 1000; ++i) std::this_thread::yield();
        finished = true;
    });
    Notification notification;
    notification.class_id = class_id;
    std::jthread service_thread([&] { desk.deliver(notification); });
    while (!inside) std::this_thread::yield();
    replacing = true;
    desk.set_arrival(nullptr);
    EXPECT_TRUE(finished);
}

}  // namespace
}  // namespace qmgr
