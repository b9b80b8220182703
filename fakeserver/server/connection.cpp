#include "fakeserver/server/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "fakeserver/honest_plan.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kLongestHead = std::size_t{16} * 1024;
/// A client that reads slower than this many milliseconds a buffer gives its thread back.
constexpr int kRoomWaitMs = 20;
/// Arbitrary; long enough for any client on the way to read what was sent.
constexpr std::chrono::seconds kDrainLimit{2};
constexpr std::chrono::seconds kDeliveryLimit{10};
constexpr std::chrono::milliseconds kDeliveryLook{1};

/// Bodies of requests are not read, so the connection cannot be used after one.
bool has_body(const Request& request) {
    const auto length = find_header(request.headers, "Content-Length");
    return (length && *length != "0") || find_header(request.headers, "Transfer-Encoding");
}

/// Far-away instead of overflow: delays in scripts have 64 bits.
Clock::time_point after_ms(std::uint64_t ms) {
    constexpr std::uint64_t kYearMs = 366ULL * 24 * 3600 * 1000;
    return Clock::now() + std::chrono::milliseconds(std::min(ms, kYearMs));
}

}  // namespace

Pause Connection::first_pause() { return {.events = POLLIN}; }

std::optional<Pause> Connection::proceed(const Surroundings& surroundings,
                                         std::span<std::byte> buffer) {
    while (phase_ != Phase::Ended && !surroundings.stopping) {
        Progress progress;
        switch (phase_) {
            case Phase::Reading:
                progress = read_head(surroundings, buffer);
                break;
            case Phase::Answering:
                progress = answer(surroundings, buffer);
                break;
            case Phase::Resetting:
                progress = reset();
                break;
            case Phase::Stalled:
                // This pause ends only when the client goes.
                phase_ = Phase::Ended;
                return Pause{.events = POLLRDHUP};
            case Phase::Draining:
                progress = drain(buffer);
                break;
            case Phase::Ended:
                break;
        }
        if (progress) {
            return progress;
        }
    }
    return std::nullopt;
}

Connection::Progress Connection::read_head(const Surroundings& surroundings,
                                           std::span<std::byte> buffer) {
    if (const std::size_t end = input_.find(kHeadEnd); end != std::string::npos) {
        const std::string head = input_.substr(0, end + kHeadEnd.size());
        input_.erase(0, head.size());
        deadline_.reset();
        if (head.size() > kLongestHead) {
            refuse(431);
        } else {
            understand(surroundings, head);
        }
        return std::nullopt;
    }
    if (input_.size() > kLongestHead) {
        refuse(431);
        return std::nullopt;
    }
    if (!input_.empty() && !deadline_) {
        deadline_ = Clock::now() + surroundings.head_time_limit;
    }
    if (deadline_ && Clock::now() >= *deadline_) {
        refuse(408);
        return std::nullopt;
    }
    const Transfer got = receive(socket_, buffer.first(std::min(buffer.size(), kLongestHead)));
    switch (got.kind) {
        case Transfer::Kind::Done:
            input_.append(reinterpret_cast<const char*>(buffer.data()), got.count);
            return std::nullopt;
        case Transfer::Kind::Later:
            return Pause{.events = POLLIN, .deadline = deadline_};
        case Transfer::Kind::End:
        case Transfer::Kind::Gone:
            phase_ = Phase::Ended;
            break;
    }
    return std::nullopt;
}

void Connection::understand(const Surroundings& surroundings, std::string_view head) {
    std::variant<Request, Refusal> read = surroundings.heads.read(head);
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
        refuse(refusal->status);
        return;
    }
    auto& request = std::get<Request>(read);
    const bool close = has_body(request);
    assignment_ = surroundings.site.respond(std::move(request), id_);
    if (!assignment_) {
        phase_ = Phase::Ended;
        return;
    }
    player_.emplace(assignment_->plan);
    ending_ = assignment_->plan.ending;
    if (close && ending_ == Ending::KeepAlive) {
        ending_ = Ending::Close;
    }
    phase_ = Phase::Answering;
}

void Connection::refuse(int status) {
    ResponsePlan plan = plain_plan({.headers = {{"Connection", "close"}}}, status);
    plan.headers.insert(plan.headers.begin(), {"Content-Length", "0"});
    assignment_.reset();
    player_.emplace(plan);
    ending_ = Ending::Close;
    deadline_.reset();
    phase_ = Phase::Answering;
}

Connection::Progress Connection::answer(const Surroundings& surroundings,
                                        std::span<std::byte> buffer) {
    if (deadline_ && Clock::now() < *deadline_) {
        return Pause{.deadline = deadline_};
    }
    deadline_.reset();
    if (const std::optional<std::uint64_t> wait_ms = player_->take_wait()) {
        deadline_ = after_ms(*wait_ms);
        return std::nullopt;
    }
    const std::size_t count = player_->peek(buffer);
    if (count == 0) {
        finish_answer();
        return std::nullopt;
    }
    return send(surroundings, buffer.first(count));
}

Connection::Progress Connection::send(const Surroundings& surroundings,
                                      std::span<const std::byte> bytes) {
    const auto note = [&](std::size_t planned) {
        if (assignment_) {
            surroundings.site.note_body_bytes(*assignment_, player_->body_bytes_after(planned));
        }
    };
    note(bytes.size());
    while (!bytes.empty() && !surroundings.stopping) {
        const Transfer sent = transmit(socket_, bytes);
        if (sent.kind == Transfer::Kind::Done) {
            player_->advance(sent.count);
            bytes = bytes.subspan(sent.count);
        } else if (sent.kind != Transfer::Kind::Later) {
            phase_ = Phase::Ended;
            break;
        } else if (!wait_for_room(socket_, kRoomWaitMs)) {
            note(0);
            return Pause{.events = POLLOUT};
        }
    }
    if (!bytes.empty()) {
        note(0);
    }
    return std::nullopt;
}

void Connection::finish_answer() {
    player_.reset();
    assignment_.reset();
    switch (ending_) {
        case Ending::KeepAlive:
            phase_ = Phase::Reading;
            break;
        case Ending::Close:
            end_sending(socket_);
            deadline_ = Clock::now() + kDrainLimit;
            phase_ = Phase::Draining;
            break;
        case Ending::HalfClose:
            end_sending(socket_);
            deadline_ = Clock::time_point::max();
            phase_ = Phase::Draining;
            break;
        case Ending::Reset:
            deadline_ = Clock::now() + kDeliveryLimit;
            phase_ = Phase::Resetting;
            break;
        case Ending::Stall:
            phase_ = Phase::Stalled;
            break;
    }
}

Connection::Progress Connection::reset() {
    // RST throws away what has not arrived yet, and the script promised those bytes.
    const Clock::time_point now = Clock::now();
    if (!all_acknowledged(socket_) && now < *deadline_) {
        return Pause{.deadline = now + kDeliveryLook};
    }
    reset_on_close(socket_);
    phase_ = Phase::Ended;
    return std::nullopt;
}

Connection::Progress Connection::drain(std::span<std::byte> buffer) {
    while (Clock::now() < *deadline_) {
        const Transfer got = receive(socket_, buffer);
        if (got.kind == Transfer::Kind::Later) {
            return Pause{.events = POLLIN, .deadline = deadline_};
        }
        if (got.kind != Transfer::Kind::Done) {
            break;
        }
    }
    phase_ = Phase::Ended;
    return std::nullopt;
}

}  // namespace qmgr::inline v0::fakeserver
