#include "propertytests/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "propertytests/site.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::propertytests {
namespace {

constexpr std::size_t kFaultBytes = 8;
constexpr std::size_t kSeedBytes = 8;
constexpr std::uint8_t kWhichs = 4;
constexpr std::uint8_t kTimes = 8;
using Bytes = std::span<const std::uint8_t>;

// The number in `count` bytes from `at` on, lowest first; what is missing is 0.
std::uint64_t number_in(Bytes bytes, std::size_t at, std::size_t count) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < count && at + i < bytes.size(); ++i)
        number |= std::uint64_t{bytes[at + i]} << 8U * i;
    return number;
}

void append(std::vector<std::uint8_t>& bytes, std::uint64_t number, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        bytes.push_back(static_cast<std::uint8_t>(number >> 8U * i & 0xFFU));
}

PlannedFault fault_in(Bytes bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return number_in(bytes, at + i, 1); };
    return {static_cast<std::uint8_t>(byte(0) % kEffects),
            static_cast<std::uint8_t>(byte(1) % (kResources + 1)),
            static_cast<std::uint8_t>(byte(2) % kWhichs),
            static_cast<std::uint8_t>(byte(3) % kTimes),
            static_cast<std::uint32_t>(number_in(bytes, at + 4, 4))};
}

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

Plan decode(std::span<const std::uint8_t> bytes) {
    Plan plan;
    plan.seed = number_in(bytes, 0, kSeedBytes);
    const std::size_t faults = number_in(bytes, kSeedBytes, 1) % (kMostFaults + 1);
    std::size_t at = kSeedBytes + 1;
    for (std::size_t i = 0; i < faults; ++i, at += kFaultBytes)
        plan.faults.push_back(fault_in(bytes, at));
    for (; at + kCommandBytes <= bytes.size(); at += kCommandBytes) {
        std::array<std::uint8_t, kCommandBytes> one{};
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), kCommandBytes, one.begin());
        plan.commands.push_back(decode_command(one));
    }
    return plan;
}

std::vector<std::uint8_t> encode(const Plan& plan) {
    QMGR_CHECK(plan.faults.size() <= kMostFaults, "a plan with more faults than can be encoded");
    std::vector<std::uint8_t> bytes;
    append(bytes, plan.seed, kSeedBytes);
    append(bytes, plan.faults.size(), 1);
    for (const PlannedFault& fault : plan.faults) {
        for (const std::uint8_t one : {fault.effect, fault.resource, fault.which, fault.times})
            append(bytes, one, 1);
        append(bytes, fault.at, 4);
    }
    for (const Command& command : plan.commands) {
        const auto one = encode_command(command);
        bytes.insert(bytes.end(), one.begin(), one.end());
    }
    return bytes;
}

std::string to_text(const Plan& plan) {
    std::string text = fmt::format("seed {}\n", plan.seed);
    for (const PlannedFault& fault : plan.faults) text += "fault " + to_text(fault) + "\n";
    for (const Command& command : plan.commands) text += to_text(command) + "\n";
    return text;
}

std::string to_hex(const Plan& plan) {
    std::string hex;
    for (const std::uint8_t byte : encode(plan)) {
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 0xFU];
    }
    return hex;
}

Plan plan_from_hex(std::string_view hex, const std::string& where) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const std::size_t high = kDigits.find(hex[i]);
        const std::size_t low = i + 1 < hex.size() ? kDigits.find(hex[i + 1]) : hex.npos;
        if (high == hex.npos || low == hex.npos)
            throw InputError(where, fmt::format("pairs of hex digits expected at {}", i));
        bytes.push_back(static_cast<std::uint8_t>(high << 4U | low));
    }
    return decode(bytes);
}

// Times are long beside the simulated line (10 ms to an answer) and short beside LetTimePass, so
// that every one of them passes in some runs and is cut short in others.
Policy policy_for_plans() {
    Policy policy;
    policy.retry_delay = std::chrono::seconds(60);
    policy.no_progress_timeout = std::chrono::minutes(10);
    policy.retry_after_limit = std::chrono::minutes(3);
    policy.time_slice = Duration(100);
    policy.sync_interval = Duration(40);
    policy.sync_bytes = 1ULL << 20U;
    policy.stall_timeout = std::chrono::seconds(5);
    policy.network_retries = 3;
    policy.inactivity_timeout = std::chrono::hours(12);
    policy.callbacks_at_once = 2;
    policy.jobs_per_user = 3;
    policy.jobs_per_machine = 4;
    policy.files_per_job = 4;
    return policy;
}

}  // namespace qmgr::propertytests
