#include "fakeserver/server/fault_server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "fakeserver/server/certificates.hpp"
#include "fakeserver/server/connection.hpp"
#include "fakeserver/server/request_head.hpp"
#include "fakeserver/server/site.hpp"
#include "fakeserver/server/socket.hpp"
#include "fakeserver/server/worker_pool.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr std::size_t kMostThreads = 64;
/// After the system ran out of descriptors, or did not let us listen: how long the loop waits
/// before it tries again.
constexpr std::chrono::milliseconds kAcceptRest{50};

/// poll's timeout, rounded up so that the deadline has passed after it.
int timeout_until(std::optional<Clock::time_point> deadline) {
    if (!deadline) {
        return -1;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
}

void keep_earliest(std::optional<Clock::time_point>& earliest,
                   std::optional<Clock::time_point> deadline) {
    if (deadline && (!earliest || *deadline < *earliest)) {
        earliest = deadline;
    }
}

std::string url_host(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

/// One thread accepts, keeps every connection that waits for something, and hands it to the pool
/// when that has come; the pool hands it back with its next pause.
class FaultServer::Loop {
  public:
    Loop(Script script, Options options);
    ~Loop() { stop(); }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    Loop(Loop&&) = delete;
    Loop& operator=(Loop&&) = delete;

    const Site& site() const { return site_; }
    std::string origin() const {
        return (certificates_ ? "https://" : "http://") + url_host(options_.host) + ":" +
               std::to_string(port());
    }
    std::uint16_t port() const { return port_; }
    std::string authority_pem() const {
        return certificates_ ? certificates_->authority_pem() : std::string();
    }
    /// As those of Site; returns when the loop has noticed.
    void set_script(Script script) { settle(site_.set_script(std::move(script))); }
    void reset() { settle(site_.reset()); }
    void stop();

  private:
    struct Parked {
        std::unique_ptr<Connection> connection;
        Pause pause;
        Clock::time_point since;
    };

    void settle(std::uint64_t life);
    void run();
    void take_returned();
    void poll_once();
    /// Listens, or does not, as the script wants it for the next connection.
    void ask_for_next();
    void look_after_listener();
    void accept_all();
    void admit(Descriptor socket);
    /// False: no connection is idle.
    bool close_oldest_idle();
    void wake() const;
    void work(std::unique_ptr<Connection> connection, std::span<std::byte> buffer);

    const Options options_;
    const std::unique_ptr<const Certificates> certificates_;  ///< null: no TLS
    Listener listener_;
    std::uint16_t port_ = 0;  ///< also after the end
    Descriptor wake_;
    HeadReader heads_;
    Site site_;
    std::atomic<bool> stopping_ = false;
    const Surroundings surroundings_{.site = site_,
                                     .heads = heads_,
                                     .stopping = stopping_,
                                     .head_time_limit = options_.head_time_limit};
    std::atomic<std::size_t> open_ = 0;
    std::mutex returned_mutex_;
    std::vector<Parked> returned_;  ///< guarded by returned_mutex_
    std::vector<Parked> parked_;    ///< of the loop's thread
    std::optional<Clock::time_point> accept_again_;
    std::optional<Clock::time_point> open_again_;  ///< nobody listens until then
    std::mutex settled_mutex_;
    std::condition_variable settled_changed_;
    std::uint64_t settled_life_ = 0;  ///< guarded by settled_mutex_; the loop knows of that script
    std::mutex stop_mutex_;
    WorkerPool pool_;
    std::thread thread_;
};

FaultServer::Loop::Loop(Script script, Options options)
    : options_(std::move(options)),
      certificates_(options_.tls ? std::make_unique<const Certificates>() : nullptr),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      site_(std::move(script), options_.on_answered),
      pool_(kMostThreads,
            [this](std::unique_ptr<Connection> connection, std::span<std::byte> buffer) {
                work(std::move(connection), buffer);
            }) {
    std::string error;
    listener_ = reserve(options_.host, options_.port, error);
    if (!listener_ || !wake_) {
        throw ListenError(error);
    }
    // The first connection may be one to refuse, but whether the port can be had shows now.
    if (!listener_.open()) {
        throw ListenError(listen_error(options_.host, listener_.port()));
    }
    port_ = listener_.port();
    ask_for_next();
    thread_ = std::thread([this] { run(); });
}

void FaultServer::Loop::settle(std::uint64_t life) {
    wake();
    // A client that connects after this call meets the new script, its refusals included.
    std::unique_lock lock(settled_mutex_);
    settled_changed_.wait(lock, [&] { return stopping_ || settled_life_ >= life; });
}

void FaultServer::Loop::stop() {
    const std::lock_guard lock(stop_mutex_);
    {
        const std::lock_guard settled_lock(settled_mutex_);
        stopping_ = true;
    }
    settled_changed_.notify_all();
    wake();
    if (thread_.joinable()) {
        thread_.join();
    }
    pool_.stop();
    parked_.clear();
    returned_.clear();
    listener_ = Listener();
}

void FaultServer::Loop::run() {
    while (!stopping_) {
        take_returned();
        look_after_listener();
        poll_once();
    }
}

void FaultServer::Loop::take_returned() {
    {
        const std::lock_guard lock(returned_mutex_);
        std::ranges::move(returned_, std::back_inserter(parked_));
        returned_.clear();
    }
    const std::uint64_t life = site_.life();
    open_ -= std::erase_if(parked_, [life](const Parked& parked) {
        return parked.connection->is_idle() && parked.connection->life() != life;
    });
}

void FaultServer::Loop::ask_for_next() {
    const Opening opening = site_.open();
    open_again_.reset();
    if (opening.refuse_ms) {
        listener_.close();
        open_again_ = after_ms(*opening.refuse_ms);
    } else if (!listener_.is_open() && !listener_.open()) {
        open_again_ = Clock::now() + kAcceptRest;
    }
    {
        const std::lock_guard lock(settled_mutex_);
        settled_life_ = opening.life;
    }
    settled_changed_.notify_all();
}

void FaultServer::Loop::look_after_listener() {
    const bool has_news = settled_life_ != site_.life();
    if (has_news || (open_again_ && Clock::now() >= *open_again_)) {
        ask_for_next();
    }
}

void FaultServer::Loop::poll_once() {
    const bool resting = accept_again_ && Clock::now() < *accept_again_;
    std::vector<pollfd> wanted{
        {.fd = wake_.get(), .events = POLLIN, .revents = 0},
        {.fd = resting ? -1 : listener_.socket().get(), .events = POLLIN, .revents = 0}};
    std::optional<Clock::time_point> deadline = open_again_;
    keep_earliest(deadline, resting ? accept_again_ : std::nullopt);
    for (const Parked& parked : parked_) {
        wanted.push_back(
            {.fd = parked.connection->descriptor(), .events = parked.pause.events, .revents = 0});
        keep_earliest(deadline, parked.pause.deadline);
    }
    ::poll(wanted.data(), wanted.size(), timeout_until(deadline));
    if (wanted[0].revents != 0) {
        eventfd_t count = 0;
        ::eventfd_read(wake_.get(), &count);
    }
    const Clock::time_point now = Clock::now();
    std::vector<Parked> still;
    for (std::size_t i = 0; i < parked_.size(); ++i) {
        Parked& parked = parked_[i];
        const short happened = wanted[i + 2].revents;
        if ((happened & (POLLERR | POLLNVAL)) != 0) {
            --open_;
        } else if (happened != 0 || (parked.pause.deadline && now >= *parked.pause.deadline)) {
            pool_.submit(std::move(parked.connection));
        } else {
            still.push_back(std::move(parked));
        }
    }
    parked_ = std::move(still);
    if (wanted[1].revents != 0) {
        accept_all();
    }
}

void FaultServer::Loop::accept_all() {
    while (!stopping_ && listener_.is_open()) {
        Descriptor socket = accept_from(listener_.socket());
        if (!socket) {
            if (errno == EMFILE || errno == ENFILE) {
                close_oldest_idle();
                accept_again_ = Clock::now() + kAcceptRest;
            }
            return;
        }
        // Before the newcomer is parked, so that it is never the one.
        while (open_ >= options_.most_connections && close_oldest_idle()) {
        }
        admit(std::move(socket));
        ask_for_next();
    }
}

void FaultServer::Loop::admit(Descriptor socket) {
    const Admission admission = site_.admit();
    Tls tls = certificates_ ? certificates_->connect(admission.plan.certificate) : nullptr;
    auto connection =
        std::make_unique<Connection>(surroundings_, admission, std::move(socket), std::move(tls));
    const Pause pause = connection->first_pause();
    parked_.push_back({.connection = std::move(connection), .pause = pause, .since = Clock::now()});
    ++open_;
}

bool FaultServer::Loop::close_oldest_idle() {
    auto oldest = parked_.end();
    for (auto it = parked_.begin(); it != parked_.end(); ++it) {
        if (it->connection->is_idle() && (oldest == parked_.end() || it->since < oldest->since)) {
            oldest = it;
        }
    }
    if (oldest == parked_.end()) {
        return false;
    }
    parked_.erase(oldest);
    --open_;
    return true;
}

void FaultServer::Loop::wake() const { ::eventfd_write(wake_.get(), 1); }

void FaultServer::Loop::work(std::unique_ptr<Connection> connection, std::span<std::byte> buffer) {
    const std::optional<Pause> pause = connection->proceed(buffer);
    if (!pause) {
        --open_;
        return;
    }
    {
        const std::lock_guard lock(returned_mutex_);
        returned_.push_back({std::move(connection), *pause, Clock::now()});
    }
    wake();
}

FaultServer::FaultServer(Script script) : FaultServer(std::move(script), Options()) {}

FaultServer::FaultServer(Script script, Options options)
    : loop_(std::make_unique<Loop>(std::move(script), std::move(options))) {}

FaultServer::~FaultServer() = default;

std::uint16_t FaultServer::port() const { return loop_->port(); }

std::string FaultServer::url(std::string_view path) const { return loop_->origin().append(path); }

std::string FaultServer::authority_pem() const { return loop_->authority_pem(); }

std::vector<RuleHits> FaultServer::hits() const { return loop_->site().hits(); }

std::vector<ServedRequest> FaultServer::requests() const { return loop_->site().requests(); }

void FaultServer::set_script(Script script) { loop_->set_script(std::move(script)); }

void FaultServer::reset() { loop_->reset(); }

void FaultServer::stop() { loop_->stop(); }

}  // namespace qmgr::inline v0::fakeserver
