#include "conformance/world/simulated_network.hpp"

#include <algorithm>
#include <utility>

#include "fakeserver/draws.hpp"

namespace qmgr::inline v0::world {
namespace {

// A body is delivered in steps of this many bytes: small enough that a suspend or a crash lands in
// the middle of a file, large enough that a file of gigabytes is a few thousand events.
constexpr std::uint64_t kChunk = 1ULL << 20U;
// What an Ethernet packet carries of a TCP stream; packets are lost one by one.
constexpr std::uint64_t kPacket = 1460;

constexpr std::string_view kNotStored = "not stored";

std::string_view word_for(TransportFailure failure) {
    switch (failure) {
        case TransportFailure::Interrupted:
            return "interrupted";
        case TransportFailure::TimedOut:
            return "timed out";
        case TransportFailure::Malformed:
            return "malformed";
        case TransportFailure::NameNotResolved:
        case TransportFailure::Unreachable:
        case TransportFailure::TlsFailed:
            break;
    }
    return "failed";
}

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
                                   EventSink& events, const Policy& policy, Deeds* deeds)
    : agenda_(agenda),
      clock_(clock),
      disk_(disk),
      events_(events),
      policy_(policy),
      deeds_(deeds),
      responder_(fakeserver::Script{}) {}

void SimulatedNetwork::serve(std::string host, fakeserver::Script script) {
    host_ = std::move(host);
    responder_ = fakeserver::Responder(std::move(script));
    seen_.clear();
    for (auto& [fetch, exchange] : exchanges_) exchange.seen.reset();
    idle_connections_.clear();
    lossy_.clear();
    connections_ = 0;
    requests_ = 0;
    refused_until_.reset();
    expect_next_connection();
}

void SimulatedNetwork::end_faults() {
    fakeserver::Script honest = responder_.script();
    honest.rules.clear();
    responder_ = fakeserver::Responder(std::move(honest));
    lossy_.clear();
    refused_until_.reset();
}

std::vector<FileRef> SimulatedNetwork::under_way() const {
    std::vector<FileRef> files;
    for (const auto& [fetch, exchange] : exchanges_) files.push_back(exchange.file);
    return files;
}

// As long as the script says so, nobody listens for the connection that would come next.
void SimulatedNetwork::expect_next_connection() {
    refused_until_.reset();
    if (const auto refused_ms = responder_.refuse(connections_ + 1)) {
        ++connections_;
        refused_until_ = clock_.now() + Duration(*refused_ms);
    }
}

void SimulatedNetwork::start(const action::StartFetch& fetch) {
    const Doing doing(deeds_, Deed::StartFetch);
    if (doing.is_void()) return;
    const Address address = split(fetch.url);
    Exchange& exchange = exchanges_[fetch.fetch];
    exchange.file = fetch.file;
    exchange.head = fetch.method == "HEAD";
    exchange.tls = fetch.url.starts_with("https:");
    if (address.host != host_) {
        fail_later(fetch.fetch, TransportFailure::NameNotResolved, speed_.latency);
        return;
    }
    if (doing.fails()) {
        fail_later(fetch.fetch, TransportFailure::Unreachable, speed_.latency);
        return;
    }
    exchange.request.method = fetch.method;
    exchange.request.path = address.path;
    for (const HeaderField& field : fetch.headers)
        exchange.request.headers.push_back({field.name, field.value});
    exchange.request.headers.push_back({"Host", address.host});
    agenda_.put(clock_.now() + speed_.latency, [this, id = fetch.fetch] { arrive(id); });
}

void SimulatedNetwork::fail_later(FetchId fetch, TransportFailure failure, Duration after) {
    agenda_.put(clock_.now() + after, [this, fetch, failure] {
        if (exchanges_.contains(fetch)) end(fetch, failure);
    });
}

// On a connection that is idle, or on a new one.
void SimulatedNetwork::arrive(FetchId fetch) {
    const auto found = exchanges_.find(fetch);
    if (found == exchanges_.end()) return;
    if (lost_) {
        end(fetch, TransportFailure::Unreachable);
        return;
    }
    if (!idle_connections_.empty()) {
        found->second.connection = idle_connections_.extract(idle_connections_.begin()).value();
        answer(fetch);
        return;
    }
    if (refused_until_ && clock_.now() >= *refused_until_) expect_next_connection();
    if (refused_until_) {
        end(fetch, TransportFailure::Unreachable);
        return;
    }
    found->second.connection = ++connections_;
    const fakeserver::ConnectionPlan plan = responder_.admit(connections_);
    expect_next_connection();
    meet(fetch, plan);
}

void SimulatedNetwork::meet(FetchId fetch, const fakeserver::ConnectionPlan& plan) {
    const Exchange& exchange = exchanges_.at(fetch);
    if (plan.name_moves) idle_connections_.clear();
    if (plan.loss) lossy_[exchange.connection] = plan;
    auto ending = plan.accept_end;
    Duration takes(plan.name_wait_ms + plan.accept_wait_ms);
    if (exchange.tls && !ending) {
        takes += Duration(plan.handshake_wait_ms);
        ending = plan.handshake_end;
    }
    if (!plan.name_found) {
        end(fetch, TransportFailure::NameNotResolved);
    } else if (takes >= policy_.stall_timeout || ending == fakeserver::Ending::Stall) {
        fail_later(fetch, TransportFailure::TimedOut, policy_.stall_timeout);
    } else if (ending) {
        const bool in_handshake = exchange.tls && !plan.accept_end;
        fail_later(fetch,
                   in_handshake ? TransportFailure::TlsFailed : TransportFailure::Interrupted,
                   takes);
    } else if (exchange.tls && plan.certificate != fakeserver::Certificate::Good) {
        fail_later(fetch, TransportFailure::TlsFailed, takes);
    } else {
        agenda_.put(clock_.now() + takes, [this, fetch] { answer(fetch); });
    }
}

void SimulatedNetwork::answer(FetchId fetch) {
    const auto found = exchanges_.find(fetch);
    if (found == exchanges_.end()) return;
    Exchange& exchange = found->second;
    exchange.request.connection = exchange.connection;
    exchange.request.number = ++requests_;
    const fakeserver::ResponsePlan plan = responder_.respond(exchange.request);
    exchange.seen = seen_.size();
    seen_.push_back({clock_.now(), exchange.request, plan.status, plan.rule, plan.faults});
    seen_.back().file = exchange.file;
    exchange.view = fakeserver::view_of(plan, exchange.request.method);
    if (plan.pace)
        exchange.pacer.emplace(*plan.pace, plan.pace->from.where == fakeserver::Where::Body
                                               ? plan.pace->from.byte
                                               : 0);
    const Duration takes(exchange.view.head_wait_ms);
    using End = fakeserver::ClientView::End;
    if (Duration(exchange.view.longest_head_wait_ms) >= policy_.stall_timeout) {
        fail_later(fetch, TransportFailure::TimedOut, policy_.stall_timeout);
        return;
    }
    switch (exchange.view.head) {
        case End::Cut:
            fail_later(fetch, TransportFailure::Interrupted, takes);
            return;
        case End::Silence:
            fail_later(fetch, TransportFailure::TimedOut, takes + policy_.stall_timeout);
            return;
        case End::Malformed:
            fail_later(fetch, TransportFailure::Malformed, takes);
            return;
        case End::Whole:
            break;
    }
    if (takes == Duration(0)) {
        take_head(fetch, plan);
        return;
    }
    agenda_.put(clock_.now() + takes, [this, fetch, plan] { take_head(fetch, plan); });
}

void SimulatedNetwork::take_head(FetchId fetch, const fakeserver::ResponsePlan& plan) {
    const auto found = exchanges_.find(fetch);
    if (found == exchanges_.end()) return;
    event::ResponseStarted started{fetch, plan.status, {}};
    for (const auto& header : plan.headers) {
        // A blank before the colon is no part of the name.
        const std::size_t end = header.name.find_last_not_of(' ') + 1;
        started.headers.push_back({header.name.substr(0, end), header.value});
    }
    if (found->second.head) {
        if (found->second.view.reusable) idle_connections_.insert(found->second.connection);
        note_end(found->second, "whole");
        exchanges_.erase(found);
    }
    events_.post(std::move(started));
}

void SimulatedNetwork::store_body(const action::StoreBody& body) {
    const Doing doing(deeds_, Deed::StoreBody);
    const auto found = exchanges_.find(body.fetch);
    if (found == exchanges_.end() || doing.is_void()) return;
    if (doing.fails()) {
        end(body.fetch, TransportFailure::Interrupted);
        return;
    }
    found->second.limit = body.limit;
    const HResult begun = disk_.begin_body(body);
    if (failed(begun)) {
        note_end(found->second, kNotStored);
        exchanges_.erase(found);
        events_.post(event::StoreFailed{body.fetch, begun});
        return;
    }
    play(body.fetch);
}

// Goes on after so much silence, unless the client gives up before.
void SimulatedNetwork::wait(FetchId fetch, std::uint64_t ms) {
    if (Duration(ms) >= policy_.stall_timeout)
        fail_later(fetch, TransportFailure::TimedOut, policy_.stall_timeout);
    else
        agenda_.put(clock_.now() + Duration(ms), [this, fetch] { play(fetch); });
}

// The content has been played up to its end.
void SimulatedNetwork::finish(FetchId fetch) {
    using End = fakeserver::ClientView::End;
    switch (exchanges_.at(fetch).view.end) {
        case End::Whole:
            end(fetch, std::nullopt);
            return;
        case End::Cut:
            end(fetch, TransportFailure::Interrupted);
            return;
        case End::Silence:
            fail_later(fetch, TransportFailure::TimedOut, policy_.stall_timeout);
            return;
        case End::Malformed:
            end(fetch, TransportFailure::Malformed);
            return;
    }
}

// What the packets with these bytes wait for, when some of them have to be sent again.
Duration SimulatedNetwork::loss_of(std::uint64_t connection, std::uint64_t at,
                                   std::uint64_t count) const {
    const auto found = lossy_.find(connection);
    if (found == lossy_.end()) return Duration(0);
    const fakeserver::ConnectionPlan& plan = found->second;
    Duration waits(0);
    for (std::uint64_t packet = at / kPacket; packet * kPacket < at + count; ++packet) {
        const bool first_of_burst = packet % plan.loss_burst == 0;
        if (first_of_burst && happens(*plan.loss, fakeserver::draw(plan.key, packet)))
            waits += Duration(plan.loss_wait_ms);
    }
    return waits;
}

std::uint64_t SimulatedNetwork::piece_length(const Exchange& exchange, const Piece& whole) const {
    const std::uint64_t left = length_of(whole) - exchange.step_done;
    const std::uint64_t room = exchange.pacer ? exchange.pacer->room(exchange.done) : kChunk;
    const std::uint64_t most = lossy_.contains(exchange.connection) ? kPacket : kChunk;
    return std::min({left, exchange.limit, room, most});
}

// Plays the content up to its next silence, and comes back after it.
void SimulatedNetwork::play(FetchId fetch) {
    const auto found = exchanges_.find(fetch);
    if (found == exchanges_.end()) return;
    Exchange& exchange = found->second;
    if (exchange.limit == 0) {
        end(fetch, std::nullopt);
        return;
    }
    if (exchange.step == exchange.view.content.size()) {
        finish(fetch);
        return;
    }
    const fakeserver::BodyStep& step = exchange.view.content[exchange.step];
    if (const auto* silence = std::get_if<fakeserver::Wait>(&step)) {
        ++exchange.step;
        wait(fetch, silence->ms);
        return;
    }
    const Piece whole = std::holds_alternative<fakeserver::Slice>(step)
                            ? Piece(std::get<fakeserver::Slice>(step))
                            : Piece(std::get<fakeserver::Literal>(step));
    const std::uint64_t count = piece_length(exchange, whole);
    if (count == 0 && exchange.pacer) {
        wait(fetch, exchange.pacer->take_gap(exchange.done).value_or(0));
        return;
    }
    const Duration takes = Duration(static_cast<std::int64_t>(count / speed_.bytes_per_ms)) +
                           loss_of(exchange.connection, exchange.done, count);
    const Piece piece = cut(whole, exchange.step_done, count);
    exchange.step_done += count;
    exchange.done += count;
    if (exchange.step_done == length_of(whole)) {
        ++exchange.step;
        exchange.step_done = 0;
    }
    exchange.limit -= count;
    agenda_.put(clock_.now() + takes, [this, fetch, piece] {
        if (!exchanges_.contains(fetch)) return;
        const HResult written = disk_.write(fetch, piece);
        if (failed(written)) {
            note_end(exchanges_.at(fetch), kNotStored);
            exchanges_.erase(fetch);
            disk_.end_body(fetch);
            events_.post(event::StoreFailed{fetch, written});
            return;
        }
        if (const auto place = exchanges_.at(fetch).seen)
            seen_[*place].body_bytes += length_of(piece);
        if (length_of(piece) > 0) events_.post(event::BytesStored{fetch, length_of(piece)});
        play(fetch);
    });
}

void SimulatedNetwork::end(FetchId fetch, std::optional<TransportFailure> failure) {
    const Exchange& exchange = exchanges_.at(fetch);
    const bool whole = exchange.step == exchange.view.content.size();
    if (!failure && whole && exchange.view.reusable) idle_connections_.insert(exchange.connection);
    note_end(exchange, failure ? word_for(*failure) : whole ? "whole" : "enough");
    exchanges_.erase(fetch);
    disk_.end_body(fetch);
    events_.post(event::FetchEnded{fetch, failure});
}

void SimulatedNetwork::stop(FetchId fetch) {
    const Doing doing(deeds_, Deed::StopFetch);
    if (doing.is_void()) return;
    if (const auto found = exchanges_.find(fetch); found != exchanges_.end()) {
        note_end(found->second, "stopped");
        exchanges_.erase(found);
    }
    disk_.end_body(fetch);
}

void SimulatedNetwork::crash() {
    for (const auto& [fetch, exchange] : exchanges_) note_end(exchange, "client gone");
    exchanges_.clear();
}

void SimulatedNetwork::note_end(const Exchange& exchange, std::string_view ending) {
    if (!exchange.seen) return;
    seen_[*exchange.seen].ended = clock_.now();
    seen_[*exchange.seen].ending = ending;
}

}  // namespace qmgr::inline v0::world
