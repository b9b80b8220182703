#include "fakeserver/content.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace qmgr::inline v0::fakeserver {
namespace {

static_assert(std::endian::native == std::endian::little, "content bytes are little-endian words");

constexpr std::uint64_t kGoldenGamma = 0x9E3779B97F4A7C15;
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014).
constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
    return z ^ (z >> 31U);
}

/// Word k of a content is mix(start(seed) + k * gamma). Mixing the seed first keeps neighbouring
/// seeds from being shifted copies of each other.
constexpr std::uint64_t start(std::uint64_t seed) { return mix(seed + kGoldenGamma); }

void copy_word(std::uint64_t word, std::size_t skip, std::span<std::byte> out) {
    std::array<std::byte, kWordBytes> bytes{};
    std::memcpy(bytes.data(), &word, kWordBytes);
    std::memcpy(out.data(), bytes.data() + skip, out.size());
}

}  // namespace

void fill_content(std::uint64_t seed, std::uint64_t offset, std::span<std::byte> out) {
    std::uint64_t state = start(seed) + (offset / kWordBytes) * kGoldenGamma;
    if (const std::size_t skip = offset % kWordBytes; skip != 0 && !out.empty()) {
        const std::size_t count = std::min(kWordBytes - skip, out.size());
        copy_word(mix(state), skip, out.first(count));
        out = out.subspan(count);
        state += kGoldenGamma;
    }
    std::byte* to = out.data();
    for (std::size_t words = out.size() / kWordBytes; words != 0; --words) {
        const std::uint64_t word = mix(state);
        std::memcpy(to, &word, kWordBytes);
        to += kWordBytes;
        state += kGoldenGamma;
    }
    if (const std::size_t rest = out.size() % kWordBytes; rest != 0) {
        copy_word(mix(state), 0, out.last(rest));
    }
}

bool is_content(std::uint64_t seed, std::uint64_t offset, std::span<const std::byte> bytes) {
    std::array<std::byte, 8192> expected{};
    while (!bytes.empty()) {
        const std::size_t count = std::min(expected.size(), bytes.size());
        fill_content(seed, offset, std::span(expected).first(count));
        if (std::memcmp(expected.data(), bytes.data(), count) != 0) {
            return false;
        }
        offset += count;
        bytes = bytes.subspan(count);
    }
    return true;
}

}  // namespace qmgr::inline v0::fakeserver
