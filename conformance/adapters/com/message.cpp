#include "conformance/adapters/com/message.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace qmgr::com_adapter {
namespace {

constexpr std::uint64_t k32Bits = std::numeric_limits<std::uint32_t>::max();

using Fields = std::vector<std::string>;

const std::map<std::string, Fields>& methods() {
    static const Fields group = {"group"};
    static const Fields job = {"job"};
    static const std::map<std::string, Fields> known = {
        {"create_group", {"group_id"}},
        {"get_group", {"group_id"}},
        {"enum_groups", {"flags"}},
        {"get_prop", {"group", "property"}},
        {"set_prop", {"group", "property", "value"}},
        {"get_group_progress", {"group", "flag"}},
        {"get_group_status", group},
        {"create_job", {"group", "job_id"}},
        {"get_job", {"group", "job_id"}},
        {"suspend_group", group},
        {"resume_group", group},
        {"cancel_group", group},
        {"switch_group_to_foreground", group},
        {"get_size", group},
        {"get_group_id", group},
        {"enum_jobs", {"group", "flags"}},
        {"query_new_job_interface", group},
        {"set_notification_pointer", group},
        {"internal_set_prop", group},
        {"add_files", {"job", "files"}},
        {"get_file", {"job", "index"}},
        {"get_file_count", job},
        {"get_job_id", job},
        {"get_job_progress", {"job", "flag"}},
        {"get_job_status", job},
        {"cancel_job", job},
        {"get_times", job},
        {"switch_job_to_foreground", job},
        {"next", {"enumerator", "count", "fetched_is_null"}},
        {"skip", {"enumerator", "count"}},
        {"reset", {"enumerator"}},
        {"clone", {"enumerator"}},
        {"get_count", {"enumerator"}},
        {"release", {"group", "job", "enumerator"}},
    };
    return known;
}

struct NamedNumber {
    const char* name;
    std::uint32_t number;
};

constexpr NamedNumber kProperties[] = {
    {"GROUPPROP_PRIORITY", 0},
    {"GROUPPROP_REMOTEUSERID", 1},
    {"GROUPPROP_REMOTEUSERPWD", 2},
    {"GROUPPROP_LOCALUSERID", 3},
    {"GROUPPROP_LOCALUSERPWD", 4},
    {"GROUPPROP_PROTOCOLFLAGS", 5},
    {"GROUPPROP_NOTIFYFLAGS", kNotifyFlags},
    {"GROUPPROP_NOTIFYCLSID", kNotifyClsid},
    {"GROUPPROP_PROGRESSSIZE", 8},
    {"GROUPPROP_PROGRESSPERCENT", 9},
    {"GROUPPROP_PROGRESSTIME", 10},
    {"GROUPPROP_DISPLAYNAME", kDisplayName},
    {"GROUPPROP_DESCRIPTION", kDescription},
};

constexpr NamedNumber kProgress[] = {{"QM_PROGRESS_PERCENT_DONE", kPercentDone},
                                     {"QM_PROGRESS_TIME_DONE", kTimeDone},
                                     {"QM_PROGRESS_SIZE_DONE", kSizeDone}};

constexpr NamedNumber kTypes[] = {
    {"VT_EMPTY", 0}, {"VT_NULL", 1}, {"VT_I2", 2},       {"VT_I4", kInteger},
    {"VT_R4", 4},    {"VT_R8", 5},   {"VT_BSTR", kText}, {"VT_BOOL", 11},
    {"VT_I1", 16},   {"VT_UI1", 17}, {"VT_UI2", 18},     {"VT_UI4", 19},
    {"VT_I8", 20},   {"VT_UI8", 21}, {"VT_INT", 22},     {"VT_UINT", 23}};

std::uint64_t number_up_to(std::uint64_t limit, const Json& json, const std::string& where) {
    if (!json.is_number_unsigned() || json.get<std::uint64_t>() > limit)
        throw BadMessage{where, "a whole number from 0 to " + std::to_string(limit)};
    return json.get<std::uint64_t>();
}

template <std::size_t N>
std::uint32_t named(const NamedNumber (&names)[N], std::uint64_t limit, const Json& json,
                    const std::string& where, const std::string& kind) {
    if (json.is_string())
        for (const NamedNumber& one : names)
            if (json.get<std::string>() == one.name) return one.number;
    if (!json.is_number_unsigned()) throw BadMessage{where, kind + " name or a number"};
    return static_cast<std::uint32_t>(number_up_to(limit, json, where));
}

}  // namespace

std::string error_text(std::uint64_t line_number, const BadMessage& bad) {
    const std::string place = bad.place.empty() ? "" : bad.place + ": ";
    return "stdin:" + std::to_string(line_number) + ": " + place + "expected " + bad.expected;
}

bool is_integer(std::uint16_t type) {
    // VT_I2, I4, I1, UI1, UI2, UI4, I8, UI8, INT, UINT.
    constexpr std::uint16_t kIntegers[] = {2, kInteger, 16, 17, 18, 19, 20, 21, 22, 23};
    return std::find(std::begin(kIntegers), std::end(kIntegers), type) != std::end(kIntegers);
}

Json reply(Code code) { return {{"hresult", code_name(code)}}; }

