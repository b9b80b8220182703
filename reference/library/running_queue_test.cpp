// The library over systems that have threads of their own: a fake one, and a queue in a folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <mutex>
#include <thread>

#include "reference/adapters/raw_server.hpp"
#include "reference/adapters/temporary_folder.hpp"
#include "reference/library/queue_manager.hpp"

namespace qmgr::library {
namespace {

const GroupId kGroupId{*guid_from_text("00000000-0000-0000-0000-000000000001")};
const JobId kJobId{*guid_from_text("00000000-0000-0000-0000-000000000002")};
const ClassId kClassId{*guid_from_text("00000000-0000-0000-0000-000000000003")};

/// Answers S_OK to everything, to GetJob with a job, and hands out the deliveries it is told.
class FakeRunningSystem final : public RunningSystem {
  public:
    Description describe() override { return {}; }
    Reply call(const Caller& /*caller*/, const Call& call) override {
        if (std::holds_alternative<call::GetJob>(call)) return {HResult::Ok, JobHandle{12}};
        return {};
    }
    void submit(const Caller& /*caller*/, const Call& /*call*/, Completion done) override {
        done({});
    }
    std::optional<std::string> surroundings(const Surroundings& /*what*/) override { return {}; }
    void restart() override {}
    void register_callback(ClassId class_id) override { registered.push_back(class_id); }
    void set_arrival(std::function<void()> arrived) override {
        if (before_arrival_changes) before_arrival_changes(arrived != nullptr);
        const std::lock_guard lock(mutex_);
        arrived_ = std::move(arrived);
    }
    std::vector<Notification> take_notifications() override {
        const std::lock_guard lock(mutex_);
        return std::exchange(waiting_, {});
    }
    void answer(NotificationNumber number, HResult hresult) override {
        const std::lock_guard lock(mutex_);
        answers_[number] = hresult;
        changed_.notify_all();
    }

    void deliver(std::uint64_t number) {
        const std::lock_guard lock(mutex_);
        Notification notification;
        notification.number = {number};
        notification.class_id = kClassId;
        waiting_.push_back(notification);
        if (arrived_) arrived_();
    }
    HResult wait_for_answer(std::uint64_t number) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return answers_.contains({number}); });
        return answers_[{number}];
    }
    bool has_arrival() {
        const std::lock_guard lock(mutex_);
        return arrived_ != nullptr;
    }

    std::vector<ClassId> registered;
    std::function<void(bool is_set)> before_arrival_changes;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> arrived_;
    std::vector<Notification> waiting_;
    std::map<NotificationNumber, HResult> answers_;
};

class CallbackThatRuns : public Callback {
  public:
    explicit CallbackThatRuns(std::function<HResult()> what) : what_(std::move(what)) {}
    explicit CallbackThatRuns(std::function<HResult(const Group&)> what)
        : what_with_group_(std::move(what)) {}
    HResult on_status(const Group& group, const Job* /*job*/, std::optional<FileIndex> /*file*/,
                      GroupStatus /*status*/, std::uint32_t /*retries*/,
                      std::uint32_t /*win32_result*/, std::uint32_t /*transport_result*/) override {
        return what_with_group_ ? what_with_group_(group) : what_();
    }

  private:
    std::function<HResult()> what_;
    std::function<HResult(const Group&)> what_with_group_;
};

TEST(CallbacksOverARunningSystem, RunOnAThreadOfTheLibrary) {
    FakeRunningSystem system;
    QueueManager queue(system, {"u1"});
    std::thread::id ran_on;
    CallbackThatRuns callback([&] {
        ran_on = std::this_thread::get_id();
        return HResult::AccessDenied;
    });
    EXPECT_EQ(queue.register_callback(kClassId, callback), HResult::Ok);
    EXPECT_THAT(system.registered, testing::ElementsAre(kClassId));
    system.deliver(1);
    EXPECT_EQ(system.wait_for_answer(1), HResult::AccessDenied);
    EXPECT_NE(ran_on, std::this_thread::get_id());
    EXPECT_EQ(queue.deliver_notifications(), 0U);
}

TEST(CallbacksOverARunningSystem, AreDeliveredAlsoWhenTheyArriveDuringAnotherOne) {
    FakeRunningSystem system;
    QueueManager queue(system, {"u1"});
    CallbackThatRuns callback([&, first = true]() mutable {
        if (std::exchange(first, false)) system.deliver(2);
        return HResult::Ok;
    });
    queue.register_callback(kClassId, callback);
    queue.register_callback(kClassId, callback);
    system.deliver(1);
    EXPECT_EQ(system.wait_for_answer(1), HResult::Ok);
    EXPECT_EQ(system.wait_for_answer(2), HResult::Ok);
}

TEST(CallbacksOverARunningSystem, MayCallTheQueue) {
    FakeRunningSystem system;
    QueueManager queue(system, {"u1"});
    CallbackThatRuns callback([&] {
        Group group;
        // The fake gives no value, which counts as failed.
        return queue.get_group(kGroupId, group);
    });
    queue.register_callback(kClassId, callback);
    system.deliver(1);
    EXPECT_EQ(system.wait_for_answer(1), HResult::Failed);
}

