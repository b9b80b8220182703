#include "propertytests/seeded_scheduler.hpp"

#include <algorithm>
#include <thread>

#include "reference/contract/check.hpp"

namespace qmgr::propertytests {

void SeededScheduler::run(const std::vector<std::function<void()>>& threads) {
    QMGR_CHECK(running_.empty() && switches_ == 0, "a scheduler runs once");
    if (threads.empty()) return;
    std::unique_lock lock(mutex_);
    for (std::size_t i = 0; i < threads.size(); ++i) running_.push_back(i);
    turn_ = threads.size();  // nobody's, until all are there
    std::vector<std::jthread> started;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        started.emplace_back([this, i, &what = threads[i]] {
            {
                std::unique_lock mine(mutex_);
                wait_for_turn(mine, i);
            }
            what();
            const std::lock_guard mine(mutex_);
            running_.erase(std::find(running_.begin(), running_.end(), i));
            if (!running_.empty()) give_turn();
        });
    }
    give_turn();
    lock.unlock();
}

void SeededScheduler::pause() {
    std::unique_lock lock(mutex_);
    const std::size_t mine = turn_;
    give_turn();
    wait_for_turn(lock, mine);
}

// Plain remainders: the distributions of <random> are not the same everywhere.
void SeededScheduler::give_turn() {
    const std::size_t before = turn_;
    turn_ = running_[chance_() % running_.size()];
    if (turn_ == before) return;
    ++switches_;
    changed_.notify_all();
}

void SeededScheduler::wait_for_turn(std::unique_lock<std::mutex>& lock, std::size_t thread) {
    changed_.wait(lock, [&] { return turn_ == thread; });
}

}  // namespace qmgr::propertytests
