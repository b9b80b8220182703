#include "conformance/app/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "conformance/app/report_json.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

Requirement clause(const std::string& id, Basis basis = Basis::Documented) {
    Requirement one;
    one.id = id;
    one.text = "The text of " + id;
    one.basis = basis;
    one.source = "a page";
    return one;
}

CaseEntry entry(const std::string& id, const std::string& rig, Verdict verdict,
                std::vector<std::string> covers = {"A-1"}) {
    CaseEntry one;
    one.result.id = id;
    one.result.rig = rig;
    one.result.covers = std::move(covers);
    one.result.verdict = verdict;
    one.title = "A title";
    one.wall = std::chrono::microseconds(1500);
    one.result.elapsed = Duration(20);
    return one;
}

Report sample() {
    Report report({clause("A-1"), clause("B-2-a"), clause("B-2-b", Basis::Chosen), clause("C-3")});
    report.add({"simulated", "qmgr reference", "0.1.0", {"users"}, true});
    report.add({"exec", "aria2", "1.36", {}, false});
    report.add(entry("area.one", "simulated", Verdict::Pass));
    report.add(entry("area.two", "simulated", Verdict::Lenient, {"A-1", "B-2"}));
    report.add(entry("area.one", "exec", Verdict::Unsupported));
    CaseEntry different = entry("area.two", "exec", Verdict::Difference, {"B-2"});
    different.result.detail = "B-2: it answers: expected 1, actual 2";
    different.result.findings = {{Verdict::Difference, "B-2", "it answers", "1", "2"}};
    different.result.expectations = 3;
    different.result.trace = {{traces::Kind::In, Duration(0), R"({"restart":true})"},
                              {traces::Kind::Out, Duration(4), R"({"reply":{"hresult":"S_OK"}})"},
                              {traces::Kind::Note, Duration(0), "a remark"},
                              {traces::Kind::Why, Duration(5), R"({"row":"J-01"})"},
                              {traces::Kind::Seen, Duration(6), R"({"request":{"path":"/a"}})"}};
    report.add(different);
    return report;
}

TEST(Report, JudgesAClauseByTheWorstOfItsCases) {
    const Report report = sample();
    EXPECT_EQ(report.verdict_of(report.clauses()[0], "simulated"), Verdict::Lenient);
    EXPECT_EQ(report.verdict_of(report.clauses()[0], "exec"), Verdict::Unsupported);
    EXPECT_EQ(report.verdict_of(report.clauses()[0]), Verdict::Unsupported);
    EXPECT_EQ(report.verdict_of(report.clauses()[1], "exec"), Verdict::Difference);
    EXPECT_EQ(report.verdict_of(report.clauses()[2], "exec"), Verdict::Difference);
    EXPECT_EQ(report.verdict_of(report.clauses()[3]), std::nullopt);
}

TEST(Report, IsGoodUnlessSomethingFailedOrCameNot) {
    EXPECT_TRUE(sample().good());
    for (const Verdict wrong : {Verdict::Fail, Verdict::Inconclusive}) {
        Report report = sample();
        report.add(entry("area.three", "exec", wrong));
        EXPECT_FALSE(report.good());
    }
    for (const Verdict not_wrong : {Verdict::Skipped, Verdict::Unsupported, Verdict::Deviation}) {
        Report report = sample();
        report.add(entry("area.three", "simulated", not_wrong));
        EXPECT_TRUE(report.good());
    }
}

TEST(Report, IsNotGoodWhenAnOwnRigDiffersOrADeviationIsStale) {
    Report own = sample();
    own.add(entry("area.three", "simulated", Verdict::Difference));
    EXPECT_FALSE(own.good());
    Report stale = sample();
    stale.add_stale("list.json: /0: matches no case");
    EXPECT_FALSE(stale.good());
    EXPECT_THAT(stale.text(), HasSubstr("stale deviation: list.json: /0: matches no case\n"));
}

