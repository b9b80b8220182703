#include "reference/app/verbs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reference/app/still_queue.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Somebody who asks the program to end after so many waits.
class ImpatientConsole final : public Console {
  public:
    explicit ImpatientConsole(int patience) : patience_(patience) {}
    void show(const Progress& progress, const std::vector<FileProgress>& files) override {
        shown_.push_back(progress);
        files_ = files;
    }
    void say(const std::string& line, const Json& event) override {
        if (!line.empty()) said_.push_back(line);
        events_.push_back(to_line(event));
    }
    void remark(const std::string& line, const Json& event) override { say(line, event); }
    void complain(const std::string& line, const Json& event) override {
        complaints_.push_back(line);
        events_.push_back(to_line(event));
    }
    bool wait(Duration time) override {
        EXPECT_EQ(time, Duration(100));
        return --patience_ == 0;
    }

    const std::vector<Progress>& shown() const { return shown_; }
    const std::vector<std::string>& said() const { return said_; }
    const std::vector<std::string>& complaints() const { return complaints_; }
    const std::vector<std::string>& events() const { return events_; }
    /// Those that were shown last.
    const std::vector<FileProgress>& files() const { return files_; }

  private:
    int patience_;
    std::vector<Progress> shown_;
    std::vector<std::string> said_;
    std::vector<std::string> complaints_;
    std::vector<std::string> events_;
    std::vector<FileProgress> files_;
};

const GroupId kGroup{Guid{{1}}};
const JobId kJob{Guid{{2}}};
const FileSetInfo kFile{"http://server.test/file", "/folder/file"};
const GetRequest kRequest{{kFile}, false, kGroup, kJob};

class VerbsTest : public testing::Test {
  protected:
    VerbPlace place(Caller caller = {"u1", false}) {
        return {queue_.service(), clock_, console_, watch_, std::move(caller), "/queue"};
    }

    Reply ask(const Call& call) { return queue_.service().call({"u1", false}, call); }
    GroupHandle group_named(const Call& call) { return std::get<GroupHandle>(ask(call).value); }
    GroupStatus status(GroupHandle group) {
        return std::get<value::GroupState>(ask(call::GetGroupStatus{group}).value).status;
    }
    void add_group_with_file() {
        const GroupHandle group = group_named(call::CreateGroup{kGroup});
        const auto job = std::get<JobHandle>(ask(call::CreateJob{group, kJob}).value);
        ask(call::AddFiles{job, {kFile}});
    }

    StillJournal journal_;
    StillQueue queue_{journal_};
    StillClock clock_;
    QueueWatch watch_{true};
    ImpatientConsole console_{3};
};

TEST_F(VerbsTest, GetSuspendsTheGroupWhenItIsInterruptedAndSaysHowToGoOn) {
    EXPECT_EQ(get(place(), kRequest), 130);
    const Progress nothing{clock_.now()};
    EXPECT_THAT(console_.shown(), ElementsAre(nothing, nothing, nothing));
    EXPECT_THAT(console_.said(), IsEmpty());
    EXPECT_THAT(console_.complaints(),
                ElementsAre("suspended; go on with: qmgr resume --queue /queue"));
    const GroupHandle group = group_named(call::GetGroup{kGroup});
    EXPECT_TRUE(status(group).has(GroupFlag::Suspended));
    EXPECT_EQ(ask(call::GetJob{group, kJob}).hresult, HResult::Ok);
}

TEST_F(VerbsTest, GetTakesAFileThatIsRefusedForWrongUseAndLeavesNothingBehind) {
    for (const FileSetInfo& file :
         {FileSetInfo{"ftp://server.test/file", "/folder/file"}, FileSetInfo{"", "/folder/file"},
          FileSetInfo{"http://server.test/*", "/folder/file"},
          FileSetInfo{"http://server.test/file", "/folder/f*"}}) {
        ImpatientConsole console{3};
        EXPECT_EQ(get({queue_.service(), clock_, console, watch_, {"u1", false}, "/queue"},
                      {{file}, false, kGroup, kJob}),
                  2);
        EXPECT_THAT(console.complaints(), ElementsAre("cannot fetch " + file.remote_name + " to " +
                                                      file.local_name + ": E_INVALIDARG"));
        EXPECT_EQ(ask(call::GetGroup{kGroup}).hresult, HResult::QmItemNotFound);
    }
}

