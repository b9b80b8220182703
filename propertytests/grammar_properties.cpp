// Plans and plain numbers are the same thing, for every engine that draws.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "fakeserver/effect_table.hpp"
#include "propertytests/arguments.hpp"
#include "propertytests/generators.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/engine/names.hpp"

namespace qmgr::propertytests {
namespace {

RC_GTEST_PROP(Plans, AreTheSameAfterTheyWereBytes, (const Plan& plan)) {
    RC_ASSERT(decode(encode(plan)) == plan);
    RC_ASSERT(plan_from_hex(to_hex(plan), "test") == plan);
}

RC_GTEST_PROP(Plans, AreMeantByAnyBytes, (const std::vector<std::uint8_t>& bytes)) {
    const Plan plan = decode(bytes);
    RC_ASSERT(decode(encode(plan)) == plan);
    RC_ASSERT(plan.faults.size() <= kMostFaults);
    for (const Command& command : plan.commands) {
        RC_ASSERT(static_cast<std::size_t>(command.kind) < kKinds);
        RC_ASSERT(command.slot < kSlots && command.user < kUsers);
    }
}

TEST(Plans, AreRefusedWhereTheyAreNoHexDigits) {
    for (const char* hex : {"0", "0g", "00 0", "0X00", "a\n"})
        EXPECT_THROW(plan_from_hex(hex, "test"), InputError) << hex;
    EXPECT_EQ(plan_from_hex("", "test"), Plan{});
}

TEST(Commands, OfEveryKindAreDrawnFromOneByte) {
    std::set<Kind> kinds;
    std::set<std::string_view> names;
    for (unsigned byte = 0; byte < 256; ++byte)
        kinds.insert(decode_command({static_cast<std::uint8_t>(byte)}).kind);
    for (const Kind kind : kinds) names.insert(name(kind));
    EXPECT_EQ(kinds.size(), kKinds);
    EXPECT_EQ(names.size(), kKinds);
}

TEST(Commands, ThatAreCallsMakeTheCallOfTheirPlace) {
    const AuditedWorld world(Plan{});
    for (std::size_t i = 0; i < kCalls; ++i)
        EXPECT_EQ(world.client().call_for({static_cast<Kind>(i)}).index(), i);
}

// A bad name that became a good one would no longer test what it is there for.
TEST(Commands, HaveBadNamesThatAreRefused) {
    const Policy policy = policy_for_plans();
    for (std::uint32_t i = 0; i < 100; ++i) {
        EXPECT_FALSE(is_remote_name(bad_remote_name(i), policy)) << bad_remote_name(i);
        const std::string local = bad_local_name(i);
        const bool elsewhere = local.starts_with(kNowhere) || local.starts_with(kProtected);
        EXPECT_EQ(is_local_name(local, policy), elsewhere) << local;
    }
}

RC_GTEST_PROP(Faults, HaveEveryParameterTheirEffectReads, (const PlannedFault& planned)) {
    const fakeserver::FaultRule rule = rule_of(planned, 0, 1);
    RC_ASSERT(rule.faults.size() == 1U);
    const fakeserver::Fault& fault = rule.faults.front();
    for (const auto& use : fakeserver::effect_row(fault.effect).parameters) {
        if (use.need == fakeserver::Need::Optional) continue;
        if (use.parameter == fakeserver::Parameter::ChunkBytes) RC_ASSERT(fault.chunk_bytes >= 1U);
        if (use.parameter == fakeserver::Parameter::BytesPerSecond)
            RC_ASSERT(fault.bytes_per_second >= 1U);
        if (use.parameter == fakeserver::Parameter::Slices) RC_ASSERT(!fault.slices.empty());
        if (use.parameter == fakeserver::Parameter::Headers) RC_ASSERT(!fault.headers.empty());
        if (use.parameter == fakeserver::Parameter::Seed) RC_ASSERT(fault.seed.has_value());
        if (use.parameter == fakeserver::Parameter::Bytes)
            RC_ASSERT(fault.bytes && *fault.bytes >= use.least && *fault.bytes <= use.most);
    }
    // A rule that meets connections can name nothing else.
    if (fakeserver::is_of_connection(fault)) RC_ASSERT(!rule.match.path && !rule.match.method);
}

}  // namespace
}  // namespace qmgr::propertytests
