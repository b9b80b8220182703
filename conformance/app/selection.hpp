// Which cases of all are meant, and in which order.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/rig/case.hpp"
#include "conformance/rig/requirements.hpp"
#include "conformance/rig/shard.hpp"

namespace qmgr::conformance {

struct Selection {
    std::string filter = "*";           ///< filter_matches() with "rig/area.case" or "area.case"
    std::set<Basis> bases;              ///< a case is meant that covers a clause with one of them;
                                        ///< empty: any
    Shard shard;                        ///< a case is in exactly one
    std::optional<std::uint64_t> seed;  ///< of the order; none: the order of the cases' files
};

/// FNV-1a, 64 bits: the same in every build, so that a case stays in its shard.
std::uint64_t stable_hash(std::string_view text);

/// True when `pattern` matches the whole text: `*` any characters, `?` one.
bool glob_matches(std::string_view pattern, std::string_view text);

/// A filter as GoogleTest has them: patterns separated by `:`, and after a `-` those that are left
/// out again.
bool filter_matches(std::string_view filter, std::string_view text);

/// Whole seconds, 1 to 600. Throws InputError that begins with `where`.
Duration patience_from_text(const std::string& text, const std::string& where);

/// "documented,derived,…". Throws InputError that begins with `where`.
std::set<Basis> bases_from_text(const std::string& text, const std::string& where);

/// The cases that are meant on the rig of that name. They point into `cases`.
std::vector<const Case*> selected(const std::vector<Case>& cases, const std::string& rig,
                                  const Selection& selection, const Catalogue& catalogue);

}  // namespace qmgr::conformance
