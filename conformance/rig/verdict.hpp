// The eight words a case can end with; also the keys of a report's totals.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace qmgr::inline v0::conformance {

enum class Verdict : std::uint8_t {
    Pass,          ///< the first, or an equal, entry of every allowed set
    Lenient,       ///< another entry of an allowed set, or a SHOULD that is not met
    Difference,    ///< outside the set of a clause whose basis is chosen
    Fail,          ///< outside the set of any other clause, or a fault that never fired
    Deviation,     ///< fails, differs or is inconclusive; listed, not past its date
    Unsupported,   ///< an ability is missing, or a call was answered so
    Skipped,       ///< a file, program or right is missing here
    Inconclusive,  ///< the time budget ran out before anything wrong was seen
};
inline constexpr std::size_t kVerdicts = 8;

constexpr std::string_view name(Verdict verdict) {
    constexpr std::array<std::string_view, kVerdicts> names = {
        "pass",      "lenient",     "difference", "fail",
        "deviation", "unsupported", "skipped",    "inconclusive"};
    return names[static_cast<std::size_t>(verdict)];
}

/// The verdict of that name, or nothing.
constexpr std::optional<Verdict> verdict_named(std::string_view text) {
    for (std::size_t i = 0; i < kVerdicts; ++i)
        if (name(static_cast<Verdict>(i)) == text) return static_cast<Verdict>(i);
    return std::nullopt;
}

/// Not run is never pass; our own rigs have to reach one of these two.
constexpr bool is_good(Verdict verdict) {
    return verdict == Verdict::Pass || verdict == Verdict::Lenient;
}

}  // namespace qmgr::inline v0::conformance
