#include "reference/adapters/curl_transport.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "reference/adapters/response_head.hpp"
#include "reference/contract/check.hpp"

namespace qmgr {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

// Connections at a time; what is beyond that waits for one. Arbitrary: far below the descriptors a
// process has, far above the groups that run beside each other.
constexpr std::size_t kConnections = 128;
// The largest libcurl has; a body goes four times as fast as with its default.
constexpr long kReceiveBufferBytes = 512L << 10U;
// libcurl hands over 16 KiB at a time; the disk takes large pieces in half the time.
constexpr std::size_t kWriteBytes = 256U << 10U;
// A head longer than this is an attack or no head. Arbitrary; servers stop at 8 to 64 KiB.
constexpr std::size_t kHeadLimitBytes = 256U << 10U;
// A connection that was idle for longer is not used again. libcurl would send a request anew when
// the server closes an old connection under it; we do not let it, so we stay below the shortest
// common keep-alive time, the five seconds of Apache and Node.
constexpr long kFreshSeconds = 3;
// How long the thread sleeps when no exchange has a time limit; it is woken for everything else.
constexpr int kIdleMs = 60'000;

struct Cleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MultiCleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Easy = std::unique_ptr<CURL, Cleanup>;
using Multi = std::unique_ptr<CURLM, MultiCleanup>;
using FieldList = std::unique_ptr<curl_slist, Cleanup>;

Multi new_multi() {
    // Counted and thread-safe in libcurl; never undone, since others may use it, too.
    QMGR_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl cannot be used");
    Multi multi(curl_multi_init());
    QMGR_CHECK(multi != nullptr, "libcurl has no memory");
    const auto limit = static_cast<long>(kConnections);
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, limit);
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, limit);
    return multi;
}

template <class Value>
void set(const Easy& easy, CURLoption option, Value value) {
    const CURLcode code = (curl_easy_setopt)(easy.get(), option, value);
    QMGR_CHECK(code == CURLE_OK, curl_easy_strerror(code));
}

/// How far an exchange has come, as the engine sees it.
enum class Stage : std::uint8_t {
    Heading,  ///< its head is not complete, or it is a HEAD
    Offered,  ///< ResponseStarted is posted; store_body() or stop() is waited for
    Storing,  ///< the body is written
    Over,     ///< every byte asked for is written; libcurl may still look for the end
};

/// Where it is, as libcurl sees it.
enum class Place : std::uint8_t { Waiting, OnTheWire, Ended };

struct Exchange {
    Exchange(std::uint64_t number, FetchId id, bool without_body)
        : serial(number), fetch(id), head_only(without_body), easy(curl_easy_init()) {}

    const std::uint64_t serial;
    const FetchId fetch;
    const bool head_only;
    FieldList fields;                             // `easy` uses these two, so it is
    std::array<char, CURL_ERROR_SIZE> message{};  // declared, and goes, the other way round
    const Easy easy;

    FileStore* store = nullptr;
    ResponseHead head;
    Stage stage = Stage::Heading;
    bool head_told = false;
    Place place = Place::Waiting;
    bool sent = false;
    bool paused = false;
    bool end_told = false;
    bool resend_refused = false;  // libcurl had made another connection for it
    bool wire_shown = false;
    SteadyTime last_byte;
    std::uint64_t wanted_bytes = 0;  // still to be received
    std::string gathered;            // of the body, received and not yet written
    std::uint64_t untold_bytes = 0;  // written since the last BytesStored
    std::optional<HResult> store_failure;
    std::optional<TransportFailure> failure;
};

