// From a request and its response to the facts response_table decides by, and from the row it found
// to the code a failure gets. The engine asks here for every file; `qmgr probe` asks here, too, so
// that it can tell an operator what the engine would do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/contract/hresult.hpp"
#include "reference/contract/policy.hpp"
#include "reference/engine/event.hpp"
#include "reference/engine/response_table.hpp"

namespace qmgr {

/// One request for a file, and what was known of the file when it was sent.
struct FileRequest {
    Asked asked = Asked::Head;
    std::string url;
    std::uint64_t begin = 0;                   ///< of a GET: the first byte asked for
    std::uint64_t end = 0;                     ///< of a range: the byte after the last one
    std::optional<std::uint64_t> size;         ///< bytes; none until a response told it
    std::optional<std::string> last_modified;  ///< as received; none until a response told it
    bool redirect_left = true;                 ///< one more may be followed (XFER-REDIR-1)
    bool quick_retry_left = false;             ///< the attempt may be repeated at once
};

/// The lines of that request, as the version of BITS that Policy::wire names sends them.
std::vector<HeaderField> request_fields(const Policy& policy, const FileRequest& request);

/// What a response to that request is for the table; the fetch number is not looked at. Of
/// `policy`, the limits of a remote name are taken.
ResponseFacts facts_of(const FileRequest& request, const event::ResponseStarted& response,
                       const Policy& policy);

/// The one row that fits. REQUIRES: a table that is total, as the documented one is.
const ResponseRow& row_for(const ResponseTable& table, const ResponseFacts& facts);

/// The size of the whole file as a response to GET tells it, if it does.
std::optional<std::uint64_t> told_total(const event::ResponseStarted& response);

/// The code of an exchange that ended before its response did; no failure: the body was too short.
HResult code_of(std::optional<TransportFailure> failure);

/// The code of a failure by that row. `status`: of the response, `failure`: of the exchange.
HResult code_of(const ResponseRow& row, int status, HResult failure);

}  // namespace qmgr
