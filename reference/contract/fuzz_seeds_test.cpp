// What every fuzz target has to do with its own seeds, so that none can rot between two runs of the
// fuzzer. Built once with each target.
#include <gtest/gtest.h>

#include "reference/contract/fuzz_target.hpp"

namespace qmgr {
namespace {

void give(const std::string& input) {
    EXPECT_EQ(
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size()),
        0);
}

TEST(FuzzSeeds, KeepEveryPromise) {
    give("");
    ASSERT_FALSE(fuzz_seeds().empty());
    for (const std::string& seed : fuzz_seeds()) give(seed);
}

TEST(FuzzSeeds, KeepEveryPromiseWhenTheyAreCutShort) {
    for (const std::string& seed : fuzz_seeds())
        for (std::size_t length = 0; length < seed.size(); ++length) give(seed.substr(0, length));
}

TEST(FuzzSeeds, KeepEveryPromiseWhenOneByteIsAnother) {
    constexpr std::string_view others("\0\n \"09:/\xC3", 9);
    for (const std::string& seed : fuzz_seeds()) {
        for (std::size_t i = 0; i < seed.size(); ++i) {
            std::string changed = seed;
            changed[i] = others[i % others.size()];
            give(changed);
        }
    }
}

}  // namespace
}  // namespace qmgr
