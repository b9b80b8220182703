// The few HTTP header fields the engine judges, read from lines as received.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/contract/time.hpp"
#include "reference/engine/event.hpp"
#include "reference/engine/response_table.hpp"

namespace qmgr {

/// Value of the first field of that name; case does not matter.
std::optional<std::string> field_value(const std::vector<HeaderField>& headers,
                                       std::string_view name);

struct ContentLength {
    Length kind = Length::Missing;
    std::uint64_t bytes = 0;  ///< with Length::Known
    bool operator==(const ContentLength&) const = default;
};
/// All Content-Length lines together; several that agree are one, and beside chunked none counts.
ContentLength content_length(const std::vector<HeaderField>& headers);

struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::optional<std::uint64_t> total;  ///< none for "*"
    bool operator==(const ContentRange&) const = default;
};
/// "bytes a-b/total"; nothing for a missing, repeated or other field, or for a range without sense.
std::optional<ContentRange> content_range(const std::vector<HeaderField>& headers);
/// Total of "bytes */total", the form of a 416.
std::optional<std::uint64_t> unsatisfied_total(const std::vector<HeaderField>& headers);

/// True for a Content-Encoding other than identity.
bool is_encoded(const std::vector<HeaderField>& headers);
/// True for Transfer-Encoding: chunked.
bool is_chunked(const std::vector<HeaderField>& headers);

/// Seconds since the epoch of an HTTP date in its one modern form
/// ("Wed, 04 Sep 2024 02:15:41 GMT"); nothing for any other text.
std::optional<std::int64_t> http_date(std::string_view text);

/// How long Retry-After asks to wait from `now` on, as seconds or as a date; 0 if it does not.
Duration retry_after(const std::vector<HeaderField>& headers, Instant now);

}  // namespace qmgr
