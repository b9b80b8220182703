// An EventSink for tests: keeps what ports post, and lets a test wait for it.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <variant>
#include <vector>

#include "reference/service/ports.hpp"

namespace qmgr {

class RecordingSink final : public EventSink {
  public:
    void post(Event event) override {
        {
            const std::lock_guard lock(mutex_);
            events_.push_back(std::move(event));
        }
        arrived_.notify_all();
    }

    std::vector<Event> events() const {
        const std::lock_guard lock(mutex_);
        return events_;
    }

    /// Everything posted of that kind, in order.
    template <class Kind>
    std::vector<Kind> all() const {
        std::vector<Kind> found;
        for (const Event& event : events())
            if (const auto* one = std::get_if<Kind>(&event)) found.push_back(*one);
        return found;
    }

    /// Waits until an event of that kind satisfies `fits`; a default value after a minute.
    template <class Kind, class Predicate>
    Kind wait_for(Predicate fits) const {
        std::unique_lock lock(mutex_);
        Kind found{};
        arrived_.wait_for(lock, kLimit, [&] {
            for (const Event& event : events_) {
                const auto* one = std::get_if<Kind>(&event);
                if (one == nullptr || !fits(*one)) continue;
                found = *one;
                return true;
            }
            return false;
        });
        return found;
    }

    /// Waits until an event satisfies `fits`; false after a minute.
    template <class Predicate>
    bool wait_until(Predicate fits) const {
        std::unique_lock lock(mutex_);
        return arrived_.wait_for(lock, kLimit, [&] { return std::ranges::any_of(events_, fits); });
    }

    /// Waits until `count` events of that kind are there; false after a minute.
    template <class Kind>
    bool wait_for_count(std::size_t count) const {
        std::unique_lock lock(mutex_);
        return arrived_.wait_for(lock, kLimit, [&] {
            const auto is_one = [](const Event& event) {
                return std::holds_alternative<Kind>(event);
            };
            const auto seen = std::count_if(events_.begin(), events_.end(), is_one);
            return static_cast<std::size_t>(seen) >= count;
        });
    }

    /// Waits until `count` events of whatever kind are there; false after a minute.
    bool wait_for_any(std::size_t count) const {
        std::unique_lock lock(mutex_);
        return arrived_.wait_for(lock, kLimit, [&] { return events_.size() >= count; });
    }

  private:
    // Only a broken adapter waits so long; a loaded machine does not.
    static constexpr std::chrono::minutes kLimit{1};

    mutable std::mutex mutex_;
    mutable std::condition_variable arrived_;
    std::vector<Event> events_;
};

}  // namespace qmgr
