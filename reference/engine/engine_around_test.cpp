// Surroundings and notifications as the engine alone sees them: who is touched by what, and what
// the indexes hold. What a client sees of it is the conformance suite's to say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/engine/engine.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

const ClassId kClass{*guid_from_text("00000000-0000-0000-0000-0000000000cc")};

Guid guid(std::uint8_t kind, std::uint8_t number) {
    Guid guid;
    guid.bytes[0] = kind;
    guid.bytes[15] = number;
    return guid;
}

template <class T>
std::vector<T> all(const Actions& actions) {
    std::vector<T> found;
    for (const Action& action : actions.list)
        if (const T* one = std::get_if<T>(&action)) found.push_back(*one);
    return found;
}

class EngineAroundTest : public testing::Test {
  protected:
    Actions call(const Call& call, const std::string& user = "u1", bool administrator = false) {
        CallInput input{{++calls}, {user, administrator}, call, {}};
        if (const auto* add = std::get_if<call::AddFiles>(&call))
            input.directories.assign(add->files.size(), HResult::Ok);
        return engine.step(input, now);
    }
    Reply reply(const Actions& actions) { return all<action::Answer>(actions).front().reply; }
    Actions event(const Event& event) { return engine.step(event, now); }

    struct Made {
        GroupHandle group;
        JobHandle job;
        GroupNumber number;
    };
    // A group with one file, not resumed.
    Made make(const std::string& user, std::uint8_t number) {
        Made made;
        made.number = {engine.state().next_group};
        made.group =
            std::get<GroupHandle>(reply(call(call::CreateGroup{{guid(1, number)}}, user)).value);
        made.job = std::get<JobHandle>(
            reply(call(call::CreateJob{made.group, {guid(2, number)}}, user)).value);
        call(call::AddFiles{made.job, {{"http://host/a", "/d/a", 0}}}, user);
        return made;
    }
    // The same in the foreground, with its HEAD sent.
    Made run(const std::string& user, std::uint8_t number) {
        const Made made = make(user, number);
        call(call::SwitchGroupToForeground{made.group}, user);
        call(call::ResumeGroup{made.group}, user);
        event(event::PartCreated{{made.number, 0}, HResult::Ok, 0});
        return made;
    }
    // The same, in error; callbacks go to kClass.
    Made fail(const std::string& user, std::uint8_t number) {
        const Made made = run(user, number);
        set_class(made, user);
        last = event(event::ResponseStarted{{engine.numbers().fetch - 1}, 404, {}});
        return made;
    }
    void set_class(const Made& made, const std::string& user) {
        call(call::SetProp{made.group,
                           GroupProperty::NotifyClsid,
                           {VariantType::Bstr, 0, "{" + to_text(kClass.guid) + "}"}},
             user);
    }
    // Cancelled, and every handle given up, those lent with the delivery too: its answer is still
    // to come.
    void forget(const Made& made, const Notification& told) {
        call(call::CancelGroup{made.group});
        event(event::PartDiscarded{{made.number, 0}, HResult::Ok});
        call(call::Release{told.group});
        call(call::Release{*told.job});
        call(call::Release{made.job});
        call(call::Release{made.group});
        ASSERT_THAT(engine.state().groups, IsEmpty());
    }
    JobState state_of(const Made& made) { return engine.state().groups.at(made.number).job.state; }

    Policy policy;
    Engine engine{kDocumentedRules, policy};
    Instant now = instant_from_ms(1'000'000);
    std::uint64_t calls = 0;
    Actions last;
};

TEST_F(EngineAroundTest, ALogOffStopsTheExchangesOfThatUserOnly) {
    const Made mine = run("u1", 1);
    const Made other = run("u2", 2);
    const Actions off = event(event::SessionChanged{"u1", false});
    EXPECT_THAT(all<action::StopFetch>(off), ElementsAre(action::StopFetch{{1}}));
    EXPECT_EQ(state_of(mine), JobState::Queued);
    EXPECT_EQ(state_of(other), JobState::Connecting);
    EXPECT_THAT(engine.state().waiting, IsEmpty());
    const Actions on = event(event::SessionChanged{"u1", true});
    EXPECT_THAT(all<action::StartFetch>(on), SizeIs(1));
}

