// A moment until which several steps have to be done.
#pragma once

#include <windows.h>

#include <chrono>

namespace qmgr::com_adapter {

class Deadline {
  public:
    explicit Deadline(std::chrono::milliseconds from_now)
        : end_(GetTickCount64() + static_cast<ULONGLONG>(from_now.count())) {}

    /// What is left for the step that asks; 0 when the moment has passed.
    std::chrono::milliseconds left() const {
        const ULONGLONG now = GetTickCount64();
        return std::chrono::milliseconds(now < end_ ? end_ - now : 0);
    }
    bool passed() const { return left() == std::chrono::milliseconds(0); }

  private:
    ULONGLONG end_;
};

}  // namespace qmgr::com_adapter
