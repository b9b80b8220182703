#include "conformance/app/report_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "traces/picture/html_text.hpp"
#include "traces/picture/timeline_html.hpp"

namespace qmgr::conformance {
namespace {

using traces::escaped;

constexpr const char* kStyle = R"css(
body { font: 14px/1.4 "DejaVu Sans", Verdana, sans-serif; margin: 1em 1.5em; color: #111;
  background: #fff; }
h1 { font-size: 20px; } h2 { font-size: 16px; margin-top: 1.6em; }
table { border-collapse: collapse; }
th, td { border: 1px solid #bbb; padding: 2px 8px; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: #eee; }
th[scope=row] { white-space: nowrap; }
td.number { text-align: right; }
.verdict { white-space: nowrap; }
.verdict b { font-weight: normal; padding: 0 4px; border: 1px solid transparent; }
.pass b { background: #e3f3e3; }
.lenient b { background: #eef3e3; border: 1px dotted #555; }
.difference b { background: #fff3cc; border: 1px dashed #555; }
.fail b { background: #f8d7d7; border: 2px solid #000; font-weight: bold; }
.deviation b { background: #f3e3f3; border: 1px dashed #555; }
.unsupported b, .skipped b, .none b { color: #555; font-style: italic; }
.inconclusive b { background: #fbe5cc; border: 2px dotted #000; font-weight: bold; }
.filter { margin: 1em 0; padding: 6px; background: #f4f4f4; border: 1px solid #bbb; }
.filter input { width: 26em; max-width: 60%; font: inherit; }
.filter select { font: inherit; }
.small { font-size: 12px; color: #444; }
pre { white-space: pre-wrap; margin: 0; font: 12px "DejaVu Sans Mono", Menlo, Consolas, monospace; }
details { margin: 4px 0; }
section { margin-top: 1.5em; border-top: 2px solid #777; }
)css";

// Rows of tables of the class `sought` stay when they have every word that was typed and, where one
// was chosen, the verdict in one of their cells.
constexpr const char* kFilterScript = R"js(
(function () {
  var text = document.getElementById('text'), verdict = document.getElementById('verdict');
  var left = document.getElementById('left');
  var rows = Array.from(document.querySelectorAll('table.sought tbody tr'));
  var words = rows.map(function (row) { return row.textContent.toLowerCase(); });
  function apply() {
    var wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
    rows.forEach(function (row, i) {
      var stays = wanted.every(function (word) { return words[i].indexOf(word) >= 0; }) &&
        (!verdict.value || row.querySelector('td.' + verdict.value));
      row.hidden = !stays;
      if (stays) shown += 1;
    });
    left.textContent = shown + ' of ' + rows.length + ' rows';
  }
  text.addEventListener('input', apply);
  verdict.addEventListener('change', apply);
  apply();
})();
)js";

std::string page(const std::string& title, const std::string& style, const std::string& body) {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>" +
           escaped(title) + "</title>\n<style>" + kStyle + style + "</style></head><body>\n<h1>" +
           escaped(title) + "</h1>\n" + body + "</body></html>\n";
}

/// Names of files are ours, whatever a report from elsewhere says.
std::string file_of(const std::string& case_id) {
    std::string name = "cases/";
    for (const char c : case_id) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
        name += plain ? c : '_';
    }
    return name + ".html";
}

std::string verdict_cell(std::optional<Verdict> verdict) {
    const std::string word = verdict ? std::string(name(*verdict)) : "none";
    return "<td class=\"verdict " + word + "\"><b>" + (verdict ? word : "–") + "</b></td>";
}

std::string title_of(const Implementation& one) {
    return escaped(one.name + " " + one.version) + "<br><span class=\"small\">" + escaped(one.rig) +
           "</span>";
}

std::string headings(const Report& report) {
    std::string html;
    for (const Implementation& one : report.implementations())
        html += "<th scope=\"col\">" + title_of(one) + "</th>";
    return html;
}

std::string totals_table(const Report& report) {
    std::string html = "<table><thead><tr><th scope=\"col\">Verdict</th>" + headings(report) +
                       "</tr></thead><tbody>\n";
    for (std::size_t i = 0; i < kVerdicts; ++i) {
        const auto verdict = static_cast<Verdict>(i);
        const std::string word(name(verdict));
        html += "<tr><td class=\"verdict " + word + "\"><b>" + word + "</b></td>";
        for (const Implementation& one : report.implementations()) {
            const auto totals = report.totals(one.rig);
            const auto found = totals.find(verdict);
            html += fmt::format("<td class=\"number\">{}</td>",
                                found == totals.end() ? 0 : found->second);
        }
        html += "</tr>\n";
    }
    return html + "</tbody></table>\n";
}

std::vector<const CaseEntry*> cases_of(const Report& report, const Requirement& clause) {
    std::vector<const CaseEntry*> cases;
    std::set<std::string> known;
    for (const CaseEntry& entry : report.cases())
        for (const std::string& covered : entry.result.covers)
            if (stands_for(covered, clause.id) && known.insert(entry.result.id).second)
                cases.push_back(&entry);
    return cases;
}

std::string clause_matrix(const Report& report) {
    std::string html =
        "<table class=\"sought\"><thead><tr><th scope=\"col\">Clause</th><th "
        "scope=\"col\">Text, source and cases</th><th scope=\"col\">Basis</th>" +
        headings(report) + "</tr></thead><tbody>\n";
    for (const Requirement& clause : report.clauses()) {
        html += "<tr id=\"" + escaped(clause.id) + "\"><th scope=\"row\">" + escaped(clause.id) +
                "</th><td>" + escaped(clause.text) + "<div class=\"small\">" +
                escaped(clause.source);
        for (const CaseEntry* entry : cases_of(report, clause))
            html += " · <a href=\"" + file_of(entry->result.id) + "\">" +
                    escaped(entry->result.id) + "</a>";
        html += "</div></td><td>" + std::string(name(clause.basis)) +
                (clause.must ? "" : ", should") + "</td>";
        for (const Implementation& one : report.implementations())
            html += verdict_cell(report.verdict_of(clause, one.rig));
        html += "</tr>\n";
    }
    return html + "</tbody></table>\n";
}

std::vector<const CaseEntry*> first_of_each_case(const Report& report) {
    std::vector<const CaseEntry*> cases;
    std::set<std::string> known;
    for (const CaseEntry& entry : report.cases())
        if (known.insert(entry.result.id).second) cases.push_back(&entry);
    return cases;
}

std::string case_matrix(const Report& report) {
    std::string html =
        "<table class=\"sought\"><thead><tr><th scope=\"col\">Case</th><th "
        "scope=\"col\">What is true of a right implementation</th>" +
        headings(report) + "</tr></thead><tbody>\n";
    for (const CaseEntry* entry : first_of_each_case(report)) {
        const std::string& id = entry->result.id;
        html += "<tr><th scope=\"row\"><a href=\"" + file_of(id) + "\">" + escaped(id) +
                "</a></th><td>" + escaped(entry->title) + "</td>";
        for (const Implementation& one : report.implementations()) {
            const CaseEntry* met = report.find(id, one.rig);
            html += verdict_cell(met == nullptr ? std::nullopt
                                                : std::optional<Verdict>(met->result.verdict));
        }
        html += "</tr>\n";
    }
    return html + "</tbody></table>\n";
}

std::string filter_box() {
    std::string html =
        "<div class=\"filter\"><label>Show rows with <input id=\"text\" type=\"search\" "
        "placeholder=\"words: an id, an area, a basis\"></label> <label>and the verdict <select "
        "id=\"verdict\"><option value=\"\">any</option>";
    for (std::size_t i = 0; i < kVerdicts; ++i) {
        const std::string word(name(static_cast<Verdict>(i)));
        html += "<option>" + word + "</option>";
    }
    return html + "</select></label> <span id=\"left\" role=\"status\"></span></div>\n";
}

std::string index_page(const Report& report) {
    std::string body = totals_table(report);
    if (!report.stale().empty()) {
        body += "<h2>Stale deviations</h2>\n<ul>\n";
        for (const std::string& line : report.stale()) body += "<li>" + escaped(line) + "</li>\n";
        body += "</ul>\n";
    }
    body += filter_box();
    body += "<h2>Cases</h2>\n" + case_matrix(report);
    body +=
        "<h2>Clauses</h2>\n<p>A clause has the worst verdict of the cases that cover it; – "
        "where none of them is in this report.</p>\n" +
        clause_matrix(report);
    return page("Conformance report", "", body + "<script>" + kFilterScript + "</script>\n");
}

// ---- the page of a case ----

std::string findings_table(const CaseEntry& entry) {
    if (entry.result.findings.empty()) return {};
    std::string html =
        "<table><thead><tr><th>Verdict</th><th>Clause</th><th>What was looked "
        "at</th><th>Expected</th><th>Actual</th></tr></thead><tbody>\n";
    for (const Finding& finding : entry.result.findings) {
        html += "<tr>" + verdict_cell(finding.verdict);
        for (const std::string& text :
             {finding.clause, finding.what, finding.expected, finding.actual})
            html += "<td>" + escaped(text) + "</td>";
        html += "</tr>\n";
    }
    return html + "</tbody></table>\n";
}

std::string clauses_table(const Report& report, const CaseEntry& entry) {
    std::string html =
        "<table><thead><tr><th>Clause</th><th>Text</th><th>Basis</th><th>Source</th></tr></thead>"
        "<tbody>\n";
    for (const std::string& covered : entry.result.covers)
        for (const Requirement& clause : report.clauses())
            if (stands_for(covered, clause.id))
                html += "<tr><th scope=\"row\"><a href=\"../index.html#" + escaped(clause.id) +
                        "\">" + escaped(clause.id) + "</a></th><td>" + escaped(clause.text) +
                        "</td><td>" + std::string(name(clause.basis)) + "</td><td>" +
                        escaped(clause.source) + "</td></tr>\n";
    return html + "</tbody></table>\n";
}

std::string section_of(const Implementation& one, const CaseEntry& entry) {
    const CaseResult& result = entry.result;
    std::string html = "<section>\n<h2>" + escaped(one.name + " " + one.version) + " (" +
                       escaped(one.rig) + ") <span class=\"verdict " +
                       std::string(name(result.verdict)) + "\"><b>" +
                       std::string(name(result.verdict)) + "</b></span></h2>\n";
    html += fmt::format(
        "<p class=\"small\">{} expectations, {} on the rig's clock, {:.1f} ms of "
        "real time</p>\n",
        result.expectations, traces::span_text(result.elapsed),
        static_cast<double>(entry.wall.count()) / 1000);
    html += findings_table(entry);
    if (result.findings.empty() && !result.detail.empty())
        html += "<pre>" + escaped(result.detail) + "</pre>\n";
    else if (!result.detail.empty())
        html += "<details><summary>" + escaped(result.detail.substr(0, result.detail.find('\n'))) +
                "</summary><pre>" + escaped(result.detail) + "</pre></details>\n";
    if (!result.trace.empty()) html += traces::timeline_html(result.trace);
    return html + "</section>\n";
}

std::string case_page(const Report& report, const CaseEntry& first) {
    std::string body = "<p>" + escaped(first.title) +
                       " · <a href=\"../index.html\">all cases</a></p>\n" +
                       clauses_table(report, first);
    for (const Implementation& one : report.implementations())
        if (const CaseEntry* entry = report.find(first.result.id, one.rig))
            body += section_of(one, *entry);
    body +=
        "<pre id=\"pane\" aria-live=\"polite\">Point at a row of a timeline, or focus it and "
        "use the arrow keys: the lines of its trace stand here.</pre>\n<script>";
    body += traces::timeline_script();
    return page(first.result.id, std::string(traces::timeline_style()), body + "</script>\n");
}

}  // namespace

std::map<std::string, std::string> html_pages(const Report& report) {
    std::map<std::string, std::string> pages = {{"index.html", index_page(report)}};
    for (const CaseEntry* entry : first_of_each_case(report))
        pages[file_of(entry->result.id)] = case_page(report, *entry);
    return pages;
}

}  // namespace qmgr::conformance
