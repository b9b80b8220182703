#include "reference/app/proxy_probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::uint64_t kObjectBytes = 1'000'000;

enum class Habit { Honest, WholePerPiece, WholeOnce, Slices, StripsRange, AsksForAuthentication };

/// A proxy with one habit, and the origin behind it.
class FakeProxy {
  public:
    explicit FakeProxy(Habit habit) : habit_(habit) {}

    Response ask(const Request& request) {
        const std::string path = request.url.substr(request.url.find("/folder/"));
        const auto range = field_value(request.headers, "range");
        if (habit_ == Habit::AsksForAuthentication) return {407, {}, 0, {}, 11, 1};
        if (!range) {
            arrived_.push_back({head_as_get ? "GET" : "HEAD", path, request.headers,
                                head_as_get ? kObjectBytes : 0});
            return {200, fields(kObjectBytes), 0, {}, 11, 1};
        }
        const std::size_t dash = range->find('-');
        const std::uint64_t first = std::stoull(range->substr(6, dash - 6));
        const std::uint64_t last = std::stoull(range->substr(dash + 1));
        take(path, *range, last - first + 1, first == 0);
        if (habit_ == Habit::StripsRange)
            return {200, fields(kObjectBytes), request.limit_bytes, {}, 11, 1};
        std::vector<HeaderField> headers = fields(last - first + 1);
        headers.push_back({"Content-Range", "bytes " + std::to_string(first) + "-" +
                                                std::to_string(last) + "/" +
                                                std::to_string(kObjectBytes)});
        return {206, headers, last - first + 1, {}, 11, 1};
    }

    ProxyReport probe() {
        return probe_proxy(
            "http://proxy.test:8080",
            {"http://127.0.0.1:9/folder/", kObjectBytes, [this] { return arrived_; }},
            [this](const Request& request) { return ask(request); }, Policy());
    }

    bool head_as_get = false;

  private:
    static std::vector<HeaderField> fields(std::uint64_t length) {
        return {{"Last-Modified", "Tue, 02 Jan 2001 03:04:05 GMT"},
                {"Content-Length", std::to_string(length)}};
    }
    void take(const std::string& path, const std::string& range, std::uint64_t bytes, bool first) {
        switch (habit_) {
            case Habit::Honest:
                arrived_.push_back({"GET", path, {{"Range", range}}, bytes});
                break;
            case Habit::WholeOnce:
                if (first) arrived_.push_back({"GET", path, {}, kObjectBytes});
                break;
            case Habit::Slices:
                if (first) arrived_.push_back({"GET", path, {{"Range", "bytes=0-65535"}}, 65536});
                break;
            case Habit::WholePerPiece:
            case Habit::StripsRange:
            case Habit::AsksForAuthentication:
                arrived_.push_back({"GET", path, {}, kObjectBytes});
                break;
        }
    }

    const Habit habit_;
    std::vector<ArrivedRequest> arrived_;
};

TEST(ProbeProxy, CountsAByteTakenForAByteGivenThroughAnHonestOne) {
    const ProxyReport report = FakeProxy(Habit::Honest).probe();
    EXPECT_TRUE(report.works) << report.summary;
    ASSERT_THAT(report.patterns, SizeIs(2));
    const PatternCost& cap4 = report.patterns[0];
    EXPECT_EQ(cap4.capture, "CAP-4");
    EXPECT_EQ(cap4.given_bytes, 20'462U);
    EXPECT_EQ(cap4.taken_bytes, 20'462U);
    EXPECT_EQ(cap4.verdict, Verdict::Ok);
    EXPECT_THAT(cap4.ranges, ElementsAre("bytes=0-5690", "bytes=5691-13739", "bytes=13740-20461"));
    const PatternCost& cap5 = report.patterns[1];
    EXPECT_THAT(cap5.ranges, ElementsAre("bytes=0-4874", "bytes=4875-11546"));
    EXPECT_DOUBLE_EQ(cap5.taken_per_given(), 1);
}

TEST(ProbeProxy, NamesACacheThatFetchesTheWholeObjectForEachPiece) {
    const ProxyReport report = FakeProxy(Habit::WholePerPiece).probe();
    EXPECT_FALSE(report.works);
    EXPECT_THAT(report.summary, HasSubstr("fetches the whole object for each piece"));
    const PatternCost& cost = report.patterns.at(0);
    EXPECT_EQ(cost.whole_requests, 3U);
    EXPECT_EQ(cost.taken_bytes, 3 * kObjectBytes);
    EXPECT_NEAR(cost.taken_per_given(), 146.6, 0.1);
    EXPECT_EQ(cost.verdict, Verdict::Fails);
    EXPECT_EQ(report.looks.at(1).verdict, Verdict::Ok) << "the pieces themselves are right";
}

TEST(ProbeProxy, WarnsOfCachesThatTakeMoreThanTheyGive) {
    const ProxyReport once = FakeProxy(Habit::WholeOnce).probe();
    EXPECT_TRUE(once.works);
    EXPECT_EQ(once.patterns.at(1).verdict, Verdict::Warning);
    EXPECT_THAT(once.patterns.at(1).means, HasSubstr("for the first piece and keeps it"));
    const ProxyReport slices = FakeProxy(Habit::Slices).probe();
    EXPECT_TRUE(slices.works);
    EXPECT_EQ(slices.patterns.at(1).verdict, Verdict::Warning);
    EXPECT_THAT(slices.patterns.at(1).means, HasSubstr("in ranges of its own"));
}

TEST(ProbeProxy, SeesThatARangeIsTakenAway) {
    const ProxyReport report = FakeProxy(Habit::StripsRange).probe();
    EXPECT_FALSE(report.works);
    EXPECT_EQ(report.code, HResult::BgInsufficientRangeSupport);
    EXPECT_EQ(report.looks.at(1).verdict, Verdict::ForegroundOnly);
    EXPECT_THAT(report.patterns.at(0).means, HasSubstr("takes the range away"));
}

TEST(ProbeProxy, StopsWhereHeadDoesNotGetThrough) {
    const ProxyReport report = FakeProxy(Habit::AsksForAuthentication).probe();
    EXPECT_FALSE(report.works);
    EXPECT_EQ(report.code, from_http_status(407));
    EXPECT_THAT(report.looks, SizeIs(1));
    EXPECT_THAT(report.looks.at(0).means, HasSubstr("never asked"));
    EXPECT_THAT(report.summary, HasSubstr("see proxy-head"));
}

TEST(ProbeProxy, SeesThatHeadIsMadeAGet) {
    FakeProxy proxy(Habit::Honest);
    proxy.head_as_get = true;
    const ProxyReport report = proxy.probe();
    EXPECT_EQ(report.looks.at(0).verdict, Verdict::Warning);
    EXPECT_THAT(report.looks.at(0).means, HasSubstr("makes a GET of it"));
}

}  // namespace
}  // namespace qmgr
