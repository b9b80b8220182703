#include "conformance/loopback/pipe_system.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace qmgr::conformance {

PipeSystem::PipeSystem(Options options) : options_(std::move(options)) { start(); }

void PipeSystem::start() {
    child_ = std::make_unique<ChildProcess>(options_.command);
    const Json hello = {
        {"hello",
         {{"protocol", 1}, {"state", options_.state}, {"policy", to_json(options_.policy)}}}};
    const auto line = child_->write_line(to_line(hello)) ? child_->read_line(options_.answer_limit)
                                                         : std::nullopt;
    if (!line) {
        broken_ = "no answer to hello";
        return;
    }
    try {
        const Json json = parse_json(*line, "hello");
        if (!json.is_object() || !json.contains("hello") || !json.at("hello").is_object())
            throw InputError("hello", "answered " + *line);
        Json body = json.at("hello");
        if (!body.contains("protocol") || body.at("protocol") != 1)
            throw InputError("hello/protocol", "expected 1");
        body.erase("protocol");
        description_ = description_from_json(body, "hello");
    } catch (const InputError& error) {
        broken_ = error.what();
    }
}

Reply PipeSystem::give_up(const std::string& reason) {
    if (broken_.empty()) broken_ = reason;
    child_->kill();
    return {HResult::Failed, {}};
}

bool PipeSystem::exchange(const Json& message, std::uint64_t id, Json& answer) {
    if (!broken_.empty() || !child_->write_line(to_line(message))) return false;
    for (;;) {
        const auto line = child_->read_line(options_.answer_limit);
        if (!line) return false;
        try {
            answer = parse_json(*line, "answer");
            if (answer.is_object() && answer.contains("notification")) {
                notifications_.push_back(
                    notification_from_json(answer.at("notification"), "notification"));
                continue;
            }
        } catch (const InputError& /*error*/) {
            return false;
        }
        return answer.is_object() && answer.contains("id") && answer.at("id") == id;
    }
}

Reply PipeSystem::call(const Caller& caller, const Call& call) {
    const std::uint64_t id = next_id_++;
    Json answer;
    if (!exchange({{"id", id}, {"as", to_json(caller)}, {"call", to_json(call)}}, id, answer))
        return give_up("no answer to " + to_line(to_json(call)));
    if (answer.contains("error")) return give_up("answered " + to_line(answer));
    try {
        if (answer.contains("unsupported"))
            return reply_from_json({{"unsupported", answer.at("unsupported")}}, "reply");
        return reply_from_json(answer.value("reply", Json()), "reply");
    } catch (const InputError& error) {
        return give_up(error.what());
    }
}

std::optional<std::string> PipeSystem::surroundings(const Surroundings& what) {
    const std::uint64_t id = next_id_++;
    Json answer;
    if (!exchange({{"id", id}, {"surroundings", to_json(what)}}, id, answer)) {
        give_up("no answer to " + to_line(to_json(what)));
        return "the system is broken";
    }
    const bool refused = answer.contains("unsupported") && answer.at("unsupported").is_string();
    if (refused) return answer.at("unsupported").get<std::string>();
    if (answer.contains("done") && answer.at("done") == true) return std::nullopt;
    give_up("answered " + to_line(answer));
    return "the system is broken";
}

void PipeSystem::register_callback(ClassId class_id) {
    child_->write_line(to_line({{"register", {{"clsid", "{" + to_text(class_id.guid) + "}"}}}}));
}

std::vector<Notification> PipeSystem::take_notifications() {
    return std::exchange(notifications_, {});
}

void PipeSystem::answer(NotificationNumber number, HResult hresult) {
    child_->write_line(
        to_line({{"answer", {{"number", number.value}, {"hresult", name(hresult)}}}}));
}

void PipeSystem::restart() {
    if (!broken_.empty()) return;
    child_->kill();
    start();
}

bool PipeSystem::refuses_unknown_calls() {
    const std::uint64_t id = next_id_++;
    Json answer;
    const Json made_up = {{"id", id},
                          {"as", to_json(Caller{"u1", false})},
                          {"call", {{"a_call_nobody_ever_heard_of", Json::object()}}}};
    return exchange(made_up, id, answer) && answer.contains("unsupported");
}

}  // namespace qmgr::conformance
