#include "conformance/rig/share.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>

#include "reference/contract/input_error.hpp"

namespace qmgr::inline v0::conformance {
namespace {

// Two numbers with `between` between them.
std::optional<std::pair<std::uint64_t, std::uint64_t>> two_numbers(std::string_view text,
                                                                   std::string_view between) {
    const std::size_t end = text.find(between);
    if (end == text.npos) return std::nullopt;
    const auto one = whole_number(text.substr(0, end));
    const auto other = whole_number(text.substr(end + between.size()));
    if (!one || !other) return std::nullopt;
    return std::pair(*one, *other);
}

void tell_that_shards_are_understood() {
    const char* const path = std::getenv("GTEST_SHARD_STATUS_FILE");
    if (path == nullptr || *path == '\0') return;
    if (!std::ofstream(path).flush())
        throw InputError("GTEST_SHARD_STATUS_FILE " + std::string(path),
                         "expected a file that can be made");
}

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::uint64_t seed_from_text(const std::string& text, const std::string& where) {
    const auto seed = whole_number(text);
    if (!seed) throw InputError(where, "expected a whole number from 0 to 18446744073709551615");
    return *seed;
}

Shard shard_from_text(const std::string& text, const std::string& where) {
    const auto numbers = two_numbers(text, "/");
    if (!numbers || numbers->first < 1 || numbers->first > numbers->second)
        throw InputError(where, "expected i/n with i from 1 to n, as in 2/3");
    return {numbers->first - 1, numbers->second};
}

std::string to_text(const Shard& shard) {
    return std::to_string(shard.index + 1) + "/" + std::to_string(shard.count);
}

std::optional<Shard> take_shard_from_environment() {
    const char* total = std::getenv("GTEST_TOTAL_SHARDS");
    const char* index = std::getenv("GTEST_SHARD_INDEX");
    if (total == nullptr && index == nullptr) return std::nullopt;
    const auto count = whole_number(total == nullptr ? "" : total);
    const auto which = whole_number(index == nullptr ? "" : index);
    if (!count || !which || *which >= *count)
        throw InputError("GTEST_TOTAL_SHARDS, GTEST_SHARD_INDEX",
                         "expected both, the index from 0 to one less than the total");
    unsetenv("GTEST_TOTAL_SHARDS");
    unsetenv("GTEST_SHARD_INDEX");
    tell_that_shards_are_understood();
    return Shard{*which, *count};
}

SeedRange seeds_from_text(const std::string& text, const std::string& where) {
    if (const auto one = whole_number(text)) return {*one, 1};
    const auto ends = two_numbers(text, "..");
    // All 2^64 of them are one more than a count can hold.
    if (!ends || ends->first > ends->second || ends->second - ends->first == UINT64_MAX)
        throw InputError(where,
                         "expected a seed, or the first and the last of several, as in 1..1000");
    return {ends->first, ends->second - ends->first + 1};
}

std::string to_text(const SeedRange& seeds) {
    if (seeds.count == 0) return "";
    return std::to_string(seeds.first) + ".." + std::to_string(seeds.first + (seeds.count - 1));
}

SeedRange part_of(const SeedRange& all, const Shard& shard) {
    const std::uint64_t each = all.count / shard.count;
    const std::uint64_t more = all.count % shard.count;  // the first so many have one more
    return {all.first + each * shard.index + std::min(shard.index, more),
            each + (shard.index < more ? 1 : 0)};
}

}  // namespace qmgr::inline v0::conformance
