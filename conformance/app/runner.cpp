#include "conformance/app/runner.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "conformance/loopback/loopback_rig.hpp"
#include "conformance/world/simulated_rig.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/input_error.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::conformance {
namespace {

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

CaseResult result_of(const Case& one, const RigKind& kind, const Catalogue& catalogue) {
    const std::unique_ptr<Rig> rig = kind.make(one.setting);
    if (auto* loopback = dynamic_cast<LoopbackRig*>(rig.get());
        loopback != nullptr && !loopback->system().broken().empty())
        return {one.id, kind.name, one.covers, Verdict::Fail, loopback->system().broken(), {},
                {},     0,         {}};
    if (auto refused = refused_for_ability(one, kind.name, rig->describe_system())) return *refused;
    CaseResult result = run_case(one, kind.name, *rig, catalogue);
    if (auto* loopback = dynamic_cast<LoopbackRig*>(rig.get());
        loopback != nullptr && !loopback->system().broken().empty()) {
        result.verdict = Verdict::Fail;
        result.detail += "\nthe system broke: " + loopback->system().broken();
    }
    return result;
}

void keep_trace(const Case& one, const CaseResult& result, const std::string& folder) {
    std::filesystem::create_directories(folder);
    const traces::Trace trace{{one.title, one.covers, result.rig, one.setting.policy,
                               one.setting.script, traces::is_masked(result.trace)},
                              result.trace};
    std::ofstream(folder + "/" + result.rig + "." + one.id + ".jsonl") << traces::to_text(trace);
}

void run_one(const Case& one, const RigKind& kind, SuiteRun& run) {
    const auto start = std::chrono::steady_clock::now();
    const CaseResult result = result_of(one, kind, run.catalogue);
    run.report.add(result, since(start));
    if (run.options.progress)
        fmt::print("\r\033[K{} of {}", run.report.results().size(), run.total);
    if (!is_good(result.verdict)) {
        if (run.options.progress) fmt::print("\r\033[K");
        fmt::print("{} {}/{}: {}\n  {}\n", name(result.verdict), kind.name, one.id, one.title,
                   result.detail);
        if (!run.options.traces_folder.empty() && !result.trace.empty())
            keep_trace(one, result, run.options.traces_folder);
    }
    std::fflush(stdout);
    const bool wrong = result.verdict == Verdict::Fail || result.verdict == Verdict::Difference ||
                       result.verdict == Verdict::Inconclusive;
    EXPECT_FALSE(wrong) << result.detail;
}

class CaseTest : public testing::Test {
  public:
    CaseTest(const Case& one, const RigKind& kind, SuiteRun& run)
        : one_(one), kind_(kind), run_(run) {}
    void TestBody() override { run_one(one_, kind_, run_); }

  private:
    const Case& one_;
    const RigKind& kind_;
    SuiteRun& run_;
};

// GoogleTest names have no dots; a filter is written over "rig/area.case" all the same.
std::string suite_name(const Case& one, const RigKind& kind) {
    return kind.name + "/" + area_of(one);
}
std::string test_name(const Case& one) { return one.id.substr(one.id.find('.') + 1); }

}  // namespace

RigKind rig_kind(const std::string& sut, const std::string& program_folder) {
    if (sut == "simulated")
        return {sut, [](const Setting& setting) {
                    return std::make_unique<world::SimulatedRig>(setting);
                }};
    std::string command;
    if (sut == "loopback")
        command = "'" + program_folder + "/qmgr' stdio";
    else if (sut.compare(0, 5, "exec:") == 0 && sut.size() > 5)
        command = sut.substr(5);
    else
        throw InputError("--sut " + sut, "expected simulated, loopback or exec:COMMAND");
    return {sut == "loopback" ? sut : "exec", [command](const Setting& setting) {
                return std::make_unique<LoopbackRig>(setting, command);
            }};
}

bool refuses_unknown_calls(const RigKind& kind) {
    const std::unique_ptr<Rig> rig = kind.make({});
    auto* loopback = dynamic_cast<LoopbackRig*>(rig.get());
    return loopback == nullptr || loopback->system().refuses_unknown_calls();
}

void run_all(const std::vector<Case>& cases, const RunOptions& options, const Catalogue& catalogue,
             Report& report) {
    SuiteRun run{options, catalogue, report, cases.size() * options.rigs.size()};
    for (const RigKind& kind : options.rigs)
        for (const Case& one : cases)
            testing::RegisterTest(
                suite_name(one, kind).c_str(), test_name(one).c_str(), nullptr, nullptr, __FILE__,
                __LINE__,
                [&one, &kind, &run]() -> testing::Test* { return new CaseTest(one, kind, run); });
    testing::GTEST_FLAG(filter) = options.filter;
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    const bool all_passed = RUN_ALL_TESTS() == 0;
    QMGR_CHECK(all_passed == report.good(), "GoogleTest and the report disagree");
    if (options.progress) fmt::print("\r\033[K");
}

}  // namespace qmgr::conformance
