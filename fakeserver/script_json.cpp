#include "fakeserver/script_json.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "fakeserver/effect_table.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

using nlohmann::json;

/// Short enough for a message of one line; `text` is ASCII.
std::string shortened(const std::string& text) {
    constexpr std::size_t kLongest = 60;
    return text.size() <= kLongest ? text : text.substr(0, kLongest) + "…";
}

/// The value as it stands in the text.
std::string shown(const json& value) {
    return shortened(value.dump(-1, ' ', true, json::error_handler_t::replace));
}

std::string pointer_step(std::string_view key) {
    std::string step = "/";
    for (const char c : key) {
        step += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return step;
}

/// A value and where it stands.
class Place {
  public:
    Place(const json& value, std::string_view where, std::string pointer)
        : value_(value), where_(where), pointer_(std::move(pointer)) {}

    [[noreturn]] void fail(const std::string& expected) const {
        throw InputError(std::string(where_), pointer_, expected + ", found " + shown(value_));
    }
    const json& value() const { return value_; }

    /// The value is an object that has no other keys than these.
    void allow_keys(const std::vector<std::string_view>& keys) const {
        if (!value_.is_object()) {
            fail("expected an object");
        }
        for (const auto& [key, value] : value_.items()) {
            if (std::ranges::find(keys, key) == keys.end()) {
                std::string expected = "expected one of the keys";
                for (const std::string_view known : keys) {
                    expected.append(" ").append(known);
                }
                throw InputError(std::string(where_), pointer_ + pointer_step(key), expected);
            }
        }
    }
    std::optional<Place> find(std::string_view key) const {
        const auto found = value_.find(key);
        if (found == value_.end()) {
            return std::nullopt;
        }
        return Place(*found, where_, pointer_ + pointer_step(key));
    }
    Place get(std::string_view key) const {
        const std::optional<Place> member = find(key);
        if (!member) {
            throw InputError(std::string(where_), pointer_,
                             "expected the key \"" + std::string(key) + "\", found none");
        }
        return *member;
    }
    std::vector<Place> elements() const {
        if (!value_.is_array()) {
            fail("expected a list");
        }
        std::vector<Place> places;
        for (std::size_t i = 0; i < value_.size(); ++i) {
            places.emplace_back(value_[i], where_, pointer_ + "/" + std::to_string(i));
        }
        return places;
    }
    std::string text() const {
        if (!value_.is_string()) {
            fail("expected a string");
        }
        return value_.get<std::string>();
    }
    /// Text that can stand in a line of a head.
    std::string line() const {
        std::string text = this->text();
        if (std::ranges::any_of(text, [](char c) { return c == '\r' || c == '\n' || c == 0; })) {
            fail("expected a string without line ends and NUL");
        }
        return text;
    }
    std::string word(const std::string& expected) const {
        std::string text = line();
        if (text.empty() || text.find_first_of(" \t:") != std::string::npos) {
            fail(expected);
        }
        return text;
    }
    std::string path() const {
        std::string text = line();
        if (!text.starts_with('/') || text.find_first_of(" \t#") != std::string::npos) {
            fail("expected a path that starts with / and has no blank and no #");
        }
        return text;
    }
    bool truth() const {
        if (!value_.is_boolean()) {
            fail("expected true or false");
        }
        return value_.get<bool>();
    }
    std::uint64_t number(std::uint64_t least = 0) const {
        const bool whole = value_.is_number_unsigned() ||
                           (value_.is_number_integer() && value_.get<std::int64_t>() >= 0);
        if (!whole || value_.get<std::uint64_t>() < least) {
            fail("expected a whole number from " + std::to_string(least) + " on");
        }
        return value_.get<std::uint64_t>();
    }

  private:
    const json& value_;
    std::string_view where_;
    std::string pointer_;
};

std::optional<std::string> optional_line(const Place& object, std::string_view key) {
    const std::optional<Place> member = object.find(key);
    return member ? std::optional(member->line()) : std::nullopt;
}

std::vector<Header> read_headers(const Place& list) {
    std::vector<Header> headers;
    for (const Place& element : list.elements()) {
        element.allow_keys({"name", "value"});
        headers.push_back({.name = element.get("name").word("expected the name of a header"),
                           .value = element.get("value").line()});
    }
    return headers;
}

json write_headers(const std::vector<Header>& headers) {
    json list = json::array();
    for (const Header& header : headers) {
        list.push_back({{"name", header.name}, {"value", header.value}});
    }
    return list;
}

int read_status(const Place& place) {
    constexpr std::uint64_t kLeast = 100;
    constexpr std::uint64_t kGreatest = 999;
    const std::uint64_t status = place.number();
    if (status < kLeast || status > kGreatest) {
        place.fail("expected a status from 100 to 999");
    }
    return static_cast<int>(status);
}

template <typename T>
json or_null(const std::optional<T>& value) {
    return value ? json(*value) : json();
}

/// How a parameter of an effect stands in a script; a null is not written.
struct ParameterRow {
    Parameter parameter;
    std::string_view name;
    void (*read)(const Place& place, Fault& fault);
    json (*write)(const Fault& fault);
};

constexpr std::array kParameters{
    ParameterRow{Parameter::Status, "status",
                 [](const Place& place, Fault& fault) { fault.status = read_status(place); },
                 [](const Fault& fault) { return json(fault.status); }},
    ParameterRow{Parameter::Headers, "headers",
                 [](const Place& place, Fault& fault) { fault.headers = read_headers(place); },
                 [](const Fault& fault) {
                     return fault.headers.empty() ? json() : write_headers(fault.headers);
                 }},
    ParameterRow{Parameter::Body, "body",
                 [](const Place& place, Fault& fault) { fault.body = place.text(); },
                 [](const Fault& fault) { return fault.body.empty() ? json() : json(fault.body); }},
    ParameterRow{Parameter::AtByte, "at_byte",
                 [](const Place& place, Fault& fault) { fault.at_byte = place.number(); },
                 [](const Fault& fault) { return json(fault.at_byte); }},
    ParameterRow{Parameter::DelayMs, "delay_ms",
                 [](const Place& place, Fault& fault) { fault.delay_ms = place.number(); },
                 [](const Fault& fault) { return or_null(fault.delay_ms); }},
    ParameterRow{Parameter::Seed, "seed",
                 [](const Place& place, Fault& fault) { fault.seed = place.number(); },
                 [](const Fault& fault) { return or_null(fault.seed); }},
    ParameterRow{Parameter::Size, "size",
                 [](const Place& place, Fault& fault) { fault.size = place.number(); },
                 [](const Fault& fault) { return or_null(fault.size); }},
    ParameterRow{Parameter::LastModified, "last_modified",
                 [](const Place& place, Fault& fault) { fault.last_modified = place.line(); },
                 [](const Fault& fault) { return or_null(fault.last_modified); }},
};

const ParameterRow& parameter_row(Parameter parameter) {
    return *std::ranges::find(kParameters, parameter, &ParameterRow::parameter);
}

const EffectRow& read_effect(const Place& place) {
    const std::string name = place.text();
    std::string expected = "expected one of the effects";
    for (const EffectRow& row : effect_table()) {
        if (row.name == name) {
            return row;
        }
        expected.append(" ").append(row.name);
    }
    place.fail(expected);
}

Fault read_fault(const Place& object) {
    if (!object.value().is_object()) {
        object.fail("expected an object");
    }
    const EffectRow& effect = read_effect(object.get("effect"));
    std::vector<std::string_view> keys{"effect"};
    for (const ParameterUse& use : effect.parameters) {
        keys.push_back(parameter_row(use.parameter).name);
    }
    object.allow_keys(keys);
    Fault fault{.effect = effect.effect};
    for (const ParameterUse& use : effect.parameters) {
        const ParameterRow& row = parameter_row(use.parameter);
        if (use.need == Need::Required) {
            row.read(object.get(row.name), fault);
        } else if (const std::optional<Place> member = object.find(row.name)) {
            row.read(*member, fault);
        }
    }
    return fault;
}

json write_fault(const Fault& fault) {
    const EffectRow& effect = effect_row(fault.effect);
    json object{{"effect", effect.name}};
    for (const ParameterUse& use : effect.parameters) {
        const ParameterRow& row = parameter_row(use.parameter);
        if (json value = row.write(fault); !value.is_null()) {
            object[std::string(row.name)] = std::move(value);
        }
    }
    return object;
}

Match read_match(const Place& object) {
    object.allow_keys({"connection", "request", "method", "path", "has_range"});
    Match match;
    if (const auto member = object.find("connection")) {
        match.connection = member->number(1);
    }
    if (const auto member = object.find("request")) {
        match.request = member->number(1);
    }
    if (const auto member = object.find("method")) {
        match.method = member->word("expected the name of a method");
    }
    if (const auto member = object.find("path")) {
        match.path = member->path();
    }
    if (const auto member = object.find("has_range")) {
        match.has_range = member->truth();
    }
    return match;
}

void put(json& object, const char* key, json value) {
    if (!value.is_null()) {
        object[key] = std::move(value);
    }
}

json write_match(const Match& match) {
    json object = json::object();
    put(object, "connection", or_null(match.connection));
    put(object, "request", or_null(match.request));
    put(object, "method", or_null(match.method));
    put(object, "path", or_null(match.path));
    put(object, "has_range", or_null(match.has_range));
    return object;
}

Resource read_resource(const Place& object) {
    object.allow_keys({"path", "size", "seed", "last_modified", "etag"});
    return {.path = object.get("path").path(),
            .size = object.get("size").number(),
            .seed = object.get("seed").number(),
            .last_modified = optional_line(object, "last_modified"),
            .etag = optional_line(object, "etag")};
}

json write_resource(const Resource& resource) {
    json object{{"path", resource.path}, {"size", resource.size}, {"seed", resource.seed}};
    put(object, "last_modified", or_null(resource.last_modified));
    put(object, "etag", or_null(resource.etag));
    return object;
}

std::optional<std::uint64_t> read_times(const Place& place) {
    if (place.value().is_string()) {
        if (place.text() != "always") {
            place.fail("expected \"always\" or a whole number from 1 on");
        }
        return std::nullopt;
    }
    return place.number(1);
}

FaultRule read_rule(const Place& object) {
    object.allow_keys({"name", "match", "fault", "times"});
    FaultRule rule{.name = object.get("name").line()};
    if (rule.name.empty()) {
        object.get("name").fail("expected a name");
    }
    if (const auto member = object.find("match")) {
        rule.match = read_match(*member);
    }
    rule.fault = read_fault(object.get("fault"));
    if (const auto member = object.find("times")) {
        rule.times = read_times(*member);
    }
    return rule;
}

json write_rule(const FaultRule& rule) {
    json object{{"name", rule.name}, {"fault", write_fault(rule.fault)}};
    if (json match = write_match(rule.match); !match.empty()) {
        object["match"] = std::move(match);
    }
    put(object, "times", or_null(rule.times));
    return object;
}

/// Reads the list under `key`, if there is one; the member `id` must differ from element to
/// element.
template <typename T, typename Read>
std::vector<T> read_list(const Place& object, std::string_view key, std::string_view id,
                         const Read& read) {
    std::vector<T> list;
    const std::optional<Place> member = object.find(key);
    if (!member) {
        return list;
    }
    std::set<std::string> seen;
    for (const Place& element : member->elements()) {
        list.push_back(read(element));
        if (const Place name = element.get(id); !seen.insert(name.text()).second) {
            name.fail("expected a " + std::string(id) + " that no earlier element has");
        }
    }
    return list;
}

/// Line and column, counted from 1, of the byte number `byte`, counted from 1.
std::string line_and_column(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
    const auto line = 1 + std::ranges::count(before, '\n');
    const std::size_t last_end = before.rfind('\n');
    const std::size_t column =
        1 + before.size() - (last_end == std::string_view::npos ? 0 : last_end + 1);
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// The library's message without its own name and place.
std::string json_message(std::string_view what) {
    for (const std::string_view mark : {"syntax error", "number overflow"}) {
        if (const std::size_t start = what.find(mark); start != what.npos) {
            what.remove_prefix(start);
            break;
        }
    }
    return "expected JSON; " + std::string(what);
}

/// Refuses, while a text is parsed, what no script has: values nested so deep that whoever walks
/// them would use up the stack, and keys that stand twice, of which one would be lost.
class ParseGuard {
  public:
    explicit ParseGuard(std::string_view where) : where_(where) {}

    void take(int depth, json::parse_event_t event, const json& parsed) {
        using Event = json::parse_event_t;
        if ((event == Event::object_start || event == Event::array_start) && depth >= kDeepest) {
            throw InputError(
                where_, "", "expected values nested at most " + std::to_string(kDeepest) + " deep");
        }
        if (event == Event::object_start) {
            keys_.emplace_back();
        } else if (event == Event::object_end) {
            keys_.pop_back();
        } else if (event == Event::key && !keys_.back().insert(parsed.get<std::string>()).second) {
            throw InputError(
                where_, "",
                "expected each key once in an object, found " + shown(parsed) + " twice");
        }
    }

  private:
    static constexpr int kDeepest = 100;

    const std::string where_;
    std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

InputError::InputError(std::string where, std::string place, std::string expected)
    : std::runtime_error(where + ": " + (place.empty() ? "" : place + ": ") + expected),
      where_(std::move(where)),
      place_(std::move(place)),
      expected_(std::move(expected)) {}

Script script_from_json(const nlohmann::json& json, std::string_view where) {
    const Place object(json, where, "");
    object.allow_keys({"title", "why", "resources", "rules"});
    return {.title = object.get("title").line(),
            .why = object.get("why").line(),
            .resources = read_list<Resource>(object, "resources", "path", read_resource),
            .rules = read_list<FaultRule>(object, "rules", "name", read_rule)};
}

Script script_from_json_text(std::string_view text, std::string_view where) {
    json document;
    ParseGuard guard(where);
    try {
        document =
            json::parse(text, [&guard](int depth, json::parse_event_t event, const json& parsed) {
                guard.take(depth, event, parsed);
                return true;
            });
    } catch (const json::parse_error& error) {
        throw InputError(std::string(where), line_and_column(text, error.byte),
                         json_message(error.what()));
    } catch (const json::exception& error) {
        throw InputError(std::string(where), "", shortened(json_message(error.what())));
    }
    return script_from_json(document, where);
}

Script script_from_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    // Fails for an empty file, too, and for one that opens and cannot be read, as a folder does.
    if (!file || !(text << file.rdbuf())) {
        throw InputError(path, "", "expected a file that can be read and is not empty");
    }
    return script_from_json_text(text.str(), path);
}

void to_json(nlohmann::json& json, const Script& script) {
    json = {{"title", script.title},
            {"why", script.why},
            {"resources", nlohmann::json::array()},
            {"rules", nlohmann::json::array()}};
    for (const Resource& resource : script.resources) {
        json["resources"].push_back(write_resource(resource));
    }
    for (const FaultRule& rule : script.rules) {
        json["rules"].push_back(write_rule(rule));
    }
}

std::string to_json_text(const Script& script) { return json(script).dump(4) + "\n"; }

}  // namespace qmgr::inline v0::fakeserver
