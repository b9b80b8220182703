#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/effect_table.hpp"
#include "fakeserver/fault_list.hpp"
#include "fakeserver/responder.hpp"
#include "fakeserver/script_json.hpp"

namespace qmgr::fakeserver {
namespace {

constexpr const char* kDate = "Tue, 02 Jan 2001 03:04:05 GMT";

Responder responder(const std::string& name) {
    return Responder(script_from_file("fakeserver/scripts/" + name + ".json"));
}

Request get(std::vector<Header> headers = {}) {
    return {.method = "GET", .path = "/file", .headers = std::move(headers)};
}

TEST(ReadyScripts, AllLoadAndSayWhyInOneSentence) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("fakeserver/scripts")) {
        const Script script = script_from_file(entry.path().string());
        EXPECT_FALSE(script.title.empty()) << entry.path();
        EXPECT_THAT(script.why, testing::EndsWith(".")) << entry.path();
        EXPECT_EQ(script.why.find(". "), std::string::npos) << entry.path();
        EXPECT_FALSE(script.rules.empty()) << entry.path();
        ++count;
    }
    EXPECT_GE(count, 10);
}

std::string page() {
    std::ifstream file("docs/server-scripts.md");
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ServerScriptsPage, ListsTheFaultsAsTheTablePrintsThem) {
    EXPECT_THAT(page(), testing::HasSubstr("## The faults\n"));
    EXPECT_TRUE(page().find(faults_markdown()) != std::string::npos)
        << "print them anew: qmgr-fakeserver faults";
}

TEST(ServerScriptsPage, HasExamplesThatCanBeRead) {
    constexpr std::string_view kStart = "```json\n";
    const std::string text = page();
    int count = 0;
    for (std::size_t at = text.find(kStart); at != std::string::npos; at = text.find(kStart, at)) {
        at += kStart.size();
        const std::string block = text.substr(at, text.find("```", at) - at);
        const bool is_rule = block.starts_with("{\"name\"");
        EXPECT_NO_THROW(script_from_json_text(
            is_rule ? R"({"title":"t","why":"w","rules":[)" + block + "]}" : block, "page"))
            << block;
        ++count;
    }
    EXPECT_GT(count, 75);
}

TEST(ServerScriptsPage, QuotesTheReadyScriptsOfItsWorkedExamples) {
    for (const char* name : {"second-node", "stale-nonce", "part-as-200"}) {
        std::ifstream script("fakeserver/scripts/" + std::string(name) + ".json");
        EXPECT_THAT(page(),
                    testing::HasSubstr(std::string((std::istreambuf_iterator<char>(script)), {})));
    }
}

/// An effect does what its own row says in an example: it happens to the answer it is for.
TEST(EffectTable, HasExamplesThatHappen) {
    const std::vector<std::vector<Header>> headers{
        {}, {{"Range", "bytes=100-199"}}, {{"Range", "bytes=100-299"}}};
    for (const EffectRow& row : effect_table()) {
        Script script = script_from_file("fakeserver/scripts/second-node.json");
        script.resources.push_back({.path = "/start", .size = 9, .seed = 1});
        FaultRule rule = example_rule(row.effect);
        rule.match.request.reset();
        if (row.effect == Effect::IgnoreCondition) {
            rule.match.header = {.name = "If-Unmodified-Since", .value = {}};
        }
        script.rules = {rule};
        Responder responder(script);
        for (std::uint64_t connection = 1; connection <= 2; ++connection) {
            responder.refuse(connection);
            responder.admit(connection);
        }
        for (const auto& some : headers) {
            for (const char* method : {"GET", "HEAD"}) {
                for (const char* path : {"/file", "/start"}) {
                    responder.respond({.method = method, .path = path, .headers = some});
                }
            }
        }
        responder.respond({.method = "GET",
                           .path = "/file",
                           .headers = {{"If-Unmodified-Since", "Mon, 01 Jan 2001 03:04:05 GMT"}}});
        EXPECT_GT(responder.hits().front().hits, 0U) << row.name;
    }
}

TEST(ReadyScripts, NoLengthNeverTellsTheSize) {
    Responder server = responder("no-length");
    EXPECT_FALSE(find_header(server.respond(get()).headers, "Content-Length"));
}

TEST(ReadyScripts, RangeIgnoredCutsOnceAndThenSendsTheWhole) {
    Responder server = responder("range-ignored");
    EXPECT_EQ(server.respond(get()).body, (std::vector<BodyStep>{Slice{1, 0, 500000}}));
    const ResponsePlan resumed = server.respond(get({{"Range", "bytes=500000-999999"}}));
    EXPECT_EQ(resumed.status, 200);
    EXPECT_EQ(resumed.body, (std::vector<BodyStep>{Slice{1, 0, 1000000}}));
}

TEST(ReadyScripts, BusyOnceIsBusyOnce) {
    Responder server = responder("busy-once");
    EXPECT_EQ(server.respond(get()).status, 503);
    EXPECT_EQ(server.respond(get()).status, 200);
}

TEST(ReadyScripts, ResetAt99PercentSends990000Bytes) {
    Responder server = responder("reset-at-99-percent");
    const ResponsePlan plan = server.respond(get());
    EXPECT_EQ(plan.body, (std::vector<BodyStep>{Slice{1, 0, 990000}}));
    EXPECT_EQ(plan.ending, Ending::Reset);
    EXPECT_EQ(server.respond(get({{"Range", "bytes=990000-999999"}})).status, 206);
}

TEST(ReadyScripts, SecondNodeRefusesTheDateOfTheFirst) {
    Responder server = responder("second-node");
    EXPECT_EQ(server.respond(get({{"If-Unmodified-Since", kDate}})).ending, Ending::Close);
    const std::vector<Header> resume{{"Range", "bytes=500000-999999"},
                                     {"If-Unmodified-Since", kDate}};
    EXPECT_EQ(server.respond(get(resume)).status, 412);
    const ResponsePlan again = server.respond(get());
    EXPECT_EQ(find_header(again.headers, "Last-Modified"), "Tue, 02 Jan 2001 03:09:41 GMT");
    EXPECT_EQ(again.body, (std::vector<BodyStep>{Slice{1, 0, 1000000}}));
}

}  // namespace
}  // namespace qmgr::fakeserver
