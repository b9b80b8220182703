#include "conformance/app/report_markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace qmgr::conformance {
namespace {

/// A text for a cell of a table: in one line, with nothing that Markdown or HTML would read.
std::string cell(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '[')
            safe += std::string("\\") + c;
        else if (c == '<')
            safe += "&lt;";
        else if (static_cast<unsigned char>(c) < ' ')
            safe += ' ';
        else
            safe += c;
    }
    return safe;
}

std::string row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& one : cells) line += " " + one + " |";
    return line + "\n";
}

std::string heading(std::vector<std::string> cells, const Report& report) {
    for (const Implementation& one : report.implementations()) cells.push_back(cell(one.rig));
    std::string line = row(cells) + "|";
    for (std::size_t i = 0; i < cells.size(); ++i) line += "---|";
    return line + "\n";
}

std::string implementations_table(const Report& report) {
    std::string text = "| column | implementation | version | abilities |\n|---|---|---|---|\n";
    for (const Implementation& one : report.implementations()) {
        std::string abilities;
        for (const std::string& ability : one.abilities)
            abilities += (abilities.empty() ? "" : ", ") + ability;
        text += row({cell(one.rig), cell(one.name), cell(one.version), cell(abilities)});
    }
    return text;
}

std::string areas_table(const Report& report) {
    std::map<std::string, std::map<std::string, Totals>> areas;
    for (const CaseEntry& entry : report.cases()) {
        ++areas[area_of(entry.result.id)][entry.result.rig][entry.result.verdict];
    }
    std::string text = heading({"area"}, report);
    for (auto& [area, rigs] : areas) {
        std::vector<std::string> cells = {cell(area)};
        for (const Implementation& one : report.implementations())
            cells.push_back(rigs[one.rig].empty() ? "–" : to_text(rigs[one.rig]));
        text += row(cells);
    }
    std::vector<std::string> all = {"**all**"};
    for (const Implementation& one : report.implementations())
        all.push_back(to_text(report.totals(one.rig)));
    return text + row(all);
}

/// Run, and no pass.
bool is_told_apart(std::optional<Verdict> verdict) {
    return verdict && *verdict != Verdict::Pass && *verdict != Verdict::Unsupported &&
           *verdict != Verdict::Skipped;
}

std::string clauses_table(const Report& report) {
    std::string text = heading({"clause", "basis"}, report);
    std::size_t rows = 0;
    for (const Requirement& clause : report.clauses()) {
        std::vector<std::string> cells = {cell(clause.id), std::string(name(clause.basis))};
        bool told_apart = false;
        for (const Implementation& one : report.implementations()) {
            const auto verdict = report.verdict_of(clause, one.rig);
            told_apart = told_apart || is_told_apart(verdict);
            cells.push_back(verdict ? std::string(name(*verdict)) : "–");
        }
        if (!told_apart) continue;
        ++rows;
        text += row(cells);
    }
    return rows == 0 ? "There are none.\n" : text;
}

}  // namespace

std::string to_markdown(const Report& report, const std::string& command) {
    return "# Conformance matrix\n\nWritten by a program, from reports of runs:\n\n    " + command +
           "\n\nThe reports of the reference are made by `qmgr-conformance run --sut simulated "
           "--json FILE` and `--sut loopback`, those of others by\n`./run peers`; see "
           "[conformance.md](conformance.md), which explains the verdicts, too. What an "
           "implementation does not have (an ability, a call)\nis `unsupported`: not run is never "
           "a pass.\n\n## Implementations\n\n" +
           implementations_table(report) + "\n## Areas\n\nNumbers of cases by verdict.\n\n" +
           areas_table(report) +
           "\n## Clauses that differ\n\nClauses with a case that ran on one of the "
           "implementations and did not pass there; the worst verdict of the cases that\ncover the "
           "clause. What each clause says is in "
           "[requirements.json](../conformance/requirements.json).\n\n" +
           clauses_table(report);
}

}  // namespace qmgr::conformance
