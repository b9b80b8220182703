// The cases as data: what the runner and the reports rely on.
#include "conformance/cases/cases.hpp"

#include <gtest/gtest.h>

#include <set>

#include "conformance/rig/stub_rig.hpp"

namespace qmgr::conformance {
namespace {

const std::set<std::string> kAbilities = {"users",  "sessions",    "network",     "pause",
                                          "disk",   "journal",     "restart",     "notify",
                                          "policy", "permissions", "virtual_time"};

TEST(Cases, HaveIdsOfTheirOwnUnderTheAreaOfTheirFile) {
    std::set<std::string> ids;
    const std::set<std::string> areas = {
        "group_lifecycle", "group_effects", "group_states", "group_properties", "handles",
        "job_files",       "job_status",    "progress",     "enumeration",      "http_ranges",
        "http_errors",     "restart",       "surroundings", "notifications",    "limits",
        "requests",        "http_statuses", "waiting",      "http_bodies",      "http_redirects",
        "changed_files",   "scheduling",    "disk_files",   "durations",        "callbacks"};
    for (const Case& one : all_cases()) {
        EXPECT_TRUE(ids.insert(one.id).second) << one.id << " stands twice";
        EXPECT_TRUE(areas.contains(area_of(one.id))) << one.id;
        EXPECT_FALSE(one.title.empty()) << one.id;
    }
    EXPECT_GE(ids.size(), 30U);
}

TEST(Cases, CoverClausesOfTheCatalogue) {
    const Catalogue catalogue = Catalogue::from_file("conformance/requirements.json");
    for (const Case& one : all_cases()) {
        EXPECT_FALSE(one.covers.empty()) << one.id;
        for (const std::string& clause : one.covers)
            EXPECT_FALSE(catalogue.find(clause).empty()) << one.id << " covers " << clause;
    }
}

TEST(Cases, NeedAbilitiesThatExist) {
    for (const Case& one : all_cases())
        for (const std::string& ability : one.needs)
            EXPECT_TRUE(kAbilities.contains(ability)) << one.id << " needs " << ability;
}

// An expectation that fails does not end a case, and nobody catches what it throws.
TEST(Cases, EndAlsoOnASystemThatDoesNothing) {
    const Catalogue catalogue = Catalogue::from_file("conformance/requirements.json");
    for (const Case& one : all_cases()) {
        StubRig rig;
        rig.system.refuses_surroundings = false;
        EXPECT_NO_THROW(run_case(one, "stub", rig, catalogue)) << one.id;
    }
}

}  // namespace
}  // namespace qmgr::conformance
