// The invariants must bite: machines that are wrong in one place, and requests that are.
#include "propertytests/invariants.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/twisted_ports.hpp"
#include "propertytests/wire_rules.hpp"

namespace qmgr::propertytests {
namespace {

const Caller kUser{"u1", false};
const std::string kDate = "Wed, 04 Sep 2024 02:15:41 GMT";

Guid guid(std::uint8_t number) {
    Guid guid;
    guid.bytes[15] = number;
    return guid;
}

world::Variation mutant(const std::string& id) {
    for (const mutants::Mutant& one : mutants::all_mutants())
        if (one.id == id) return one.make();
    ADD_FAILURE() << "there is no mutant " << id;
    return {};
}

fakeserver::Script site() {
    fakeserver::Script script;
    script.resources = {{"/a", 10'000, 1, kDate, {}}, {"/b", 20'000, 2, kDate, {}}};
    return script;
}

fakeserver::FaultRule rule(fakeserver::Fault fault, const std::string& path) {
    fakeserver::FaultRule rule;
    rule.name = "rule";
    rule.match.method = "GET";
    rule.match.path = path;
    rule.faults = {std::move(fault)};
    return rule;
}

/// A world with a group in it, whose files come one by one.
class Machine {
  public:
    explicit Machine(const fakeserver::Script& script = site(),
                     const world::Variation& variation = {}, const Demands& demands = {})
        : world(options(script, variation)), invariants(world, demands) {
        world.disk().make_directory("/d");
    }

    GroupHandle download(std::uint8_t number, const std::vector<std::string>& paths) {
        const auto group = std::get<GroupHandle>(ask(call::CreateGroup{{guid(number)}}).value);
        const auto reply = ask(call::CreateJob{group, {guid(100)}});
        call::AddFiles add{std::get<JobHandle>(reply.value), {}};
        for (const std::string& path : paths)
            add.files.push_back({world.url(path), "/d" + path, 0});
        ask(add);
        ask(call::ResumeGroup{group});
        return group;
    }
    Reply ask(const Call& call) {
        Reply reply = world.call(kUser, call);
        invariants.look();
        return reply;
    }
    void pass(Duration time) {
        world.run_for(time);
        invariants.look();
    }
    void expect_nothing() {
        for (const Violation& one : invariants.violations())
            ADD_FAILURE() << one.invariant << ": " << one.what;
    }
    void expect_found(const std::string& invariant) {
        const auto& all = invariants.violations();
        EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                                [&](const Violation& one) { return one.invariant == invariant; }))
            << invariant << " was not found";
    }

    static world::Options options(const fakeserver::Script& script,
                                  const world::Variation& variation) {
        world::Options options;
        options.script = script;
        options.policy.no_progress_timeout = std::chrono::minutes(30);
        options.ports = variation.ports;
        options.event = variation.event;
        return options;
    }

    world::World world;
    Invariants invariants;
};

TEST(InvariantsTest, FindNothingInARightMachine) {
    Machine machine;
    const GroupHandle group = machine.download(1, {"/a", "/b"});
    machine.pass(std::chrono::seconds(5));
    machine.ask(call::CancelGroup{group});
    machine.invariants.look_at_nothing_left();
    machine.expect_nothing();
    EXPECT_NE(machine.world.disk().find("/d/b"), nullptr);
}

TEST(InvariantsTest, FindAVisibleFileThatIsNoVersionUnlessTheRunSaysSo) {
    fakeserver::Script script = site();
    script.rules = {rule({.effect = fakeserver::Effect::CorruptBytes, .at = {.byte = 100}}, "/a")};
    Machine strict(script);
    strict.download(1, {"/a"});
    strict.pass(std::chrono::seconds(5));
    strict.expect_found("visible-files-are-whole");
    Machine told(script, {}, {.whole_files = false});
    told.download(1, {"/a"});
    told.pass(std::chrono::seconds(5));
    told.expect_nothing();
}

