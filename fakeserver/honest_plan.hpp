// The honest answer: what a correct server without faults says. Inside of the Responder; the
// effects of effect_table.hpp edit its result.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/byte_range.hpp"
#include "fakeserver/request.hpp"
#include "fakeserver/responder.hpp"
#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// GET and HEAD agree; one range gives 206 or 416; If-Unmodified-Since and If-Range are honoured;
/// no resource (null) is 404, another method 405. "Connection: close" in the request, or HTTP/1.0,
/// is answered likewise and ends the connection.
ResponsePlan honest_plan(const Request& request, const Resource* resource);

/// The one range that honest_plan serves with 206; nothing: it answers otherwise.
std::optional<ByteRange> served_range(const Request& request, const Resource* resource);

/// A 206 with the content bytes of `range` and this Content-Range, honest in everything else.
ResponsePlan part_plan(const Request& request, const Resource& resource, ByteRange range,
                       const std::string& content_range);

/// The usual phrase of a status, or nothing.
std::string_view reason_of(int status);

/// A plan with that status and its usual reason phrase, and nothing else in it, except the ending
/// that the client asked for.
ResponsePlan plain_plan(const Request& request, int status);

}  // namespace qmgr::inline v0::fakeserver
