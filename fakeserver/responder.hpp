// The pure server: a Script and a Request in, a ResponsePlan out. It knows no socket and no clock;
// the two carriers (server/fault_server.hpp with real bytes, the simulated network on its agenda)
// play the plan. Not thread-safe: a carrier with threads guards it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fakeserver/request.hpp"
#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// `length` bytes of the content `seed`, from `offset` on.
struct Slice {
    std::uint64_t seed = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    bool operator==(const Slice&) const = default;
};
/// Bytes as they stand here.
struct Literal {
    std::string bytes{};
    bool operator==(const Literal&) const = default;
};
/// Nothing is sent for so many milliseconds.
struct Wait {
    std::uint64_t ms = 0;
    bool operator==(const Wait&) const = default;
};
using BodyStep = std::variant<Slice, Literal, Wait>;

enum class Ending : std::uint8_t {
    KeepAlive,  ///< the connection stays open for the next request
    Close,      ///< FIN, and what the client still sends is read for a moment
    HalfClose,  ///< FIN, and what the client still sends is read until it ends, too
    Reset,      ///< RST
    Stall,      ///< nothing more is sent; the connection stays open until the client goes
};

/// How the content goes over the wire.
struct Chunking {
    enum class Lie : std::uint8_t {
        None,
        BadSize,    ///< a size line that is no number
        HugeSize,   ///< a size line beyond 64 bits
        TooShort,   ///< the chunk has one byte less than its size line says
        NoLineEnd,  ///< no CRLF after the data of the chunk
        NoLast,     ///< no last chunk
    };
    std::uint64_t chunk_bytes = 0;  ///< at least 1
    std::uint64_t total = 0;        ///< content bytes that the chunks would have if nothing is cut
    Lie lie = Lie::None;
    std::uint64_t lie_at = 0;  ///< content byte: the chunk it stands in is the one that lies
    std::string extension{};   ///< after each size, with its semicolon
    std::vector<Header> trailer{};
    bool operator==(const Chunking&) const = default;
};

/// Writes of given sizes with silence between them.
struct Pace {
    Point from{};                         ///< a byte of the head or of the body
    std::vector<std::uint64_t> slices{};  ///< bytes, in turn
    Delay gap{};                          ///< before each slice but the first
    std::uint64_t key = 0;                ///< what the gaps are drawn from
    bool operator==(const Pace&) const = default;
};

/// Silence in the head, after `byte` bytes of it.
struct HeadWait {
    std::uint64_t byte = 0;
    std::uint64_t ms = 0;
    bool operator==(const HeadWait&) const = default;
};

/// One fault as it was applied.
struct AppliedFault {
    Effect effect = Effect::RespondStatus;
    /// Bytes of the answer, head included, that stand before it on the wire.
    std::uint64_t wire_byte = 0;
    bool operator==(const AppliedFault&) const = default;
};

/// One scripted response. What is sent is exactly this, in this order; a carrier adds nothing:
/// the interim responses, the head, the body, the extra bytes, the ending.
struct ResponsePlan {
    std::vector<std::string> interims{};  ///< whole 1xx heads
    std::string version = "HTTP/1.1";
    int status = 200;
    std::string reason{};
    std::vector<Header> headers{};
    /// Sent in place of the head that version, status, reason and headers make.
    std::optional<std::string> raw_head{};
    /// A client that is not strict reads status and headers all the same.
    bool is_raw_head_readable = false;
    std::vector<HeadWait> head_waits{};       ///< in the order of their bytes
    std::optional<std::uint64_t> head_cut{};  ///< only so many bytes of the head; no body
    std::vector<BodyStep> body{};             ///< content; empty for HEAD
    std::optional<Chunking> chunking{};       ///< none: the content as it is
    std::optional<Pace> pace{};
    std::string extra{};            ///< bytes after the body that belong to nothing
    std::uint64_t end_wait_ms = 0;  ///< silence after the last byte, before the ending
    Ending ending = Ending::KeepAlive;
    std::string rule{};  ///< name of the fault rule that was applied, or empty
    std::vector<AppliedFault> faults{};
    bool operator==(const ResponsePlan&) const = default;
};

enum class Certificate : std::uint8_t { Good, Expired, WrongHost, SelfSigned, Untrusted };

/// What a connection meets before its first request.
struct ConnectionPlan {
    std::uint64_t accept_wait_ms = 0;             ///< after it is accepted, before anything is read
    std::optional<Ending> accept_end{};           ///< then this, and nothing else; never KeepAlive
    Certificate certificate = Certificate::Good;  ///< of a server with TLS
    std::uint64_t handshake_byte = 0;     ///< of what the server sends in the handshake; there:
    std::uint64_t handshake_wait_ms = 0;  ///< silence, and
    std::optional<Ending> handshake_end{};
    // The rest is played by the simulated network only.
    bool name_found = true;
    std::uint64_t name_wait_ms =
        0;  ///< the name server, or a first address where nobody is, takes so long
    bool name_moves = false;         ///< idle connections lead to a machine that is gone
    std::optional<Chance> loss{};    ///< of each packet
    std::uint64_t loss_wait_ms = 0;  ///< until a lost packet is sent again
    std::uint64_t loss_burst = 1;    ///< packets that are lost together
    std::uint64_t key = 0;           ///< what the losses are drawn from
    std::string rule{};
    bool operator==(const ConnectionPlan&) const = default;
};

struct RuleHits {
    std::string rule{};
    std::uint64_t hits = 0;
    bool operator==(const RuleHits&) const = default;
};

class Responder {
  public:
    /// REQUIRES: a script such as script_from_json accepts: each fault sets what its row of
    /// effect_table.hpp requires, in its bounds; names differ.
    explicit Responder(Script script);

    /// Asked before connection number `connection` can be made: nobody is to listen for so many
    /// milliseconds, and the number is used up. Counts the hit: that somebody knocked meanwhile is
    /// nothing a server can see.
    std::optional<std::uint64_t> refuse(std::uint64_t connection);

    /// What connection number `connection` meets. Called once for each, before its first request.
    ConnectionPlan admit(std::uint64_t connection);

    /// The answer to `request`. Counts rule hits and remembers content changes, so the order of
    /// calls matters and nothing else does.
    ResponsePlan respond(const Request& request);

    /// How often each rule has fired, in script order. A rule with 0 hits at the end of a test is a
    /// fault that was armed and never fired: the test has to fail.
    const std::vector<RuleHits>& hits() const { return hits_; }
    const Script& script() const { return script_; }

  private:
    /// What a connection has had so far.
    struct Past {
        std::uint64_t requests = 0;
        std::uint64_t body_bytes = 0;
    };
    /// What a rule has to remember.
    struct RulePast {
        std::uint64_t met = 0;     ///< matching requests while it was not used up, for `every`
        std::uint64_t memory = 0;  ///< of its effects
    };
    bool is_due(std::size_t index, std::uint64_t key);
    bool apply(std::size_t index, const Request& request, std::uint64_t key, Resource* resource,
               ResponsePlan& plan);

    Script script_;  ///< resources change when ChangeContent fires
    std::vector<RuleHits> hits_;
    std::vector<RulePast> past_of_;  ///< of each rule
    std::map<std::uint64_t, Past> past_;
};

/// The head as it goes over the wire: status line, header lines, empty line; or raw_head. Interim
/// responses and cuts are not in it.
std::string head_bytes(const ResponsePlan& plan);

}  // namespace qmgr::inline v0::fakeserver