TEST(Report, IsNotGoodWithoutACase) {
    const Report empty({clause("A-1")});
    EXPECT_FALSE(empty.good());
    EXPECT_THAT(empty.text(), HasSubstr("no case was run\n"));
}

TEST(Report, CountsAClauseAsRunWhenACaseOfItWasRunSomewhere) {
    EXPECT_THAT(sample().text(), HasSubstr("clauses with a case that ran: 3 of 4\n"));
    Report not_run({clause("A-1")});
    not_run.add(entry("area.one", "exec", Verdict::Unsupported));
    not_run.add(entry("area.two", "exec", Verdict::Skipped));
    EXPECT_THAT(not_run.text(), HasSubstr("clauses with a case that ran: 0 of 1\n"));
}

TEST(Report, KeepsTheBeginningAndTheEndOfALongTrace) {
    CaseEntry one = entry("area.three", "exec", Verdict::Pass);
    for (int i = 0; i < 5000; ++i)
        one.result.trace.push_back({traces::Kind::Out, Duration(i), R"({"reply":{}})"});
    Report report = sample();
    report.add(one);
    const auto& trace = report.cases().back().result.trace;
    ASSERT_EQ(trace.size(), Report::kTraceLines);
    EXPECT_EQ(trace.front().at, Duration(0));
    EXPECT_EQ(trace[1000].body, "3001 lines are left out here");
    EXPECT_EQ(trace.back().at, Duration(4999));
    const Report again = report_from_json_text(to_json_text(report), "r");
    EXPECT_EQ(again.cases().back().result.trace, trace);
}

TEST(Report, AddsUpTimesOfAnyLength) {
    Report report({});
    Implementation one;
    one.rig = "r";
    report.add(one);
    for (const char* id : {"a.one", "a.two"}) {
        CaseEntry entry;
        entry.result.id = id;
        entry.result.rig = "r";
        entry.result.verdict = Verdict::Pass;
        entry.result.elapsed = Duration::max();
        entry.wall = std::chrono::microseconds::max();
        report.add(entry);
    }
    EXPECT_NE(report.text().find("r: 2 cases, 2 pass, 18446744073709.55 s wall, "
                                 "18446744073709552.0 s on the rig's clock"),
              std::string::npos)
        << report.text();
}

TEST(Report, HidesPasswordsInWhatWentWrong) {
    CaseEntry one = entry("area.three", "exec", Verdict::Fail);
    one.result.detail = "no answer to http://user:secret@host/file";
    Report report = sample();
    report.add(one);
    EXPECT_THAT(to_json_text(report), Not(HasSubstr("secret")));
}

TEST(Excerpt, SaysHowManyLinesItLeavesOut) {
    std::vector<traces::TraceLine> lines(50, {traces::Kind::Note, Duration(0), "x"});
    lines.back().body = std::string(500, 'y');
    const std::string text = excerpt(lines, 3);
    EXPECT_THAT(text,
                testing::StartsWith("… 47 lines before these are left out\n{\"note\":\"x\"}"));
    EXPECT_THAT(text, testing::EndsWith("y…\n"));
    EXPECT_THAT(excerpt(lines, 50), Not(HasSubstr("left out")));
}

TEST(ReportJson, ReadsWhatItWrote) {
    const std::string text = to_json_text(sample());
    EXPECT_EQ(to_json_text(report_from_json_text(text, "r")), text);
}

