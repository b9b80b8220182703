// One HTTP exchange as the server saw it, for the `seen` line of a trace.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/responder.hpp"
#include "reference/contract/time.hpp"

namespace qmgr::inline v0::conformance {

/// How an exchange ended.
struct ExchangeEnd {
    std::uint64_t body_bytes = 0;
    std::string_view ending;  ///< a word or two
    Duration at{0};           ///< since the start of the trace
};

/// {"request":{"method":"GET","path":"/a","range":"bytes=0-9","connection":1,"status":206,
/// "fault":"the rule","applied":[{"effect":"ResetAfter","wire_byte":99}],"bytes":10,
/// "ending":"whole","until":40}}; what there is not is left out. Passwords are masked.
std::string seen_json(const fakeserver::Request& request, int status, const std::string& rule,
                      const std::vector<fakeserver::AppliedFault>& faults,
                      const std::optional<ExchangeEnd>& end);

}  // namespace qmgr::inline v0::conformance
