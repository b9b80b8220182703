// What happens around the service: the machine's side of a conformance case.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

namespace qmgr::inline v0 {
namespace surroundings {

struct LogOn {
    std::string user;
    bool operator==(const LogOn&) const = default;
};
struct LogOff {
    std::string user;
    bool operator==(const LogOff&) const = default;
};
struct NetworkLost {
    bool operator==(const NetworkLost&) const = default;
};
struct NetworkBack {
    bool operator==(const NetworkBack&) const = default;
};
/// The system holds transfers back: "metered network", "battery", "policy" … (XFER-PAUSE-1).
struct Paused {
    std::string reason;
    bool operator==(const Paused&) const = default;
};
struct Unpaused {
    bool operator==(const Unpaused&) const = default;
};
/// Every write to a destination directory fails with "disk full" while on (FILE-DISK-1).
struct DiskFull {
    bool on = false;
    bool operator==(const DiskFull&) const = default;
};
/// Every journal commit fails while on (SERVICE-1).
struct JournalFails {
    bool on = false;
    bool operator==(const JournalFails&) const = default;
};

}  // namespace surroundings

using Surroundings =
    std::variant<surroundings::LogOn, surroundings::LogOff, surroundings::NetworkLost,
                 surroundings::NetworkBack, surroundings::Paused, surroundings::Unpaused,
                 surroundings::DiskFull, surroundings::JournalFails>;

/// The ability (SystemUnderTest::describe) a system needs for that.
constexpr std::string_view ability_for(const Surroundings& what) {
    constexpr std::array<std::string_view, std::variant_size_v<Surroundings>> words = {
        "sessions", "sessions", "network", "network", "pause", "pause", "disk", "journal"};
    return words[what.index()];
}

}  // namespace qmgr::inline v0
