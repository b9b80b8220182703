#include "fakeserver/effect_table.hpp"

#include <array>

#include "fakeserver/edits.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

using enum Parameter;
using enum Need;

// Limits that keep an answer's cost in memory small; a wish beyond them is a mistake in a script.
constexpr std::uint64_t kMostGarbage = std::uint64_t{16} << 20U;
constexpr std::uint64_t kMostLines = 100'000;
constexpr std::uint64_t kMostInterims = 1000;
constexpr std::uint64_t kMostExtension = 1000;
constexpr std::uint64_t kLeastInterim = 100;
constexpr std::uint64_t kMostInterim = 199;
constexpr std::uint64_t kLeastStatus = 100;
constexpr std::uint64_t kMostStatus = 999;
/// A shift of a range or a length; far from the end of 64 bits, so that sums stay in them.
constexpr std::uint64_t kMostShift = std::uint64_t{1} << 62U;
constexpr std::uint64_t kMostRate = std::uint64_t{1} << 40U;

constexpr std::array kAt{ParameterUse{At}};
constexpr std::array kDelay{ParameterUse{At}, ParameterUse{DelayMs}};
constexpr std::array kDelayMs{ParameterUse{DelayMs}};
constexpr std::array kTrickle{ParameterUse{At, Optional}, ParameterUse{Slices},
                              ParameterUse{DelayMs, Optional}};
constexpr std::array kBandwidth{ParameterUse{BytesPerSecond, Required, 1, kMostRate}};
constexpr std::array kRefuse{ParameterUse{DelayMs}};
constexpr std::array kBytes{ParameterUse{Bytes, Required, 1, kMostShift}};
constexpr std::array kOptionalBytes{ParameterUse{Bytes, Optional, 1, kMostShift}};
constexpr std::array kGarbage{ParameterUse{Bytes, Required, 1, kMostGarbage}};
constexpr std::array kCorrupt{ParameterUse{At}, ParameterUse{Bytes, Optional, 1, kMostGarbage}};
constexpr std::array kCount{ParameterUse{Count, Required, 1, kMostLines}};
constexpr std::array kHeaders{ParameterUse{Headers}};
constexpr std::array kName{ParameterUse{Name}};
constexpr std::array kValue{ParameterUse{Value}};
constexpr std::array kBody{ParameterUse{Body}};
constexpr std::array kInterim{ParameterUse{Status, Required, kLeastInterim, kMostInterim},
                              ParameterUse{Count, Optional, 1, kMostInterims},
                              ParameterUse{Headers, Optional}};
constexpr std::array kChunked{ParameterUse{ChunkBytes, Required, 1, kMostShift}};
constexpr std::array kChunkLie{ParameterUse{ChunkBytes, Required, 1, kMostShift},
                               ParameterUse{At, Optional}};
constexpr std::array kChunkExtension{ParameterUse{ChunkBytes, Required, 1, kMostShift},
                                     ParameterUse{Value, Required, 0, kMostExtension}};
constexpr std::array kChunkTrailer{ParameterUse{ChunkBytes, Required, 1, kMostShift},
                                   ParameterUse{Headers}};
constexpr std::array kStatus{ParameterUse{Status, Required, kLeastStatus, kMostStatus},
                             ParameterUse{Headers, Optional}, ParameterUse{Body, Optional}};
constexpr std::array kRedirect{ParameterUse{Location},
                               ParameterUse{Status, Optional, kLeastStatus, kMostStatus}};
constexpr std::array kBasic{ParameterUse{User}, ParameterUse{Password},
                            ParameterUse{Status, Optional, 401, 407}};
constexpr std::array kDigest{ParameterUse{User}, ParameterUse{Password},
                             ParameterUse{Status, Optional, 401, 407},
                             ParameterUse{Count, Optional, 1}};
constexpr std::array kChange{ParameterUse{Seed, Optional},
                             ParameterUse{Size, Optional, 0, kMostShift},
                             ParameterUse{LastModified, Optional}, ParameterUse{Etag, Optional}};
constexpr std::array kSeed{ParameterUse{Seed}};
constexpr std::array kLoss{ParameterUse{Chance}, ParameterUse{DelayMs},
                           ParameterUse{Count, Optional, 1, kMostLines}};

constexpr std::span<const ParameterUse> kNone{};
constexpr Points kNowhere{};
constexpr Points kAnywhere{.connection = true, .head = true, .body = true, .end = true};
constexpr Points kInside{.connection = false, .head = true, .body = true, .end = false};
constexpr Points kInBody{.connection = false, .head = false, .body = true, .end = false};

