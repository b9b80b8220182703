#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "traces/recorder.hpp"
#include "traces/replayer.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::traces {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const Guid kGuid = *guid_from_text("00000000-0000-0000-0000-000000000001");

// Gives out handles from `first` on; every group is suspended.
class StubSystem final : public SystemUnderTest {
  public:
    explicit StubSystem(std::uint64_t first) : next_(first) {}
    Description describe() override { return {"stub", "1", {}}; }
    Reply call(const Caller& caller, const Call& call) override {
        callers.push_back(caller);
        calls.push_back(call);
        if (std::holds_alternative<call::CreateGroup>(call))
            return {HResult::Ok, GroupHandle{next_++}};
        if (std::holds_alternative<call::GetFile>(call)) return {HResult::Ok, file};
        return {HResult::Ok, value::GroupState{GroupStatus{0x180}, 0}};
    }
    std::optional<std::string> surroundings(const Surroundings& what) override {
        around.push_back(what);
        return std::nullopt;
    }
    void register_callback(ClassId class_id) override { classes.push_back(class_id.guid); }
    std::vector<Notification> take_notifications() override { return std::exchange(waiting, {}); }
    void answer(NotificationNumber number, HResult hresult) override {
        answers.emplace_back(number.value, hresult);
    }
    void restart() override { ++restarts; }

    std::vector<Caller> callers;
    std::vector<Call> calls;
    std::vector<Surroundings> around;
    FileSetInfo file;
    std::vector<Notification> waiting;
    std::vector<Guid> classes;
    std::vector<std::pair<std::uint64_t, HResult>> answers;
    int restarts = 0;

  private:
    std::uint64_t next_;
};

class NoWait final : public Pace {
  public:
    void wait_until(Duration at) override { waits.push_back(at); }
    std::vector<Duration> waits;
};

Trace recorded() {
    StubSystem system(3);
    Duration now(0);
    Recorder recorder(system, [&] { return now; }, {"http://127.0.0.1:9", "/tmp/x"});
    const Caller caller{"u1", true};
    recorder.call(caller, call::CreateGroup{{kGuid}});
    now = Duration(40);
    recorder.call(caller, call::GetGroupStatus{{3}});
    system.file = {"http://127.0.0.1:9/a", "/tmp/x/a", 0};
    recorder.call(caller, call::GetFile{{9}, 0});
    recorder.surroundings(surroundings::LogOff{"u1"});
    recorder.restart();
    recorder.note("the end");
    return {{"a title", {"GROUP-NEW-1"}, "stub", {}, {}}, recorder.lines()};
}

TEST(Trace, ComesBackFromItsTextAsItWas) {
    const Trace trace = recorded();
    EXPECT_THAT(trace.lines, SizeIs(9));
    EXPECT_EQ(trace_from_text(to_text(trace), "t.jsonl"), trace);
}