std::string guid_in_braces(const std::string& text) {
    const bool braces = text.size() > 2 && text.front() == '{' && text.back() == '}';
    return braces ? plain_guid(text.substr(1, text.size() - 2)) : "";
}

std::string plain_guid(const std::string& text) {
    constexpr char kForm[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    std::string lower;
    for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower.size() != sizeof kForm - 1) return {};
    for (std::size_t i = 0; i < lower.size(); ++i) {
        const bool digit = std::string("0123456789abcdef").find(lower[i]) != std::string::npos;
        if (kForm[i] == 'x' ? !digit : lower[i] != '-') return {};
    }
    return lower;
}

const Json& need_field(const Json& object, const std::string& key, const std::string& where) {
    if (!object.is_object()) throw BadMessage{where, "an object"};
    const auto found = object.find(key);
    if (found == object.end()) throw BadMessage{where + "/" + key, "this field"};
    return *found;
}

std::string need_text(const Json& object, const std::string& key, const std::string& where) {
    const Json& value = need_field(object, key, where);
    if (!value.is_string()) throw BadMessage{where + "/" + key, "a text"};
    return value.get<std::string>();
}

std::uint64_t need_number(const Json& object, const std::string& key, const std::string& where) {
    return number_up_to(std::numeric_limits<std::uint64_t>::max(), need_field(object, key, where),
                        where + "/" + key);
}

void allow_only(const Json& object, const std::vector<std::string>& keys,
                const std::string& where) {
    if (!object.is_object()) throw BadMessage{where, "an object"};
    for (const auto& [key, ignored] : object.items())
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
            throw BadMessage{where, "no field \"" + key + "\""};
}

Arguments::Arguments(std::string method, const Json& body, const std::string& where)
    : method_(std::move(method)), body_(body), where_(where + "/" + method_) {
    const auto known = methods().find(method_);
    if (known == methods().end()) throw Unsupported{"no such call: " + method_};
    allow_only(body_, known->second, where_);
}

const Json& Arguments::need(const std::string& key) const { return need_field(body_, key, where_); }

bool Arguments::has(const std::string& key) const { return body_.contains(key); }

std::uint32_t Arguments::number(const std::string& key) const {
    return static_cast<std::uint32_t>(number_up_to(k32Bits, need(key), where_ + "/" + key));
}

std::uint64_t Arguments::handle(const std::string& key) const {
    return need_number(body_, key, where_);
}

std::string Arguments::guid(const std::string& key) const {
    std::string plain = plain_guid(need_text(body_, key, where_));
    if (plain.empty()) throw BadMessage{where_ + "/" + key, "a GUID as 8-4-4-4-12 hex digits"};
    return plain;
}

bool Arguments::yes(const std::string& key) const {
    if (!has(key)) return false;
    if (!need(key).is_boolean()) throw BadMessage{where_ + "/" + key, "true or false"};
    return need(key).get<bool>();
}

std::uint32_t Arguments::property(const std::string& key) const {
    return named(kProperties, k32Bits, need(key), where_ + "/" + key, "a GROUPPROP_");
}

std::uint32_t Arguments::progress(const std::string& key) const {
    return named(kProgress, k32Bits, need(key), where_ + "/" + key, "a QM_PROGRESS_");
}

Value Arguments::value(const std::string& key) const {
    const Json& json = need(key);
    const std::string where = where_ + "/" + key;
    allow_only(json, {"type", "number", "text"}, where);
    Value value;
    value.type = static_cast<std::uint16_t>(named(kTypes, std::numeric_limits<std::uint16_t>::max(),
                                                  need_field(json, "type", where), where + "/type",
                                                  "a VT_"));
    if (json.contains("text")) value.text = need_text(json, "text", where);
    if (json.contains("number")) {
        if (!json.at("number").is_number_integer())
            throw BadMessage{where + "/number", "a whole number of 64 bits with a sign"};
        value.number = json.at("number").get<std::int64_t>();
    }
    return value;
}

std::vector<FileSet> Arguments::files(const std::string& key) const {
    const Json& list = need(key);
    if (!list.is_array()) throw BadMessage{where_ + "/" + key, "a list"};
    std::vector<FileSet> files;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string where = where_ + "/" + key + "/" + std::to_string(i);
        allow_only(list[i], {"remote_name", "local_name", "size_hint"}, where);
        FileSet file{need_text(list[i], "remote_name", where),
                     need_text(list[i], "local_name", where), 0};
        if (list[i].contains("size_hint"))
            file.size_hint = static_cast<std::uint32_t>(
                number_up_to(k32Bits, list[i].at("size_hint"), where + "/size_hint"));
        files.push_back(std::move(file));
    }
    return files;
}

Json to_json(const Value& value) {
    Json json = {{"type", value.type}};
    for (const NamedNumber& one : kTypes)
        if (one.number == value.type) json["type"] = one.name;
    if (value.type == kText)
        json["text"] = value.text;
    else if (value.number != 0)
        json["number"] = value.number;
    return json;
}

Json to_json(const FileSet& file) {
    Json json = {{"remote_name", file.remote_name}, {"local_name", file.local_name}};
    if (file.size_hint != 0) json["size_hint"] = file.size_hint;
    return json;
}

}  // namespace qmgr::com_adapter
