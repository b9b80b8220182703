// Every number that governs behaviour, with unit, default and clause. A value is taken as given;
// the floors and ceilings of the published setters belong to the setters, and no call of this
// interface is one.
#pragma once

#include <cstdint>
#include <string>

#include "reference/contract/time.hpp"

namespace qmgr {

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
    /// A file's stored bytes become durable at least this often …  house plan section 9
    Duration sync_interval = std::chrono::milliseconds(250);
    /// … or after so many bytes, whichever comes first.
    std::uint64_t sync_bytes = 16ULL << 20U;
    /// A request without a byte from the server for so long has failed. Recording-facts 2 has one
    /// time-out, logged 36.7 s after the job was made; 30 s is the round number below it.
    Duration stall_timeout = std::chrono::seconds(30);
    /// User-Agent of every request. XFER-GET-3, OBS-073.
    std::string user_agent = "Microsoft BITS/7.8";

    bool operator==(const Policy&) const = default;
};

}  // namespace qmgr
