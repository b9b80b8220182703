// The traps that clients of BITS are known to fall into, one after the other: into each goes a
// naive client (naive_updaters.hpp), which the trap closes on, and a careful one
// (careful_updater.hpp), which passes. What happened to both is printed.
//
// Each trap is something that a queue may do; Hostile does it (conformance/world/hostile.hpp).
// `queue`, `machine` and `time` are simulated, so thirty days take a moment.
#include <gtest/gtest.h>

#include <cctype>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "conformance/world/hostile.hpp"
#include "docs/examples/careful_updater.hpp"
#include "docs/examples/naive_updaters.hpp"

using namespace updater;
using qmgr::world::Act;
using qmgr::world::Hostile;
using enum qmgr::world::Unpleasantness;

namespace {

constexpr Duration kHours = std::chrono::hours(1);
constexpr Duration kDays = std::chrono::hours(24);

struct Trap {
    std::string_view topic;  ///< what is known to hurt: loops, left-overs, wrong-state, callbacks
    std::string_view name;
    std::vector<Act> acts;
    void (*naive)(NaiveRun&) = nullptr;
    std::string_view fall;  ///< how the naive client ends, exactly
    int deaths = 0;         ///< so often the careful client dies and starts again
};

void PrintTo(const Trap& trap, std::ostream* out) { *out << trap.name; }

std::vector<Trap> jobs_that_never_finish() {
    return {
        {"loops",
         "the server is away for twenty days",
         {{ServerAway, 5, 20 * kDays}},
         polls_for_complete,
         "waits for ever; leaves 1 group, 1 part"},
        {"loops",
         "somebody else suspends the group",
         {{SuspendedByAnother, 5}},
         polls_for_complete,
         "waits for ever; leaves 1 group, 1 part"},
        {"loops",
         "the disk is full for an hour",
         {{DiskFull, 5}},
         polls_for_complete,
         "waits for ever; leaves 1 group, 1 part"},
        {"loops",
         "the group is gone, and its status has no flag",
         {{CancelledByAnother, 6}},
         polls_for_complete,
         "waits for ever"},
        {"loops",
         "the group is gone, and its status is QM_E_ITEM_NOT_FOUND",
         {{GoneNotFound, 6}},
         polls_for_complete,
         "waits for ever"},
        {"loops",
         "complete looks like suspended",
         {{LeanStatus, 5}},
         polls_for_complete,
         "waits for ever; leaves 1 group"},
        {"loops",
         "a game is played for two hours",
         {{Paused, 5, 2 * kHours}},
         starts_another_when_it_hangs,
         "installs; leaves 8 groups"},
        {"loops",
         "it waits again after it had been transferring: its owner logs off for a night",
         {{OwnerLoggedOff, 6, 10 * kHours}},
         starts_another_when_it_hangs,
         "installs; leaves 40 groups"},
        {"loops",
         "an administrator takes it over and is not there",
         {{TakenOver, 6}, {OwnerLoggedOff, 6, 40 * kDays}},
         polls_for_complete,
         "waits for ever"},
    };
}

std::vector<Trap> left_overs() {
    return {
        {"left-overs",
         "the client dies at each start",
         {},
         forgets_what_it_began,
         "cannot begin any more: BG_E_TOO_MANY_JOBS_PER_USER; leaves 61 groups",
         61},
        {"left-overs",
         "others have used up the user's jobs for two hours",
         {{TooManyJobs, 1, 2 * kHours}},
         tries_to_start_again_and_again,
         "has started; leaves 121 groups, 1 part"},
        {"left-overs",
         "the transfer fails half way",
         {{DiskFull, 5, kHours}},
         leaves_what_failed,
         "has failed; leaves 1 group, 1 part"},
    };
}

std::vector<Trap> calls_in_the_wrong_state() {
    return {
        {"wrong-state",
         "it is gone before it is resumed",
         {{CancelledByAnother, 4}},
         polls_for_complete,
         "waits for ever"},
        {"wrong-state",
         "GetGroup is denied after an administrator took it over",
         {{Denied, 6}},
         gets_it_again_for_each_look,
         "waits for ever"},
        {"wrong-state",
         "the error is over before its code is read",
         {{DiskFull, 5}, {ResumedByAnother, 7}},
         reads_the_error_of_what_has_none,
         "installs what is not there"},
        {"wrong-state",
         "flags of a newer header are refused",
         {},
         asks_for_every_flag,
         "waits for ever; leaves 1 group, 1 callback"},
        {"wrong-state",
         "the service is not available for an hour",
         {{ServiceUnavailable, 6, kHours}},
         starts_another_when_a_call_fails,
         "installs; leaves 1 group"},
        {"wrong-state",
         "the service was started again: the handle is dead",
         {{ServiceRestarted, 6}},
         polls_for_complete,
         "waits for ever; leaves 1 group"},
        {"wrong-state",
         "its GUID was left there by an earlier run",
         {{GuidTaken, 1}},
         wants_its_guid,
         "never updates again: E_INVALIDARG"},
    };
}

std::vector<Trap> notifications() {
    return {
        {"callbacks",
         "a failure that may pass is not told",
         {{ServerAway, 6, 13 * kDays}},
         gives_up_after_an_hour,
         "says that it has failed; leaves 1 group, 1 part, 1 callback"},
        {"callbacks",
         "it comes late",
         {{ToldLate, 1, kHours, 10}},
         gives_up_after_an_hour,
         "says that it has failed; leaves 1 group, 1 callback"},
        {"callbacks",
         "it was sent to a process that is gone",
         {},
         is_another_process_when_it_is_told,
         "waits for ever; leaves 1 group, 1 callback",
         1},
        {"callbacks",
         "it comes twice",
         {{ToldAgain, 1}},
         installs_at_each_call,
         "installs it twice; leaves 1 group, 1 callback"},
        {"callbacks",
         "the later one comes first",
         {{ToldReordered, 1}},
         takes_them_in_the_order_it_started_them,
         "takes one file for the other"},
        {"callbacks",
         "it comes without a job",
         {{ToldWithoutJob, 1}},
         uses_the_job_it_is_told_of,
         "follows a null pointer"},
        {"callbacks",
         "only four are made at a time",
         {},
         looks_once_for_six,
         "was told 4 times of 6"},
    };
}

std::vector<Trap> traps() {
    std::vector<Trap> all;
    for (const auto& some :
         {jobs_that_never_finish(), left_overs(), calls_in_the_wrong_state(), notifications()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

/// A program of a gigabyte and five small ones.
qmgr::world::Options a_server() {
    qmgr::world::Options options;
    for (const std::string suffix : {"", "2", "3", "4", "5", "6"})
        options.script.resources.push_back({.path = "/app" + suffix,
                                            .size = suffix.empty() ? 1'000'000'000U : 1'000'000U,
                                            .last_modified = "Tue, 02 Jan 2001 03:04:05 GMT"});
    return options;
}
/// 10 MB/s: the large one takes a hundred seconds.
constexpr qmgr::world::LineSpeed kLine{.latency = Duration(10), .bytes_per_ms = 10'000};

struct WaitsForEver {};

/// The machine of one client, and what can be said of it afterwards.
class Arena {
  public:
    explicit Arena(const std::vector<Act>& acts) : hostile_(world_, acts) {
        world_.disk().make_directory("/dl");
        world_.network().set_speed(kLine);
    }

    Hostile& hostile() { return hostile_; }
    std::string url() const { return world_.url("/app"); }
    std::function<bool(const std::string&)> is_there() {
        return [this](const std::string& path) { return world_.disk().find(path) != nullptr; };
    }
    /// The programs that have been downloaded.
    std::size_t files() {
        std::size_t count = 0;
        for (const char* suffix : {"", "2", "3", "4", "5", "6"})
            if (world_.disk().find(std::string("/dl/app") + suffix) != nullptr) ++count;
        return count;
    }
    /// As long as anybody's patience: thirty days.
    std::function<void(Duration)> wait() {
        return [this](Duration time) {
            waited_ += time;
            if (waited_ > 30 * kDays) throw WaitsForEver();
            hostile_.run_for(time);
        };
    }
    /// Of a careful client, which may need longer to end what it has begun.
    std::function<void(Duration)> long_wait() {
        return [this](Duration time) { hostile_.run_for(time); };
    }
    /// "; leaves 1 group, 1 part", or nothing. What transfers comes to its end first.
    std::string leaves() {
        const auto report = hostile_.leaks();
        std::string text;
        const auto add = [&](std::size_t count, const std::string& what) {
            if (count == 0) return;
            text += (text.empty() ? "; leaves " : ", ") + std::to_string(count) + " " + what +
                    (count == 1 ? "" : "s");
        };
        add(report.groups.size(), "group");
        add(report.parts.size(), "part");
        add(report.callbacks.size(), "callback");
        return text;
    }

  private:
    qmgr::world::World world_{a_server()};
    Hostile hostile_;
    Duration waited_{0};
};

std::string what_it_installed(const NaiveRun& run) {
    for (const std::string& file : run.installed)
        if (!run.is_there(file)) return "installs what is not there";
    if (run.installed.size() == 2 && run.installed[0] == run.installed[1])
        return "installs it twice";
    return run.says.empty() ? "installs" : run.says;
}

std::string naive_fate(const Trap& trap, Arena& arena) {
    std::string fate;
    {
        QueueManager queue(arena.hostile(), {"someone"});
        NaiveRun run{queue, arena.wait(), arena.is_there(), arena.url(), "/dl/app"};
        try {
            trap.naive(run);
            fate = what_it_installed(run);
        } catch (const WaitsForEver&) {
            fate = "waits for ever";
        }
    }
    return fate + arena.leaves();
}

/// Six of them, as a machine has many programs.
class CarefulClient {
  public:
    explicit CarefulClient(Arena& arena) : queue_(arena.hostile(), {"someone"}) {
        const Surrounds around{arena.long_wait(), arena.is_there()};
        for (const std::string suffix : {"", "2", "3", "4", "5", "6"}) {
            const auto number = static_cast<std::uint8_t>(0x60 + updaters_.size());
            updaters_.push_back(std::make_unique<CarefulUpdater>(
                queue_, around, qmgr::Guid{{number}}, arena.url() + suffix, "/dl/app" + suffix));
        }
    }
    /// One look of each; true when all have ended.
    bool look() {
        bool over = true;
        for (const auto& updater : updaters_) over = updater->look() && over;
        for (const auto& updater : updaters_)
            if (!over) updater->pause();
        return over;
    }
    std::string fate(Arena& arena) const {
        std::size_t installed = 0;
        for (const auto& updater : updaters_)
            if (updater->outcome().ending == Ending::Done) ++installed;
        // What it says is so.
        EXPECT_EQ(installed, arena.files());
        return installed == updaters_.size() ? "installs" : "gives up";
    }

  private:
    QueueManager queue_;
    std::vector<std::unique_ptr<CarefulUpdater>> updaters_;
};

std::string careful_fate(const Trap& trap, Arena& arena) {
    for (int death = 0; death < trap.deaths; ++death) CarefulClient(arena).look();
    std::string fate;
    {
        CarefulClient client(arena);
        while (!client.look()) {
        }
        fate = client.fate(arena);
    }
    return fate + arena.leaves();
}

class Traps : public testing::TestWithParam<Trap> {};

TEST_P(Traps, CloseOnANaiveClientAndNotOnACarefulOne) {
    const Trap& trap = GetParam();
    Arena naive(trap.acts);
    const std::string fell = naive_fate(trap, naive);
    Arena careful(trap.acts);
    const std::string passed = careful_fate(trap, careful);

    std::cout << "trap      " << trap.topic << ": " << trap.name << "\n  naive   " << fell
              << "\n  careful " << passed << "\n";
    EXPECT_EQ(fell, trap.fall);
    EXPECT_EQ(passed.find("leaves"), std::string::npos) << passed;
    EXPECT_TRUE(trap.acts.empty() || !careful.hostile().happened().empty());
    EXPECT_GE(naive.hostile().happened().size(), trap.acts.size()) << "a trap that never closed";
}

INSTANTIATE_TEST_SUITE_P(All, Traps, testing::ValuesIn(traps()), [](const auto& trap) {
    std::string name;
    for (const char letter : std::string(trap.param.name))
        name += std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
    return name;
});

}  // namespace
