// What the server's answer means: (what was asked × what came) ⟶ decision. The transport reports
// heads as received; here, and nowhere else, lengths, ranges and validators are judged.
//
// Each column of a row is a set of accepted values; a row fits when every column accepts. Every
// combination of values fits exactly one row (response_table_test counts all of them).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "reference/contract/hresult.hpp"
#include "reference/engine/table.hpp"

namespace qmgr {

enum class Asked : std::uint8_t {
    Head,
    Whole,       ///< GET without Range
    FromStart,   ///< GET with a range that begins at 0
    FromMiddle,  ///< GET with a range that begins later
};
inline constexpr std::size_t kAsked = 4;

enum class Came : std::uint8_t {
    Ok,                  ///< 200
    Partial,             ///< 206
    Redirect,            ///< 301 302 303 307 308
    PreconditionFailed,  ///< 412
    RangeRefused,        ///< 416
    MethodRefused,       ///< 405 501
    TransientStatus,     ///< 408 409 429, 5xx but 501 505
    FinalStatus,         ///< every other
    Nothing,             ///< no answer, or none that can be read; or its body ended early
};
inline constexpr std::size_t kCame = 9;

enum class Length : std::uint8_t {
    Known,  ///< one Content-Length; or chunked where HEAD gave the size
    Missing,
    Bad,  ///< two different ones, or one that is no number
};
inline constexpr std::size_t kLengths = 3;

enum class YesNo : std::uint8_t { No, Yes };
constexpr YesNo yes_no(bool yes) { return yes ? YesNo::Yes : YesNo::No; }

struct ResponseFacts {
    Asked asked = Asked::Head;
    Came came = Came::Nothing;
    Length length = Length::Missing;
    YesNo encoded = YesNo::No;     ///< a Content-Encoding other than identity
    YesNo range_fits = YesNo::No;  ///< Content-Range has unit, start and end as asked; one part
    YesNo changed = YesNo::No;     ///< another Last-Modified or total than the file has
    YesNo may_follow = YesNo::No;  ///< the redirect's target is allowed (XFER-REDIR-1)
    YesNo quick = YesNo::No;       ///< a quick retry is left, and no byte was stored
    bool operator==(const ResponseFacts&) const = default;
};

enum class Decision : std::uint8_t {
    Learn,       ///< take size and date from the head; go on with GET
    FetchBlind,  ///< go on with one whole GET, whose head will tell the size
    Append,      ///< take the body
    StartOver,   ///< the file changed: from byte 0, at once
    RetryNow,    ///< the same again, at once
    RetryLater,  ///< transient: after the retry delay
    Follow,      ///< the same request to the redirect's target
    GiveUp,      ///< error
};

struct ResponseRow {
    SetOf<Asked> asked;
    SetOf<Came> came;
    SetOf<Length> length;
    SetOf<YesNo> encoded;
    SetOf<YesNo> range_fits;
    SetOf<YesNo> changed;
    SetOf<YesNo> may_follow;
    SetOf<YesNo> quick;
    Decision decision;
    /// Of a failure. HttpStatusBase: the code of the response's status. Ok: the code of the
    /// transport's failure.
    HResult code;
    std::string_view label;
    std::string_view clause;

