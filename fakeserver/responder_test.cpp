#include "fakeserver/responder.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <utility>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/wire.hpp"

namespace qmgr::fakeserver {
namespace {

constexpr const char* kDate = "Tue, 02 Jan 2001 03:04:05 GMT";
constexpr const char* kLaterDate = "Wed, 03 Jan 2001 03:04:05 GMT";

/// One resource, "/file": 1,000 bytes of content 7, changed at kDate, ETag "v1".
Script site(std::vector<FaultRule> rules = {}) {
    return {
        .title = "test",
        .why = "test",
        .resources =
            {{.path = "/file", .size = 1000, .seed = 7, .last_modified = kDate, .etag = "\"v1\""}},
        .rules = std::move(rules)};
}

Request get(std::vector<Header> headers = {}) {
    return {.method = "GET", .path = "/file", .headers = std::move(headers)};
}

Request head(std::vector<Header> headers = {}) {
    return {.method = "HEAD", .path = "/file", .headers = std::move(headers)};
}

ResponsePlan answer(const Request& request, std::vector<FaultRule> rules = {}) {
    return Responder(site(std::move(rules))).respond(request);
}

FaultRule rule(Fault fault, Match match = {}) {
    return {.name = "rule", .match = std::move(match), .faults = {std::move(fault)}, .times = {}};
}

const std::vector<Header> kWholeHeaders{{"Content-Length", "1000"},
                                        {"Last-Modified", kDate},
                                        {"ETag", "\"v1\""},
                                        {"Accept-Ranges", "bytes"},
                                        {"Content-Type", "application/octet-stream"}};

const ResponsePlan kWhole{.status = 200,
                          .reason = "OK",
                          .headers = kWholeHeaders,
                          .body = {Slice{7, 0, 1000}},
                          .ending = Ending::KeepAlive,
                          .rule = ""};

std::vector<Header> part_headers(const char* length, const char* range) {
    return {{"Content-Length", length}, {"Content-Range", range},
            {"Last-Modified", kDate},   {"ETag", "\"v1\""},
            {"Accept-Ranges", "bytes"}, {"Content-Type", "application/octet-stream"}};
}

std::vector<BodyStep> body(std::vector<BodyStep> steps) { return steps; }

TEST(Responder, AnswersAGetWith200AndTheWholeResource) { EXPECT_EQ(answer(get()), kWhole); }

TEST(Responder, AnswersHeadLikeGetWithoutTheBody) {
    ResponsePlan expected = kWhole;
    expected.body.clear();
    EXPECT_EQ(answer(head()), expected);
}

TEST(Responder, LeavesOutValidatorsThatTheResourceDoesNotHave) {
    Responder responder({.title = "",
                         .why = "",
                         .resources = {{.path = "/file", .size = 3, .seed = 1}},
                         .rules = {}});
    EXPECT_EQ(responder.respond(get()).headers,
              (std::vector<Header>{{"Content-Length", "3"},
                                   {"Accept-Ranges", "bytes"},
                                   {"Content-Type", "application/octet-stream"}}));
}

TEST(Responder, SendsNoBodyStepForAnEmptyResource) {
    Responder responder({.title = "",
                         .why = "",
                         .resources = {{.path = "/file", .size = 0, .seed = 1}},
                         .rules = {}});
    EXPECT_EQ(responder.respond(get()).body, body({}));
}

TEST(Responder, AnswersAClosedRangeWith206AndItsContentRange) {
    const ResponsePlan plan = answer(get({{"range", "bytes=100-199"}}));
    EXPECT_EQ(plan.status, 206);
    EXPECT_EQ(plan.reason, "Partial Content");
    EXPECT_EQ(plan.headers, part_headers("100", "bytes 100-199/1000"));
    EXPECT_EQ(plan.body, body({Slice{7, 100, 100}}));
    EXPECT_EQ(plan.ending, Ending::KeepAlive);
}

TEST(Responder, AnswersAnOpenRangeUpToTheEnd) {
    const ResponsePlan plan = answer(get({{"Range", "bytes=990-"}}));
    EXPECT_EQ(plan.headers, part_headers("10", "bytes 990-999/1000"));
    EXPECT_EQ(plan.body, body({Slice{7, 990, 10}}));
}

TEST(Responder, AnswersASuffixRangeFromTheEnd) {
    const ResponsePlan plan = answer(get({{"Range", "bytes=-1"}}));
    EXPECT_EQ(plan.headers, part_headers("1", "bytes 999-999/1000"));
    EXPECT_EQ(plan.body, body({Slice{7, 999, 1}}));
}

TEST(Responder, CutsARangeAtTheEndOfTheResource) {
    const ResponsePlan plan = answer(get({{"Range", "bytes=900-4999"}}));
    EXPECT_EQ(plan.headers, part_headers("100", "bytes 900-999/1000"));
}

TEST(Responder, RefusesARangeBehindTheEndWith416AndTheSize) {
    const ResponsePlan plan = answer(get({{"Range", "bytes=1000-"}}));
    EXPECT_EQ(plan.status, 416);
    EXPECT_EQ(plan.headers,
              (std::vector<Header>{{"Content-Length", "0"}, {"Content-Range", "bytes */1000"}}));
    EXPECT_EQ(plan.body, body({}));
}

TEST(Responder, SendsTheWholeForSeveralRangesOrAnotherUnit) {
    EXPECT_EQ(answer(get({{"Range", "bytes=0-1,5-6"}})), kWhole);
    EXPECT_EQ(answer(get({{"Range", "lines=0-1"}})), kWhole);
}

TEST(Responder, IgnoresARangeOnHead) {
    EXPECT_EQ(answer(head({{"Range", "bytes=0-1"}})).headers, kWholeHeaders);
}

TEST(Responder, ServesARangeUnderTheDateAsReceived) {
    const std::vector<Header> headers{{"Range", "bytes=0-1"}, {"If-Unmodified-Since", kDate}};
    EXPECT_EQ(answer(get(headers)).status, 206);
}

TEST(Responder, AnswersAnotherDateWith412) {
    const ResponsePlan plan = answer(get({{"If-Unmodified-Since", kLaterDate}}));
    EXPECT_EQ(plan.status, 412);
    EXPECT_EQ(plan.headers, (std::vector<Header>{{"Content-Length", "0"}}));
    EXPECT_EQ(plan.body, body({}));
    EXPECT_EQ(plan.ending, Ending::KeepAlive);
}

TEST(Responder, ComparesDatesByBytes) {
    const char* same_instant = "Tue, 2 Jan 2001 03:04:05 GMT";
    EXPECT_EQ(answer(get({{"If-Unmodified-Since", same_instant}})).status, 412);
}

TEST(Responder, IgnoresAConditionWhenItKnowsNoDate) {
    Script script = site();
    script.resources[0].last_modified.reset();
    EXPECT_EQ(Responder(script).respond(get({{"If-Unmodified-Since", kDate}})).status, 200);
}

TEST(Responder, ServesTheRangeOnlyWhenIfRangeNamesItsVersion) {
    const auto status = [](const char* validator) {
        return answer(get({{"Range", "bytes=0-1"}, {"If-Range", validator}})).status;
    };
    EXPECT_EQ(status("\"v1\""), 206);
    EXPECT_EQ(status(kDate), 206);
    EXPECT_EQ(status("\"v2\""), 200);
    EXPECT_EQ(status(kLaterDate), 200);
}

TEST(Responder, AnswersAnUnknownPathWith404) {
    const ResponsePlan plan = answer({.method = "GET", .path = "/file?version=2", .headers = {}});
    EXPECT_EQ(plan.status, 404);
    EXPECT_EQ(plan.headers, (std::vector<Header>{{"Content-Length", "0"}}));
}

TEST(Responder, AnswersAnotherMethodWith405AndAllow) {
    const ResponsePlan plan = answer({.method = "POST", .path = "/file", .headers = {}});
    EXPECT_EQ(plan.status, 405);
    EXPECT_EQ(plan.headers, (std::vector<Header>{{"Content-Length", "0"}, {"Allow", "GET, HEAD"}}));
}

TEST(Responder, ClosesWhenTheClientAsksForIt) {
    const ResponsePlan plan = answer(get({{"connection", "TE, Close"}}));
    EXPECT_EQ(plan.ending, Ending::Close);
    EXPECT_EQ(plan.headers.back(), (Header{"Connection", "close"}));
    EXPECT_EQ(answer(get({{"Connection", "keep-alive"}})).ending, Ending::KeepAlive);
}

TEST(Responder, ClosesAfterAnHttp10Request) {
    Request request = get();
    request.version = "HTTP/1.0";
    EXPECT_EQ(answer(request).ending, Ending::Close);
}

TEST(RespondStatus, ReplacesTheResource) {
    const ResponsePlan plan = answer(
        get(), {rule({.status = 503, .headers = {{"Retry-After", "7"}}, .body = "later\n"})});
    const ResponsePlan expected{.status = 503,
                                .reason = "Service Unavailable",
                                .headers = {{"Content-Length", "6"}, {"Retry-After", "7"}},
                                .body = {Literal{"later\n"}},
                                .ending = Ending::KeepAlive,
                                .rule = "rule",
                                .faults = {{Effect::RespondStatus, 0}}};
    EXPECT_EQ(plan, expected);
}

TEST(RespondStatus, HasNoBodyForHeadButItsLength) {
    const ResponsePlan plan = answer(head(), {rule({.status = 500, .headers = {}, .body = "x"})});
    EXPECT_EQ(plan.headers, (std::vector<Header>{{"Content-Length", "1"}}));
    EXPECT_EQ(plan.body, body({}));
}

TEST(RespondStatus, LeavesTheLengthToTheScriptWhenItStatesOne) {
    const ResponsePlan plan =
        answer(get(), {rule({.status = 200, .headers = {{"content-length", "99"}}, .body = "x"})});
    EXPECT_EQ(plan.headers, (std::vector<Header>{{"content-length", "99"}}));
}

TEST(RespondStatus, AddsNoLengthWhereHttpForbidsIt) {
    EXPECT_EQ(answer(get(), {rule({.status = 304, .headers = {}, .body = ""})}).headers,
              std::vector<Header>{});
}

TEST(RespondStatus, AnswersAPathThatDoesNotExistToo) {
    const Request request{.method = "GET", .path = "/moved", .headers = {}};
    const ResponsePlan plan =
        answer(request, {rule({.status = 302, .headers = {{"Location", "/file"}}, .body = ""})});
    EXPECT_EQ(plan.status, 302);
    EXPECT_EQ(plan.reason, "Found");
}

TEST(Close, EndsTheBodyAtItsByteUnderAnUnchangedHead) {
    ResponsePlan expected = kWhole;
    expected.body = {Slice{7, 0, 400}};
    expected.ending = Ending::Close;
    expected.rule = "rule";
    // The head of this answer has 161 bytes.
    expected.faults = {{Effect::Close, 161 + 400}};
    EXPECT_EQ(answer(get(), {rule({.effect = Effect::Close, .at = {.byte = 400}})}), expected);
}

TEST(Close, CountsTheBytesOfThePartThatIsServed) {
    const ResponsePlan plan = answer(get({{"Range", "bytes=500-"}}),
                                     {rule({.effect = Effect::Close, .at = {.byte = 400}})});
    EXPECT_EQ(plan.headers, part_headers("500", "bytes 500-999/1000"));
    EXPECT_EQ(plan.body, body({Slice{7, 500, 400}}));
}

TEST(Close, AppliesUpToTheLastByteAndNotBehindIt) {
    const auto ending = [](std::uint64_t at_byte) {
        return answer(get(), {rule({.effect = Effect::Close, .at = {.byte = at_byte}})}).ending;
    };
    EXPECT_EQ(ending(1000), Ending::Close);
    EXPECT_EQ(ending(1001), Ending::KeepAlive);
}

TEST(Close, ByteZeroEndsAHeadResponseToo) {
    const ResponsePlan plan = answer(head(), {rule({.effect = Effect::Close, .at = {.byte = 0}})});
    EXPECT_EQ(plan.ending, Ending::Close);
    EXPECT_EQ(plan.headers, kWholeHeaders);
}

TEST(Reset, EndsTheBodyAtItsByteWithAReset) {
    const ResponsePlan plan = answer(get(), {rule({.effect = Effect::Reset, .at = {.byte = 990}})});
    EXPECT_EQ(plan.body, body({Slice{7, 0, 990}}));
    EXPECT_EQ(plan.ending, Ending::Reset);
    EXPECT_EQ(plan.headers, kWholeHeaders);
}

TEST(Reset, ByteZeroSendsTheHeadOnly) {
    const ResponsePlan plan = answer(get(), {rule({.effect = Effect::Reset, .at = {.byte = 0}})});
    EXPECT_EQ(plan.body, body({}));
    EXPECT_EQ(plan.ending, Ending::Reset);
}

TEST(Reset, DoesNotFireOnABodyThatIsTooShortForIt) {
    Responder responder(site({rule({.effect = Effect::Reset, .at = {.byte = 990}})}));
    EXPECT_EQ(responder.respond(get({{"Range", "bytes=500-"}})).rule, "");
    EXPECT_EQ(responder.hits(), (std::vector<RuleHits>{{"rule", 0}}));
    EXPECT_EQ(responder.respond(get()).rule, "rule");
    EXPECT_EQ(responder.hits(), (std::vector<RuleHits>{{"rule", 1}}));
}

TEST(Stall, NeverGoesOn) {
    const ResponsePlan plan = answer(get(), {rule({.effect = Effect::Stall, .at = {.byte = 1}})});
    EXPECT_EQ(plan.body, body({Slice{7, 0, 1}}));
    EXPECT_EQ(plan.ending, Ending::Stall);
}

TEST(Delay, GoesOnAfterIt) {
    const ResponsePlan plan = answer(
        get(), {rule({.effect = Effect::Delay, .at = {.byte = 300}, .delay = {.ms = 2500}})});
    EXPECT_EQ(plan.body, body({Slice{7, 0, 300}, Wait{2500}, Slice{7, 300, 700}}));
    EXPECT_EQ(plan.ending, Ending::KeepAlive);
    EXPECT_EQ(plan.headers, kWholeHeaders);
}

TEST(Delay, AtByteZeroWaitsBeforeTheBody) {
    const ResponsePlan plan =
        answer(get(), {rule({.effect = Effect::Delay, .at = {.byte = 0}, .delay = {.ms = 1}})});
    EXPECT_EQ(plan.body, body({Wait{1}, Slice{7, 0, 1000}}));
}

TEST(Bandwidth, SendsExactlyItsBytesInASecond) {
    for (const std::uint64_t rate : {50U, 99U, 149U, 200'000U}) {
        const ResponsePlan plan =
            answer(get(), {rule({.effect = Effect::Bandwidth, .bytes_per_second = rate})});
        ASSERT_TRUE(plan.pace);
        EXPECT_EQ(plan.pace->gap.ms * plan.pace->slices.size(), 1000U);
        EXPECT_EQ(
            std::accumulate(plan.pace->slices.begin(), plan.pace->slices.end(), std::uint64_t{0}),
            rate);
    }
}

TEST(RefuseConnection, HasALengthSoThatTheServerDoesNotLookWithoutEnd) {
    Responder responder(site({rule({.effect = Effect::RefuseConnection})}));
    EXPECT_EQ(responder.refuse(1), 1U);
}

TEST(WireSteps, EndThoughThereIsMoreContentThanTheChunksWereMadeFor) {
    ResponsePlan plan = kWhole;
    plan.chunking = Chunking{.chunk_bytes = 4, .total = 10};
    std::uint64_t sent = 0;
    for (const BodyStep& step : wire_steps(plan)) {
        sent += step_length(step);
    }
    EXPECT_GE(sent, 1000U);
}

TEST(DemandBasic, KnowsItsSchemeInAnyCase) {
    const Fault fault{.effect = Effect::DemandBasic, .user = "u", .password = "p"};
    EXPECT_EQ(answer(get({{"Authorization", "basic dTpw"}}), {rule(fault)}).status, 200);
    EXPECT_EQ(answer(get({{"Authorization", "basic DTPW"}}), {rule(fault)}).status, 401);
}

TEST(Redirect, TakesNoLineOfItsOwnFromTheHost) {
    const Fault fault{.effect = Effect::Redirect, .location = "http://{host}/x"};
    EXPECT_EQ(
        find_header(answer(get({{"Host", "a\nSet-Cookie: b"}}), {rule(fault)}).headers, "Location"),
        "http://aSet-Cookie:b/x");
}

TEST(OmitLength, SendsNoLengthAndEndsTheBodyByClosing) {
    const ResponsePlan plan = answer(get(), {rule({.effect = Effect::OmitLength})});
    EXPECT_EQ(plan.status, 200);
    EXPECT_EQ(plan.headers, (std::vector<Header>{{"Last-Modified", kDate},
                                                 {"ETag", "\"v1\""},
                                                 {"Accept-Ranges", "bytes"},
                                                 {"Content-Type", "application/octet-stream"},
                                                 {"Connection", "close"}}));
    EXPECT_EQ(plan.body, body({Slice{7, 0, 1000}}));
    EXPECT_EQ(plan.ending, Ending::Close);
}

TEST(OmitLength, HidesTheLengthFromHeadToo) {
    const ResponsePlan plan = answer(head(), {rule({.effect = Effect::OmitLength})});
    EXPECT_FALSE(find_header(plan.headers, "Content-Length"));
    EXPECT_EQ(plan.body, body({}));
}

TEST(IgnoreRange, SendsTheWholeInstead) {
    ResponsePlan expected = kWhole;
    expected.rule = "rule";
    expected.faults = {{Effect::IgnoreRange, 0}};
    EXPECT_EQ(answer(get({{"Range", "bytes=5-9"}}), {rule({.effect = Effect::IgnoreRange})}),
              expected);
    EXPECT_EQ(answer(get({{"Range", "bytes=5000-"}}), {rule({.effect = Effect::IgnoreRange})}),
              expected);
}

TEST(IgnoreRange, HasNotFiredWhenThereWasNothingToIgnore) {
    EXPECT_EQ(answer(get(), {rule({.effect = Effect::IgnoreRange})}), kWhole);
}

TEST(IgnoreRange, StillHonoursTheDate) {
    const std::vector<Header> headers{{"Range", "bytes=5-9"}, {"If-Unmodified-Since", kLaterDate}};
    EXPECT_EQ(answer(get(headers), {rule({.effect = Effect::IgnoreRange})}).status, 412);
}

TEST(ChangeContent, ShowsAnotherVersionFromThisRequestOn) {
    Responder responder(site({{.name = "new version",
                               .match = {.request = 2},
                               .faults = {{.effect = Effect::ChangeContent,
                                           .seed = 8,
                                           .size = 600,
                                           .last_modified = kLaterDate}},
                               .times = 1}}));
    EXPECT_EQ(responder.respond(get()), kWhole);
    Request request = get();
    request.number = 2;
    const ResponsePlan second = responder.respond(request);
    EXPECT_EQ(second.rule, "new version");
    EXPECT_EQ(second.body, body({Slice{8, 0, 600}}));
    EXPECT_EQ(find_header(second.headers, "Last-Modified"), kLaterDate);
    EXPECT_EQ(find_header(second.headers, "ETag"), "\"v1\"");
    request.number = 3;
    const ResponsePlan third = responder.respond(request);
    EXPECT_EQ(third.rule, "");
    EXPECT_EQ(third.body, second.body);
    EXPECT_EQ(third.headers, second.headers);
}

TEST(ChangeContent, LeavesUnsetFieldsAsTheyWere) {
    const ResponsePlan plan = answer(get(), {rule({.effect = Effect::ChangeContent, .seed = 8})});
    EXPECT_EQ(plan.headers, kWholeHeaders);
    EXPECT_EQ(plan.body, body({Slice{8, 0, 1000}}));
}

TEST(ChangeContent, IsJudgedByTheConditionOfTheSameRequest) {
    const std::vector<Header> headers{{"Range", "bytes=5-9"}, {"If-Unmodified-Since", kDate}};
    const Fault fault{.effect = Effect::ChangeContent, .last_modified = kLaterDate};
    EXPECT_EQ(answer(get(headers), {rule(fault)}).status, 412);
}

TEST(ChangeContent, HasNotFiredOnAPathThatDoesNotExist) {
    Responder responder(site({rule({.effect = Effect::ChangeContent, .seed = 8})}));
    responder.respond({.method = "GET", .path = "/none", .headers = {}});
    EXPECT_EQ(responder.hits(), (std::vector<RuleHits>{{"rule", 0}}));
}

TEST(FaultRules, MatchOnlyWhenEveryFieldAgrees) {
    const Match match{
        .connection = 2, .request = 5, .method = "GET", .path = "/file", .has_range = true};
    const FaultRule unavailable = rule({.status = 503}, match);
    Request good = get({{"Range", "bytes=0-1"}});
    good.connection = 2;
    good.number = 5;
    EXPECT_EQ(answer(good, {unavailable}).status, 503);
    Request other = good;
    other.connection = 1;
    EXPECT_EQ(answer(other, {unavailable}).status, 206);
    other = good;
    other.number = 4;
    EXPECT_EQ(answer(other, {unavailable}).status, 206);
    other = good;
    other.method = "HEAD";
    EXPECT_EQ(answer(other, {unavailable}).status, 200);
    other = good;
    other.path = "/other";
    EXPECT_EQ(answer(other, {unavailable}).status, 404);
    other = good;
    other.headers.clear();
    EXPECT_EQ(answer(other, {unavailable}).status, 200);
}

TEST(FaultRules, CanAskForRequestsWithoutARange) {
    const FaultRule unavailable = rule({.status = 503}, {.has_range = false});
    EXPECT_EQ(answer(get(), {unavailable}).status, 503);
    EXPECT_EQ(answer(get({{"Range", "bytes=0-1"}}), {unavailable}).status, 206);
}

TEST(FaultRules, AreUsedUpAfterTheirTimes) {
    FaultRule unavailable = rule({.status = 503});
    unavailable.times = 2;
    Responder responder(site({unavailable}));
    EXPECT_EQ(responder.respond(get()).status, 503);
    EXPECT_EQ(responder.respond(get()).status, 503);
    EXPECT_EQ(responder.respond(get()), kWhole);
    EXPECT_EQ(responder.hits(), (std::vector<RuleHits>{{"rule", 2}}));
}

TEST(FaultRules, ApplyOneARequestAndInOrder) {
    Responder responder(
        site({{.name = "first", .match = {}, .faults = {{.status = 500}}, .times = 1},
              {.name = "second", .match = {}, .faults = {{.status = 503}}, .times = {}},
              {.name = "third", .match = {}, .faults = {{.status = 404}}, .times = {}}}));
    EXPECT_EQ(responder.respond(get()).status, 500);
    EXPECT_EQ(responder.respond(get()).status, 503);
    EXPECT_EQ(responder.hits(), (std::vector<RuleHits>{{"first", 1}, {"second", 1}, {"third", 0}}));
}

TEST(FaultRules, GiveWayToTheNextWhenTheirFaultCannotHappen) {
    Responder responder(site(
        {{.name = "too far",
          .match = {},
          .faults = {{.effect = Effect::Close, .at = {.byte = 1001}}}},
         {.name = "near", .match = {}, .faults = {{.effect = Effect::Close, .at = {.byte = 5}}}}}));
    EXPECT_EQ(responder.respond(get()).rule, "near");
}

TEST(HeadBytes, AreStatusLineHeaderLinesAndAnEmptyLine) {
    EXPECT_EQ(head_bytes(answer(get({{"Range", "bytes=0-9"}}))),
              "HTTP/1.1 206 Partial Content\r\n"
              "Content-Length: 10\r\n"
              "Content-Range: bytes 0-9/1000\r\n"
              "Last-Modified: Tue, 02 Jan 2001 03:04:05 GMT\r\n"
              "ETag: \"v1\"\r\n"
              "Accept-Ranges: bytes\r\n"
              "Content-Type: application/octet-stream\r\n"
              "\r\n");
}

TEST(HeadBytes, KeepTheSpaceBeforeAnUnknownReason) {
    EXPECT_EQ(head_bytes(answer(get(), {rule({.status = 299})})),
              "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace qmgr::fakeserver
