#include "propertytests/coverage.hpp"

#include <gtest/gtest.h>

#include <string>

#include "reference/contract/input_error.hpp"

namespace qmgr::propertytests {
namespace {

UnreachedRule rule(const std::string& line) { return read_rules(line, "test").at(0); }

TEST(UnreachedRules, CoverTheCellsTheyName) {
    const UnreachedRule one = rule(
        "state in Queued, Error; command in get_prop, crash; fault point in *: because of this");
    EXPECT_TRUE(one.covers({GroupView::Queued, Kind::Crash, FaultPoint::Network}));
    EXPECT_TRUE(one.covers({GroupView::Error, Kind::GetProp, FaultPoint::None}));
    EXPECT_FALSE(one.covers({GroupView::Absent, Kind::Crash, FaultPoint::Network}));
    EXPECT_FALSE(one.covers({GroupView::Queued, Kind::SetProp, FaultPoint::Network}));
    EXPECT_EQ(one.because, "of this");
}

TEST(UnreachedRules, AreRefusedWhereTheyCannotBeRead) {
    for (const char* line : {"state in Queued", "state in Queued; command in *; fault point in *",
                             "state in Nowhere; command in *; fault point in *: because x",
                             "state in *; command in fly; fault point in *: because x",
                             "state in *; command in *; fault point in *: because ",
                             "command in *; state in *; fault point in *: because x"})
        EXPECT_THROW(read_rules(line, "test"), InputError) << line;
    EXPECT_TRUE(read_rules("# nothing\n\n", "test").empty());
    std::string many;
    for (std::size_t i = 0; i <= kMostRules; ++i)
        many += "state in *; command in *; fault point in *: because x\n";
    EXPECT_THROW(read_rules(many, "test"), InputError);
}

TEST(UnreachedRules, FailWhereTheyExcuseWhatWasReachedAndWhereNoneExcusesWhatWasNot) {
    Cells all;
    Cells all_but_one;
    const Cell cell{GroupView::Queued, Kind::Crash, FaultPoint::Disk};
    for (std::size_t view = 0; view < kGroupViews; ++view)
        for (std::size_t kind = 0; kind < kKinds; ++kind)
            for (std::size_t point = 0; point < kFaultPoints; ++point) {
                const Cell one{static_cast<GroupView>(view), static_cast<Kind>(kind),
                               static_cast<FaultPoint>(point)};
                all.insert(one);
                if (!(one == cell)) all_but_one.insert(one);
            }
    const auto excuse = read_rules(
        "state in Queued; command in crash; fault point in Disk: because of this", "test");
    EXPECT_TRUE(disagreements(all, {}).empty());
    EXPECT_EQ(disagreements(all_but_one, {}).size(), 1U);
    EXPECT_TRUE(disagreements(all_but_one, excuse).empty());
    EXPECT_FALSE(disagreements(all, excuse).empty());
    const auto twice = std::vector<UnreachedRule>{excuse.front(), excuse.front()};
    EXPECT_FALSE(disagreements(all_but_one, twice).empty()) << "each excuses what the other does";
}

}  // namespace
}  // namespace qmgr::propertytests
