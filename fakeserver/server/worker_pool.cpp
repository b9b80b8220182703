#include "fakeserver/server/worker_pool.hpp"

#include <utility>

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

}  // namespace

void WorkerPool::submit(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
        return;
    }
    waiting_.push_back(std::move(connection));
    if (waiting_.size() > free_threads_ && threads_.size() < most_) {
        threads_.emplace_back([this] { run(); });
    }
    changed_.notify_one();
}

void WorkerPool::stop() {
    std::vector<std::thread> threads;
    std::deque<std::unique_ptr<Connection>> dropped;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        threads.swap(threads_);
        dropped.swap(waiting_);
    }
    changed_.notify_all();
    for (std::thread& thread : threads) {
        thread.join();
    }
}

void WorkerPool::run() {
    std::vector<std::byte> buffer(kBufferBytes);
    std::unique_lock lock(mutex_);
    while (true) {
        ++free_threads_;
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        --free_threads_;
        if (stopping_) {
            return;
        }
        std::unique_ptr<Connection> connection = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work_(std::move(connection), buffer);
        lock.lock();
    }
}

}  // namespace qmgr::inline v0::fakeserver
