#include "reference/adapters/counting_origin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/adapters/requester.hpp"
#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

using testing::SizeIs;

constexpr std::uint64_t kObjectBytes = 1U << 20U;

class CountingOriginTest : public testing::Test {
  protected:
    Response get(std::vector<HeaderField> headers) {
        return requester_.ask({"GET", origin_.url("/f"), std::move(headers), 2 * kObjectBytes});
    }

    CountingOrigin origin_{kObjectBytes};
    Requester requester_{Policy(), ""};
};

TEST_F(CountingOriginTest, ServesTheObjectAndCountsIt) {
    const Response head = requester_.ask({"HEAD", origin_.url("/f")});
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(field_value(head.headers, "content-length"), "1048576");
    EXPECT_EQ(get({}).body_bytes, kObjectBytes);
    const auto requests = origin_.requests();
    ASSERT_THAT(requests, SizeIs(2));
    EXPECT_EQ(requests[0].method, "HEAD");
    EXPECT_EQ(requests[0].body_bytes, 0U);
    EXPECT_EQ(requests[1].target, "/f");
    EXPECT_EQ(requests[1].body_bytes, kObjectBytes);
}

TEST_F(CountingOriginTest, ServesRangesOnOneConnection) {
    const Response first = get({{"Range", "bytes=0-5690"}});
    EXPECT_EQ(first.status, 206);
    EXPECT_EQ(field_value(first.headers, "content-range"), "bytes 0-5690/1048576");
    EXPECT_EQ(first.body_bytes, 5691U);
    EXPECT_EQ(get({{"Range", "bytes=1048000-"}}).body_bytes, 576U);
    EXPECT_EQ(get({{"Range", "bytes=1048000-2147483646"}}).body_bytes, 576U);
    const Response past = get({{"Range", "bytes=1048576-1048600"}});
    EXPECT_EQ(past.status, 416);
    EXPECT_EQ(field_value(past.headers, "content-range"), "bytes */1048576");
    EXPECT_EQ(past.connection, 1);
}

TEST_F(CountingOriginTest, AnswersARangeItDoesNotKnowWithTheWholeObject) {
    for (const char* range : {"bytes=0-1,4-5", "bytes=-5", "lines=1-2", "bytes=5-1", "bytes=x"})
        EXPECT_EQ(get({{"Range", range}}).status, 200) << range;
}

TEST_F(CountingOriginTest, HonoursIfUnmodifiedSince) {
    EXPECT_EQ(get({{"If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"}}).status, 412);
    EXPECT_EQ(get({{"If-Unmodified-Since", "Tue, 02 Jan 2001 03:04:05 GMT"}}).status, 200);
}

}  // namespace
}  // namespace qmgr
