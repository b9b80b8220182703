// The network and the fake server behind it, in virtual time: a fetch becomes a request, the
// Responder makes a plan, and the plan is played on the agenda. No bytes are parsed, none need
// exist.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/world/agenda.hpp"
#include "conformance/world/simulated_disk.hpp"
#include "conformance/world/virtual_clock.hpp"
#include "fakeserver/client_view.hpp"
#include "fakeserver/pacer.hpp"
#include "fakeserver/responder.hpp"
#include "reference/service/ports.hpp"

namespace qmgr::inline v0::world {

/// What the server saw, in the order it came.
struct SeenRequest {
    Instant at;
    fakeserver::Request request;
    int status = 0;    ///< of the answer; 0 when none was sent
    std::string rule;  ///< the fault rule that was applied, or empty
    std::vector<fakeserver::AppliedFault> faults;
    // How it went on, once it has ended.
    std::uint64_t body_bytes = 0;       ///< of the content that were stored
    std::optional<Instant> ended = {};  ///< nothing while it is under way
    std::string_view ending = {};       ///< "whole", "interrupted", "stopped" and so on
    FileRef file = {};                  ///< the file it was sent for
};

/// How fast the simulated line is. Fixed, so that a case can compute when things happen.
struct LineSpeed {
    Duration latency = Duration(10);           ///< request sent to head received
    std::uint64_t bytes_per_ms = 1ULL << 20U;  ///< about 1 GiB/s
};

class SimulatedNetwork final : public Transport {
  public:
    /// Everything outlives it. Deeds null: everything is done.
    SimulatedNetwork(Agenda& agenda, VirtualClock& clock, SimulatedDisk& disk, EventSink& events,
                     const Policy& policy, Deeds* deeds = nullptr);

    /// The server that answers from now on, with connections and requests counted from 1. `host` is
    /// the authority of its URLs; every other one cannot be resolved.
    void serve(std::string host, fakeserver::Script script);
    fakeserver::Responder& responder() { return responder_; }
    /// From now on the server is honest about what it has by now. Exchanges under way go on as they
    /// began. The rules are gone, and their hits with them.
    void end_faults();
    const std::vector<SeenRequest>& seen() const { return seen_; }
    /// The files whose exchanges have not ended, one for each exchange.
    std::vector<FileRef> under_way() const;
    /// Nothing gets through while lost.
    void set_lost(bool lost) { lost_ = lost; }
    void set_speed(LineSpeed speed) { speed_ = speed; }
    /// The process that owned the exchanges is gone.
    void crash();

    void start(const action::StartFetch& fetch) override;
    void store_body(const action::StoreBody& body) override;
    void stop(FetchId fetch) override;

  private:
    struct Exchange {
        FileRef file{};
        bool head = false;  ///< the request was HEAD
        bool tls = false;
        fakeserver::Request request{};
        fakeserver::ClientView view{};
        std::optional<fakeserver::Pacer> pacer{};
        std::uint64_t limit = 0;  ///< bytes still wanted
        std::uint64_t connection = 0;
        std::size_t step = 0;               ///< of view.content
        std::uint64_t step_done = 0;        ///< bytes of that step already played
        std::uint64_t done = 0;             ///< bytes of the content already played
        std::optional<std::size_t> seen{};  ///< its place in seen_; nothing before it is answered
    };

    void arrive(FetchId fetch);
    void meet(FetchId fetch, const fakeserver::ConnectionPlan& plan);
    void answer(FetchId fetch);
    void take_head(FetchId fetch, const fakeserver::ResponsePlan& plan);
    void play(FetchId fetch);
    void wait(FetchId fetch, std::uint64_t ms);
    void finish(FetchId fetch);
    Duration loss_of(std::uint64_t connection, std::uint64_t at, std::uint64_t count) const;
    std::uint64_t piece_length(const Exchange& exchange, const Piece& whole) const;
    void end(FetchId fetch, std::optional<TransportFailure> failure);
    void fail_later(FetchId fetch, TransportFailure failure, Duration after);
    void expect_next_connection();
    void note_end(const Exchange& exchange, std::string_view ending);

    Agenda& agenda_;
    VirtualClock& clock_;
    SimulatedDisk& disk_;
    EventSink& events_;
    const Policy& policy_;
    Deeds* deeds_;
    fakeserver::Responder responder_;
    std::string host_;
    LineSpeed speed_;
    std::map<FetchId, Exchange> exchanges_;
    std::set<std::uint64_t> idle_connections_;
    std::map<std::uint64_t, fakeserver::ConnectionPlan> lossy_;  ///< connections that lose packets
    std::optional<Instant> refused_until_;
    std::vector<SeenRequest> seen_;
    std::uint64_t connections_ = 0;
    std::uint64_t requests_ = 0;
    bool lost_ = false;
};

}  // namespace qmgr::inline v0::world
