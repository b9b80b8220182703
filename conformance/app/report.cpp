#include "conformance/app/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "reference/contract/check.hpp"
#include "reference/contract/url_mask.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::conformance {
namespace {

// From the worst to the best, as a clause with several cases is judged.
constexpr std::array kWorstFirst = {Verdict::Fail,      Verdict::Difference, Verdict::Inconclusive,
                                    Verdict::Deviation, Verdict::Skipped,    Verdict::Unsupported,
                                    Verdict::Lenient,   Verdict::Pass};

struct Line {
    Totals totals;
    std::size_t cases = 0;
    double wall_us = 0;  // floating, as a report may be of any length
    double elapsed_ms = 0;
};

// What is already short stays as it is, so that a report that was read is not cut again.
std::vector<traces::TraceLine> shortened(const std::vector<traces::TraceLine>& lines) {
    if (lines.size() <= Report::kTraceLines) return lines;
    const auto first = static_cast<std::ptrdiff_t>(Report::kTraceLines / 2);
    const auto last = static_cast<std::ptrdiff_t>(Report::kTraceLines) - first - 1;
    std::vector<traces::TraceLine> kept(lines.begin(), lines.begin() + first);
    kept.push_back(
        {traces::Kind::Note, Duration(0),
         fmt::format("{} lines are left out here", lines.size() - Report::kTraceLines + 1)});
    std::copy(lines.end() - last, lines.end(), std::back_inserter(kept));
    return kept;
}

}  // namespace

std::string to_text(const Totals& totals) {
    std::string text;
    for (const auto& [verdict, count] : totals) {
        if (count == 0) continue;
        if (!text.empty()) text += ", ";
        text += fmt::format("{} {}", count, name(verdict));
    }
    return text;
}

bool is_wrong(Verdict verdict, bool own) {
    return verdict == Verdict::Fail || verdict == Verdict::Inconclusive ||
           (own && verdict == Verdict::Difference);
}

std::string excerpt(const std::vector<traces::TraceLine>& lines, std::size_t most) {
    constexpr std::size_t kColumns = 160;  // what still stands on one or two lines of a terminal
    const std::size_t left_out = lines.size() > most ? lines.size() - most : 0;
    std::string text;
    if (left_out > 0) text = fmt::format("… {} lines before these are left out\n", left_out);
    for (std::size_t i = left_out; i < lines.size(); ++i) {
        std::string line = traces::to_text(lines[i]);
        line.pop_back();
        if (line.size() > kColumns) {
            std::size_t end = kColumns;
            while ((static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
            line = line.substr(0, end) + "…";
        }
        text += line + "\n";
    }
    return text;
}

void Report::add(Implementation implementation) {
    for (const Implementation& other : implementations_)
        QMGR_CHECK(other.rig != implementation.rig, implementation.rig);
    implementations_.push_back(std::move(implementation));
}

void Report::add(CaseEntry entry) {
    entry.result.detail = masked_in_text(entry.result.detail);
    entry.result.trace = shortened(entry.result.trace);
    cases_.push_back(std::move(entry));
}

Totals Report::totals(const std::string& rig) const {
    Totals totals;
    for (const CaseEntry& entry : cases_)
        if (rig.empty() || entry.result.rig == rig) ++totals[entry.result.verdict];
    return totals;
}

std::optional<Verdict> Report::verdict_of(const Requirement& clause, const std::string& rig) const {
    std::set<Verdict> seen;
    for (const CaseEntry& entry : cases_) {
        if (!rig.empty() && entry.result.rig != rig) continue;
        for (const std::string& covered : entry.result.covers)
            if (stands_for(covered, clause.id)) seen.insert(entry.result.verdict);
    }
    for (const Verdict verdict : kWorstFirst)
        if (seen.contains(verdict)) return verdict;
    return std::nullopt;
}

bool Report::was_run(const Requirement& clause) const {
    return std::any_of(cases_.begin(), cases_.end(), [&](const CaseEntry& entry) {
        const auto& covers = entry.result.covers;
        return entry.result.verdict != Verdict::Unsupported &&
               entry.result.verdict != Verdict::Skipped &&
               std::any_of(covers.begin(), covers.end(), [&](const std::string& covered) {
                   return stands_for(covered, clause.id);
               });
    });
}

const CaseEntry* Report::find(const std::string& case_id, const std::string& rig) const {
    for (const CaseEntry& entry : cases_)
        if (entry.result.id == case_id && entry.result.rig == rig) return &entry;
    return nullptr;
}

bool Report::is_own(const std::string& rig) const {
    return std::any_of(implementations_.begin(), implementations_.end(),
                       [&](const Implementation& one) { return one.rig == rig && one.own; });
}

bool Report::good() const {
    return stale_.empty() && !cases_.empty() &&
           std::none_of(cases_.begin(), cases_.end(), [this](const CaseEntry& entry) {
               return is_wrong(entry.result.verdict, is_own(entry.result.rig));
           });
}

std::string Report::text() const {
    std::map<std::pair<std::string, std::string>, Line> areas;
    std::map<std::string, Line> rigs;
    std::size_t width = 10;
    for (const CaseEntry& entry : cases_) {
        width = std::max(width, entry.result.rig.size());
        for (Line* line :
             {&areas[{entry.result.rig, area_of(entry.result.id)}], &rigs[entry.result.rig]}) {
            ++line->totals[entry.result.verdict];
            ++line->cases;
            line->wall_us += static_cast<double>(entry.wall.count());
            line->elapsed_ms += static_cast<double>(entry.result.elapsed.count());
        }
    }
    std::string text;
    for (const auto& [key, line] : areas)
        text += fmt::format("{:<{}} {:<18} {:>3} cases  {}\n", key.first, width, key.second,
                            line.cases, to_text(line.totals));
    const auto covered =
        std::count_if(clauses_.begin(), clauses_.end(),
                      [this](const Requirement& clause) { return was_run(clause); });
    text += "\n";
    for (const auto& [rig, line] : rigs)
        text += fmt::format("{}: {} cases, {}, {:.2f} s wall, {:.1f} s on the rig's clock\n", rig,
                            line.cases, to_text(line.totals), line.wall_us / 1e6,
                            line.elapsed_ms / 1000);
    for (const Implementation& one : implementations_)
        if (one.shard.count > 1)
            text +=
                fmt::format("{}: shard {} of {} cases\n", one.rig, to_text(one.shard), one.meant);
    if (cases_.empty()) text += "no case was run\n";
    text += fmt::format("clauses with a case that ran: {} of {}\n", covered, clauses_.size());
    for (const std::string& line : stale_) text += "stale deviation: " + line + "\n";
    return text;
}

}  // namespace qmgr::conformance
