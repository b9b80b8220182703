// Which part of a run one process does, where several do it together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmgr::inline v0::conformance {

/// One of `count` parts of a run; everything is in exactly one.
struct Shard {
    std::uint64_t index = 0;  ///< less than count
    std::uint64_t count = 1;  ///< at least 1
    bool operator==(const Shard&) const = default;
};

/// "i/n", i from 1 to n. Throws InputError that begins with `where`.
Shard shard_from_text(const std::string& text, const std::string& where);
std::string to_text(const Shard& shard);

/// What GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX (from 0) say, or nothing where neither is set.
/// Both are unset: GoogleTest would divide once more what was divided. Where one of them was set
/// and GTEST_SHARD_STATUS_FILE names a file, that file is made: so a runner of tests (Bazel) learns
/// that its shards are understood. Throws InputError, for a file that cannot be made, too.
std::optional<Shard> take_shard_from_environment();

/// Digits alone, as a number; nothing for any other text, or a number of more than 64 bits.
std::optional<std::uint64_t> whole_number(std::string_view text);
/// Digits alone. Throws InputError that begins with `where`.
std::uint64_t seed_from_text(const std::string& text, const std::string& where);

}  // namespace qmgr::inline v0::conformance
