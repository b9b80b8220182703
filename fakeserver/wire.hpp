// A plan as it goes over the wire: interim responses, head, framed body, extra bytes, and the
// silences between them, in order. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "fakeserver/responder.hpp"

namespace qmgr::inline v0::fakeserver {

/// Everything up to the ending. The head comes first and is the first `head_size(plan)` bytes.
std::vector<BodyStep> wire_steps(const ResponsePlan& plan);

/// Bytes before the body: interim responses and the head, or what a cut leaves of it.
std::uint64_t head_size(const ResponsePlan& plan);

/// Bytes of the answer that stand before `point`, which is one of this plan.
std::uint64_t wire_offset(const ResponsePlan& plan, Point point);

/// More chunks than this are not made: each costs a step of memory.
constexpr std::uint64_t kMostChunks = 65'536;

}  // namespace qmgr::inline v0::fakeserver
