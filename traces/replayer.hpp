// Plays the `in` lines of a trace into a system under test and compares the `out` lines.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reference/contract/system_under_test.hpp"
#include "traces/recorder.hpp"
#include "traces/trace.hpp"

namespace qmgr::inline v0::traces {

/// Lets time pass, virtual or real.
class Pace {
  public:
    Pace() = default;
    Pace(const Pace&) = delete;
    Pace& operator=(const Pace&) = delete;
    virtual ~Pace() = default;
    /// Returns when so much time has passed since the start of the replay.
    virtual void wait_until(Duration at) = 0;
};

/// The first line that disagrees.
struct Difference {
    std::size_t line = 0;             ///< in the file; the header is line 1
    std::string expected;             ///< the trace's `out`
    std::string actual;               ///< what the system answered, in the names of the trace
    std::vector<std::string> before;  ///< up to three lines of the trace before it
    std::vector<std::string> after;   ///< up to three after it
    bool operator==(const Difference&) const = default;
};

/// The difference as lines a person reads; passwords in URLs are masked.
std::string to_text(const Difference& difference);

/// What a trace does to the machine and the server around the system.
struct Around {
    /// Power fails and comes back: what was not durable is lost, then the service starts again.
    /// Empty: the service is restarted.
    std::function<void()> fail_power;
    /// The server goes by another script from now on. `in_place`: its connections stay as they are
    /// and are counted on. Empty: such a line is an InputError.
    std::function<void(const fakeserver::Script&, bool in_place)> serve;
    /// Lets time pass until one thing has happened, at most so much. Empty: nothing, the time of
    /// the next line says as much.
    std::function<void(Duration within)> next_event = {};
};

/// Handles in the trace stand for whatever handles the system gives, and numbers of deliveries
/// likewise. "*" in an `out` line matches anything. Deliveries are taken where the trace has one,
/// or says that none came; of what comes where it has neither nothing is known. Nothing when the
/// whole trace agrees. Throws InputError for a body that is none of those of Kind.
std::optional<Difference> replay(const Trace& trace, SystemUnderTest& system, Pace& pace,
                                 const Places& places, const Around& around = {});

}  // namespace qmgr::inline v0::traces
