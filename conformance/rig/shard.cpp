#include "conformance/rig/shard.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>

#include "reference/contract/input_error.hpp"

namespace qmgr::inline v0::conformance {
namespace {

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
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto index = whole_number(std::string_view(text).substr(0, slash));
    const auto count = whole_number(text.substr(std::min(slash + 1, text.size())));
    if (!index || !count || *index < 1 || *index > *count)
        throw InputError(where, "expected i/n with i from 1 to n, as in 2/3");
    return {*index - 1, *count};
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

}  // namespace qmgr::inline v0::conformance
