// Commands to the engine and everything around it: any bytes are a plan, and no plan may lead to
// anything that the auditor or an invariant forbids.
#include <fmt/format.h>

#include <span>

#include "propertytests/play.hpp"
#include "propertytests/swarm.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"

namespace qmgr {

// Runs of a swarm: beginnings of all kinds.
std::vector<std::string> fuzz_seeds() {
    constexpr std::uint64_t count = 6;
    constexpr std::size_t commands = 12;
    std::vector<std::string> seeds;
    for (std::uint64_t run = 0; run < count; ++run) {
        const auto bytes = propertytests::encode(propertytests::plan_of(1, run, commands));
        seeds.emplace_back(bytes.begin(), bytes.end());
    }
    return seeds;
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr::propertytests;  // NOLINT(google-build-using-namespace): of one body
    const Plan plan = decode(std::span(data, size));
    QMGR_CHECK(decode(encode(plan)) == plan, "a plan is another one after it was bytes");
    const Outcome outcome = play(plan);
    if (!outcome.violations.empty()) {
        const Violation& first = outcome.violations.front();
        QMGR_CHECK(false, fmt::format("{} ({}): {}; qmgr-swarm --play {}", first.invariant,
                                      first.clause, first.what, to_hex(plan)));
    }
    return 0;
}
