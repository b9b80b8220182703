// Histories that were written by hand: what is allowed in none of their orders is found, and
// nothing else.
#include "propertytests/history_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "propertytests/history_excerpts.hpp"

namespace qmgr::propertytests {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const Caller kUser{"u1", false};
const Caller kAdministrator{"root", true};

GroupId group(std::uint8_t number) {
    Guid guid;
    guid.bytes[15] = number;
    return {guid};
}
JobId job(std::uint8_t number) {
    Guid guid;
    guid.bytes[0] = number;
    return {guid};
}
Reply fetched(HResult result, std::vector<Guid> ids) {
    const auto count = static_cast<std::uint32_t>(ids.size());
    return {result, value::Fetched{std::move(ids), count}};
}

/// Writes a history down, one call after the other or with ticks of its own.
class Written {
  public:
    /// After everything so far, by thread 0.
    Written& then(const Call& call, const Reply& reply, const Caller& caller = kUser) {
        const std::uint64_t begun = last_ + 1;
        return at(0, begun, begun + 1, call, reply, caller);
    }
    Written& at(std::uint32_t thread, std::uint64_t begun, std::uint64_t ended, const Call& call,
                const Reply& reply, const Caller& caller = kUser) {
        history_.push_back({thread, begun, ended, {caller, call, reply}});
        last_ = std::max(last_, ended);
        return *this;
    }
    HistoryFinding check(bool by_excerpts = true) const {
        HistoryRules rules;
        rules.by_excerpts = by_excerpts;
        return check_history(history_, rules);
    }
    const History& history() const { return history_; }