TEST(InvariantsTest, FindAPartThatIsLeft) {
    fakeserver::Script script = site();
    script.rules = {rule({.effect = fakeserver::Effect::Stall, .at = {.byte = 100}}, "/a")};
    Machine machine(script, mutant("machine.file.part-stays"));
    const GroupHandle group = machine.download(1, {"/a"});
    machine.pass(std::chrono::seconds(5));
    machine.ask(call::CancelGroup{group});
    machine.expect_found("nothing-left-after-cancel");
}

TEST(InvariantsTest, FindARecordThatIsLeft) {
    Machine machine;
    machine.download(1, {"/a"});
    machine.invariants.look_at_nothing_left();
    machine.expect_found("nothing-left-after-cancel");
}

TEST(InvariantsTest, FindAFinishedFileThatCancelLoses) {
    fakeserver::Script script = site();
    script.rules = {rule({.effect = fakeserver::Effect::Stall, .at = {.byte = 100}}, "/b")};
    Machine machine(script, mutant("machine.file.never-renamed"));
    const GroupHandle group = machine.download(1, {"/a", "/b"});
    machine.pass(std::chrono::seconds(5));
    machine.expect_nothing();
    machine.ask(call::CancelGroup{group});
    machine.expect_found("finished-files-survive-cancel");
}

TEST(InvariantsTest, FindACompleteGroupWithoutItsFile) {
    Machine machine(site(), mutant("machine.file.never-renamed"));
    machine.download(1, {"/a"});
    machine.pass(std::chrono::seconds(5));
    machine.expect_found("complete-files-are-visible");
}

struct NeverStops final : mutants::PassingTransport {
    using PassingTransport::PassingTransport;
    void stop(FetchId /*fetch*/) override {}
};

world::Variation never_stops() {
    world::Variation variation;
    const auto made = std::make_shared<std::vector<std::unique_ptr<NeverStops>>>();
    variation.ports = [made](const Ports& ports, EventSink& /*events*/) {
        made->push_back(std::make_unique<NeverStops>(ports.transport));
        return Ports{ports.clock,    *made->back(),      ports.file_store, ports.journal,
                     ports.notifier, ports.surroundings, ports.log};
    };
    return variation;
}

TEST(InvariantsTest, FindATransferOfAnOwnerWhoIsAway) {
    fakeserver::Script script = site();
    script.rules = {rule({.effect = fakeserver::Effect::Stall, .at = {.byte = 100}}, "/a")};
    Machine machine(script, never_stops());
    machine.download(1, {"/a"});
    machine.pass(std::chrono::seconds(1));
    machine.world.surroundings(surroundings::LogOff{"u1"});
    machine.invariants.look();
    machine.expect_nothing();
    machine.pass(std::chrono::seconds(1));
    machine.expect_found("absent-owners-groups-stand");
}

TEST(InvariantsTest, FindAGroupThatNeverEnds) {
    world::Variation deaf;
    deaf.event = [](Event& event) { return !std::holds_alternative<event::FetchEnded>(event); };
    Machine machine(site(), deaf);
    machine.download(1, {"/a"});
    machine.pass(std::chrono::seconds(1));
    machine.expect_nothing();
    machine.invariants.heal_and_end();
    machine.expect_found("everything-ends");
}

TEST(InvariantsTest, LetEverythingEndThatCanEnd) {
    fakeserver::Script script = site();
    script.rules = {rule({.effect = fakeserver::Effect::Stall, .at = {.byte = 100}}, "/a")};
    Machine machine(script);
    machine.download(1, {"/a", "/b"});
    machine.pass(std::chrono::seconds(1));
    for (const Surroundings& what :
         {Surroundings(surroundings::LogOff{"u1"}), Surroundings(surroundings::NetworkLost{}),
          Surroundings(surroundings::Paused{"battery"}),
          Surroundings(surroundings::DiskFull{true})})
        machine.world.surroundings(what);
    machine.invariants.heal_and_end();
    machine.expect_nothing();
    EXPECT_NE(machine.world.disk().find("/d/b"), nullptr);
}

