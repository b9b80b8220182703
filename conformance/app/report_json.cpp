#include "conformance/app/report_json.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "reference/contract/check.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/contract/json.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::conformance {
namespace {

constexpr int kFormat = 2;  // 2: shards

Json to_json(const Totals& totals) {
    Json json = Json::object();
    for (std::size_t i = 0; i < kVerdicts; ++i) {
        const auto verdict = static_cast<Verdict>(i);
        const auto found = totals.find(verdict);
        json[std::string(name(verdict))] = found == totals.end() ? 0 : found->second;
    }
    return json;
}

Json to_json(const Implementation& one, const Totals& totals) {
    return {{"rig", one.rig},         {"name", one.name},
            {"version", one.version}, {"abilities", one.abilities},
            {"own", one.own},         {"shard", to_text(one.shard)},
            {"meant", one.meant},     {"totals", to_json(totals)}};
}

Json to_json(const Finding& finding) {
    return {{"verdict", std::string(name(finding.verdict))},
            {"clause", finding.clause},
            {"what", finding.what},
            {"expected", finding.expected},
            {"actual", finding.actual}};
}

Json to_json(const CaseEntry& entry) {
    const CaseResult& result = entry.result;
    Json json = {{"id", result.id},
                 {"rig", result.rig},
                 {"title", entry.title},
                 {"covers", result.covers},
                 {"verdict", std::string(name(result.verdict))},
                 {"detail", result.detail},
                 {"findings", Json::array()},
                 {"trace", Json::array()},
                 {"expectations", result.expectations},
                 {"wall_us", entry.wall.count()},
                 {"elapsed_ms", result.elapsed.count()}};
    for (const Finding& finding : result.findings) json["findings"].push_back(to_json(finding));
    for (const traces::TraceLine& line : result.trace)
        json["trace"].push_back(Json::parse(traces::to_text(line)));
    return json;
}

Json to_json(const Report& report, const Requirement& clause) {
    Json json = {{"id", clause.id},
                 {"level", clause.must ? "must" : "should"},
                 {"basis", std::string(name(clause.basis))},
                 {"text", clause.text},
                 {"source", clause.source},
                 {"verdict", "not covered"},
                 {"verdicts", Json::object()}};
    if (const auto worst = report.verdict_of(clause)) json["verdict"] = std::string(name(*worst));
    for (const Implementation& one : report.implementations())
        if (const auto verdict = report.verdict_of(clause, one.rig))
            json["verdicts"][one.rig] = std::string(name(*verdict));
    return json;
}

// ---- the way back ----

[[noreturn]] void refuse(const std::string& where, const std::string& expected) {
    throw InputError(where, "expected " + expected);
}

const Json& list_in(const Json& json, const char* key, const std::string& where) {
    if (!json.is_object() || !json.contains(key) || !json.at(key).is_array())
        refuse(where + "/" + key, "a list");
    return json.at(key);
}

std::string text_in(const Json& json, const char* key, const std::string& where) {
    if (!json.is_object() || !json.contains(key) || !json.at(key).is_string())
        refuse(where + "/" + key, "a text");
    return json.at(key).get<std::string>();
}

std::int64_t number_in(const Json& json, const char* key, const std::string& where) {
    if (!json.is_object() || !json.contains(key) || !json.at(key).is_number_integer())
        refuse(where + "/" + key, "a whole number");
    return json.at(key).get<std::int64_t>();
}

std::uint64_t count_in(const Json& json, const char* key, const std::string& where) {
    const std::int64_t count = number_in(json, key, where);
    if (count < 0) refuse(where + "/" + key, "a whole number, not negative");
    return static_cast<std::uint64_t>(count);
}

std::vector<std::string> texts_in(const Json& json, const char* key, const std::string& where) {
    std::vector<std::string> texts;
    for (const Json& text : list_in(json, key, where)) {
        if (!text.is_string()) refuse(where + "/" + key, "a list of texts");
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

Verdict verdict_in(const Json& json, const std::string& where) {
    const auto verdict = verdict_named(text_in(json, "verdict", where));
    if (!verdict) refuse(where + "/verdict", "one of the eight verdicts");
    return *verdict;
}

Implementation implementation_from(const Json& json, const std::string& where) {
    Implementation one;
    one.rig = text_in(json, "rig", where);
    one.name = text_in(json, "name", where);
    one.version = text_in(json, "version", where);
    one.abilities = texts_in(json, "abilities", where);
    if (!json.contains("own") || !json.at("own").is_boolean())
        refuse(where + "/own", "true or false");
    one.own = json.at("own").get<bool>();
    one.shard = shard_from_text(text_in(json, "shard", where), where + "/shard");
    one.meant = count_in(json, "meant", where);
    return one;
}

Requirement clause_from(const Json& json, const std::string& where) {
    Requirement clause;
    clause.id = text_in(json, "id", where);
    clause.must = text_in(json, "level", where) == "must";
    clause.text = text_in(json, "text", where);
    clause.source = text_in(json, "source", where);
    const auto basis = basis_named(text_in(json, "basis", where));
    if (!basis) refuse(where + "/basis", "documented, derived, observed or chosen");
    clause.basis = *basis;
    return clause;
}

CaseEntry case_from(const Json& json, const std::string& where) {
    CaseEntry entry;
    CaseResult& result = entry.result;
    result.id = text_in(json, "id", where);
    result.rig = text_in(json, "rig", where);
    entry.title = text_in(json, "title", where);
    result.covers = texts_in(json, "covers", where);
    result.verdict = verdict_in(json, where);
    result.detail = text_in(json, "detail", where);
    result.expectations = count_in(json, "expectations", where);
    entry.wall = std::chrono::microseconds(number_in(json, "wall_us", where));
    result.elapsed = Duration(number_in(json, "elapsed_ms", where));
    for (const Json& finding : list_in(json, "findings", where)) {
        const std::string place = where + "/findings/" + std::to_string(result.findings.size());
        result.findings.push_back({verdict_in(finding, place), text_in(finding, "clause", place),
                                   text_in(finding, "what", place),
                                   text_in(finding, "expected", place),
                                   text_in(finding, "actual", place)});
    }
    for (const Json& line : list_in(json, "trace", where))
        result.trace.push_back(
            traces::line_from_json(line, where + "/trace/" + std::to_string(result.trace.size())));
    return entry;
}

// ---- side by side ----

std::vector<Requirement> clauses_of(const std::vector<Report>& reports) {
    std::vector<Requirement> clauses;
    std::set<std::string> known;
    for (const Report& report : reports)
        for (const Requirement& clause : report.clauses())
            if (known.insert(clause.id).second) clauses.push_back(clause);
    return clauses;
}

// The rig under which `one` is listed in `all`; adds it if it is new.
std::string listed_in(Report& all, const Implementation& one) {
    const auto& known = all.implementations();
    for (const Implementation& other : known)
        if (other.name == one.name && other.version == one.version && other.own == one.own &&
            (!one.own || other.rig == one.rig))
            return other.rig;
    const auto taken = [&](const std::string& rig) {
        return std::any_of(known.begin(), known.end(),
                           [&](const Implementation& other) { return other.rig == rig; });
    };
    Implementation added = one;
    added.shard = {};  // the parts together
    if (!one.own && !one.name.empty()) added.rig = one.name;
    if (taken(added.rig)) added.rig += " " + one.version;
    for (int next = 2; taken(added.rig); ++next) added.rig += " " + std::to_string(next);
    all.add(added);
    return added.rig;
}

// What the reports have of one implementation.
struct Parts {
    std::string first;  ///< the place that was read first
    std::uint64_t count = 0;
    std::size_t meant = 0;
    std::size_t cases = 0;
    std::map<std::uint64_t, std::string> places;  ///< by the index of the shard
};

// Throws InputError if the part at `place` cannot stand beside those before it.
void take_part(Parts& parts, const Implementation& one, const std::string& place,
               const std::string& rig) {
    if (parts.places.empty()) parts = {place, one.shard.count, one.meant, 0, {}};
    const std::string has = "has shard " + to_text(one.shard) + " of the " +
                            std::to_string(one.meant) + " cases of " + rig + ", and ";
    if (one.shard.count != parts.count || one.meant != parts.meant)
        throw InputError(place, has + parts.first + " one of " + std::to_string(parts.count) +
                                    " shards of " + std::to_string(parts.meant) +
                                    " cases; expected parts of one run");
    const auto [taken, is_new] = parts.places.emplace(one.shard.index, place);
    if (!is_new)
        throw InputError(place, has + taken->second + " has it, too; expected each shard once");
}

// Throws InputError.
void demand_the_whole(const Parts& parts, const std::string& rig) {
    std::uint64_t missing = 0;
    while (parts.places.contains(missing)) ++missing;
    if (missing < parts.count)
        throw InputError(parts.first, "is one of " + std::to_string(parts.count) + " shards of " +
                                          rig + "; expected " +
                                          to_text(Shard{missing, parts.count}) + " beside it");
    if (parts.cases != parts.meant)
        throw InputError(parts.first, "has, with its other shards, " + std::to_string(parts.cases) +
                                          " cases of " + rig + "; expected the " +
                                          std::to_string(parts.meant) + " that the run meant");
}

}  // namespace

std::string to_json_text(const Report& report) {
    Json json = {{"format", kFormat},
                 {"implementations", Json::array()},
                 {"totals", to_json(report.totals())},
                 {"cases", Json::array()},
                 {"clauses", Json::array()},
                 {"stale", report.stale()}};
    if (report.seed()) json["seed"] = *report.seed();
    for (const Implementation& one : report.implementations())
        json["implementations"].push_back(to_json(one, report.totals(one.rig)));
    for (const CaseEntry& entry : report.cases()) json["cases"].push_back(to_json(entry));
    for (const Requirement& clause : report.clauses())
        json["clauses"].push_back(to_json(report, clause));
    return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Report report_from_json_text(const std::string& text, const std::string& where) {
    const Json json = parse_json(text, where);
    if (!json.is_object() || !json.contains("format") || json.at("format") != kFormat)
        refuse(where + ": /format", std::to_string(kFormat) + ", the number of the format");
    std::vector<Requirement> clauses;
    for (const Json& clause : list_in(json, "clauses", where + ": "))
        clauses.push_back(
            clause_from(clause, where + ": /clauses/" + std::to_string(clauses.size())));
    Report report(clauses);
    std::set<std::string> rigs;
    for (const Json& one : list_in(json, "implementations", where + ": ")) {
        const std::string place = where + ": /implementations/" + std::to_string(rigs.size());
        const Implementation implementation = implementation_from(one, place);
        if (!rigs.insert(implementation.rig).second)
            refuse(place + "/rig", "a name that stands there once");
        report.add(implementation);
    }
    std::set<std::pair<std::string, std::string>> cases;
    for (const Json& entry : list_in(json, "cases", where + ": ")) {
        const std::string place = where + ": /cases/" + std::to_string(report.cases().size());
        report.add(case_from(entry, place));
        const CaseResult& result = report.cases().back().result;
        if (!rigs.contains(result.rig)) refuse(place + "/rig", "one of the implementations");
        if (!cases.emplace(result.rig, result.id).second)
            refuse(place + "/id", "each case once for an implementation");
    }
    for (const std::string& line : texts_in(json, "stale", where + ": ")) report.add_stale(line);
    return report;
}

Report report_from_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw InputError(path, "expected a report that can be read");
    std::ostringstream text;
    text << file.rdbuf();
    return report_from_json_text(text.str(), path);
}

Report merged(const std::vector<Report>& reports, const std::vector<std::string>& places) {
    QMGR_CHECK(!reports.empty() && reports.size() == places.size(), "merged");
    Report all(clauses_of(reports));
    std::map<std::string, Parts> parts;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        std::map<std::string, std::string> listed;
        for (const Implementation& one : reports[i].implementations()) {
            const std::string rig = listed_in(all, one);
            listed[one.rig] = rig;
            take_part(parts[rig], one, places[i], rig);
        }
        for (CaseEntry entry : reports[i].cases()) {
            entry.result.rig = listed.at(entry.result.rig);
            if (all.find(entry.result.id, entry.result.rig) != nullptr)
                throw InputError(places[i], "has " + entry.result.rig + "/" + entry.result.id +
                                                ", which was in a report before it; expected "
                                                "each case once for an implementation");
            ++parts[entry.result.rig].cases;
            all.add(std::move(entry));
        }
        for (const std::string& line : reports[i].stale()) {
            // Every shard says that an entry is past its date.
            const auto& known = all.stale();
            if (std::find(known.begin(), known.end(), line) == known.end()) all.add_stale(line);
        }
    }
    for (const auto& [rig, of_rig] : parts) demand_the_whole(of_rig, rig);
    return all;
}

}  // namespace qmgr::conformance
