#include "reference/adapters/response_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ResponseHead head_of(const std::vector<std::string_view>& lines) {
    ResponseHead head;
    for (const std::string_view line : lines) head.take(line);
    return head;
}

TEST(ResponseHead, KeepsEveryLineAsReceived) {
    const ResponseHead head =
        head_of({"HTTP/1.1 206 Partial Content\r\n", "Content-Length:  5 \r\n",
                 "content-length: 6\r\n", "Last-Modified: Wed, 04 Sep 2024 02:15:41 GMT\r\n",
                 "X-Empty:\r\n", "no colon\r\n", "\r\n"});
    EXPECT_TRUE(head.is_complete());
    EXPECT_EQ(head.status(), 206);
    EXPECT_THAT(head.headers(),
                ElementsAre(HeaderField{"Content-Length", "5"}, HeaderField{"content-length", "6"},
                            HeaderField{"Last-Modified", "Wed, 04 Sep 2024 02:15:41 GMT"},
                            HeaderField{"X-Empty", ""}, HeaderField{"no colon", ""}));
}

TEST(ResponseHead, ForgetsInterimHeads) {
    ResponseHead head = head_of({"HTTP/1.1 103 Early Hints\r\n", "Link: <a>\r\n", "\r\n"});
    EXPECT_FALSE(head.is_complete());
    head.take("HTTP/1.1 200 OK\r\n");
    head.take("\r\n");
    EXPECT_TRUE(head.is_complete());
    EXPECT_EQ(head.status(), 200);
    EXPECT_THAT(head.headers(), IsEmpty());
}

TEST(ResponseHead, TakesNoTrailers) {
    const ResponseHead head = head_of({"HTTP/1.1 200 OK", "A: 1", "", "Trailer: 2", ""});
    EXPECT_THAT(head.headers(), ElementsAre(HeaderField{"A", "1"}));
}

TEST(ResponseHead, UnfoldsAFoldedLine) {
    const ResponseHead head =
        head_of({"HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\t2\r\n", "B:\r\n", " 3\r\n", "\r\n"});
    EXPECT_THAT(head.headers(), ElementsAre(HeaderField{"A", "1 2"}, HeaderField{"B", "3"}));
}

TEST(ResponseHead, TakesALineOfBlanksForAFoldedOneAndNotForTheEnd) {
    const ResponseHead head = head_of(
        {"HTTP/1.1 200 OK\r\n", " \r\n", "A: 1\r\n", " \t\r\n", "Content-Length: 5\r\n", "\r\n"});
    EXPECT_TRUE(head.is_complete());
    EXPECT_THAT(head.headers(),
                ElementsAre(HeaderField{"A", "1"}, HeaderField{"Content-Length", "5"}));
}

// Last-Modified comes back to the server as If-Unmodified-Since, past proxies that may end a line
// there.
TEST(ResponseHead, TakesACarriageReturnInsideALineForABlank) {
    const ResponseHead head = head_of({"HTTP/1.1 200 OK\r\n", "Last-Modified: a\rRange: b\r\n",
                                       "c\rd: e\r\r\n", "\tf\rg\r\n", "\r\n"});
    EXPECT_THAT(head.headers(), ElementsAre(HeaderField{"Last-Modified", "a Range: b"},
                                            HeaderField{"c d", "e f g"}));
}

TEST(ResponseHead, TakesOnlyTheFirstLineForTheStatus) {
    const ResponseHead head = head_of({"HTTP/1.1 200 OK\r\n", " folded\r\n", "A: 1\r\n",
                                       " HTTP/1.1 100\r\n", "HTTP/1.1 404: x\r\n", "\r\n"});
    EXPECT_EQ(head.status(), 200);
    EXPECT_THAT(head.headers(),
                ElementsAre(HeaderField{"A", "1 HTTP/1.1 100"}, HeaderField{"HTTP/1.1 404", "x"}));
}

TEST(ResponseHead, HasNoStatusWhereTheFirstLineTellsNone) {
    for (const std::string_view line :
         {"HTTP/1.1", "HTTP/1.1 OK", "HTTP/1.1 -200 OK", "HTTP/1.1 1000 OK", "HTTP/1.1 0200 OK",
          "HTTP/1.1 99999999999 OK"}) {
        const ResponseHead head = head_of({line, ""});
        EXPECT_FALSE(head.is_complete()) << line;
        EXPECT_EQ(head.status(), 0) << line;
    }
}

}  // namespace
}  // namespace qmgr