std::optional<TransportFailure> failure_of(CURLcode code, bool sent) {
    using enum TransportFailure;
    static constexpr std::array kMeanings = {
        std::pair{CURLE_COULDNT_RESOLVE_PROXY, NameNotResolved},
        std::pair{CURLE_COULDNT_RESOLVE_HOST, NameNotResolved},
        std::pair{CURLE_COULDNT_CONNECT, Unreachable},
        std::pair{CURLE_URL_MALFORMAT, Unreachable},
        std::pair{CURLE_OPERATION_TIMEDOUT, TimedOut},
        std::pair{CURLE_SSL_CONNECT_ERROR, TlsFailed},
        std::pair{CURLE_SSL_ENGINE_NOTFOUND, TlsFailed},
        std::pair{CURLE_SSL_ENGINE_SETFAILED, TlsFailed},
        std::pair{CURLE_SSL_CERTPROBLEM, TlsFailed},
        std::pair{CURLE_SSL_CIPHER, TlsFailed},
        std::pair{CURLE_PEER_FAILED_VERIFICATION, TlsFailed},
        std::pair{CURLE_USE_SSL_FAILED, TlsFailed},
        std::pair{CURLE_SSL_ENGINE_INITFAILED, TlsFailed},
        std::pair{CURLE_SSL_CACERT_BADFILE, TlsFailed},
        std::pair{CURLE_SSL_SHUTDOWN_FAILED, TlsFailed},
        std::pair{CURLE_SSL_CRL_BADFILE, TlsFailed},
        std::pair{CURLE_SSL_ISSUER_ERROR, TlsFailed},
        std::pair{CURLE_SSL_PINNEDPUBKEYNOTMATCH, TlsFailed},
        std::pair{CURLE_SSL_INVALIDCERTSTATUS, TlsFailed},
        std::pair{CURLE_SSL_CLIENTCERT, TlsFailed},
        std::pair{CURLE_WEIRD_SERVER_REPLY, Malformed},
        std::pair{CURLE_HTTP2, Malformed},
        std::pair{CURLE_HTTP2_STREAM, Malformed},
        std::pair{CURLE_BAD_CONTENT_ENCODING, Malformed},
        std::pair{CURLE_OUT_OF_MEMORY, Malformed},  // its word for one far too long field
    };
    if (code == CURLE_OK) return std::nullopt;
    // Of an answer: it does not begin with HTTP/1. Of a URL: no scheme of ours.
    if (code == CURLE_UNSUPPORTED_PROTOCOL) return sent ? Malformed : Unreachable;
    for (const auto& [meant, failure] : kMeanings)
        if (meant == code) return failure;
    return sent ? Interrupted : Unreachable;  // a proxy that opens no tunnel, for one
}

void write_gathered(Exchange& exchange) {
    const std::size_t count = exchange.gathered.size();
    if (count == 0 || exchange.store_failure) return;
    const HResult result = exchange.store->write(exchange.fetch, exchange.gathered.data(), count);
    exchange.gathered.clear();
    if (failed(result))
        exchange.store_failure = result;
    else
        exchange.untold_bytes += count;
}

// ---- callbacks, called by libcurl on the transport's thread -------------------------------------

