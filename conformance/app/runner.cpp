#include "conformance/app/runner.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

#include "conformance/app/output.hpp"
#include "conformance/loopback/interruption.hpp"
#include "conformance/loopback/loopback_rig.hpp"
#include "conformance/world/simulated_rig.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/input_error.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::conformance {
namespace {

// What is shown of a trace on a terminal: more than the calls of most cases, less than two screens.
constexpr std::size_t kTraceLinesShown = 40;

struct SuiteRun {
    const RunOptions& options;
    const Catalogue& catalogue;
    Report& report;
    std::size_t total = 0;
};

std::chrono::microseconds since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                                 start);
}

/// Why the system behind a pipe is broken; empty for one that is not, or has no pipe.
std::string broken(Rig& rig) {
    auto* loopback = dynamic_cast<LoopbackRig*>(&rig);
    return loopback == nullptr ? "" : loopback->system().broken();
}

/// What the system says is missing on this machine.
std::string missing(Rig& rig) {
    auto* loopback = dynamic_cast<LoopbackRig*>(&rig);
    return loopback == nullptr ? "" : loopback->system().missing();
}

std::optional<CaseResult> refused(const Case& one, const RigKind& kind, Rig& rig) {
    auto result = refused_for_ability(one, kind.name, rig.describe_system());
    if (!result) return std::nullopt;
    for (const std::string& ability : one.needs) {
        const std::string reason = rig.missing_here(ability);
        if (!rig.describe_system().abilities.contains(ability) && !reason.empty())
            return not_run(one, kind.name, Verdict::Skipped, reason);
    }
    return result;
}

/// There was no system to put the case to, which no known deviation covers.
struct NoSystem : std::runtime_error {
    using std::runtime_error::runtime_error;
};

CaseResult judged(const Case& one, const RigKind& kind, const SuiteRun& run) {
    if (!kind.broken.empty()) throw NoSystem(kind.broken);
    const std::unique_ptr<Rig> rig = kind.make(one.setting);
    if (!broken(*rig).empty()) throw NoSystem(broken(*rig));
    if (const std::string reason = missing(*rig); !reason.empty())
        return not_run(one, kind.name, Verdict::Skipped, reason);
    if (auto result = refused(one, kind, *rig)) return *result;
    CaseResult result = run_case(one, kind.name, *rig, run.catalogue, run.options.strictness);
    result.trace = rig->story();
    if (const std::string reason = broken(*rig); !reason.empty()) {
        result.verdict = Verdict::Fail;
        // First, because what was found after that is of no system.
        result.detail =
            "the system broke: " + reason + (result.detail.empty() ? "" : "\n" + result.detail);
    }
    return result;
}

// What the case ended with, a known deviation taken into account. GoogleTest would keep what is
// thrown to itself, and the case would be in no report.
CaseResult result_of(const Case& one, const RigKind& kind, const SuiteRun& run) {
    CaseResult result;
    try {
        result = judged(one, kind, run);
    } catch (const NoSystem& error) {
        return not_run(one, kind.name, Verdict::Fail, error.what());
    } catch (const std::exception& error) {
        result =
            not_run(one, kind.name, Verdict::Fail, std::string("the rig broke: ") + error.what());
    }
    run.options.deviations.apply(result);
    return result;
}

// The detail says so where it cannot be written.
void keep_trace(const Case& one, CaseResult& result, const std::string& folder) {
    const traces::Trace trace{{one.title, one.covers, result.rig, one.setting.policy,
                               one.setting.script, traces::is_masked(result.trace)},
                              result.trace};
    const std::string path = folder + "/" + result.rig + "." + one.id + ".jsonl";
    std::ofstream file(path);
    if (!(file << traces::to_text(trace)).flush())
        result.detail += "\nits trace could not be written to " + path;
}

std::string indented(const std::string& text) {
    std::string lines = "  ";
    for (const char c : text) lines += c == '\n' ? std::string("\n  ") : std::string(1, c);
    while (lines.ends_with(' ')) lines.pop_back();
    return lines;
}

void print(const CaseEntry& entry) {
    const CaseResult& result = entry.result;
    say(fmt::format("{} {}/{}: {}\n{}\n", name(result.verdict), result.rig, result.id, entry.title,
                    indented(result.detail)));
    const bool ran = result.verdict != Verdict::Unsupported && result.verdict != Verdict::Skipped;
    if (ran && !result.trace.empty())
        say(indented("trace:\n" + excerpt(result.trace, kTraceLinesShown)));
}

// GoogleTest counts and writes JUnit XML: what ends the run with 1 failed there, what was not run
// or is known is skipped there; the verdict stands beside it.
void tell_googletest(const CaseResult& result, bool own, bool listed) {
    testing::Test::RecordProperty("verdict", std::string(name(result.verdict)));
    const std::string text = std::string(name(result.verdict)) + ": " + result.detail;
    if (is_wrong(result.verdict, own)) {
        ADD_FAILURE() << text;
    } else if (is_good(result.verdict)) {
        EXPECT_FALSE(listed) << "listed as a known deviation, and passes";
    } else {
        GTEST_SKIP() << text;
    }
}

