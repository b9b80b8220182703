#include "fakeserver/content.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

namespace qmgr::fakeserver {
namespace {

std::vector<std::byte> content(std::uint64_t seed, std::uint64_t offset, std::size_t count) {
    std::vector<std::byte> bytes(count);
    fill_content(seed, offset, bytes);
    return bytes;
}

std::string hex(const std::vector<std::byte>& bytes) {
    std::string text;
    for (const std::byte byte : bytes) {
        std::array<char, 3> digits{};
        std::snprintf(digits.data(), digits.size(), "%02x", std::to_integer<unsigned>(byte));
        text += digits.data();
    }
    return text;
}

// The expected bytes come from a second implementation of the definition (splitmix64's finaliser
// over mix(seed + gamma) + k * gamma, words little-endian), written in Python.
TEST(Content, IsTheSameInEveryRelease) {
    EXPECT_EQ(hex(content(0, 0, 16)), "bfd43cff268221486f7e194d2fdd06a7");
    EXPECT_EQ(hex(content(1, 0, 16)), "b8d5c082fc23e4dc1e61397408ab415e");
    EXPECT_EQ(hex(content(1, 5, 13)), "23e4dc1e61397408ab415eeef1");
}

TEST(Content, HasEveryOffsetUpToTheEndOf64Bits) {
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(hex(content(7, (std::uint64_t{1} << 40U) + 3, 9)), "26a504a7b88c24e949");
    EXPECT_EQ(hex(content(kMax, kMax - 15, 8)), "cd483691d52ac414");
}

TEST(Content, IsTheSameHoweverItIsCut) {
    const std::vector<std::byte> whole = content(3, 0, 64);
    for (std::size_t from = 0; from <= whole.size(); ++from) {
        for (std::size_t to = from; to <= whole.size(); ++to) {
            const auto first = whole.begin() + static_cast<std::ptrdiff_t>(from);
            const auto last = whole.begin() + static_cast<std::ptrdiff_t>(to);
            EXPECT_EQ(content(3, from, to - from), std::vector<std::byte>(first, last))
                << from << " to " << to;
        }
    }
}

TEST(Content, OfNeighbouringSeedsSharesNoWord) {
    EXPECT_NE(content(1, 8, 8), content(2, 0, 8));
    EXPECT_NE(content(1, 0, 8), content(2, 0, 8));
}

TEST(Content, IsRecognisedAtAnyOffset) {
    EXPECT_TRUE(is_content(9, 12345, content(9, 12345, 20000)));
    EXPECT_TRUE(is_content(9, 0, {}));
}

TEST(Content, WithOneWrongBitIsNotRecognised) {
    std::vector<std::byte> bytes = content(9, 12345, 20000);
    bytes.back() ^= std::byte{1};
    EXPECT_FALSE(is_content(9, 12345, bytes));
    bytes.back() ^= std::byte{1};
    bytes.front() ^= std::byte{0x80};
    EXPECT_FALSE(is_content(9, 12345, bytes));
}

TEST(Content, FromAnotherOffsetIsNotRecognised) {
    EXPECT_FALSE(is_content(9, 12344, content(9, 12345, 100)));
}

}  // namespace
}  // namespace qmgr::fakeserver