int before_request(void* user, char* /*to*/, char* /*from*/, int /*to_port*/, int /*from_port*/) {
    auto& exchange = *static_cast<Exchange*>(user);
    if (exchange.sent) {  // never a second one
        exchange.resend_refused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    exchange.sent = true;
    exchange.last_byte = steady_now();
    return CURL_PREREQFUNC_OK;
}

std::size_t on_head_line(char* data, std::size_t /*one*/, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    exchange.last_byte = steady_now();
    exchange.head.take({data, count});
    if (exchange.head.size_bytes() > kHeadLimitBytes) {
        exchange.failure = TransportFailure::Malformed;
        return 0;
    }
    if (exchange.head.is_complete() && !exchange.head_only && exchange.stage == Stage::Heading)
        exchange.stage = Stage::Offered;
    return count;
}

// Returns how many bytes are taken; any other number than `count` ends the exchange.
std::size_t on_body(char* data, std::size_t /*one*/, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    exchange.last_byte = steady_now();
    switch (exchange.stage) {
        case Stage::Heading:
            exchange.failure = TransportFailure::Malformed;
            return 0;
        case Stage::Offered:
            exchange.paused = true;
            return CURL_WRITEFUNC_PAUSE;
        case Stage::Over:
            return 0;
        case Stage::Storing:
            break;
    }
    const std::size_t taken = std::min<std::uint64_t>(count, exchange.wanted_bytes);
    exchange.gathered.append(data, taken);
    exchange.wanted_bytes -= taken;
    if (exchange.wanted_bytes == 0) exchange.stage = Stage::Over;
    if (exchange.gathered.size() >= kWriteBytes) write_gathered(exchange);
    return exchange.store_failure ? 0 : taken;
}

// ---- requests -----------------------------------------------------------------------------------

bool has_field(const std::vector<HeaderField>& fields, const char* name) {
    return std::any_of(fields.begin(), fields.end(), [&](const HeaderField& field) {
        return curl_strequal(field.name.c_str(), name) != 0;
    });
}

FieldList field_list(const std::vector<HeaderField>& fields) {
    FieldList list;
    const auto add = [&](const std::string& line) {
        curl_slist* longer = curl_slist_append(list.get(), line.c_str());
        QMGR_CHECK(longer != nullptr, "out of memory");
        static_cast<void>(list.release());
        list.reset(longer);
    };
    // "Name;" is libcurl's way to write a field without a value, "Name:" takes its own field out.
    for (const HeaderField& field : fields)
        add(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
    if (!has_field(fields, "Accept")) add("Accept:");
    add("Proxy-Connection:");
    return list;
}

// The file of trusted certificates that the environment names, as the curl program reads it; null
// for the system's. libcurl itself knows no such variable.
const char* trusted_certificates() {
    for (const char* const name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
        const char* const path = std::getenv(name);
        if (path != nullptr && *path != '\0') return path;
    }
    return nullptr;
}

void set_up(Exchange& exchange, const action::StartFetch& fetch, Duration stall_timeout) {
    const Easy& easy = exchange.easy;
    exchange.fields = field_list(fetch.headers);
    set(easy, CURLOPT_PRIVATE, static_cast<void*>(&exchange));
    set(easy, CURLOPT_ERRORBUFFER, exchange.message.data());
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L);  // stop() must not wait for a name server
    set(easy, CURLOPT_URL, fetch.url.c_str());
    set(easy, CURLOPT_PATH_AS_IS, 1L);
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy, CURLOPT_HTTPHEADER, exchange.fields.get());
    set(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    if (const char* const path = trusted_certificates()) set(easy, CURLOPT_CAINFO, path);
    set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(easy, CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
    set(easy, CURLOPT_MAXAGE_CONN, kFreshSeconds);
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, std::max<long>(1, stall_timeout.count()));
    if (exchange.head_only) {
        set(easy, CURLOPT_NOBODY, 1L);
        // No body to find the end of, so an unreadable length is the engine's alone.
        set(easy, CURLOPT_IGNORE_CONTENT_LENGTH, 1L);
    }
    set(easy, CURLOPT_PREREQFUNCTION, &before_request);
    set(easy, CURLOPT_PREREQDATA, static_cast<void*>(&exchange));
    set(easy, CURLOPT_HEADERFUNCTION, &on_head_line);
    set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
    set(easy, CURLOPT_WRITEFUNCTION, &on_body);
    set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
}

// libcurl refuses such a response before it hands the line over, and tells so in words only. To the
// engine it is a head with a field it cannot read (XFER-BODY-1).
void complete_unreadable_length(Exchange& exchange) {
    if (!std::string_view(exchange.message.data()).starts_with("Invalid Content-Length")) return;
    exchange.head.take("Content-Length:");
    exchange.head.take("");
    if (exchange.head.is_complete()) exchange.stage = Stage::Offered;
}

// A proxy that wants to know who asks before it opens a tunnel answers as it answers any request.
void complete_proxy_refusal(Exchange& exchange) {
    long status = 0;
    curl_easy_getinfo(exchange.easy.get(), CURLINFO_HTTP_CONNECTCODE, &status);
    if (status != 407) return;
    exchange.failure.reset();
    exchange.head.take("HTTP/1.1 407");
    exchange.head.take("");
    if (!exchange.head_only) exchange.stage = Stage::Offered;
}

}  // namespace

