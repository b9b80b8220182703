// What several threads asked at the same time and what they were told: the calls of a history, with
// the order of their beginnings and ends.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "propertytests/linearizability.hpp"
#include "reference/contract/call.hpp"
#include "reference/contract/reply.hpp"

namespace qmgr::propertytests {

/// One call as its client saw it.
struct Exchange {
    Caller caller;
    Call call;
    Reply reply;
    bool operator==(const Exchange&) const = default;
};

using RecordedCall = Interval<Exchange>;
/// In no particular order.
using History = std::vector<RecordedCall>;

/// Records a history, each thread in a list of its own. The ticks come from one atomic counter,
/// whose operations order the memory of the threads as well: a run that is to show data races to
/// the thread sanitizer is better done without it.
class HistoryRecorder {
  public:
    /// For threads numbered from 0, fewer than `threads`.
    explicit HistoryRecorder(std::size_t threads) : threads_(threads) {}

    /// Calls `ask(caller, call)` between two ticks and gives its reply back. From several threads
    /// at once, each with a number of its own.
    template <class Ask>
    Reply record(std::uint32_t thread, const Caller& caller, const Call& call, const Ask& ask) {
        const std::uint64_t begun = ++ticks_;
        Reply reply = ask(caller, call);
        const std::uint64_t ended = ++ticks_;
        threads_[thread].push_back({thread, begun, ended, {caller, call, reply}});
        return reply;
    }

    /// Everything so far, by its beginnings. REQUIRES: no thread is inside record().
    History history() const;

  private:
    std::atomic<std::uint64_t> ticks_ = 0;
    std::vector<History> threads_;
};

/// `thread 2, ticks 17 to 21: {"user":"u1"} {"resume_group":{"group":3}} -> {"hresult":"S_OK"}`.
std::string to_text(const RecordedCall& call);

}  // namespace qmgr::propertytests
