// Pages that are printed from the source are checked in, so they must be what would be printed now.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

#include "conformance/meta/source_text.hpp"
#include "conformance/meta/state_machines_page.hpp"

namespace qmgr::meta {
namespace {

TEST(FreshDocs, TheStateMachinesPageIsWhatTheTablesPrint) {
    const std::string renew =
        std::string(kStateMachinesPage) + " is stale; this renews it: " + kStateMachinesCommand;
    ASSERT_TRUE(std::filesystem::exists(kStateMachinesPage)) << renew;
    const std::string checked_in = read_file(kStateMachinesPage);
    const std::string printed = state_machines_page();
    const auto old_lines = lines_of(checked_in);
    const auto new_lines = lines_of(printed);
    for (std::size_t i = 0; i < std::max(old_lines.size(), new_lines.size()); ++i) {
        const std::string_view old_line = i < old_lines.size() ? old_lines[i] : "(nothing)";
        const std::string_view new_line = i < new_lines.size() ? new_lines[i] : "(nothing)";
        ASSERT_EQ(old_line, new_line) << "line " << i + 1 << ". " << renew;
    }
    EXPECT_EQ(checked_in, printed) << renew;
}

}  // namespace
}  // namespace qmgr::meta
