// Dialogues, line by line, as the peer sees them.
#include "reference/app/stdio_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "reference/app/still_queue.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// The other end of the pipe.
class Peer final : public LineSource, public LineSink {
  public:
    /// Sends this line, but not before `answers` lines have come back in all.
    void say(std::string line, std::size_t answers) { lines_.emplace_back(answers, line); }

    std::optional<std::string> next() override {
        if (sent_ == lines_.size()) return std::nullopt;
        const auto& next = lines_[sent_++];
        std::unique_lock lock(mutex_);
        // Only a broken session needs so long; a loaded machine does not.
        EXPECT_TRUE(answered_.wait_for(lock, std::chrono::minutes(1),
                                       [&] { return heard_.size() >= next.first; }))
            << "before " << next.second;
        return next.second;
    }

    void write(const std::string& lines) override {
        const std::lock_guard lock(mutex_);
        std::size_t begin = 0;
        while (begin < lines.size()) {
            const std::size_t end = lines.find('\n', begin);
            heard_.push_back(lines.substr(begin, end - begin));
            begin = end + 1;
        }
        answered_.notify_one();
    }

    std::vector<std::string> heard() const {
        const std::lock_guard lock(mutex_);
        return heard_;
    }

  private:
    std::vector<std::pair<std::size_t, std::string>> lines_;
    std::size_t sent_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable answered_;
    std::vector<std::string> heard_;
};

constexpr const char* kHello = R"({"hello":{"protocol":1,"state":"here"}})";
constexpr const char* kHelloAnswer =
    R"({"hello":{"protocol":1,"name":"still queue","version":"1","abilities":["users"]}})";

class StdioSessionTest : public testing::Test {
  protected:
    /// Sends the line when everything said before has been answered.
    void ask(const std::string& line) { peer_.say(line, questions_++); }
    /// Sends the line at once.
    void tell(const std::string& line) { peer_.say(line, 0); }

    int run() {
        StdioSession session(peer_, peer_, [this](const std::string& state, const Policy& policy) {
            states_.push_back(state);
            policies_.push_back(policy);
            return std::make_unique<StillQueue>(journal_);
        });
        return session.run();
    }

    std::vector<std::string> heard_after_hello() const {
        std::vector<std::string> lines = peer_.heard();
        EXPECT_EQ(lines.at(0), kHelloAnswer);
        lines.erase(lines.begin());
        return lines;
    }

    Peer peer_;
    StillJournal journal_;
    std::size_t questions_ = 0;
    std::vector<std::string> states_;
    std::vector<Policy> policies_;
};

TEST_F(StdioSessionTest, HelloOpensTheQueueOfThatFolderWithThatPolicy) {
    ask(R"({"hello":{"protocol":1,"state":"/s/q","policy":{"retry_delay_ms":50}}})");
    EXPECT_EQ(run(), 0);
    EXPECT_THAT(peer_.heard(), ElementsAre(kHelloAnswer));
    EXPECT_THAT(states_, ElementsAre("/s/q"));
    Policy policy;
    policy.retry_delay = Duration(50);
    EXPECT_THAT(policies_, ElementsAre(policy));
}

TEST_F(StdioSessionTest, ACallIsAnsweredWithItsReply) {
    ask(kHello);
    ask(R"({"id":1,"as":{"user":"u1"},"call":{"create_group":)"
        R"({"group_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}}})");
    ask(R"({"id":2,"as":{"user":"u1"},"call":{"resume_group":{"group":1}}})");
    ask(R"({"id":3,"as":{"user":"u1"},"call":{"get_group_status":{"group":1}}})");
    ask(R"({"id":4,"as":{"user":"u2","administrator":false},"call":{"get_group":)"
        R"({"group_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}}})");
    EXPECT_EQ(run(), 0);
    EXPECT_THAT(
        heard_after_hello(),
        ElementsAre(R"({"id":1,"reply":{"hresult":"S_OK","group":1}})",
                    R"({"id":2,"reply":{"hresult":"BG_E_EMPTY"}})",
                    R"({"id":3,"reply":{"hresult":"S_OK",)"
                    R"("group_status":["GROUP_INCOMPLETE","GROUP_SUSPENDED"],"job_index":0}})",
                    R"({"id":4,"reply":{"hresult":"QM_E_ITEM_NOT_FOUND"}})"));
}

TEST_F(StdioSessionTest, AnUnknownCallIsUnsupported) {
    ask(kHello);
    ask(R"({"id":7,"as":{"user":"u1"},"call":{"dance":{"with":"me"}}})");
    run();
    EXPECT_THAT(heard_after_hello(),
                ElementsAre(R"({"id":7,"unsupported":"no such call: dance"})"));
}

