// A history of the whole queue, cut into excerpts that can be checked one by one. An excerpt is one
// group with everything that was asked of it, or several groups that a job GUID joins.
// docs/testing.md, "Concurrent clients", says why a history without an order of its own is the only
// one that can fail an excerpt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "propertytests/history.hpp"
#include "reference/contract/policy.hpp"

namespace qmgr::propertytests {

/// What one EnumGroups showed of the groups of an excerpt, or of all groups.
struct Listing {
    std::vector<Guid> ids;  ///< the first ones of its list that belong to the excerpt, in order
    bool whole = false;     ///< there were no others
};

/// One call in an excerpt: asked and answered as recorded, or an EnumGroups of which only the
/// listing counts.
struct ExcerptCall {
    const RecordedCall* recorded = nullptr;
    std::optional<Listing> listing;
};

struct Excerpt {
    /// What its calls are about.
    enum class Subject : std::uint8_t {
        Groups,    ///< group objects, their jobs, and enumerators of jobs
        Listings,  ///< an enumerator of groups and what was cloned of it
    };
    Subject subject = Subject::Groups;
    std::string name;  ///< for a person: "group 0000…01"
    std::vector<Interval<ExcerptCall>> calls;
};

/// What is wrong with a history whatever the order of its calls.
struct BrokenRule {
    std::string what;  ///< one line
    std::vector<RecordedCall> calls;
};

struct Excerpts {
    std::vector<Excerpt> excerpts;
    std::vector<BrokenRule> broken;
};

/// The enumerator a call asks, if it asks one.
std::optional<EnumeratorHandle> enumerator_of(const Call& call);

/// Cuts `history`, which begins with an empty queue and outlives what is returned. Looks at the
/// three rules that span groups as well: no handle is given twice, groups are listed in the order
/// in which they were created (ENUM-ORDER-1), and jobs are refused for their number only when there
/// can have been so many (GROUP-CREATEJOB-5-a; the limits are those of `policy`).
Excerpts excerpts_of(const History& history, const Policy& policy);

}  // namespace qmgr::propertytests
