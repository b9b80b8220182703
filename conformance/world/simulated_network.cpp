#include "conformance/world/simulated_network.hpp"

#include <algorithm>
#include <utility>

#include "reference/contract/check.hpp"

namespace qmgr::inline v0::world {
namespace {

// A body is delivered in steps of this many bytes: small enough that a suspend or a crash lands in
// the middle of a file, large enough that a file of gigabytes is a few thousand events.
constexpr std::uint64_t kChunk = 1ULL << 20U;

struct Address {
    std::string host;
    std::string path;
};

Address split(const std::string& url) {
    const std::size_t begin = url.find("://") + 3;
    const std::size_t slash = std::min(url.find('/', begin), url.size());
    Address address{url.substr(begin, slash - begin), url.substr(slash)};
    if (address.path.empty()) address.path = "/";
    return address;
}

}  // namespace

SimulatedNetwork::SimulatedNetwork(Agenda& agenda, VirtualClock& clock, SimulatedDisk& disk,
                                   EventSink& events, const Policy& policy)
    : agenda_(agenda),
      clock_(clock),
      disk_(disk),
      events_(events),
      policy_(policy),
      responder_(fakeserver::Script{}) {}

void SimulatedNetwork::serve(std::string host, fakeserver::Script script) {
    host_ = std::move(host);
    responder_ = fakeserver::Responder(std::move(script));
    seen_.clear();
}

std::uint64_t SimulatedNetwork::connect() {
    if (idle_connections_.empty()) return ++connections_;
    return idle_connections_.extract(idle_connections_.begin()).value();
}

void SimulatedNetwork::start(const action::StartFetch& fetch) {
    exchanges_[fetch.fetch].head = fetch.method == "HEAD";
    const Address address = split(fetch.url);
    if (address.host != host_) {
        fail_later(fetch.fetch, TransportFailure::NameNotResolved, speed_.latency);
        return;
    }
    fakeserver::Request request{fetch.method, address.path, {}, 0, 0};
    for (const HeaderField& field : fetch.headers)
        request.headers.push_back({field.name, field.value});
    request.headers.push_back({"Host", address.host});
    agenda_.put(clock_.now() + speed_.latency,
                [this, id = fetch.fetch, request = std::move(request)] { answer(id, request); });
}

void SimulatedNetwork::fail_later(FetchId fetch, TransportFailure failure, Duration after) {
    agenda_.put(clock_.now() + after, [this, fetch, failure] {
        if (exchanges_.contains(fetch)) end(fetch, failure);
    });
}

void SimulatedNetwork::answer(FetchId fetch, const fakeserver::Request& request) {
    const auto found = exchanges_.find(fetch);
    if (found == exchanges_.end()) return;
    if (lost_) {
        end(fetch, TransportFailure::Unreachable);
        return;
    }
    Exchange& exchange = found->second;
    fakeserver::Request arrived = request;
    arrived.connection = exchange.connection = connect();
    arrived.number = ++requests_;
    exchange.plan = responder_.respond(arrived);
    seen_.push_back({clock_.now(), arrived, exchange.plan.status, exchange.plan.rule});
    event::ResponseStarted started{fetch, exchange.plan.status, {}};
    for (const auto& header : exchange.plan.headers)
        started.headers.push_back({header.name, header.value});
    if (exchange.head) {
        if (exchange.plan.ending == fakeserver::Ending::KeepAlive)
            idle_connections_.insert(exchange.connection);
        exchanges_.erase(found);
    }
    events_.post(std::move(started));
}

void SimulatedNetwork::store_body(const action::StoreBody& body) {
    const auto found = exchanges_.find(body.fetch);
    if (found == exchanges_.end()) return;
    found->second.limit = body.limit;
    const HResult begun = disk_.begin_body(body);
    if (failed(begun)) {
        exchanges_.erase(found);
        events_.post(event::StoreFailed{body.fetch, begun});
        return;
    }
    play(body.fetch);
}

// Plays the plan up to its next wait, and comes back after it.
void SimulatedNetwork::play(FetchId fetch) {
    const auto found = exchanges_.find(fetch);
    if (found == exchanges_.end()) return;
    Exchange& exchange = found->second;
    const fakeserver::ResponsePlan& plan = exchange.plan;
    if (exchange.limit == 0) {
        end(fetch, std::nullopt);
        return;
    }
    if (exchange.step == plan.body.size()) {
        if (plan.ending == fakeserver::Ending::Stall)
            fail_later(fetch, TransportFailure::TimedOut, policy_.stall_timeout);
        else
            end(fetch, TransportFailure::Interrupted);
        return;
    }
    const fakeserver::BodyStep& step = plan.body[exchange.step];
    if (const auto* wait = std::get_if<fakeserver::Wait>(&step)) {
        ++exchange.step;
        if (Duration(wait->ms) >= policy_.stall_timeout)
            fail_later(fetch, TransportFailure::TimedOut, policy_.stall_timeout);
        else
            agenda_.put(clock_.now() + Duration(wait->ms), [this, fetch] { play(fetch); });
        return;
    }
    const Piece whole = std::holds_alternative<fakeserver::Slice>(step)
                            ? Piece(std::get<fakeserver::Slice>(step))
                            : Piece(std::get<fakeserver::Literal>(step));
    const std::uint64_t left = length_of(whole) - exchange.step_done;
    const std::uint64_t count = std::min({left, exchange.limit, kChunk});
    const Duration takes(static_cast<std::int64_t>(count / speed_.bytes_per_ms));
    const Piece piece = cut(whole, exchange.step_done, count);
    exchange.step_done += count;
    if (exchange.step_done == length_of(whole)) {
        ++exchange.step;
        exchange.step_done = 0;
    }
    exchange.limit -= count;
    agenda_.put(clock_.now() + takes, [this, fetch, piece] {
        if (!exchanges_.contains(fetch)) return;
        const HResult written = disk_.write(fetch, piece);
        if (failed(written)) {
            exchanges_.erase(fetch);
            disk_.end_body(fetch);
            events_.post(event::StoreFailed{fetch, written});
            return;
        }
        if (length_of(piece) > 0) events_.post(event::BytesStored{fetch, length_of(piece)});
        play(fetch);
    });
}

void SimulatedNetwork::end(FetchId fetch, std::optional<TransportFailure> failure) {
    const Exchange& exchange = exchanges_.at(fetch);
    const bool whole = exchange.step == exchange.plan.body.size();
    if (!failure && whole && exchange.plan.ending == fakeserver::Ending::KeepAlive)
        idle_connections_.insert(exchange.connection);
    exchanges_.erase(fetch);
    disk_.end_body(fetch);
    events_.post(event::FetchEnded{fetch, failure});
}

void SimulatedNetwork::stop(FetchId fetch) {
    exchanges_.erase(fetch);
    disk_.end_body(fetch);
}

}  // namespace qmgr::inline v0::world