TEST_F(VerbsTest, GetSaysWhichFileTheQueueCannotUse) {
    journal_.set_failing(true);
    EXPECT_EQ(get(place(), kRequest), 1);
    EXPECT_THAT(console_.complaints(),
                ElementsAre("CreateGroup: QM_E_SERVICE_UNAVAILABLE; /queue/queue.db cannot be "
                            "used"));
}

TEST_F(VerbsTest, ResumeHasNothingToDoInAnEmptyQueue) {
    EXPECT_EQ(resume(place(), {}), 0);
    EXPECT_THAT(console_.complaints(), IsEmpty());
}

TEST_F(VerbsTest, ResumeStartsTheCallersGroupsAndSuspendsThemAgainWhenInterrupted) {
    add_group_with_file();
    EXPECT_EQ(resume(place(), {}), 130);
    EXPECT_THAT(console_.complaints(),
                ElementsAre("suspended; go on with: qmgr resume --queue /queue"));
    EXPECT_TRUE(status(group_named(call::GetGroup{kGroup})).has(GroupFlag::Suspended));
}

TEST_F(VerbsTest, ResumeLeavesTheGroupsOfOthersAloneEvenForAnAdministrator) {
    add_group_with_file();
    EXPECT_EQ(resume(place({"root", true}), {}), 0);
    EXPECT_EQ(ask(call::GetGroup{kGroup}).hresult, HResult::Ok);
}

TEST_F(VerbsTest, ResumeLeavesAGroupWithoutFilesAlone) {
    const GroupHandle group = group_named(call::CreateGroup{kGroup});
    EXPECT_EQ(resume(place(), {}), 0);
    ask(call::CreateJob{group, kJob});
    EXPECT_EQ(resume(place(), {}), 0);
    EXPECT_TRUE(status(group).has(GroupFlag::Suspended));
}

TEST_F(VerbsTest, GetShowsEachFileAsTheWatchKnowsIt) {
    GetRequest request = kRequest;
    request.files.push_back({"http://server.test/other", "/folder/other"});
    watch_.stored({kGroup, 0, 5, 10, false});
    EXPECT_EQ(get(place(), request), 130);
    ASSERT_EQ(console_.files().size(), 2U);
    EXPECT_EQ(console_.files()[0].stored_bytes, 5U);
    EXPECT_EQ(console_.files()[0].size_bytes, 10U);
    EXPECT_EQ(console_.files()[1].local_name, "/folder/other");
    EXPECT_EQ(console_.files()[1].size_bytes, std::nullopt);
}

TEST_F(VerbsTest, GetTellsTheStepsOfItsOwnGroup) {
    const Instant start = clock_.now();
    watch_.stepped(start + Duration(12), {kGroup, "J-14", "GROUP-RESUME-1", "Suspended", "Queued"});
    watch_.stepped(start, {GroupId{Guid{{9}}}, "J-14", "GROUP-RESUME-1", "Suspended", "Queued"});
    EXPECT_EQ(get(place(), kRequest), 130);
    EXPECT_THAT(console_.said(),
                ElementsAre("   0.012 s  Suspended -> Queued  J-14  GROUP-RESUME-1"));
}

TEST_F(VerbsTest, GetCanAskForTheForeground) {
    GetRequest request = kRequest;
    request.foreground = true;
    EXPECT_EQ(get(place(), request), 130);
    EXPECT_TRUE(status(group_named(call::GetGroup{kGroup})).has(GroupFlag::Foreground));
}

TEST_F(VerbsTest, ResumeOfAGroupThatIsNotThereResumesNothing) {
    add_group_with_file();
    const GroupId missing{Guid{{7}}};
    EXPECT_EQ(resume(place(), {kGroup, missing}), 1);
    EXPECT_THAT(console_.complaints(),
                ElementsAre(to_text(missing.guid) + ": QM_E_ITEM_NOT_FOUND"));
    EXPECT_TRUE(status(group_named(call::GetGroup{kGroup})).has(GroupFlag::Suspended));
}

TEST_F(VerbsTest, CancelWithoutNamesLeavesTheGroupsOfOthersAloneEvenForAnAdministrator) {
    add_group_with_file();
    EXPECT_EQ(cancel(place({"root", true}), {}), 0);
    EXPECT_EQ(ask(call::GetGroup{kGroup}).hresult, HResult::Ok);
    EXPECT_EQ(cancel(place(), {}), 0);
    EXPECT_THAT(console_.said(), ElementsAre(to_text(kGroup.guid) + ": cancelled"));
    EXPECT_EQ(ask(call::GetGroup{kGroup}).hresult, HResult::QmItemNotFound);
}

}  // namespace
}  // namespace qmgr
