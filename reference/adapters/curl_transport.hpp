// HTTP and HTTPS exchanges over libcurl.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "reference/contract/policy.hpp"
#include "reference/service/ports.hpp"

namespace qmgr {

/// What the wire tells of one exchange beside its head. No decision of the engine rests on it.
struct WireFacts {
    int http_version = 0;         ///< 10 for HTTP/1.0, 11 for HTTP/1.1; 0: no response came
    bool new_connection = false;  ///< the request went out on one that was made for it
    bool operator==(const WireFacts&) const = default;
};

/// Hears of every exchange, on the transport's thread, once: right before its ResponseStarted is
/// posted, or its FetchEnded if no head came.
class WireWatcher {
  public:
    WireWatcher() = default;
    WireWatcher(const WireWatcher&) = delete;
    WireWatcher& operator=(const WireWatcher&) = delete;
    virtual ~WireWatcher() = default;
    virtual void saw(FetchId fetch, const WireFacts& facts) = 0;
};

/// For those who look at a server rather than serve a queue.
struct CurlOptions {
    /// Every request goes through this proxy (http://host:port), whatever the environment says.
    std::optional<std::string> proxy;
    /// Outlives the transport; null: nobody.
    WireWatcher* watcher = nullptr;
};

/// What each function does and posts is said in ports.hpp; here is what this transport adds.
///
/// Threads. All exchanges run on one thread of the transport, which also writes the bodies. The
/// functions may be called from any thread and wait for no network; store_body and stop may wait
/// for one FileStore::begin_body or write that is under way.
///
/// Requests. HTTP/1.1 to http and https URLs. The header fields are those of StartFetch, plus Host,
/// plus Authorization when the URL has a user in it, plus Proxy-Authorization when the proxy's has.
/// One exchange sends one request: it is never sent again behind the engine's back, so connections
/// are used again only while they are fresh.
///
/// Proxies are the environment's, as libcurl reads it when a fetch starts: http_proxy for http,
/// https_proxy (HTTPS_PROXY) for https, all_proxy (ALL_PROXY) for what has none of its own, and
/// no_proxy (NO_PROXY), a list of hosts or *, for those that are asked directly. An http URL goes
/// to the proxy as a whole, an https URL through a tunnel; a 407 to that is the answer to the
/// request, every other refusal is Unreachable.
///
/// TLS. A server needs a certificate that is in force, for its host, vouched for by the file
/// CURL_CA_BUNDLE names, else the one SSL_CERT_FILE names, else the system's
/// (/etc/ssl/certs/ca-certificates.crt). Everything else is TlsFailed, a file that cannot be read
/// included; nothing turns the check off.
///
/// Answers. ResponseStarted carries all field lines of the final head, interim heads (1xx) are
/// skipped. One thing is not handed through as received: a GET answered with a Content-Length that
/// is no number has that line last, with an empty value, and none after it.
///
/// Ends. After ResponseStarted of a GET nothing is posted before store_body() or stop(), whatever
/// happens on the wire. FetchEnded without a failure means that the response ended by itself or the
/// limit was reached; whether that is enough is the engine's to say.
///
/// Time. A request whose answer, or the next line or piece of it, does not come within
/// Policy::stall_timeout is TimedOut; so is a connection that takes longer. The time between
/// ResponseStarted and store_body() does not count.
///
/// At most 128 exchanges are on the wire; others wait their turn, and no time runs for them.
class CurlTransport final : public Transport {
  public:
    /// `sink` and `store` outlive the transport. Of `policy`, stall_timeout is taken now.
    CurlTransport(EventSink& sink, FileStore& store, const Policy& policy,
                  const CurlOptions& options = {});
    /// Gives up every exchange; none posts anything any more.
    ~CurlTransport() override;

    /// REQUIRES: a method HEAD or GET; no exchange of that number is under way.
    void start(const action::StartFetch& fetch) override;
    void store_body(const action::StoreBody& body) override;
    void stop(FetchId fetch) override;

  private:
    class Loop;
    const std::unique_ptr<Loop> loop_;
};

}  // namespace qmgr
