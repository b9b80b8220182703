#include "fakeserver/server/socket.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "fakeserver/server/raw_client.hpp"

namespace qmgr::fakeserver {
namespace {

Listener reserved() {
    std::string error;
    Listener listener = reserve("127.0.0.1", 0, error);
    EXPECT_TRUE(listener) << error;
    return listener;
}

TEST(Listener, IsRefusedUntilItIsOpenAndAfterItIsClosedAgain) {
    Listener listener = reserved();
    EXPECT_FALSE(RawClient(listener.port()).connected());
    EXPECT_EQ(errno, ECONNREFUSED);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(listener.open());
        const RawClient client(listener.port());
        EXPECT_TRUE(client.connected());
        EXPECT_TRUE(accept_from(listener.socket()));
        listener.close();
        EXPECT_FALSE(RawClient(listener.port()).connected());
    }
}

TEST(Listener, ResetsWhoeverWasNotAcceptedYet) {
    Listener listener = reserved();
    ASSERT_TRUE(listener.open());
    const RawClient client(listener.port());
    ASSERT_TRUE(client.connected());
    listener.close();
    EXPECT_EQ(client.read_to_end(), (Received{"", Ended::Rst}));
}

TEST(Listener, KeepsItsPortFromOtherSocketsWhileItIsClosed) {
    const Listener listener = reserved();
    // Ports are given out at random; without the reservation these would meet it now and then.
    for (int i = 0; i < 1000; ++i) {
        ASSERT_NE(reserved().port(), listener.port());
    }
}

TEST(Listener, SaysWhichPortCannotBeHad) {
    Listener first = reserved();
    ASSERT_TRUE(first.open());
    std::string error;
    EXPECT_FALSE(reserve("127.0.0.1", first.port(), error));
    EXPECT_EQ(error,
              "port " + std::to_string(first.port()) + " of 127.0.0.1: Address already in use");
}

}  // namespace
}  // namespace qmgr::fakeserver