TEST_F(StdioSessionTest, SurroundingsAreUnsupported) {
    ask(kHello);
    ask(R"({"id":3,"surroundings":{"log_off":{"user":"u1"}}})");
    ask(R"({"id":4,"surroundings":{"earthquake":{}}})");
    run();
    EXPECT_THAT(heard_after_hello(),
                ElementsAre(R"({"id":3,"unsupported":"a process has the surroundings it has"})",
                            R"({"id":4,"unsupported":"no such surroundings: earthquake"})"));
}

TEST_F(StdioSessionTest, CallbacksAreTakenAndUnsupportedWhereSomebodyAsks) {
    ask(kHello);
    tell(R"({"register":{"clsid":"{6f9619ff-8b86-d011-b42d-00c04fc964ff}"}})");
    tell(R"({"answer":{"number":1,"hresult":"S_OK"}})");
    ask(R"({"id":1,"register":{"clsid":"{6f9619ff-8b86-d011-b42d-00c04fc964ff}"}})");
    ask(R"({"id":2,"answer":{"number":1,"hresult":"0x80190194"}})");
    run();
    EXPECT_THAT(heard_after_hello(),
                ElementsAre(R"({"id":1,"done":true})", R"({"id":2,"done":true})"));
}

TEST_F(StdioSessionTest, NothingIsTakenBeforeHello) {
    ask(R"({"id":1,"as":{"user":"u1"},"call":{"enum_groups":{"flags":0}}})");
    ask(R"({"hello":{"protocol":2,"state":"here"}})");
    ask(R"({"hello":{"protocol":1}})");
    ask(R"({"hello":{"protocol":1,"state":"here","policy":{"sync_bytes":true}}})");
    ask(kHello);
    ask(kHello);
    EXPECT_EQ(run(), 0);
    EXPECT_THAT(
        peer_.heard(),
        ElementsAre(R"({"id":1,"error":"stdin:1: expected hello first"})",
                    R"({"error":"stdin:2: /hello/protocol: expected 1"})",
                    R"({"error":"stdin:3: /hello/state: expected this field"})",
                    R"({"error":"stdin:4: /hello/policy/sync_bytes: )"
                    R"(expected a whole number, not negative"})",
                    kHelloAnswer, R"({"error":"stdin:6: /hello: expected only one hello"})"));
}

TEST_F(StdioSessionTest, AMistakeIsToldAndTheSessionGoesOn) {
    ask(kHello);
    ask("hello?");
    ask("");
    ask("[]");
    ask("{}");
    ask(R"({"id":-1,"call":{}})");
    ask(R"({"id":1,"call":{"reset":{"enumerator":1}}})");
    ask(R"({"as":{"user":"u1"},"call":{"reset":{"enumerator":1}}})");
    ask(R"({"id":2,"as":{"user":"u1"},"call":{"reset":{"enumerator":"one"}}})");
    ask(R"({"id":3,"as":{"user":"u1"},"call":{"reset":{"enumerator":1}},"now":true})");
    ask(R"({"surroundings":{"network_lost":{}}})");
    ask(R"({"register":{"clsid":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}})");
    ask(R"({"answer":{"number":1,"hresult":"fine"}})");
    ask(R"({"id":4,"as":{"user":"u1"},"call":{"reset":{"enumerator":1}}})");
    EXPECT_EQ(run(), 0);
    EXPECT_THAT(
        heard_after_hello(),
        ElementsAre(
            R"({"error":"stdin:2: not JSON at line 1, column 1"})",
            R"({"error":"stdin:3: not JSON at line 1, column 1"})",
            R"({"error":"stdin:4: expected an object"})",
            R"({"error":"stdin:5: expected one of hello, call, surroundings, register, answer"})",
            R"({"error":"stdin:6: /id: expected a whole number, not negative"})",
            R"({"id":1,"error":"stdin:7: /as: expected this field"})",
            R"({"error":"stdin:8: /id: expected this field"})",
            R"({"id":2,"error":"stdin:9: /call/reset/enumerator: )"
            R"(expected a whole number, not negative"})",
            R"({"id":3,"error":"stdin:10: expected no field \"now\""})",
            R"({"error":"stdin:11: /id: expected this field"})",
            R"({"error":"stdin:12: /register/clsid: expected a GUID in braces"})",
            R"({"error":"stdin:13: /answer/hresult: )"
            R"(expected the name of an HRESULT or 0x and eight hex digits"})",
            R"({"id":4,"reply":{"hresult":"RPC_E_DISCONNECTED"}})"));
}