// ---- requests ----------------------------------------------------------------------------------

class WireRulesTest : public testing::Test {
  protected:
    WireRulesTest() { rules.serves(site()); }

    static world::SeenRequest request(const std::string& method) {
        world::SeenRequest seen;
        seen.request.method = method;
        seen.request.path = "/a";
        seen.request.headers = {{"Accept", "*/*"},
                                {"Accept-Encoding", "identity"},
                                {"Connection", "Keep-Alive"},
                                {"User-Agent", "Microsoft BITS/7.8"}};
        seen.file = {{1}, 0};
        return seen;
    }
    static world::SeenRequest get(const std::string& range = "") {
        world::SeenRequest seen = request("GET");
        seen.request.headers.push_back({"If-Unmodified-Since", kDate});
        if (!range.empty()) seen.request.headers.push_back({"Range", range});
        return seen;
    }
    void tell(world::SeenRequest seen, std::uint64_t stored) {
        judge(seen);
        seen.body_bytes = stored;
        seen.ended = instant_from_ms(1);
        rules.ended(seen);
    }
    void judge(const world::SeenRequest& seen) { last = rules.judge(seen); }
    void expect(const std::string& clause) const {
        const std::string found = last.empty() ? "" : last.front().clause;
        EXPECT_EQ(found, clause) << (last.empty() ? "" : last.front().what);
    }

    WireRules rules;
    std::vector<Violation> last;
};

TEST_F(WireRulesTest, TakeAGoodDownload) {
    tell(request("HEAD"), 0);
    expect("");
    tell(get(), 4'000);
    expect("");
    tell(get("bytes=4000-9999"), 6'000);
    expect("");
}

TEST_F(WireRulesTest, WantEachFieldAndNoOther) {
    world::SeenRequest without = request("HEAD");
    without.request.headers.erase(without.request.headers.begin());
    judge(without);
    expect("XFER-GET-3-a");
    for (const auto& [name, clause] :
         std::vector<std::pair<std::string, std::string>>{{"Referer", "XFER-GET-3-a"},
                                                          {"If-None-Match", "XFER-GET-2"},
                                                          {"Authorization", "AUTH-04"},
                                                          {"Cookie", "OPEN-23"},
                                                          {"Range", "XFER-HEAD-1"}}) {
        world::SeenRequest with = request("HEAD");
        with.request.headers.push_back({name, "x"});
        judge(with);
        expect(clause);
    }
}

TEST_F(WireRulesTest, WantAHeadFirstAndOneClosedRange) {
    judge(get());
    expect("XFER-HEAD-1");
    for (const std::string range : {"bytes=0-", "bytes=0-1,3-4", "bytes=5-4", "0-4"}) {
        judge(get(range));
        expect("OBS-123");
    }
    world::SeenRequest rewritten = request("GET");
    rewritten.request.headers.push_back({"If-Unmodified-Since", kDate + " "});
    judge(rewritten);
    expect("XFER-GET-2");
    judge(request("GET"));
    expect("XFER-GET-2");
    judge(request("POST"));
    expect("HTTP-02");
}

TEST_F(WireRulesTest, WantEachByteOnce) {
    tell(request("HEAD"), 0);
    tell(get(), 4'000);
    judge(get("bytes=3999-9999"));
    expect("XFER-GET-4");
    judge(get());
    expect("XFER-GET-4");
    tell(get("bytes=4000-9999"), 6'000);
    expect("");
    judge(get());
    expect("XFER-CHANGE-2");
}

TEST_F(WireRulesTest, AllowBytesAgainThatACrashMayHaveLost) {
    tell(request("HEAD"), 0);
    tell(get(), 4'000);
    rules.restarted();
    judge(get("bytes=1000-9999"));
    expect("");
    judge(get("bytes=4001-9999"));
    expect("XFER-GET-4");
}

}  // namespace
}  // namespace qmgr::propertytests
