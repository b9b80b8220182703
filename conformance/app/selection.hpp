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

namespace qmgr::conformance {

/// One of `count` parts of the suite; every case is in exactly one.
struct Shard {
    std::uint64_t index = 0;  ///< less than count
    std::uint64_t count = 1;  ///< at least 1
    bool operator==(const Shard&) const = default;
};

struct Selection {
    std::string filter = "*";  ///< filter_matches() with "rig/area.case" or "area.case"
    std::set<Basis> bases;     ///< a case is meant that covers a clause with one of them;
                               ///< empty: any
    Shard shard;
    std::optional<std::uint64_t> seed;  ///< of the order; none: the order of the cases' files
};

/// FNV-1a, 64 bits: the same in every build, so that a case stays in its shard.
std::uint64_t stable_hash(std::string_view text);

/// True when `pattern` matches the whole text: `*` any characters, `?` one.
bool glob_matches(std::string_view pattern, std::string_view text);

/// A filter as GoogleTest has them: patterns separated by `:`, and after a `-` those that are left
/// out again.
bool filter_matches(std::string_view filter, std::string_view text);

/// "i/n", i from 1 to n. Throws InputError that begins with `where`.
Shard shard_from_text(const std::string& text, const std::string& where);
std::string to_text(const Shard& shard);

/// Digits alone. Throws InputError that begins with `where`.
std::uint64_t seed_from_text(const std::string& text, const std::string& where);
/// Whole seconds, 1 to 600. Throws InputError that begins with `where`.
Duration patience_from_text(const std::string& text, const std::string& where);

/// What GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX (from 0) say, or nothing where neither is set.
/// Both are unset: GoogleTest would divide once more what was divided. Throws InputError.
std::optional<Shard> take_shard_from_environment();

/// "documented,derived,…". Throws InputError that begins with `where`.
std::set<Basis> bases_from_text(const std::string& text, const std::string& where);

/// The cases that are meant on the rig of that name. They point into `cases`.
std::vector<const Case*> selected(const std::vector<Case>& cases, const std::string& rig,
                                  const Selection& selection, const Catalogue& catalogue);

}  // namespace qmgr::conformance
