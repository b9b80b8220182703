#include "reference/engine/response_facts.hpp"

#include <algorithm>

#include "reference/contract/check.hpp"
#include "reference/engine/http_fields.hpp"
#include "reference/engine/names.hpp"
#include "reference/engine/wire_table.hpp"

namespace qmgr {
namespace {

// Another Last-Modified or another total than the file is known by (XFER-CHANGE-1).
bool shows_change(const FileRequest& request, const event::ResponseStarted& response) {
    const auto date = field_value(response.headers, "last-modified");
    if (request.last_modified && date && *date != *request.last_modified) return true;
    const auto total = told_total(response);
    return request.size && total && *total != *request.size;
}

bool range_fits(const FileRequest& request, const event::ResponseStarted& response) {
    const auto range = content_range(response.headers);
    if (!range || range->first != request.begin || range->last >= request.end) return false;
    const ContentLength length = content_length(response.headers);
    return length.kind != Length::Known || length.bytes == range->last - range->first + 1;
}

}  // namespace

std::vector<HeaderField> request_fields(const Policy& policy, const FileRequest& request) {
    Wanted wanted;
    if (request.asked != Asked::Head) wanted.unmodified_since = request.last_modified;
    if (request.asked == Asked::FromStart || request.asked == Asked::FromMiddle)
        wanted.range = {request.begin, request.end - 1};
    return request_fields(policy, wanted);
}

ResponseFacts facts_of(const FileRequest& request, const event::ResponseStarted& response,
                       const Policy& policy) {
    ResponseFacts facts;
    facts.asked = request.asked;
    facts.came = came_of(response.status);
    facts.length = content_length(response.headers).kind;
    if (facts.length == Length::Missing && request.size && is_chunked(response.headers))
        facts.length = Length::Known;
    facts.encoded = yes_no(is_encoded(response.headers));
    facts.range_fits = yes_no(range_fits(request, response));
    facts.changed = yes_no(shows_change(request, response));
    const auto location = field_value(response.headers, "location");
    facts.may_follow = yes_no(location && request.redirect_left &&
                              redirect_target(request.url, *location, policy).has_value());
    facts.quick = yes_no(request.quick_retry_left);
    return facts;
}

const ResponseRow& row_for(const ResponseTable& table, const ResponseFacts& facts) {
    const auto row = std::find_if(table.begin(), table.end(),
                                  [&](const ResponseRow& one) { return one.fits(facts); });
    QMGR_CHECK(row != table.end(), "response_table is total");
    return *row;
}

std::optional<std::uint64_t> told_total(const event::ResponseStarted& response) {
    const Came came = came_of(response.status);
    if (came == Came::Partial) {
        const auto range = content_range(response.headers);
        return range ? range->total : std::nullopt;
    }
    if (came == Came::RangeRefused) return unsatisfied_total(response.headers);
    const ContentLength length = content_length(response.headers);
    if (came == Came::Ok && length.kind == Length::Known) return length.bytes;
    return std::nullopt;
}

// XFER-CODE-1.
HResult code_of(std::optional<TransportFailure> failure) {
    if (!failure) return HResult::ConnectionAborted;  // the body ended early, without a fault
    switch (*failure) {
        case TransportFailure::NameNotResolved:
            return HResult::NameNotResolved;
        case TransportFailure::Unreachable:
            return HResult::CannotConnect;
        case TransportFailure::Interrupted:
            return HResult::ConnectionAborted;
        case TransportFailure::TimedOut:
            return HResult::InternetTimeout;
        case TransportFailure::TlsFailed:
            return HResult::SecureFailure;
        case TransportFailure::Malformed:
            return HResult::InvalidServerReply;
    }
    return HResult::ConnectionAborted;
}

HResult code_of(const ResponseRow& row, int status, HResult failure) {
    if (row.code == HResult::HttpStatusBase) return from_http_status(status);
    return row.code == HResult::Ok ? failure : row.code;
}

}  // namespace qmgr
