#include "propertytests/simulated_clients.hpp"

#include <deque>
#include <random>
#include <utility>
#include <vector>

#include "conformance/world/world.hpp"
#include "propertytests/seeded_scheduler.hpp"

namespace qmgr::propertytests {
namespace {

// Long enough for a small file and too short for all of a large one, so that clients meet
// transfers in every state.
constexpr std::uint64_t kLongestStepMs = 100;

void make_calls(ConcurrentClient& client, std::uint32_t number, std::uint32_t calls,
                const Pause& pause, SystemUnderTest& system, HistoryRecorder& recorder) {
    for (std::uint32_t i = 0; i < calls; ++i) {
        const Call call = client.next();
        const Reply reply = recorder.record(number, ConcurrentClient::caller(number), call,
                                            [&](const Caller& caller, const Call& asked) {
                                                pause();
                                                Reply answer = system.call(caller, asked);
                                                pause();
                                                return answer;
                                            });
        client.told(call, reply);
    }
}

}  // namespace

Policy simulated_policy() {
    Policy policy;
    policy.retry_delay = Duration(500);
    return policy;
}

SimulatedRun run_simulated(const ClientsPlan& plan, const Plant& plant) {
    world::Options options;
    options.script = clients_site();
    options.policy = simulated_policy();
    world::World world(options);
    world.disk().make_directory("/downloads");
    ClientsPlan here = plan;
    here.site = world.url("");
    here.folder = "/downloads";

    SeededScheduler scheduler(plan.seed);
    const Pause pause = [&] { scheduler.pause(); };
    std::unique_ptr<SystemUnderTest> planted;
    if (plant) planted = plant(world, pause);
    SystemUnderTest& system = planted ? *planted : world;

    HistoryRecorder recorder(plan.clients);
    Board of_users;
    Board of_administrators;
    std::deque<ConcurrentClient> clients;
    std::vector<std::function<void()>> threads;
    for (std::uint32_t i = 0; i < plan.clients; ++i) {
        clients.emplace_back(
            here, i, ConcurrentClient::caller(i).administrator ? of_administrators : of_users);
        threads.emplace_back(
            [&, i] { make_calls(clients[i], i, plan.calls, pause, system, recorder); });
    }
    threads.emplace_back([&] {
        std::mt19937_64 chance(plan.seed);
        for (std::uint32_t i = 0; i < plan.calls; ++i) {
            world.run_for(Duration(static_cast<std::int64_t>(chance() % kLongestStepMs)));
            pause();
        }
    });
    scheduler.run(threads);
    return {recorder.history(), scheduler.switches()};
}

}  // namespace qmgr::propertytests
