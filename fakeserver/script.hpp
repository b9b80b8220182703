// What the fake server is told: a site (resources) and the lies it tells about it (fault rules).
// Plain data with ==; the JSON form is script_json.hpp. docs/server-scripts.md is the manual. Every
// member has an initialiser, so that {.path = "/file", .size = 3} compiles without warnings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fakeserver/request.hpp"

namespace qmgr::inline v0::fakeserver {

/// One thing that can be fetched. Honest unless a fault rule says otherwise: HEAD and GET agree,
/// one byte range of a GET (a-b, a-, -n) is served with 206, If-Unmodified-Since is honoured with
/// 412.
struct Resource {
    std::string path{};                          ///< "/file"; matched exactly, query included
    std::uint64_t size = 0;                      ///< bytes
    std::uint64_t seed = 0;                      ///< content.hpp
    std::optional<std::string> last_modified{};  ///< sent byte for byte as written; none: not sent
    std::optional<std::string> etag{};           ///< likewise
    bool operator==(const Resource&) const = default;
};

/// A header that a request must have.
struct HeaderMatch {
    std::string name{};                  ///< case does not matter
    std::optional<std::string> value{};  ///< compared exactly; none: any
    bool operator==(const HeaderMatch&) const = default;
};

/// Which requests a rule applies to. Every field that is set must agree. A rule at the point Accept
/// or Handshake, or at none because its effect meets a whole connection, has no request before it:
/// there only `connection` may be set.
struct Match {
    std::optional<std::uint64_t> connection{};  ///< only on that connection
    std::optional<std::uint64_t> request{};     ///< only that request of the server's life
    std::optional<std::uint64_t> nth{};         ///< only that request of its connection, from 1
    std::optional<std::string> method{};
    std::optional<std::string> path{};
    std::optional<std::string> path_prefix{};
    std::optional<HeaderMatch> header{};
    std::optional<bool> has_range{};     ///< only requests with (true) or without (false) Range
    std::optional<std::string> range{};  ///< only that value of Range, "bytes=0-9"
    std::optional<bool> proxied{};       ///< only those with an absolute target, as to a proxy
    /// Only when the earlier answers on this connection had at least so many body bytes.
    std::optional<std::uint64_t> sent_bytes{};
    bool operator==(const Match&) const = default;
};

/// Where in an answer something happens.
enum class Where : std::uint8_t {
    Accept,     ///< the connection has just been accepted and nothing was read
    Handshake,  ///< after `byte` bytes that the server sends in the TLS handshake
    Head,       ///< after `byte` bytes of the head; 0: the request was read, nothing is sent
    Body,  ///< after `byte` bytes of content, chunk lines not counted; 0: between head and body
    End,   ///< after the last byte
};

struct Point {
    Where where = Where::Body;
    std::uint64_t byte = 0;
    bool operator==(const Point&) const = default;
};

/// A time in milliseconds that is fixed, or drawn from the rule's seed for each request.
struct Delay {
    enum class Kind : std::uint8_t {
        Fixed,      ///< `ms`
        Uniform,    ///< from `ms` to `most_ms`, both possible
        LogNormal,  ///< median `ms`; sigma in thousandths; never above `most_ms`
    };
    Kind kind = Kind::Fixed;
    std::uint64_t ms = 0;
    std::uint64_t most_ms = 0;
    std::uint64_t sigma_thousandths = 0;
    bool operator==(const Delay&) const = default;
};

/// `of` cases out of `out_of`.
struct Chance {
    std::uint64_t of = 1;
    std::uint64_t out_of = 1;
    bool operator==(const Chance&) const = default;
};

/// What happens. Each is a row of effect_table.hpp, which says what it does, which parameters it
/// reads and what it is for; the page docs/server-scripts.md is printed from there.
enum class Effect : std::uint8_t {
    // Time
    Delay,
    Trickle,
    Bandwidth,
    // Connections
    RefuseConnection,
    Close,
    Reset,
    HalfClose,
    Stall,
    // Lengths
    OmitLength,
    LengthTooBig,
    LengthTooSmall,
    LengthTwice,
    LengthNegative,
    LengthHuge,
    LengthNotANumber,
    // Heads
    GarbageHead,
    NoStatusLine,
    BadStatus,
    BadVersion,
    HeaderWithoutColon,
    SpaceBeforeColon,
    BareLineFeeds,
    FoldedHeader,
    NulInHeader,
    LongHeader,
    ManyHeaders,
    AddHeaders,
    OmitHeader,
    Http10,
    Interim,
    // Bodies
    CorruptBytes,
    GarbageAfterHead,
    ExtraBytes,
    // Chunks
    Chunked,
    ChunkBadSize,
    ChunkHugeSize,
    ChunkTooShort,
    ChunkNoLineEnd,
    ChunkNoLast,
    ChunkExtension,
    ChunkTrailer,
    // Answers
    RespondStatus,
    Redirect,
    DemandBasic,
    DemandDigest,
    // Ranges
    IgnoreRange,
    RangeEarlier,
    RangeLater,
    RangeTooLong,
    RangeTooShort,
    RangeWrongTotal,
    RangeUnknownTotal,
    RangeOtherBytes,
    RangeUnnamed,
    RangeAs200,
    RangeMultipart,
    False416,
    // Versions
    ChangeContent,
    OtherVersion,
    SameDateOtherBytes,
    IgnoreCondition,
    // Encodings
    LabelEncoding,
    Gzip,
    GzipUnlabelled,
    GzipBroken,
    GzipTwice,
    // TLS
    CertificateExpired,
    CertificateWrongHost,
    CertificateSelfSigned,
    CertificateUntrusted,
    // The simulated network
    NameNotFound,
    NameSlow,
    NameFirstAddressDead,
    NameMoves,
    PacketLoss,
    NetworkLoss,
};

/// An effect and its parameters; those that the effect does not read are not looked at.
struct Fault {
    Effect effect = Effect::RespondStatus;
    Point at{};
    int status = 0;
    std::vector<Header> headers{};
    std::string body{};
    std::string name{};      ///< of a header
    std::string value{};     ///< of a label
    std::string location{};  ///< of a redirect
    std::string user{};
    std::string password{};
    Delay delay{};
    std::optional<std::uint64_t> bytes{};
    std::optional<std::uint64_t> count{};
    std::uint64_t chunk_bytes = 0;        ///< at least 1
    std::uint64_t bytes_per_second = 0;   ///< at least 1
    std::vector<std::uint64_t> slices{};  ///< sizes of writes, in turn; each at least 1
    Chance chance{};
    std::optional<std::uint64_t> seed{};  ///< of content
    std::optional<std::uint64_t> size{};
    std::optional<std::string> last_modified{};
    std::optional<std::string> etag{};
    bool operator==(const Fault&) const = default;
};

/// Rules are tried in order; of the rules that match a request, the first one that is due and whose
/// faults can all happen applies (one rule a request). A fault cannot happen to an answer whose
/// body does not reach its byte, that has no range to lie about, no length to omit, or no resource
/// to change; such a rule has not fired.
struct FaultRule {
    std::string name{};  ///< in hit counts and messages; unique in a script
    Match match{};
    std::vector<Fault> faults{};           ///< at least one; applied one after the other
    std::optional<std::uint64_t> times{};  ///< fires so often, then is used up; none: always
    std::optional<std::uint64_t>
        every{};  ///< only each k-th of the matching requests, from the k-th
    /// Only in so many cases, drawn from `seed` by the number of the connection and the number of
    /// the request on it, so that the order in which requests arrive changes nothing.
    std::optional<Chance> chance{};
    std::uint64_t seed = 0;  ///< of everything this rule draws
    bool operator==(const FaultRule&) const = default;
};

struct Script {
    std::string title{};
    std::string why{};  ///< one sentence: the situation in the world this stands for
    std::vector<Resource> resources{};
    std::vector<FaultRule> rules{};
    bool operator==(const Script&) const = default;
};

}  // namespace qmgr::inline v0::fakeserver