/// The exchanges, the thread that runs them, and the commands other threads have for it.
class CurlTransport::Loop {
  public:
    Loop(EventSink& sink, FileStore& store, const Policy& policy, const CurlOptions& options);
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    ~Loop();

    void start(const action::StartFetch& fetch);
    void store_body(const action::StoreBody& body);
    void stop(FetchId fetch);

  private:
    // A fetch number can come again after its exchange has ended, a serial number never does.
    struct Start {
        std::uint64_t serial;
        action::StartFetch fetch;
    };
    struct Store {
        std::uint64_t serial;
        action::StoreBody body;
    };
    struct Stop {
        std::uint64_t serial;
    };
    using Command = std::variant<Start, Store, Stop>;

    void run();
    bool take_commands();
    void perform(const Start& start);
    void perform(const Store& store);
    void perform(const Stop& stop);
    void admit();
    void collect_ended();
    void end_stalled();
    void end_at_curl(Exchange& exchange, CURLcode code);
    void leave_curl(Exchange& exchange);
    void settle();
    bool settle(Exchange& exchange);
    bool has_time_limit(const Exchange& exchange) const;
    int patience_ms() const;
    HResult begin_body(const Exchange& exchange, const action::StoreBody& body, bool& live);
    void show_wire(Exchange& exchange);
    void tell(const Exchange& exchange, Event event);
    void tell_end(Exchange& exchange, Event event);

    EventSink& sink_;
    FileStore& store_;
    const Duration stall_timeout_;
    const CurlOptions options_;
    const Multi multi_;

    // Of the transport's thread.
    std::map<std::uint64_t, std::unique_ptr<Exchange>> exchanges_;
    std::deque<std::uint64_t> waiting_;  // for one of the connections
    std::size_t on_the_wire_ = 0;

    std::mutex mutex_;  // all below
    bool closing_ = false;
    std::vector<Command> commands_;
    std::uint64_t next_serial_ = 1;
    std::map<FetchId, std::uint64_t> live_;  // not stopped, and their end is not posted
    std::thread thread_;
};

CurlTransport::Loop::Loop(EventSink& sink, FileStore& store, const Policy& policy,
                          const CurlOptions& options)
    : sink_(sink),
      store_(store),
      stall_timeout_(policy.stall_timeout),
      options_(options),
      multi_(new_multi()) {
    thread_ = std::thread([this] { run(); });
}

CurlTransport::Loop::~Loop() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
    for (const auto& [serial, exchange] : exchanges_) {
        leave_curl(*exchange);
        store_.end_body(exchange->fetch);
    }
}

void CurlTransport::Loop::start(const action::StartFetch& fetch) {
    QMGR_CHECK(fetch.method == "HEAD" || fetch.method == "GET", fetch.method);
    {
        const std::lock_guard lock(mutex_);
        const bool is_new = live_.emplace(fetch.fetch, next_serial_).second;
        QMGR_CHECK(is_new, "this fetch is under way");
        commands_.push_back(Start{next_serial_++, fetch});
    }
    curl_multi_wakeup(multi_.get());
}

void CurlTransport::Loop::store_body(const action::StoreBody& body) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = live_.find(body.fetch);
        if (found == live_.end()) return;
        commands_.push_back(Store{found->second, body});
    }
    curl_multi_wakeup(multi_.get());
}

// Afterwards nothing can be begun for this fetch any more, and what was begun is ended.
void CurlTransport::Loop::stop(FetchId fetch) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = live_.find(fetch);
        if (found == live_.end()) return;
        commands_.push_back(Stop{found->second});
        live_.erase(found);
    }
    store_.end_body(fetch);
    curl_multi_wakeup(multi_.get());
}

void CurlTransport::Loop::run() {
    while (take_commands()) {
        admit();
        int ignored = 0;
        curl_multi_perform(multi_.get(), &ignored);
        collect_ended();
        end_stalled();
        settle();
        curl_multi_poll(multi_.get(), nullptr, 0, patience_ms(), nullptr);
    }
}