using Text = std::string_view;
using Parameters = std::span<const ParameterUse>;
using Edit = decltype(EffectRow::edit);
using Meet = decltype(EffectRow::meet);

// The four kinds of row. The texts are: what it does, what it is there for, an example of a fault,
// and of a match for it.
consteval EffectRow in_an_answer(Effect effect, Text name, Parameters parameters, Points points,
                                 Edit edit, Text does, Text purpose, Text example, Text match) {
    return {effect, name,  parameters, points,  edit,    nullptr,
            false,  false, does,       purpose, example, match};
}
consteval EffectRow to_a_connection(Effect effect, Text name, Parameters parameters, Meet meet,
                                    Text does, Text purpose, Text example, Text match) {
    return {effect, name,  parameters, kNowhere, nullptr, meet,
            false,  false, does,       purpose,  example, match};
}
consteval EffectRow at_a_point(Effect effect, Text name, Parameters parameters, Edit edit,
                               Meet meet, Text does, Text purpose, Text example, Text match) {
    return {effect, name,  parameters, kAnywhere, edit,    meet,
            false,  false, does,       purpose,   example, match};
}
consteval EffectRow in_its_place(Effect effect, Text name, Parameters parameters, Points points,
                                 Edit edit, Text does, Text purpose, Text example, Text match) {
    EffectRow row =
        in_an_answer(effect, name, parameters, points, edit, does, purpose, example, match);
    row.replaces = true;
    return row;
}
consteval EffectRow simulated(EffectRow row) {
    row.simulated_only = true;
    return row;
}
consteval EffectRow over_tls(EffectRow row) {
    row.needs_tls = true;
    return row;
}

