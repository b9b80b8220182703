// A system may count stored bytes in blocks. Cases that only have to catch a transfer in its middle
// judge it as any other.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include "conformance/cases/cases.hpp"
#include "conformance/mutants/twisted_system.hpp"
#include "conformance/world/simulated_rig.hpp"

namespace qmgr::conformance {
namespace {

// As of 40,000 bytes sent before a silence one system was seen to count 36,864.
constexpr std::uint32_t kBlock = 4'096;

world::Variation counting_in_blocks() {
    world::Variation variation;
    variation.system = [](SystemUnderTest& inner) {
        mutants::Twist twist;
        twist.call = [](SystemUnderTest& world, const Caller& caller, const Call& call) {
            Reply reply = world.call(caller, call);
            const auto* asked = std::get_if<call::GetGroupProgress>(&call);
            auto* progress = std::get_if<value::Progress>(&reply.value);
            if (asked && progress && asked->flag == ProgressFlag::SizeDone)
                progress->amount -= progress->amount % kBlock;
            return reply;
        };
        return std::make_unique<mutants::TwistedSystem>(inner, std::move(twist));
    };
    return variation;
}

TEST(Cases, ThatCatchATransferDoNotNeedItsLastByte) {
    constexpr std::array<std::string_view, 10> kCatching = {
        "group_lifecycle.cancel",
        "group_lifecycle.cancel_keeps_finished",
        "group_lifecycle.download",
        "group_lifecycle.foreground_beside_background",
        "group_lifecycle.suspend",
        "group_effects.third_of_five",
        "group_effects.cancel_blocked",
        "job_files.foreground_order",
        "job_files.replace",
        "job_status.only_with_error"};
    const Catalogue catalogue = Catalogue::from_file("conformance/requirements.json");
    std::size_t found = 0;
    for (const Case& one : all_cases()) {
        if (std::find(kCatching.begin(), kCatching.end(), one.id) == kCatching.end()) continue;
        ++found;
        world::SimulatedRig rig(one.setting, counting_in_blocks());
        const CaseResult result = run_case(one, "simulated", rig, catalogue);
        EXPECT_EQ(result.verdict, Verdict::Pass) << one.id << ":\n" << result.detail;
    }
    EXPECT_EQ(found, kCatching.size());
}

}  // namespace
}  // namespace qmgr::conformance
