#include "propertytests/counterexample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "propertytests/recorded_story.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/input_error.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::propertytests {
namespace {

constexpr bool changes_server(Kind kind) {
    return kind >= Kind::ResourceGrows && kind <= Kind::ResourceReturns;
}

/// Everything that is written down while a plan is played.
class Tape {
  public:
    Tape(const Plan& plan, const world::Variation& variation)
        : plan_(plan), played_(plan, listening(variation)), start_(world().now()) {}

    Recording run(const std::string& title);

  private:
    world::World& world() { return played_.world(); }
    world::Variation listening(world::Variation variation);
    Duration stamp();
    void before(std::size_t number, const Command& command);
    void before_end();
    fakeserver::Script script(std::vector<fakeserver::FaultRule> rules);
    traces::Trace trace(const Outcome& outcome, const std::string& title);

    const Plan& plan_;
    std::unique_ptr<SystemUnderTest> varied_;
    traces::Recorder* recorder_ = nullptr;  // of played_
    world::World* world_ = nullptr;         // of played_, already while it is made
    std::vector<world::Mark> marks_;
    AuditedWorld played_;
    Instant start_;
};

// The recorder stands where a variation's own system would, around that.
world::Variation Tape::listening(world::Variation variation) {
    const auto inner = variation.system;
    variation.system = [this, inner](SystemUnderTest& world) -> std::unique_ptr<SystemUnderTest> {
        world_ = &dynamic_cast<world::World&>(world);
        start_ = world_->now();
        if (inner) varied_ = inner(world);
        auto recorder = std::make_unique<traces::Recorder>(
            varied_ ? *varied_ : world, [this] { return stamp(); }, traces::Places{});
        recorder_ = recorder.get();
        return recorder;
    };
    return variation;
}

Duration Tape::stamp() {
    marks_.push_back(
        {world_->network().seen().size(), world_->disk().history().size(), world_->steps().size()});
    return world_->now() - start_;
}

fakeserver::Script Tape::script(std::vector<fakeserver::FaultRule> rules) {
    fakeserver::Script script = script_of(plan_);
    script.resources = played_.client().site().resources();
    script.rules = std::move(rules);
    return script;
}

void Tape::before(std::size_t number, const Command& command) {
    recorder_->note(fmt::format("{} {}", number, to_text(command)));
    if (command.kind == Kind::Crash) recorder_->power_failure();
    if (command.kind == Kind::NextEvent) recorder_->next_event(kNextEventWithin);
}

void Tape::before_end() {
    recorder_->note("the ending: every fault is healed, everything ends and is cancelled");
    recorder_->serve(script({}), true);
}

Recording Tape::run(const std::string& title) {
    recorder_->note("plan " + to_hex(plan_));
    Outcome outcome;
    for (std::size_t i = 0; i < plan_.commands.size() && played_.is_clean(); ++i) {
        const Command& command = plan_.commands[i];
        before(i + 1, command);
        played_.perform(command);
        if (changes_server(command.kind)) recorder_->serve(script(rules_of(plan_)), true);
        outcome.step = i + 1;
    }
    if (played_.is_clean()) {
        before_end();
        played_.end();
        ++outcome.step;
    }
    outcome.violations = played_.violations();
    if (outcome.violations.empty()) outcome.step = 0;
    return {outcome, trace(outcome, title)};
}

traces::Trace Tape::trace(const Outcome& outcome, const std::string& title) {
    traces::Trace trace;
    trace.header.title = title;
    trace.header.sut = world().describe().name;
    trace.header.policy = policy_for_plans();
    trace.header.server = script_of(plan_);
    trace.header.machine = {kLineSpeed.latency, kLineSpeed.bytes_per_ms, {std::string(kProtected)}};
    if (!outcome.violations.empty()) {
        const Violation& first = outcome.violations.front();
        trace.header.title = first.invariant + ": " + first.what;
        trace.header.covers = {first.clause};
    }
    trace.lines = world::story_of({recorder_->lines(), marks_, world().network().seen(),
                                   world().disk().history(), world().steps(), start_});
    return trace;
}

bool may_break_bytes(const fakeserver::Script& script) {
    for (const fakeserver::FaultRule& rule : script.rules)
        for (const fakeserver::Fault& fault : rule.faults)
            if (propertytests::may_break_bytes(static_cast<std::uint8_t>(fault.effect)))
                return true;
    return false;
}

/// A world with everything that judges, as a system for a rig.
class Judged final : public SystemUnderTest {
  public:
    Judged(world::World& world, std::unique_ptr<SystemUnderTest> varied,
           const traces::TraceHeader& header)
        : varied_(std::move(varied)),
          auditor_(header.policy),
          system_(varied_ ? *varied_ : world, auditor_, [&world] { return world.now(); }),
          invariants_(world, {.whole_files = !may_break_bytes(header.server)}) {}

