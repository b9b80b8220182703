#include "conformance/world/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace qmgr::world {
namespace {

using testing::ElementsAre;

const Caller kUser{.user = "u1"};
const GroupId kGroup{*guid_from_text("00000000-0000-0000-0000-000000000001")};
const JobId kJob{*guid_from_text("00000000-0000-0000-0000-000000000002")};
constexpr std::uint64_t kSize = 5 * 1024 * 1024 + 17;

Options one_file() {
    Options options;
    options.script.resources = {{"/a", kSize, 7, "Wed, 04 Sep 2024 02:15:41 GMT", {}}};
    return options;
}

template <class T>
T value_of(const Reply& reply) {
    EXPECT_EQ(reply.hresult, HResult::Ok) << name(reply.hresult);
    const T* found = std::get_if<T>(&reply.value);
    return found ? *found : T{};
}

class WorldTest : public testing::Test {
  protected:
    explicit WorldTest(Options options = one_file()) : world(std::move(options)) {}

    HResult call(const Call& call) { return world.call(kUser, call).hresult; }
    GroupHandle start(const std::string& local = "/a") {
        const auto group = value_of<GroupHandle>(world.call(kUser, call::CreateGroup{kGroup}));
        const auto job = value_of<JobHandle>(world.call(kUser, call::CreateJob{group, kJob}));
        EXPECT_EQ(call(call::AddFiles{job, {{world.url("/a"), local, 0}}}), HResult::Ok);
        EXPECT_EQ(call(call::ResumeGroup{group}), HResult::Ok);
        return group;
    }
    GroupStatus status(GroupHandle group) {
        return value_of<value::GroupState>(world.call(kUser, call::GetGroupStatus{group})).status;
    }
    bool ends(GroupHandle group, Duration limit = std::chrono::minutes(1)) {
        return world.run_until([&] { return status(group).has(GroupFlag::Suspended); }, limit);
    }

    World world;
};

TEST_F(WorldTest, DownloadsAFileAndPublishesIt) {
    const GroupHandle group = start();
    ASSERT_TRUE(ends(group));
    EXPECT_EQ(status(group).bits, 0x140U);
    const DiskFile* file = world.disk().find("/a");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->contents.size(), kSize);
    EXPECT_TRUE(file->contents.is_content(7));
    EXPECT_EQ(file->last_modified, "Wed, 04 Sep 2024 02:15:41 GMT");
    EXPECT_THAT(world.disk().paths(), ElementsAre("/a"));
}

TEST_F(WorldTest, ACrashKeepsWhatWasSyncedAndTheRestIsFetchedAgain) {
    start();
    ASSERT_TRUE(world.run_until(
        [&] {
            return world.disk().find("/BIT0.tmp") != nullptr &&
                   world.disk().find("/BIT0.tmp")->contents.size() > 1024;
        },
        std::chrono::minutes(1)));
    world.crash();
    const auto group = value_of<GroupHandle>(world.call(kUser, call::GetGroup{kGroup}));
    ASSERT_TRUE(ends(group));
    EXPECT_TRUE(world.disk().find("/a")->contents.is_content(7));
    EXPECT_THAT(world.disk().paths(), ElementsAre("/a"));
}

TEST_F(WorldTest, CancelLeavesNothingBehind) {
    const GroupHandle group = start();
    ASSERT_TRUE(world.run_until([&] { return world.disk().find("/BIT0.tmp") != nullptr; },
                                std::chrono::minutes(1)));
    EXPECT_EQ(call(call::CancelGroup{group}), HResult::Ok);
    EXPECT_THAT(world.disk().paths(), ElementsAre());
    EXPECT_EQ(call(call::CancelGroup{group}), HResult::QmInvalidState);
    EXPECT_EQ(call(call::GetGroup{kGroup}), HResult::QmItemNotFound);
}

TEST_F(WorldTest, MakesDurableWhatASuspendedTransferHasStored) {
    const GroupHandle group = start();
    const auto stored = [&] {
        const DiskFile* part = world.disk().find("/BIT0.tmp");
        return part == nullptr ? 0 : part->contents.size();
    };
    ASSERT_TRUE(world.run_until([&] { return stored() >= 1 << 20; }, std::chrono::minutes(1)));
    const std::uint64_t before = stored();
    EXPECT_EQ(call(call::SuspendGroup{group}), HResult::Ok);
    world.run_for(Policy{}.sync_interval);
    world.crash();
    EXPECT_EQ(stored(), before);
}

