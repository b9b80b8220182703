#include "traces/replayer.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>

#include "reference/contract/json.hpp"
#include "reference/contract/url_mask.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::inline v0::traces {
namespace {

constexpr std::array kHandleKeys = {"group", "job", "enumerator"};
constexpr std::size_t kContext = 3;
constexpr const char* kSilence = R"({"notifications":[]})";

class Replay {
  public:
    Replay(SystemUnderTest& system, const Places& places, const Around& around)
        : system_(system), places_(places), around_(around) {}

    void play(const TraceLine& line, const std::string& where);
    /// What came instead, or nothing when it agrees.
    std::optional<std::string> compare(const TraceLine& line, const std::string& where);
    /// A delivery that the trace says nothing of, or nothing.
    std::optional<std::string> left_over() const;

  private:
    void answer(const Json& answer, const std::string& where);
    void next_event(const Json& event, const std::string& where);
    std::optional<std::string> compare_delivery(const Json& expected);
    std::optional<std::string> compare_silence();
    void take();
    std::string next_delivery() const;
    Json in_real_names(const std::string& body) const;
    std::string in_trace_names(const Json& json) const;
    bool agrees(const Json& expected, const Json& actual);
    void swap_handles(Json& json) const;

    SystemUnderTest& system_;
    const Places& places_;
    const Around& around_;
    std::map<std::uint64_t, std::uint64_t> handles_;     // of the trace to those of the system
    std::map<std::uint64_t, std::uint64_t> deliveries_;  // their numbers, likewise
    Json reply_;                                         // to the latest call
    std::deque<Json> taken_;                             // deliveries not compared yet
};

Json Replay::in_real_names(const std::string& body) const {
    const std::string named = with_prefix_swapped(body, kServer, places_.server);
    return Json::parse(with_prefix_swapped(named, kDirectory, places_.directory));
}

std::string Replay::in_trace_names(const Json& json) const {
    const std::string named = with_prefix_swapped(to_line(json), places_.server, kServer);
    return with_prefix_swapped(named, places_.directory, kDirectory);
}

void Replay::swap_handles(Json& json) const {
    if (!json.is_object()) return;
    for (auto& [key, value] : json.items()) {
        const bool handle =
            std::find(kHandleKeys.begin(), kHandleKeys.end(), key) != kHandleKeys.end() &&
            value.is_number_unsigned();
        const auto found = handle ? handles_.find(value.get<std::uint64_t>()) : handles_.end();
        if (found != handles_.end())
            value = found->second;
        else
            swap_handles(value);
    }
}

void Replay::play(const TraceLine& line, const std::string& where) {
    Json json = in_real_names(line.body);
    if (json.contains("call")) {
        swap_handles(json.at("call"));
        const Caller caller = caller_from_json(json.value("as", Json()), where + "/as");
        reply_ = to_json(system_.call(caller, call_from_json(json.at("call"), where + "/call")));
    } else if (json.contains("surroundings")) {
        system_.surroundings(surroundings_from_json(json.at("surroundings"), where));
    } else if (json.contains("register")) {
        const Json& text = json.at("register");
        const auto guid = text.is_string() ? guid_from_text(text.get<std::string>()) : std::nullopt;
        if (!guid) throw InputError(where + "/register", "expected a class id");
        system_.register_callback({*guid});
    } else if (json.contains("answer")) {
        answer(json.at("answer"), where + "/answer");
    } else if (json.contains("serve") && around_.serve) {
        around_.serve(script_from_json(json.at("serve"), where + "/serve"),
                      json.contains("in_place"));
    } else if (json.contains("power_failure") && around_.fail_power) {
        around_.fail_power();
    } else if (json.contains("next_event")) {
        next_event(json.at("next_event"), where + "/next_event");
    } else if (json.contains("restart") || json.contains("power_failure")) {
        system_.restart();
    } else {
        throw InputError(where,
                         "expected one of call, surroundings, register, answer, restart, "
                         "power_failure, next_event, and serve where there is a server");
    }
}

void Replay::answer(const Json& answer, const std::string& where) {
    const bool complete = answer.is_object() && answer.contains("number") &&
                          answer.at("number").is_number_unsigned() && answer.contains("hresult") &&
                          answer.at("hresult").is_string();
    const auto hresult =
        complete ? hresult_from_text(answer.at("hresult").get<std::string>()) : std::nullopt;
    if (!hresult) throw InputError(where, "expected the number of a delivery and an HRESULT");
    const auto number = answer.at("number").get<std::uint64_t>();
    const auto found = deliveries_.find(number);
    system_.answer({found == deliveries_.end() ? number : found->second}, *hresult);
}

// A handle in the trace is learnt where it is given, and compared nowhere: its number is free.
bool Replay::agrees(const Json& expected, const Json& actual) {
    if (expected == "*") return true;
    if (!expected.is_object() || !actual.is_object()) return expected == actual;
    if (expected.size() != actual.size()) return false;
    for (const auto& [key, value] : expected.items()) {
        if (!actual.contains(key)) return false;
        const Json& other = actual.at(key);
        const bool handle =
            std::find(kHandleKeys.begin(), kHandleKeys.end(), key) != kHandleKeys.end();
        if (handle && value.is_number_unsigned() && other.is_number_unsigned())
            handles_[value.get<std::uint64_t>()] = other.get<std::uint64_t>();
        else if (!agrees(value, other))
            return false;
    }
    return true;
}

void Replay::next_event(const Json& event, const std::string& where) {
    if (!event.is_object() || !event.contains("within_ms") ||
        !event.at("within_ms").is_number_unsigned())
        throw InputError(where, "expected milliseconds under \"within_ms\"");
    if (around_.next_event)
        around_.next_event(Duration(event.at("within_ms").get<std::uint32_t>()));
}

std::optional<std::string> Replay::compare(const TraceLine& line, const std::string& where) {
    const Json expected = Json::parse(line.body);
    if (expected.contains("notification")) return compare_delivery(expected.at("notification"));
    if (expected.contains("notifications")) return compare_silence();
    if (!expected.contains("reply"))
        throw InputError(where, "expected one of reply, notification, notifications");
    const std::string actual = in_trace_names(reply_);
    if (agrees(expected.at("reply"), Json::parse(actual))) return std::nullopt;
    return to_line({{"reply", Json::parse(actual)}});
}

void Replay::take() {
    for (const Notification& one : system_.take_notifications()) taken_.push_back(to_json(one));
}

std::string Replay::next_delivery() const {
    return to_line({{"notification", Json::parse(in_trace_names(taken_.front()))}});
}

std::optional<std::string> Replay::compare_delivery(const Json& expected) {
    if (taken_.empty()) take();
    if (taken_.empty()) return kSilence;
    Json actual = taken_.front();
    if (expected.is_object() && expected.contains("number") &&
        expected.at("number").is_number_unsigned()) {
        deliveries_[expected.at("number").get<std::uint64_t>()] =
            actual.at("number").get<std::uint64_t>();
        actual["number"] = expected.at("number");
    }
    if (!agrees(expected, actual)) return next_delivery();
    taken_.pop_front();
    return std::nullopt;
}

std::optional<std::string> Replay::compare_silence() {
    if (taken_.empty()) take();
    return left_over();
}

std::optional<std::string> Replay::left_over() const {
    if (taken_.empty()) return std::nullopt;
    return next_delivery();
}

std::string line_text(const TraceLine& line) {
    std::string text = to_text(line);
    text.pop_back();
    return text;
}

Difference difference_at(const Trace& trace, std::size_t at, const std::string& expected,
                         const std::string& actual) {
    Difference difference{at + 2, expected, actual, {}, {}};
    for (std::size_t k = at < kContext ? 0 : at - kContext; k < at; ++k)
        difference.before.push_back(line_text(trace.lines[k]));
    for (std::size_t k = at + 1; k < std::min(at + 1 + kContext, trace.lines.size()); ++k)
        difference.after.push_back(line_text(trace.lines[k]));
    return difference;
}

}  // namespace

