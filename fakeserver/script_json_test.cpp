#include "fakeserver/script_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace qmgr::fakeserver {
namespace {

constexpr const char* kText = R"({
  "title": "Everything",
  "why": "Each key is used once.",
  "resources": [
    {"path": "/a", "size": 4611686018427387904, "seed": 0},
    {"path": "/b?c=d", "size": 5, "seed": 9,
     "last_modified": "Tue, 02 Jan 2001 03:04:05 GMT", "etag": "\"x\""}
  ],
  "rules": [
    {"name": "busy",
     "match": {"connection": 2, "request": 3, "method": "GET", "path": "/a", "has_range": true},
     "fault": {"effect": "RespondStatus", "status": 503,
               "headers": [{"name": "Retry-After", "value": "7"}], "body": "later\n"},
     "times": 2},
    {"name": "close", "fault": {"effect": "Close", "at": {"body_byte": 1}}, "times": "always"},
    {"name": "reset", "match": {}, "fault": {"effect": "Reset", "at": "before_body"}},
    {"name": "stall", "fault": {"effect": "Delay", "at": {"body_byte": 4}, "delay_ms": 250}},
    {"name": "for ever", "fault": {"effect": "Stall", "at": {"body_byte": 4}}},
    {"name": "length", "fault": {"effect": "OmitLength"}},
    {"name": "range", "match": {"has_range": false}, "fault": {"effect": "IgnoreRange"}},
    {"name": "new", "fault": {"effect": "ChangeContent", "seed": 1, "size": 2,
                              "last_modified": "now", "etag": "new"}},
    {"name": "whom", "match": {"nth": 1, "path_prefix": "/b", "range": "bytes=0-", "proxied": true,
                               "sent_bytes": 9, "header": {"name": "Via", "value": "1.1 a"}},
     "fault": {"effect": "Redirect", "location": "/a", "status": 307},
     "every": 3, "chance": [1, 4], "seed": 5},
    {"name": "header", "match": {"header": {"name": "Cookie"}},
     "fault": [{"effect": "OmitHeader", "name": "ETag"},
               {"effect": "LabelEncoding", "value": "br"},
               {"effect": "Interim", "status": 103, "count": 2},
               {"effect": "Trickle", "at": "before_head", "slices": [1, 2],
                "delay_ms": {"uniform": [3, 4]}},
               {"effect": "Delay", "at": "end", "delay_ms":
                {"log_normal": {"median": 5, "sigma_thousandths": 600, "most": 70}}}]},
    {"name": "chunks", "fault": {"effect": "ChunkBadSize", "chunk_bytes": 6,
                                 "at": {"body_byte": 7}}},
    {"name": "rate", "fault": {"effect": "Bandwidth", "bytes_per_second": 8}},
    {"name": "who", "fault": {"effect": "DemandBasic", "user": "u", "password": "p"}},
    {"name": "cut", "match": {"connection": 1},
     "fault": {"effect": "Close", "at": {"handshake_byte": 9}}},
    {"name": "gone", "fault": {"effect": "Reset", "at": "accept"}},
    {"name": "lost", "fault": {"effect": "PacketLoss", "chance": [1, 2], "delay_ms": 3}},
    {"name": "wrong", "fault": {"effect": "CorruptBytes", "at": {"body_byte": 3}, "bytes": 2}}
  ]
})";

std::vector<FaultRule> other_rules() {
    return {
        {.name = "whom",
         .match = {.nth = 1,
                   .path_prefix = "/b",
                   .header = HeaderMatch{.name = "Via", .value = "1.1 a"},
                   .range = "bytes=0-",
                   .proxied = true,
                   .sent_bytes = 9},
         .faults = {{.effect = Effect::Redirect, .status = 307, .location = "/a"}},
         .every = 3,
         .chance = Chance{.of = 1, .out_of = 4},
         .seed = 5},
        {.name = "header",
         .match = {.header = HeaderMatch{.name = "Cookie"}},
         .faults = {{.effect = Effect::OmitHeader, .name = "ETag"},
                    {.effect = Effect::LabelEncoding, .value = "br"},
                    {.effect = Effect::Interim, .status = 103, .count = 2},
                    {.effect = Effect::Trickle,
                     .at = {.where = Where::Head},
                     .delay = {.kind = Delay::Kind::Uniform, .ms = 3, .most_ms = 4},
                     .slices = {1, 2}},
                    {.effect = Effect::Delay,
                     .at = {.where = Where::End},
                     .delay = {.kind = Delay::Kind::LogNormal,
                               .ms = 5,
                               .most_ms = 70,
                               .sigma_thousandths = 600}}}},
        {.name = "chunks",
         .faults = {{.effect = Effect::ChunkBadSize, .at = {.byte = 7}, .chunk_bytes = 6}}},
        {.name = "rate", .faults = {{.effect = Effect::Bandwidth, .bytes_per_second = 8}}},
        {.name = "who", .faults = {{.effect = Effect::DemandBasic, .user = "u", .password = "p"}}},
        {.name = "cut",
         .match = {.connection = 1},
         .faults = {{.effect = Effect::Close, .at = {.where = Where::Handshake, .byte = 9}}}},
        {.name = "gone", .faults = {{.effect = Effect::Reset, .at = {.where = Where::Accept}}}},
        {.name = "lost",
         .faults = {{.effect = Effect::PacketLoss,
                     .delay = {.ms = 3},
                     .chance = {.of = 1, .out_of = 2}}}},
        {.name = "wrong",
         .faults = {{.effect = Effect::CorruptBytes, .at = {.byte = 3}, .bytes = 2}}},
    };
}

