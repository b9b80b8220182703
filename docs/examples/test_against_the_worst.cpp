// How to test a client of the queue against the worst BITS that is allowed. Complete: copy it, and
// put your client in place of `download`.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>

#include "conformance/world/hostile.hpp"
#include "reference/library/queue_manager.hpp"

using namespace qmgr::library;
using namespace qmgr::world;

namespace {

const qmgr::GroupId kGroupId{*qmgr::guid_from_text("c3b4e6a2-7a0d-4a35-a0f5-3f9d51c1e001")};
const qmgr::JobId kJobId{*qmgr::guid_from_text("c3b4e6a2-7a0d-4a35-a0f5-3f9d51c1e002")};
using Wait = std::function<void(std::chrono::seconds)>;

// The client: downloads a file, or gives up after a day, and ends what it has begun. It waits
// through `wait`, and that is all a test needs of it.
bool one_look(QueueManager& queue, Group& group, const std::string& url, const std::string& path) {
    if (!group && failed(queue.get_group(kGroupId, group)) &&
        failed(queue.create_group(kGroupId, group)))
        return false;
    Job job;
    qmgr::value::JobState state;
    std::uint32_t files = 0;
    const bool there =
        succeeded(group.get_job(kJobId, job)) || succeeded(group.create_job(kJobId, job));
    if (!there || failed(job.get_file_count(files)) ||
        (files == 0 && failed(job.add_files({{url, path, 0}}))) || failed(group.resume_group()) ||
        failed(job.get_status(state))) {
        group.cancel_group();
        group.release();  // the next look begins anew
        return false;
    }
    return state.status.has(qmgr::JobFlag::Complete);
}

bool download(QueueManager& queue, const std::string& url, const std::string& path,
              const Wait& wait) {
    Group group;
    bool done = false;
    for (int minute = 0; minute < 24 * 60 && !done; ++minute) {
        done = one_look(queue, group, url, path);
        if (!done) wait(std::chrono::minutes(1));
    }
    // What cannot be ended now is ended later: a group that stays would be there for ever.
    while (queue.get_group(kGroupId, group) != qmgr::HResult::QmItemNotFound &&
           failed(group.cancel_group()))
        wait(std::chrono::hours(1));
    return done;
}

// A server with one file, a disk, a clock, and the worst queue that is allowed. `acts` is what it
// does to the client; for each act there is a clause that allows it.
struct Trial {
    World world{[] {
        Options options;
        options.script.resources = {{.path = "/file", .size = 3'000'000'000}};
        return options;
    }()};
    Hostile hostile;

    explicit Trial(std::vector<Act> acts) : hostile(world, std::move(acts)) {}
    bool run() {
        QueueManager queue(hostile, {"someone"});
        const bool done =
            download(queue, world.url("/file"), "/file", [&](auto time) { hostile.run_for(time); });
        EXPECT_TRUE(!done || world.disk().find("/file") != nullptr) << "it says so, and it is not";
        return done;
    }
    // What happened, for whoever reads a failure.
    std::string story() const {
        std::string text;
        for (const Happened& one : hostile.happened()) text += to_text(one) + "\n";
        return text;
    }
};

TEST(MyClient, DownloadsWhenNothingHappens) {
    Trial trial({});
    EXPECT_TRUE(trial.run());
    EXPECT_TRUE(trial.hostile.leaks().clean()) << to_text(trial.hostile.leaks());
}

TEST(MyClient, LeavesNothingWhenAnyOfItsCallsFails) {
    Trial plain({});
    plain.run();
    for (const OneFailure& one : one_failure_each(plain.hostile.calls())) {
        Trial trial({one.act});
        trial.run();
        EXPECT_TRUE(trial.hostile.leaks().clean())
            << trial.story() << to_text(trial.hostile.leaks());
    }
}

TEST(MyClient, DownloadsOnEveryWayThroughTheStates) {
    for (const Walk& walk : every_walk(4)) {
        Trial trial({});
        trial.hostile.walk(walk);
        EXPECT_TRUE(trial.run()) << to_text(walk);
        EXPECT_TRUE(trial.hostile.leaks().clean()) << to_text(walk) << "\n"
                                                   << to_text(trial.hostile.leaks());
    }
}

TEST(MyClient, LeavesNothingWhateverHappens) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Trial trial(any_acts(seed, 5, 40));
        trial.run();
        EXPECT_TRUE(trial.hostile.leaks().clean())
            << "seed " << seed << "\n"
            << trial.story() << to_text(trial.hostile.leaks());
    }
}

}  // namespace
