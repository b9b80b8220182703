#include "reference/contract/json.hpp"

#include <array>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <type_traits>
#include <utility>

#include "reference/contract/json_fields.hpp"

namespace qmgr::inline v0 {
namespace {

using json_fields::Form;

[[noreturn]] void refuse(const std::string& where, const std::string& expected) {
    throw InputError(where, "expected " + expected);
}

// ---- names of numbers that the headers name -------------------------------------------------

template <class Number>
using NameTable = std::span<const std::pair<Number, std::string_view>>;

template <class Number>
Json named(Number number, NameTable<Number> table) {
    for (const auto& [value, text] : table)
        if (value == number) return std::string(text);
    return static_cast<std::underlying_type_t<Number>>(number);
}

template <class Number>
Number read_named(const Json& json, NameTable<Number> table, const std::string& where,
                  const std::string& expected) {
    using Raw = std::underlying_type_t<Number>;
    if (json.is_string())
        for (const auto& [value, text] : table)
            if (json.get_ref<const std::string&>() == text) return value;
    if (json.is_number_unsigned() && json.get<std::uint64_t>() <= std::numeric_limits<Raw>::max())
        return static_cast<Number>(json.get<Raw>());
    refuse(where, expected);
}

using PropertyName = std::pair<GroupProperty, std::string_view>;
constexpr std::array kPropertyNames = {
    PropertyName{GroupProperty::Priority, "GROUPPROP_PRIORITY"},
    PropertyName{GroupProperty::RemoteUserId, "GROUPPROP_REMOTEUSERID"},
    PropertyName{GroupProperty::RemoteUserPassword, "GROUPPROP_REMOTEUSERPWD"},
    PropertyName{GroupProperty::LocalUserId, "GROUPPROP_LOCALUSERID"},
    PropertyName{GroupProperty::LocalUserPassword, "GROUPPROP_LOCALUSERPWD"},
    PropertyName{GroupProperty::ProtocolFlags, "GROUPPROP_PROTOCOLFLAGS"},
    PropertyName{GroupProperty::NotifyFlags, "GROUPPROP_NOTIFYFLAGS"},
    PropertyName{GroupProperty::NotifyClsid, "GROUPPROP_NOTIFYCLSID"},
    PropertyName{GroupProperty::ProgressSize, "GROUPPROP_PROGRESSSIZE"},
    PropertyName{GroupProperty::ProgressPercent, "GROUPPROP_PROGRESSPERCENT"},
    PropertyName{GroupProperty::ProgressTime, "GROUPPROP_PROGRESSTIME"},
    PropertyName{GroupProperty::DisplayName, "GROUPPROP_DISPLAYNAME"},
    PropertyName{GroupProperty::Description, "GROUPPROP_DESCRIPTION"},
};

using ProgressName = std::pair<ProgressFlag, std::string_view>;
constexpr std::array kProgressNames = {
    ProgressName{ProgressFlag::PercentDone, "QM_PROGRESS_PERCENT_DONE"},
    ProgressName{ProgressFlag::TimeDone, "QM_PROGRESS_TIME_DONE"},
    ProgressName{ProgressFlag::SizeDone, "QM_PROGRESS_SIZE_DONE"},
};

using WireName = std::pair<Wire, std::string_view>;
constexpr std::array kWireNames = {
    WireName{Wire::Bits66, "bits_6_6"},
    WireName{Wire::Bits70, "bits_7_0"},
    WireName{Wire::Bits78, "bits_7_8"},
};

using VariantName = std::pair<VariantType, std::string_view>;
constexpr std::array kVariantNames = {
    VariantName{VariantType::Empty, "VT_EMPTY"}, VariantName{VariantType::Null, "VT_NULL"},
    VariantName{VariantType::I2, "VT_I2"},       VariantName{VariantType::I4, "VT_I4"},
    VariantName{VariantType::R4, "VT_R4"},       VariantName{VariantType::R8, "VT_R8"},
    VariantName{VariantType::Bstr, "VT_BSTR"},   VariantName{VariantType::Bool, "VT_BOOL"},
    VariantName{VariantType::I1, "VT_I1"},       VariantName{VariantType::UI1, "VT_UI1"},
    VariantName{VariantType::UI2, "VT_UI2"},     VariantName{VariantType::UI4, "VT_UI4"},
    VariantName{VariantType::I8, "VT_I8"},       VariantName{VariantType::UI8, "VT_UI8"},
    VariantName{VariantType::Int, "VT_INT"},     VariantName{VariantType::UInt, "VT_UINT"},
};

// ---- one pair of functions per member type ---------------------------------------------------
// `read` is declared for all first: lists and structs read what they hold.

template <class Struct>
concept HasForm = requires {
    Form<Struct>::list;
};

Json object_of(std::string_view key, Json value) {
    Json json = Json::object();
    json[std::string(key)] = std::move(value);
    return json;
}

Json write(bool value) { return value; }
Json write(std::uint32_t value) { return value; }
Json write(std::uint64_t value) { return value; }
Json write(const std::string& value) { return value; }
Json write(Duration value) { return static_cast<std::uint64_t>(value.count()); }
Json write(const Guid& value) { return to_text(value); }
Json write(GroupProperty value) { return named<GroupProperty>(value, kPropertyNames); }
Json write(Wire value) {
    return std::string(kWireNames.at(static_cast<std::size_t>(value)).second);
}
Json write(ProgressFlag value) { return named<ProgressFlag>(value, kProgressNames); }
template <class Tag>
Json write(const TypedGuid<Tag>& value) {
    return to_text(value.guid);
}
template <class Tag>
Json write(const TypedNumber<Tag>& value) {
    return value.value;
}
template <class Flag>
Json write(const FlagSet<Flag>& value) {
    Json list = Json::array();
    for (const std::string_view text : flag_names(value)) list.push_back(std::string(text));
    return list;
}
Json write(const PropertyValue& value) {
    Json json = object_of("type", named<VariantType>(value.type, kVariantNames));
    if (value.type == VariantType::Bstr)
        json["text"] = value.text;
    else if (value.number != 0)
        json["number"] = value.number;
    return json;
}
template <class Struct>
requires HasForm<Struct> Json write(const Struct& value);
template <class T>
Json write(const std::optional<T>& value) {
    return value ? write(*value) : Json();
}
template <class T>
Json write(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) list.push_back(write(value));
    return list;
}
template <class Struct>
requires HasForm<Struct> Json write(const Struct& value) {
    Json json = Json::object();
    [[maybe_unused]] const Struct initial{};
    std::apply(
        [&](const auto&... field) {
            [[maybe_unused]] const auto put = [&](const auto& one) {
                if constexpr (std::decay_t<decltype(one)>::may_be_missing)
                    if (value.*one.member == initial.*one.member) return;
                json[std::string(one.key)] = write(value.*one.member);
            };
            (put(field), ...);
        },
        Form<Struct>::list);
    return json;
}

void read(const Json& json, bool& value, const std::string& where) {
    if (!json.is_boolean()) refuse(where, "true or false");
    value = json.get<bool>();
}
void read(const Json& json, std::uint32_t& value, const std::string& where) {
    if (!json.is_number_unsigned() ||
        json.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max())
        refuse(where, "a whole number from 0 to 4294967295");
    value = json.get<std::uint32_t>();
}
void read(const Json& json, std::uint64_t& value, const std::string& where) {
    if (!json.is_number_unsigned()) refuse(where, "a whole number, not negative");
    value = json.get<std::uint64_t>();
}
void read(const Json& json, std::string& value, const std::string& where) {
    if (!json.is_string()) refuse(where, "a text");
    value = json.get<std::string>();
}
void read(const Json& json, Duration& value, const std::string& where) {
    // A hundred years: far past any use, and safe to add to any Instant.
    constexpr std::uint64_t limit_ms = 100ULL * 366 * 24 * 3600 * 1000;
    if (!json.is_number_unsigned() || json.get<std::uint64_t>() > limit_ms)
        refuse(where, "milliseconds, from 0 to " + std::to_string(limit_ms));
    value = Duration(json.get<std::int64_t>());
}
void read(const Json& json, Guid& value, const std::string& where) {
    const auto guid =
        json.is_string() ? guid_from_text(json.get_ref<const std::string&>()) : std::nullopt;
    if (!guid) refuse(where, "a GUID as 8-4-4-4-12 hex digits");
    value = *guid;
}
void read(const Json& json, GroupProperty& value, const std::string& where) {
    value = read_named<GroupProperty>(json, kPropertyNames, where, "a GROUPPROP_ name or a number");
}
void read(const Json& json, Wire& value, const std::string& where) {
    for (const auto& [wire, word] : kWireNames) {
        if (!json.is_string() || json.get_ref<const std::string&>() != word) continue;
        value = wire;
        return;
    }
    refuse(where, "one of bits_6_6, bits_7_0, bits_7_8");
}
void read(const Json& json, ProgressFlag& value, const std::string& where) {
    value =
        read_named<ProgressFlag>(json, kProgressNames, where, "a QM_PROGRESS_ name or a number");
}
template <class Tag>
void read(const Json& json, TypedGuid<Tag>& value, const std::string& where) {
    read(json, value.guid, where);
}
template <class Tag>
void read(const Json& json, TypedNumber<Tag>& value, const std::string& where) {
    read(json, value.value, where);
}
template <class Flag>
void read(const Json& json, FlagSet<Flag>& value, const std::string& where) {
    if (!json.is_array()) refuse(where, "a list of QM_STATUS_ names without that prefix");
    value = {};
    for (const Json& entry : json) {
        bool known = false;
        for (std::uint32_t bit = 1; bit != 0; bit <<= 1U) {
            const FlagSet<Flag> one{bit};
            const auto names = flag_names(one);
            if (names.empty() || !entry.is_string()) continue;
            if (names.front() != entry.get_ref<const std::string&>()) continue;
            value.bits |= bit;
            known = true;
        }
        if (!known) refuse(where, "a list of QM_STATUS_ names without that prefix");
    }
}
std::int64_t read_signed(const Json& json, const std::string& where) {
    const bool fits = json.is_number_unsigned()
                          ? json.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max()
                          : json.is_number_integer();
    if (!fits) refuse(where, "a whole number of 64 bits with a sign");
    return json.get<std::int64_t>();
}
void read(const Json& json, PropertyValue& value, const std::string& where) {
    if (!json.is_object() || !json.contains("type")) refuse(where, "an object with a type");
    value = {};
    for (const auto& [key, entry] : json.items()) {
        if (key == "type") {
            value.type = read_named<VariantType>(entry, kVariantNames, where + "/type",
                                                 "a VT_ name or a number");
        } else if (key == "number") {
            value.number = read_signed(entry, where + "/number");
        } else if (key == "text") {
            read(entry, value.text, where + "/text");
        } else {
            refuse(where + "/" + key, "only type, number and text");
        }
    }
    const bool is_text = value.type == VariantType::Bstr;
    if (is_text && value.number != 0) refuse(where + "/number", "no number in a text");
    if (!is_text && !value.text.empty()) refuse(where + "/text", "no text in a number");
}
template <class Struct>
requires HasForm<Struct>
void read(const Json& json, Struct& value, const std::string& where);
template <class T>
void read(const Json& json, std::optional<T>& value, const std::string& where) {
    value.reset();
    if (json.is_null()) return;
    T inner{};
    read(json, inner, where);
    value = std::move(inner);
}
template <class T>
void read(const Json& json, std::vector<T>& values, const std::string& where) {
    if (!json.is_array()) refuse(where, "a list");
    values.clear();
    for (std::size_t i = 0; i < json.size(); ++i) {
        T value{};
        read(json[i], value, where + "/" + std::to_string(i));
        values.push_back(std::move(value));
    }
}
template <class Struct>
requires HasForm<Struct>
void read(const Json& json, Struct& value, const std::string& where) {
    if (!json.is_object()) refuse(where, "an object");
    std::set<std::string_view> known;
    std::apply(
        [&](const auto&... field) {
            [[maybe_unused]] const auto take = [&](const auto& one) {
                known.insert(one.key);
                const std::string place = where + "/" + std::string(one.key);
                const auto found = json.find(std::string(one.key));
                if (found != json.end())
                    read(*found, value.*one.member, place);
                else if constexpr (!std::decay_t<decltype(one)>::may_be_missing)
                    refuse(place, "this field");
            };
            (take(field), ...);
        },
        Form<Struct>::list);
    for (const auto& [key, ignored] : json.items())
        if (!known.contains(key)) refuse(where, "no field \"" + key + "\"");
}

// ---- variants: {"name of the alternative": {…}} ----------------------------------------------

Json write(const call::Release& release) {
    Json json = Json::object();
    std::visit(
        [&](const auto& handle) {
            using Handle = std::decay_t<decltype(handle)>;
            if constexpr (std::is_same_v<Handle, GroupHandle>)
                json["group"] = handle.value;
            else if constexpr (std::is_same_v<Handle, JobHandle>)
                json["job"] = handle.value;
            else
                json["enumerator"] = handle.value;
        },
        release.handle);
    return json;
}
void read(const Json& json, call::Release& release, const std::string& where) {
    if (!json.is_object() || json.size() != 1) refuse(where, "one of group, job, enumerator");
    const auto first = json.begin();
    std::uint64_t number = 0;
    read(first.value(), number, where + "/" + first.key());
    if (first.key() == "group")
        release.handle = GroupHandle{number};
    else if (first.key() == "job")
        release.handle = JobHandle{number};
    else if (first.key() == "enumerator")
        release.handle = EnumeratorHandle{number};
    else
        refuse(where, "one of group, job, enumerator");
}

template <class... Alternatives>
Json write_variant(const std::variant<Alternatives...>& value) {
    return std::visit(
        [](const auto& alternative) {
            using Alternative = std::decay_t<decltype(alternative)>;
            return object_of(Form<Alternative>::name, write(alternative));
        },
        value);
}

template <class Variant, std::size_t I = 0>
bool read_alternative(const std::string& key, const Json& body, Variant& value,
                      const std::string& where) {
    if constexpr (I == std::variant_size_v<Variant>) {
        return false;
    } else {
        using Alternative = std::variant_alternative_t<I, Variant>;
        if (key != Form<Alternative>::name)
            return read_alternative<Variant, I + 1>(key, body, value, where);
        Alternative alternative{};
        read(body, alternative, where + "/" + key);
        value = std::move(alternative);
        return true;
    }
}

template <class Variant>
Variant read_variant(const Json& json, const std::string& where, const std::string& expected) {
    Variant value;
    if (!json.is_object() || json.size() != 1) refuse(where, "an object with one key, " + expected);
    const auto first = json.begin();
    if (!read_alternative(first.key(), first.value(), value, where))
        refuse(where + "/" + first.key(), expected);
    return value;
}

// ---- replies: the fields of the value stand beside the hresult --------------------------------

Json reply_fields(const std::monostate&) { return Json::object(); }
Json reply_fields(const Unsupported& value) { return object_of("unsupported", value.reason); }
Json reply_fields(const GroupHandle& value) { return object_of("group", value.value); }
Json reply_fields(const JobHandle& value) { return object_of("job", value.value); }
Json reply_fields(const EnumeratorHandle& value) { return object_of("enumerator", value.value); }
Json reply_fields(const GroupId& value) { return object_of("group_id", write(value)); }
Json reply_fields(const JobId& value) { return object_of("job_id", write(value)); }
Json reply_fields(const FileSetInfo& value) { return object_of("file", write(value)); }
Json reply_fields(const PropertyValue& value) { return object_of("value", write(value)); }
template <class Struct>
requires HasForm<Struct> Json reply_fields(const Struct& value) { return write(value); }

template <class T>
ReplyValue read_one(const Json& json, const std::string& key, const std::string& where) {
    T value{};
    if (json.size() != 1) refuse(where, "nothing beside hresult and " + key);
    read(json.at(key), value, where + "/" + key);
    return value;
}
template <class T>
ReplyValue read_all(const Json& json, const std::string& where) {
    T value{};
    read(json, value, where);
    return value;
}

ReplyValue read_reply_value(const Json& json, const std::string& where) {
    if (json.empty()) return std::monostate{};
    if (json.contains("group")) return read_one<GroupHandle>(json, "group", where);
    if (json.contains("job")) return read_one<JobHandle>(json, "job", where);
    if (json.contains("enumerator")) return read_one<EnumeratorHandle>(json, "enumerator", where);
    if (json.contains("group_id")) return read_one<GroupId>(json, "group_id", where);
    if (json.contains("job_id")) return read_one<JobId>(json, "job_id", where);
    if (json.contains("file")) return read_one<FileSetInfo>(json, "file", where);
    if (json.contains("value")) return read_one<PropertyValue>(json, "value", where);
    if (json.contains("progress")) return read_all<value::Progress>(json, where);
    if (json.contains("size")) return read_all<value::Size>(json, where);
    if (json.contains("count")) return read_all<value::Count>(json, where);
    if (json.contains("ids")) return read_all<value::Fetched>(json, where);
    if (json.contains("group_status")) return read_all<value::GroupState>(json, where);
    if (json.contains("job_status")) return read_all<value::JobState>(json, where);
    refuse(where, "the values of a reply");
}

}  // namespace

