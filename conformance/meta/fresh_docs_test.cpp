// Pages that are printed from the source are checked in, so they must be what would be printed now.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

#include "conformance/meta/requirements_page.hpp"
#include "conformance/meta/source_text.hpp"
#include "conformance/meta/state_machines_page.hpp"

namespace qmgr::meta {
namespace {

void expect_fresh(const std::string& page, const std::string& printed, const char* command) {
    const std::string renew = page + " is stale; this renews it: " + command;
    ASSERT_TRUE(std::filesystem::exists(page)) << renew;
    const std::string checked_in = read_file(page);
    const auto old_lines = lines_of(checked_in);
    const auto new_lines = lines_of(printed);
    for (std::size_t i = 0; i < std::max(old_lines.size(), new_lines.size()); ++i) {
        const std::string_view old_line = i < old_lines.size() ? old_lines[i] : "(nothing)";
        const std::string_view new_line = i < new_lines.size() ? new_lines[i] : "(nothing)";
        ASSERT_EQ(old_line, new_line) << "line " << i + 1 << ". " << renew;
    }
    EXPECT_EQ(checked_in, printed) << renew;
}

TEST(FreshDocs, TheStateMachinesPageIsWhatTheTablesPrint) {
    expect_fresh(kStateMachinesPage, state_machines_page(), kStateMachinesCommand);
}

TEST(FreshDocs, TheRequirementsPageIsWhatTheCatalogueAndTheCasesPrint) {
    expect_fresh(kRequirementsPage, requirements_page(), kRequirementsCommand);
}

}  // namespace
}  // namespace qmgr::meta
