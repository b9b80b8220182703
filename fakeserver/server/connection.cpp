#include "fakeserver/server/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "fakeserver/honest_plan.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kLongestHead = std::size_t{16} * 1024;
/// Answers in a row; then a client that has more requests at hand waits for its next turn.
constexpr std::uint64_t kMostAtOnce = 16;
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

bool is_over(std::optional<Clock::time_point> deadline) {
    return deadline && Clock::now() >= *deadline;
}

}  // namespace

Clock::time_point after_ms(std::uint64_t ms) {
    constexpr std::uint64_t kYearMs = 366ULL * 24 * 3600 * 1000;
    return Clock::now() + std::chrono::milliseconds(std::min(ms, kYearMs));
}

Connection::Connection(const Surroundings& surroundings, const Admission& admission,
                       Descriptor socket, Tls tls)
    : surroundings_(surroundings),
      id_(admission.id),
      plan_(admission.plan),
      channel_(std::move(socket), std::move(tls)) {
    handshake_cut_ = plan_.handshake_wait_ms == 0 && !plan_.handshake_end;
    if (plan_.accept_wait_ms == 0 && !plan_.accept_end) {
        phase_ = channel_.has_tls() ? Phase::Handshake : Phase::Reading;
    }
}

Connection::~Connection() {
    if (assignment_) {
        surroundings_.site.finish(*assignment_);
    }
}

Pause Connection::first_pause() const {
    if (phase_ == Phase::Accepted) {
        return {.deadline = Clock::now()};
    }
    return {.events = POLLIN};
}

std::optional<Pause> Connection::proceed(std::span<std::byte> buffer) {
    const std::uint64_t first = answered_;
    while (phase_ != Phase::Ended && !surroundings_.stopping) {
        if (const Progress progress = step(buffer)) {
            return progress;
        }
        if (answered_ - first >= kMostAtOnce) {
            return Pause{.deadline = Clock::now()};
        }
    }
    return std::nullopt;
}

Connection::Progress Connection::step(std::span<std::byte> buffer) {
    switch (phase_) {
        case Phase::Accepted:
            pause(plan_.accept_wait_ms, plan_.accept_end, Phase::Handshake);
            break;
        case Phase::Waiting:
            return wait();
        case Phase::Handshake:
            return shake_hands();
        case Phase::Reading:
            return read_head(buffer);
        case Phase::Answering:
            return answer(buffer);
        case Phase::Resetting:
            return reset();
        case Phase::Stalled:
            // This pause ends only when the client goes.
            phase_ = Phase::Ended;
            return Pause{.events = POLLRDHUP};
        case Phase::Closing:
            return close();
        case Phase::Draining:
            return drain(buffer);
        case Phase::Ended:
            break;
    }
    return std::nullopt;
}

void Connection::pause(std::uint64_t ms, std::optional<Ending> ending, Phase then) {
    deadline_ = after_ms(ms);
    waited_ending_ = ending;
    waited_phase_ = then;
    phase_ = Phase::Waiting;
}

Connection::Progress Connection::wait() {
    if (!is_over(deadline_)) {
        return Pause{.deadline = deadline_};
    }
    deadline_.reset();
    if (waited_ending_) {
        begin(*waited_ending_);
    } else {
        phase_ = waited_phase_;
    }
    return std::nullopt;
}

Connection::Progress Connection::shake_hands() {
    if (!deadline_) {
        deadline_ = Clock::now() + surroundings_.head_time_limit;
    }
    if (is_over(deadline_)) {
        phase_ = Phase::Ended;
        return std::nullopt;
    }
    constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
    const Channel::Handshake state =
        channel_.shake_hands(handshake_cut_ ? kAll : plan_.handshake_byte);
    if (state == Channel::Handshake::Later) {
        return Pause{.events = channel_.events(), .deadline = deadline_};
    }
    deadline_.reset();
    const bool done = state == Channel::Handshake::Done;
    if (state == Channel::Handshake::Failed) {
        begin(Ending::Close);
    } else if (!handshake_cut_) {
        handshake_cut_ = true;
        pause(plan_.handshake_wait_ms, plan_.handshake_end,
              done ? Phase::Reading : Phase::Handshake);
    } else {
        phase_ = Phase::Reading;
    }
    return std::nullopt;
}

