// One client's connection as a state machine that never blocks for long: it does what it can and
// says what it waits for. So a stall, a wait or a slow reader costs a descriptor and no thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fakeserver/responder.hpp"
#include "fakeserver/server/certificates.hpp"
#include "fakeserver/server/channel.hpp"
#include "fakeserver/server/plan_player.hpp"
#include "fakeserver/server/request_head.hpp"
#include "fakeserver/server/site.hpp"
#include "fakeserver/server/socket.hpp"

namespace qmgr::inline v0::fakeserver {

using Clock = std::chrono::steady_clock;

/// So many milliseconds from now; far away instead of overflow, as delays in scripts have 64 bits.
Clock::time_point after_ms(std::uint64_t ms);

/// What has to happen before a connection can go on.
struct Pause {
    short events = 0;  ///< of poll(2)
    std::optional<Clock::time_point> deadline{};
};

/// What every connection works with.
struct Surroundings {
    Site& site;
    HeadReader& heads;
    const std::atomic<bool>& stopping;
    std::chrono::milliseconds head_time_limit;
};

/// Used by one thread at a time.
class Connection {
  public:
    /// Plain if `tls` is null. The surroundings outlive the connection.
    Connection(const Surroundings& surroundings, const Admission& admission, Descriptor socket,
               Tls tls);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection(Connection&&) = delete;
    Connection& operator=(Connection&&) = delete;

    /// Goes on as far as possible and says what it waits for then. `buffer` is scratch memory.
    /// Nothing in return: the connection has ended and is to be destroyed, which closes it.
    std::optional<Pause> proceed(std::span<std::byte> buffer);

    int descriptor() const { return channel_.descriptor(); }
    /// Between two requests, with nothing of the next one here; or before the first byte.
    bool is_idle() const {
        return (phase_ == Phase::Reading && input_.empty()) ||
               (phase_ == Phase::Handshake && !deadline_);
    }
    std::uint64_t life() const { return id_.life; }
    /// The pause of a connection that has just been accepted.
    Pause first_pause() const;

  private:
    enum class Phase {
        Accepted,   ///< nothing has been done
        Waiting,    ///< silent until a deadline
        Handshake,  ///< that of TLS, and its cut
        Reading,    ///< a head is awaited
        Answering,  ///< a plan is played
        Resetting,  ///< all is sent; RST follows when it has arrived
        Stalled,    ///< silent until the client goes
        Closing,    ///< FIN follows
        Draining,   ///< FIN is sent; what the client still sends is read, because unread bytes at
                    ///< closing make the system send RST
        Ended,
    };
    /// One step of a phase: a pause, or nothing and the phase has changed.
    using Progress = std::optional<Pause>;

    Progress step(std::span<std::byte> buffer);
    Progress wait();
    Progress shake_hands();
    Progress read_head(std::span<std::byte> buffer);
    Progress answer(std::span<std::byte> buffer);
    Progress reset();
    Progress close();
    Progress drain(std::span<std::byte> buffer);
    void understand(std::string_view head);
    void refuse(int status);
    void finish_answer();
    Progress send(std::span<const std::byte> bytes);
    /// Silence for so long, then that ending; without one the phase `then`.
    void pause(std::uint64_t ms, std::optional<Ending> ending, Phase then);
    void begin(Ending ending);

    const Surroundings& surroundings_;
    const ConnectionId id_;
    const ConnectionPlan plan_;
    Channel channel_;
    Phase phase_ = Phase::Accepted;
    std::string input_;                          ///< received and not yet understood
    std::optional<Clock::time_point> deadline_;  ///< of the phase, or of a wait in a body
    std::optional<Ending> waited_ending_;        ///< what follows when Waiting is over, or
    Phase waited_phase_ = Phase::Reading;        ///< this
    bool handshake_cut_ = false;                 ///< it has happened, or none was planned
    std::optional<Assignment> assignment_;       ///< none: a refusal is played
    std::optional<PlanPlayer> player_;
    std::uint64_t answered_ = 0;  ///< answers played to their end
    Ending ending_ = Ending::KeepAlive;
};

}  // namespace qmgr::inline v0::fakeserver
