#include "reference/contract/json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "reference/contract/json_fields.hpp"

namespace qmgr {
namespace {

const Guid kGuid = *guid_from_text("6f9619ff-8b86-d011-b42d-00c04fc964ff");

Call round_trip(const Call& call) {
    return call_from_json(parse_json(to_line(to_json(call)), "test"), "test");
}

template <std::size_t... I>
std::vector<Call> one_of_each(std::index_sequence<I...> /*all*/) {
    return {Call(std::in_place_index<I>)...};
}

TEST(Json, EveryCallComesBackAsItWas) {
    const auto calls = one_of_each(std::make_index_sequence<std::variant_size_v<Call>>());
    EXPECT_EQ(calls.size(), 34U);
    for (const Call& call : calls) EXPECT_EQ(round_trip(call), call) << to_line(to_json(call));
    const Call full =
        call::AddFiles{{7}, {{"http://a/b", "/tmp/ä", 3}, {"http://a/c", "/tmp/c", 0}}};
    EXPECT_EQ(round_trip(full), full);
}

TEST(Json, ACallIsWrittenUnderItsDocumentedName) {
    EXPECT_EQ(to_line(to_json(Call(call::ResumeGroup{{3}}))), R"({"resume_group":{"group":3}})");
    EXPECT_EQ(to_line(to_json(Call(call::CreateGroup{{kGuid}}))),
              R"({"create_group":{"group_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}})");
    EXPECT_EQ(to_line(to_json(Call(call::Release{JobHandle{4}}))), R"({"release":{"job":4}})");
    EXPECT_EQ(to_line(to_json(Call(call::GetGroupProgress{{3}, ProgressFlag::SizeDone}))),
              R"({"get_group_progress":{"group":3,"flag":"QM_PROGRESS_SIZE_DONE"}})");
}

TEST(Json, NumbersOutsideAnEnumerationStayNumbers) {
    const Call call = call::GetProp{{1}, static_cast<GroupProperty>(99)};
    EXPECT_EQ(to_line(to_json(call)), R"({"get_prop":{"group":1,"property":99}})");
    EXPECT_EQ(round_trip(call), call);
}

TEST(Json, EveryReplyComesBackAsItWas) {
    const std::vector<Reply> replies = {
        {HResult::BgEmpty, {}},
        unsupported("not here"),
        {HResult::Ok, GroupHandle{3}},
        {HResult::Ok, JobHandle{4}},
        {HResult::Ok, EnumeratorHandle{5}},
        {HResult::Ok, GroupId{kGuid}},
        {HResult::Ok, JobId{kGuid}},
        {HResult::Ok, value::Progress{100}},
        {HResult::Ok, value::Size{4096}},
        {HResult::Ok, value::Count{2}},
        {HResult::Ok, value::GroupState{GroupStatus{0x180}, 0}},
        {HResult::Ok, value::JobState{JobStatus{0x18}, 0x80190194, 404, 1}},
        {HResult::False, value::Fetched{{kGuid}, 1}},
        {HResult::False, value::Fetched{{}, std::nullopt}},
        {HResult::Ok, FileSetInfo{"http://a/b", "/b", 9}},
        {HResult::Ok, PropertyValue{VariantType::Bstr, 0, "name"}},
        {HResult::Ok, PropertyValue{VariantType::I4, -1, ""}},
    };
    for (const Reply& reply : replies)
        EXPECT_EQ(reply_from_json(parse_json(to_line(to_json(reply)), "test"), "test"), reply)
            << to_line(to_json(reply));
}

TEST(Json, NotificationSurroundingsPolicyAndDescriptionComeBackAsTheyWere) {
    const Notification notification{{1}, {kGuid},    {3}, JobHandle{4}, 0, GroupStatus{0x380},
                                    1,   0x80190194, 404};
    EXPECT_EQ(notification_from_json(to_json(notification), "test"), notification);
    for (const Surroundings& what : std::vector<Surroundings>{
             surroundings::LogOn{"u1"}, surroundings::LogOff{"u1"}, surroundings::NetworkLost{},
             surroundings::NetworkBack{}, surroundings::Paused{"battery"}, surroundings::Unpaused{},
             surroundings::DiskFull{true}, surroundings::JournalFails{true}})
        EXPECT_EQ(surroundings_from_json(to_json(what), "test"), what);
    Policy policy;
    policy.retry_delay = Duration(50);
    EXPECT_EQ(to_line(to_json(policy)), R"({"retry_delay_ms":50})");
    EXPECT_EQ(policy_from_json(to_json(policy), "test"), policy);
    const Description description{"name", "1", {"users", "restart"}};
    EXPECT_EQ(description_from_json(to_json(description), "test"), description);
}

