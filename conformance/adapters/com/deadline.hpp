// A moment until which several steps have to be done.
#pragma once

#include <windows.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace qmgr::com_adapter {

class Deadline {
  public:
    /// Less than nothing is a moment that has passed.
    explicit Deadline(std::chrono::milliseconds from_now)
        : end_(static_cast<std::int64_t>(GetTickCount64()) + from_now.count()) {}

    /// What is left for the step that asks; 0 when the moment has passed.
    std::chrono::milliseconds left() const {
        const std::int64_t left = end_ - static_cast<std::int64_t>(GetTickCount64());
        return std::chrono::milliseconds(std::max(left, std::int64_t{0}));
    }
    bool passed() const { return left() == std::chrono::milliseconds(0); }

  private:
    std::int64_t end_;  // as GetTickCount64 counts
};

}  // namespace qmgr::com_adapter
