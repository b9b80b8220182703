#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/effect_table.hpp"
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
    EXPECT_EQ(count, 5);
}

/// What stands between ```json and ``` in a page.
std::vector<std::string> json_blocks(const std::string& page) {
    constexpr std::string_view kStart = "```json\n";
    std::vector<std::string> blocks;
    for (std::size_t at = page.find(kStart); at != std::string::npos; at = page.find(kStart, at)) {
        at += kStart.size();
        blocks.push_back(page.substr(at, page.find("```", at) - at));
    }
    return blocks;
}

TEST(ServerScriptsPage, HasExamplesThatCanBeReadAndOneForEachEffect) {
    std::ifstream file("docs/server-scripts.md");
    const std::string page((std::istreambuf_iterator<char>(file)), {});
    std::set<Effect> shown;
    for (const std::string& block : json_blocks(page)) {
        const bool is_rule = block.starts_with("{\"name\"");
        const Script script = script_from_json_text(
            is_rule ? R"({"title":"t","why":"w","rules":[)" + block + "]}" : block, block);
        for (const FaultRule& rule : script.rules) {
            shown.insert(rule.fault.effect);
        }
    }
    EXPECT_EQ(shown.size(), effect_table().size());
}

TEST(ServerScriptsPage, QuotesTheReadyScriptOfItsWorkedExample) {
    std::ifstream file("docs/server-scripts.md");
    const std::string page((std::istreambuf_iterator<char>(file)), {});
    std::ifstream script("fakeserver/scripts/second-node.json");
    EXPECT_THAT(page,
                testing::HasSubstr(std::string((std::istreambuf_iterator<char>(script)), {})));
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
