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

// NTF-16: the handles lent with the call before are gone.
TEST(CallbackDeskTest, ADeliveryThatIsMadeAnewReplacesTheOneThatNobodyTook) {
    SilentSink service;
    CallbackDesk desk(service);
    const ClassId first{*guid_from_text("00000000-0000-0000-0000-000000000001")};
    const ClassId second{*guid_from_text("00000000-0000-0000-0000-000000000002")};
    const ClassId unknown{*guid_from_text("00000000-0000-0000-0000-000000000003")};
    desk.add(first);
    desk.add(second);
    const auto deliver = [&](std::uint64_t number, ClassId class_id) {
        Notification notification;
        notification.number = {number};
        notification.class_id = class_id;
        desk.deliver(notification);
        return notification;
    };
    deliver(1, first);
    const Notification other = deliver(2, first);
    const Notification anew = deliver(1, second);
    EXPECT_THAT(desk.take(), testing::ElementsAre(other, anew));
    deliver(1, first);
    deliver(1, unknown);
    EXPECT_THAT(desk.take(), testing::IsEmpty());
}

TEST(CallbackDeskTest, WhatIsForgottenIsNotTaken) {
    SilentSink service;
    CallbackDesk desk(service);
    Notification notification;
    desk.add(notification.class_id);
    desk.deliver(notification);
    desk.forget();
    EXPECT_THAT(desk.take(), testing::IsEmpty());
    desk.deliver(notification);
    EXPECT_THAT(desk.take(), testing::ElementsAre(notification));
}

}  // namespace
}  // namespace qmgr