TEST(Json, APolicyCannotPutLinesIntoARequest) {
    EXPECT_THROW(policy_from_json(parse_json(R"({"user_agent":"a\r\nX: 1"})", "p"), "p"),
                 InputError);
}

TEST(Json, AMistakeIsNamedWithPlaceAndExpectation) {
    const auto message = [](const std::string& text) -> std::string {
        try {
            call_from_json(parse_json(text, "line 7"), "line 7");
        } catch (const InputError& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(message(R"({"resume_group":{"group":-3}})"),
              "line 7/resume_group/group: expected a whole number, not negative");
    EXPECT_EQ(message(R"({"resume_group":{}})"), "line 7/resume_group/group: expected this field");
    EXPECT_EQ(message(R"({"fly":{}})"), "line 7/fly: expected the name of a call");
    EXPECT_EQ(message(R"({"get_size":{"group":1,"x":2}})"),
              "line 7/get_size: expected no field \"x\"");
    EXPECT_EQ(message("{\n \"get_size\" 1}"), "line 7: not JSON at line 2, column 13");
    EXPECT_EQ(message(R"({"get_size":{"group":1e999}})"),
              "line 7: expected numbers that JSON can hold");
    EXPECT_EQ(message(R"({"create_group":{"group_id":"6f96"}})"),
              "line 7/create_group/group_id: expected a GUID as 8-4-4-4-12 hex digits");
}

/// Everything `json` becomes by one change: another value, of its own kind or not; a field or an
/// entry less, or more; the same for all it holds.
std::vector<Json> changes_of(const Json& json) {
    std::vector<Json> changed = {nullptr,
                                 true,
                                 -1,
                                 1.5,
                                 "a",
                                 Json::array(),
                                 Json::object(),
                                 Json::array({"a"}),
                                 std::numeric_limits<std::uint64_t>::max()};
    if (json.is_boolean()) changed.push_back(!json.get<bool>());
    if (json.is_number_unsigned()) changed.push_back(json.get<std::uint64_t>() + 1);
    if (json.is_string() && !json.get<std::string>().empty()) {
        std::string text = json;  // a GUID stays one
        text.back() = text.back() == '1' ? '2' : '1';
        changed.push_back(text);
    }
    if (!json.is_structured()) return changed;
    if (json.is_object()) {
        changed.push_back(json);
        changed.back()["more"] = 1;
    }
    for (const auto& [key, held] : json.items()) {
        if (json.is_object()) {
            changed.push_back(json);
            changed.back().erase(key);
        }
        for (const Json& other : changes_of(held)) {
            changed.push_back(json);
            (json.is_array() ? changed.back()[std::stoul(key)] : changed.back()[key]) = other;
        }
    }
    return changed;
}

/// Reads all of them; what is taken is another value exactly if it is written differently.
template <class Read>
void expect_changes_noticed(const Json& json, Read read) {
    const auto value = read(json);
    ASSERT_EQ(to_line(to_json(value)), to_line(json));
    std::size_t refused = 0;
    for (const Json& changed : changes_of(json)) {
        try {
            const auto other = read(changed);
            EXPECT_EQ(other == value, to_json(other) == json) << to_line(changed);
        } catch (const InputError& /*error*/) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 0U) << to_line(json);
}

// A policy in which every field has been changed.
Json whole_policy() {
    Json json = Json::object();
    std::apply([&](const auto&... field) { ((json[std::string(field.key)] = 7U), ...); },
               json_fields::Form<Policy>::list);
    json["wire"] = "bits_6_6";
    json["user_agent"] = "agent";
    json["slice_bytes"] = {1U, 2U};
    return json;
}

TEST(Json, OneChangeIsRefusedOrMakesAnotherCall) {
    auto calls = one_of_each(std::make_index_sequence<std::variant_size_v<Call>>());
    calls.emplace_back(call::AddFiles{{7}, {{"http://a/b", "/b", 3}, {"http://a/c", "/c", 1}}});
    calls.emplace_back(call::SetProp{{7}, GroupProperty::DisplayName, {VariantType::Bstr, 0, "x"}});
    calls.emplace_back(call::SetProp{{7}, GroupProperty::Priority, {VariantType::I4, 1, ""}});
    calls.emplace_back(call::Next{{7}, 2, true});
    calls.emplace_back(call::Release{JobHandle{2}});
    calls.emplace_back(call::Release{EnumeratorHandle{2}});
    for (const Call& call : calls)
        expect_changes_noticed(to_json(call),
                               [](const Json& json) { return call_from_json(json, "c"); });
    expect_changes_noticed(to_json(Caller{"u", true}),
                           [](const Json& json) { return caller_from_json(json, "c"); });
}

TEST(Json, OneChangeIsRefusedOrMakesAnotherReply) {
    const std::vector<Reply> replies = {
        {HResult::BgEmpty, {}},
        unsupported("not here"),
        {HResult::Ok, GroupHandle{3}},
        {HResult::Ok, JobHandle{4}},
        {HResult::Ok, EnumeratorHandle{5}},
        {HResult::Ok, GroupId{kGuid}},
        {HResult::Ok, JobId{kGuid}},
        {HResult::Ok, value::Progress{100}},
        {HResult::Ok, value::Size{4096}},
        {HResult::Ok, value::Count{2}},
        {HResult::Ok, value::GroupState{GroupStatus{0x180}, 1}},
        {HResult::Ok, value::JobState{JobStatus{0x18}, 0x80190194, 404, 1}},
        {HResult::False, value::Fetched{{kGuid}, 1}},
        {HResult::Ok, FileSetInfo{"http://a/b", "/b", 9}},
        {HResult::Ok, PropertyValue{VariantType::Bstr, 0, "name"}},
    };
    for (const Reply& reply : replies)
        expect_changes_noticed(to_json(reply),
                               [](const Json& json) { return reply_from_json(json, "r"); });
}

TEST(Json, OneChangeIsRefusedOrMakesSomethingElseOfAllTheRest) {
    const Notification notification{{1}, {kGuid},    {3}, JobHandle{4}, 2, GroupStatus{0x380},
                                    1,   0x80190194, 404};
    expect_changes_noticed(to_json(notification),
                           [](const Json& json) { return notification_from_json(json, "n"); });
    for (const Surroundings& what : std::vector<Surroundings>{
             surroundings::LogOn{"u1"}, surroundings::LogOff{"u1"}, surroundings::NetworkLost{},
             surroundings::NetworkBack{}, surroundings::Paused{"battery"}, surroundings::Unpaused{},
             surroundings::DiskFull{true}, surroundings::JournalFails{true}})
        expect_changes_noticed(to_json(what),
                               [](const Json& json) { return surroundings_from_json(json, "s"); });
    expect_changes_noticed(whole_policy(),
                           [](const Json& json) { return policy_from_json(json, "p"); });
    expect_changes_noticed(to_json(Description{"name", "1", {"users", "restart"}}),
                           [](const Json& json) { return description_from_json(json, "d"); });
}

TEST(Json, AValueHoldsWhatBelongsToItsTypeAndNothingElse) {
    const auto message = [](const std::string& value) -> std::string {
        try {
            reply_from_json(parse_json(R"({"hresult":"S_OK","value":)" + value + "}", "r"), "r");
        } catch (const InputError& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(message(R"({"type":"VT_BSTR","number":1})"),
              "r/value/number: expected no number in a text");
    EXPECT_EQ(message(R"({"type":"VT_I4","text":"a"})"),
              "r/value/text: expected no text in a number");
    EXPECT_EQ(message(R"({"text":"a","type":"VT_BSTR"})"), "accepted");
    EXPECT_EQ(message(R"({"type":"VT_I8","number":-9223372036854775808})"), "accepted");
    EXPECT_EQ(message(R"({"type":"VT_UI8","number":9223372036854775808})"),
              "r/value/number: expected a whole number of 64 bits with a sign");
    EXPECT_EQ(message(R"({"type":"VT_I4","number":1.5})"),
              "r/value/number: expected a whole number of 64 bits with a sign");
    EXPECT_EQ(message(R"({"type":"VT_I4","more":1})"),
              "r/value/more: expected only type, number and text");
    EXPECT_EQ(message(R"({"number":1})"), "r/value: expected an object with a type");
    EXPECT_EQ(message(R"({"type":65536})"), "r/value/type: expected a VT_ name or a number");
}

TEST(Json, AMistakeIsToldInOneLineWhateverTheKeyIs) {
    const auto message = [](const std::string& text) -> std::string {
        try {
            call_from_json(parse_json(text, "c"), "c");
        } catch (const InputError& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(message(R"({"a\n\"b":{}})"), R"(c/a\x0A"b: expected the name of a call)");
    EXPECT_EQ(message(R"({"get_size":{"group":1,"a\rb":2}})"),
              R"(c/get_size: expected no field "a\x0Db")");
    EXPECT_EQ(message(R"({"release":{"a\n":"b"}})"),
              R"(c/release/a\x0A: expected a whole number, not negative)");
}

// Whoever walks values nested so deep uses up the stack.
TEST(Json, ValuesNestedTooDeepAreRefused) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(to_line(parse_json(nested(100), "p")), nested(100));
    for (const std::string& text :
         {nested(101), nested(1'000'000), R"({"hresult":"S_OK","value":)" + nested(100) + "}"})
        EXPECT_THROW(parse_json(text, "p"), InputError);
}

}  // namespace
}  // namespace qmgr