bool CurlTransport::Loop::take_commands() {
    std::vector<Command> commands;
    {
        const std::lock_guard lock(mutex_);
        if (closing_) return false;
        commands.swap(commands_);
    }
    for (const Command& command : commands)
        std::visit([this](const auto& one) { perform(one); }, command);
    return true;
}

void CurlTransport::Loop::perform(const Start& start) {
    auto exchange =
        std::make_unique<Exchange>(start.serial, start.fetch.fetch, start.fetch.method == "HEAD");
    QMGR_CHECK(exchange->easy != nullptr, "libcurl has no memory");
    exchange->store = &store_;
    set_up(*exchange, start.fetch, stall_timeout_);
    if (options_.proxy) {
        set(exchange->easy, CURLOPT_PROXY, options_.proxy->c_str());
        set(exchange->easy, CURLOPT_NOPROXY, "");  // of the environment
    }
    exchanges_.emplace(start.serial, std::move(exchange));
    waiting_.push_back(start.serial);
}

void CurlTransport::Loop::perform(const Store& store) {
    const auto found = exchanges_.find(store.serial);
    if (found == exchanges_.end() || found->second->stage != Stage::Offered) return;
    Exchange& exchange = *found->second;
    bool live = false;
    const HResult begun = begin_body(exchange, store.body, live);
    if (!live) return;
    if (failed(begun)) {
        exchange.store_failure = begun;
        return;
    }
    exchange.wanted_bytes = store.body.limit;
    exchange.stage = store.body.limit == 0 ? Stage::Over : Stage::Storing;
    exchange.last_byte = steady_now();
    if (!std::exchange(exchange.paused, false)) return;
    const CURLcode code = curl_easy_pause(exchange.easy.get(), CURLPAUSE_CONT);
    if (code != CURLE_OK) end_at_curl(exchange, code);
}

void CurlTransport::Loop::perform(const Stop& stop) {
    const auto found = exchanges_.find(stop.serial);
    if (found == exchanges_.end()) return;
    leave_curl(*found->second);
    exchanges_.erase(found);
}

// Under the mutex, so that it cannot come after stop() has ended the body.
HResult CurlTransport::Loop::begin_body(const Exchange& exchange, const action::StoreBody& body,
                                        bool& live) {
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(exchange.fetch);
    live = found != live_.end() && found->second == exchange.serial;
    return live ? store_.begin_body(body) : HResult::Ok;
}

void CurlTransport::Loop::admit() {
    while (on_the_wire_ < kConnections && !waiting_.empty()) {
        const auto found = exchanges_.find(waiting_.front());
        waiting_.pop_front();
        if (found == exchanges_.end()) continue;  // stopped while it waited
        Exchange& exchange = *found->second;
        exchange.place = Place::OnTheWire;
        ++on_the_wire_;
        curl_multi_add_handle(multi_.get(), exchange.easy.get());
    }
}

void CurlTransport::Loop::collect_ended() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode code = message->data.result;
        Exchange* exchange = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        end_at_curl(*exchange, code);
    }
}

bool CurlTransport::Loop::has_time_limit(const Exchange& exchange) const {
    return exchange.place == Place::OnTheWire && exchange.sent && exchange.stage != Stage::Offered;
}

void CurlTransport::Loop::end_stalled() {
    const SteadyTime now = steady_now();
    for (const auto& [serial, exchange] : exchanges_)
        if (has_time_limit(*exchange) && now - exchange->last_byte >= stall_timeout_)
            end_at_curl(*exchange, CURLE_OPERATION_TIMEDOUT);
}

void CurlTransport::Loop::end_at_curl(Exchange& exchange, CURLcode code) {
    leave_curl(exchange);
    if (!exchange.failure) exchange.failure = failure_of(code, exchange.sent);
    if (code == CURLE_WEIRD_SERVER_REPLY && exchange.stage == Stage::Heading)
        complete_unreadable_length(exchange);
    if (code != CURLE_OK && !exchange.sent) complete_proxy_refusal(exchange);
}

// Closes the connection if the response is not at its end.
void CurlTransport::Loop::leave_curl(Exchange& exchange) {
    if (std::exchange(exchange.place, Place::Ended) != Place::OnTheWire) return;
    curl_multi_remove_handle(multi_.get(), exchange.easy.get());
    --on_the_wire_;
}

