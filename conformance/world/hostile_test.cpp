// Hostile does what it says, each thing at least once, and what it says is all it does.
#include "conformance/world/hostile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/rig/requirements.hpp"
#include "conformance/world/every_call.hpp"

namespace qmgr::world {
namespace {

using enum Unpleasantness;

const Caller kClient = EveryCall::caller();
const ClassId kClass{*guid_from_text("5f0a3e1c-94a1-4f43-8a55-1f6b0a7e2c01")};

GroupId group_id(std::uint8_t number) { return EveryCall::group_id(number); }

struct Played {
    std::vector<Call> calls;
    std::vector<Reply> replies;
    std::vector<bool> job_told;  ///< of each notification
    std::vector<Happened> happened;
    std::vector<Act> unfired;
    bool operator==(const Played& other) const {
        return replies == other.replies && job_told == other.job_told;
    }
};

Played play(const std::vector<Act>& acts) {
    World world(EveryCall::server());
    world.disk().make_directory(std::string(EveryCall::kDirectory));
    Hostile hostile(world, acts);
    EveryCall client(hostile, [&](Duration time) { hostile.run_for(time); });
    client.play();
    Played played{hostile.calls(), client.replies(), {}, hostile.happened(), hostile.unfired()};
    for (const Notification& one : client.told()) played.job_told.push_back(one.job.has_value());
    return played;
}

std::string clauses_of(Unpleasantness what) {
    return std::string(unpleasantnesses()[static_cast<std::size_t>(what)].clauses);
}

/// What has to be there for it.
std::vector<Act> with_what_it_needs(Unpleasantness what) {
    if (what == ResumedByAnother || what == LeanStatus || what == Win32Codes)
        return {{DiskFull, 40}, {what, 40}};
    if (what == FileChanged || what == PowerFailed || what == ServiceRestarted) return {{what, 40}};
    return {{what}};
}

TEST(Hostile, NamesClausesOfTheCatalogueForEachUnpleasantness) {
    const auto catalogue = conformance::Catalogue::from_file("conformance/requirements.json");
    std::set<std::string_view> names;
    for (const UnpleasantnessRow& row : unpleasantnesses()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        std::string clauses(row.clauses);
        ASSERT_FALSE(clauses.empty()) << row.name;
        for (std::size_t begin = 0; begin < clauses.size();) {
            const std::size_t end = std::min(clauses.find(' ', begin), clauses.size());
            EXPECT_FALSE(catalogue.find(clauses.substr(begin, end - begin)).empty())
                << row.name << ": " << clauses.substr(begin, end - begin);
            begin = end + 1;
        }
    }
}

TEST(Hostile, PassesEverythingOnAsItIsWithoutAPlan) {
    const Played played = play({});
    EXPECT_TRUE(played.happened.empty());
    // The plain story: everything is accepted, both groups end, each is told twice.
    EXPECT_EQ(std::count_if(played.replies.begin(), played.replies.end(),
                            [](const Reply& reply) { return failed(reply.hresult); }),
              3)
        << "only the names that are too long are refused";
    EXPECT_EQ(played.job_told.size(), 4U);
}

TEST(Hostile, DoesEachUnpleasantnessAndTheClientFeelsIt) {
    const Played plain = play({});
    for (const UnpleasantnessRow& row : unpleasantnesses()) {
        SCOPED_TRACE(row.name);
        const Played played = play(with_what_it_needs(row.what));
        EXPECT_TRUE(played.unfired.empty()) << "armed, and never happened";
        EXPECT_FALSE(played == plain) << "it happened, and made no difference";
        const bool listed = std::any_of(played.happened.begin(), played.happened.end(),
                                        [&](const Happened& one) { return one.what == row.what; });
        EXPECT_TRUE(listed);
        for (const Happened& one : played.happened)
            EXPECT_NE(to_text(one).find(clauses_of(one.what)), std::string::npos);
    }
}

TEST(Hostile, AnswersEachCallWithEachOfItsLegalFailures) {
    const Played plain = play({});
    std::set<std::pair<std::size_t, Unpleasantness>> meant;
    std::set<std::pair<std::size_t, Unpleasantness>> met;
    for (const OneFailure& one : one_failure_each(plain.calls)) {
        const std::size_t kind = plain.calls[one.act.at_call - 1].index();
        const std::pair what(kind, one.failure.by);
        meant.insert(what);
        if (met.contains(what)) continue;
        const Played played = play({one.act});
        if (played.happened.empty() || played.happened.front().call != one.act.at_call) continue;
        EXPECT_EQ(played.happened.front().answered, one.failure.code)
            << to_text(played.happened.front());
        met.insert(what);
    }
    EXPECT_EQ(met, meant) << "kinds of call, by their place in the variant";
}

TEST(Hostile, DoesTheSameAgainForTheSameSeed) {
    const auto acts = any_acts(7, 6, 60);
    EXPECT_EQ(acts, any_acts(7, 6, 60));
    EXPECT_NE(acts, any_acts(8, 6, 60));
    const Played once = play(acts);
    EXPECT_TRUE(once == play(acts));
    EXPECT_FALSE(once == play({}));
}

// ---- walks ----

/// A group with a file that takes three seconds, resumed, under a queue that leads it.
struct Led {
    World world{EveryCall::server()};
    Hostile hostile{world};
    GroupHandle group;

