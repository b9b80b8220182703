// The one JSON form of everything in the contract: what goes over a pipe, into a trace, into a
// report. Writing is total. Reading is strict: a missing, unknown or ill-typed field throws
// InputError with its place and what was expected.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "reference/contract/call.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/contract/notification.hpp"
#include "reference/contract/policy.hpp"
#include "reference/contract/reply.hpp"
#include "reference/contract/step.hpp"
#include "reference/contract/surroundings.hpp"
#include "reference/contract/system_under_test.hpp"

namespace qmgr::inline v0 {

/// Keys keep the order in which they were written, so that lines read like sentences.
using Json = nlohmann::ordered_json;

/// Parses one text. InputError names `where`, line and column.
Json parse_json(std::string_view text, const std::string& where);
/// One line without spaces. Bytes that are not UTF-8 become U+FFFD.
std::string to_line(const Json& json);

// `where` is the place of `json` in its source ("trace.jsonl:3: /in/call") and prefixes messages.
Json to_json(const Call& call);  ///< {"resume_group":{"group":3}}
Call call_from_json(const Json& json, const std::string& where);
Json to_json(const Caller& caller);  ///< {"user":"u1"}
Caller caller_from_json(const Json& json, const std::string& where);
Json to_json(const Reply& reply);  ///< {"hresult":"S_OK","group":3}, {"unsupported":"why"}
Reply reply_from_json(const Json& json, const std::string& where);
Json to_json(const Notification& notification);
Notification notification_from_json(const Json& json, const std::string& where);
Json to_json(const Surroundings& what);  ///< {"log_off":{"user":"u1"}}
Surroundings surroundings_from_json(const Json& json, const std::string& where);
Json to_json(const Policy& policy);  ///< times as …_ms
/// Fields that are missing keep the value they have in `base`.
Policy policy_from_json(const Json& json, const std::string& where, const Policy& base = {});
Json to_json(const Description& description);
Description description_from_json(const Json& json, const std::string& where);
Json to_json(const Step& step);  ///< {"row":"J-04","clause":…,"job":"Suspended→Queued"}

}  // namespace qmgr::inline v0
