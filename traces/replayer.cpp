#include "traces/replayer.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "reference/contract/json.hpp"
#include "reference/contract/url_mask.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::inline v0::traces {
namespace {

constexpr std::array kHandleKeys = {"group", "job", "enumerator"};
constexpr std::size_t kContext = 3;

class Replay {
  public:
    Replay(SystemUnderTest& system, const Places& places) : system_(system), places_(places) {}

    void play(const TraceLine& line, const std::string& where);
    /// What came instead, or nothing when it agrees.
    std::optional<std::string> compare(const TraceLine& line, const std::string& where);

  private:
    Json in_real_names(const std::string& body) const;
    std::string in_trace_names(const Json& json) const;
    bool agrees(const Json& expected, const Json& actual);
    void swap_handles(Json& json) const;

    SystemUnderTest& system_;
    const Places& places_;
    std::map<std::uint64_t, std::uint64_t> handles_;  // of the trace to those of the system
    Json reply_;                                      // to the latest call
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
    } else if (json.contains("restart")) {
        system_.restart();
    } else {
        throw InputError(where, "expected one of call, surroundings, restart");
    }
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

std::optional<std::string> Replay::compare(const TraceLine& line, const std::string& where) {
    const Json expected = Json::parse(line.body);
    if (!expected.contains("reply")) throw InputError(where, "expected a reply");
    const std::string actual = in_trace_names(reply_);
    if (agrees(expected.at("reply"), Json::parse(actual))) return std::nullopt;
    return to_line({{"reply", Json::parse(actual)}});
}

std::string line_text(const TraceLine& line) {
    std::string text = to_text(line);
    text.pop_back();
    return text;
}

}  // namespace

std::optional<Difference> replay(const Trace& trace, SystemUnderTest& system, Pace& pace,
                                 const Places& places) {
    Replay replay(system, places);
    for (std::size_t i = 0; i < trace.lines.size(); ++i) {
        const TraceLine& line = trace.lines[i];
        const std::string where = "line " + std::to_string(i + 2);
        if (line.kind == Kind::In) {
            pace.wait_until(line.at);
            replay.play(line, where);
        }
        if (line.kind != Kind::Out) continue;
        const auto actual = replay.compare(line, where);
        if (!actual) continue;
        Difference difference{i + 2, line.body, *actual, {}, {}};
        for (std::size_t k = i < kContext ? 0 : i - kContext; k < i; ++k)
            difference.before.push_back(line_text(trace.lines[k]));
        for (std::size_t k = i + 1; k < std::min(i + 1 + kContext, trace.lines.size()); ++k)
            difference.after.push_back(line_text(trace.lines[k]));
        return difference;
    }
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
