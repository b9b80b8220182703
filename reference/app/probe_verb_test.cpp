// The whole of `qmgr probe` but its command line: over real sockets, on this machine.
#include "reference/app/probe_verb.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "reference/adapters/counting_origin.hpp"
#include "reference/app/tiny_proxy.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class ProbeVerbTest : public testing::Test {
  protected:
    ProbeVerbTest() { ::setenv("no_proxy", "*", 1); }

    json report_of(ProbeArguments arguments) {
        arguments.json = true;
        std::ostringstream out;
        exit_status_ = probe(arguments, Policy(), out);
        return json::parse(out.str());
    }

    int exit_status_ = -1;
};

TEST_F(ProbeVerbTest, OurOwnOriginIsOneThatBitsCanDownloadFrom) {
    const CountingOrigin origin(3U << 20U);
    const json report = report_of({origin.url("/file")});
    EXPECT_EQ(exit_status_, 0);
    EXPECT_EQ(report["server"]["mode"], "background");
    EXPECT_TRUE(report["proxy"].is_null());
    for (const json& look : report["server"]["looks"]) EXPECT_EQ(look["verdict"], "ok") << look;
}

TEST_F(ProbeVerbTest, AnHonestProxyWorksForAServerAndForItself) {
    const CountingOrigin origin(100'000);
    const TinyProxy proxy(TinyProxy::Habit::Honest);
    const json report = report_of({origin.url("/file"), proxy.url()});
    EXPECT_EQ(exit_status_, 0);
    EXPECT_EQ(report["server"]["mode"], "background");
    EXPECT_EQ(report["proxy"]["works"], true) << report["proxy"].dump(1);
    for (const json& pattern : report["proxy"]["patterns"])
        EXPECT_EQ(pattern["taken_per_given"], 1.0) << pattern;
    for (const ArrivedRequest& request : origin.requests()) EXPECT_EQ(request.target, "/file");
}

TEST_F(ProbeVerbTest, ACacheThatFetchesTheWholeObjectForEachPieceIsNamed) {
    const TinyProxy proxy(TinyProxy::Habit::WholePerPiece);
    const json report = report_of({"", proxy.url()});
    EXPECT_EQ(exit_status_, 1);
    EXPECT_TRUE(report["server"].is_null());
    EXPECT_THAT(report["proxy"]["summary"], HasSubstr("whole object for each piece"));
    EXPECT_EQ(report["proxy"]["patterns"][0]["taken_bytes"], 3 * 16'777'216);
}

TEST_F(ProbeVerbTest, AProxyThatTakesTheRangeAwayIsFound) {
    const TinyProxy proxy(TinyProxy::Habit::StripsRange);
    const json report = report_of({"", proxy.url()});
    EXPECT_EQ(exit_status_, 1);
    EXPECT_EQ(report["proxy"]["code"]["name"], "BG_E_INSUFFICIENT_RANGE_SUPPORT");
}

TEST_F(ProbeVerbTest, AProxyThatRefusesHeadIsFound) {
    const TinyProxy proxy(TinyProxy::Habit::RefusesHead);
    const json report = report_of({"", proxy.url()});
    EXPECT_EQ(exit_status_, 1);
    EXPECT_THAT(report["proxy"]["looks"][0]["means"], HasSubstr("never asked"));
}

TEST_F(ProbeVerbTest, RefusesWhatIsNoUrlAndNoProxy) {
    std::ostringstream out;
    for (const ProbeArguments& wrong :
         {ProbeArguments{}, ProbeArguments{"ftp://server.test/f"}, ProbeArguments{"file"},
          ProbeArguments{"", "proxy.test"}, ProbeArguments{"", "https://proxy.test:8080"},
          ProbeArguments{"", "http://proxy.test:80x"}, ProbeArguments{"", "http://:8080"}})
        EXPECT_THROW(probe(wrong, Policy(), out), InputError) << wrong.url << " " << wrong.proxy;
    EXPECT_EQ(out.str(), "");
}

TEST_F(ProbeVerbTest, AReportThatCannotBeWrittenIsAFailure) {
    const CountingOrigin origin(1000);
    std::ostringstream out;
    out.setstate(std::ios::badbit);
    EXPECT_THROW(probe({origin.url("/f")}, Policy(), out), std::runtime_error);
}

}  // namespace
}  // namespace qmgr
