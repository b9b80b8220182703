#include "traces/recorder.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "reference/contract/json.hpp"
#include "reference/contract/url_mask.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::inline v0::traces {
namespace {

// Not the text of the line: a password may contain what JSON escapes.
void mask(Json& json) {
    if (json.is_string()) json = masked_in_text(json.get_ref<const std::string&>());
    if (!json.is_structured()) return;
    for (auto& [key, inner] : json.items()) {
        if (key == "remote_name" && inner.is_string())
            inner = masked(inner.get_ref<const std::string&>());
        else
            mask(inner);
    }
}

std::string with_masks(const std::string& json_line) {
    Json json = Json::parse(json_line);
    mask(json);
    return to_line(json);
}

}  // namespace

Recorder::Recorder(SystemUnderTest& system, std::function<Duration()> elapsed, Places places)
    : system_(system), elapsed_(std::move(elapsed)), places_(std::move(places)) {}

void Recorder::add(Kind kind, const std::string& body) {
    if (!muted_) write(kind, body);
}

void Recorder::write(Kind kind, const std::string& body) {
    const std::string named = with_prefix_swapped(with_masks(body), places_.server, kServer);
    lines_.push_back({kind, elapsed_(), with_prefix_swapped(named, places_.directory, kDirectory)});
}

Reply Recorder::call(const Caller& caller, const Call& call) {
    add(Kind::In, to_line({{"as", to_json(caller)}, {"call", to_json(call)}}));
    Reply reply = system_.call(caller, call);
    add(Kind::Out, to_line({{"reply", to_json(reply)}}));
    return reply;
}

std::optional<std::string> Recorder::surroundings(const Surroundings& what) {
    add(Kind::In, to_line({{"surroundings", to_json(what)}}));
    return system_.surroundings(what);
}

void Recorder::register_callback(ClassId class_id) {
    add(Kind::In, to_line({{"register", to_text(class_id.guid)}}));
    system_.register_callback(class_id);
}

std::vector<Notification> Recorder::take_notifications() {
    std::vector<Notification> notifications = system_.take_notifications();
    for (const Notification& notification : notifications)
        write(Kind::Out, to_line({{"notification", to_json(notification)}}));
    if (notifications.empty()) add(Kind::Out, R"({"notifications":[]})");
    return notifications;
}

void Recorder::answer(NotificationNumber number, HResult hresult) {
    add(Kind::In, to_line({{"answer", {{"number", number.value}, {"hresult", name(hresult)}}}}));
    system_.answer(number, hresult);
}

void Recorder::restart() {
    add(Kind::In, R"({"restart":true})");
    system_.restart();
}

void Recorder::power_failure() { add(Kind::In, R"({"power_failure":true})"); }

void Recorder::next_event(Duration within) {
    add(Kind::In, to_line({{"next_event", {{"within_ms", within.count()}}}}));
}

void Recorder::serve(const fakeserver::Script& script, bool in_place) {
    Json body = {{"serve", script_to_json(script)}};
    if (in_place) body["in_place"] = true;
    add(Kind::In, to_line(body));
}

void Recorder::seen(Duration at, const std::string& request_json) {
    lines_.push_back({Kind::Seen, at, with_masks(request_json)});
}

void Recorder::why(Duration at, const Step& step) {
    lines_.push_back({Kind::Why, at, to_line(to_json(step))});
}

void Recorder::note(const std::string& text) {
    lines_.push_back({Kind::Note, Duration(0), masked_in_text(text)});
}

}  // namespace qmgr::inline v0::traces
