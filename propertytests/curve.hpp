// When did a run go wrong? The step at which something is seen to be wrong is often not the one
// that made it wrong. So the future is drawn anew after each prefix of a failing plan: as long as
// nothing is spoilt, few futures fail; after the bad step, most do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "propertytests/plan.hpp"
#include "propertytests/shrink.hpp"

namespace qmgr::propertytests {

struct Futures {
    std::size_t count = 40;  ///< after each prefix. Forty tell 5 percent from 50
    /// Drawn at random in each. Before and after them everything that can be read of every group is
    /// read once, so that what is spoilt is seen.
    std::size_t commands = 10;
    std::uint64_t seed = 1;
};

struct Curve {
    /// failed[i] of `futures.count` futures failed after the first i commands, so there is one more
    /// of them than commands.
    std::vector<std::size_t> failed;
    Futures futures;
    std::vector<std::string> commands;  ///< of the plan, in words

    /// The step, from 1 on, that raised the number of failing futures most; the first of equals. 0:
    /// none raised it.
    std::size_t likely_from() const;
};

/// Plays (commands + 1) × count plans. The same futures follow each prefix, so two neighbours
/// differ by nothing but the step between them. REQUIRES: fails(plan).
Curve curve_of(const Plan& plan, const Fails& fails, const Futures& futures = {});

/// A line for each step with a bar, its numbers and its words; the likely one is marked.
std::string to_text(const Curve& curve);
/// A picture for a browser: title, both axes named, the likely step marked by a line and words.
/// Nothing in it is told by colour alone.
std::string to_svg(const Curve& curve, const std::string& title);

}  // namespace qmgr::propertytests
