// A moment until which several steps have to be done.
#pragma once

#include <algorithm>
#include <chrono>

namespace qmgr::com_adapter {

class Deadline {
  public:
    explicit Deadline(std::chrono::milliseconds from_now)
        : end_(std::chrono::steady_clock::now() + from_now) {}

    /// What is left for the step that asks; 0 when the moment has passed.
    std::chrono::milliseconds left() const {
        return std::max(std::chrono::milliseconds(0),
                        std::chrono::duration_cast<std::chrono::milliseconds>(
                            end_ - std::chrono::steady_clock::now()));
    }
    bool passed() const { return left() == std::chrono::milliseconds(0); }

  private:
    std::chrono::steady_clock::time_point end_;
};

}  // namespace qmgr::com_adapter
