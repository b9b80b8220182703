// A whole run of a property test as a value: what the server does wrong, and what is done. The same
// plan gives the same run, to the byte; a failing plan is what is shrunk, kept and played again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fakeserver/script.hpp"
#include "propertytests/commands.hpp"
#include "reference/contract/policy.hpp"

namespace qmgr::propertytests {

/// One lie of the server. Plain numbers; what the effect does not read is not looked at.
struct PlannedFault {
    std::uint8_t effect = 0;    ///< row of fakeserver::effect_table(), below kEffects
    std::uint8_t resource = 0;  ///< below kResources, or kResources for every one
    /// Which requests: 0 GET, 1 HEAD, 2 both, 3 GET of a range. Of an effect on connections it is
    /// the number of the connection, 0 for all.
    std::uint8_t which = 0;  ///< below 4
    std::uint8_t times = 0;  ///< fires so often, below 8; 0: until the server is healed
    std::uint32_t at = 0;    ///< the detail its parameters are made of: a byte, a time, a status
    bool operator==(const PlannedFault&) const = default;
};
inline constexpr std::size_t kEffects =
    static_cast<std::size_t>(fakeserver::Effect::NetworkLoss) + 1;
/// Rules are tried for every request, so a plan has a handful.
inline constexpr std::size_t kMostFaults = 15;

struct Plan {
    std::uint64_t seed = 0;  ///< of what the faults draw
    std::vector<PlannedFault> faults;
    std::vector<Command> commands;
    bool operator==(const Plan&) const = default;
};

/// Total: any bytes are a plan. The first eight are the seed, the next one counts the faults, eight
/// bytes each; then come the commands, eight bytes each. What is missing is 0; a command that is
/// cut short is none.
Plan decode(std::span<const std::uint8_t> bytes);
/// REQUIRES: at most kMostFaults faults, every number in its range. decode() gives the same plan
/// back.
std::vector<std::uint8_t> encode(const Plan& plan);

std::string to_text(const PlannedFault& fault);
/// A line for the seed, one for each fault, one for each command.
std::string to_text(const Plan& plan);
/// Two hex digits for each byte of encode(): the argument of `qmgr-swarm --play`.
std::string to_hex(const Plan& plan);
/// Reads what to_hex() writes. Anything but pairs of hex digits is an InputError at `where`.
Plan plan_from_hex(std::string_view hex, const std::string& where);

/// The rule of a fault, under the name "fault-`number`".
fakeserver::FaultRule rule_of(const PlannedFault& fault, std::size_t number, std::uint64_t seed);
/// The rules of all faults of a plan.
std::vector<fakeserver::FaultRule> rules_of(const Plan& plan);
/// What the server has at first, and the rules of the plan.
fakeserver::Script script_of(const Plan& plan);

/// True of an effect that gives wrong bytes under a head nobody can find fault with: after it the
/// invariant that visible files are whole and of one version says nothing.
bool may_break_bytes(std::uint8_t effect);
bool may_break_bytes(const Plan& plan);

/// Limits that five groups reach, and delays that are short beside LetTimePass.
Policy policy_for_plans();

}  // namespace qmgr::propertytests