Script everything() {
    Script script{.title = "Everything", .why = "Each key is used once."};
    script.resources = {{.path = "/a", .size = 4611686018427387904U, .seed = 0},
                        {.path = "/b?c=d",
                         .size = 5,
                         .seed = 9,
                         .last_modified = "Tue, 02 Jan 2001 03:04:05 GMT",
                         .etag = "\"x\""}};
    script.rules = {
        {.name = "busy",
         .match = {.connection = 2, .request = 3, .method = "GET", .path = "/a", .has_range = true},
         .faults = {{.effect = Effect::RespondStatus,
                     .status = 503,
                     .headers = {{"Retry-After", "7"}},
                     .body = "later\n"}},
         .times = 2},
        {.name = "close", .faults = {{.effect = Effect::Close, .at = {.byte = 1}}}},
        {.name = "reset", .faults = {{.effect = Effect::Reset, .at = {.byte = 0}}}},
        {.name = "stall",
         .faults = {{.effect = Effect::Delay, .at = {.byte = 4}, .delay = {.ms = 250}}}},
        {.name = "for ever", .faults = {{.effect = Effect::Stall, .at = {.byte = 4}}}},
        {.name = "length", .faults = {{.effect = Effect::OmitLength}}},
        {.name = "range",
         .match = {.has_range = false},
         .faults = {{.effect = Effect::IgnoreRange}}},
        {.name = "new",
         .faults = {{.effect = Effect::ChangeContent,
                     .seed = 1,
                     .size = 2,
                     .last_modified = "now",
                     .etag = "new"}}},
    };
    const std::vector<FaultRule> more = other_rules();
    script.rules.insert(script.rules.end(), more.begin(), more.end());
    return script;
}

