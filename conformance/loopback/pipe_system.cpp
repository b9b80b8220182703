#include "conformance/loopback/pipe_system.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "conformance/loopback/child_process.hpp"

namespace qmgr::inline v0::conformance {
namespace {

// Many times what any case causes between two looks at them; more are a system gone mad.
constexpr std::size_t kMostNotifications = 10'000;

void allow_only(const Json& json, const std::set<std::string>& fields, const std::string& where) {
    for (const auto& [field, value] : json.items())
        if (!fields.contains(field)) throw InputError(where, "expected no field \"" + field + "\"");
}

// The id and one thing beside it.
bool is_answer(const Json& message, std::uint64_t id) {
    if (!message.is_object() || message.size() != 2) return false;
    if (!message.contains("id") || message.at("id") != id) return false;
    return message.contains("reply") || message.contains("unsupported") ||
           message.contains("done") || message.contains("error");
}

}  // namespace

PipeSystem::PipeSystem(Options options) : options_(std::move(options)) { start(); }

void PipeSystem::start() {
    if (options_.begin)
        child_ = options_.begin(options_.command);
    else
        child_ = std::make_unique<ChildProcess>(options_.command);
    const Json hello = {
        {"hello",
         {{"protocol", 1}, {"state", options_.state}, {"policy", to_json(options_.policy)}}}};
    const auto line = child_->write_line(to_line(hello), options_.start_limit)
                          ? child_->read_line(options_.start_limit)
                          : std::nullopt;
    if (!line) {
        broken_ = "no answer to hello";
        return;
    }
    try {
        const Json json = parse_json(*line, "hello");
        if (!json.is_object() || !json.contains("hello") || !json.at("hello").is_object())
            throw InputError("hello", "answered " + *line);
        allow_only(json, {"hello"}, "answer");
        const Json& body = json.at("hello");
        if (!body.contains("protocol") || body.at("protocol") != 1)
            throw InputError("hello/protocol", "expected 1");
        allow_only(body, {"protocol", "name", "version", "abilities", "missing"}, "hello");
        if (body.contains("missing") && !body.at("missing").is_string())
            throw InputError("hello/missing", "expected a text");
        missing_ = body.value("missing", "");
        description_ = description_from_json(body, "hello");
        if (description_.abilities.contains("virtual_time"))
            throw InputError("hello/abilities", "expected no virtual_time: a process has none");
    } catch (const InputError& error) {
        broken_ = error.what();
    }
}

Reply PipeSystem::give_up(const std::string& reason) {
    if (broken_.empty()) broken_ = reason;
    child_->kill();
    return {HResult::Failed, {}};
}

// Keeps the notification that a line is; false if it is something else, which `message` then holds.
// A line that is no JSON is null.
bool PipeSystem::take_notification(const std::string& line, Json& message) {
    try {
        message = parse_json(line, "answer");
        if (!message.is_object() || !message.contains("notification")) return false;
        allow_only(message, {"notification"}, "answer");
        notifications_.push_back(
            notification_from_json(message.at("notification"), "notification"));
        if (notifications_.size() > kMostNotifications) give_up("notifications without end");
        return true;
    } catch (const InputError& /*error*/) {
        message = Json();
        return false;
    }
}

bool PipeSystem::exchange(const Json& message, std::uint64_t id, Json& answer) {
    if (!broken_.empty() || !child_->write_line(to_line(message), options_.answer_limit))
        return false;
    const auto end = std::chrono::steady_clock::now() + options_.answer_limit;
    for (;;) {
        // Notifications without end do not prolong the wait.
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        if (left.count() < 0 || !broken_.empty()) return false;
        const auto line = child_->read_line(left);
        if (!line) return false;
        if (take_notification(*line, answer)) continue;
        if (is_answer(answer, id)) return true;
        give_up(answer.is_null() ? "answered by a line that is no message"
                                 : "answered " + to_line(answer));
        return false;
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
    auto refused = say({{"surroundings", to_json(what)}});
    if (!refused) around_.push_back(what);
    return refused;
}

void PipeSystem::register_callback(ClassId class_id) {
    registered_.insert(class_id);
    say({{"register", {{"clsid", "{" + to_text(class_id.guid) + "}"}}}});
}

// A message that is answered by `done`, or by `unsupported` and its reason.
std::optional<std::string> PipeSystem::say(Json message) {
    const std::uint64_t id = next_id_++;
    message["id"] = id;
    Json answer;
    if (!exchange(message, id, answer)) {
        give_up("no answer to " + to_line(message));
        return "the system is broken";
    }
    const bool refused = answer.contains("unsupported") && answer.at("unsupported").is_string();
    if (refused) return answer.at("unsupported").get<std::string>();
    if (answer.contains("done") && answer.at("done") == true) return std::nullopt;
    give_up("answered " + to_line(answer));
    return "the system is broken";
}

// Notifications come whenever they come: whatever was written by now is read now.
std::vector<Notification> PipeSystem::take_notifications() {
    const auto end = std::chrono::steady_clock::now() + options_.answer_limit;
    while (broken_.empty()) {
        if (std::chrono::steady_clock::now() > end) give_up("notifications without end");
        const auto line = child_->read_line(std::chrono::milliseconds(0));
        if (!line) break;
        Json message;
        if (!take_notification(*line, message)) give_up("said " + *line);
    }
    return std::exchange(notifications_, {});
}

void PipeSystem::answer(NotificationNumber number, HResult hresult) {
    say({{"answer", {{"number", number.value}, {"hresult", name(hresult)}}}});
}

void PipeSystem::restart() {
    if (!broken_.empty()) return;
    child_->kill();
    notifications_.clear();
    start();
    // The machine and the client's objects outlive the service; a new process has to be told.
    for (const Surroundings& what : around_) say({{"surroundings", to_json(what)}});
    for (const ClassId& class_id : registered_)
        say({{"register", {{"clsid", "{" + to_text(class_id.guid) + "}"}}}});
}

bool PipeSystem::refuses_unknown_calls() {
    const std::uint64_t id = next_id_++;
    Json answer;
    const Json made_up = {{"id", id},
                          {"as", to_json(Caller{"u1", false})},
                          {"call", {{"a_call_nobody_ever_heard_of", Json::object()}}}};
    return exchange(made_up, id, answer) && answer.contains("unsupported");
}

}  // namespace qmgr::inline v0::conformance
