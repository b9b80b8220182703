#include "conformance/app/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "reference/contract/json.hpp"
#include "reference/contract/url_mask.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::conformance {
namespace {

// From the worst to the best, as a clause with several cases is judged.
constexpr std::array kWorstFirst = {Verdict::Fail,      Verdict::Difference, Verdict::Inconclusive,
                                    Verdict::Deviation, Verdict::Skipped,    Verdict::Unsupported,
                                    Verdict::Lenient,   Verdict::Pass};

constexpr std::array kInOrder = {Verdict::Pass,    Verdict::Lenient,     Verdict::Difference,
                                 Verdict::Fail,    Verdict::Deviation,   Verdict::Unsupported,
                                 Verdict::Skipped, Verdict::Inconclusive};

std::string area_of(const CaseResult& result) { return result.id.substr(0, result.id.find('.')); }

struct AreaLine {
    std::map<Verdict, std::size_t> verdicts;
    std::size_t cases = 0;
    std::set<std::string> clauses;
    std::chrono::microseconds wall{0};
    Duration elapsed{0};
};

std::string verdicts_text(const std::map<Verdict, std::size_t>& verdicts) {
    std::string text;
    for (const Verdict verdict : kInOrder) {
        const auto found = verdicts.find(verdict);
        if (found == verdicts.end()) continue;
        if (!text.empty()) text += ", ";
        text += fmt::format("{} {}", found->second, name(verdict));
    }
    return text;
}

}  // namespace

void Report::add(const CaseResult& result, std::chrono::microseconds wall) {
    results_.push_back(result);
    walls_.push_back(wall);
}

std::map<Verdict, std::size_t> Report::totals() const {
    std::map<Verdict, std::size_t> totals;
    for (const CaseResult& result : results_) ++totals[result.verdict];
    return totals;
}

bool Report::good() const {
    const auto totals_now = totals();
    return !totals_now.contains(Verdict::Fail) && !totals_now.contains(Verdict::Difference) &&
           !totals_now.contains(Verdict::Inconclusive);
}

std::vector<Report::ClauseLine> Report::clauses() const {
    std::map<const Requirement*, std::set<Verdict>> seen;
    for (const CaseResult& result : results_)
        for (const std::string& id : result.covers)
            for (const Requirement* requirement : catalogue_.find(id))
                seen[requirement].insert(result.verdict);
    std::vector<ClauseLine> lines;
    for (const Requirement& requirement : catalogue_.all()) {
        ClauseLine line{&requirement, "not covered"};
        if (const auto found = seen.find(&requirement); found != seen.end())
            for (const Verdict verdict : kWorstFirst)
                if (found->second.contains(verdict)) {
                    line.verdict = name(verdict);
                    break;
                }
        lines.push_back(line);
    }
    return lines;
}

std::string Report::text() const {
    std::map<std::pair<std::string, std::string>, AreaLine> areas;
    std::map<std::string, AreaLine> rigs;
    for (std::size_t i = 0; i < results_.size(); ++i) {
        const CaseResult& result = results_[i];
        for (AreaLine* line : {&areas[{result.rig, area_of(result)}], &rigs[result.rig]}) {
            ++line->verdicts[result.verdict];
            ++line->cases;
            line->clauses.insert(result.covers.begin(), result.covers.end());
            line->wall += walls_[i];
            line->elapsed += result.elapsed;
        }
    }
    std::string text;
    for (const auto& [key, line] : areas)
        text += fmt::format("{:<10} {:<18} {:>3} cases  {}\n", key.first, key.second, line.cases,
                            verdicts_text(line.verdicts));
    const auto lines = clauses();
    const auto covered = std::count_if(lines.begin(), lines.end(), [](const ClauseLine& line) {
        return line.verdict != "not covered" && line.verdict != "unsupported";
    });
    text += "\n";
    for (const auto& [rig, line] : rigs)
        text += fmt::format("{}: {} cases, {}, {:.2f} s wall, {:.1f} s on the rig's clock\n", rig,
                            line.cases, verdicts_text(line.verdicts),
                            static_cast<double>(line.wall.count()) / 1e6,
                            static_cast<double>(line.elapsed.count()) / 1000);
    text += fmt::format("clauses with a case that ran: {} of {}\n", covered, lines.size());
    return text;
}

std::string Report::json() const {
    Json json = {{"format", 1},
                 {"totals", Json::object()},
                 {"cases", Json::array()},
                 {"clauses", Json::array()}};
    const auto totals_now = totals();
    for (const Verdict verdict : kInOrder) {
        const auto found = totals_now.find(verdict);
        json["totals"][std::string(name(verdict))] = found == totals_now.end() ? 0 : found->second;
    }
    for (std::size_t i = 0; i < results_.size(); ++i) {
        const CaseResult& result = results_[i];
        json["cases"].push_back({{"id", result.id},
                                 {"rig", result.rig},
                                 {"covers", result.covers},
                                 {"verdict", std::string(name(result.verdict))},
                                 {"detail", masked_in_text(result.detail)},
                                 {"wall_us", walls_[i].count()},
                                 {"elapsed_ms", result.elapsed.count()}});
    }
    for (const ClauseLine& line : clauses())
        json["clauses"].push_back({{"id", line.requirement->id},
                                   {"basis", std::string(name(line.requirement->basis))},
                                   {"verdict", line.verdict}});
    return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace qmgr::conformance