TEST_F(EngineAroundTest, SayingAgainWhatIsKnownChangesNothing) {
    run("u1", 1);
    const QueueState before = engine.state();
    EXPECT_THAT(event(event::SessionChanged{"u1", true}).list, IsEmpty());
    EXPECT_THAT(event(event::SessionChanged{"stranger", false}).list, IsEmpty());
    EXPECT_THAT(event(event::NetworkChanged{false}).list, IsEmpty());
    EXPECT_THAT(event(event::PauseChanged{false}).list, IsEmpty());
    event(event::SessionChanged{"stranger", true});
    EXPECT_EQ(engine.state(), before);
}

TEST_F(EngineAroundTest, AServiceThatStartsWithoutANetworkSendsNothing) {
    const Made made = run("u1", 1);
    Records records;
    records.groups.push_back({});
    GroupRecord& record = records.groups.back();
    record.number = made.number;
    record.id = {guid(1, 1)};
    record.owner = "u1";
    record.job_id = JobId{guid(2, 1)};
    record.state = DurableState::Queued;
    records.files.push_back({});
    records.files.back().group = made.number;
    records.files.back().info = {"http://host/a", "/d/a", 0};
    Engine again(kDocumentedRules, policy);
    EXPECT_THAT(all<action::CreatePart>(again.restore(records, now, {}, {{}, true, false})),
                IsEmpty());
    const Actions back = again.step(Event(event::NetworkChanged{false}), now);
    EXPECT_THAT(all<action::CreatePart>(back), SizeIs(1));
}

TEST_F(EngineAroundTest, OfTheIndexesNothingIsLeftWhenEverythingIsCancelled) {
    for (const Made& made : {run("u1", 1), fail("u1", 2), make("u2", 3)}) {
        call(call::GetGroup{{guid(1, 1)}}, "admin", true);
        call(call::CancelGroup{made.group});
        event(event::PartDiscarded{{made.number, 0}, HResult::Ok});
    }
    for (const action::Notify& told : all<action::Notify>(last))
        event(event::NotificationAnswered{told.notification.number, HResult::Ok});
    const QueueState& state = engine.state();
    EXPECT_THAT(state.owners, IsEmpty());
    EXPECT_THAT(state.going, IsEmpty());
    EXPECT_THAT(state.callbacks, IsEmpty());
    EXPECT_THAT(state.untold, IsEmpty());
    EXPECT_THAT(state.flights, IsEmpty());
    EXPECT_THAT(state.timers, IsEmpty());
    EXPECT_THAT(state.group_ids, IsEmpty());
    EXPECT_THAT(state.job_ids, IsEmpty());
}

TEST_F(EngineAroundTest, WithANewOwnerTheLimitsCountForThatOne) {
    policy.jobs_per_user = 1;
    make("u1", 1);
    call(call::GetGroup{{guid(1, 1)}}, "u2", true);
    const auto group =
        std::get<GroupHandle>(reply(call(call::CreateGroup{{guid(1, 2)}}, "u2")).value);
    EXPECT_EQ(reply(call(call::CreateJob{group, {guid(2, 2)}}, "u2")).hresult,
              HResult::BgTooManyJobsPerUser);
    make("u1", 3);
    EXPECT_EQ(engine.state().owners.at("u1").jobs, 1U);
}

TEST_F(EngineAroundTest, ATimerOfAGroupThatHasChangedMeanwhileDoesNothing) {
    policy.inactivity_timeout = Duration(500);
    const Made made = run("u1", 1);
    event(event::ResponseStarted{{1}, 503, {}});
    ASSERT_EQ(state_of(made), JobState::TransientError);
    now += Duration(400);
    call(call::SwitchGroupToForeground{made.group});
    set_class(made, "u1");
    now += Duration(200);  // 600 after the start, 200 after the change
    event(event::TimeReached{});
    EXPECT_EQ(state_of(made), JobState::TransientError);
    now += Duration(400);
    event(event::TimeReached{});
    EXPECT_EQ(state_of(made), JobState::Cancelled);
}

