#include "fakeserver/server/site.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace qmgr::fakeserver {
namespace {

TEST(Site, ForgetsTheOldestRequestsAndCountsEveryHit) {
    Site site({.title = "test",
               .why = "test",
               .resources = {},
               .rules = {{.name = "busy", .faults = {{.status = 503}}}}});
    const Admission admission = site.admit();
    constexpr std::uint64_t kMore = 10;
    std::optional<Assignment> first = site.respond({.method = "GET", .path = "/"}, admission.id);
    std::optional<Assignment> last;
    for (std::uint64_t i = 1; i < FaultServer::kMostRequestsKept + kMore; ++i) {
        last = site.respond({.method = "GET", .path = "/"}, admission.id);
    }
    site.note_body_bytes(*first, 1);
    site.note_body_bytes(*last, 2);
    const std::vector<ServedRequest> kept = site.requests();
    ASSERT_EQ(kept.size(), FaultServer::kMostRequestsKept);
    EXPECT_EQ(kept.front().request.number, kMore + 1);
    EXPECT_EQ(kept.front().body_bytes_sent, 0U);
    EXPECT_EQ(kept.back().request.number, FaultServer::kMostRequestsKept + kMore);
    EXPECT_EQ(kept.back().body_bytes_sent, 2U);
    EXPECT_EQ(site.hits().at(0).hits, FaultServer::kMostRequestsKept + kMore);
}

TEST(Site, BeginsANewLifeWithTheScriptAsItWasAtFirst) {
    Site site({.title = "test",
               .why = "test",
               .resources = {{.path = "/file", .size = 1}},
               .rules = {{.name = "grows",
                          .match = {.method = "GET"},
                          .faults = {{.effect = Effect::ChangeContent, .size = 7}},
                          .times = 1}}});
    const auto size = [&site] {
        const auto answer = site.respond({.method = "GET", .path = "/file"}, site.admit().id);
        return answer->plan.headers.at(0).value;
    };
    EXPECT_EQ(size(), "7");
    EXPECT_EQ(size(), "7");
    const ConnectionId old = site.admit().id;
    site.reset();
    EXPECT_FALSE(site.respond({.method = "GET", .path = "/file"}, old).has_value());
    EXPECT_EQ(site.hits().at(0).hits, 0U);
    EXPECT_EQ(site.admit().id.number, 1U);
    const auto head = site.respond({.method = "HEAD", .path = "/file"}, site.admit().id);
    EXPECT_EQ(head->served.request.number, 1U);
    EXPECT_EQ(head->plan.headers.at(0), (Header{"Content-Length", "1"}));
    EXPECT_EQ(size(), "7");
}

}  // namespace
}  // namespace qmgr::fakeserver
