#include "conformance/adapters/com/session.hpp"

#include <windows.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "conformance/adapters/com/group_queue.hpp"
#include "conformance/adapters/com/job_queue.hpp"
#include "conformance/adapters/com/outbox.hpp"

namespace qmgr::com_adapter {
namespace {

constexpr const char* kVersion = "1";

// The one key of five that says what a message is.
std::string kind_of(const Json& message) {
    for (const char* kind : {"hello", "call", "surroundings", "register", "answer"}) {
        if (!message.contains(kind)) continue;
        std::vector<std::string> keys = {kind};
        if (kind != std::string("hello")) keys.emplace_back("id");
        if (kind == std::string("call")) keys.emplace_back("as");
        allow_only(message, keys, "");
        return kind;
    }
    throw BadMessage{"/", "one of hello, call, surroundings, register, answer"};
}

Settings settings_of(const Json& hello, const SharedFolder& shared) {
    Settings settings;
    settings.shared = shared;
    settings.state_folder = to_windows(shared, need_text(hello, "state", "/hello"));
    const Json policy = hello.value("policy", Json::object());
    if (policy.contains("retry_delay_ms"))
        settings.retry_delay_s = seconds_of(need_number(policy, "retry_delay_ms", "/hello/policy"));
    settings.has_no_progress_timeout = policy.contains("no_progress_timeout_ms");
    if (settings.has_no_progress_timeout)
        settings.no_progress_timeout_s =
            seconds_of(need_number(policy, "no_progress_timeout_ms", "/hello/policy"));
    return settings;
}

// In registry form, with braces.
std::string class_of(const Json& body) {
    const std::string text = need_text(body, "clsid", "/register");
    const bool braces = text.size() == 38 && text.front() == '{' && text.back() == '}';
    const std::string plain = braces ? plain_guid(text.substr(1, 36)) : "";
    if (plain.empty()) throw BadMessage{"/register/clsid", "a GUID in braces"};
    allow_only(body, {"clsid"}, "/register");
    return plain;
}

}  // namespace

Session::Session(SharedFolder shared) : shared_(std::move(shared)) {}

void Session::take_line(const std::string& line) {
    ++line_number_;
    const std::string where = "stdin:" + std::to_string(line_number_) + ": ";
    MessageId id;
    Json answer = Json::object();
    try {
        const Json message = Json::parse(line, nullptr, false);
        if (message.is_discarded()) throw BadMessage{"", "a JSON object"};
        if (!message.is_object()) throw BadMessage{"/", "an object"};
        if (message.contains("id")) id = need_number(message, "id", "");
        take_message(message, id);
        return;
    } catch (const BadMessage& bad) {
        answer["error"] = where + bad.place + ": expected " + bad.expected;
    } catch (const Unsupported& none) {
        answer["unsupported"] = none.reason;
        if (!id) return;
    }
    if (id) answer["id"] = *id;
    put_line(answer);
}

void Session::take_message(const Json& message, MessageId id) {
    const std::string kind = kind_of(message);
    const Json& body = message.at(kind);
    if (kind == "hello") return take_hello(body);
    if (!queue_) throw BadMessage{"/", "hello first"};
    if (kind == "call") {
        if (!id) throw BadMessage{"/id", "this field"};
        need_text(need_field(message, "as", ""), "user", "/as");
        if (!body.is_object() || body.size() != 1)
            throw BadMessage{"/call", "an object with one key, the name of a call"};
        const Arguments arguments(body.begin().key(), body.begin().value(), "/call");
        put_line({{"id", *id}, {"reply", queue_->call(arguments)}});
        return;
    }
    if (kind == "surroundings") throw Unsupported{"a machine has the surroundings it has"};
    if (kind == "register") {
        queue_->register_class(class_of(body));
    } else {
        const auto code = code_from_name(need_text(body, "hresult", "/answer"));
        if (!code) throw BadMessage{"/answer/hresult", "the name of an HRESULT or 0x and 8 digits"};
        queue_->answer(need_number(body, "number", "/answer"), *code);
    }
    if (id) put_line({{"id", *id}, {"done", true}});
}

void Session::take_hello(const Json& hello) {
    if (queue_) throw BadMessage{"/hello", "only one hello"};
    if (need_number(hello, "protocol", "/hello") != 1) throw BadMessage{"/hello/protocol", "1"};
    allow_only(hello, {"protocol", "state", "policy"}, "/hello");
    const Settings settings = settings_of(hello, shared_);
    std::error_code problem;
    std::filesystem::create_directories(std::filesystem::u8path(settings.state_folder), problem);
    if (problem) throw BadMessage{"/hello/state", "a folder that can be made"};
    open_queue(settings);
    put_line({{"hello",
               {{"protocol", 1},
                {"name", queue_->name()},
                {"version", kVersion},
                {"abilities", queue_->abilities()}}}});
}

// The interface the suite is about, where it is served; the one that every BITS has, elsewhere.
void Session::open_queue(const Settings& settings) {
    HRESULT result = S_OK;
    queue_ = open_group_queue(settings, result);
    if (!queue_) queue_ = open_job_queue(settings, result);
    if (!queue_)
        throw BadMessage{"", "a BITS service; it answers " + code_name(static_cast<Code>(result))};
}

}  // namespace qmgr::com_adapter
