// Time as the engine knows it: whole milliseconds on a clock of our own, so that a real clock
// cannot be passed by mistake. The engine never reads a clock; every step is told `now`.
#pragma once

#include <chrono>
#include <cstdint>

namespace qmgr::inline v0 {

/// A clock type without now(). An Instant counts milliseconds from the Unix epoch, so that what is
/// journalled keeps its meaning over a restart; inside one run it never goes back, whatever the
/// wall clock does (PER-07).
struct EngineClock {
    using rep = std::int64_t;
    using period = std::milli;
    using duration = std::chrono::duration<rep, period>;
    using time_point = std::chrono::time_point<EngineClock>;
    static constexpr bool is_steady = true;
};

using Duration = EngineClock::duration;
using Instant = EngineClock::time_point;

constexpr Instant instant_from_ms(std::int64_t ms) { return Instant(Duration(ms)); }
constexpr std::int64_t to_ms(Instant at) { return at.time_since_epoch().count(); }

}  // namespace qmgr::inline v0