TEST_F(WorldTest, IsSeenRunningWhileTheRenamesTakeTheirTime) {
    const GroupHandle group = start();
    const auto publishing = [&] {
        for (const LoggedStep& logged : world.steps())
            if (logged.step.to == "Publishing") return true;
        return false;
    };
    ASSERT_TRUE(world.run_until(publishing, std::chrono::minutes(1)));
    EXPECT_EQ(status(group).bits, 0x80U);
    EXPECT_EQ(world.disk().find("/a"), nullptr);
    EXPECT_TRUE(ends(group));
}

TEST_F(WorldTest, PutsNoFileWhereADirectoryStands) {
    const GroupHandle group = start();
    world.disk().make_directory("/a");
    ASSERT_TRUE(ends(group));
    EXPECT_TRUE(status(group).has(GroupFlag::Error));
    EXPECT_THAT(world.disk().paths(), ElementsAre("/BIT0.tmp"));
}

TEST(WorldHealTest, EndsEveryFault) {
    Options options = one_file();
    fakeserver::FaultRule busy;
    busy.name = "busy";
    busy.faults = {{.effect = fakeserver::Effect::RespondStatus, .status = 503}};
    options.script.rules = {busy};
    World world(options);
    namespace s = surroundings;
    for (const Surroundings& what :
         {Surroundings(s::LogOff{"u1"}), Surroundings(s::NetworkLost{}),
          Surroundings(s::Paused{"battery"}), Surroundings(s::DiskFull{true}),
          Surroundings(s::JournalFails{true})})
        world.surroundings(what);
    world.heal();
    EXPECT_EQ(world.circumstances(), Circumstances{});
    EXPECT_EQ(world.call(kUser, call::CreateGroup{kGroup}).hresult, HResult::Ok);
    EXPECT_TRUE(world.network().responder().script().rules.empty());
    EXPECT_EQ(world.network().responder().script().resources, options.script.resources);
    EXPECT_EQ(world.stray_answers(), 0U);
}

TEST(SimulatedDiskTest, RemovesADirectoryWithTheFilesInIt) {
    Agenda agenda;
    VirtualClock clock(instant_from_ms(0));
    Inbox inbox;
    const Policy policy;
    SimulatedDisk disk(agenda, clock, inbox, policy);
    disk.make_directory("/d");
    disk.put("/d/a", {});
    disk.put("/dd", {});
    disk.remove_directory("/d");
    EXPECT_THAT(disk.paths(), ElementsAre("/dd"));
    EXPECT_EQ(disk.examine(Caller{.user = "u1"}, "/d/a"), HResult::PathNotFound);
}

TEST(SimulatedDiskTest, RemovesAnEmptyFileUnderANewNameOnlyIfItHasMadeIt) {
    Agenda agenda;
    VirtualClock clock(instant_from_ms(0));
    Inbox inbox;
    const Policy policy;
    SimulatedDisk disk(agenda, clock, inbox, policy);
    disk.put("/BIT0.tmp", {});
    constexpr FileRef file{{7}, 2};
    disk.create_part({file, "/BIT1.tmp", PartClaim::New});
    disk.create_part({file, "/BIT0.tmp", PartClaim::New});
    disk.discard_part({file, "/BIT0.tmp", PartClaim::New});
    EXPECT_THAT(disk.paths(), ElementsAre("/BIT0.tmp", "/BIT1.tmp"));
    disk.create_part({file, "/BIT2.tmp", PartClaim::New});
    disk.discard_part({file, "/BIT2.tmp", PartClaim::New});
    EXPECT_THAT(disk.paths(), ElementsAre("/BIT0.tmp", "/BIT1.tmp"));
}

TEST(SimulatedDiskTest, NeitherSyncsNorRenamesMoreBytesThanWereWritten) {
    Agenda agenda;
    VirtualClock clock(instant_from_ms(0));
    Inbox inbox;
    const Policy policy;
    SimulatedDisk disk(agenda, clock, inbox, policy);
    disk.put("/BIT0.tmp", {});
    constexpr FileRef file{{7}, 2};
    disk.sync_part({file, {1}, "/BIT0.tmp", 5});
    disk.commit_file({file, "/BIT0.tmp", "/a", 5, {}, false});
    agenda.take()();
    const auto items = inbox.take();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(std::get<event::PartSynced>(std::get<Event>(items[0])).result, HResult::IoDevice);
    EXPECT_EQ(std::get<event::FileCommitted>(std::get<Event>(items[1])).result, HResult::IoDevice);
    EXPECT_THAT(disk.paths(), ElementsAre("/BIT0.tmp"));
}

