#include "conformance/adapters/com/session.hpp"

#include <windows.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "conformance/adapters/com/deadline.hpp"
#include "conformance/adapters/com/group_queue.hpp"
#include "conformance/adapters/com/job_queue.hpp"
#include "conformance/adapters/com/lines.hpp"
#include "conformance/adapters/com/outbox.hpp"
#include "conformance/adapters/com/service.hpp"
#include "conformance/adapters/com/windows_text.hpp"

namespace qmgr::com_adapter {
namespace {

constexpr const char* kNoBits = "this Windows has no BITS: no class of it is registered";
// A third of what a rig waits for the answer to hello: enough for a service that takes ten seconds
// to end what it was at, and for one that never ends not too much in each of its cases.
constexpr std::chrono::seconds kHello(20);

}  // namespace

Session::Session(SharedFolder shared) : shared_(std::move(shared)) {}

void Session::take_line(const std::string& line) {
    ++line_number_;
    MessageId id;
    Json answer = Json::object();
    try {
        const Json message = Json::parse(line, nullptr, false);
        if (message.is_discarded()) throw BadMessage{"", "a JSON object"};
        if (!message.is_object()) throw BadMessage{"", "an object"};
        id = id_of(message);
        take_message(message, id);
        return;
    } catch (const BadMessage& bad) {
        answer["error"] = error_text(line_number_, bad);
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
    if (!greeted_) throw BadMessage{"", "hello first"};
    if (!queue_) throw Unsupported{kNoBits};
    if (kind == "call") {
        if (!id) throw BadMessage{"/id", "this field"};
        require_caller(message);
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
        const Answer answer = answer_of(body);
        queue_->answer(answer.number, answer.code);
    }
    if (id) put_line({{"id", *id}, {"done", true}});
}

void Session::take_hello(const Json& hello) {
    const Deadline deadline(kHello);
    if (greeted_) throw BadMessage{"/hello", "only one hello"};
    const Settings settings = settings_of(hello, shared_);
    std::error_code problem;
    std::filesystem::create_directories(std::filesystem::u8path(settings.state_folder), problem);
    if (problem) throw BadMessage{"/hello/state", "a folder that can be made"};
    // The interface the suite is about, where it is served; the one that every BITS has, elsewhere.
    HRESULT result = S_OK;
    queue_ = open_group_queue(settings, result);
    if (!queue_) queue_ = open_job_queue(settings, deadline, result);
    Json answer = {{"protocol", 1}, {"version", bits_version()}, {"abilities", Json::array()}};
    if (queue_) {
        answer["name"] = queue_->name();
        answer["abilities"] = queue_->abilities();
    } else if (result == REGDB_E_CLASSNOTREG) {
        answer["name"] = "BITS";
        answer["missing"] = kNoBits;
    } else {
        throw BadMessage{"", "a BITS service; it answers " + code_name(to_code(result))};
    }
    greeted_ = true;
    put_line({{"hello", answer}});
}

}  // namespace qmgr::com_adapter