    constexpr bool fits(const ResponseFacts& facts) const {
        return asked.has(facts.asked) && came.has(facts.came) && length.has(facts.length) &&
               encoded.has(facts.encoded) && range_fits.has(facts.range_fits) &&
               changed.has(facts.changed) && may_follow.has(facts.may_follow) &&
               quick.has(facts.quick);
    }
};

namespace response_rows {

inline constexpr auto kYes = set_of(YesNo::Yes);
inline constexpr auto kNo = set_of(YesNo::No);
inline constexpr auto kAny = set_of(YesNo::No, YesNo::Yes);
inline constexpr auto kAnyAsked = all_of<Asked>(kAsked);
inline constexpr auto kHead = set_of(Asked::Head);
inline constexpr auto kGet = set_of(Asked::Whole, Asked::FromStart, Asked::FromMiddle);
inline constexpr auto kFromZero = set_of(Asked::Whole, Asked::FromStart);
inline constexpr auto kMiddle = set_of(Asked::FromMiddle);
inline constexpr auto kRanged = set_of(Asked::FromStart, Asked::FromMiddle);
inline constexpr auto kAnyLength = all_of<Length>(kLengths);
inline constexpr auto kKnown = set_of(Length::Known);
inline constexpr auto kMissing = set_of(Length::Missing);
inline constexpr auto kBad = set_of(Length::Bad);
inline constexpr auto kUsable = set_of(Length::Known, Length::Missing);

}  // namespace response_rows

inline constexpr std::array kResponseTable = [] {
    using namespace response_rows;  // NOLINT(google-build-using-namespace): words of the table
    using enum Decision;
    using enum Came;
    using H = HResult;
    using R = ResponseRow;
    // Columns: asked, came, length, encoded, range_fits, changed, may_follow, quick.
    return std::array{
        R{kHead, set_of(Ok), kKnown, kNo, kAny, kAny, kAny, kAny, Learn, H::Ok, "R-01",
          "XFER-HEAD-1"},
        R{kHead, set_of(Ok), kKnown, kYes, kAny, kAny, kAny, kAny, GiveUp,
          H::BgInvalidServerResponse, "R-02", "XFER-BODY-1"},
        R{kHead, set_of(Ok), set_of(Length::Missing, Length::Bad), kAny, kAny, kAny, kAny, kAny,
          GiveUp, H::BgMissingFileSize, "R-03", "XFER-SIZE-1"},
        R{kHead, set_of(MethodRefused), kAnyLength, kAny, kAny, kAny, kAny, kAny, FetchBlind, H::Ok,
          "R-04", "XFER-HEAD-2"},
        R{kHead, set_of(PreconditionFailed, RangeRefused), kAnyLength, kAny, kAny, kAny, kAny, kAny,
          GiveUp, H::HttpStatusBase, "R-05", "XFER-STATUS-1"},
        R{kHead, set_of(Partial, TransientStatus), kAnyLength, kAny, kAny, kAny, kAny, kAny,
          RetryLater, H::HttpStatusBase, "R-06", "XFER-STATUS-1"},
        R{kHead, set_of(Nothing), kAnyLength, kAny, kAny, kAny, kAny, kAny, RetryLater, H::Ok,
          "R-07", "XFER-STATUS-1"},

        R{kAnyAsked, set_of(Redirect), kAnyLength, kAny, kAny, kAny, kYes, kAny, Follow, H::Ok,
          "R-08", "XFER-REDIR-1"},
        R{kAnyAsked, set_of(Redirect), kAnyLength, kAny, kAny, kAny, kNo, kAny, GiveUp,
          H::HttpStatusBase, "R-09", "XFER-REDIR-1"},
        R{kAnyAsked, set_of(FinalStatus), kAnyLength, kAny, kAny, kAny, kAny, kAny, GiveUp,
          H::HttpStatusBase, "R-10", "XFER-STATUS-1"},
        R{kGet, set_of(MethodRefused), kAnyLength, kAny, kAny, kAny, kAny, kAny, GiveUp,
          H::HttpStatusBase, "R-11", "XFER-STATUS-1"},
        R{kGet, set_of(TransientStatus), kAnyLength, kAny, kAny, kAny, kAny, kYes, RetryNow,
          H::HttpStatusBase, "R-12", "XFER-QUICK-1"},
        R{kGet, set_of(TransientStatus), kAnyLength, kAny, kAny, kAny, kAny, kNo, RetryLater,
          H::HttpStatusBase, "R-13", "XFER-STATUS-1"},
        R{kGet, set_of(Nothing), kAnyLength, kAny, kAny, kAny, kAny, kYes, RetryNow, H::Ok, "R-14",
          "XFER-QUICK-1"},
        R{kGet, set_of(Nothing), kAnyLength, kAny, kAny, kAny, kAny, kNo, RetryLater, H::Ok, "R-15",
          "XFER-BODY-1"},

        R{kGet, set_of(PreconditionFailed), kAnyLength, kAny, kAny, kAny, kAny, kAny, StartOver,
          H::FileChanged, "R-16", "XFER-CHANGE-1"},
        R{kGet, set_of(RangeRefused), kAnyLength, kAny, kAny, kYes, kAny, kAny, StartOver,
          H::FileChanged, "R-17", "XFER-CHANGE-1"},
        R{kGet, set_of(RangeRefused), kAnyLength, kAny, kAny, kNo, kAny, kAny, GiveUp,
          H::BgInvalidServerResponse, "R-18", "XFER-RANGE-2"},

        R{kGet, set_of(Ok), kBad, kAny, kAny, kAny, kAny, kAny, GiveUp, H::BgInvalidServerResponse,
          "R-19", "XFER-BODY-1"},
        R{kGet, set_of(Ok), kUsable, kYes, kAny, kAny, kAny, kAny, GiveUp,
          H::BgInvalidServerResponse, "R-20", "XFER-BODY-1"},
        R{kGet, set_of(Ok), kUsable, kNo, kAny, kYes, kAny, kAny, StartOver, H::FileChanged, "R-21",
          "XFER-CHANGE-1"},
        R{kFromZero, set_of(Ok), kKnown, kNo, kAny, kNo, kAny, kAny, Append, H::Ok, "R-22",
          "XFER-RANGE-1"},
        R{kFromZero, set_of(Ok), kMissing, kNo, kAny, kNo, kAny, kYes, RetryNow,
          H::BgMissingFileSize, "R-23", "XFER-QUICK-1"},
        R{kFromZero, set_of(Ok), kMissing, kNo, kAny, kNo, kAny, kNo, GiveUp, H::BgMissingFileSize,
          "R-24", "XFER-SIZE-1"},
        R{kMiddle, set_of(Ok), kUsable, kNo, kAny, kNo, kAny, kAny, GiveUp,
          H::BgInsufficientRangeSupport, "R-25", "XFER-RANGE-1"},

        R{set_of(Asked::Whole), set_of(Partial), kAnyLength, kAny, kAny, kAny, kAny, kYes, RetryNow,
          H::BgInvalidServerResponse, "R-26", "XFER-QUICK-1"},
        R{set_of(Asked::Whole), set_of(Partial), kAnyLength, kAny, kAny, kAny, kAny, kNo,
          RetryLater, H::BgInvalidServerResponse, "R-27", "XFER-RANGE-2"},
        R{kRanged, set_of(Partial), kBad, kAny, kAny, kAny, kAny, kAny, GiveUp,
          H::BgInvalidServerResponse, "R-28", "XFER-BODY-1"},
        R{kRanged, set_of(Partial), kUsable, kYes, kAny, kAny, kAny, kAny, GiveUp,
          H::BgInvalidServerResponse, "R-29", "XFER-BODY-1"},
        R{kRanged, set_of(Partial), kUsable, kNo, kAny, kYes, kAny, kAny, StartOver, H::FileChanged,
          "R-30", "XFER-CHANGE-1"},
        R{kRanged, set_of(Partial), kUsable, kNo, kYes, kNo, kAny, kAny, Append, H::Ok, "R-31",
          "XFER-GET-4"},
        R{kRanged, set_of(Partial), kUsable, kNo, kNo, kNo, kAny, kAny, GiveUp,
          H::BgInvalidServerResponse, "R-32", "XFER-RANGE-2"},
    };
}();

using ResponseTable = std::remove_const_t<decltype(kResponseTable)>;

/// What a status is for the table (XFER-STATUS-1, XFER-REDIR-1).
constexpr Came came_of(int status) {
    switch (status) {
        case 200:
            return Came::Ok;
        case 206:
            return Came::Partial;
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            return Came::Redirect;
        case 412:
            return Came::PreconditionFailed;
        case 416:
            return Came::RangeRefused;
        case 405:
        case 501:
            return Came::MethodRefused;
        case 408:
        case 409:
        case 429:
            return Came::TransientStatus;
        case 505:
            return Came::FinalStatus;
        default:
            return status >= 500 && status <= 599 ? Came::TransientStatus : Came::FinalStatus;
    }
}

}  // namespace qmgr