TEST_F(EngineAroundTest, AnEventIsDurableBeforeItIsTold) {
    fail("u1", 1);
    ASSERT_FALSE(last.list.empty());
    EXPECT_TRUE(std::holds_alternative<action::Persist>(last.list.front()));
    EXPECT_TRUE(std::holds_alternative<action::Notify>(last.list.back()));
    const auto& changes = std::get<action::Persist>(last.list.front()).changes;
    bool recorded = false;
    for (const Change& change : changes)
        if (const auto* group = std::get_if<GroupRecord>(&change))
            recorded = group->undelivered == NotificationNumber{1};
    EXPECT_TRUE(recorded);
}

TEST_F(EngineAroundTest, TheHandlesLentWithADeliveryAreGivenUpWithItsAnswer) {
    const Made made = fail("u1", 1);
    const Notification told = all<action::Notify>(last).front().notification;
    EXPECT_EQ(reply(call(call::GetGroupStatus{told.group})).hresult, HResult::Ok);
    EXPECT_EQ(reply(call(call::GetJobStatus{*told.job})).hresult, HResult::Ok);
    event(event::NotificationAnswered{told.number, HResult::Ok});
    EXPECT_EQ(reply(call(call::GetGroupStatus{told.group})).hresult, HResult::RpcDisconnected);
    EXPECT_EQ(reply(call(call::GetJobStatus{*told.job})).hresult, HResult::RpcDisconnected);
    EXPECT_EQ(reply(call(call::GetGroupStatus{made.group})).hresult, HResult::Ok);
}

TEST_F(EngineAroundTest, AnAnswerAfterTheGroupIsForgottenEndsTheDelivery) {
    const Made made = fail("u1", 1);
    const Notification told = all<action::Notify>(last).front().notification;
    forget(made, told);
    EXPECT_THAT(event(event::NotificationAnswered{told.number, HResult::Failed}).list, IsEmpty());
    EXPECT_THAT(engine.state().flights, IsEmpty());
    EXPECT_THAT(engine.state().callbacks, IsEmpty());
}

TEST_F(EngineAroundTest, ANewObjectIsNotToldOfAGroupThatIsForgotten) {
    const Made made = fail("u1", 1);
    forget(made, all<action::Notify>(last).front().notification);
    EXPECT_THAT(event(event::CallbackRegistered{kClass}).list, IsEmpty());
    EXPECT_THAT(engine.state().flights, IsEmpty());
    EXPECT_THAT(engine.state().callbacks, IsEmpty());
}

