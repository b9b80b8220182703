// Whether a history of concurrent clients is one that the clauses allow: every call can be given a
// moment between its beginning and its end so that, called one by one at these moments, every
// answer is one that the auditor allows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "propertytests/auditor.hpp"
#include "propertytests/history.hpp"
#include "reference/contract/policy.hpp"

namespace qmgr::propertytests {

struct HistoryRules {
    Policy policy;  ///< of the system that was recorded
    Premises premises;
    /// Calls that may be tried, over all excerpts.
    std::uint64_t most_steps = 10'000'000;
    /// Excerpt by excerpt: an excerpt that has no order means that the history has none. False: as
    /// a whole, which finds also what no excerpt shows, and takes longer: for a few hundred calls.
    bool by_excerpts = true;
};

struct HistoryFinding {
    Finding finding = Finding::Linearizable;
    std::uint64_t steps = 0;
    std::size_t excerpts = 0;

    // Empty if Linearizable. If Undecided: how far the search had come that was stopped first.
    std::string where;  ///< the excerpt, or the rule that spans groups
    /// The calls before the one that fits nowhere, in an allowed order.
    std::vector<RecordedCall> ordered;
    /// The calls that cannot be ordered, and why each cannot come next.
    std::vector<RecordedCall> unordered;
    std::vector<std::string> reasons;
};

/// `history` begins with an empty queue, everybody logged on, and no surroundings change in it. An
/// excerpt without an order is reported even if another one could not be decided.
HistoryFinding check_history(const History& history, const HistoryRules& rules);

/// Several lines: the finding, the last `most_ordered` calls that can be ordered, and those that
/// cannot, each with its reason.
std::string to_text(const HistoryFinding& finding, std::size_t most_ordered = 12);

}  // namespace qmgr::propertytests
