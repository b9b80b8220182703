// Random commands one after another, each judged by the auditor and the invariants: RapidCheck's
// own engine for stateful systems.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <ostream>

#include "propertytests/generators.hpp"

namespace qmgr::propertytests {
namespace {

/// What a client knows is the auditor's business; RapidCheck has nothing to keep.
struct Nothing {};

struct Perform : rc::state::Command<Nothing, AuditedWorld> {
    Perform() : command(*rc::gen::arbitrary<propertytests::Command>()) {}
    void run(const Nothing& /*before*/, AuditedWorld& world) const override {
        world.perform(command);
        assert_clean(world);
    }
    void show(std::ostream& os) const override { os << to_text(command); }

    propertytests::Command command;
};

void perform_any(const Plan& plan) {
    AuditedWorld world(plan);
    const auto commands =
        *rc::state::gen::commands(Nothing{}, rc::state::gen::execOneOfWithArgs<Perform>());
    rc::state::runAll(commands, Nothing{}, world);
    world.end();
    assert_clean(world);
}

RC_GTEST_PROP(Calls, AreAnsweredAsTheClausesAllow, (std::uint64_t seed)) {
    perform_any({seed, {}, {}});
}

RC_GTEST_PROP(Calls, AreAnsweredAsTheClausesAllowWhateverTheServerDoes,
              (std::uint64_t seed, const PlannedFault& one, const PlannedFault& other)) {
    perform_any({seed, {one, other}, {}});
}

}  // namespace
}  // namespace qmgr::propertytests