// ---- deeds --------------------------------------------------------------------------------------

/// Ends the machine at one deed, once.
Options ending_at(Deed at, Fate fate, bool power_fails) {
    Options options = one_file();
    options.power_fails = power_fails;
    options.fate = [at, fate, done = std::make_shared<bool>(false)](Deed deed) {
        if (*done || deed != at) return Fate::Done;
        *done = true;
        return fate;
    };
    return options;
}

std::string state_after(Deed at, Fate fate, bool power_fails) {
    World world(ending_at(at, fate, power_fails));
    const Reply reply = world.call(kUser, call::CreateGroup{kGroup});
    EXPECT_EQ(world.ends(), 1U);
    const bool found = world.call(kUser, call::GetGroup{kGroup}).hresult == HResult::Ok;
    return name(reply.hresult) + (found ? ", there" : ", not there");
}

TEST(DeedsTest, AnEndBeforeACommitLosesItAndOneAfterItLosesOnlyTheAnswer) {
    for (const bool power_fails : {false, true}) {
        EXPECT_EQ(state_after(Deed::CommitJournal, Fate::EndsBefore, power_fails),
                  "RPC_E_DISCONNECTED, not there");
        EXPECT_EQ(state_after(Deed::CommitJournal, Fate::EndsAfter, power_fails),
                  "RPC_E_DISCONNECTED, there");
        EXPECT_EQ(state_after(Deed::Answer, Fate::EndsAfter, power_fails), "S_OK, there");
    }
}

TEST(DeedsTest, ACommitThatIsOnlyClaimedIsLostWithTheProcess) {
    World world(ending_at(Deed::CommitJournal, Fate::OnlyClaimed, false));
    EXPECT_EQ(world.call(kUser, call::CreateGroup{kGroup}).hresult, HResult::Ok);
    world.restart();
    EXPECT_EQ(world.call(kUser, call::GetGroup{kGroup}).hresult, HResult::QmItemNotFound);
}

TEST(DeedsTest, AnEndWithinAWriteKeepsHalfOfItUnlessPowerFails) {
    for (const bool power_fails : {false, true}) {
        World world(ending_at(Deed::Write, Fate::EndsWithin, power_fails));
        const auto group = value_of<GroupHandle>(world.call(kUser, call::CreateGroup{kGroup}));
        const auto job = value_of<JobHandle>(world.call(kUser, call::CreateJob{group, kJob}));
        world.call(kUser, call::AddFiles{job, {{world.url("/a"), "/a", 0}}});
        world.call(kUser, call::ResumeGroup{group});
        ASSERT_TRUE(world.run_until([&] { return world.ends() == 1; }, std::chrono::minutes(1)));
        const DiskFile* part = world.disk().find("/BIT0.tmp");
        // A crash takes the name of a part that was never synced; the next start makes it again.
        ASSERT_NE(part, nullptr);
        EXPECT_EQ(part->contents.size(), power_fails ? 0U : std::size_t{1} << 19U);
    }
}

TEST(DeedsTest, EachHasANameOfItsOwn) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < kDeeds; ++i) names.insert(name(static_cast<Deed>(i)));
    EXPECT_EQ(names.size(), kDeeds);
}

TEST_F(WorldTest, AFailingJournalClosesTheServiceAndOpeningItAgainRecovers) {
    const GroupHandle group = start();
    world.surroundings(surroundings::JournalFails{true});
    EXPECT_EQ(call(call::SuspendGroup{group}), HResult::QmServiceUnavailable);
    EXPECT_EQ(call(call::GetGroupStatus{group}), HResult::QmServiceUnavailable);
    world.surroundings(surroundings::JournalFails{false});
    world.run_for(std::chrono::seconds(601));
    EXPECT_EQ(call(call::GetGroupStatus{group}), HResult::RpcDisconnected);
    const auto again = value_of<GroupHandle>(world.call(kUser, call::GetGroup{kGroup}));
    ASSERT_TRUE(ends(again));
    EXPECT_TRUE(world.disk().find("/a")->contents.is_content(7));
}

}  // namespace
}  // namespace qmgr::world
