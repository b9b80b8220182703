// Where the writes of a Pace begin and end, and the silence between them. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "fakeserver/responder.hpp"

namespace qmgr::inline v0::fakeserver {

class Pacer {
  public:
    /// `start`: the byte, counted as the caller counts, at which the first slice begins.
    Pacer(const Pace& pace, std::uint64_t start);

    /// How many bytes from `at` on can be sent in one write; 0: silence is due. `at` never falls.
    std::uint64_t room(std::uint64_t at) const;
    /// The milliseconds of the silence that is due at `at`, which is passed by this.
    std::optional<std::uint64_t> take_gap(std::uint64_t at);

  private:
    Pace pace_;
    std::uint64_t start_;
    std::uint64_t slice_ = 0;  ///< which one, from 0
    std::uint64_t slice_end_;
};

}  // namespace qmgr::inline v0::fakeserver
