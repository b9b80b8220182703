#include "conformance/app/deviations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "conformance/app/selection.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/contract/json.hpp"

namespace qmgr::conformance {
namespace {

std::string text_of(const Json& json, const char* key, const std::string& where) {
    if (!json.is_object() || !json.contains(key) || !json.at(key).is_string() ||
        json.at(key).get_ref<const std::string&>().empty())
        throw InputError(where + "/" + key, "expected a text");
    return json.at(key).get<std::string>();
}

Deviation entry_from(const Json& json, const std::string& where) {
    Deviation entry;
    entry.place = where;
    entry.pattern = text_of(json, "pattern", where);
    entry.reason = text_of(json, "reason", where);
    entry.until = date_from_text(text_of(json, "until", where), where + "/until");
    for (const auto& [key, value] : json.items())
        if (key != "pattern" && key != "reason" && key != "until")
            throw InputError(where + "/" + key, "expected pattern, reason and until alone");
    return entry;
}

}  // namespace

Date date_from_text(const std::string& text, const std::string& where) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int read = 0;
    const int fields = std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &read);
    const Date date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (fields != 3 || year < 0 || !date.ok() || to_text(date) != text)
        throw InputError(where, "expected a day as YYYY-MM-DD");
    return date;
}

std::string to_text(const Date& date) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Deviations Deviations::from_file(const std::string& path, Date today) {
    std::ifstream file(path);
    if (!file) throw InputError(path, "expected a list of deviations that can be read");
    std::ostringstream text;
    text << file.rdbuf();
    return from_text(text.str(), path, today);
}

Deviations Deviations::from_text(const std::string& text, const std::string& where, Date today) {
    const Json json = parse_json(text, where);
    if (!json.is_array())
        throw InputError(where, "expected a list of {\"pattern\",\"reason\",\"until\"}");
    Deviations deviations;
    deviations.today_ = today;
    for (const Json& entry : json)
        deviations.entries_.push_back(
            entry_from(entry, where + ": /" + std::to_string(deviations.entries_.size())));
    return deviations;
}

bool Deviations::lists(const std::string& case_id) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Deviation& entry) {
        return glob_matches(entry.pattern, case_id);
    });
}

void Deviations::apply(CaseResult& result) const {
    const bool wrong = result.verdict == Verdict::Fail || result.verdict == Verdict::Difference ||
                       result.verdict == Verdict::Inconclusive;
    if (!wrong) return;
    for (const Deviation& entry : entries_) {
        if (is_past(entry) || !glob_matches(entry.pattern, result.id)) continue;
        result.verdict = Verdict::Deviation;
        result.detail = fmt::format("known until {}: {}\n{}", to_text(entry.until), entry.reason,
                                    result.detail);
        return;
    }
}

std::vector<std::string> Deviations::stale(const std::vector<CaseResult>& results,
                                           const std::vector<std::string>& suite) const {
    std::vector<std::string> lines;
    for (const Deviation& entry : entries_) {
        if (is_past(entry))
            lines.push_back(fmt::format("{}: \"{}\" was known until {}, which is past", entry.place,
                                        entry.pattern, to_text(entry.until)));
        for (const CaseResult& result : results)
            if (is_good(result.verdict) && glob_matches(entry.pattern, result.id))
                lines.push_back(fmt::format("{}: \"{}\" lists {}, which passes", entry.place,
                                            entry.pattern, result.id));
        if (std::none_of(suite.begin(), suite.end(),
                         [&](const std::string& id) { return glob_matches(entry.pattern, id); }))
            lines.push_back(fmt::format("{}: \"{}\" matches no case", entry.place, entry.pattern));
    }
    return lines;
}

}  // namespace qmgr::conformance
