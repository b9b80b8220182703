#include "fakeserver/byte_range.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace qmgr::fakeserver {
namespace {

using enum RangeAnswer::Kind;

struct Row {
    std::string_view range;
    std::uint64_t size;
    RangeAnswer answer;
};

TEST(ReadRange, FollowsItsTable) {
    constexpr std::array kRows{
        Row{"bytes=0-0", 1000, {Part, {0, 0}}},
        Row{"bytes=100-199", 1000, {Part, {100, 199}}},
        Row{"bytes=100-", 1000, {Part, {100, 999}}},
        Row{"bytes=0-", 1000, {Part, {0, 999}}},
        Row{"bytes=900-5000", 1000, {Part, {900, 999}}},
        Row{"bytes=999-999", 1000, {Part, {999, 999}}},
        Row{"bytes=-1", 1000, {Part, {999, 999}}},
        Row{"bytes=-300", 1000, {Part, {700, 999}}},
        Row{"bytes=-5000", 1000, {Part, {0, 999}}},
        Row{"BYTES=1-2", 1000, {Part, {1, 2}}},
        Row{"bytes=5-99999999999999999999999", 1000, {Part, {5, 999}}},
        Row{"bytes=4294967296-4294967297", 5000000000, {Part, {4294967296, 4294967297}}},
        Row{"bytes=1000-", 1000, {Unsatisfiable, {}}},
        Row{"bytes=1000-1999", 1000, {Unsatisfiable, {}}},
        Row{"bytes=99999999999999999999999-", 1000, {Unsatisfiable, {}}},
        Row{"bytes=-0", 1000, {Unsatisfiable, {}}},
        Row{"bytes=0-", 0, {Unsatisfiable, {}}},
        Row{"bytes=-1", 0, {Unsatisfiable, {}}},
        Row{"bytes=0-9,20-29", 1000, {}},
        Row{"items=0-9", 1000, {}},
        Row{"bytes=9-0", 1000, {}},
        Row{"bytes=-", 1000, {}},
        Row{"bytes=", 1000, {}},
        Row{"bytes", 1000, {}},
        Row{"bytes=5", 1000, {}},
        Row{"bytes=a-b", 1000, {}},
        Row{"bytes=+1-2", 1000, {}},
        Row{"bytes=1-2-3", 1000, {}},
        Row{"bytes = 0-9", 1000, {}},
        Row{"", 1000, {}},
    };
    for (const Row& row : kRows) {
        EXPECT_EQ(read_range(row.range, row.size), row.answer) << row.range << " of " << row.size;
    }
}

}  // namespace
}  // namespace qmgr::fakeserver
