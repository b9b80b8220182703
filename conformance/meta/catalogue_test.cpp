// The catalogue of requirements keeps its form, and every id that is cited is in it (decision
// 0007).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/cases/cases.hpp"
#include "conformance/meta/source_text.hpp"
#include "conformance/rig/requirements.hpp"
#include "reference/engine/rules.hpp"

namespace qmgr::meta {
namespace {

using nlohmann::json;

using conformance::whole_of;

constexpr const char* kCatalogue = "conformance/requirements.json";
constexpr const char* kIds = "conformance/requirement_ids.txt";

const json& entries() {
    static const json all = json::parse(read_file(kCatalogue)).at("requirements");
    return all;
}

const conformance::Catalogue& catalogue() {
    static const auto all = conformance::Catalogue::from_file(kCatalogue);
    return all;
}

std::string id_of(const json& entry) { return entry.value("id", "entry without id"); }

bool is_text(const json& entry, const char* field) {
    return entry.contains(field) && entry.at(field).is_string() &&
           !entry.at(field).get_ref<const std::string&>().empty();
}

bool is_one_of(const json& entry, const char* field, std::initializer_list<std::string_view> set) {
    return is_text(entry, field) &&
           std::count(set.begin(), set.end(), entry.at(field).get_ref<const std::string&>()) != 0;
}

/// The path of decision record `number` ("0010"); empty if there is none.
std::string decision_file(const std::string& number) {
    for (const auto& entry : std::filesystem::directory_iterator("docs/decisions")) {
        if (entry.path().filename().string().starts_with(number + "-")) return entry.path();
    }
    return "";
}

TEST(Catalogue, EveryEntryHasItsFieldsAndNoOthers) {
    const std::set<std::string> known = {"id",      "level",    "text",    "basis",   "source",
                                         "allowed", "decision", "retired", "no_case", "restates"};
    for (const json& entry : entries()) {
        SCOPED_TRACE(id_of(entry));
        for (const auto& [field, value] : entry.items()) {
            EXPECT_TRUE(known.contains(field)) << "unknown field " << field;
        }
        for (const char* field : {"id", "text", "source"}) {
            EXPECT_TRUE(is_text(entry, field)) << field;
        }
        EXPECT_TRUE(is_one_of(entry, "level", {"must", "should"}));
        EXPECT_TRUE(is_one_of(entry, "basis", {"documented", "derived", "observed", "chosen"}));
        EXPECT_TRUE(!entry.contains("restates") || !entry.at("restates").empty()) << "restates";
        for (const char* reason : {"retired", "no_case"}) {
            EXPECT_TRUE(!entry.contains(reason) || is_text(entry, reason))
                << reason << " is the reason";
        }
    }
}

TEST(Catalogue, AnAllowedSetHasTwoOrMoreDifferentAnswers) {
    for (const json& entry : entries()) {
        if (!entry.contains("allowed")) continue;
        std::set<std::string> answers;
        for (const json& answer : entry.at("allowed")) answers.insert(answer.get<std::string>());
        EXPECT_GE(answers.size(), 2U) << id_of(entry);
        EXPECT_EQ(answers.size(), entry.at("allowed").size()) << id_of(entry);
    }
}

// One level only: what is restated says it itself.
TEST(Catalogue, AnEntryRestatesOthersThatRestateNothing) {
    for (const conformance::Requirement& entry : catalogue().all()) {
        const std::set<std::string> restated(entry.restates.begin(), entry.restates.end());
        EXPECT_EQ(restated.size(), entry.restates.size()) << entry.id << " says one twice";
        for (const std::string& id : restated) {
            SCOPED_TRACE(entry.id + " restates " + id);
            EXPECT_NE(whole_of(entry.id), whole_of(id));
            EXPECT_FALSE(catalogue().find(id).empty()) << "no such entry";
            for (const conformance::Requirement* other : catalogue().find(id)) {
                EXPECT_TRUE(other->restates.empty()) << "which restates others";
                EXPECT_TRUE(other->retired.empty()) << "which is retired";
            }
        }
    }
}

TEST(Catalogue, AnIdIsWrittenOnceAndStandsAloneOrInParts) {
    const std::regex form("[A-Z]+[0-9]*(-[A-Z0-9]+)*-[0-9]+(-[abc])?");
    std::set<std::string> ids;
    for (const json& entry : entries()) {
        EXPECT_TRUE(std::regex_match(id_of(entry), form)) << id_of(entry);
        EXPECT_TRUE(ids.insert(id_of(entry)).second) << id_of(entry) << " stands there twice";
    }
    for (const std::string& id : ids) {
        const std::string whole = whole_of(id);
        if (whole == id) continue;
        EXPECT_FALSE(ids.contains(whole)) << whole << " and " << id;
        EXPECT_TRUE(ids.contains(whole + "-a")) << id << " without " << whole << "-a";
    }
}

TEST(Catalogue, TheListOfIdsIsSortedAndHasEveryId) {
    const std::string text = read_file(kIds);
    const std::vector<std::string_view> lines = lines_of(text);
    EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end())) << kIds;
    const std::set<std::string> listed(lines.begin(), lines.end());
    EXPECT_EQ(listed.size(), lines.size()) << kIds << " has an id twice";
    std::set<std::string> there;
    for (const json& entry : entries()) there.insert(id_of(entry));
    for (const std::string& id : there) {
        EXPECT_TRUE(listed.contains(id)) << id << " is not in " << kIds;
    }
    for (const std::string& id : listed) {
        EXPECT_TRUE(there.contains(id)) << id << " left " << kCatalogue << "; retire it instead";
    }
}