std::optional<Difference> replay(const Trace& trace, SystemUnderTest& system, Pace& pace,
                                 const Places& places, const Around& around) {
    Replay replay(system, places, around);
    for (std::size_t i = 0; i < trace.lines.size(); ++i) {
        const TraceLine& line = trace.lines[i];
        const std::string where = "line " + std::to_string(i + 2);
        if (line.kind != Kind::In && line.kind != Kind::Out) continue;
        pace.wait_until(line.at);
        if (line.kind == Kind::In) {
            replay.play(line, where);
        } else if (const auto actual = replay.compare(line, where)) {
            return difference_at(trace, i, line.body, *actual);
        }
    }
    const auto left = replay.left_over();
    if (left) return difference_at(trace, trace.lines.size(), kSilence, *left);
    return std::nullopt;
}

std::string to_text(const Difference& difference) {
    std::string text;
    for (const std::string& line : difference.before) text += "    " + line + "\n";
    text +=
        "  - line " + std::to_string(difference.line) + " expected " + difference.expected + "\n";
    text += "  + line " + std::to_string(difference.line) + " actual   " + difference.actual + "\n";
    for (const std::string& line : difference.after) text += "    " + line + "\n";
    return masked_in_text(text);
}

}  // namespace qmgr::inline v0::traces