    explicit Led(Walk walk) {
        world.disk().make_directory("/dl");
        hostile.walk(std::move(walk));
        group = std::get<GroupHandle>(hostile.call(kClient, call::CreateGroup{group_id(1)}).value);
        const auto job = std::get<JobHandle>(
            hostile.call(kClient, call::CreateJob{group, {group_id(1).guid}}).value);
        hostile.call(kClient, call::AddFiles{job, {{world.url("/large"), "/dl/large", 0}}});
        hostile.call(kClient, call::ResumeGroup{group});
    }
    GroupStatus look() {
        const Reply reply = hostile.call(kClient, call::GetGroupStatus{group});
        return std::get<value::GroupState>(reply.value).status;
    }
};

/// The flags of GROUP-STATUS-2 to -7, as the reference shows them.
GroupStatus status_in(JobState state) {
    const GroupStatus none;
    if (state == JobState::Suspended)
        return none.with(GroupFlag::Suspended).with(GroupFlag::Incomplete);
    if (state == JobState::Error)
        return none.with(GroupFlag::Error).with(GroupFlag::Suspended).with(GroupFlag::Incomplete);
    if (state == JobState::Complete)
        return none.with(GroupFlag::Complete).with(GroupFlag::Suspended);
    if (state == JobState::Cancelled) return none;
    return none.with(GroupFlag::Incomplete);
}

TEST(Hostile, WalksEveryWayOfFourStatesThatTheTablesPermit) {
    const std::vector<Walk> walks = every_walk(4);
    std::set<std::pair<JobState, JobState>> steps;
    for (const Walk& walk : walks) {
        Led led(walk);
        JobState before = JobState::Connecting;
        for (const JobState state : walk) {
            ASSERT_EQ(led.look(), status_in(state)) << to_text(walk);
            steps.emplace(before, state);
            before = state;
        }
        ASSERT_EQ(led.hostile.walked(), walk) << to_text(walk);
    }
    // Every change of state of the table, but those into and out of Cancelling, is in one of them.
    std::set<std::pair<JobState, JobState>> permitted;
    for (const Walk& walk : every_walk(6)) {
        JobState before = JobState::Connecting;
        for (const JobState state : walk) {
            permitted.emplace(before, state);
            before = state;
        }
    }
    EXPECT_EQ(steps, permitted);
    std::cout << walks.size() << " walks, " << steps.size() << " different changes of state\n";
}

// ---- leaks ----

TEST(LeakReport, IsCleanWhenTheClientHasEndedEverything) {
    Led led({});
    led.hostile.run_for(std::chrono::minutes(1));
    led.hostile.call(kClient, call::CancelGroup{led.group});
    EXPECT_EQ(led.hostile.leaks().handles, 2U) << "the group's and the job's";
    led.hostile.restart();
    EXPECT_EQ(to_text(led.hostile.leaks()), "nothing is left\n");
}

TEST(LeakReport, NamesEverythingThatIsLeft) {
    Led led({});
    led.hostile.register_callback(kClass);
    led.hostile.call(kClient,
                     call::SetProp{led.group,
                                   GroupProperty::NotifyClsid,
                                   {VariantType::Bstr, 0, "{" + to_text(kClass.guid) + "}"}});
    led.hostile.plan({DiskFull});
    led.look();
    led.hostile.run_for(std::chrono::minutes(1));
    ASSERT_EQ(led.hostile.take_notifications().size(), 1U);
    const LeakReport report = led.hostile.leaks();
    EXPECT_FALSE(report.clean());
    EXPECT_EQ(to_text(report),
              "group 00000000-0000-0000-0000-000000000001\n"
              "job 00000000-0000-0000-0000-000000000001\n"
              "2 handles\n"
              "callback 5f0a3e1c-94a1-4f43-8a55-1f6b0a7e2c01\n"
              "1 notifications not answered\n"
              "file /dl/BIT0.tmp\n");
}

TEST(LeakReport, LeavesOutWhatOthersHaveMade) {
    World world(EveryCall::server());
    Hostile hostile(world, {{GuidTaken}, {TooManyJobs, 2}});
    EXPECT_EQ(hostile.call(kClient, call::CreateGroup{group_id(1)}).hresult,
              HResult::InvalidArgument);
    const auto group =
        std::get<GroupHandle>(hostile.call(kClient, call::CreateGroup{group_id(2)}).value);
    EXPECT_EQ(hostile.call(kClient, call::CreateJob{group, {group_id(2).guid}}).hresult,
              HResult::BgTooManyJobsPerUser);
    hostile.call(kClient, call::CancelGroup{group});
    hostile.call(kClient, call::Release{group});
    EXPECT_EQ(to_text(hostile.leaks()), "nothing is left\n");
    EXPECT_TRUE(world.engine()->state().group_ids.empty());
}

}  // namespace
}  // namespace qmgr::world