    Description describe() override { return system_.describe(); }
    Reply call(const Caller& caller, const Call& call) override {
        return looked(system_.call(caller, call));
    }
    std::optional<std::string> surroundings(const Surroundings& what) override {
        return looked(system_.surroundings(what));
    }
    void register_callback(ClassId class_id) override { system_.register_callback(class_id); }
    std::vector<Notification> take_notifications() override {
        return looked(system_.take_notifications());
    }
    void answer(NotificationNumber number, HResult hresult) override {
        system_.answer(number, hresult);
    }
    void restart() override { system_.restart(); }
    void was_restarted() { system_.was_restarted(); }

    std::vector<Violation> violations() const {
        std::vector<Violation> all = auditor_.violations();
        all.insert(all.end(), invariants_.violations().begin(), invariants_.violations().end());
        return all;
    }

  private:
    template <class Answer>
    Answer looked(Answer answer) {
        invariants_.look();
        return answer;
    }

    std::unique_ptr<SystemUnderTest> varied_;
    Auditor auditor_;
    AuditedSystem system_;
    Invariants invariants_;
};

// Letters, digits and hyphens, and a number of the plan: FNV-1a, enough to tell two finds apart.
std::string name_of(const Recording& recording) {
    std::uint32_t number = 2166136261U;
    for (const char c : recording.trace.lines.front().body)
        number = (number ^ static_cast<unsigned char>(c)) * 16777619U;
    return fmt::format("{}-{:08x}", recording.outcome.violations.front().invariant, number);
}

void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    file.close();
    if (!file) throw InputError(path.string(), "a file that can be written was expected");
}

}  // namespace

Recording record(const Plan& plan, const world::Variation& variation, const std::string& title) {
    return Tape(plan, variation).run(title);
}

Replayed replay(const traces::Trace& trace, const world::Variation& variation) {
    Judged* judged = nullptr;
    world::Variation judging = variation;
    judging.system = [&](SystemUnderTest& world) -> std::unique_ptr<SystemUnderTest> {
        auto system = std::make_unique<Judged>(dynamic_cast<world::World&>(world),
                                               variation.system ? variation.system(world) : nullptr,
                                               trace.header);
        judged = system.get();
        return system;
    };
    world::SimulatedRig rig({trace.header.policy, trace.header.server}, judging);
    const auto difference = rig.replay(trace, [&] { judged->was_restarted(); });
    return {difference, judged->violations()};
}

std::string write_counterexample(const Recording& recording,
                                 const conformance::Catalogue& catalogue, const std::string& folder,
                                 const std::string& options) {
    QMGR_CHECK(!recording.outcome.violations.empty(), "a counterexample of nothing");
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    const std::string path = folder + "/" + name_of(recording);
    write_text(path + ".jsonl", traces::to_text(recording.trace));
    const std::string repeat = "qmgr-properties replay " + path + ".jsonl" + options;
    write_text(path + ".txt", story_of(recording, catalogue, repeat));
    return path + ".jsonl";
}

}  // namespace qmgr::propertytests