std::string error_of(const std::string& text) {
    try {
        script_from_json_text(text, "s.json");
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

std::string with_rule(const std::string& rule) {
    return R"({"title":"t","why":"w","rules":[)" + rule + "]}";
}

std::string with_fault(const std::string& fault) {
    return with_rule(R"({"name":"r","fault":)" + fault + "}");
}

std::string with_match(const std::string& match) {
    return with_rule(R"({"name":"r","fault":{"effect":"OmitLength"},"match":)" + match + "}");
}

std::string with_resources(const std::string& resources) {
    return R"({"title":"t","why":"w","resources":)" + resources + "}";
}

TEST(ScriptJson, ReadsEveryKey) { EXPECT_EQ(script_from_json_text(kText, "s.json"), everything()); }

TEST(ScriptJson, ReadsBackWhatItWrites) {
    EXPECT_EQ(script_from_json_text(to_json_text(everything()), "s.json"), everything());
    EXPECT_EQ(script_from_json(nlohmann::json(everything()), "s.json"), everything());
}

TEST(ScriptJson, WritesOnlyWhatIsSet) {
    const Script script{.title = "t",
                        .why = "w",
                        .resources = {{.path = "/a", .size = 1, .seed = 2}},
                        .rules = {{.name = "r", .faults = {{.effect = Effect::OmitLength}}}}};
    EXPECT_EQ(nlohmann::json(script), nlohmann::json::parse(R"({
        "title": "t", "why": "w",
        "resources": [{"path": "/a", "size": 1, "seed": 2}],
        "rules": [{"name": "r", "fault": {"effect": "OmitLength"}}]})"));
}

TEST(ScriptJson, NeedsOnlyTitleAndWhy) {
    EXPECT_EQ(script_from_json_text(R"({"title":"t","why":"w"})", "s"),
              (Script{.title = "t", .why = "w"}));
    EXPECT_EQ(error_of(R"({"title":"t"})"), R"(s.json: expected the key "why", found none)");
}

TEST(ScriptJson, NamesLineAndColumnWhenTheTextIsNotJson) {
    EXPECT_THAT(error_of("{\n  \"title\": \"t\",\n  \"why\" \"w\"\n}"),
                testing::StartsWith("s.json: line 3, column 11: expected JSON; syntax error"));
    EXPECT_THAT(error_of("]"), testing::StartsWith("s.json: line 1, column 1: expected JSON"));
    EXPECT_THAT(error_of(""), testing::StartsWith("s.json: line 1, column 1: expected JSON"));
}

TEST(ScriptJson, RefusesANumberThatIsTooLargeForJson) {
    EXPECT_EQ(error_of(with_fault(R"({"effect":"Close","at":{"body_byte":1e999}})")),
              "s.json: expected JSON; number overflow parsing '1e999'");
    const std::string long_number = "1" + std::string(1000, '0');
    EXPECT_THAT(error_of(with_match(R"({"request":)" + long_number + "}")),
                testing::StartsWith("s.json: expected JSON; number overflow parsing '1000"));
}

TEST(ScriptJson, RefusesValuesNestedDeeperThanAHundredBeforeItReadsThem) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_THAT(error_of(nested(100)), testing::StartsWith("s.json: expected an object, found [["));
    for (const std::string& text :
         {nested(101), nested(100'000), std::string(100'000, '['), with_resources(nested(100'000)),
          R"([{"a":)" + nested(99) + "}]"}) {
        EXPECT_EQ(error_of(text), "s.json: expected values nested at most 100 deep");
    }
    EXPECT_THAT(error_of("[\"" + std::string(200, '[') + "\"]"),
                testing::StartsWith("s.json: expected an object, found [\"[["));
}

TEST(ScriptJson, RefusesAKeyThatStandsTwiceInOneObject) {
    EXPECT_EQ(error_of(R"({"title":"t","why":"w","title":"u"})"),
              "s.json: expected each key once in an object, found \"title\" twice");
    EXPECT_EQ(error_of(with_match(R"({"request":1,"request":2})")),
              "s.json: expected each key once in an object, found \"request\" twice");
}

TEST(ScriptJson, RefusesAnUnknownKeyAndNamesTheKnownOnes) {
    EXPECT_EQ(error_of(R"({"title":"t","why":"w","resource":[]})"),
              "s.json: /resource: expected one of the keys title why resources rules");
    EXPECT_EQ(error_of(with_resources(R"([{"path":"/a","size":1,"seed":1,"a/b~c":1}])")),
              "s.json: /resources/0/a~1b~0c: expected one of the keys path size seed last_modified "
              "etag");
    EXPECT_EQ(error_of(with_match(R"({"verb":"GET"})")),
              "s.json: /rules/0/match/verb: expected one of the keys connection request nth "
              "method path path_prefix header has_range range proxied sent_bytes");
}

TEST(ScriptJson, TellsAMistakeInOneLineWhateverAKeyIs) {
    EXPECT_EQ(error_of(R"({"title":"t","why":"w","a\nb\u007f":1})"),
              "s.json: /a\\x0Ab\\x7F: expected one of the keys title why resources rules");
}

TEST(ScriptJson, RefusesAnUnknownEffectAndSaysWhoKnowsThem) {
    EXPECT_EQ(error_of(with_fault(R"({"effect":"close_after"})")),
              "s.json: /rules/0/fault/effect: expected an effect (`qmgr-fakeserver faults` lists "
              "them), found \"close_after\"");
}

TEST(ScriptJson, RefusesAParameterThatTheEffectDoesNotRead) {
    EXPECT_EQ(error_of(with_fault(R"({"effect":"Close","at":"end","delay_ms":5})")),
              "s.json: /rules/0/fault/delay_ms: expected one of the keys effect at");
}

TEST(ScriptJson, MissesARequiredParameter) {
    EXPECT_EQ(error_of(with_fault(R"({"effect":"Close"})")),
              R"(s.json: /rules/0/fault: expected the key "at", found none)");
    EXPECT_EQ(error_of(with_fault("{}")),
              R"(s.json: /rules/0/fault: expected the key "effect", found none)");
}

TEST(ScriptJson, RefusesNumbersThatAreNotWhole) {
    for (const char* number : {"-1", "1.5", "1e3", "\"1\"", "null"}) {
        EXPECT_EQ(error_of(with_fault(std::string(R"({"effect":"Close","at":{"body_byte":)") +
                                      number + "}}")),
                  "s.json: /rules/0/fault/at/body_byte: expected a whole number from 0 on, found " +
                      std::string(number == std::string("1e3") ? "1000.0" : number));
    }
}

TEST(ScriptJson, RefusesValuesThatCannotStandThere) {
    EXPECT_EQ(error_of("[]"), "s.json: expected an object, found []");
    EXPECT_EQ(error_of(with_fault("3")), "s.json: /rules/0/fault: expected an object, found 3");
    EXPECT_EQ(error_of(with_resources("{}")), "s.json: /resources: expected a list, found {}");
    EXPECT_EQ(error_of(with_match(R"({"has_range":1})")),
              "s.json: /rules/0/match/has_range: expected true or false, found 1");
    EXPECT_EQ(error_of(with_match(R"({"request":0})")),
              "s.json: /rules/0/match/request: expected a whole number from 1 on, found 0");
    EXPECT_EQ(error_of(with_fault(R"({"effect":"RespondStatus","status":42})")),
              "s.json: /rules/0/fault/status: expected a whole number from 100 to 999, found 42");
    EXPECT_EQ(error_of(with_resources(R"([{"path":"a","size":1,"seed":1}])")),
              "s.json: /resources/0/path: expected a path that starts with / and has no blank and "
              "no #, found \"a\"");
}

TEST(ScriptJson, RefusesAPointThatTheEffectDoesNotHave) {
    EXPECT_EQ(
        error_of(with_fault(R"({"effect":"CorruptBytes","at":"end"})")),
        "s.json: /rules/0/fault/at: expected one of \"before_body\" {\"body_byte\": n}, found "
        "\"end\"");
    EXPECT_EQ(error_of(with_fault(R"({"effect":"Close","at":{"body_byte":1,"head_byte":2}})")),
              "s.json: /rules/0/fault/at: expected one of \"accept\" \"handshake\" "
              "{\"handshake_byte\": n} \"before_head\" {\"head_byte\": n} \"before_body\" "
              "{\"body_byte\": n} \"end\", found {\"body_byte\":1,\"head_byte\":2}");
}

TEST(ScriptJson, RefusesDelaysAndChancesThatAreNone) {
    const auto delay = [](const std::string& text) {
        return error_of(with_fault(R"({"effect":"Delay","at":"end","delay_ms":)" + text + "}"));
    };
    EXPECT_EQ(delay(R"({"uniform":[5,4]})"),
              "s.json: /rules/0/fault/delay_ms/uniform/1: expected a whole number from 5 to "
              "31622400000, found 4");
    EXPECT_EQ(delay(R"({"uniform":[5]})"),
              "s.json: /rules/0/fault/delay_ms: expected {\"uniform\": [least, most]}, found "
              "{\"uniform\":[5]}");
    EXPECT_EQ(delay("{}"),
              "s.json: /rules/0/fault/delay_ms: expected the key \"log_normal\", found none");
    EXPECT_EQ(error_of(with_rule(R"({"name":"r","fault":{"effect":"OmitLength"},"chance":[2,1]})")),
              "s.json: /rules/0/chance/0: expected a whole number from 0 to 1, found 2");
}

TEST(ScriptJson, RefusesFaultsThatCannotHappenTogether) {
    EXPECT_THAT(
        error_of(with_fault(R"([{"effect":"OmitLength"},{"effect":"Close","at":"accept"}])")),
        testing::StartsWith("s.json: /rules/0/fault/1: expected a fault that happens "
                            "together with the first one"));
    EXPECT_THAT(error_of(with_fault(R"([{"effect":"CertificateExpired"},
                                        {"effect":"RefuseConnection","delay_ms":1}])")),
                testing::StartsWith("s.json: /rules/0/fault/1: expected a fault that happens"));
    EXPECT_THAT(error_of(with_fault(R"([{"effect":"OmitLength"},{"effect":"IgnoreRange"}])")),
                testing::StartsWith("s.json: /rules/0/fault/1: expected a fault that replaces the "
                                    "answer to be the first"));
    EXPECT_THAT(
        error_of(with_fault(
            R"([{"effect":"Chunked","chunk_bytes":4},{"effect":"GarbageAfterHead","bytes":100}])")),
        testing::StartsWith("s.json: /rules/0/fault/1: expected a fault that replaces"));
    EXPECT_EQ(error_of(with_fault("[]")),
              "s.json: /rules/0/fault: expected one fault or more, found []");
}

TEST(ScriptJson, RefusesAWishForRequestsWhereThereIsNoneYet) {
    EXPECT_EQ(
        error_of(with_rule(
            R"({"name":"r","match":{"method":"GET"},"fault":{"effect":"Close","at":"accept"}})")),
        "s.json: /rules/0/match: expected only \"connection\" in the match of a fault that happens "
        "before there is a request, found {\"method\":\"GET\"}");
}

TEST(ScriptJson, ShowsNoPasswordInAMistake) {
    EXPECT_EQ(error_of(with_fault(R"({"effect":"DemandBasic","user":"u","password":1234})")),
              "s.json: /rules/0/fault/password: expected a string, found ***");
}

TEST(ScriptJson, RefusesSizesAndTextsWithoutMeasure) {
    EXPECT_EQ(error_of(with_resources(R"([{"path":"/a","size":18446744073709551615,"seed":1}])")),
              "s.json: /resources/0/size: expected a whole number from 0 to 4611686018427387904, "
              "found 18446744073709551615");
    EXPECT_THAT(error_of(with_fault(R"({"effect":"ChunkExtension","chunk_bytes":1,"value":")" +
                                    std::string(1001, 'a') + "\"}")),
                testing::StartsWith("s.json: /rules/0/fault/value: expected at most 1000 bytes"));
}

TEST(ScriptJson, RefusesLineEndsInHeaders) {
    EXPECT_EQ(error_of(with_resources(R"([{"path":"/a","size":1,"seed":1,"etag":"a\r\nb"}])")),
              "s.json: /resources/0/etag: expected a string without line ends and NUL, found "
              R"("a\r\nb")");
    EXPECT_EQ(
        error_of(with_fault(
            R"({"effect":"RespondStatus","status":302,"headers":[{"name":"a b","value":""}]})")),
        "s.json: /rules/0/fault/headers/0/name: expected the name of a header, found \"a b\"");
}

TEST(ScriptJson, RefusesNamesThatStandTwice) {
    EXPECT_EQ(error_of(with_resources(
                  R"([{"path":"/a","size":1,"seed":1},{"path":"/a","size":2,"seed":2}])")),
              "s.json: /resources/1/path: expected a path that no earlier element has, found "
              "\"/a\"");
}

TEST(ScriptJson, ReadsTimesAsOnceAlwaysOrANumberFromOne) {
    const auto error = [](const std::string& times) {
        return error_of(
            with_rule(R"({"name":"r","fault":{"effect":"OmitLength"},"times":)" + times + "}"));
    };
    EXPECT_EQ(error("\"always\""), "no error");
    EXPECT_EQ(error("1"), "no error");
    EXPECT_EQ(error("\"once\""), "no error");
    EXPECT_EQ(error("\"twice\""),
              "s.json: /rules/0/times: expected \"once\", \"always\" or a whole number from 1 on, "
              "found \"twice\"");
    EXPECT_EQ(error("0"), "s.json: /rules/0/times: expected a whole number from 1 on, found 0");
}

TEST(ScriptJson, KeepsTheThreePartsOfAnErrorApart) {
    try {
        script_from_json_text(R"({"title":1,"why":"w"})", "dir/s.json");
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(error.where(), "dir/s.json");
        EXPECT_EQ(error.place(), "/title");
        EXPECT_EQ(error.expected(), "expected a string, found 1");
    }
}

TEST(ScriptJson, TellsWhatAServerCannotPlay) {
    const auto error = [](const std::string& fault, bool tls) {
        try {
            expect_playable(script_from_json_text(with_fault(fault), "s.json"), tls, "s.json");
        } catch (const InputError& refused) {
            return std::string(refused.what());
        }
        return std::string("no error");
    };
    EXPECT_EQ(error(R"([{"effect":"NameSlow","delay_ms":1},{"effect":"NameNotFound"}])", true),
              "s.json: /rules/0/fault/0/effect: expected a fault that a server can play, found one "
              "of the simulated network");
    constexpr const char* kNoTls =
        "s.json: /rules/0/fault: expected a server with TLS for a fault of its handshake";
    EXPECT_EQ(error(R"({"effect":"CertificateExpired"})", false), kNoTls);
    EXPECT_EQ(error(R"({"effect":"CertificateExpired"})", true), "no error");
    EXPECT_EQ(error(R"({"effect":"Close","at":{"handshake_byte":5}})", false), kNoTls);
    EXPECT_EQ(error(R"({"effect":"Close","at":"accept"})", false), "no error");
}

TEST(ScriptJson, SaysThatAFileIsMissingOrAFolder) {
    EXPECT_THROW(script_from_file("fakeserver/scripts/no-such-file.json"), InputError);
    EXPECT_THROW(script_from_file("fakeserver/scripts"), InputError);
}

}  // namespace
}  // namespace qmgr::fakeserver
