// The door as a client meets it: bytes in, bytes out.
#include "fakeserver/server/control_door.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fakeserver/script_json.hpp"
#include "fakeserver/server/raw_client.hpp"

namespace qmgr::fakeserver {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

Script script_with(int status) {
    return {.title = "test",
            .why = "test",
            .resources = {},
            .rules = {{.name = "busy", .faults = {{.status = status}}}}};
}

/// A server, its door, and what comes back through it.
class ControlDoorTest : public testing::Test {
  protected:
    /// `lines` are header lines, each with its end.
    std::string ask(const std::string& what, const std::string& lines,
                    const std::string& body = "") const {
        const RawClient client(door_.port());
        client.send(what + " HTTP/1.1\r\nHost: test\r\n" + lines + "\r\n" + body);
        return client.read_to_end().bytes;
    }
    std::string ask(const std::string& what) const { return ask(what, kAuthorization); }
    std::string put(const std::string& body) const {
        return ask("PUT /script",
                   kAuthorization + "Content-Length: " + std::to_string(body.size()) +
                       "\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                   body);
    }
    static json body_of(const std::string& answer) {
        return json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
    }
    /// The first 12 bytes of the server's answer.
    std::string get(const std::string& lines = "") const {
        const RawClient client(server_.port());
        client.send("GET /file HTTP/1.1\r\n" + lines + "\r\n");
        return client.read(12).bytes;
    }

    const std::string kAuthorization = std::string("Authorization: Bearer ") + kToken + "\r\n";
    FaultServer server_{script_with(503)};
    ControlDoor door_{server_, kToken};
};

TEST_F(ControlDoorTest, TellsTheHitsOfEachRule) {
    EXPECT_EQ(body_of(ask("GET /hits")), json::parse(R"([{"rule": "busy", "hits": 0}])"));
    get();
    const std::string answer = ask("GET /hits");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_EQ(body_of(answer), json::parse(R"([{"rule": "busy", "hits": 1}])"));
}

TEST_F(ControlDoorTest, TellsWhatWasServedAndMasksSecrets) {
    EXPECT_EQ(body_of(ask("GET /requests")), json::array());
    get("Host: test\r\nauthorization: Basic c2VjcmV0\r\nProxy-Authorization: Basic c2VjcmV0\r\n");
    const std::string answer = ask("GET /requests");
    EXPECT_EQ(body_of(answer), json::parse(R"([{"connection": 1, "request": 1, "method": "GET",
        "path": "/file", "version": "HTTP/1.1",
        "headers": [{"name": "Host", "value": "test"},
                    {"name": "authorization", "value": "***"},
                    {"name": "Proxy-Authorization", "value": "***"}],
        "status": 503, "rule": "busy", "faults": [{"effect": "RespondStatus", "byte": 0}],
        "body_bytes_sent": 0, "ending": "KeepAlive"}])"));
}

TEST_F(ControlDoorTest, TellsOfBytesThatAreNotUtf8) {
    get("X: \xff\r\n");
    EXPECT_EQ(body_of(ask("GET /requests"))[0]["headers"][0]["value"], "\xef\xbf\xbd");
}

TEST_F(ControlDoorTest, TakesAnotherScript) {
    get();
    const std::string answer = put(to_json_text(script_with(418)));
    EXPECT_EQ(body_of(answer), json::parse(R"({"title": "test", "resources": 0, "rules": 1})"));
    EXPECT_EQ(body_of(ask("GET /requests")), json::array());
    EXPECT_EQ(get(), "HTTP/1.1 418");
}

TEST_F(ControlDoorTest, TakesAScriptOfSomeMegabytes) {
    Script script = script_with(418);
    script.why = std::string(4'000'000, 'x');
    EXPECT_THAT(put(to_json_text(script)), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(get(), "HTTP/1.1 418");
}

TEST_F(ControlDoorTest, RefusesAWrongScriptAndGoesOnWithTheOldOne) {
    const std::string answer = put(R"({"title": "t", "why": "w", "rules": [{"name": "n"}]})");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(body_of(answer)["error"].get<std::string>(),
                StartsWith("script: /rules/0: expected "));
    EXPECT_THAT(body_of(put("{"))["error"].get<std::string>(),
                StartsWith("script: line 1, column 2: expected JSON"));
    EXPECT_THAT(body_of(put("\xff"))["error"].get<std::string>(),
                StartsWith("script: line 1, column 1: expected JSON"));
    EXPECT_EQ(get(), "HTTP/1.1 503");
    EXPECT_EQ(body_of(ask("GET /hits")), json::parse(R"([{"rule": "busy", "hits": 1}])"));
}

TEST_F(ControlDoorTest, BeginsANewLifeWithTheSameScript) {
    get();
    EXPECT_EQ(body_of(ask("POST /reset")), json::object());
    EXPECT_EQ(body_of(ask("GET /hits")), json::parse(R"([{"rule": "busy", "hits": 0}])"));
    EXPECT_EQ(body_of(ask("GET /requests")), json::array());
    EXPECT_EQ(get(), "HTTP/1.1 503");
    EXPECT_EQ(server_.requests().at(0).request.connection, 1U);
}

TEST_F(ControlDoorTest, OpensForTheTokenOnly) {
    for (const std::string lines :
         {"", "Authorization: Bearer\r\n", "Authorization: Bearer 0123456789abcdef\r\n",
          "Authorization: Bearer 0123456789abcdef0123456789abcdee\r\n",
          "Authorization: Basic 0123456789abcdef0123456789abcdef\r\n"}) {
        for (const std::string what : {"GET /hits", "POST /reset", "PUT /script", "GET /none"}) {
            const std::string answer = ask(what, lines + "Content-Length: 0\r\n");
            EXPECT_THAT(answer, StartsWith("HTTP/1.1 401 ")) << lines << what;
            EXPECT_THAT(answer, HasSubstr("WWW-Authenticate: Bearer\r\n"));
        }
    }
}

TEST_F(ControlDoorTest, RefusesWhatItIsNotFor) {
    for (const std::string what :
         {"GET /", "POST /hits", "GET /script", "DELETE /hits", "GET /hits/x", "PUT /requests"}) {
        EXPECT_THAT(ask(what), StartsWith("HTTP/1.1 404 ")) << what;
    }
    EXPECT_THAT(body_of(ask("GET /none"))["error"].get<std::string>(), HasSubstr("GET /none"));
}

TEST_F(ControlDoorTest, RefusesABodyThatItWillNotRead) {
    EXPECT_THAT(ask("PUT /script"), StartsWith("HTTP/1.1 411 "));
    EXPECT_THAT(ask("PUT /script", kAuthorization + "Transfer-Encoding: chunked\r\n"),
                StartsWith("HTTP/1.1 411 "));
    EXPECT_THAT(ask("PUT /script", kAuthorization + "Content-Length: 16777217\r\n"),
                StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(
        ask("PUT /script", kAuthorization + "Content-Length: 1\r\nContent-Encoding: gzip\r\n", "x"),
        StartsWith("HTTP/1.1 415 "));
    EXPECT_THAT(ask("PUT /script",
                    kAuthorization +
                        "Content-Length: 1\r\nContent-Type: multipart/form-data; boundary=x\r\n",
                    "x"),
                StartsWith("HTTP/1.1 415 "));
}

TEST_F(ControlDoorTest, OpensAlsoWhenAThousandDescriptorsAreInUse) {
    std::vector<RawClient> clients;
    for (int i = 0; i < 1100; ++i) {
        clients.emplace_back(server_.port());
        ASSERT_TRUE(clients.back().connected());
    }
    EXPECT_THAT(ask("GET /hits"), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(put(to_json_text(script_with(418))), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(ControlDoor, IsOnTheLoopbackWhereverItsServerListens) {
    FaultServer server(script_with(503), {.host = "0.0.0.0"});
    const ControlDoor door(server, kToken);
    EXPECT_EQ(door.url(), "http://127.0.0.1:" + std::to_string(door.port()));
    EXPECT_NE(door.port(), server.port());
}

TEST(ControlDoor, MakesATokenOf128Bits) {
    const std::string token = make_token();
    EXPECT_THAT(token, testing::MatchesRegex("[0-9a-f]{32}"));
    EXPECT_NE(token, make_token());
}

}  // namespace
}  // namespace qmgr::fakeserver
