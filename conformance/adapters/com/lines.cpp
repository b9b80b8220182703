#include "conformance/adapters/com/lines.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace qmgr::com_adapter {

std::string kind_of(const Json& message) {
    for (std::string kind : {"hello", "call", "surroundings", "register", "answer"}) {
        if (!message.contains(kind)) continue;
        std::vector<std::string> keys = {kind};
        if (kind != "hello") keys.emplace_back("id");
        if (kind == "call") keys.emplace_back("as");
        allow_only(message, keys, "");
        return kind;
    }
    throw BadMessage{"", "one of hello, call, surroundings, register, answer"};
}

std::optional<std::uint64_t> id_of(const Json& message) {
    if (!message.contains("id")) return std::nullopt;
    return need_number(message, "id", "");
}

void require_caller(const Json& message) {
    const Json& as = need_field(message, "as", "");
    need_text(as, "user", "/as");
    allow_only(as, {"user", "administrator"}, "/as");
    if (as.contains("administrator") && !as.at("administrator").is_boolean())
        throw BadMessage{"/as/administrator", "true or false"};
}

Settings settings_of(const Json& hello, const SharedFolder& shared) {
    if (need_number(hello, "protocol", "/hello") != 1) throw BadMessage{"/hello/protocol", "1"};
    allow_only(hello, {"protocol", "state", "policy"}, "/hello");
    Settings settings;
    settings.shared = shared;
    settings.state_folder = to_windows(shared, need_text(hello, "state", "/hello"));
    if (!hello.contains("policy")) return settings;
    // Fields that nobody here knows are right: a system without the ability need not follow them.
    const Json& policy = hello.at("policy");
    if (!policy.is_object()) throw BadMessage{"/hello/policy", "an object"};
    if (policy.contains("retry_delay_ms"))
        settings.retry_delay_s = seconds_of(need_number(policy, "retry_delay_ms", "/hello/policy"));
    settings.has_no_progress_timeout = policy.contains("no_progress_timeout_ms");
    if (settings.has_no_progress_timeout)
        settings.no_progress_timeout_s =
            seconds_of(need_number(policy, "no_progress_timeout_ms", "/hello/policy"));
    return settings;
}

std::string class_of(const Json& body) {
    std::string plain = guid_in_braces(need_text(body, "clsid", "/register"));
    if (plain.empty()) throw BadMessage{"/register/clsid", "a GUID in braces"};
    allow_only(body, {"clsid"}, "/register");
    return plain;
}

Answer answer_of(const Json& body) {
    const auto code = code_from_name(need_text(body, "hresult", "/answer"));
    if (!code) throw BadMessage{"/answer/hresult", "the name of an HRESULT or 0x and 8 digits"};
    const std::uint64_t number = need_number(body, "number", "/answer");
    allow_only(body, {"number", "hresult"}, "/answer");
    return {number, *code};
}

}  // namespace qmgr::com_adapter
