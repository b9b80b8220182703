#include "reference/adapters/steady_clock.hpp"

namespace qmgr {
namespace {

Instant wall_time() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return Instant(std::chrono::duration_cast<Duration>(since_epoch));
}

}  // namespace

SteadyClock::SteadyClock()
    : origin_(std::chrono::steady_clock::now()), origin_instant_(wall_time()) {}

Instant SteadyClock::now() {
    const auto passed = std::chrono::steady_clock::now() - origin_;
    return origin_instant_ + std::chrono::duration_cast<Duration>(passed);
}

}  // namespace qmgr
