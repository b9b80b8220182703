#include "fakeserver/draws.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qmgr::inline v0::fakeserver {
namespace {

/// Salts, so that one key gives numbers that know nothing of each other.
constexpr std::uint64_t kChanceSalt = 1;
constexpr std::uint64_t kDelaySalt = 2;

/// In (0, 1): 53 bits are what a double holds.
double unit(std::uint64_t drawn) {
    constexpr double kParts = 9007199254740992.0;
    return (static_cast<double>(drawn >> 11U) + 0.5) / kParts;
}

/// A draw from [0, range), without the bias of a remainder; `range` 0 stands for 2 to the 64.
std::uint64_t below(std::uint64_t range, std::uint64_t key, std::uint64_t salt) {
    if (range == 0) {
        return draw(key, salt);
    }
    const std::uint64_t unfair = (0 - range) % range;
    std::uint64_t drawn = draw(key, salt);
    for (std::uint64_t again = 1; drawn < unfair; ++again) {
        drawn = draw(draw(key, salt), again);
    }
    return drawn % range;
}

/// Box and Muller's method.
double standard_normal(std::uint64_t key) {
    const double radius = std::sqrt(-2.0 * std::log(unit(draw(key, kDelaySalt))));
    return radius * std::cos(2.0 * std::numbers::pi * unit(draw(key, kDelaySalt + 1)));
}

}  // namespace

std::uint64_t draw(std::uint64_t key, std::uint64_t salt) {
    // The finaliser of SplitMix64, twice, so that neighbouring keys and salts share nothing.
    std::uint64_t mixed = key + (salt + 1) * 0x9E3779B97F4A7C15ULL;
    for (int round = 0; round < 2; ++round) {
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        mixed ^= mixed >> 31U;
    }
    return mixed;
}

std::uint64_t draw_key(std::uint64_t seed, std::uint64_t connection, std::uint64_t nth) {
    return draw(draw(seed, connection), nth);
}

std::uint64_t rule_seed(const FaultRule& rule) {
    std::uint64_t mixed = rule.seed;
    for (const char c : rule.name) {
        mixed = draw(mixed, static_cast<unsigned char>(c));
    }
    return mixed;
}

bool happens(const Chance& chance, std::uint64_t key) {
    return below(chance.out_of, key, kChanceSalt) < chance.of;
}

std::uint64_t draw_delay(const Delay& delay, std::uint64_t key) {
    switch (delay.kind) {
        case Delay::Kind::Fixed:
            break;
        case Delay::Kind::Uniform:
            return delay.ms + below(delay.most_ms - delay.ms + 1, key, kDelaySalt);
        case Delay::Kind::LogNormal: {
            constexpr double kThousand = 1000.0;
            const double sigma = static_cast<double>(delay.sigma_thousandths) / kThousand;
            const double ms =
                static_cast<double>(delay.ms) * std::exp(sigma * standard_normal(key));
            return ms < static_cast<double>(delay.most_ms)
                       ? static_cast<std::uint64_t>(std::llround(ms))
                       : delay.most_ms;
        }
    }
    return delay.ms;
}

}  // namespace qmgr::inline v0::fakeserver
