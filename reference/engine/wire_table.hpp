// What a request looks like: one row a version of BITS. The order of fields is that of the captures
// (recording-facts 10.11, CAP-1); Host is the transport's to add.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/contract/policy.hpp"
#include "reference/engine/event.hpp"

namespace qmgr {

enum class RequestField : std::uint8_t {
    Connection,
    Accept,
    AcceptEncoding,
    IfUnmodifiedSince,
    Range,
    UserAgent
};

struct WireRow {
    Wire wire;
    std::string_view agent;
    bool if_unmodified_since;  ///< on every GET of a file with a date (XFER-GET-2)
    std::array<RequestField, 6> order;
};

inline constexpr std::array kWireTable = [] {
    using enum RequestField;
    constexpr std::array early = {Accept,    AcceptEncoding, Range, IfUnmodifiedSince,
                                  UserAgent, Connection};
    constexpr std::array late = {Connection,        Accept, AcceptEncoding,
                                 IfUnmodifiedSince, Range,  UserAgent};
    return std::array{
        WireRow{Wire::Bits66, "Microsoft BITS/6.6", false, early},
        WireRow{Wire::Bits70, "Microsoft BITS/7.0", true, early},
        WireRow{Wire::Bits78, "Microsoft BITS/7.8", true, late},
    };
}();

static_assert(
    [] {
        for (std::size_t i = 0; i < kWireTable.size(); ++i)
            if (static_cast<std::size_t>(kWireTable[i].wire) != i) return false;
        return true;
    }(),
    "one row a version, in the order of the versions");

/// What differs from request to request.
struct Wanted {
    std::optional<std::string> unmodified_since;                   ///< GET: the date as received
    std::optional<std::pair<std::uint64_t, std::uint64_t>> range;  ///< first and last byte
};

/// The fields of a request, in order (XFER-GET-1, -2, -3).
inline std::vector<HeaderField> request_fields(const Policy& policy, const Wanted& wanted) {
    const WireRow& row = kWireTable[static_cast<std::size_t>(policy.wire)];
    std::vector<HeaderField> fields;
    for (const RequestField field : row.order) {
        switch (field) {
            case RequestField::Connection:
                fields.push_back({"Connection", "Keep-Alive"});
                break;
            case RequestField::Accept:
                fields.push_back({"Accept", "*/*"});
                break;
            case RequestField::AcceptEncoding:
                fields.push_back({"Accept-Encoding", "identity"});
                break;
            case RequestField::IfUnmodifiedSince:
                if (row.if_unmodified_since && wanted.unmodified_since)
                    fields.push_back({"If-Unmodified-Since", *wanted.unmodified_since});
                break;
            case RequestField::Range:
                if (wanted.range)
                    fields.push_back({"Range", "bytes=" + std::to_string(wanted.range->first) +
                                                   "-" + std::to_string(wanted.range->second)});
                break;
            case RequestField::UserAgent:
                fields.push_back({"User-Agent", policy.user_agent.empty() ? std::string(row.agent)
                                                                          : policy.user_agent});
                break;
        }
    }
    return fields;
}

}  // namespace qmgr
