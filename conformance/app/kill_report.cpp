#include "conformance/app/kill_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reference/contract/json.hpp"
#include "traces/picture/html_text.hpp"

namespace qmgr::conformance {
namespace {

using traces::escaped;

std::string fate(const MutantResult& result) {
    if (!result.mutant.equivalent.empty()) return "equivalent: " + result.mutant.equivalent;
    if (result.killed()) return "killed";
    if (result.kills.empty()) return "survived";
    return "survived: no case that covers the clause kills it";
}

std::string killers(const MutantResult& result) {
    std::string text;
    for (const Kill& kill : result.kills)
        text += (text.empty() ? "" : ", ") + kill.case_id + " (" + kill.how +
                (kill.covers ? ")" : ", covers another clause)");
    return text;
}

// A clause that says "should" need not be kept, so nobody who breaks it has to be found.
bool counts(const Requirement& requirement) {
    return requirement.must && requirement.retired.empty();
}

bool has_to_be_proven(const Requirement& requirement) {
    return counts(requirement) && requirement.basis == Basis::Documented &&
           requirement.no_case.empty();
}

}  // namespace

KillReport::KillReport(const Catalogue& catalogue, const std::vector<Case>& cases,
                       std::vector<MutantResult> results)
    : catalogue_(catalogue), cases_(cases), results_(std::move(results)) {}

std::size_t KillReport::killed() const {
    return static_cast<std::size_t>(
        std::count_if(results_.begin(), results_.end(), [](const MutantResult& result) {
            return result.killed() && result.mutant.equivalent.empty();
        }));
}

std::size_t KillReport::equivalent() const {
    return static_cast<std::size_t>(std::count_if(
        results_.begin(), results_.end(),
        [](const MutantResult& result) { return !result.mutant.equivalent.empty(); }));
}

std::vector<const MutantResult*> KillReport::survivors() const {
    std::vector<const MutantResult*> all;
    for (const MutantResult& result : results_)
        if (result.survived()) all.push_back(&result);
    return all;
}

bool KillReport::good() const {
    // One called equivalent that a case kills is not equivalent.
    const bool argued =
        std::none_of(results_.begin(), results_.end(), [](const MutantResult& result) {
            return !result.mutant.equivalent.empty() && !result.kills.empty();
        });
    return survivors().empty() && argued && equivalent() * 20 <= results_.size();
}

std::vector<KillReport::ClauseLine> KillReport::clauses() const {
    std::vector<ClauseLine> lines;
    for (const Requirement& requirement : catalogue_.all()) {
        ClauseLine line{&requirement, {}, proofs(requirement, cases_, results_)};
        for (const Case& one : cases_)
            if (covers(one, requirement.id)) line.cases.push_back(one.id);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<const Requirement*> KillReport::unproven() const {
    std::vector<const Requirement*> left;
    for (const ClauseLine& line : clauses())
        if (has_to_be_proven(*line.requirement) && line.proven_by.empty())
            left.push_back(line.requirement);
    return left;
}

std::string KillReport::proofs_text() const {
    std::string text;
    const auto lines = clauses();
    for (const ClauseLine& line : lines)
        if (has_to_be_proven(*line.requirement) && line.proven_by.empty())
            text += fmt::format("not proven {}: {}\n", line.requirement->id,
                                line.cases.empty() ? "no case covers it"
                                                   : "no case that covers it kills a mutant of it");
    for (const Basis basis : {Basis::Documented, Basis::Derived, Basis::Observed, Basis::Chosen}) {
        std::size_t all = 0, proven = 0, without_case = 0;
        for (const ClauseLine& line : lines) {
            if (!counts(*line.requirement) || line.requirement->basis != basis) continue;
            ++all;
            if (!line.proven_by.empty()) ++proven;
            if (!line.requirement->no_case.empty()) ++without_case;
        }
        text +=
            fmt::format("{} clauses proven by a killed mutant: {} of {}", name(basis), proven, all);
        if (without_case != 0) text += fmt::format(" ({} can have no case)", without_case);
        text += "\n";
    }
    return text;
}

std::string KillReport::text() const {
    std::string text;
    for (const MutantResult* result : survivors())
        text += fmt::format("survived {} [{}]: {}\n{}", result->mutant.id, result->mutant.clause,
                            result->mutant.change,
                            result->kills.empty() ? "" : "  only by: " + killers(*result) + "\n");
    for (const MutantResult& result : results_)
        if (!result.mutant.equivalent.empty() && !result.kills.empty())
            text += fmt::format("not equivalent: {} is killed by {}\n", result.mutant.id,
                                killers(result));
    text += fmt::format(
        "{} mutants: {} killed by a case that covers the clause, {} equivalent, {} "
        "survived\n",
        results_.size(), killed(), equivalent(), survivors().size());
    return text;
}

std::string KillReport::json() const {
    Json json = {{"format", 1}, {"mutants", Json::array()}, {"clauses", Json::array()}};
    for (const MutantResult& result : results_) {
        Json entry = {{"id", result.mutant.id},         {"row", result.mutant.row},
                      {"clause", result.mutant.clause}, {"change", result.mutant.change},
                      {"killed_by", Json::array()},     {"kills", Json::array()},
                      {"equivalent", nullptr}};
        for (const Kill& kill : result.kills) {
            if (kill.covers) entry["killed_by"].push_back(kill.case_id);
            entry["kills"].push_back(
                {{"case", kill.case_id}, {"how", kill.how}, {"covers", kill.covers}});
        }
        if (!result.mutant.equivalent.empty()) entry["equivalent"] = result.mutant.equivalent;
        json["mutants"].push_back(std::move(entry));
    }
    for (const ClauseLine& line : clauses())
        json["clauses"].push_back({{"id", line.requirement->id},
                                   {"basis", std::string(name(line.requirement->basis))},
                                   {"restates", line.requirement->restates},
                                   {"cases", line.cases},
                                   {"proven_by", line.proven_by}});
    return json.dump(1) + "\n";
}

std::string KillReport::html() const {
    std::vector<const MutantResult*> order = survivors();
    for (const MutantResult& result : results_)
        if (!result.survived()) order.push_back(&result);
    std::string rows;
    for (const MutantResult* result : order)
        rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                            escaped(fate(*result)), escaped(result->mutant.id),
                            escaped(result->mutant.clause), escaped(result->mutant.change),
                            escaped(killers(*result)));
    std::string clause_rows;
    for (const ClauseLine& line : clauses())
        clause_rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                                   escaped(line.requirement->id), name(line.requirement->basis),
                                   fmt::join(line.cases, ", "),
                                   line.proven_by.empty()
                                       ? "not proven"
                                       : fmt::format("{}", fmt::join(line.proven_by, ", ")));
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Mutants</title>\n"
        "<style>body{{font:14px/1.4 sans-serif;margin:2em;max-width:100em}}"
        "table{{border-collapse:collapse}}td,th{{border:1px solid #999;padding:.2em .5em;"
        "text-align:left;vertical-align:top}}</style>\n<h1>Mutants, survivors first</h1>\n"
        "<pre>{}</pre>\n<table><tr><th>fate</th><th>mutant</th><th>clause</th><th>change</th>"
        "<th>killed by</th></tr>\n{}</table>\n<h1>Clauses</h1>\n<table><tr><th>clause</th>"
        "<th>basis</th><th>cases</th><th>proven by</th></tr>\n{}</table>\n</html>\n",
        escaped(proofs_text() + text()), rows, clause_rows);
}

}  // namespace qmgr::conformance