TEST(Trace, IsWrittenWithNamesThatDoNotDependOnThePlace) {
    const std::string text = to_text(recorded());
    EXPECT_THAT(text, HasSubstr(R"("remote_name":"http://server.test/a")"));
    EXPECT_THAT(text, HasSubstr(R"("local_name":"/downloads/a")"));
    EXPECT_THAT(text, HasSubstr(R"({"at":40,"in":{"as":{"user":"u1","administrator":true},)"
                                R"("call":{"get_group_status":{"group":3}}}})"));
}

constexpr const char* kSecretUrl = "http://user:sec\"ret@127.0.0.1:9/a";

Trace recorded_with_password() {
    StubSystem system(3);
    Recorder recorder(system, [] { return Duration(0); }, {"http://127.0.0.1:9", "/tmp/x"});
    recorder.call({"u1"}, call::AddFiles{{3}, {{kSecretUrl, "/tmp/x/a", 0}}});
    system.file = {kSecretUrl, "/tmp/x/a", 0};
    EXPECT_EQ(std::get<FileSetInfo>(recorder.call({"u1"}, call::GetFile{{3}, 0}).value),
              system.file);
    recorder.seen(Duration(0), R"({"request":{"path":"http://user:secret@h/a"}})");
    recorder.note("it was http://user:secret@h/a");
    EXPECT_EQ(system.calls[0], Call(call::AddFiles{{3}, {system.file}}));
    return {{"a title", {}, "stub", {}, {}, is_masked(recorder.lines())}, recorder.lines()};
}

TEST(Trace, APasswordIsMaskedAndTheHeaderSaysSo) {
    const Trace trace = recorded_with_password();
    const std::string text = to_text(trace);
    EXPECT_THAT(text, HasSubstr(R"("masked":true)"));
    EXPECT_THAT(text, HasSubstr(R"("remote_name":"http://user:***@server.test/a")"));
    EXPECT_THAT(text, testing::Not(HasSubstr("ret@")));
    EXPECT_EQ(trace_from_text(text, "t.jsonl"), trace);
    EXPECT_THAT(to_text(recorded()), testing::Not(HasSubstr("masked")));
}

TEST(Recorder, WritesDeliveriesAlsoWhilePollingIsNotWritten) {
    StubSystem system(3);
    Recorder recorder(system, [] { return Duration(0); }, {});
    recorder.mute(true);
    recorder.call({"u1"}, call::GetGroupStatus{{3}});
    system.waiting.resize(1);
    EXPECT_THAT(recorder.take_notifications(), SizeIs(1));
    ASSERT_THAT(recorder.lines(), SizeIs(1));
    EXPECT_THAT(recorder.lines()[0].body, HasSubstr("\"notification\""));
}

TEST(Replay, PlaysTheMaskWhereAPasswordWas) {
    StubSystem other(3);
    other.file = {"http://user:***@127.0.0.1:77/a", "/elsewhere/a", 0};
    NoWait pace;
    EXPECT_EQ(replay(recorded_with_password(), other, pace, {"http://127.0.0.1:77", "/elsewhere"}),
              std::nullopt);
    EXPECT_EQ(other.calls[0], Call(call::AddFiles{{3}, {other.file}}));
}

TEST(Replay, ADifferenceIsPrintedWithoutAPassword) {
    Trace trace = recorded_with_password();
    trace.lines[2].body = R"({"as":{"user":"u1"},"call":{"get_file":{"job":3,"index":0}}})";
    StubSystem other(3);
    other.file = {"http://user:secret@h/a", "/elsewhere/a", 0};
    NoWait pace;
    const auto difference = replay(trace, other, pace, {});
    ASSERT_TRUE(difference);
    EXPECT_THAT(to_text(*difference), testing::Not(HasSubstr("secret")));
}

TEST(Trace, AMistakeIsNamedWithFileLineAndExpectation) {
    const auto message = [](const std::string& text) -> std::string {
        try {
            trace_from_text(text, "t.jsonl");
        } catch (const InputError& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(message(""), "t.jsonl: expected a header line");
    EXPECT_EQ(message("{\"trace\":2,\"title\":\"x\"}\n"), "t.jsonl:1/trace: expected 1");
    EXPECT_EQ(message("{\"trace\":1,\"title\":\"x\"}\n{\"at\":1}\n"),
              "t.jsonl:2: expected one of in, out, seen, why, note");
    EXPECT_EQ(message("{\"trace\":1,\"title\":\"x\"}\n{\"in\":{}}\n"),
              "t.jsonl:2: expected milliseconds since the start under \"at\"");
    // More than a Duration holds would be a time before the start.
    EXPECT_EQ(message("{\"trace\":1,\"title\":\"x\"}\n{\"at\":9223372036854775808,\"in\":{}}\n"),
              "t.jsonl:2/at: expected milliseconds since the start");
    EXPECT_THAT(message("{\"trace\":1,\"title\":\"x\"}\n{\n"), HasSubstr("t.jsonl:2: not JSON"));
}

TEST(Replay, AgreesWithASystemThatGivesOtherHandlesUnderOtherNames) {
    StubSystem other(50);
    other.file = {"http://127.0.0.1:77/a", "/elsewhere/a", 0};
    NoWait pace;
    EXPECT_EQ(replay(recorded(), other, pace, {"http://127.0.0.1:77", "/elsewhere"}), std::nullopt);
    EXPECT_EQ(other.calls[1], Call(call::GetGroupStatus{{50}}));
    EXPECT_EQ(other.callers[0], (Caller{"u1", true}));
    EXPECT_THAT(other.around, ElementsAre(Surroundings(surroundings::LogOff{"u1"})));
    EXPECT_EQ(other.restarts, 1);
    EXPECT_EQ(pace.waits[2], Duration(40));
}

TEST(Replay, TellsTheFirstLineThatDisagreesWithItsNeighbours) {
    Trace trace = recorded();
    trace.lines[3].body = R"({"reply":{"hresult":"S_OK","group_status":[],"job_index":0}})";
    StubSystem other(50);
    NoWait pace;
    const auto difference = replay(trace, other, pace, {});
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->line, 5U);
    EXPECT_THAT(difference->before, SizeIs(3));
    EXPECT_THAT(difference->after, SizeIs(3));
    EXPECT_THAT(to_text(*difference), HasSubstr("line 5 actual   {\"reply\":{\"hresult\":\"S_OK\","
                                                "\"group_status\":[\"GROUP_INCOMPLETE\""));
}

TEST(Replay, AStarMatchesAnything) {
    Trace trace = recorded();
    trace.lines[3].body = R"({"reply":{"hresult":"S_OK","group_status":"*","job_index":0}})";
    StubSystem other(50);
    other.file = {"http://server.test/a", "/downloads/a", 0};
    NoWait pace;
    EXPECT_EQ(replay(trace, other, pace, {}), std::nullopt);
}

Notification delivery(std::uint64_t number) {
    return {{number}, {kGuid}, {3}, {}, {}, GroupStatus{0x180}, 0, 0, 0};
}

// A callback is registered, nothing comes, then delivery 7, which is answered.
Trace recorded_with_delivery() {
    StubSystem system(3);
    Recorder recorder(system, [] { return Duration(0); }, {});
    recorder.register_callback({kGuid});
    recorder.take_notifications();
    system.waiting = {delivery(7)};
    recorder.take_notifications();
    recorder.answer({7}, HResult::Failed);
    return {{"a title", {}, "stub", {}, {}}, recorder.lines()};
}

// Delivers `first` at the first look and `then` at the second.
class LateSystem final : public SystemUnderTest {
  public:
    LateSystem(StubSystem& inner, std::vector<Notification> first, std::vector<Notification> then)
        : inner_(inner), takes_({std::move(first), std::move(then)}) {}
    Description describe() override { return inner_.describe(); }
    Reply call(const Caller& caller, const Call& call) override {
        return inner_.call(caller, call);
    }
    std::optional<std::string> surroundings(const Surroundings& what) override {
        return inner_.surroundings(what);
    }
    void register_callback(ClassId class_id) override { inner_.register_callback(class_id); }
    std::vector<Notification> take_notifications() override {
        return looks_ < takes_.size() ? takes_[looks_++] : std::vector<Notification>();
    }
    void answer(NotificationNumber number, HResult hresult) override {
        inner_.answer(number, hresult);
    }
    void restart() override { inner_.restart(); }

  private:
    StubSystem& inner_;
    std::vector<std::vector<Notification>> takes_;
    std::size_t looks_ = 0;
};

TEST(Replay, TakesAndAnswersDeliveriesWhateverTheirNumbers) {
    StubSystem other(3);
    LateSystem late(other, {}, {delivery(70)});
    NoWait pace;
    EXPECT_EQ(replay(recorded_with_delivery(), late, pace, {}), std::nullopt);
    EXPECT_THAT(other.classes, ElementsAre(kGuid));
    EXPECT_THAT(other.answers, ElementsAre(std::pair(std::uint64_t{70}, HResult::Failed)));
}

TEST(Replay, ADeliveryThatIsMissingOrTooMuchIsADifference) {
    const auto line_of = [](std::vector<Notification> first, std::vector<Notification> then) {
        StubSystem other(3);
        LateSystem late(other, std::move(first), std::move(then));
        NoWait pace;
        const auto difference = replay(recorded_with_delivery(), late, pace, {});
        return difference ? difference->line : 0;
    };
    EXPECT_EQ(line_of({}, {}), 4U);                          // it does not come
    EXPECT_EQ(line_of({delivery(7)}, {}), 3U);               // it comes too early
    EXPECT_EQ(line_of({}, {delivery(7), delivery(8)}), 6U);  // one more than the trace has
    Notification other_flags = delivery(7);
    other_flags.status = GroupStatus{0x80};
    EXPECT_EQ(line_of({}, {other_flags}), 4U);
}

TEST(Replay, PowerFailsWhereItCanAndElseTheServiceIsRestarted) {
    StubSystem system(3);
    Recorder recorder(system, [] { return Duration(0); }, {});
    recorder.power_failure();
    EXPECT_EQ(system.restarts, 0);
    const Trace trace{{"a title", {}, "stub", {}, {}}, recorder.lines()};
    NoWait pace;
    int failures = 0;
    EXPECT_EQ(replay(trace, system, pace, {}, {[&] { ++failures; }, {}}), std::nullopt);
    EXPECT_EQ(std::pair(failures, system.restarts), std::pair(1, 0));
    EXPECT_EQ(replay(trace, system, pace, {}), std::nullopt);
    EXPECT_EQ(system.restarts, 1);
}

TEST(Replay, ServesAnotherScriptWhereTheTraceDoes) {
    StubSystem system(3);
    Recorder recorder(system, [] { return Duration(0); }, {});
    const fakeserver::Script script{.title = "other", .why = "a test", .resources = {{"/a", 1}}};
    recorder.serve(script, true);
    const Trace trace{{"a title", {}, "stub", {}, {}}, recorder.lines()};
    NoWait pace;
    std::vector<fakeserver::Script> served;
    EXPECT_EQ(replay(trace_from_text(to_text(trace), "t.jsonl"), system, pace, {},
                     {{},
                      [&](const auto& one, bool in_place) {
                          EXPECT_TRUE(in_place);
                          served.push_back(one);
                      }}),
              std::nullopt);
    EXPECT_THAT(served, ElementsAre(script));
    EXPECT_THROW(replay(trace, system, pace, {}), InputError);
}

TEST(Replay, LetsOneThingHappenWhereTheTraceDoes) {
    StubSystem system(3);
    Recorder recorder(system, [] { return Duration(0); }, {});
    recorder.next_event(Duration(70));
    const Trace trace{{"a title", {}, "stub", {}, {}}, recorder.lines()};
    NoWait pace;
    std::vector<Duration> events;
    EXPECT_EQ(replay(trace, system, pace, {}, {{}, {}, [&](Duration d) { events.push_back(d); }}),
              std::nullopt);
    EXPECT_THAT(events, ElementsAre(Duration(70)));
    EXPECT_EQ(replay(trace, system, pace, {}), std::nullopt);
}

TEST(Trace, KeepsTheSimulatedMachineItWasMadeOn) {
    Trace trace = recorded();
    trace.header.machine = {Duration(10), 20'000, {"/protected"}};
    EXPECT_EQ(trace_from_text(to_text(trace), "t.jsonl"), trace);
    EXPECT_THROW(trace_from_text(R"({"trace":1,"title":"x","machine":{}})", "t.jsonl"), InputError);
}

TEST(Replay, AMistakeInABodyIsNamed) {
    const auto message = [](Kind kind, const std::string& body) -> std::string {
        StubSystem system(3);
        NoWait pace;
        try {
            replay({{"a title", {}, "stub", {}, {}}, {{kind, Duration(0), body}}}, system, pace,
                   {});
        } catch (const InputError& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(message(Kind::In, R"({"register":"7"})"), "line 2/register: expected a class id");
    EXPECT_EQ(message(Kind::In, R"({"answer":{"number":1}})"),
              "line 2/answer: expected the number of a delivery and an HRESULT");
    EXPECT_EQ(message(Kind::In, R"({"next_event":true})"),
              "line 2/next_event: expected milliseconds under \"within_ms\"");
    EXPECT_THAT(message(Kind::In, "{}"), HasSubstr("line 2: expected one of call, surroundings"));
    EXPECT_EQ(message(Kind::Out, "{}"),
              "line 2: expected one of reply, notification, notifications");
}

}  // namespace
}  // namespace qmgr::traces
