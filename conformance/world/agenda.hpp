// The only source of order in the world: what happens next, by time, then by the number of its
// entry.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "reference/contract/time.hpp"

namespace qmgr::inline v0::world {

class Agenda {
  public:
    /// Does `what` at `at`, after everything put there before for the same time.
    void put(Instant at, std::function<void()> what) {
        entries_.emplace(std::pair(at, next_number_++), std::move(what));
    }
    std::optional<Instant> next() const {
        if (entries_.empty()) return std::nullopt;
        return entries_.begin()->first.first;
    }
    /// Takes the next entry out. There must be one.
    std::function<void()> take() {
        auto entry = entries_.extract(entries_.begin());
        return std::move(entry.mapped());
    }
    /// Forgets everything: the process these entries were of is gone.
    void clear() { entries_.clear(); }

  private:
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> entries_;
    std::uint64_t next_number_ = 0;
};

}  // namespace qmgr::inline v0::world
