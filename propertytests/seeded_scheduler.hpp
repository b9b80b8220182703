// Threads that run one at a time: at every pause the seed decides who goes on. What happens is then
// a function of the seed, races included.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>
#include <vector>

namespace qmgr::propertytests {

class SeededScheduler {
  public:
    explicit SeededScheduler(std::uint64_t seed) : chance_(seed) {}

    /// Runs each on a thread of its own, one at a time, and returns when all have ended. Once for
    /// each scheduler.
    void run(const std::vector<std::function<void()>>& threads);
    /// From within one of them: somebody else may go on here, or nobody else does. REQUIRES: the
    /// caller holds nothing that another one would wait for.
    void pause();
    /// How often another thread went on than the one before.
    std::uint64_t switches() const { return switches_; }

  private:
    void give_turn();
    void wait_for_turn(std::unique_lock<std::mutex>& lock, std::size_t thread);

    std::mt19937_64 chance_;
    std::mutex mutex_;  // of all members below
    std::condition_variable changed_;
    std::vector<std::size_t> running_;  // threads that have not ended
    std::size_t turn_ = 0;
    std::uint64_t switches_ = 0;
};

}  // namespace qmgr::propertytests
