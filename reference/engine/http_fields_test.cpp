#include "reference/engine/http_fields.hpp"

#include <gtest/gtest.h>

namespace qmgr {
namespace {

using Fields = std::vector<HeaderField>;

TEST(ContentLengthField, IsOneNumberHoweverOftenItIsSaid) {
    EXPECT_EQ(content_length({{"Content-Length", "42"}}), (ContentLength{Length::Known, 42}));
    EXPECT_EQ(content_length({{"content-length", " 42 "}, {"Content-Length", "42"}}),
              (ContentLength{Length::Known, 42}));
    EXPECT_EQ(content_length({}).kind, Length::Missing);
}

TEST(ContentLengthField, DoesNotCountBesideChunked) {
    EXPECT_EQ(content_length({{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}).kind,
              Length::Missing);
}

TEST(ContentLengthField, IsBadWhenTwoDifferOrOneIsNoNumber) {
    for (const Fields& fields :
         {Fields{{"Content-Length", "1"}, {"Content-Length", "2"}},
          Fields{{"Content-Length", "-1"}}, Fields{{"Content-Length", "abc"}},
          Fields{{"Content-Length", ""}}, Fields{{"Content-Length", "4, 4"}},
          Fields{{"Content-Length", "99999999999999999999999"}}})
        EXPECT_EQ(content_length(fields).kind, Length::Bad) << fields[0].value;
}

TEST(ContentRangeField, IsReadInItsOneForm) {
    EXPECT_EQ(content_range({{"Content-Range", "bytes 5-9/100"}}), (ContentRange{5, 9, 100}));
    EXPECT_EQ(content_range({{"content-range", "BYTES 5-9/*"}}),
              (ContentRange{5, 9, std::nullopt}));
}

TEST(ContentRangeField, IsNothingWhenItMakesNoSense) {
    for (const char* value :
         {"", "bytes", "5-9/100", "pages 5-9/100", "bytes 9-5/100", "bytes 5-9/9", "bytes -9/100",
          "bytes 5-/100", "bytes 5-9", "bytes */9"})
        EXPECT_FALSE(content_range({{"Content-Range", value}})) << value;
    EXPECT_FALSE(
        content_range({{"Content-Range", "bytes 0-1/9"}, {"Content-Range", "bytes 0-1/9"}}));
    EXPECT_FALSE(content_range({}));
}

TEST(ContentRangeField, TellsTheTotalOfAnUnsatisfiedRange) {
    EXPECT_EQ(unsatisfied_total({{"Content-Range", "bytes */77"}}), 77U);
    EXPECT_FALSE(unsatisfied_total({{"Content-Range", "bytes 0-1/77"}}));
    EXPECT_FALSE(unsatisfied_total({{"Content-Range", "bytes */*"}}));
}

TEST(ContentEncodingField, CountsUnlessItIsIdentity) {
    EXPECT_TRUE(is_encoded({{"Content-Encoding", "gzip"}}));
    EXPECT_FALSE(is_encoded({{"Content-Encoding", "Identity"}}));
    EXPECT_FALSE(is_encoded({}));
}

TEST(HttpDate, ReadsTheModernForm) {
    EXPECT_EQ(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
    EXPECT_EQ(http_date("Wed, 04 Sep 2024 02:15:41 GMT"), 1725416141);
    EXPECT_EQ(http_date("Thu, 29 Feb 2024 23:59:59 GMT"), 1709251199);
}

TEST(HttpDate, RefusesEveryOtherText) {
    for (const char* text : {"", "1725416141", "Thu, 29 Feb 2023 00:00:00 GMT",
                             "Wed, 04 Sep 2024 24:00:00 GMT", "Wed, 04 Sep 2024 02:15:41 UTC",
                             "Wednesday, 04-Sep-24 02:15:41 GMT", "Wed Sep  4 02:15:41 2024",
                             "Wed, 04 Sept 2024 2:15:41 GMT", "Wed, xx Sep 2024 02:15:41 GMT"})
        EXPECT_FALSE(http_date(text)) << text;
}

TEST(RetryAfter, IsSecondsOrADate) {
    const Instant now = instant_from_ms(1725416141000);
    EXPECT_EQ(retry_after({{"Retry-After", "120"}}, now), Duration(120'000));
    EXPECT_EQ(retry_after({{"Retry-After", "Wed, 04 Sep 2024 02:16:41 GMT"}}, now),
              Duration(60'000));
    EXPECT_EQ(retry_after({{"Retry-After", "Wed, 04 Sep 2024 02:00:00 GMT"}}, now), Duration(0));
    EXPECT_EQ(retry_after({{"Retry-After", "soon"}}, now), Duration(0));
    EXPECT_EQ(retry_after({}, now), Duration(0));
    for (const char* huge : {"18446744073709551615", "99999999999999999999"})
        EXPECT_GT(retry_after({{"Retry-After", huge}}, now), std::chrono::hours(24)) << huge;
    for (const char* other : {"-99999999999999999999", "99999999999999999999x"})
        EXPECT_EQ(retry_after({{"Retry-After", other}}, now), Duration(0)) << other;
}

}  // namespace
}  // namespace qmgr
