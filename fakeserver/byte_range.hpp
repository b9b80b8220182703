// The Range header of RFC 9110, section 14, as far as a server with single ranges needs it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace qmgr::inline v0::fakeserver {

/// Bytes first to last, both included.
struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool operator==(const ByteRange&) const = default;
};

struct RangeAnswer {
    enum class Kind {
        Whole,  ///< no range that we serve: another unit, several ranges, not a range at all
        Part,   ///< `range`, cut at the end of the resource
        Unsatisfiable,  ///< a good range, but none of its bytes exist
    };
    Kind kind = Kind::Whole;
    ByteRange range;
    bool operator==(const RangeAnswer&) const = default;
};

/// What to serve for the header value `range` of a resource of `size` bytes. Numbers too large for
/// 64 bits are read as the largest one.
RangeAnswer read_range(std::string_view range, std::uint64_t size);

}  // namespace qmgr::inline v0::fakeserver