void run_one(const Case& one, const RigKind& kind, SuiteRun& run) {
    if (run.options.progress)
        say(fmt::format("\r\033[K{} of {}  {}/{}", run.report.cases().size() + 1, run.total,
                        kind.name, one.id));
    std::fflush(stdout);
    const auto start = std::chrono::steady_clock::now();
    CaseEntry entry{result_of(one, kind, run), one.title, {}};
    entry.wall = since(start);
    const bool listed = run.options.deviations.lists(one.id);
    if (!is_good(entry.result.verdict)) {
        if (run.options.progress) say("\r\033[K");
        if (!run.options.traces_folder.empty() && !entry.result.trace.empty())
            keep_trace(one, entry.result, run.options.traces_folder);
    }
    run.report.add(entry);
    // What is broken was said once.
    if (!is_good(entry.result.verdict) && kind.broken.empty()) print(run.report.cases().back());
    std::fflush(stdout);
    tell_googletest(entry.result, kind.own, listed);
}

class CaseTest : public testing::Test {
  public:
    CaseTest(const Case& one, const RigKind& kind, SuiteRun& run)
        : one_(one), kind_(kind), run_(run) {}
    // After a signal nothing is run; GoogleTest would take what is thrown for a failure.
    void TestBody() override {
        try {
            if (heeded_signal() == 0) return run_one(one_, kind_, run_);
        } catch (const Interrupted& /*end*/) {
        }
        GTEST_SKIP() << "the run was ended";
    }

  private:
    const Case& one_;
    const RigKind& kind_;
    SuiteRun& run_;
};

void add_stale_lines(const std::vector<Case>& cases, const Deviations& deviations, Report& report) {
    std::vector<CaseResult> results;
    for (const CaseEntry& entry : report.cases()) results.push_back(entry.result);
    std::vector<std::string> suite;
    suite.reserve(cases.size());
    for (const Case& one : cases) suite.push_back(one.id);
    for (const std::string& line : deviations.stale(results, suite)) report.add_stale(line);
}

}  // namespace

RigKind rig_kind(const std::string& sut, const std::string& program_folder, Duration patience) {
    if (sut == "simulated")
        return {sut, true, [](const Setting& setting) {
                    return std::make_unique<world::SimulatedRig>(setting);
                }};
    std::string command;
    if (sut == "loopback")
        command = "'" + program_folder + "/qmgr' stdio";
    else if (sut.compare(0, 5, "exec:") == 0 && sut.size() > 5)
        command = sut.substr(5);
    else
        throw InputError("--sut " + sut, "expected simulated, loopback or exec:COMMAND");
    const bool own = sut == "loopback";
    return {own ? sut : "exec", own, [command, patience](const Setting& setting) {
                return std::make_unique<LoopbackRig>(setting, command, patience);
            }};
}

Greeting greeting_of(const RigKind& kind) {
    const std::unique_ptr<Rig> rig = kind.make({});
    const Description system = rig->describe_system();
    Greeting greeting{{kind.name,
                       system.name,
                       system.version,
                       {system.abilities.begin(), system.abilities.end()},
                       kind.own},
                      broken(*rig)};
    auto* loopback = dynamic_cast<LoopbackRig*>(rig.get());
    if (greeting.broken.empty() && missing(*rig).empty() && loopback != nullptr &&
        !loopback->system().refuses_unknown_calls())
        greeting.broken = "a call that does not exist is not answered `unsupported`";
    return greeting;
}

void run_all(const std::vector<Case>& cases, const RunOptions& options, const Catalogue& catalogue,
             Report& report) {
    SuiteRun run{options, catalogue, report, 0};
    for (const RigKind& kind : options.rigs)
        for (const Case* one : selected(cases, kind.name, options.selection, catalogue)) {
            ++run.total;
            // The areas are no suites of GoogleTest: it runs a suite together, and the order is
            // ours.
            testing::RegisterTest(
                kind.name.c_str(), one->id.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                [one, &kind, &run]() -> testing::Test* { return new CaseTest(*one, kind, run); });
        }
    // What the surroundings ask of GoogleTest must not leave out, repeat or reorder a case.
    testing::GTEST_FLAG(filter) = "*";
    testing::GTEST_FLAG(repeat) = 1;
    testing::GTEST_FLAG(shuffle) = false;
    testing::GTEST_FLAG(fail_fast) = false;
    testing::GTEST_FLAG(break_on_failure) = false;
    testing::GTEST_FLAG(throw_on_failure) = false;
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    const bool all_passed = RUN_ALL_TESTS() == 0;
    if (heeded_signal() != 0) throw Interrupted{heeded_signal()};
    QMGR_CHECK(report.cases().empty() || report.good() || !all_passed,
               "GoogleTest passes what the report does not");
    QMGR_CHECK(report.cases().size() == run.total, "a case that was to run is in no report");
    if (options.progress) say("\r\033[K");
    add_stale_lines(cases, options.deviations, report);
}

Date today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

}  // namespace qmgr::conformance