TEST(Catalogue, AChosenEntryStandsInTheDecisionItNames) {
    for (const json& entry : entries()) {
        SCOPED_TRACE(id_of(entry));
        const bool chosen = entry.value("basis", "") == "chosen";
        EXPECT_EQ(entry.contains("decision"), chosen) << "chosen entries, and only they, name one";
        if (!chosen || !entry.contains("decision")) continue;
        const std::string number = entry.at("decision").get<std::string>();
        const std::string file = decision_file(number);
        if (file.empty()) {
            ADD_FAILURE() << "no docs/decisions/" << number << "-*.md";
            continue;
        }
        const std::string record = read_file(file);
        const bool stands = !lines_with(record, id_of(entry)).empty() ||
                            !lines_with(record, whole_of(id_of(entry))).empty();
        EXPECT_TRUE(stands) << file << " does not say why";
    }
}

TEST(Catalogue, EveryClauseATableRowCitesIsInIt) {
    const auto check = [](const auto& table) {
        for (const auto& row : table) {
            if constexpr (requires { row.impossible; }) {
                EXPECT_EQ(row.clause.empty(), row.impossible) << row.label;
            }
            if (row.clause.empty()) continue;
            EXPECT_FALSE(catalogue().find(std::string(row.clause)).empty())
                << "row " << row.label << " cites " << row.clause;
        }
    };
    check(kDocumentedRules.job);
    check(kDocumentedRules.file);
    check(kDocumentedRules.response);
    check(kDocumentedRules.property);
    check(kDocumentedRules.status);
}

TEST(Catalogue, EveryIdACaseCoversIsInIt) {
    for (const conformance::Case& one : conformance::all_cases()) {
        EXPECT_FALSE(one.covers.empty()) << one.id << " covers nothing";
        for (const std::string& id : one.covers) {
            EXPECT_FALSE(catalogue().find(id).empty()) << one.id << " covers " << id;
        }
    }
}

/// The entries that some case covers.
std::set<std::string> covered_entries() {
    std::set<std::string> covered;
    for (const conformance::Case& one : conformance::all_cases())
        for (const std::string& id : one.covers)
            for (const conformance::Requirement* entry : catalogue().find(id))
                covered.insert(entry->id);
    return covered;
}