TEST_F(EngineAroundTest, ProgressCostsNoRecordAChunkWhateverTheInactivityTimeIs) {
    std::uint8_t number = 0;
    for (const int timeout_ms : {0, 100, 999, 60'000}) {
        policy.inactivity_timeout = Duration(timeout_ms);
        run("u1", ++number);
        const FetchId head{engine.numbers().fetch - 1};
        event(event::ResponseStarted{head, 200, {{"Content-Length", "1000"}}});
        const FetchId get{engine.numbers().fetch - 1};
        event(event::ResponseStarted{get, 200, {{"Content-Length", "1000"}}});
        std::size_t records = 0;
        for (int chunk = 0; chunk < 8; ++chunk) {
            now += Duration(1);
            records += all<action::Persist>(event(event::BytesStored{get, 10})).size();
        }
        EXPECT_EQ(records, 0U) << timeout_ms;
    }
}

TEST_F(EngineAroundTest, ProgressKeepsAGroupAliveHoweverShortTheInactivityTimeIs) {
    policy.inactivity_timeout = Duration(100);
    const Made made = run("u1", 1);
    event(event::ResponseStarted{{1}, 200, {{"Content-Length", "1000"}}});
    event(event::ResponseStarted{{2}, 200, {{"Content-Length", "1000"}}});
    for (int chunk = 0; chunk < 50; ++chunk) {
        now += Duration(10);
        event(event::TimeReached{});
        ASSERT_EQ(state_of(made), JobState::Transferring) << chunk;
        event(event::BytesStored{{2}, 10});
    }
}

TEST_F(EngineAroundTest, AFullHouseOfOneUserDoesNotKeepAnotherOneWaiting) {
    policy.callbacks_at_once = 1;
    fail("u1", 1);
    EXPECT_THAT(all<action::Notify>(last), SizeIs(1));
    fail("u1", 2);
    EXPECT_THAT(all<action::Notify>(last), IsEmpty());
    fail("u2", 3);
    EXPECT_THAT(all<action::Notify>(last), SizeIs(1));
}

TEST_F(EngineAroundTest, ADeliveryThatWasRefusedIsMadeAgainAfterTheRetryDelay) {
    policy.inactivity_timeout = Duration(0);
    fail("u1", 1);
    const NotificationNumber number = all<action::Notify>(last).front().notification.number;
    EXPECT_EQ(engine.next_wakeup(), std::nullopt);
    event(event::NotificationAnswered{number, HResult::Failed});
    ASSERT_EQ(engine.next_wakeup(), now + policy.retry_delay);
    now += policy.retry_delay;
    const Actions again = event(event::TimeReached{});
    ASSERT_THAT(all<action::Notify>(again), SizeIs(1));
    EXPECT_EQ(all<action::Notify>(again).front().notification.number, number);
}

TEST_F(EngineAroundTest, WhatANewObjectIsGivenTheOldOneCanNoLongerHoldUp) {
    fail("u1", 1);
    const NotificationNumber number = all<action::Notify>(last).front().notification.number;
    const Actions again = event(event::CallbackRegistered{kClass});
    ASSERT_THAT(all<action::Notify>(again), SizeIs(1));
    EXPECT_EQ(all<action::Notify>(again).front().notification.number, number);
    EXPECT_EQ(engine.state().callbacks.at("u1").in_flight, 1U);
}

TEST_F(EngineAroundTest, AnotherClassIsToldAtOnceWhatTheFirstOneHasNotAnswered) {
    const Made made = fail("u1", 1);
    const NotificationNumber number = all<action::Notify>(last).front().notification.number;
    const ClassId other{guid(3, 1)};
    const Actions set =
        call(call::SetProp{made.group,
                           GroupProperty::NotifyClsid,
                           {VariantType::Bstr, 0, "{" + to_text(other.guid) + "}"}});
    ASSERT_THAT(all<action::Notify>(set), SizeIs(1));
    EXPECT_EQ(all<action::Notify>(set).front().notification.class_id, other);
    EXPECT_EQ(all<action::Notify>(set).front().notification.number, number);
}

TEST_F(EngineAroundTest, TheBackgroundRateIsKeptFromPieceToPiece) {
    policy.background_rate = 1'000;
    policy.inactivity_timeout = Duration(0);
    policy.time_slice = Duration(0);
    const Made made = make("u1", 1);
    call(call::ResumeGroup{made.group});
    event(event::PartCreated{{made.number, 0}, HResult::Ok, 0});
    const Actions first = event(event::ResponseStarted{
        {1},
        200,
        {{"Content-Length", "2500"}, {"Last-Modified", "Wed, 04 Sep 2024 02:15:41 GMT"}}});
    EXPECT_THAT(all<action::StartFetch>(first).front().headers,
                testing::Contains(HeaderField{"Range", "bytes=0-999"}));
    event(event::ResponseStarted{
        {2}, 206, {{"Content-Length", "1000"}, {"Content-Range", "bytes 0-999/2500"}}});
    event(event::BytesStored{{2}, 1'000});
    EXPECT_THAT(all<action::StartFetch>(event(event::FetchEnded{{2}, std::nullopt})), IsEmpty());
    ASSERT_EQ(engine.next_wakeup(), now + Duration(1'000));
    Engine foreground = engine;
    const Actions switched = foreground.step(
        CallInput{{++calls}, {"u1", false}, call::SwitchGroupToForeground{made.group}, {}}, now);
    EXPECT_THAT(all<action::StartFetch>(switched), SizeIs(1));
    now += Duration(1'000);
    const Actions second = event(event::TimeReached{});
    EXPECT_THAT(all<action::StartFetch>(second).front().headers,
                testing::Contains(HeaderField{"Range", "bytes=1000-1999"}));
}

}  // namespace
}  // namespace qmgr
