#include "reference/adapters/requester.hpp"

#include <condition_variable>
#include <mutex>
#include <variant>

#include "reference/adapters/curl_transport.hpp"

namespace qmgr {

/// Everything a transport needs around it: where events go, where bodies go, and who sees the wire.
/// There is one exchange at a time, so none of them looks at fetch numbers.
class Requester::Desk final : public EventSink, public FileStore, public WireWatcher {
  public:
    Desk(const Policy& policy, std::optional<std::string> proxy)
        : transport_(*this, *this, policy, {std::move(proxy), this}) {}

    Response ask(const Request& request) {
        Response response = ask_once(request);
        const bool lost_old_connection = !is_new_connection_ && response.status == 0 &&
                                         response.failure == TransportFailure::Interrupted;
        return lost_old_connection ? ask_once(request) : response;
    }

    void post(Event event) override {
        const std::lock_guard lock(mutex_);
        if (auto* const started = std::get_if<event::ResponseStarted>(&event)) {
            head_came_ = true;
            response_.status = started->status;
            response_.headers = std::move(started->headers);
        } else if (const auto* const ended = std::get_if<event::FetchEnded>(&event)) {
            ended_ = true;
            response_.failure = ended->failure;
            if (ended->failure == TransportFailure::NameNotResolved ||
                ended->failure == TransportFailure::Unreachable)
                response_.connection = 0;
        }
        changed_.notify_all();
    }

    void saw(FetchId /*fetch*/, const WireFacts& facts) override {
        const std::lock_guard lock(mutex_);
        is_new_connection_ = facts.new_connection;
        if (is_new_connection_) ++connections_;
        response_.http_version = facts.http_version;
        response_.connection = connections_;
    }

    HResult write(FetchId /*fetch*/, const char* /*data*/, std::size_t count) override {
        const std::lock_guard lock(mutex_);
        response_.body_bytes += count;
        return HResult::Ok;
    }
    HResult begin_body(const action::StoreBody& /*body*/) override { return HResult::Ok; }
    void end_body(FetchId /*fetch*/) override {}

    // Of the service; no transport calls these.
    HResult examine(const Caller& /*caller*/, const std::string& /*name*/) override {
        return HResult::Ok;
    }
    void create_part(const action::CreatePart& /*part*/) override {}
    void sync_part(const action::SyncPart& /*part*/) override {}
    void commit_file(const action::CommitFile& /*file*/) override {}
    void discard_part(const action::DiscardPart& /*part*/) override {}

  private:
    Response ask_once(const Request& request) {
        const action::StartFetch fetch{
            {++fetches_}, {}, request.method, request.url, request.headers};
        {
            const std::lock_guard lock(mutex_);
            response_ = {};
            head_came_ = ended_ = false;
            is_new_connection_ = true;
        }
        transport_.start(fetch);
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return head_came_ || ended_; });
        if (!ended_ && request.method != "HEAD") {
            lock.unlock();
            transport_.store_body({fetch.fetch, {}, {}, 0, request.limit_bytes});
            lock.lock();
            changed_.wait(lock, [this] { return ended_; });
        }
        return response_;
    }

    std::uint64_t fetches_ = 0;
    std::mutex mutex_;  // all below but the transport
    std::condition_variable changed_;
    Response response_;
    int connections_ = 0;
    bool head_came_ = false;
    bool ended_ = false;
    bool is_new_connection_ = true;  // of the latest exchange
    CurlTransport transport_;        // goes first: its thread uses the rest
};

Requester::Requester(const Policy& policy, std::optional<std::string> proxy)
    : desk_(std::make_unique<Desk>(policy, std::move(proxy))) {}

Requester::~Requester() = default;

Response Requester::ask(const Request& request) { return desk_->ask(request); }

}  // namespace qmgr