// At most one documented clause in twenty may be without a case, and says why.
TEST(Catalogue, EveryClauseHasACaseOrTheReasonWhyNot) {
    const std::set<std::string> covered = covered_entries();
    std::vector<std::string> missing;
    std::size_t documented = 0;
    std::size_t documented_without = 0;
    for (const conformance::Requirement& entry : catalogue().all()) {
        if (!entry.retired.empty()) continue;
        const bool has_case = covered.contains(entry.id);
        const bool is_documented = entry.basis == conformance::Basis::Documented;
        if (is_documented) ++documented;
        if (is_documented && !has_case) ++documented_without;
        if (!has_case && entry.no_case.empty()) missing.push_back(entry.id);
        EXPECT_FALSE(has_case && !entry.no_case.empty())
            << entry.id << " says that no case shows it, and one does";
    }
    std::cout << "documented clauses without a case: " << documented_without << " of " << documented
              << "\n";
    EXPECT_LE(documented_without * 20, documented);
    EXPECT_TRUE(missing.empty()) << "neither a case nor a reason (no_case): " << list(missing);
}

// "GROUP-PROG-1..4" and "NOTIFY-1, -2" cite every id they stand for.
std::set<std::string> cited_in(const std::string& text) {
    const std::regex form(R"(([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-)([0-9]+)(\.\.[0-9]+|(?:, -[0-9]+)*))");
    const std::regex number("[0-9]+");
    std::set<std::string> ids;
    for (std::sregex_iterator it(text.begin(), text.end(), form), end; it != end; ++it) {
        const std::string family = (*it)[1];
        const std::string more = (*it)[3];
        ids.insert(family + (*it)[2].str());
        const bool range = more.starts_with("..");
        for (std::sregex_iterator one(more.begin(), more.end(), number); one != end; ++one) {
            const int last = std::stoi(one->str());
            for (int n = range ? std::stoi((*it)[2]) : last; n <= last; ++n)
                ids.insert(family + std::to_string(n));
        }
    }
    return ids;
}

// A fact of the sheets about BITS jobs that is named like a clause: FILE-06, not FILE-PUB-1.
bool is_fact(const std::string& id) {
    return std::regex_match(id, std::regex("FILE-[0-9]+(-[abc])?"));
}

// What the reference does, it does for a reason that stands in the catalogue.
TEST(Catalogue, EveryClauseOfTheInterfaceIsCitedByTheReference) {
    constexpr auto families =
        std::to_array<std::string_view>({"QMGR", "ENUM", "HANDLE", "GROUP", "PROP", "JOB1",
                                         "NOTIFY", "XFER", "SCHED", "FILE", "SERVICE"});
    std::set<std::string> cited;
    for (const SourceFile& file : project_sources()) {
        if (!file.path.starts_with("reference/") || file.path.ends_with("_test.cpp")) continue;
        cited.merge(cited_in(file.text));
    }
    std::vector<std::string> missing;
    for (const json& entry : entries()) {
        const std::string id = whole_of(id_of(entry));
        const bool ours = std::count(families.begin(), families.end(),
                                     std::string_view(id).substr(0, id.find('-'))) != 0;
        if (!ours || is_fact(id) || entry.contains("retired")) continue;
        if (!cited.contains(id)) missing.push_back(id);
    }
    EXPECT_TRUE(missing.empty()) << list(missing);
}

TEST(Catalogue, EveryIdASourceCitesIsInIt) {
    std::set<std::string> families;  // what ids begin with
    for (const json& entry : entries()) {
        families.insert(id_of(entry).substr(0, id_of(entry).find('-')));
    }
    const std::regex id(R"(\b([A-Z][A-Z0-9]*)(-[A-Z0-9]+)*-[0-9]+(-[abc]\b)?)");
    std::vector<std::string> wrong;
    for (const SourceFile& file : project_sources()) {
        if (file.path.ends_with("_test.cpp")) continue;  // some speak of ids that must be unknown
        std::size_t number = 0;
        for (const std::string_view view : lines_of(file.text)) {
            ++number;
            const std::string line(view);
            for (std::sregex_iterator it(line.begin(), line.end(), id), end; it != end; ++it) {
                if (!families.contains((*it)[1]) || !catalogue().find(it->str()).empty()) continue;
                wrong.push_back(file.path + ":" + std::to_string(number) + ": " + it->str());
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

}  // namespace
}  // namespace qmgr::meta
