// The fake server with real bytes: plays the Responder's plans over TCP, byte for byte, with FIN,
// RST, silence and waits as the script says. HTTP/1.1 and 1.0, plain or through TLS.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/request.hpp"
#include "fakeserver/responder.hpp"
#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// The address could not be listened on. what() is one line that names the port and the reason.
class ListenError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// One request that was understood, and what it got.
struct ServedRequest {
    Request request{};
    int status = 0;
    std::string rule{};                  ///< the fault rule that was applied, or empty
    std::vector<AppliedFault> faults{};  ///< as planned
    /// Bytes after the head, chunk lines and extra bytes included, given to the system for sending.
    /// Counted before they go out, so a client that has seen a byte finds it counted; less than the
    /// plan's when the client went away.
    std::uint64_t body_bytes_sent = 0;
    Ending ending = Ending::KeepAlive;  ///< as planned
    bool operator==(const ServedRequest&) const = default;
};

/// Every member function may be called from any thread.
class FaultServer {
  public:
    struct Options {
        std::string host = "127.0.0.1";
        std::uint16_t port = 0;  ///< 0: one that is free
        /// HTTP through TLS 1.2 or 1.3, with certificates that are made here and now.
        bool tls = false;
        /// From the first byte of a head to its end; then 408 and the end of the connection. Also
        /// for the handshake of TLS, from the first byte of it or of a script's wait in it; then
        /// the end of the connection.
        std::chrono::milliseconds head_time_limit{10'000};
        /// Called once for each request that was understood, when nothing more of its answer will
        /// be sent: its bytes were given to the system, or the client went, or the server stops.
        /// From the server's threads, one call at a time; must not call the server. What it throws
        /// ends the process.
        using Witness = std::function<void(const ServedRequest&)>;
        Witness on_answered{};
        /// Beyond so many open connections a new one makes the one that has been idle longest be
        /// closed; while none is idle, there are more.
        std::size_t most_connections = 4096;
    };

    /// requests() remembers so many, so that a server that runs for days needs no more memory than
    /// on its first one. Arbitrary.
    static constexpr std::size_t kMostRequestsKept = 100'000;
    /// And no more than these bytes of their heads cost.
    static constexpr std::uint64_t kMostBytesKept = std::uint64_t{64} << 20U;

    /// Listens and serves from now on. Throws ListenError, and with TLS
    /// std::runtime_error when OpenSSL makes no certificates. REQUIRES: a script such as
    /// script_from_json accepts and expect_playable lets pass.
    explicit FaultServer(Script script);
    FaultServer(Script script, Options options);
    /// Stops.
    ~FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;
    FaultServer(FaultServer&&) = delete;
    FaultServer& operator=(FaultServer&&) = delete;

    std::uint16_t port() const;
    /// "http://127.0.0.1:40123" and `path`; with TLS "https://…".
    std::string url(std::string_view path) const;
    /// The certificate of this server's own authority in PEM form, for clients that are to trust
    /// it. The server's certificate is for localhost, 127.0.0.1 and ::1. Empty without TLS.
    std::string authority_pem() const;

    /// How often each rule has fired, in script order.
    std::vector<RuleHits> hits() const;
    /// What was served so far, in the order in which the requests were understood; the newest
    /// kMostRequestsKept of it. Heads that were refused (400, 408, 414, 431) are not requests and
    /// not in it.
    std::vector<ServedRequest> requests() const;

    /// Starts a new life with another script, as between two test cases: hits and requests are
    /// forgotten, connections and requests are counted from 1 again. Responses under way are played
    /// to their end; idle connections are closed, so that none is inherited. Whoever connects when
    /// this has returned meets the new script.
    void set_script(Script script);
    /// A new life with the script that is there.
    void reset();

    /// Ends every connection, also one in the middle of a stall or a body, and joins all threads.
    /// hits() and requests() stay readable. Calling it again does nothing.
    void stop();

  private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace qmgr::inline v0::fakeserver
