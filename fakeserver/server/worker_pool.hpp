// Threads for connections that have something to do. Started one by one when all others are busy.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "fakeserver/server/connection.hpp"

namespace qmgr::inline v0::fakeserver {

/// Every member function may be called from any thread.
class WorkerPool {
  public:
    /// Called on a thread of the pool, with a buffer of that thread.
    using Work = std::function<void(std::unique_ptr<Connection>, std::span<std::byte>)>;

    /// At most `most` threads.
    WorkerPool(std::size_t most, Work work) : most_(most), work_(std::move(work)) {}
    ~WorkerPool() { stop(); }
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    WorkerPool(WorkerPool&&) = delete;
    WorkerPool& operator=(WorkerPool&&) = delete;

    void submit(std::unique_ptr<Connection> connection);
    /// Waits for the work under way, destroys the connections that still wait for a thread, and
    /// joins. Later submissions are destroyed.
    void stop();

  private:
    void run();

    const std::size_t most_;
    const Work work_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<Connection>> waiting_;
    std::vector<std::thread> threads_;
    std::size_t free_threads_ = 0;
    bool stopping_ = false;
};

}  // namespace qmgr::inline v0::fakeserver
