#include "propertytests/library_clients.hpp"

#include <deque>
#include <filesystem>
#include <memory>
#include <thread>

#include "fakeserver/server/fault_server.hpp"
#include "propertytests/library_door.hpp"
#include "reference/adapters/temporary_folder.hpp"
#include "reference/contract/check.hpp"
#include "reference/library/local_queue.hpp"
#include "reference/library/queue_manager.hpp"

namespace qmgr::propertytests {
namespace {

/// Looks at what it is told of, as a client would.
class Listener final : public library::Callback {
  public:
    HResult on_status(const library::Group& group, const library::Job* job,
                      std::optional<FileIndex> /*file*/, GroupStatus /*status*/,
                      std::uint32_t /*retries*/, std::uint32_t /*win32_result*/,
                      std::uint32_t /*transport_result*/) override {
        ++heard_;
        value::GroupState state;
        const HResult result = group.get_status(state);
        std::uint32_t files = 0;
        if (job != nullptr) job->get_file_count(files);
        return result;
    }
    std::uint64_t heard() const { return heard_; }

  private:
    std::atomic<std::uint64_t> heard_ = 0;
};

/// The queue of one folder, as an administrator and another user see it.
struct Queue {
    explicit Queue(const TemporaryFolder& folder)
        : running(open_local_queue(folder.path("queue"), library_policy())),
          users(running->service(), ConcurrentClient::caller(0)),
          administrators(running->service(), ConcurrentClient::caller(2)) {}

    std::unique_ptr<RunningQueue> running;
    library::QueueManager users;
    library::QueueManager administrators;
};

}  // namespace

Policy library_policy() {
    Policy policy;
    // As short as a test needs it, so that failures are met again while it runs.
    policy.retry_delay = Duration(20);
    return policy;
}

LibraryRun run_library(const ClientsPlan& plan, Recording recording) {
    const TemporaryFolder folder;
    const fakeserver::FaultServer server(clients_site());
    std::filesystem::create_directory(folder.path("downloads"));
    ClientsPlan here = plan;
    here.site = server.url("");
    here.folder = folder.path("downloads");

    LibraryRun run;
    Queue queue(folder);
    Listener listener;
    QMGR_CHECK(queue.users.register_callback(ConcurrentClient::class_id(), listener) == HResult::Ok,
               "registering is S_OK");
    HistoryRecorder recorder(plan.clients);
    Board of_users;
    Board of_administrators;
    {
        // Each call gives out one handle at most, and so does the service for each delivery.
        constexpr std::size_t kHandlesPerCall = 8;
        LibraryDoor door(queue.users, queue.administrators,
                         std::size_t{plan.clients} * plan.calls * kHandlesPerCall);
        const auto ask = [&door](const Caller& caller, const Call& call) {
            return door.call(caller, call);
        };
        std::deque<std::jthread> threads;
        for (std::uint32_t i = 0; i < plan.clients; ++i) {
            threads.emplace_back([&, i] {
                const Caller caller = ConcurrentClient::caller(i);
                ConcurrentClient client(here, i,
                                        caller.administrator ? of_administrators : of_users);
                for (std::uint32_t n = 0; n < plan.calls; ++n) {
                    const Call call = client.next();
                    client.told(call, recording == Recording::On
                                          ? recorder.record(i, caller, call, ask)
                                          : ask(caller, call));
                }
            });
        }
        threads.clear();
    }
    queue.users.unregister_callback(ConcurrentClient::class_id());
    run.history = recorder.history();
    run.calls = std::uint64_t{plan.clients} * plan.calls;
    run.notifications = listener.heard();
    run.requests = server.requests().size();
    return run;
}

}  // namespace qmgr::propertytests
