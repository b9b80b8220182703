// Makes a failing plan small: commands first, then faults, then values, then time, again and again
// until nothing that is tried makes it smaller. What is left is what a person has to read.
#pragma once

#include <cstddef>
#include <functional>

#include "propertytests/plan.hpp"
#include "reference/contract/time.hpp"

namespace qmgr::propertytests {

/// True when the plan fails in the way that is looked for. It is asked about plans that have less
/// in them than the one before, never more; the same answer for the same plan.
using Fails = std::function<bool(const Plan&)>;

/// What a search may cost; it ends with the first of the two.
struct Budget {
    std::size_t plays = 20'000;       ///< questions to Fails. Some ten seconds of simple plans
    Duration processor_time{10'000};  ///< of this process and of those it waited
                                      ///< for. In tests: forever(), the plays decide
    static constexpr Duration forever() { return Duration::max(); }
};

struct Shrunk {
    Plan plan;
    std::size_t plays = 0;  ///< questions that were asked
    /// True when nothing smaller that is tried fails: no command, pair of commands or fault can go,
    /// no number can be lower. False: the budget was over.
    bool finished = false;
};

/// The smallest plan found. REQUIRES: fails(plan); it is not asked again.
Shrunk shrink(const Plan& plan, const Fails& fails, const Budget& budget = {});

}  // namespace qmgr::propertytests