std::string message(const std::string& text) {
    try {
        static_cast<void>(report_from_json_text(text, "r.json"));
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(ReportJson, IsRefusedWithThePlaceOfWhatIsWrong) {
    EXPECT_EQ(message(""), "r.json: not JSON at line 1, column 1");
    EXPECT_EQ(message("[]"), "r.json: /format: expected 2, the number of the format");
    EXPECT_EQ(message(R"({"format":1})"), "r.json: /format: expected 2, the number of the format");
    EXPECT_EQ(message(R"({"format":2})"), "r.json: /clauses: expected a list");
    json report = json::parse(to_json_text(sample()));
    report["cases"][3]["findings"][0]["verdict"] = "bad";
    EXPECT_EQ(message(report.dump()),
              "r.json: /cases/3/findings/0/verdict: expected one of the eight verdicts");
    json twice = json::parse(to_json_text(sample()));
    twice["cases"][3]["id"] = twice["cases"][2]["id"];
    EXPECT_EQ(message(twice.dump()),
              "r.json: /cases/3/id: expected each case once for an implementation");
    json shard = json::parse(to_json_text(sample()));
    shard["implementations"][1]["shard"] = "3/2";
    EXPECT_EQ(message(shard.dump()),
              "r.json: /implementations/1/shard: expected i/n with i from 1 to n, as in 2/3");
    shard["implementations"][0]["meant"] = -1;
    EXPECT_EQ(message(shard.dump()),
              "r.json: /implementations/0/meant: expected a whole number, not negative");
    report["cases"][1]["rig"] = "nobody";
    EXPECT_EQ(message(report.dump()), "r.json: /cases/1/rig: expected one of the implementations");
}

// ---- the schema ----

const json& resolved(const json& schema, const json& root) {
    if (!schema.contains("$ref")) return schema;
    return root.at("$defs").at(schema.at("$ref").get<std::string>().substr(8));
}

bool has_type(const json& value, const std::string& type) {
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer());
}

/// The part of JSON Schema that ours uses.
void check(const json& value, const json& unresolved, const json& root, const std::string& at) {
    const json& schema = resolved(unresolved, root);
    if (schema.contains("type")) {
        EXPECT_TRUE(has_type(value, schema.at("type").get<std::string>())) << at;
    }
    if (schema.contains("const")) {
        EXPECT_EQ(value, schema.at("const")) << at;
    }
    if (schema.contains("enum")) {
        EXPECT_EQ(std::count(schema["enum"].begin(), schema["enum"].end(), value), 1) << at;
    }
    for (const json& key : schema.value("required", json::array()))
        EXPECT_TRUE(value.contains(key.get<std::string>())) << at << "/" << key;
    if (value.is_array() && schema.contains("items"))
        for (std::size_t i = 0; i < value.size(); ++i)
            check(value[i], schema["items"], root, at + "/" + std::to_string(i));
    if (!value.is_object() || !schema.contains("type")) return;
    for (const auto& [key, inner] : value.items()) {
        const std::string place = at + "/" + key;
        if (schema.contains("properties") && schema["properties"].contains(key))
            check(inner, schema["properties"][key], root, place);
        else if (schema["additionalProperties"].is_object())
            check(inner, schema["additionalProperties"], root, place);
        else
            ADD_FAILURE() << place << " is not in the schema";
    }
}

TEST(ReportJson, HasTheFieldsOfItsSchemaAndNoOthers) {
    std::ifstream file("docs/schemas/report.schema.json");
    const json schema = json::parse(file);
    Report report = sample();
    report.set_seed(7);
    report.add_stale("a line");
    check(json::parse(to_json_text(report)), schema, schema, "");
}

// ---- several reports ----

/// With that part of two cases, of which every part has one.
Report one_case(const std::string& rig, const std::string& name, const std::string& id,
                Shard shard = {0, 1}, const std::string& version = "1") {
    Report report({clause("A-1")});
    report.add({rig, name, version, {}, false, shard, shard.count});
    report.add(entry(id, rig, Verdict::Pass));
    return report;
}

TEST(Merged, PutsShardsOfOneImplementationTogether) {
    const Report all = merged(
        {one_case("exec", "aria2", "a.one", {1, 2}), one_case("exec", "aria2", "a.two", {0, 2})},
        {"x.json", "y.json"});
    ASSERT_EQ(all.implementations().size(), 1U);
    EXPECT_EQ(all.implementations()[0].shard, Shard{});
    EXPECT_EQ(all.implementations()[0].meant, 2U);
    EXPECT_EQ(all.cases().size(), 2U);
    // What was merged can be merged again.
    EXPECT_EQ(merged({all, one_case("exec", "curl", "a.one")}, {"a.json", "c.json"}).cases().size(),
              3U);
}

TEST(Merged, SaysOnceWhatEveryShardSays) {
    Report one = one_case("exec", "aria2", "a.one", {0, 2});
    Report two = one_case("exec", "aria2", "a.two", {1, 2});
    one.add_stale("it is past");
    two.add_stale("it is past");
    EXPECT_EQ(merged({one, two}, {"x.json", "y.json"}).stale().size(), 1U);
}

TEST(Merged, ListsImplementationsOfOthersUnderTheirNames) {
    const Report all =
        merged({one_case("exec", "aria2", "a.one"), one_case("exec", "curl", "a.one", {0, 2}),
                one_case("exec", "curl", "a.two", {1, 2})},
               {"x.json", "y.json", "z.json"});
    ASSERT_EQ(all.implementations().size(), 2U);
    EXPECT_EQ(all.implementations()[1].rig, "curl");
    EXPECT_NE(all.find("a.two", "curl"), nullptr);
    EXPECT_NE(all.find("a.one", "aria2"), nullptr);
}

TEST(Merged, TellsVersionsOfOneImplementationApart) {
    const Report all =
        merged({one_case("exec", "curl", "a.one"), one_case("exec", "curl", "a.one", {0, 1}, "2")},
               {"x.json", "y.json"});
    ASSERT_EQ(all.implementations().size(), 2U);
    EXPECT_EQ(all.implementations()[1].rig, "curl 2");
    EXPECT_NE(all.find("a.one", "curl 2"), nullptr);
}

std::string refusal(const std::vector<Report>& reports) {
    const std::vector<std::string> places = {"x.json", "y.json"};
    try {
        static_cast<void>(
            merged(reports,
                   {places.begin(), places.begin() + static_cast<std::ptrdiff_t>(reports.size())}));
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(Merged, RefusesAShardTwice) {
    const Report one = one_case("exec", "aria2", "a.one", {0, 2});
    EXPECT_EQ(refusal({one, one}),
              "y.json: has shard 1/2 of the 2 cases of aria2, and x.json has it, too; expected "
              "each shard once");
    const Report whole = one_case("exec", "aria2", "a.one");
    EXPECT_THAT(refusal({whole, whole}), HasSubstr("y.json: has shard 1/1 of the 1 cases"));
}

TEST(Merged, RefusesShardsWithoutTheOthers) {
    EXPECT_EQ(refusal({one_case("exec", "aria2", "a.one", {0, 3}),
                       one_case("exec", "aria2", "a.two", {2, 3})}),
              "x.json: is one of 3 shards of aria2; expected 2/3 beside it");
}

TEST(Merged, RefusesShardsOfDifferentRuns) {
    EXPECT_EQ(refusal({one_case("exec", "aria2", "a.one", {0, 2}),
                       one_case("exec", "aria2", "a.two", {1, 3})}),
              "y.json: has shard 2/3 of the 3 cases of aria2, and x.json one of 2 shards of 2 "
              "cases; expected parts of one run");
}

TEST(Merged, RefusesAReportThatHasLostACase) {
    EXPECT_EQ(refusal({one_case("exec", "aria2", "a.one", {0, 2}),
                       [] {
                           Report lost({clause("A-1")});
                           lost.add({"exec", "aria2", "1", {}, false, {1, 2}, 2});
                           return lost;
                       }()}),
              "x.json: has, with its other shards, 1 cases of aria2; expected the 2 that the run "
              "meant");
}

TEST(Merged, RefusesACaseTwiceForOneImplementation) {
    EXPECT_THAT(refusal({one_case("exec", "aria2", "a.one", {0, 2}),
                         one_case("exec", "aria2", "a.one", {1, 2})}),
                HasSubstr("y.json: has aria2/a.one, which was in a report before"));
}

}  // namespace
}  // namespace qmgr::conformance
