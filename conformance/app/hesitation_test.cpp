// On a busy machine a client is kept waiting wherever it stands. A case that may run in real time
// gives the same verdict all the same: what it looks at must not be over by then.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>
#include <variant>

#include "conformance/cases/cases.hpp"
#include "conformance/mutants/twisted_system.hpp"
#include "conformance/world/simulated_rig.hpp"

namespace qmgr::conformance {
namespace {

/// Time passes before each call and after each that changes something: a few milliseconds, one time
/// in eight as much as half a second, which is more than the suite was ever seen to be held up.
class Hesitation {
  public:
    explicit Hesitation(std::uint32_t seed) : draw_(seed) {}
    void operator()(SystemUnderTest& world) {
        const std::uint32_t most_ms = draw_() % 8 == 0 ? 500 : 20;
        dynamic_cast<world::World&>(world).run_for(Duration(draw_() % most_ms));
    }

  private:
    std::mt19937 draw_;
};

world::Variation hesitating(std::uint32_t seed) {
    world::Variation variation;
    variation.system = [seed](SystemUnderTest& inner) {
        auto hesitate = std::make_shared<Hesitation>(seed);
        mutants::Twist twist;
        twist.call = [hesitate](SystemUnderTest& world, const Caller& caller, const Call& call) {
            (*hesitate)(world);
            Reply reply = world.call(caller, call);
            if (std::holds_alternative<std::monostate>(reply.value)) (*hesitate)(world);
            return reply;
        };
        twist.surroundings = [hesitate](SystemUnderTest& world, const Surroundings& what) {
            (*hesitate)(world);
            auto reason = world.surroundings(what);
            (*hesitate)(world);
            return reason;
        };
        twist.restart = [hesitate](SystemUnderTest& world) {
            (*hesitate)(world);
            world.restart();
            (*hesitate)(world);
        };
        return std::make_unique<mutants::TwistedSystem>(inner, std::move(twist));
    };
    return variation;
}

TEST(Cases, ThatRunInRealTimeHoldWhenTheClientHesitates) {
    // More than enough to find each case that leaves less time than that for what it looks at.
    constexpr std::uint32_t kSeeds = 20;
    const Catalogue catalogue = Catalogue::from_file("conformance/requirements.json");
    for (const Case& one : all_cases()) {
        if (std::count(one.needs.begin(), one.needs.end(), "virtual_time") > 0) continue;
        for (std::uint32_t seed = 1; seed <= kSeeds; ++seed) {
            world::SimulatedRig rig(one.setting, hesitating(seed));
            const CaseResult result = run_case(one, "simulated", rig, catalogue);
            EXPECT_EQ(result.verdict, Verdict::Pass) << one.id << ", seed " << seed << ":\n"
                                                     << result.detail;
            if (result.verdict != Verdict::Pass) break;
        }
    }
}

}  // namespace
}  // namespace qmgr::conformance
