// How RapidCheck draws commands and plans, and shows them.
#pragma once

#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <ostream>
#include <vector>

#include "propertytests/play.hpp"

namespace rc {

template <>
struct Arbitrary<qmgr::propertytests::Command> {
    /// One number of 64 bits, whatever the size of the case: each of its bytes has its meaning. A
    /// smaller number is a simpler command.
    static Gen<qmgr::propertytests::Command> arbitrary() {
        return gen::map(gen::resize(kNominalSize, gen::arbitrary<std::uint64_t>()),
                        [](std::uint64_t number) {
                            std::array<std::uint8_t, qmgr::propertytests::kCommandBytes> bytes{};
                            for (std::uint8_t& byte : bytes) {
                                byte = static_cast<std::uint8_t>(number & 0xFFU);
                                number >>= 8U;
                            }
                            return qmgr::propertytests::decode_command(bytes);
                        });
    }
};

template <>
struct Arbitrary<qmgr::propertytests::PlannedFault> {
    static Gen<qmgr::propertytests::PlannedFault> arbitrary() {
        using namespace qmgr::propertytests;  // NOLINT(google-build-using-namespace): of one body
        const auto below = [](std::size_t most) {
            return gen::resize(kNominalSize,
                               gen::inRange<std::uint8_t>(0, static_cast<std::uint8_t>(most)));
        };
        return gen::build<PlannedFault>(gen::set(&PlannedFault::effect, below(kEffects)),
                                        gen::set(&PlannedFault::resource, below(kResources + 1)),
                                        gen::set(&PlannedFault::which, below(4)),
                                        gen::set(&PlannedFault::times, below(8)),
                                        gen::set(&PlannedFault::at));
    }
};

template <>
struct Arbitrary<qmgr::propertytests::Plan> {
    /// With at most four faults: more hide each other.
    static Gen<qmgr::propertytests::Plan> arbitrary() {
        using namespace qmgr::propertytests;  // NOLINT(google-build-using-namespace): of one body
        const auto faults = gen::map(gen::arbitrary<std::vector<PlannedFault>>(),
                                     [](std::vector<PlannedFault> all) {
                                         if (all.size() > 4) all.resize(4);
                                         return all;
                                     });
        return gen::build<Plan>(gen::set(&Plan::seed), gen::set(&Plan::faults, faults),
                                gen::set(&Plan::commands));
    }
};

}  // namespace rc

namespace qmgr::propertytests {

inline void showValue(const Command& command, std::ostream& os) { os << to_text(command); }
inline void showValue(const PlannedFault& fault, std::ostream& os) { os << to_text(fault); }
inline void showValue(const Plan& plan, std::ostream& os) {
    os << to_text(plan) << "again: qmgr-swarm --play " << to_hex(plan);
}

/// The first thing that is not allowed, as RapidCheck's failure.
inline void assert_clean(const AuditedWorld& world) {
    if (world.is_clean()) return;
    const Violation first = world.violations().front();
    RC_FAIL(first.invariant + " (" + first.clause + "): " + first.what);
}

/// Likewise for a whole plan.
inline void assert_clean(const Outcome& outcome) {
    if (outcome.violations.empty()) return;
    const Violation& first = outcome.violations.front();
    RC_FAIL(first.invariant + " (" + first.clause + "): " + first.what);
}

}  // namespace qmgr::propertytests
