#include "fakeserver/script_json.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

#include "fakeserver/effect_table.hpp"
#include "fakeserver/shortened.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

using nlohmann::json;

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
        const bool is_secret = pointer_.ends_with("/password");
        throw InputError(std::string(where_), pointer_,
                         expected + ", found " + (is_secret ? "***" : shown(value_)));
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
    std::uint64_t number(std::uint64_t least = 0,
                         std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const {
        const bool whole = value_.is_number_unsigned() ||
                           (value_.is_number_integer() && value_.get<std::int64_t>() >= 0);
        if (!whole || value_.get<std::uint64_t>() < least || value_.get<std::uint64_t>() > most) {
            const bool open = most == std::numeric_limits<std::uint64_t>::max();
            fail("expected a whole number from " + std::to_string(least) +
                 (open ? " on" : " to " + std::to_string(most)));
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

template <typename T>
json or_null(const std::optional<T>& value) {
    return value ? json(*value) : json();
}

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

/// How a point stands in a script: a word alone, or a word with a byte.
struct PointRow {
    Where where;
    std::string_view word;       ///< for byte 0, or for any where there is no other
    std::string_view with_byte;  ///< empty: this point has no byte
};

constexpr std::array kPoints{
    PointRow{Where::Accept, "accept", ""},
    PointRow{Where::Handshake, "handshake", "handshake_byte"},
    PointRow{Where::Head, "before_head", "head_byte"},
    PointRow{Where::Body, "before_body", "body_byte"},
    PointRow{Where::End, "end", ""},
};

bool has(const Points& points, Where where) {
    switch (where) {
        case Where::Accept:
        case Where::Handshake:
            return points.connection;
        case Where::Head:
            return points.head;
        case Where::Body:
            return points.body;
        case Where::End:
            break;
    }
    return points.end;
}

Point read_point(const Place& place, const Points& points) {
    std::string expected = "expected one of";
    for (const PointRow& row : kPoints) {
        if (!has(points, row.where)) {
            continue;
        }
        expected.append(" \"").append(row.word).append("\"");
        if (place.value().is_string() && place.text() == row.word) {
            return {.where = row.where, .byte = 0};
        }
        if (row.with_byte.empty()) {
            continue;
        }
        expected.append(" {\"").append(row.with_byte).append("\": n}");
        if (place.value().is_object() && place.value().size() == 1) {
            if (const auto byte = place.find(row.with_byte)) {
                return {.where = row.where, .byte = byte->number()};
            }
        }
    }
    place.fail(expected);
}

json write_point(const Point& point) {
    const auto& row = *std::ranges::find(kPoints, point.where, &PointRow::where);
    return point.byte == 0 || row.with_byte.empty()
               ? json(row.word)
               : json{{std::string(row.with_byte), point.byte}};
}

/// A year: longer than any test, and far from the end of 64 bits.
constexpr std::uint64_t kMostMs = 366ULL * 24 * 3600 * 1000;

Delay read_delay(const Place& place) {
    if (!place.value().is_object()) {
        return {.ms = place.number(0, kMostMs)};
    }
    place.allow_keys({"uniform", "log_normal"});
    if (const auto bounds = place.find("uniform")) {
        const std::vector<Place> pair = bounds->elements();
        if (pair.size() != 2 || place.value().size() != 1) {
            place.fail("expected {\"uniform\": [least, most]}");
        }
        const std::uint64_t least = pair[0].number(0, kMostMs);
        return {
            .kind = Delay::Kind::Uniform, .ms = least, .most_ms = pair[1].number(least, kMostMs)};
    }
    const Place shape = place.get("log_normal");
    shape.allow_keys({"median", "sigma_thousandths", "most"});
    constexpr std::uint64_t kMostSigma = 10'000;
    const std::uint64_t median = shape.get("median").number(0, kMostMs);
    return {.kind = Delay::Kind::LogNormal,
            .ms = median,
            .most_ms = shape.get("most").number(median, kMostMs),
            .sigma_thousandths = shape.get("sigma_thousandths").number(0, kMostSigma)};
}

json write_delay(const Delay& delay) {
    switch (delay.kind) {
        case Delay::Kind::Fixed:
            break;
        case Delay::Kind::Uniform:
            return {{"uniform", {delay.ms, delay.most_ms}}};
        case Delay::Kind::LogNormal:
            return {{"log_normal",
                     {{"median", delay.ms},
                      {"sigma_thousandths", delay.sigma_thousandths},
                      {"most", delay.most_ms}}}};
    }
    return delay.ms;
}

Chance read_chance(const Place& place) {
    const std::vector<Place> pair = place.elements();
    if (pair.size() != 2) {
        place.fail("expected [of, out of]");
    }
    const std::uint64_t out_of = pair[1].number(1);
    return {.of = pair[0].number(0, out_of), .out_of = out_of};
}

json write_chance(const Chance& chance) { return {chance.of, chance.out_of}; }

/// How a parameter of an effect stands in a script; a null is not written.
struct ParameterRow {
    Parameter parameter;
    std::string_view name;
    void (*read)(const Place& place, const ParameterUse& use, Fault& fault);
    json (*write)(const Fault& fault);
};

/// A parameter that is a number, or a text, or a text that may be missing.
template <auto Member>
constexpr ParameterRow number_row(Parameter parameter, std::string_view name) {
    return {parameter, name,
            [](const Place& place, const ParameterUse& use, Fault& fault) {
                using Number = std::remove_reference_t<decltype(fault.*Member)>;
                const std::uint64_t number = place.number(use.least, use.most);
                if constexpr (std::is_same_v<Number, int>) {
                    fault.*Member = static_cast<int>(number);
                } else {
                    fault.*Member = number;
                }
            },
            [](const Fault& fault) {
                if constexpr (requires { (fault.*Member).has_value(); }) {
                    return or_null(fault.*Member);
                } else {
                    return fault.*Member == 0 ? json() : json(fault.*Member);
                }
            }};
}
template <auto Member>
constexpr ParameterRow line_row(Parameter parameter, std::string_view name) {
    return {parameter, name,
            [](const Place& place, const ParameterUse& use, Fault& fault) {
                std::string line = place.line();
                if (line.size() > use.most) {
                    place.fail("expected at most " + std::to_string(use.most) + " bytes");
                }
                fault.*Member = std::move(line);
            },
            [](const Fault& fault) {
                if constexpr (requires { (fault.*Member).has_value(); }) {
                    return or_null(fault.*Member);
                } else {
                    return text_or_null(fault.*Member);
                }
            }};
}

constexpr std::array kParameters{
    // Which points there can be only the effect knows: read_fault reads this one.
    ParameterRow{Parameter::At, "at", nullptr,
                 [](const Fault& fault) { return write_point(fault.at); }},
    number_row<&Fault::status>(Parameter::Status, "status"),
    ParameterRow{Parameter::Headers, "headers",
                 [](const Place& place, const ParameterUse& /*use*/, Fault& fault) {
                     fault.headers = read_headers(place);
                 },
                 [](const Fault& fault) {
                     return fault.headers.empty() ? json() : write_headers(fault.headers);
                 }},
    ParameterRow{Parameter::Body, "body",
                 [](const Place& place, const ParameterUse& /*use*/, Fault& fault) {
                     fault.body = place.text();
                 },
                 [](const Fault& fault) { return text_or_null(fault.body); }},
    line_row<&Fault::name>(Parameter::Name, "name"),
    line_row<&Fault::value>(Parameter::Value, "value"),
    line_row<&Fault::location>(Parameter::Location, "location"),
    line_row<&Fault::user>(Parameter::User, "user"),
    line_row<&Fault::password>(Parameter::Password, "password"),
    ParameterRow{Parameter::DelayMs, "delay_ms",
                 [](const Place& place, const ParameterUse& /*use*/, Fault& fault) {
                     fault.delay = read_delay(place);
                 },
                 [](const Fault& fault) { return write_delay(fault.delay); }},
    number_row<&Fault::bytes>(Parameter::Bytes, "bytes"),
    number_row<&Fault::count>(Parameter::Count, "count"),
    number_row<&Fault::chunk_bytes>(Parameter::ChunkBytes, "chunk_bytes"),
    number_row<&Fault::bytes_per_second>(Parameter::BytesPerSecond, "bytes_per_second"),
    ParameterRow{Parameter::Slices, "slices",
                 [](const Place& place, const ParameterUse& /*use*/, Fault& fault) {
                     for (const Place& element : place.elements()) {
                         fault.slices.push_back(element.number(1));
                     }
                     if (fault.slices.empty()) {
                         place.fail("expected one size or more");
                     }
                 },
                 [](const Fault& fault) { return json(fault.slices); }},
    ParameterRow{Parameter::Chance, "chance",
                 [](const Place& place, const ParameterUse& /*use*/, Fault& fault) {
                     fault.chance = read_chance(place);
                 },
                 [](const Fault& fault) { return write_chance(fault.chance); }},
    number_row<&Fault::seed>(Parameter::Seed, "seed"),
    number_row<&Fault::size>(Parameter::Size, "size"),
    line_row<&Fault::last_modified>(Parameter::LastModified, "last_modified"),
    line_row<&Fault::etag>(Parameter::Etag, "etag"),
};

const ParameterRow& parameter_row(Parameter parameter) {
    return *std::ranges::find(kParameters, parameter, &ParameterRow::parameter);
}

const EffectRow& read_effect(const Place& place) {
    const auto row = std::ranges::find(effect_table(), place.text(), &EffectRow::name);
    if (row == effect_table().end()) {
        place.fail("expected an effect (`qmgr-fakeserver faults` lists them)");
    }
    return *row;
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
        const std::optional<Place> member =
            use.need == Need::Required ? object.get(row.name) : object.find(row.name);
        if (!member) {
            continue;
        }
        if (use.parameter == Parameter::At) {
            fault.at = read_point(*member, effect.points);
        } else {
            row.read(*member, use, fault);
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

HeaderMatch read_header_match(const Place& object) {
    object.allow_keys({"name", "value"});
    return {.name = object.get("name").word("expected the name of a header"),
            .value = optional_line(object, "value")};
}

std::optional<std::uint64_t> optional_number(const Place& object, std::string_view key,
                                             std::uint64_t least) {
    const std::optional<Place> member = object.find(key);
    return member ? std::optional(member->number(least)) : std::nullopt;
}

std::optional<bool> optional_truth(const Place& object, std::string_view key) {
    const std::optional<Place> member = object.find(key);
    return member ? std::optional(member->truth()) : std::nullopt;
}

Match read_match(const Place& object) {
    object.allow_keys({"connection", "request", "nth", "method", "path", "path_prefix", "header",
                       "has_range", "range", "proxied", "sent_bytes"});
    Match match{.connection = optional_number(object, "connection", 1),
                .request = optional_number(object, "request", 1),
                .nth = optional_number(object, "nth", 1),
                .range = optional_line(object, "range"),
                .proxied = optional_truth(object, "proxied"),
                .sent_bytes = optional_number(object, "sent_bytes", 1)};
    match.has_range = optional_truth(object, "has_range");
    if (const auto member = object.find("method")) {
        match.method = member->word("expected the name of a method");
    }
    if (const auto member = object.find("path")) {
        // CONNECT asks for a host and a port.
        match.path = match.method == "CONNECT" ? member->line() : member->path();
    }
    if (const auto member = object.find("path_prefix")) {
        match.path_prefix = member->path();
    }
    if (const auto member = object.find("header")) {
        match.header = read_header_match(*member);
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
    put(object, "nth", or_null(match.nth));
    put(object, "method", or_null(match.method));
    put(object, "path", or_null(match.path));
    put(object, "path_prefix", or_null(match.path_prefix));
    if (match.header) {
        object["header"]["name"] = match.header->name;
        put(object["header"], "value", or_null(match.header->value));
    }
    put(object, "has_range", or_null(match.has_range));
    put(object, "range", or_null(match.range));
    put(object, "proxied", or_null(match.proxied));
    put(object, "sent_bytes", or_null(match.sent_bytes));
    return object;
}

/// Far from the end of 64 bits, so that what is added to a size stays in them.
constexpr std::uint64_t kMostSize = std::uint64_t{1} << 62U;

Resource read_resource(const Place& object) {
    object.allow_keys({"path", "size", "seed", "last_modified", "etag"});
    return {.path = object.get("path").path(),
            .size = object.get("size").number(0, kMostSize),
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
        const std::string word = place.text();
        if (word != "always" && word != "once") {
            place.fail("expected \"once\", \"always\" or a whole number from 1 on");
        }
        return word == "once" ? std::optional<std::uint64_t>(1) : std::nullopt;
    }
    return place.number(1);
}

/// Each can cost megabytes.
constexpr std::size_t kMostFaults = 16;

/// One fault, or a list of them.
std::vector<Fault> read_faults(const Place& place) {
    std::vector<Fault> faults;
    if (!place.value().is_array()) {
        faults.push_back(read_fault(place));
        return faults;
    }
    for (const Place& element : place.elements()) {
        faults.push_back(read_fault(element));
        if (faults.size() > kMostFaults) {
            element.fail("expected at most " + std::to_string(kMostFaults) + " faults in a rule");
        }
        const bool mixed = is_of_connection(faults.back()) != is_of_connection(faults.front());
        const bool refusal =
            faults.size() > 1 && (faults.front().effect == Effect::RefuseConnection ||
                                  faults.back().effect == Effect::RefuseConnection);
        if (mixed || refusal) {
            element.fail(
                "expected a fault that happens together with the first one (both to a connection "
                "or both to an answer, RefuseConnection alone)");
        }
    }
    for (std::size_t i = 1; i < faults.size(); ++i) {
        if (effect_row(faults[i].effect).replaces) {
            place.elements()[i].fail(
                "expected a fault that replaces the answer to be the first and only one of its "
                "kind");
        }
    }
    if (faults.empty()) {
        place.fail("expected one fault or more");
    }
    return faults;
}

FaultRule read_rule(const Place& object) {
    object.allow_keys({"name", "match", "fault", "times", "every", "chance", "seed"});
    FaultRule rule{.name = object.get("name").line()};
    if (rule.name.empty()) {
        object.get("name").fail("expected a name");
    }
    rule.faults = read_faults(object.get("fault"));
    if (const auto member = object.find("match")) {
        rule.match = read_match(*member);
        if (is_of_connection(rule.faults.front()) &&
            rule.match != Match{.connection = rule.match.connection}) {
            member->fail(
                "expected only \"connection\" in the match of a fault that happens before there "
                "is a request");
        }
    }
    if (const auto member = object.find("times")) {
        rule.times = read_times(*member);
    }
    rule.every = optional_number(object, "every", 1);
    if (const auto member = object.find("chance")) {
        rule.chance = read_chance(*member);
    }
    rule.seed = optional_number(object, "seed", 0).value_or(0);
    return rule;
}

json write_rule(const FaultRule& rule) {
    json faults = json::array();
    for (const Fault& fault : rule.faults) {
        faults.push_back(write_fault(fault));
    }
    json object{{"name", rule.name}, {"fault", faults.size() == 1 ? faults.front() : faults}};
    if (json match = write_match(rule.match); !match.empty()) {
        object["match"] = std::move(match);
    }
    put(object, "times", or_null(rule.times));
    put(object, "every", or_null(rule.every));
    if (rule.chance) {
        object["chance"] = write_chance(*rule.chance);
    }
    if (rule.seed != 0) {
        object["seed"] = rule.seed;
    }
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

}  // namespace

InputError::InputError(std::string where, std::string place, std::string expected)
    : std::runtime_error(
          in_one_line(where + ": " + (place.empty() ? "" : place + ": ") + expected)),
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

std::string_view parameter_name(Parameter parameter) { return parameter_row(parameter).name; }

std::vector<std::string> point_words(const Points& points) {
    std::vector<std::string> words;
    for (const PointRow& row : kPoints) {
        if (has(points, row.where)) {
            words.emplace_back(row.word);
            if (!row.with_byte.empty()) {
                words.emplace_back(row.with_byte);
            }
        }
    }
    return words;
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
