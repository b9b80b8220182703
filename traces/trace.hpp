// A recorded conversation between clients and a system under test: a header that makes it
// self-contained, and lines in the order in which things happened. The
// text form is JSON Lines: {"trace":1,"title":…}, then {"at":ms,"in":{"as":…,"call":…}},
// {"at":ms,"out":{"reply":…}} and the other kinds below. `qmgr-conformance run --traces DIR` writes
// those of cases that do not pass, `qmgr-conformance replay FILE` plays one.
//
// Names in a trace do not depend on where it was made: URLs of the fake server begin with kServer,
// destinations with kDirectory. Whoever records or replays swaps them with the real ones. A
// password in a URL is never written: `***` stands for it, and is what a replay plays.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/script.hpp"
#include "reference/contract/policy.hpp"
#include "reference/contract/time.hpp"

namespace qmgr::inline v0::traces {

inline constexpr std::string_view kServer = "http://server.test";
inline constexpr std::string_view kDirectory = "/downloads";

enum class Kind {
    In,    ///< done to the system: played on replay
    Out,   ///< what it answered: compared on replay
    Seen,  ///< what the server saw: compared only when asked to
    Why,   ///< a Step of the reference: never compared
    Note,  ///< for the reader
};

/// The body is JSON of the contract. In: {"as":…,"call":…}, {"surroundings":…}, {"register":CLSID},
/// {"answer":…}, {"restart":true}, {"power_failure":true}, {"serve":SCRIPT} ("in_place":true),
/// {"next_event":{"within_ms":N}} (time passes until one thing has happened). Out: {"reply":…},
/// {"notification":…}, or
/// {"notifications":[]} where none had come. Seen: {"request":…}, {"disk":…}. Why: a step. Of a
/// note it is the plain text.
struct TraceLine {
    Kind kind = Kind::Note;
    Duration at{0};    ///< since the start of the trace; of a note always 0
    std::string body;  ///< one line
    bool operator==(const TraceLine&) const = default;
};

/// A simulated machine that is not as the simulated rig makes it. Only that rig can have it; any
/// other one plays the trace with the machine it has.
struct SimulatedMachine {
    Duration latency{10};                                 ///< request sent to head received
    std::uint64_t bytes_per_ms = 0;                       ///< of each fetch
    std::vector<std::string> protected_directories = {};  ///< only administrators may write there
    bool operator==(const SimulatedMachine&) const = default;
};

struct TraceHeader {
    std::string title;
    std::vector<std::string> covers;  ///< clause ids
    std::string sut;                  ///< name of the system it was recorded from
    Policy policy;
    fakeserver::Script server;
    bool masked = false;  ///< a password in a URL was replaced by `***`
    std::optional<SimulatedMachine> machine = {};
    bool operator==(const TraceHeader&) const = default;
};

struct Trace {
    TraceHeader header;
    std::vector<TraceLine> lines;
    bool operator==(const Trace&) const = default;
};

}  // namespace qmgr::inline v0::traces