Json parse_json(std::string_view text, const std::string& where) {
    // Whoever walks values nested so deep uses up the stack. Arbitrary; ours need less than ten.
    constexpr int deepest = 100;
    const auto guard = [&](int depth, nlohmann::json::parse_event_t event, const Json& /*value*/) {
        using Event = nlohmann::json::parse_event_t;
        if ((event == Event::object_start || event == Event::array_start) && depth >= deepest)
            refuse(where, "values nested at most " + std::to_string(deepest) + " deep");
        return true;
    };
    try {
        return Json::parse(text, guard);
    } catch (const nlohmann::json::out_of_range& /*error*/) {
        throw InputError(where, "expected numbers that JSON can hold");
    } catch (const nlohmann::json::parse_error& error) {
        std::size_t line = 1;
        std::size_t column = 1;
        for (std::size_t i = 0; i + 1 < error.byte && i < text.size(); ++i) {
            column = text[i] == '\n' ? 1 : column + 1;
            if (text[i] == '\n') ++line;
        }
        throw InputError(where, "not JSON at line " + std::to_string(line) + ", column " +
                                    std::to_string(column));
    }
}

std::string to_line(const Json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Json to_json(const Call& call) { return write_variant(call); }
Call call_from_json(const Json& json, const std::string& where) {
    return read_variant<Call>(json, where, "the name of a call");
}

Json to_json(const Caller& caller) { return write(caller); }
Caller caller_from_json(const Json& json, const std::string& where) {
    Caller caller;
    read(json, caller, where);
    return caller;
}

Json to_json(const Reply& reply) {
    if (const auto* none = std::get_if<Unsupported>(&reply.value)) return reply_fields(*none);
    Json json = object_of("hresult", name(reply.hresult));
    json.update(std::visit([](const auto& value) { return reply_fields(value); }, reply.value));
    return json;
}
Reply reply_from_json(const Json& json, const std::string& where) {
    if (!json.is_object()) refuse(where, "an object");
    if (json.contains("unsupported")) {
        std::string reason;
        read(json.at("unsupported"), reason, where + "/unsupported");
        return unsupported(std::move(reason));
    }
    const auto found = json.find("hresult");
    const auto code = found != json.end() && found->is_string()
                          ? hresult_from_text(found->get_ref<const std::string&>())
                          : std::nullopt;
    if (!code) refuse(where + "/hresult", "the name of an HRESULT or 0x and eight hex digits");
    Json rest = json;
    rest.erase("hresult");
    return {*code, read_reply_value(rest, where)};
}

Json to_json(const Notification& notification) { return write(notification); }
Notification notification_from_json(const Json& json, const std::string& where) {
    Notification notification;
    read(json, notification, where);
    return notification;
}

Json to_json(const Surroundings& what) { return write_variant(what); }
Surroundings surroundings_from_json(const Json& json, const std::string& where) {
    return read_variant<Surroundings>(json, where, "the name of something in the surroundings");
}

Json to_json(const Policy& policy) { return write(policy); }
Policy policy_from_json(const Json& json, const std::string& where, const Policy& base) {
    Policy policy = base;
    read(json, policy, where);
    // It goes into a header as it stands.
    for (const char c : policy.user_agent)
        if (c < ' ' || c > '~') refuse(where + "/user_agent", "printable ASCII");
    for (const std::uint64_t bytes : policy.slice_bytes)
        if (bytes == 0) refuse(where + "/slice_bytes", "sizes above 0");
    return policy;
}

Json to_json(const Description& description) {
    Json json = object_of("name", description.name);
    json["version"] = description.version;
    json["abilities"] = description.abilities;
    return json;
}
Description description_from_json(const Json& json, const std::string& where) {
    if (!json.is_object()) refuse(where, "an object");
    Description description;
    read(json.value("name", Json()), description.name, where + "/name");
    read(json.value("version", Json()), description.version, where + "/version");
    std::vector<std::string> abilities;
    read(json.value("abilities", Json()), abilities, where + "/abilities");
    description.abilities.insert(abilities.begin(), abilities.end());
    return description;
}

Json to_json(const Step& step) {
    Json json = object_of("row", step.row);
    json["clause"] = step.clause;
    json["job"] = std::string(step.from) + "→" + std::string(step.to);
    return json;
}

}  // namespace qmgr::inline v0
