// The rules of a history that span groups. Each is broken by a history without an allowed order
// only; none needs an order to be looked for. Inside of history_excerpts.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "propertytests/history_excerpts.hpp"

namespace qmgr::propertytests {

/// What is known of the list that an EnumGroups made, however its enumerator was used later.
struct ShownList {
    const RecordedCall* made = nullptr;
    Listing shown;
};

/// The lists of which the first Next ended before anything else was asked of the enumerator: what
/// it gave is the beginning of the list.
std::vector<ShownList> shown_lists(const History& history);

/// For each call a number that grows with the moment at which it was probably done: its end, unless
/// the handles that were given tell an earlier one. Most systems count them up.
std::map<const RecordedCall*, std::uint64_t> guesses(const History& history);

/// A CreateJob that was refused because there are too many jobs: it depends on all groups, and
/// changes none.
bool is_refused_for_number(const RecordedCall& call);

/// No number is given as a handle twice.
void check_handles(const History& history, std::vector<BrokenRule>& broken);
/// No list has a group before one that was created before it; looked at where both GUIDs were
/// created once.
void check_order_of_lists(const History& history, const std::vector<ShownList>& lists,
                          std::vector<BrokenRule>& broken);
/// A CreateJob is refused for the number of jobs only if so many can have been there while it was
/// asked, and done only if fewer can have been.
void check_numbers_of_jobs(const History& history, const Policy& policy,
                           std::vector<BrokenRule>& broken);

}  // namespace qmgr::propertytests
