#include "conformance/meta/requirements_page.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/cases/cases.hpp"
#include "conformance/rig/requirements.hpp"

namespace qmgr::meta {
namespace {

using conformance::Requirement;

using FamilyTitle = std::pair<std::string_view, std::string_view>;
constexpr auto kFamilyTitles = std::to_array<FamilyTitle>({
    {"QMGR", "the queue"},
    {"ENUM", "enumerators"},
    {"HANDLE", "handles"},
    {"GROUP", "a group"},
    {"PROP", "properties"},
    {"JOB1", "a job, as the group interface has it"},
    {"NOTIFY", "notifications"},
    {"XFER", "requests and answers"},
    {"SCHED", "turns"},
    {"FILE", "files on the disk"},
    {"SERVICE", "the service"},
    {"JOB", "states and commands, from the pages on jobs"},
    {"SVC", "what the service does by itself"},
    {"LIM", "limits"},
    {"PRG", "progress"},
    {"HTTP", "HTTP"},
    {"LOG", "log-on"},
    {"ERR", "failures"},
    {"OBS", "what was seen on real machines"},
    {"ERA", "rules that differ by version"},
    {"AUTH", "credentials"},
    {"USR", "what a person sees"},
    {"NTF", "notifications, from the pages on jobs"},
    {"OWN", "ownership"},
    {"NET", "the network"},
    {"PER", "what outlives a restart"},
    {"GP", "policies"},
    {"CON", "where pages contradict each other"},
    {"OPEN", "where every page is silent"},
});

std::string family_of(const std::string& id) { return id.substr(0, id.find('-')); }

std::string heading_of(const std::string& family) {
    for (const auto& [name, title] : kFamilyTitles)
        if (name == family) return family + ": " + std::string(title);
    return family;
}

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
    std::string all;
    for (const std::string& text : texts) {
        if (!all.empty()) all += between;
        all += text;
    }
    return all;
}

// A bar would end the cell of the table; what looks like HTML would vanish.
std::string cell(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '|' || c == '*' || c == '<') safe += '\\';
        safe += c;
    }
    return safe;
}

using CasesById = std::map<std::string, std::vector<std::string>>;

/// Entry ids with the cases that cover them.
CasesById cases_by_id(const conformance::Catalogue& catalogue) {
    CasesById cases;
    for (const conformance::Case& one : conformance::all_cases()) {
        for (const std::string& id : one.covers) {
            for (const Requirement* entry : catalogue.find(id)) {
                std::vector<std::string>& known = cases[entry->id];
                if (std::find(known.begin(), known.end(), one.id) == known.end())
                    known.push_back(one.id);
            }
        }
    }
    return cases;
}

std::string shown_by(const Requirement& entry, const CasesById& cases) {
    if (!entry.retired.empty()) return "retired: " + cell(entry.retired);
    const auto found = cases.find(entry.id);
    if (found != cases.end()) return joined(found->second, ", ");
    return entry.no_case.empty() ? "**none**" : "none: " + cell(entry.no_case);
}

std::string row(const Requirement& entry, const CasesById& cases) {
    const std::string level = entry.must ? "must" : "should";
    std::string basis(conformance::name(entry.basis));
    if (!entry.decision.empty()) basis += " (" + entry.decision + ")";
    std::string text = cell(entry.text);
    if (!entry.allowed.empty()) text += " *Allowed:* " + cell(joined(entry.allowed, "; ")) + ".";
    if (!entry.restates.empty()) text += " *Restates:* " + joined(entry.restates, ", ") + ".";
    return "| " + entry.id + " | " + level + ", " + basis + " | " + text + " | " +
           cell(entry.source) + " | " + shown_by(entry, cases) + " |\n";
}

}  // namespace

std::string requirements_page() {
    const auto catalogue = conformance::Catalogue::from_file("conformance/requirements.json");
    const CasesById cases = cases_by_id(catalogue);
    std::vector<std::string> families;
    for (const Requirement& entry : catalogue.all()) {
        const std::string family = family_of(entry.id);
        if (std::find(families.begin(), families.end(), family) == families.end())
            families.push_back(family);
    }
    std::string page =
        "# Requirements\n\n"
        "Printed from the catalogue, `conformance/requirements.json`, and the list of cases; do "
        "not edit. This renews it:\n\n    " +
        std::string(kRequirementsCommand) +
        "\n\n"
        "An id that ends in -a, -b or -c is a part of a clause that rests on more than one basis; "
        "the clause without the letter\nmeans all of them. The number beside *chosen* is that of "
        "the decision record. What is left out is in\n"
        "[left-out-facts.md](left-out-facts.md). *Restates* names what says the same, or "
        "what nobody keeps who breaks this.\n";
    for (const std::string& family : families) {
        page += "\n## " + heading_of(family) +
                "\n\n| id | level, basis | requirement | source | cases |\n|---|---|---|---|---|\n";
        for (const Requirement& entry : catalogue.all())
            if (family_of(entry.id) == family) page += row(entry, cases);
    }
    return page;
}

}  // namespace qmgr::meta
