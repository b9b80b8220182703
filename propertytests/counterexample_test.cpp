// What is kept of a failing plan: that it replays on what failed, and nowhere else.
#include "propertytests/counterexample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "propertytests/shrunk_mutants.hpp"
#include "propertytests/swarm.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::propertytests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Tells every client who asks for the count of a list E_FAIL.
class Refusing final : public SystemUnderTest {
  public:
    explicit Refusing(SystemUnderTest& inner) : inner_(inner) {}
    Description describe() override { return inner_.describe(); }
    Reply call(const Caller& caller, const Call& call) override {
        Reply reply = inner_.call(caller, call);
        if (std::holds_alternative<call::GetCount>(call)) return {HResult::Failed, {}};
        return reply;
    }
    std::optional<std::string> surroundings(const Surroundings& what) override {
        return inner_.surroundings(what);
    }
    void register_callback(ClassId class_id) override { inner_.register_callback(class_id); }
    std::vector<Notification> take_notifications() override { return inner_.take_notifications(); }
    void answer(NotificationNumber number, HResult hresult) override {
        inner_.answer(number, hresult);
    }
    void restart() override { inner_.restart(); }

  private:
    SystemUnderTest& inner_;
};

mutants::Mutant refusing() {
    return {"refusing",
            "",
            "",
            "GetCount answers E_FAIL",
            [] {
                world::Variation variation;
                variation.system = [](SystemUnderTest& system) {
                    return std::make_unique<Refusing>(system);
                };
                return variation;
            },
            ""};
}

// Everything a plan has: calls, time, power failures, another server, deliveries.
Plan of_everything() {
    Plan plan = plan_of(1, 0, 0);
    const auto add = [&](Kind kind, std::uint32_t value = 0) {
        plan.commands.push_back({kind, 0, 0, 0, value});
    };
    for (const Kind kind : {Kind::RegisterCallback, Kind::CreateGroup, Kind::CreateJob,
                            Kind::AddFiles, Kind::OtherBytes, Kind::ResumeGroup, Kind::NextEvent,
                            Kind::NextEvent, Kind::Crash, Kind::LogOff, Kind::LogOn, Kind::Restart})
        add(kind, kind == Kind::OtherBytes ? 1 : 0);
    add(Kind::LetTimePass, 40);
    add(Kind::AnswerDeliveries);
    return plan;
}

TEST(Counterexample, APlanInWhichNothingIsWrongIsRecordedAndReplays) {
    const Recording recording = record(of_everything(), {}, "everything");
    EXPECT_THAT(recording.outcome.violations, IsEmpty());
    EXPECT_EQ(recording.trace.header.title, "everything");
    const auto trace = traces::trace_from_text(traces::to_text(recording.trace), "t.jsonl");
    EXPECT_EQ(trace, recording.trace);
    const Replayed replayed = replay(trace);
    EXPECT_EQ(replayed.difference, std::nullopt) << traces::to_text(*replayed.difference);
    EXPECT_THAT(replayed.violations, IsEmpty());
}

TEST(Counterexample, RandomPlansReplayToTheLastAnswer) {
    for (std::uint64_t run = 0; run < 20; ++run) {
        const Recording recording = record(plan_of(3, run, 100));
        const Replayed replayed = replay(recording.trace);
        EXPECT_EQ(replayed.difference, std::nullopt) << "run " << run << "\n"
                                                     << traces::to_text(*replayed.difference);
    }
}

TEST(Counterexample, RecordsWhatPlayFinds) {
    const Plan plan = plan_of(1, 0, 200);
    const Outcome outcome = play(plan, refusing().make());
    ASSERT_THAT(outcome.violations, Not(IsEmpty()));
    const Recording recording = record(plan, refusing().make());
    EXPECT_EQ(recording.outcome.violations, outcome.violations);
    EXPECT_EQ(recording.outcome.step, outcome.step);
}

Recording shrunk_recording() {
    const Plan plan = plan_of(1, 0, 200);
    const std::string invariant = play(plan, refusing().make()).violations.front().invariant;
    const Fails fails = breaks(refusing(), invariant);
    return record(shrink(plan, fails, {2'000, Budget::forever()}).plan, refusing().make());
}

TEST(Counterexample, ReplaysOnTheWrongMachineAndDiffersOnTheMendedOne) {
    const Recording recording = shrunk_recording();
    EXPECT_LE(recording.outcome.step, 3U);
    const Replayed wrong = replay(recording.trace, refusing().make());
    EXPECT_EQ(wrong.difference, std::nullopt);
    EXPECT_EQ(wrong.violations, recording.outcome.violations);
    const Replayed mended = replay(recording.trace);
    EXPECT_TRUE(mended.difference);
    EXPECT_THAT(mended.violations, IsEmpty());
}

TEST(Counterexample, ItsStoryHasTheClauseALineForEachCommandAndTheWayToRepeatIt) {
    const auto catalogue = conformance::Catalogue::from_file("conformance/requirements.json");
    const Recording recording = shrunk_recording();
    const Violation& first = recording.outcome.violations.front();
    const std::string story = story_of(recording, catalogue, "qmgr-properties replay FILE");
    EXPECT_THAT(story, HasSubstr(first.invariant + ": " + first.what));
    ASSERT_THAT(catalogue.find(first.clause), Not(IsEmpty()));
    EXPECT_THAT(story, HasSubstr(catalogue.find(first.clause).front()->text));
    EXPECT_THAT(story, HasSubstr("get_count of "));
    EXPECT_THAT(story, HasSubstr("→ E_FAIL"));
    EXPECT_THAT(story, HasSubstr("to repeat it: qmgr-properties replay FILE\n"));
}

TEST(Counterexample, IsWrittenAsATraceAndAStoryUnderANameOfItsOwn) {
    const auto catalogue = conformance::Catalogue::from_file("conformance/requirements.json");
    const std::string folder = testing::TempDir() + "counterexamples";
    const Recording recording = shrunk_recording();
    const std::string path = write_counterexample(recording, catalogue, folder, " --mutant x");
    EXPECT_THAT(path, HasSubstr(folder + "/" + recording.outcome.violations.front().invariant));
    EXPECT_EQ(traces::trace_from_file(path), recording.trace);
    std::ifstream file(path.substr(0, path.size() - 6) + ".txt");
    std::stringstream story;
    story << file.rdbuf();
    EXPECT_THAT(story.str(), HasSubstr("replay " + path + " --mutant x\n"));
    EXPECT_EQ(write_counterexample(recording, catalogue, folder), path);
    EXPECT_THROW(write_counterexample(recording, catalogue, "/proc/no"), InputError);
    std::filesystem::remove_all(folder);
}

TEST(Counterexample, AllRegressionsAreCleanUnderEverythingThatJudges) {
    std::size_t traces = 0;
    for (const auto& entry : std::filesystem::directory_iterator("traces/regressions")) {
        if (entry.path().extension() != ".jsonl") continue;
        const Replayed replayed = replay(traces::trace_from_file(entry.path().string()));
        EXPECT_EQ(replayed.difference, std::nullopt) << entry.path();
        EXPECT_THAT(replayed.violations, IsEmpty()) << entry.path();
        ++traces;
    }
    EXPECT_GT(traces, 0U);
}

}  // namespace
}  // namespace qmgr::propertytests
