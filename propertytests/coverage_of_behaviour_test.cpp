// Whether the page of reached behaviour is what the swarm reaches; millions of commands.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "propertytests/coverage.hpp"
#include "propertytests/swarm.hpp"

namespace qmgr::propertytests {
namespace {

constexpr const char* kRules = "propertytests/unreached.txt";
constexpr const char* kPage = "docs/coverage-of-behaviour.md";

std::string contents_of(const char* path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(CoverageOfBehaviour, IsFreshAndEveryCellIsReachedOrExplained) {
    const Cells reached = reached_by(coverage_swarm());
    const auto rules = read_rules(contents_of(kRules), kRules);
    for (const std::string& wrong : disagreements(reached, rules)) ADD_FAILURE() << wrong;
    EXPECT_TRUE(contents_of(kPage) == coverage_page(reached, rules, kPrintsCoverage))
        << kPage << " is not what `" << kPrintsCoverage << "` prints";
}

}  // namespace
}  // namespace qmgr::propertytests