TEST_F(StdioSessionTest, ManyCallsAreInFlightAndAllAnsweredBeforeTheEnd) {
    constexpr std::size_t kCalls = 1000;
    ask(kHello);
    for (std::size_t id = 1; id <= kCalls; ++id)
        tell(R"({"id":)" + std::to_string(id) +
             R"(,"as":{"user":"u1"},"call":{"get_group_status":{"group":1}}})");
    EXPECT_EQ(run(), 0);
    const std::vector<std::string> answers = heard_after_hello();
    ASSERT_THAT(answers, SizeIs(kCalls));
    for (std::size_t id = 1; id <= kCalls; ++id)
        EXPECT_EQ(answers[id - 1], R"({"id":)" + std::to_string(id) +
                                       R"(,"reply":{"hresult":"RPC_E_DISCONNECTED"}})");
}

TEST_F(StdioSessionTest, WithoutAJournalCallsAnswerServiceUnavailable) {
    journal_.set_failing(true);
    ask(kHello);
    ask(R"({"id":1,"as":{"user":"u1"},"call":{"enum_groups":{"flags":0}}})");
    EXPECT_EQ(run(), 0);
    EXPECT_THAT(heard_after_hello(),
                ElementsAre(R"({"id":1,"reply":{"hresult":"QM_E_SERVICE_UNAVAILABLE"}})"));
}

TEST_F(StdioSessionTest, AQueueOpenElsewhereEndsTheSessionWith3) {
    tell(kHello);
    tell(kHello);
    StdioSession session(peer_, peer_, [](const std::string& /*state*/, const Policy& /*policy*/) {
        return std::unique_ptr<RunningQueue>();
    });
    EXPECT_EQ(session.run(), 3);
    EXPECT_THAT(peer_.heard(),
                ElementsAre(R"({"error":"here: this queue is open in another process"})"));
}

TEST_F(StdioSessionTest, AFolderThatCannotBeUsedIsAMistakeLikeOthers) {
    ask(kHello);
    ask(kHello);
    bool first = true;
    StdioSession session(peer_, peer_, [&](const std::string& state, const Policy& /*policy*/) {
        if (std::exchange(first, false)) throw InputError(state, "expected a folder");
        return std::make_unique<StillQueue>(journal_);
    });
    EXPECT_EQ(session.run(), 0);
    EXPECT_THAT(peer_.heard(), ElementsAre(R"({"error":"here: expected a folder"})", kHelloAnswer));
}

TEST_F(StdioSessionTest, AStatePathWithNulIsAMistakeAndOpensNothing) {
    ask(R"({"hello":{"protocol":1,"state":"/s/q\u0000/r"}})");
    ask(R"({"hello":{"protocol":1,"state":"here","states":"there"}})");
    ask(kHello);
    EXPECT_EQ(run(), 0);
    EXPECT_THAT(
        peer_.heard(),
        ElementsAre(R"({"error":"stdin:1: /hello/state: expected a path without NUL"})",
                    R"({"error":"stdin:2: /hello: expected no field \"states\""})", kHelloAnswer));
    EXPECT_THAT(states_, ElementsAre("here"));
}

/// A queue that tells of a delivery in its last moment.
class QueueThatTellsAtItsEnd final : public RunningQueue, private RunningSystem {
  public:
    ~QueueThatTellsAtItsEnd() override {
        if (arrived_) arrived_();
    }
    RunningSystem& service() override { return *this; }

  private:
    Description describe() override { return {"still queue", "1", {"users"}}; }
    Reply call(const Caller& /*caller*/, const Call& /*call*/) override { return {}; }
    void submit(const Caller& /*caller*/, const Call& /*call*/, Completion done) override {
        done({});
    }
    std::optional<std::string> surroundings(const Surroundings& /*what*/) override { return {}; }
    void restart() override {}
    void register_callback(ClassId /*class_id*/) override {}
    void set_arrival(std::function<void()> arrived) override { arrived_ = std::move(arrived); }
    std::vector<Notification> take_notifications() override { return {{}}; }
    void answer(NotificationNumber /*number*/, HResult /*hresult*/) override {}

    std::function<void()> arrived_;
};

TEST_F(StdioSessionTest, ADeliveryWhileTheQueueEndsIsLeftForTheNextRun) {
    ask(kHello);
    StdioSession session(peer_, peer_, [](const std::string& /*state*/, const Policy& /*policy*/) {
        return std::make_unique<QueueThatTellsAtItsEnd>();
    });
    EXPECT_EQ(session.run(), 0);
    EXPECT_THAT(peer_.heard(), ElementsAre(kHelloAnswer));
}

TEST_F(StdioSessionTest, AnEmptyConversationEndsWell) {
    EXPECT_EQ(run(), 0);
    EXPECT_THAT(peer_.heard(), IsEmpty());
}

}  // namespace
}  // namespace qmgr
