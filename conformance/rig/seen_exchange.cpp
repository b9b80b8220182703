#include "conformance/rig/seen_exchange.hpp"

#include <nlohmann/json.hpp>

#include "fakeserver/effect_table.hpp"
#include "reference/contract/json.hpp"
#include "reference/contract/url_mask.hpp"

namespace qmgr::inline v0::conformance {

std::string seen_json(const fakeserver::Request& request, int status, const std::string& rule,
                      const std::vector<fakeserver::AppliedFault>& faults,
                      const std::optional<ExchangeEnd>& end) {
    Json json = {{"method", request.method}, {"path", masked_in_text(request.path)}};
    for (const char* field : {"range", "if-unmodified-since"})
        if (const auto value = fakeserver::find_header(request.headers, field))
            json[field] = std::string(*value);
    json["connection"] = request.connection;
    json["status"] = status;
    if (!rule.empty()) json["fault"] = rule;
    for (const fakeserver::AppliedFault& fault : faults)
        json["applied"].push_back({{"effect", fakeserver::effect_row(fault.effect).name},
                                   {"wire_byte", fault.wire_byte}});
    if (end) {
        json["bytes"] = end->body_bytes;
        json["ending"] = std::string(end->ending);
        json["until"] = end->at.count();
    }
    return to_line({{"request", json}});
}

}  // namespace qmgr::inline v0::conformance
