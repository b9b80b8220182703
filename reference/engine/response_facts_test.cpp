#include "reference/engine/response_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qmgr {
namespace {

using testing::ElementsAre;

const HeaderField kAgent{"User-Agent", "Microsoft BITS/7.8"};
const HeaderField kConnection{"Connection", "Keep-Alive"};
const HeaderField kAccept{"Accept", "*/*"};
const HeaderField kIdentity{"Accept-Encoding", "identity"};

FileRequest request_of(Asked asked) {
    FileRequest request;
    request.asked = asked;
    request.url = "http://server.test/dir/file";
    request.begin = asked == Asked::FromMiddle ? 100 : 0;
    request.end = 200;
    request.size = 1000;
    request.last_modified = "Wed, 04 Sep 2024 02:15:41 GMT";
    return request;
}

TEST(RequestFields, AreThoseOfTheCapturesForEachShape) {
    const HeaderField condition{"If-Unmodified-Since", "Wed, 04 Sep 2024 02:15:41 GMT"};
    EXPECT_THAT(request_fields(Policy(), request_of(Asked::Head)),
                ElementsAre(kConnection, kAccept, kIdentity, kAgent));
    EXPECT_THAT(request_fields(Policy(), request_of(Asked::Whole)),
                ElementsAre(kConnection, kAccept, kIdentity, condition, kAgent));
    EXPECT_THAT(request_fields(Policy(), request_of(Asked::FromStart)),
                ElementsAre(kConnection, kAccept, kIdentity, condition,
                            HeaderField{"Range", "bytes=0-199"}, kAgent));
    FileRequest undated = request_of(Asked::FromMiddle);
    undated.last_modified.reset();
    EXPECT_THAT(request_fields(Policy(), undated),
                ElementsAre(kConnection, kAccept, kIdentity, HeaderField{"Range", "bytes=100-199"},
                            kAgent));
}

TEST(RequestFields, HaveTheAgentOfThePolicy) {
    Policy policy;
    policy.user_agent = "Another/1";
    EXPECT_EQ(request_fields(policy, request_of(Asked::Head)).back().value, "Another/1");
}

TEST(FactsOf, ARangeFitsWhenStartEndAndLengthDo) {
    const auto fits = [](const char* range, const char* length) {
        event::ResponseStarted response{
            {}, 206, {{"Content-Range", range}, {"Content-Length", length}}};
        return facts_of(request_of(Asked::FromMiddle), response, {}).range_fits;
    };
    EXPECT_EQ(fits("bytes 100-199/1000", "100"), YesNo::Yes);
    EXPECT_EQ(fits("bytes 100-150/*", "51"), YesNo::Yes);
    EXPECT_EQ(fits("bytes 101-199/1000", "99"), YesNo::No);
    EXPECT_EQ(fits("bytes 100-200/1000", "101"), YesNo::No);
    EXPECT_EQ(fits("bytes 100-199/1000", "99"), YesNo::No);
}

TEST(FactsOf, AnotherDateOrTotalIsAChange) {
    const auto changed = [](std::vector<HeaderField> headers) {
        return facts_of(request_of(Asked::Whole), {{}, 200, std::move(headers)}, {}).changed;
    };
    EXPECT_EQ(changed({{"Content-Length", "1000"}}), YesNo::No);
    EXPECT_EQ(changed({{"Content-Length", "1001"}}), YesNo::Yes);
    EXPECT_EQ(changed({{"Last-Modified", "Wed, 04 Sep 2024 02:15:42 GMT"}}), YesNo::Yes);
}

TEST(FactsOf, ARedirectIsFollowedOnlyWhileOneIsLeft) {
    FileRequest request = request_of(Asked::Head);
    const event::ResponseStarted response{{}, 302, {{"Location", "/other"}}};
    EXPECT_EQ(facts_of(request, response, {}).may_follow, YesNo::Yes);
    request.redirect_left = false;
    EXPECT_EQ(facts_of(request, response, {}).may_follow, YesNo::No);
}

TEST(CodeOf, IsTheRowsOrTheStatussOrTheExchanges) {
    const ResponseRow* status_row = nullptr;
    const ResponseRow* silent_row = nullptr;
    for (const ResponseRow& row : kResponseTable) {
        if (row.label == "R-10") status_row = &row;
        if (row.label == "R-07") silent_row = &row;
    }
    EXPECT_EQ(code_of(*status_row, 404, HResult::Ok), from_http_status(404));
    EXPECT_EQ(code_of(*silent_row, 0, code_of(TransportFailure::TimedOut)),
              HResult::InternetTimeout);
    EXPECT_EQ(code_of(std::nullopt), HResult::ConnectionAborted);
}

}  // namespace
}  // namespace qmgr