  private:
    History history_;
    std::uint64_t last_ = 0;
};

Reply handle(std::uint64_t number) { return {HResult::Ok, GroupHandle{number}}; }
Reply enumerator(std::uint64_t number) { return {HResult::Ok, EnumeratorHandle{number}}; }

TEST(AHistory, WithoutCallsIsLinearizable) {
    EXPECT_EQ(Written().check().finding, Finding::Linearizable);
}

TEST(AHistory, MayNotCreateOneGroupTwice) {
    Written written;
    written.at(0, 1, 4, call::CreateGroup{group(1)}, handle(1));
    written.at(1, 2, 3, call::CreateGroup{group(1)}, handle(2));
    for (const bool by_excerpts : {true, false}) {
        const HistoryFinding finding = written.check(by_excerpts);
        EXPECT_EQ(finding.finding, Finding::NotLinearizable);
        EXPECT_THAT(to_text(finding), HasSubstr("QMGR-CREATE"));
    }
    Written refused;
    refused.at(0, 1, 4, call::CreateGroup{group(1)}, {HResult::InvalidArgument, {}});
    refused.at(1, 2, 3, call::CreateGroup{group(1)}, handle(2));
    EXPECT_EQ(refused.check().finding, Finding::Linearizable) << to_text(refused.check());
}

TEST(AHistory, MayCancelAGroupOnce) {
    const auto cancelled_twice = [](const Reply& second) {
        Written written;
        written.then(call::CreateGroup{group(1)}, handle(1));
        written.at(0, 10, 14, call::CancelGroup{{1}}, {});
        written.at(1, 11, 13, call::CancelGroup{{1}}, second);
        return written.check();
    };
    EXPECT_EQ(cancelled_twice({}).finding, Finding::NotLinearizable);
    EXPECT_EQ(cancelled_twice({HResult::QmInvalidState, {}}).finding, Finding::Linearizable);
}

TEST(AHistory, EndsWithTheShortestPartThatHasNoOrder) {
    Written written;
    written.then(call::CreateGroup{group(1)}, handle(1));
    written.at(0, 10, 14, call::CancelGroup{{1}}, {});
    written.at(1, 11, 13, call::CancelGroup{{1}}, {});
    written.then(call::GetGroupId{{1}}, {HResult::Ok, group(1)});
    const HistoryFinding finding = written.check();
    EXPECT_THAT(finding.ordered, SizeIs(2));
    ASSERT_THAT(finding.unordered, SizeIs(1));
    EXPECT_EQ(finding.unordered.front().ended, 14U);
}

TEST(AHistory, IsUndecidedWhenTheStepsAreUsedUp) {
    Written written;
    written.then(call::CreateGroup{group(1)}, handle(1));
    written.then(call::CreateGroup{group(2)}, handle(2));
    HistoryRules rules;
    rules.most_steps = 1;
    const HistoryFinding finding = check_history(written.history(), rules);
    EXPECT_EQ(finding.finding, Finding::Undecided);
    EXPECT_EQ(finding.steps, 1U);
    rules.most_steps = 2;
    EXPECT_EQ(check_history(written.history(), rules).finding, Finding::Linearizable);
}

TEST(AHistory, IsCutByGroupsAndByWhatJoinsThem) {
    Written written;
    written.then(call::CreateGroup{group(1)}, handle(1));
    written.then(call::CreateGroup{group(2)}, handle(2));
    written.then(call::CreateGroup{group(3)}, handle(3));
    written.then(call::CreateJob{{1}, job(1)}, {HResult::Ok, JobHandle{4}});
    written.then(call::CreateJob{{2}, job(1)}, {HResult::InvalidArgument, {}});
    written.then(call::GetJobId{{4}}, {HResult::Ok, job(1)});
    const Excerpts cut = excerpts_of(written.history(), {});
    ASSERT_THAT(cut.excerpts, SizeIs(2));
    EXPECT_THAT(cut.excerpts[0].calls, SizeIs(5));
    EXPECT_THAT(cut.excerpts[1].calls, SizeIs(1));
    EXPECT_EQ(written.check().finding, Finding::Linearizable) << to_text(written.check());
}

TEST(AJobGuid, IsJudgedAcrossGroups) {
    Written written;
    written.then(call::CreateGroup{group(1)}, handle(1));
    written.then(call::CreateGroup{group(2)}, handle(2));
    written.then(call::CreateJob{{1}, job(1)}, {HResult::Ok, JobHandle{4}});
    written.then(call::CreateJob{{2}, job(1)}, {HResult::Ok, JobHandle{5}});
    EXPECT_EQ(written.check().finding, Finding::NotLinearizable);
}

TEST(AHandle, IsGivenOnce) {
    Written written;
    written.then(call::CreateGroup{group(1)}, handle(7));
    written.then(call::EnumGroups{}, enumerator(7));
    const HistoryFinding finding = written.check();
    EXPECT_EQ(finding.finding, Finding::NotLinearizable);
    EXPECT_THAT(to_text(finding), HasSubstr("handle 7 is given twice"));
}

/// Group 1 is there, group 2 is created in ticks 10 to 19, and a list is made in ticks 12 to 13.
Written with_list(const Reply& listed) {
    Written written;
    written.then(call::CreateGroup{group(1)}, handle(1));
    written.at(0, 10, 19, call::CreateGroup{group(2)}, handle(2));
    written.at(1, 12, 13, call::EnumGroups{}, enumerator(3));
    written.at(1, 14, 15, call::Next{{3}, 9, false}, listed);
    return written;
}

TEST(AList, MayOrMayNotHaveWhatIsBeingCreated) {
    const Guid one = group(1).guid;
    const Guid two = group(2).guid;
    for (const auto& ids : {std::vector{one}, std::vector{one, two}}) {
        const HistoryFinding finding = with_list(fetched(HResult::False, ids)).check();
        EXPECT_EQ(finding.finding, Finding::Linearizable) << to_text(finding);
    }
}

TEST(AList, HasWhatWasThereBeforeAndNothingElse) {
    const Guid one = group(1).guid;
    const Guid two = group(2).guid;
    const Guid three = group(3).guid;
    for (const auto& ids : {std::vector<Guid>{}, std::vector{two}, std::vector{one, three},
                            std::vector{one, two, three}, std::vector{one, one}}) {
        const HistoryFinding finding = with_list(fetched(HResult::False, ids)).check();
        EXPECT_EQ(finding.finding, Finding::NotLinearizable) << ids.size();
    }
}

TEST(AList, IsInTheOrderOfCreation) {
    Written written;
    written.then(call::CreateGroup{group(1)}, handle(1));
    written.then(call::CreateGroup{group(2)}, handle(2));
    written.then(call::EnumGroups{}, enumerator(3));
    written.then(call::Next{{3}, 9, false},
                 fetched(HResult::False, {group(2).guid, group(1).guid}));
    EXPECT_THAT(to_text(written.check()), HasSubstr("ENUM-ORDER-1"));
}

// For each group there is an order: but 1 would have to come before 2, and 2 before 1.
TEST(AList, ThatShowsNoMomentIsFoundInTheWholeHistoryOnly) {
    Written written;
    written.at(0, 1, 20, call::CreateGroup{group(1)}, handle(1));
    written.at(1, 2, 21, call::CreateGroup{group(2)}, handle(2));
    written.at(2, 3, 8, call::EnumGroups{}, enumerator(3));
    written.at(3, 4, 9, call::EnumGroups{}, enumerator(4));
    written.at(2, 10, 11, call::Next{{3}, 9, false}, fetched(HResult::False, {group(1).guid}));
    written.at(3, 12, 13, call::Next{{4}, 9, false}, fetched(HResult::False, {group(2).guid}));
    EXPECT_EQ(written.check(true).finding, Finding::Linearizable);
    EXPECT_EQ(written.check(false).finding, Finding::NotLinearizable);
}

TEST(AnEnumerator, GivesEachElementOnce) {
    const auto two_nexts = [](const Guid& first, const Guid& second) {
        Written written;
        written.then(call::CreateGroup{group(1)}, handle(1));
        written.then(call::CreateGroup{group(2)}, handle(2));
        written.then(call::EnumGroups{}, enumerator(3));
        written.at(0, 20, 23, call::Next{{3}, 1, false}, fetched(HResult::Ok, {first}));
        written.at(1, 21, 22, call::Next{{3}, 1, false}, fetched(HResult::Ok, {second}));
        written.then(call::Next{{3}, 1, false}, fetched(HResult::False, {}));
        written.then(call::Reset{{3}}, {});
        written.then(call::Next{{3}, 2, false},
                     fetched(HResult::Ok, {group(1).guid, group(2).guid}));
        written.then(call::GetCount{{3}}, {HResult::Ok, value::Count{2}});
        return written.check();
    };
    const Guid one = group(1).guid;
    const Guid two = group(2).guid;
    EXPECT_EQ(two_nexts(one, two).finding, Finding::Linearizable) << to_text(two_nexts(one, two));
    EXPECT_EQ(two_nexts(two, one).finding, Finding::Linearizable);
    EXPECT_EQ(two_nexts(one, one).finding, Finding::NotLinearizable);
}

TEST(AnEnumerator, KeepsItsLengthAndItsClonesTheirPlaces) {
    const auto after_clone = [](const Call& call, const Reply& reply) {
        Written written;
        written.then(call::CreateGroup{group(1)}, handle(1));
        written.then(call::EnumGroups{}, enumerator(2));
        written.then(call::Skip{{2}, 1}, {});
        written.then(call::Clone{{2}}, enumerator(3));
        written.then(call::Skip{{2}, 1}, {HResult::False, {}});
        written.then(call::Release{EnumeratorHandle{2}}, {});
        written.then(call, reply);
        return written.check().finding;
    };
    EXPECT_EQ(after_clone(call::Next{{3}, 1, false}, fetched(HResult::False, {})),
              Finding::Linearizable);
    EXPECT_EQ(after_clone(call::Next{{3}, 1, false}, fetched(HResult::Ok, {group(1).guid})),
              Finding::NotLinearizable);
    EXPECT_EQ(after_clone(call::GetCount{{3}}, {HResult::Ok, value::Count{2}}),
              Finding::NotLinearizable);
    EXPECT_EQ(after_clone(call::Reset{{2}}, {}), Finding::NotLinearizable);
    EXPECT_EQ(after_clone(call::Reset{{2}}, {HResult::RpcDisconnected, {}}), Finding::Linearizable);
}

/// Two jobs of the user are there, or one of them is being cancelled, when a third one is asked
/// for.
HistoryFinding third_job(const Reply& reply, bool cancelling, std::uint32_t limit) {
    Written written;
    for (std::uint8_t i = 1; i <= 3; ++i) written.then(call::CreateGroup{group(i)}, handle(i));
    written.then(call::CreateJob{{1}, job(1)}, {HResult::Ok, JobHandle{11}});
    written.then(call::CreateJob{{2}, job(2)}, {HResult::Ok, JobHandle{12}});
    if (cancelling) written.at(1, 30, 40, call::CancelGroup{{1}}, {});
    written.at(2, 31, 39, call::CreateJob{{3}, job(3)}, reply);
    HistoryRules rules;
    rules.policy.jobs_per_user = limit;
    return check_history(written.history(), rules);
}

TEST(TheNumberOfJobs, IsAReasonToRefuseOnlyIfThereCanBeSoMany) {
    const Reply done = {HResult::Ok, JobHandle{13}};
    const Reply refused = {HResult::BgTooManyJobsPerUser, {}};
    EXPECT_EQ(third_job(refused, false, 2).finding, Finding::Linearizable);
    EXPECT_EQ(third_job(done, false, 2).finding, Finding::NotLinearizable);
    EXPECT_EQ(third_job(refused, true, 2).finding, Finding::Linearizable);
    EXPECT_EQ(third_job(done, true, 2).finding, Finding::Linearizable);
    EXPECT_EQ(third_job(refused, false, 3).finding, Finding::NotLinearizable);
    EXPECT_EQ(third_job(done, false, 3).finding, Finding::Linearizable);
}

}  // namespace
}  // namespace qmgr::propertytests