TEST(CallbacksOverARunningSystem, AreOverWhenUnregisterReturns) {
    FakeRunningSystem system;
    QueueManager queue(system, {"u1"});
    std::promise<void> inside;
    std::promise<void> go_on;
    bool finished = false;
    CallbackThatRuns callback([&] {
        inside.set_value();
        go_on.get_future().wait();
        finished = true;
        return HResult::Ok;
    });
    queue.register_callback(kClassId, callback);
    system.deliver(1);
    inside.get_future().wait();
    std::thread release([&] { go_on.set_value(); });
    queue.unregister_callback(kClassId);
    EXPECT_TRUE(finished);
    release.join();
    system.deliver(2);
    EXPECT_EQ(system.wait_for_answer(2), HResult::Failed);
}

TEST(CallbacksOverARunningSystem, EndWithTheQueue) {
    FakeRunningSystem system;
    CallbackThatRuns callback([] { return HResult::Ok; });
    {
        QueueManager queue(system, {"u1"});
        queue.register_callback(kClassId, callback);
        EXPECT_TRUE(system.has_arrival());
    }
    EXPECT_FALSE(system.has_arrival());
    system.deliver(1);
}

// One thread may have begun to listen, and not be heard yet, when another one registers its class.
TEST(CallbacksOverARunningSystem, AreDeliveredAlsoWhenTheyArriveBeforeTheLibraryListens) {
    FakeRunningSystem system;
    system.before_arrival_changes = [&](bool is_set) {
        if (is_set) system.deliver(1);
    };
    CallbackThatRuns callback([] { return HResult::AccessDenied; });
    QueueManager queue(system, {"u1"});
    queue.register_callback(kClassId, callback);
    EXPECT_EQ(system.wait_for_answer(1), HResult::AccessDenied);
}

TEST(CallbacksOverARunningSystem, MayHoldObjectsWhileTheQueueEnds) {
    FakeRunningSystem system;
    std::promise<void> holds;
    std::promise<void> ending;
    CallbackThatRuns callback([&](const Group& group) {
        Job job;
        const HResult result = group.get_job(kJobId, job);
        EXPECT_TRUE(job);
        holds.set_value();
        ending.get_future().wait();
        return result;
    });
    {
        QueueManager queue(system, {"u1"});
        queue.register_callback(kClassId, callback);
        system.deliver(1);
        holds.get_future().wait();
        system.before_arrival_changes = [&](bool /*is_set*/) { ending.set_value(); };
    }
    EXPECT_EQ(system.wait_for_answer(1), HResult::Ok);
}

TEST(OpeningAQueue, KeepsWhatWasAnsweredOk) {
    const TemporaryFolder folder;
    {
        OpenedQueue opened = QueueManager::open(folder.path("q/r"));
        ASSERT_EQ(opened.opening, Opening::Ok) << opened.reason;
        Group group;
        EXPECT_EQ(opened.queue.create_group(kGroupId, group), HResult::Ok);
    }
    OpenedQueue opened = QueueManager::open(folder.path("q/r"));
    ASSERT_EQ(opened.opening, Opening::Ok) << opened.reason;
    Group group;
    EXPECT_EQ(opened.queue.get_group(kGroupId, group), HResult::Ok);
}

TEST(OpeningAQueue, TellsABusyOneFromOneThatCannotBeUsed) {
    const TemporaryFolder folder;
    const OpenedQueue first = QueueManager::open(folder.path("q"));
    ASSERT_EQ(first.opening, Opening::Ok) << first.reason;
    const OpenedQueue second = QueueManager::open(folder.path("q"));
    EXPECT_EQ(second.opening, Opening::Busy);
    EXPECT_THAT(second.reason, testing::HasSubstr(folder.path("q")));
    EXPECT_FALSE(second.queue);

    std::ofstream(folder.path("file")) << "text";
    const OpenedQueue no_folder = QueueManager::open(folder.path("file/q"));
    EXPECT_EQ(no_folder.opening, Opening::Unusable);
    EXPECT_THAT(no_folder.reason, testing::HasSubstr(folder.path("file")));

    std::filesystem::create_directories(folder.path("r/queue.db"));
    const OpenedQueue no_journal = QueueManager::open(folder.path("r"));
    EXPECT_EQ(no_journal.opening, Opening::Unusable);
    EXPECT_THAT(no_journal.reason, testing::HasSubstr("queue.db"));
    EXPECT_FALSE(no_journal.queue);
}

// The size and date of a file of five bytes, as HEAD and GET show them.
std::string head_of_hello() {
    return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
           "Last-Modified: Tue, 02 Jan 2001 03:04:05 GMT\r\n\r\n";
}

TEST(AnOpenQueue, DownloadsAFile) {
    const TemporaryFolder folder;
    const RawServer server({{head_of_hello()}, {head_of_hello() + "hello"}});
    OpenedQueue opened = QueueManager::open(folder.path("q"));
    ASSERT_EQ(opened.opening, Opening::Ok) << opened.reason;
    Group group;
    Job job;
    ASSERT_EQ(opened.queue.create_group(kGroupId, group), HResult::Ok);
    ASSERT_EQ(group.create_job(kJobId, job), HResult::Ok);
    ASSERT_EQ(job.add_files({{server.url("/a"), folder.path("a"), 0}}), HResult::Ok);
    ASSERT_EQ(group.resume_group(), HResult::Ok);
    value::GroupState state;
    do {
        ASSERT_EQ(group.get_status(state), HResult::Ok);
    } while (!state.status.has(GroupFlag::Suspended));
    EXPECT_TRUE(state.status.has(GroupFlag::Complete)) << state.status.bits;
    std::ifstream file(folder.path("a"));
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "hello");
}

}  // namespace
}  // namespace qmgr::library
