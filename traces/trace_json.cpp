#include "traces/trace_json.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "fakeserver/script_json.hpp"
#include "reference/contract/json.hpp"

namespace qmgr::inline v0::traces {
namespace {

constexpr int kFormat = 1;
constexpr std::string_view kSchemeEnd = "://";

using KindName = std::pair<Kind, const char*>;
constexpr std::array kKindNames = {KindName{Kind::In, "in"}, KindName{Kind::Out, "out"},
                                   KindName{Kind::Seen, "seen"}, KindName{Kind::Why, "why"}};

bool is_url(std::string_view text) { return text.find(kSchemeEnd) != text.npos; }

// "user:***@" of "http://user:***@h/f"; empty for a URL without it, or no URL.
std::string user_in(const std::string& text) {
    const std::size_t scheme = text.find(kSchemeEnd);
    if (scheme == text.npos) return {};
    const std::size_t begin = scheme + kSchemeEnd.size();
    const std::size_t end = std::min(text.find_first_of("/?#", begin), text.size());
    const std::size_t at = text.rfind('@', end);
    return at == text.npos || at < begin ? "" : text.substr(begin, at + 1 - begin);
}

std::string without(const std::string& user, std::string url) {
    return user.empty() ? url : url.erase(url.find(kSchemeEnd) + kSchemeEnd.size(), user.size());
}

std::string with(const std::string& user, std::string url) {
    return user.empty() ? url : url.insert(url.find(kSchemeEnd) + kSchemeEnd.size(), user);
}

void swap_prefix(Json& json, std::string_view from, std::string_view to) {
    if (json.is_string()) {
        const std::string& text = json.get_ref<const std::string&>();
        const std::string user = user_in(text);
        const std::string plain = without(user, text);
        if (plain.compare(0, from.size(), from) == 0 && (user.empty() || is_url(to)))
            json = with(user, std::string(to) + plain.substr(from.size()));
        return;
    }
    if (json.is_structured())
        for (Json& inner : json) swap_prefix(inner, from, to);
}

const Json& field(const Json& json, const char* key, const std::string& where,
                  const std::string& expected) {
    if (!json.is_object() || !json.contains(key))
        throw InputError(where, "expected " + expected + " under \"" + key + "\"");
    return json.at(key);
}

SimulatedMachine read_machine(const Json& json, const std::string& where) {
    try {
        return {Duration(json.at("latency_ms").get<std::uint32_t>()),
                json.at("bytes_per_ms").get<std::uint64_t>(),
                json.at("protected").get<std::vector<std::string>>()};
    } catch (const nlohmann::json::exception& /*error*/) {
        throw InputError(where + "/machine",
                         "expected numbers in latency_ms and bytes_per_ms, a list of paths in "
                         "protected");
    }
}

TraceHeader read_header(const Json& json, const std::string& where) {
    if (field(json, "trace", where, "the number of the format") != kFormat)
        throw InputError(where + "/trace", "expected " + std::to_string(kFormat));
    TraceHeader header;
    try {
        header.title = field(json, "title", where, "a text").get<std::string>();
        header.covers = json.value("covers", std::vector<std::string>());
        header.sut = json.value("sut", "");
        header.masked = json.value("masked", false);
    } catch (const nlohmann::json::type_error& /*error*/) {
        throw InputError(where,
                         "expected texts in title and sut, a list of texts in covers, true "
                         "or false in masked");
    }
    if (json.contains("policy"))
        header.policy = policy_from_json(json.at("policy"), where + "/policy");
    if (json.contains("server"))
        header.server = script_from_json(json.at("server"), where + "/server");
    if (json.contains("machine")) header.machine = read_machine(json.at("machine"), where);
    return header;
}

}  // namespace

fakeserver::Script script_from_json(const Json& json, const std::string& where) {
    try {
        return fakeserver::script_from_json_text(json.dump(), where);
    } catch (const fakeserver::InputError& error) {
        throw InputError(where, error.what());
    }
}

Json script_to_json(const fakeserver::Script& script) {
    return Json::parse(fakeserver::to_json_text(script));
}

std::string to_text(const TraceHeader& header) {
    Json json = {{"trace", kFormat}, {"title", header.title}, {"covers", header.covers}};
    json["sut"] = header.sut;
    if (header.masked) json["masked"] = true;
    json["policy"] = to_json(header.policy);
    json["server"] = script_to_json(header.server);
    if (header.machine)
        json["machine"] = {{"latency_ms", header.machine->latency.count()},
                           {"bytes_per_ms", header.machine->bytes_per_ms},
                           {"protected", header.machine->protected_directories}};
    return to_line(json) + "\n";
}

std::string to_text(const TraceLine& line) {
    if (line.kind == Kind::Note) return to_line({{"note", line.body}}) + "\n";
    Json json = {{"at", static_cast<std::uint64_t>(line.at.count())}};
    for (const auto& [kind, key] : kKindNames)
        if (kind == line.kind) json[key] = Json::parse(line.body);
    return to_line(json) + "\n";
}

std::string to_text(const Trace& trace) {
    std::string text = to_text(trace.header);
    for (const TraceLine& line : trace.lines) text += to_text(line);
    return text;
}

Trace trace_from_text(std::string_view text, const std::string& where) {
    Trace trace;
    std::size_t number = 0;
    std::istringstream input{std::string(text)};
    for (std::string line; std::getline(input, line);) {
        const std::string place = where + ":" + std::to_string(++number);
        const Json json = parse_json(line, place);
        if (number == 1)
            trace.header = read_header(json, place);
        else
            trace.lines.push_back(line_from_json(json, place));
    }
    if (number == 0) throw InputError(where, "expected a header line");
    return trace;
}

TraceLine line_from_json(const Json& json, const std::string& where) {
    if (!json.is_object()) throw InputError(where, "expected an object");
    if (json.contains("note")) {
        if (!json.at("note").is_string()) throw InputError(where + "/note", "expected a text");
        return {Kind::Note, Duration(0), json.at("note").get<std::string>()};
    }
    for (const auto& [kind, key] : kKindNames) {
        if (!json.contains(key)) continue;
        const Json& at = field(json, "at", where, "milliseconds since the start");
        constexpr auto most = static_cast<std::uint64_t>(Duration::max().count());
        if (!at.is_number_unsigned() || at.get<std::uint64_t>() > most)
            throw InputError(where + "/at", "expected milliseconds since the start");
        return {kind, Duration(at.get<std::int64_t>()), to_line(json.at(key))};
    }
    throw InputError(where, "expected one of in, out, seen, why, note");
}

Trace trace_from_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw InputError(path, "expected a file that can be read");
    std::ostringstream text;
    text << file.rdbuf();
    return trace_from_text(text.str(), path);
}

bool is_masked(const std::vector<TraceLine>& lines) {
    return std::any_of(lines.begin(), lines.end(), [](const TraceLine& line) {
        return line.body.find(":***@") != line.body.npos;
    });
}

std::string with_prefix_swapped(const std::string& json_line, std::string_view from,
                                std::string_view to) {
    Json json = Json::parse(json_line);
    swap_prefix(json, from, to);
    return to_line(json);
}

}  // namespace qmgr::inline v0::traces
