// A ResponsePlan as a stream of bytes with pauses in it. Knows where it stands and makes the bytes
// when they are wanted, so a plan of gigabytes costs no memory. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fakeserver/pacer.hpp"
#include "fakeserver/responder.hpp"

namespace qmgr::inline v0::fakeserver {

class PlanPlayer {
  public:
    /// Starts at the first byte of the answer.
    explicit PlanPlayer(const ResponsePlan& plan);

    /// Puts the bytes that come next at the start of `buffer`, as many as fit and stand before the
    /// next wait, and says how many. 0: a wait comes next, or the end.
    std::size_t peek(std::span<std::byte> buffer) const;
    /// `count` of the bytes that peek shows were sent.
    void advance(std::uint64_t count);
    /// The milliseconds of the wait that comes next, which is passed by this; nothing: no wait.
    std::optional<std::uint64_t> take_wait();

    /// Bytes after the head that are sent when `count` more bytes than up to now will have been.
    std::uint64_t body_bytes_after(std::uint64_t count) const;

  private:
    std::vector<BodyStep> steps_;  ///< the head first
    std::size_t step_ = 0;
    std::uint64_t offset_ = 0;  ///< in that step
    std::uint64_t head_size_;
    std::uint64_t total_;
    std::uint64_t sent_ = 0;
    std::optional<Pacer> pacer_;
};

}  // namespace qmgr::inline v0::fakeserver