Connection::Progress Connection::read_head(std::span<std::byte> buffer) {
    if (const std::size_t end = input_.find(kHeadEnd); end != std::string::npos) {
        const std::string head = input_.substr(0, end + kHeadEnd.size());
        input_.erase(0, head.size());
        deadline_.reset();
        if (head.size() > kLongestHead) {
            refuse(431);
        } else {
            understand(head);
        }
        return std::nullopt;
    }
    if (input_.size() > kLongestHead) {
        refuse(431);
        return std::nullopt;
    }
    if (!input_.empty() && !deadline_) {
        deadline_ = Clock::now() + surroundings_.head_time_limit;
    }
    if (is_over(deadline_)) {
        refuse(408);
        return std::nullopt;
    }
    const Transfer got = channel_.receive(buffer.first(std::min(buffer.size(), kLongestHead)));
    switch (got.kind) {
        case Transfer::Kind::Done:
            input_.append(reinterpret_cast<const char*>(buffer.data()), got.count);
            return std::nullopt;
        case Transfer::Kind::Later:
            return Pause{.events = channel_.events(), .deadline = deadline_};
        case Transfer::Kind::End:
        case Transfer::Kind::Gone:
            phase_ = Phase::Ended;
            break;
    }
    return std::nullopt;
}

void Connection::understand(std::string_view head) {
    std::variant<Request, Refusal> read = surroundings_.heads.read(head);
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
        refuse(refusal->status);
        return;
    }
    auto& request = std::get<Request>(read);
    const bool close = has_body(request);
    assignment_ = surroundings_.site.respond(std::move(request), id_);
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

Connection::Progress Connection::answer(std::span<std::byte> buffer) {
    if (deadline_ && !is_over(deadline_)) {
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
    return send(buffer.first(count));
}

Connection::Progress Connection::send(std::span<const std::byte> bytes) {
    const auto note = [&](std::size_t planned) {
        if (assignment_) {
            surroundings_.site.note_body_bytes(*assignment_, player_->body_bytes_after(planned));
        }
    };
    note(bytes.size());
    while (!bytes.empty() && !surroundings_.stopping) {
        const Transfer sent = channel_.transmit(bytes);
        if (sent.kind == Transfer::Kind::Done) {
            player_->advance(sent.count);
            bytes = bytes.subspan(sent.count);
        } else if (sent.kind != Transfer::Kind::Later) {
            phase_ = Phase::Ended;
            break;
        } else if (!channel_.wait_for_room(kRoomWaitMs)) {
            note(0);
            return Pause{.events = channel_.events()};
        }
    }
    if (!bytes.empty()) {
        note(0);
    }
    return std::nullopt;
}

void Connection::finish_answer() {
    ++answered_;
    player_.reset();
    if (assignment_) {
        surroundings_.site.finish(*assignment_);
        assignment_.reset();
    }
    begin(ending_);
}

void Connection::begin(Ending ending) {
    switch (ending) {
        case Ending::KeepAlive:
            phase_ = Phase::Reading;
            break;
        case Ending::Close:
            deadline_ = Clock::now() + kDrainLimit;
            phase_ = Phase::Closing;
            break;
        case Ending::HalfClose:
            deadline_.reset();
            phase_ = Phase::Closing;
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
    if (!channel_.all_acknowledged() && now < *deadline_) {
        return Pause{.deadline = now + kDeliveryLook};
    }
    channel_.reset_on_close();
    phase_ = Phase::Ended;
    return std::nullopt;
}

Connection::Progress Connection::close() {
    if (is_over(deadline_)) {
        phase_ = Phase::Ended;
    } else if (!channel_.end_sending()) {
        return Pause{.events = channel_.events(), .deadline = deadline_};
    } else {
        phase_ = Phase::Draining;
    }
    return std::nullopt;
}

Connection::Progress Connection::drain(std::span<std::byte> buffer) {
    while (!is_over(deadline_)) {
        const Transfer got = channel_.discard(buffer);
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
