// Every number that governs behaviour, with unit, default and clause. A value is taken as given;
// the floors and ceilings of the published setters belong to the setters, and no call of this
// interface is one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/contract/time.hpp"

namespace qmgr::inline v0 {

/// Whose requests are sent (XFER-GET-2, XFER-GET-3; recording-facts 10.7 and 10.11).
enum class Wire : std::uint8_t {
    Bits66,  ///< agent Microsoft BITS/6.6, never If-Unmodified-Since
    Bits70,  ///< agent Microsoft BITS/7.0, If-Unmodified-Since on every GET
    Bits78,  ///< agent Microsoft BITS/7.8, If-Unmodified-Since on every GET
};

struct Policy {
    /// Wait after a transient failure, from the stop; constant, no back-off. XFER-WAIT-1,
    /// SVC-TMR-01.
    Duration retry_delay = std::chrono::seconds(600);
    /// From the first transient failure after the last stored byte until the group goes into error;
    /// 0: the first failure is the error. XFER-NOPROG-1, SVC-TMR-02, SVC-TMR-03.
    Duration no_progress_timeout = std::chrono::hours(24 * 14);
    /// Attempts repeated at once in a job's life. XFER-QUICK-1, recording-facts 3b.
    std::uint32_t quick_retries = 3;
    /// Redirects followed for one request. XFER-REDIR-1.
    std::uint32_t redirect_limit = 10;
    /// Restarts of a changed file, without a stored byte in between, before the retry delay is
    /// waited. XFER-CHANGE-1.
    std::uint32_t change_restarts = 3;
    /// Retry-After is believed up to this. XFER-WAIT-1.
    Duration retry_after_limit = std::chrono::hours(24);
    /// A background group's turn, after which the next one gets its own. SCHED-2; the published
    /// pages give no length, five minutes is arbitrary. 0: a turn lasts until the group stops
    /// running.
    Duration time_slice = std::chrono::minutes(5);
    /// A file's stored bytes become durable at least this often …
    /// (docs/decisions/0006-journal-and-durability.md)
    Duration sync_interval = std::chrono::milliseconds(250);
    /// … or after so many bytes, whichever comes first.
    std::uint64_t sync_bytes = 16ULL << 20U;
    /// A request without a byte from the server for so long has failed. Recording-facts 2 has one
    /// time-out, logged 36.7 s after the job was made; 30 s is the round number below it.
    Duration stall_timeout = std::chrono::seconds(30);
    /// Whose requests they are: fields, their order, and the agent.
    Wire wire = Wire::Bits78;
    /// User-Agent of every request; empty: that of `wire`. XFER-GET-3, OBS-073.
    std::string user_agent;

    /// After the network is back the first retries come so fast … XFER-NET-1, recording-facts 3d.
    Duration network_retry_delay = std::chrono::seconds(1);
    /// … and are so many; then retry_delay holds.
    std::uint32_t network_retries = 10;
    /// A group without progress or property change for so long is cancelled; 0: never.
    /// GROUP-DONE-2, SVC-TMR-05.
    Duration inactivity_timeout = std::chrono::hours(24 * 90);

    /// A foreground file of this size or more is fetched in closed ranges of so many bytes; below
    /// it in one piece. 0: never in ranges. XFER-FG-1, HTTP-FG-02.
    std::uint64_t foreground_range_bytes = 1ULL << 31U;
    /// All background groups together take at most so many bytes a second; 0: no limit. The file is
    /// then fetched in closed ranges of what a second allows. XFER-GET-1, recording-facts 10.3.
    std::uint64_t background_rate = 0;
    /// Sizes in bytes of the ranges a background file is fetched in, in turn; the last one repeats.
    /// Empty: one request for all of it. XFER-GET-1, recording-facts 10.3 and 10.4.
    std::vector<std::uint64_t> slice_bytes;

    /// Callbacks of one user at once. NOTIFY-13, LIM-09.
    std::uint32_t callbacks_at_once = 4;
    /// Jobs of one user, complete ones included; administrators are exempt from this and the next
    /// two (LIM-03). GROUP-CREATEJOB-5, LIM-01.
    std::uint32_t jobs_per_user = 60;
    /// Jobs of all users. GROUP-CREATEJOB-5, LIM-01.
    std::uint32_t jobs_per_machine = 300;
    /// Files of one job. JOB1-ADD-10, LIM-02.
    std::uint32_t files_per_job = 200;
    /// Longest remote name, in characters. JOB1-ADD-5, LIM-05.
    std::uint32_t remote_name_chars = 2200;
    /// Longest segment of a remote name's path, in characters: MAX_PATH. LIM-05.
    std::uint32_t remote_segment_chars = 260;
    /// Longest local name, in UTF-16 units: MAX_PATH. JOB1-ADD-6, LIM-06.
    std::uint32_t local_name_units = 260;
    /// Longest display name, in UTF-16 units. PROP-NAME-1, LIM-07.
    std::uint32_t display_name_units = 256;
    /// Longest description, in UTF-16 units. PROP-DESCRIPTION-1, LIM-07.
    std::uint32_t description_units = 1024;

    bool operator==(const Policy&) const = default;
};

}  // namespace qmgr::inline v0
