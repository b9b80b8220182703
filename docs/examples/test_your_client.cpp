// How to test a program that uses the library. It takes a QueueManager&, so a test can hand it one
// over a mock, where the test says what every call answers, or one over the simulated world, where
// the real queue downloads in virtual time: no network, no disk, no waiting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/world/world.hpp"
#include "reference/library/mock_queue_manager.hpp"
#include "reference/library/queue_manager.hpp"

using namespace qmgr::library;

namespace {

const qmgr::GroupId kGroupId{*qmgr::guid_from_text("c3b4e6a2-7a0d-4a35-a0f5-3f9d51c1e001")};
const qmgr::JobId kJobId{*qmgr::guid_from_text("c3b4e6a2-7a0d-4a35-a0f5-3f9d51c1e002")};
const qmgr::ClassId kClassId{*qmgr::guid_from_text("c3b4e6a2-7a0d-4a35-a0f5-3f9d51c1e003")};

// The client that is to be tested: fetches one file, and knows how it went.
class Updater final : private Callback {
  public:
    explicit Updater(QueueManager& queue) : queue_(queue) {
        queue_.register_callback(kClassId, *this);
    }
    ~Updater() override { queue_.unregister_callback(kClassId); }

    /// False when the queue refused it; nothing is left in the queue then.
    bool start(const std::string& url, const std::string& path) {
        if (failed(queue_.create_group(kGroupId, group_))) return false;
        const bool started = fill(url, path) && succeeded(group_.resume_group());
        if (!started) group_.cancel_group();
        return started;
    }
    const std::string& state() const { return state_; }

  private:
    bool fill(const std::string& url, const std::string& path) {
        using qmgr::GroupProperty;
        Job job;
        return succeeded(group_.create_job(kJobId, job)) &&
               succeeded(job.add_files({{url, path, 0}})) &&
               succeeded(group_.set_prop(GroupProperty::NotifyClsid, class_id_value(kClassId))) &&
               succeeded(group_.set_prop(GroupProperty::NotifyFlags,
                                         number_value(qmgr::NotifyFlag::group_done)));
    }
    qmgr::HResult on_status(const Group& group, const Job*, std::optional<qmgr::FileIndex>,
                            qmgr::GroupStatus status, std::uint32_t, std::uint32_t,
                            std::uint32_t transport_result) override {
        state_ = status.has(qmgr::GroupFlag::Error)
                     ? "failed with " + std::to_string(transport_result)
                     : "done";
        return group.cancel_group();
    }

    QueueManager& queue_;
    Group group_;
    std::string state_ = "under way";
};

// With a mock: every answer the client may meet, also those that are hard to bring about.

using testing::NiceMock;
using testing::Return;

TEST(UpdaterOverAMock, SaysSoWhenThereIsNoQueue) {
    NiceMock<MockQueueManager> mock;
    QueueManager queue(mock, {"someone"});
    EXPECT_CALL(mock, create_group)
        .WillOnce(Return(qmgr::Reply{qmgr::HResult::QmServiceUnavailable, {}}));
    EXPECT_CALL(mock, cancel_group).Times(0);
    EXPECT_FALSE(Updater(queue).start("http://server/file", "/file"));
}

TEST(UpdaterOverAMock, TakesTheGroupBackWhenItsFileIsRefused) {
    NiceMock<MockQueueManager> mock;
    QueueManager queue(mock, {"someone"});
    EXPECT_CALL(mock, add_files).WillOnce(Return(qmgr::Reply{qmgr::HResult::AccessDenied, {}}));
    EXPECT_CALL(mock, cancel_group);
    EXPECT_FALSE(Updater(queue).start("http://server/file", "/forbidden"));
}

// In the world: whole stories, with the real queue.

qmgr::world::Options a_server_with_one_file() {
    qmgr::world::Options options;
    options.script.resources = {
        {.path = "/file", .size = 3'000'000, .last_modified = "Tue, 02 Jan 2001 03:04:05 GMT"}};
    return options;
}

TEST(UpdaterInTheWorld, IsToldWhenTheFileIsThere) {
    qmgr::world::World world(a_server_with_one_file());
    QueueManager queue(world, {"someone"});
    Updater updater(queue);
    ASSERT_TRUE(updater.start(world.url("/file"), "/file"));
    EXPECT_EQ(updater.state(), "under way");
    world.run_for(std::chrono::minutes(1));
    queue.deliver_notifications();
    EXPECT_EQ(updater.state(), "done");
    EXPECT_TRUE(world.disk().find("/file") != nullptr);
}

TEST(UpdaterInTheWorld, GoesOnWhenThePowerComesBack) {
    qmgr::world::World world(a_server_with_one_file());
    QueueManager queue(world, {"someone"});
    Updater updater(queue);
    ASSERT_TRUE(updater.start(world.url("/file"), "/file"));
    world.run_for(std::chrono::milliseconds(1));
    world.crash();
    world.run_for(std::chrono::minutes(1));
    queue.deliver_notifications();
    EXPECT_EQ(updater.state(), "done");
}

TEST(UpdaterInTheWorld, IsToldOfAFileThatIsNotThere) {
    qmgr::world::World world(a_server_with_one_file());
    QueueManager queue(world, {"someone"});
    Updater updater(queue);
    ASSERT_TRUE(updater.start(world.url("/another"), "/another"));
    world.run_for(std::chrono::minutes(1));
    queue.deliver_notifications();
    EXPECT_EQ(updater.state(), "failed with 404");
}

}  // namespace