constexpr std::array kEffects{
    // Too long a list for the formatter, which gives up on it without a word.
    // clang-format off
    // Time
    at_a_point(Effect::Delay, "Delay", kDelay, edit::delay, edit::meet_delay,
        "Silence of so many milliseconds at a point; then everything goes on.",
        "XFER-STATUS-1; matrix rows *fixed delay before response*, *jitter / distribution*, "
        "*delay between header and body, between writes*",
        R"({"effect": "Delay", "at": "before_head", "delay_ms": {"uniform": [100, 300]}})",
        R"({"method": "GET"})"),
    in_an_answer(Effect::Trickle, "Trickle", kTrickle, kInside, edit::trickle,
        "From a point on, writes of exactly these sizes in turn, with silence between them. "
        "Each write goes out in a packet of its own when the gap is not 0.",
        "XFER-NOPROG-1; matrix row *slicing into small writes*",
        R"({"effect": "Trickle", "at": {"body_byte": 10}, "slices": [1000, 2000], "delay_ms": 20})",
        R"({"method": "GET"})"),
    in_an_answer(Effect::Bandwidth, "Bandwidth", kBandwidth, kNowhere, edit::bandwidth,
        "The body at so many bytes a second, in fifty slices a second (below fifty bytes a "
        "second: one byte at a time).",
        "matrix row *bandwidth limit*",
        R"({"effect": "Bandwidth", "bytes_per_second": 200000})", R"({"method": "GET"})"),

    // Connections
    to_a_connection(Effect::RefuseConnection, "RefuseConnection", kRefuse, edit::meet_refusal,
        "Nobody listens for so many milliseconds before the connection of that number, which is "
        "used up by it. The time begins when the connection before it is accepted, for the first "
        "one at the start. It counts as fired when the port closes: whether somebody knocked "
        "meanwhile is nothing that a server can see. Without `connection` or `times` nobody is "
        "ever let in.",
        "XFER-STATUS-1; matrix row *refuse / not listening*",
        R"({"effect": "RefuseConnection", "delay_ms": 500})", R"({"connection": 2})"),
    at_a_point(Effect::Close, "Close", kAt, edit::close, edit::meet_close,
        "FIN at a point. At `accept`: without a byte. In the body: the head promised more. At "
        "`end`: the answer is whole and the connection is closed without having said so.",
        "XFER-BODY-1, XFER-GET-4; matrix rows *close with no bytes*, *truncate body at byte N*, "
        "*keep-alive lies*",
        R"({"effect": "Close", "at": {"body_byte": 5000}})", R"({"method": "GET"})"),
    at_a_point(Effect::Reset, "Reset", kAt, edit::reset, edit::meet_reset,
        "RST at a point. It waits until the client's kernel has acknowledged the promised bytes "
        "(at most 10 seconds), because a reset throws away what is still on the way.",
        "XFER-BODY-1, XFER-GET-4; matrix row *TCP reset*",
        R"({"effect": "Reset", "at": {"body_byte": 9900}})", R"({"method": "GET"})"),
    at_a_point(Effect::HalfClose, "HalfClose", kAt, edit::half_close, edit::meet_half_close,
        "FIN at a point, and everything that the client still sends is read until the client "
        "ends, too.",
        "XFER-BODY-1; matrix row *slow close, half close*",
        R"({"effect": "HalfClose", "at": {"body_byte": 1000}})", R"({"method": "GET"})"),
    at_a_point(Effect::Stall, "Stall", kAt, edit::stall, edit::meet_stall,
        "Silence for ever at a point; the connection stays open until the client goes.",
        "XFER-STATUS-1, XFER-NOPROG-1; matrix row *accept and stall; never answer*",
        R"({"effect": "Stall", "at": {"body_byte": 1000}})", R"({"method": "GET"})"),

    // Lengths
    in_an_answer(Effect::OmitLength, "OmitLength", kNone, kNowhere, edit::omit_length,
        "No Content-Length; the body is ended by closing, and the head says so with "
        "`Connection: close`.",
        "XFER-SIZE-1; matrix row *Content-Length … missing*",
        R"({"effect": "OmitLength"})", R"({"method": "HEAD"})"),
    in_an_answer(Effect::LengthTooBig, "LengthTooBig", kBytes, kNowhere, edit::length_too_big,
        "Content-Length is larger by so many bytes than what is sent. The connection stays "
        "open: a client that believes it waits for ever. Add `Close` at `end` for a cut.",
        "XFER-BODY-1; matrix row *Content-Length too big*",
        R"({"effect": "LengthTooBig", "bytes": 10})", R"({"method": "GET"})"),
    in_an_answer(Effect::LengthTooSmall, "LengthTooSmall", kBytes, kNowhere, edit::length_too_small,
        "Content-Length is smaller by so many bytes than what is sent: the rest stands in the "
        "connection like the start of another answer.",
        "XFER-BODY-1; matrix row *Content-Length … small*",
        R"({"effect": "LengthTooSmall", "bytes": 10})", R"({"method": "GET"})"),
    in_an_answer(Effect::LengthTwice, "LengthTwice", kOptionalBytes, kNowhere, edit::length_twice,
        "Two Content-Length lines: the honest one, and one that is larger by `bytes` (1).",
        "XFER-SIZE-1; matrix row *Content-Length … twice*",
        R"({"effect": "LengthTwice"})", R"({"method": "GET"})"),
    in_an_answer(Effect::LengthNegative, "LengthNegative", kNone, kNowhere, edit::length_negative,
        "Content-Length has a minus sign.",
        "XFER-SIZE-1; matrix row *Content-Length … negative*",
        R"({"effect": "LengthNegative"})", R"({"method": "GET"})"),
    in_an_answer(Effect::LengthHuge, "LengthHuge", kNone, kNowhere, edit::length_huge,
        "Content-Length is beyond 64 bits.",
        "XFER-SIZE-1; matrix row *Content-Length … huge*",
        R"({"effect": "LengthHuge"})", R"({"method": "GET"})"),
    in_an_answer(Effect::LengthNotANumber, "LengthNotANumber", kNone, kNowhere,
        edit::length_not_a_number,
        "Content-Length is the word `many`.",
        "XFER-SIZE-1; matrix row *Content-Length*",
        R"({"effect": "LengthNotANumber"})", R"({"method": "GET"})"),

    // Heads
    in_its_place(Effect::GarbageHead, "GarbageHead", kGarbage, kNowhere, edit::garbage_head,
        "So many bytes drawn from the rule's seed in place of the whole answer, then FIN.",
        "XFER-STATUS-1; matrix row *garbage instead of a response*",
        R"({"effect": "GarbageHead", "bytes": 100})", R"({"method": "GET"})"),
    in_an_answer(Effect::NoStatusLine, "NoStatusLine", kNone, kNowhere, edit::no_status_line,
        "The head begins with its first header line.",
        "XFER-STATUS-1; what some parsers let pass",
        R"({"effect": "NoStatusLine"})", R"({"method": "GET"})"),
    in_an_answer(Effect::BadStatus, "BadStatus", kNone, kNowhere, edit::bad_status,
        "The status line is `HTTP/1.1 2OO OK`, with letters.",
        "XFER-STATUS-1; what some parsers let pass",
        R"({"effect": "BadStatus"})", R"({"method": "GET"})"),
    in_an_answer(Effect::BadVersion, "BadVersion", kNone, kNowhere, edit::bad_version,
        "The status line is `HTTP/9.9 200 OK`.",
        "XFER-STATUS-1; what some parsers let pass",
        R"({"effect": "BadVersion"})", R"({"method": "GET"})"),
    in_an_answer(Effect::HeaderWithoutColon, "HeaderWithoutColon", kNone, kNowhere,
        edit::header_without_colon,
        "The first header line is `This line has no colon`.",
        "XFER-STATUS-1; what some parsers let pass",
        R"({"effect": "HeaderWithoutColon"})", R"({"method": "GET"})"),
    in_an_answer(Effect::SpaceBeforeColon, "SpaceBeforeColon", kNone, kNowhere,
        edit::space_before_colon,
        "`Content-Length : 1`, which RFC 9112, 5.1 forbids.",
        "XFER-SIZE-1; what some parsers let pass",
        R"({"effect": "SpaceBeforeColon"})", R"({"method": "GET"})"),
    in_an_answer(Effect::BareLineFeeds, "BareLineFeeds", kNone, kNowhere, edit::bare_line_feeds,
        "The lines of the head end with LF alone.",
        "XFER-STATUS-1; what some parsers let pass",
        R"({"effect": "BareLineFeeds"})", R"({"method": "GET"})"),
    in_an_answer(Effect::FoldedHeader, "FoldedHeader", kNone, kNowhere, edit::folded_header,
        "A header line that goes on in the next line, as it was allowed until 2014.",
        "XFER-STATUS-1; what some parsers let pass",
        R"({"effect": "FoldedHeader"})", R"({"method": "GET"})"),
    in_an_answer(Effect::NulInHeader, "NulInHeader", kNone, kNowhere, edit::nul_in_header,
        "A header line with a NUL in it.",
        "XFER-STATUS-1; what some parsers let pass",
        R"({"effect": "NulInHeader"})", R"({"method": "GET"})"),
    in_an_answer(Effect::LongHeader, "LongHeader", kGarbage, kNowhere, edit::long_header,
        "A header line `X-Long` with a value of so many letters.",
        "XFER-STATUS-1; a limit that every client has",
        R"({"effect": "LongHeader", "bytes": 20000})", R"({"method": "GET"})"),
    in_an_answer(Effect::ManyHeaders, "ManyHeaders", kCount, kNowhere, edit::many_headers,
        "So many more header lines.",
        "XFER-STATUS-1; a limit that every client has",
        R"({"effect": "ManyHeaders", "count": 200})", R"({"method": "GET"})"),
    in_an_answer(Effect::AddHeaders, "AddHeaders", kHeaders, kNowhere, edit::add_headers,
        "More header lines at the end of the head: `Via`, `Age`, `Set-Cookie` …",
        "matrix row *range ignored*: what a proxy or a cache adds",
        R"({"effect": "AddHeaders", "headers": [{"name": "Via", "value": "1.1 proxy"}]})",
        R"({"method": "GET"})"),
    in_an_answer(Effect::OmitHeader, "OmitHeader", kName, kNowhere, edit::omit_header,
        "A header of the honest answer is left out. For Content-Length there is `OmitLength`.",
        "XFER-DATE-1; matrix row *identity lies*",
        R"({"effect": "OmitHeader", "name": "Last-Modified"})", R"({"method": "GET"})"),
    in_an_answer(Effect::Http10, "Http10", kNone, kNowhere, edit::http10,
        "The answer of an HTTP/1.0 server, which closes after it.",
        "HTTP/1.0 servers are still out there",
        R"({"effect": "Http10"})", R"({"method": "GET"})"),
    in_an_answer(Effect::Interim, "Interim", kInterim, kNowhere, edit::interim,
        "`count` (1) heads with that 1xx status before the answer.",
        "XFER-STATUS-1; matrix row *1xx responses*",
        R"({"effect": "Interim", "status": 103, "count": 3})",
        R"({"method": "GET"})"),

    // Bodies
    in_an_answer(Effect::CorruptBytes, "CorruptBytes", kCorrupt, kInBody, edit::corrupt_bytes,
        "`bytes` (1) bytes of the body are the complement of what they should be; the length is "
        "right.",
        "XFER-BODY-1; matrix row *corrupt body bytes, right length*",
        R"({"effect": "CorruptBytes", "at": {"body_byte": 700}, "bytes": 16})",
        R"({"method": "GET"})"),
    in_its_place(Effect::GarbageAfterHead, "GarbageAfterHead", kGarbage, kNowhere,
        edit::garbage_after_head,
        "So many bytes drawn from the rule's seed in place of the body, whatever the head says, "
        "then FIN.",
        "XFER-BODY-1; matrix row *garbage … after headers*",
        R"({"effect": "GarbageAfterHead", "bytes": 100})", R"({"method": "GET"})"),
    in_an_answer(Effect::ExtraBytes, "ExtraBytes", kBody, kNowhere, edit::extra_bytes,
        "More bytes after the answer, which belong to nothing. A whole answer in them is one "
        "that nobody asked for.",
        "XFER-BODY-1; matrix row *keep-alive lies: bytes after the body, pipelined leftovers*",
        R"({"effect": "ExtraBytes", "body": "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"})",
        R"({"method": "HEAD"})"),

    // Chunks
    in_an_answer(Effect::Chunked, "Chunked", kChunked, kNowhere, edit::chunked,
        "The body in chunks of so many bytes instead of with a length. An honest one: with "
        "`Close` in the body behind it, a cut one. Not done to a body of more than 65,536 "
        "chunks.",
        "XFER-SIZE-1; matrix row *chunk faults*",
        R"({"effect": "Chunked", "chunk_bytes": 4096})", R"({"method": "GET"})"),
    in_an_answer(Effect::ChunkBadSize, "ChunkBadSize", kChunkLie, kInBody, edit::chunk_bad_size,
        "The size line of the chunk that holds this body byte is `zz`.",
        "XFER-BODY-1; matrix row *chunk faults (bad size)*",
        R"({"effect": "ChunkBadSize", "chunk_bytes": 4096, "at": {"body_byte": 5000}})",
        R"({"method": "GET"})"),
    in_an_answer(Effect::ChunkHugeSize, "ChunkHugeSize", kChunkLie, kInBody, edit::chunk_huge_size,
        "The size line of that chunk is beyond 64 bits.",
        "XFER-BODY-1; matrix row *chunk faults (bad size)*",
        R"({"effect": "ChunkHugeSize", "chunk_bytes": 4096, "at": {"body_byte": 5000}})",
        R"({"method": "GET"})"),
    in_an_answer(Effect::ChunkTooShort, "ChunkTooShort", kChunkLie, kInBody, edit::chunk_too_short,
        "That chunk has one byte less than its size line says.",
        "XFER-BODY-1; matrix row *chunk faults (bad size)*",
        R"({"effect": "ChunkTooShort", "chunk_bytes": 4096, "at": {"body_byte": 5000}})",
        R"({"method": "GET"})"),
    in_an_answer(Effect::ChunkNoLineEnd, "ChunkNoLineEnd", kChunkLie, kInBody,
        edit::chunk_no_line_end,
        "There is no line end after the data of that chunk.",
        "XFER-BODY-1; matrix row *chunk faults (bad size)*",
        R"({"effect": "ChunkNoLineEnd", "chunk_bytes": 4096, "at": {"body_byte": 5000}})",
        R"({"method": "GET"})"),
    in_an_answer(Effect::ChunkNoLast, "ChunkNoLast", kChunked, kNowhere, edit::chunk_no_last,
        "All chunks but the last, empty one; then FIN.",
        "XFER-BODY-1; matrix row *chunk faults (no last chunk)*",
        R"({"effect": "ChunkNoLast", "chunk_bytes": 4096})", R"({"method": "GET"})"),
    in_an_answer(Effect::ChunkExtension, "ChunkExtension", kChunkExtension, kNowhere,
        edit::chunk_extension,
        "Each size line has this extension behind a semicolon. Allowed by RFC 9112.",
        "XFER-SIZE-1; matrix row *chunk faults (extension)*",
        R"({"effect": "ChunkExtension", "chunk_bytes": 4096, "value": "ieof"})",
        R"({"method": "GET"})"),
    in_an_answer(Effect::ChunkTrailer, "ChunkTrailer", kChunkTrailer, kNowhere, edit::chunk_trailer,
        "These header lines stand behind the last chunk. Allowed by RFC 9112.",
        "XFER-SIZE-1; matrix row *chunk faults (trailer)*",
        R"({"effect": "ChunkTrailer", "chunk_bytes": 4096, )"
        R"("headers": [{"name": "X-Sum", "value": "1"}]})",
        R"({"method": "GET"})"),

    // Answers
    in_its_place(Effect::RespondStatus, "RespondStatus", kStatus, kNowhere, edit::respond_status,
        "This answer instead of the resource, also for a path that does not exist. "
        "Content-Length is that of `body`, unless `headers` has one. A Retry-After goes into "
        "`headers`, in seconds or as a date.",
        "XFER-STATUS-1, XFER-WAIT-1, XFER-HEAD-2; matrix rows *status storms*, *HEAD and GET "
        "disagree*",
        R"({"effect": "RespondStatus", "status": 503, )"
        R"("headers": [{"name": "Retry-After", "value": "5"}], "body": "try again\n"})",
        R"({"method": "GET"})"),
    in_its_place(Effect::Redirect, "Redirect", kRedirect, kNowhere, edit::redirect,
        "`status` (302) and a Location. In it `{host}` is the Host of the request and `{n}` "
        "counts how often the rule fired: the same location is a loop, `/hop/{n}` a long way "
        "and a changing target; a location may be relative, of another host or of another "
        "scheme.",
        "XFER-REDIR-1; matrix row *redirects*",
        R"({"effect": "Redirect", "location": "/file"})", R"({"path_prefix": "/start"})"),
    in_its_place(Effect::DemandBasic, "DemandBasic", kBasic, kNowhere, edit::demand_basic,
        "401, or `status` 407, until a request names this user and password. The requests that "
        "do pass by this rule.",
        "XFER-HEAD-2; matrix row *auth: basic*",
        R"({"effect": "DemandBasic", "user": "u", "password": "p"})", R"({})"),
    in_its_place(Effect::DemandDigest, "DemandDigest", kDigest, kNowhere, edit::demand_digest,
        "The same with Digest (MD5, qop=auth). After `count` requests on one nonce it is stale: "
        "the next one is asked again, with a new nonce and `stale=true`. No `count`: one nonce "
        "for ever.",
        "XFER-HEAD-2; matrix row *auth: digest, stale nonce*",
        R"({"effect": "DemandDigest", "user": "u", "password": "p", "count": 1})", R"({})"),

    // Ranges
    in_its_place(Effect::IgnoreRange, "IgnoreRange", kNone, kNowhere, edit::ignore_range,
        "200 and the whole resource, whatever Range was asked.",
        "XFER-RANGE-1; matrix row *range ignored (200)*",
        R"({"effect": "IgnoreRange"})", R"({"has_range": true})"),
    in_its_place(Effect::RangeEarlier, "RangeEarlier", kBytes, kNowhere, edit::range_earlier,
        "206 with a range that starts so many bytes before the one that was asked, and says so: "
        "it overlaps what the client has.",
        "XFER-RANGE-1; matrix row *range lies: earlier start, overlapping*",
        R"({"effect": "RangeEarlier", "bytes": 100})", R"({"has_range": true})"),
    in_its_place(Effect::RangeLater, "RangeLater", kBytes, kNowhere, edit::range_later,
        "206 with a range that starts so many bytes later, and says so: a gap.",
        "XFER-RANGE-1; matrix row *range lies: later start*",
        R"({"effect": "RangeLater", "bytes": 100})", R"({"has_range": true})"),
    in_its_place(Effect::RangeTooLong, "RangeTooLong", kBytes, kNowhere, edit::range_too_long,
        "206 with a range that ends so many bytes later, and says so.",
        "XFER-RANGE-1; matrix row *range lies: overlapping*",
        R"({"effect": "RangeTooLong", "bytes": 100})", R"({"range": "bytes=100-199"})"),
    in_its_place(Effect::RangeTooShort, "RangeTooShort", kBytes, kNowhere, edit::range_too_short,
        "206 with a range that ends so many bytes earlier, and says so.",
        "XFER-RANGE-1; matrix row *range lies*",
        R"({"effect": "RangeTooShort", "bytes": 50})", R"({"has_range": true})"),
    in_its_place(Effect::RangeWrongTotal, "RangeWrongTotal", kBytes, kNowhere,
        edit::range_wrong_total,
        "The total in Content-Range is larger by so many bytes.",
        "XFER-RANGE-1; matrix row *range lies: wrong total, total changes*",
        R"({"effect": "RangeWrongTotal", "bytes": 1})", R"({"has_range": true})"),
    in_its_place(Effect::RangeUnknownTotal, "RangeUnknownTotal", kNone, kNowhere,
        edit::range_unknown_total,
        "The total in Content-Range is `*`. Allowed by RFC 9110.",
        "XFER-RANGE-1; matrix row *range lies: wrong total*",
        R"({"effect": "RangeUnknownTotal"})", R"({"has_range": true})"),
    in_its_place(Effect::RangeOtherBytes, "RangeOtherBytes", kBytes, kNowhere,
        edit::range_other_bytes,
        "The head is right, and the bytes are those that stand so many bytes earlier.",
        "XFER-RANGE-1; matrix row *range lies: earlier start*",
        R"({"effect": "RangeOtherBytes", "bytes": 100})", R"({"has_range": true})"),
    in_its_place(Effect::RangeUnnamed, "RangeUnnamed", kNone, kNowhere, edit::range_unnamed,
        "206 without Content-Range.",
        "XFER-RANGE-1; matrix row *range lies*",
        R"({"effect": "RangeUnnamed"})", R"({"has_range": true})"),
    in_its_place(Effect::RangeAs200, "RangeAs200", kNone, kNowhere, edit::range_as_200,
        "The bytes that were asked for under status 200 and without Content-Range, as if they were "
        "the whole.",
        "XFER-RANGE-1; matrix row *range lies*",
        R"({"effect": "RangeAs200"})", R"({"has_range": true})"),
    in_its_place(Effect::RangeMultipart, "RangeMultipart", kNone, kNowhere, edit::range_multipart,
        "206 with the range as the only part of a `multipart/byteranges`.",
        "XFER-RANGE-1; matrix row *range lies: multipart*",
        R"({"effect": "RangeMultipart"})", R"({"has_range": true})"),
    in_its_place(Effect::False416, "False416", kNone, kNowhere, edit::false_416,
        "416 for a range that exists.",
        "XFER-RANGE-2; matrix row *range lies: 416 wrong*",
        R"({"effect": "False416"})", R"({"has_range": true})"),

    // Versions
    in_its_place(Effect::ChangeContent, "ChangeContent", kChange, kNowhere, edit::change_content,
        "From this request on the resource is another version; what is not given stays as it "
        "was. The request itself is already judged by the new version. A date before the old "
        "one is a date that goes back.",
        "XFER-CHANGE-1, XFER-GET-2; matrix row *identity lies: ETag changes, date goes back*",
        R"({"effect": "ChangeContent", "seed": 2, "size": 9000, )"
        R"("last_modified": "Wed, 03 Jan 2001 03:04:05 GMT"})",
        R"({"request": 3})"),
    in_its_place(Effect::OtherVersion, "OtherVersion", kChange, kNowhere, edit::other_version,
        "This answer alone is that of another version: a second node, a stale cache, a HEAD "
        "that disagrees with GET.",
        "XFER-CHANGE-1, XFER-HEAD-1; matrix row *HEAD and GET disagree*",
        R"({"effect": "OtherVersion", "size": 1001})", R"({"method": "HEAD"})"),
    in_its_place(Effect::SameDateOtherBytes, "SameDateOtherBytes", kSeed, kNowhere,
        edit::same_date_other_bytes,
        "From this request on the bytes are others, and size, date and tag are not.",
        "XFER-CHANGE-1; matrix row *identity lies: same ETag other bytes*",
        R"({"effect": "SameDateOtherBytes", "seed": 2})", R"({"has_range": true})"),
    in_its_place(Effect::IgnoreCondition, "IgnoreCondition", kNone, kNowhere,
        edit::ignore_condition,
        "If-Unmodified-Since and If-Range are not looked at. It can happen only where they "
        "would have changed the answer.",
        "XFER-GET-2; matrix row *identity lies: If-Range ignored*",
        R"({"effect": "IgnoreCondition"})", R"({"method": "GET"})"),

    // Encodings
    in_an_answer(Effect::LabelEncoding, "LabelEncoding", kValue, kNowhere, edit::label_encoding,
        "Content-Encoding with this value over plain bytes.",
        "XFER-GET-3; matrix row *content encoding lies (wrong label)*",
        R"({"effect": "LabelEncoding", "value": "gzip"})", R"({"method": "GET"})"),
    in_its_place(Effect::Gzip, "Gzip", kNone, kNowhere, edit::gzip,
        "The body in gzip and labelled so, though nobody asked. Like the next three only where "
        "the whole resource is served, up to 16 MiB.",
        "XFER-GET-3; matrix row *content encoding lies*",
        R"({"effect": "Gzip"})", R"({"method": "GET"})"),
    in_its_place(Effect::GzipUnlabelled, "GzipUnlabelled", kNone, kNowhere, edit::gzip_unlabelled,
        "The body in gzip without a label.",
        "XFER-GET-3; matrix row *content encoding lies (wrong label)*",
        R"({"effect": "GzipUnlabelled"})", R"({"method": "GET"})"),
    in_its_place(Effect::GzipBroken, "GzipBroken", kNone, kNowhere, edit::gzip_broken,
        "The body in gzip with wrong bytes in the middle.",
        "XFER-GET-3; matrix row *content encoding lies (gzip broken)*",
        R"({"effect": "GzipBroken"})", R"({"method": "GET"})"),
    in_its_place(Effect::GzipTwice, "GzipTwice", kNone, kNowhere, edit::gzip_twice,
        "The body in gzip, and that in gzip; labelled once.",
        "XFER-GET-3; matrix row *content encoding lies (double)*",
        R"({"effect": "GzipTwice"})", R"({"method": "GET"})"),

    // TLS
    over_tls(to_a_connection(Effect::CertificateExpired, "CertificateExpired", kNone,
        edit::meet_expired,
        "A certificate that was valid until yesterday. Like the next three only for a server "
        "with TLS; a cut handshake is `Close`, `Reset`, `Stall` or `Delay` at "
        "`{\"handshake_byte\": n}`.",
        "matrix row *TLS: expired*",
        R"({"effect": "CertificateExpired"})", R"({"connection": 1})")),
    over_tls(to_a_connection(Effect::CertificateWrongHost, "CertificateWrongHost", kNone,
        edit::meet_wrong_host,
        "A certificate for wrong.example.",
        "matrix row *TLS: wrong host*",
        R"({"effect": "CertificateWrongHost"})", R"({"connection": 1})")),
    over_tls(to_a_connection(Effect::CertificateSelfSigned, "CertificateSelfSigned", kNone,
        edit::meet_self_signed,
        "A certificate that nobody but itself speaks for.",
        "matrix row *TLS: self-signed*",
        R"({"effect": "CertificateSelfSigned"})", R"({"connection": 1})")),
    over_tls(to_a_connection(Effect::CertificateUntrusted, "CertificateUntrusted", kNone,
        edit::meet_untrusted,
        "A certificate of an authority that nobody knows.",
        "matrix row *TLS: untrusted*",
        R"({"effect": "CertificateUntrusted"})", R"({"connection": 1})")),

    // The simulated network
    simulated(to_a_connection(Effect::NameNotFound, "NameNotFound", kNone, edit::meet_no_name,
        "The name of the server is not found when this connection is to be made.",
        "XFER-STATUS-1; matrix row *DNS: fail*",
        R"({"effect": "NameNotFound"})", R"({"connection": 2})")),
    simulated(to_a_connection(Effect::NameSlow, "NameSlow", kDelayMs, edit::meet_slow_name,
        "The name server takes so long.",
        "XFER-NOPROG-1; matrix row *DNS: slow*",
        R"({"effect": "NameSlow", "delay_ms": 4000})", R"({"connection": 1})")),
    simulated(to_a_connection(Effect::NameFirstAddressDead, "NameFirstAddressDead", kDelayMs,
        edit::meet_slow_name,
        "The name has two addresses, and so long nobody answers at the first; then the client "
        "takes the second.",
        "XFER-STATUS-1; matrix row *DNS: two addresses*",
        R"({"effect": "NameFirstAddressDead", "delay_ms": 2000})", R"({"connection": 1})")),
    simulated(to_a_connection(Effect::NameMoves, "NameMoves", kNone, edit::meet_moved_name,
        "The name leads to another machine from now on: every idle connection is one to a "
        "machine that is gone, and none is used again.",
        "XFER-STATUS-1; matrix row *DNS: change*",
        R"({"effect": "NameMoves"})", R"({"connection": 2})")),
    simulated(to_a_connection(Effect::PacketLoss, "PacketLoss", kLoss, edit::meet_loss,
        "So many of the packets (1,460 body bytes) of this connection are lost, `count` (1) "
        "together, and sent again after `delay_ms`.",
        "XFER-NOPROG-1; matrix row *packet loss (burst)*",
        R"({"effect": "PacketLoss", "chance": [1, 50], "count": 3, "delay_ms": 200})",
        R"({"connection": 1})")),
    simulated(in_an_answer(Effect::NetworkLoss, "NetworkLoss", kDelay, kInside, edit::delay,
        "Nothing gets through for so long from this point on; what was sent arrives then.",
        "XFER-NET-1; matrix row *packet loss (burst)*",
        R"({"effect": "NetworkLoss", "at": {"body_byte": 1000}, "delay_ms": 3000})",
        R"({"method": "GET"})")),
    // clang-format on
};

/// Row number = enumerator, so that a lookup is an index.
consteval bool in_order() {
    for (std::size_t i = 0; i < kEffects.size(); ++i) {
        if (static_cast<std::size_t>(kEffects[i].effect) != i) {
            return false;
        }
    }
    return true;
}
static_assert(in_order());
static_assert(kEffects.back().effect == Effect::NetworkLoss, "one row for each Effect");

}  // namespace

std::span<const EffectRow> effect_table() { return kEffects; }

const EffectRow& effect_row(Effect effect) { return kEffects.at(static_cast<std::size_t>(effect)); }

bool is_of_connection(const Fault& fault) {
    const EffectRow& row = effect_row(fault.effect);
    return row.edit == nullptr || (row.points.connection && (fault.at.where == Where::Accept ||
                                                             fault.at.where == Where::Handshake));
}

}  // namespace qmgr::inline v0::fakeserver
