#include "fakeserver/server/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fakeserver/server/raw_client.hpp"

namespace qmgr::fakeserver {
namespace {

using nlohmann::json;

std::vector<json> lines_of(const std::string& path) {
    std::ifstream file(path);
    std::vector<json> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(json::parse(line));
    }
    return lines;
}

/// A file that is not there yet, and is gone afterwards.
class JournalTest : public testing::Test {
  protected:
    ~JournalTest() override { std::filesystem::remove(path_); }

    const std::string path_ =
        testing::TempDir() + "journal_test." + std::to_string(::getpid()) + ".jsonl";
};

TEST_F(JournalTest, AppendsALineForEachRequest) {
    for (const char* path : {"/one", "/two\n"}) {
        Journal(path_).write({.request = {.method = "GET", .path = path},
                              .status = 200,
                              .rule = "cut",
                              .faults = {{.effect = Effect::Reset, .wire_byte = 106}}});
    }
    const std::vector<json> lines = lines_of(path_);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0], json::parse(R"({"connection": 1, "request": 1, "method": "GET",
        "path": "/one", "version": "HTTP/1.1", "headers": [],
        "status": 200, "rule": "cut",
        "faults": [{"effect": "Reset", "byte": 106}],
        "body_bytes_sent": 0, "ending": "KeepAlive"})"));
    EXPECT_EQ(lines[1]["path"], "/two\n");
}

TEST_F(JournalTest, SaysWhyItsFileCannotBeOpened) {
    try {
        const Journal journal("/no/such/folder/journal");
        FAIL();
    } catch (const JournalError& error) {
        EXPECT_STREQ(error.what(), "/no/such/folder/journal: No such file or directory");
    }
}

TEST_F(JournalTest, HasARequestWhenItsAnswerHasEndedAndNotBefore) {
    Journal journal(path_);
    FaultServer server(
        {.title = "test",
         .why = "test",
         .resources = {{.path = "/file", .size = 10}},
         .rules = {{.name = "silent",
                    .match = {.path = "/file"},
                    .faults = {{.effect = Effect::Delay,
                                .at = {.byte = 4},
                                .delay = {.ms = 3'600'000}}}}}},
        {.on_answered = [&](const ServedRequest& served) { journal.write(served); }});
    const RawClient waiting(server.port());
    waiting.send("GET /file HTTP/1.1\r\n\r\n");
    std::string received;
    while (!received.ends_with("\xbf\xd4\x3c\xff")) {
        received += waiting.read(1).bytes;
    }
    const RawClient client(server.port());
    client.send("GET /none HTTP/1.1\r\nConnection: close\r\n\r\n");
    // FIN follows the line.
    EXPECT_EQ(client.read_to_end().ended, Ended::Fin);
    std::vector<json> lines = lines_of(path_);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0]["path"], "/none");
    server.stop();
    lines = lines_of(path_);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[1]["path"], "/file");
    EXPECT_EQ(lines[1]["body_bytes_sent"], 4);
}

}  // namespace
}  // namespace qmgr::fakeserver
