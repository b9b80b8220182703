#include "fakeserver/server/request_head.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qmgr::fakeserver {
namespace {

Request read(std::string_view head) {
    HeadReader reader;
    const auto result = reader.read(head);
    return std::holds_alternative<Request>(result) ? std::get<Request>(result) : Request{};
}

int refusal(std::string_view head) {
    HeadReader reader;
    const auto result = reader.read(head);
    return std::holds_alternative<Refusal>(result) ? std::get<Refusal>(result).status : 0;
}

TEST(HeadReader, KeepsHeadersInTheirOrderWithDuplicates) {
    EXPECT_EQ(read("GET /a?b=c HTTP/1.1\r\n"
                   "X-Z: 1\r\n"
                   "Host: here\r\n"
                   "X-A:  two words \r\n"
                   "x-z: 2\r\n"
                   "Empty:\r\n"
                   "\r\n"),
              (Request{.method = "GET",
                       .path = "/a?b=c",
                       .headers = {{"X-Z", "1"},
                                   {"Host", "here"},
                                   {"X-A", "two words"},
                                   {"x-z", "2"},
                                   {"Empty", ""}}}));
}

TEST(HeadReader, LeavesThePathAsItWasSent) {
    EXPECT_EQ(read("GET /a%20b/%C3%A9?x=%2F HTTP/1.1\r\n\r\n").path, "/a%20b/%C3%A9?x=%2F");
}

TEST(HeadReader, CutsAnAbsoluteTargetToItsPath) {
    EXPECT_EQ(read("GET http://host:80/a?b HTTP/1.1\r\n\r\n").path, "/a?b");
    EXPECT_EQ(read("GET http://host HTTP/1.1\r\n\r\n").path, "/");
    EXPECT_TRUE(read("GET http://host HTTP/1.1\r\n\r\n").proxied);
    EXPECT_FALSE(read("GET /http://host HTTP/1.1\r\n\r\n").proxied);
}

TEST(HeadReader, TakesAnyMethodAndAnyTarget) {
    HeadReader reader;
    const auto read = [&reader](const std::string& line) {
        return std::get<Request>(reader.read(line + " HTTP/1.1\r\n\r\n"));
    };
    EXPECT_EQ(read("BITS_POST /a").method, "BITS_POST");
    EXPECT_EQ(read("PROPFIND /a").method, "PROPFIND");
    EXPECT_EQ(read("GET /a?b?c").path, "/a?b?c");
    EXPECT_EQ(read("GET http://h?x=/1").path, "/?x=/1");
}

TEST(HeadReader, JoinsAFoldedLineAndTrimsAName) {
    HeadReader reader;
    const auto read = std::get<Request>(
        reader.read("GET /a HTTP/1.1\r\nAuthorization :\r\n Basic x:y\r\nA: 1\r\n\r\n"));
    EXPECT_EQ(read.headers, (std::vector<Header>{{"Authorization", " Basic x:y"}, {"A", "1"}}));
}

TEST(HeadReader, TakesConnectWithTheAuthorityAsItsPath) {
    HeadReader reader;
    const auto read = reader.read("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n");
    ASSERT_TRUE(std::holds_alternative<Request>(read));
    EXPECT_EQ(std::get<Request>(read).method, "CONNECT");
    EXPECT_EQ(std::get<Request>(read).path, "example.com:443");
    EXPECT_FALSE(std::get<Request>(read).proxied);
}

TEST(HeadReader, KnowsHttp10) {
    EXPECT_EQ(read("HEAD / HTTP/1.0\r\n\r\n"),
              (Request{.method = "HEAD", .path = "/", .headers = {}, .version = "HTTP/1.0"}));
}

TEST(HeadReader, HandsOnRangesThatTheLibraryWouldRefuse) {
    EXPECT_EQ(read("GET / HTTP/1.1\r\nRange: lines=1-2\r\n\r\n").headers,
              (std::vector<Header>{{"Range", "lines=1-2"}}));
}

TEST(HeadReader, HandsOnExpectWithoutAnsweringIt) {
    EXPECT_EQ(read("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n").headers,
              (std::vector<Header>{{"Expect", "100-continue"}, {"Content-Length", "5"}}));
}

TEST(HeadReader, RefusesWhatIsNotHttp) {
    EXPECT_EQ(refusal("\r\n\r\n"), 400);
    EXPECT_EQ(refusal("hello\r\n\r\n"), 400);
    EXPECT_EQ(refusal("GET / HTTP/2.0\r\n\r\n"), 400);
}

TEST(HeadReader, RefusesATargetAbove8192Bytes) {
    EXPECT_EQ(refusal("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n"), 414);
}

}  // namespace
}  // namespace qmgr::fakeserver