void CurlTransport::Loop::settle() {
    std::erase_if(exchanges_, [this](const auto& entry) { return settle(*entry.second); });
}

// Posts what there is to say, in order. True: nothing is left to do for this exchange.
bool CurlTransport::Loop::settle(Exchange& exchange) {
    const FetchId fetch = exchange.fetch;
    if (exchange.stage != Stage::Heading || exchange.place == Place::Ended) show_wire(exchange);
    if (exchange.stage != Stage::Heading && !std::exchange(exchange.head_told, true))
        tell(exchange,
             event::ResponseStarted{fetch, exchange.head.status(), exchange.head.headers()});
    write_gathered(exchange);
    if (const std::uint64_t count = std::exchange(exchange.untold_bytes, 0); count > 0)
        tell(exchange, event::BytesStored{fetch, count});
    if (exchange.store_failure) {
        leave_curl(exchange);
        tell_end(exchange, event::StoreFailed{fetch, *exchange.store_failure});
        return true;
    }
    if (exchange.stage == Stage::Over) {
        tell_end(exchange, event::FetchEnded{fetch, std::nullopt});
        return exchange.place == Place::Ended;
    }
    if (exchange.place != Place::Ended || exchange.stage == Stage::Offered) return false;
    const bool has_head = exchange.head.is_complete();
    if (exchange.head_only && has_head && !exchange.failure)
        tell_end(exchange,
                 event::ResponseStarted{fetch, exchange.head.status(), exchange.head.headers()});
    else if (has_head || exchange.failure)
        tell_end(exchange, event::FetchEnded{fetch, exchange.failure});
    else
        tell_end(exchange, event::FetchEnded{fetch, TransportFailure::Malformed});
    return true;
}

int CurlTransport::Loop::patience_ms() const {
    if (on_the_wire_ < kConnections && !waiting_.empty()) return 0;
    SteadyTime until = steady_now() + std::chrono::milliseconds(kIdleMs);
    for (const auto& [serial, exchange] : exchanges_)
        if (has_time_limit(*exchange))
            until = std::min(until, exchange->last_byte + stall_timeout_);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_now());
    return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

void CurlTransport::Loop::show_wire(Exchange& exchange) {
    if (options_.watcher == nullptr || std::exchange(exchange.wire_shown, true)) return;
    long version = CURL_HTTP_VERSION_NONE;
    long made = 0;
    curl_easy_getinfo(exchange.easy.get(), CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(exchange.easy.get(), CURLINFO_NUM_CONNECTS, &made);
    const int number = version == CURL_HTTP_VERSION_1_0   ? 10
                       : version == CURL_HTTP_VERSION_1_1 ? 11
                                                          : 0;
    options_.watcher->saw(exchange.fetch, {number, made > (exchange.resend_refused ? 1 : 0)});
}

// Under the mutex, so that nothing is posted once stop() has returned.
void CurlTransport::Loop::tell(const Exchange& exchange, Event event) {
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(exchange.fetch);
    if (found == live_.end() || found->second != exchange.serial) return;
    sink_.post(std::move(event));
}

void CurlTransport::Loop::tell_end(Exchange& exchange, Event event) {
    if (std::exchange(exchange.end_told, true)) return;
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(exchange.fetch);
    if (found == live_.end() || found->second != exchange.serial) return;
    store_.end_body(exchange.fetch);
    live_.erase(found);
    sink_.post(std::move(event));
}

CurlTransport::CurlTransport(EventSink& sink, FileStore& store, const Policy& policy,
                             const CurlOptions& options)
    : loop_(std::make_unique<Loop>(sink, store, policy, options)) {}

CurlTransport::~CurlTransport() = default;

void CurlTransport::start(const action::StartFetch& fetch) { loop_->start(fetch); }

void CurlTransport::store_body(const action::StoreBody& body) { loop_->store_body(body); }

void CurlTransport::stop(FetchId fetch) { loop_->stop(fetch); }

}  // namespace qmgr
