// The Responder and the book of what was served, behind one mutex. Safe to use from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "fakeserver/responder.hpp"
#include "fakeserver/server/fault_server.hpp"

namespace qmgr::inline v0::fakeserver {

/// Which connection, in which life of the server: each script starts a new life, and with it new
/// numbers.
struct ConnectionId {
    std::uint64_t life = 0;
    std::uint64_t number = 0;
};

/// A connection that was counted, and what it is to meet.
struct Admission {
    ConnectionId id;
    ConnectionPlan plan;
};

/// Whether anybody is to listen for the next connection of that life.
struct Opening {
    std::uint64_t life = 0;
    std::optional<std::uint64_t> refuse_ms{};  ///< nobody, for so long
};

/// A plan to play, and what is to be written down of it.
struct Assignment {
    ResponsePlan plan;
    ServedRequest served;
    std::uint64_t life = 0;
};

class Site {
  public:
    using Witness = FaultServer::Options::Witness;

    explicit Site(Script script, Witness witness = {});

    /// Asked before the next connection can be made. A refusal uses up the connection's number.
    Opening open();
    Admission admit();
    /// The answer to `request`, whose numbers are filled in here; nothing when the connection is
    /// from an earlier life.
    std::optional<Assignment> respond(Request request, ConnectionId connection);
    /// So many body bytes of that answer are sent.
    void note_body_bytes(Assignment& assignment, std::uint64_t count);
    /// Nothing more of that answer will be sent.
    void finish(const Assignment& assignment);

    /// Begins a new life, and says which.
    std::uint64_t set_script(Script script);
    /// The same with the script that is there, as it was at first.
    std::uint64_t reset();
    std::uint64_t life() const { return life_.load(); }
    std::vector<RuleHits> hits() const;
    std::vector<ServedRequest> requests() const;

  private:
    std::uint64_t begin_life();

    mutable std::mutex mutex_;
    Script script_;  ///< the Responder's own one changes
    Responder responder_;
    std::deque<ServedRequest> book_;  ///< the newest requests
    std::uint64_t book_bytes_ = 0;    ///< what they cost
    std::uint64_t requests_ = 0;
    std::uint64_t connections_ = 0;
    std::atomic<std::uint64_t> life_ = 1;
    std::mutex witness_mutex_;
    const Witness witness_;
};

}  // namespace qmgr::inline v0::fakeserver
