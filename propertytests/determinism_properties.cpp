// The same plan gives the same run, to the byte: a cheap guard against a hidden clock, the order of
// a hash, or a pointer as a key.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "propertytests/generators.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::propertytests {
namespace {

std::string trace_of(const Plan& plan) {
    conformance::Setting setting;
    setting.script = script_of(plan);
    setting.policy = policy_for_plans();
    world::SimulatedRig rig(setting);
    Client client({rig.world(), rig.world(), [] {}}, plan);
    for (const Command& command : plan.commands) client.perform(command);
    rig.world().run_for(std::chrono::minutes(1));
    return traces::to_text(rig.trace("one run"));
}

RC_GTEST_PROP(Determinism, TheSamePlanGivesTheSameTraceToTheByte, (const Plan& plan)) {
    RC_ASSERT(trace_of(plan) == trace_of(plan));
}

// A guard of the guard: a trace that says nothing would always be the same.
TEST(Determinism, OtherCommandsGiveAnotherTrace) {
    Plan plan{0,
              {},
              {{Kind::CreateGroup, 0, 0, 0, 0},
               {Kind::CreateJob, 0, 0, 0, 0},
               {Kind::AddFiles, 0, 0, 0, static_cast<std::uint32_t>(SiteFile::Small)},
               {Kind::ResumeGroup, 0, 0, 0, 0}}};
    const std::string whole = trace_of(plan);
    plan.commands.pop_back();
    EXPECT_NE(trace_of(plan), whole);
}

}  // namespace
}  // namespace qmgr::propertytests
