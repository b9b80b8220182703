// The reasons for cells that nobody reached, and the page that shows both.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "propertytests/coverage.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::propertytests {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// What stands before `end`, which is taken away with it; nothing without an `end`.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
    const std::size_t found = text.find(end);
    if (found == text.npos) return std::nullopt;
    const std::string_view taken = text.substr(0, found);
    text.remove_prefix(found + end.size());
    return trimmed(taken);
}

template <class Name, std::size_t N>
std::bitset<N> set_of_names(std::string_view part, std::string_view word, const std::string& where,
                            Name name_of) {
    const std::string expected =
        fmt::format("'{} in NAME, NAME' or '{} in *' expected", word, word);
    if (!part.starts_with(fmt::format("{} in ", word))) throw InputError(where, expected);
    part.remove_prefix(word.size() + 4);
    std::bitset<N> set;
    if (trimmed(part) == "*") return set.set();
    for (std::string_view rest = part; !rest.empty();) {
        const auto before = take_until(rest, ",");
        const std::string_view one = before ? *before : trimmed(std::exchange(rest, {}));
        std::size_t i = 0;
        while (i < N && name_of(i) != one) ++i;
        if (i == N) throw InputError(where, fmt::format("no {} is named '{}'", word, one));
        set.set(i);
    }
    return set;
}

UnreachedRule rule_from(std::string_view line, const std::string& where) {
    UnreachedRule rule;
    rule.text = line;
    std::string_view rest = line;
    const auto views = take_until(rest, ";");
    const auto kinds = take_until(rest, ";");
    const auto points = take_until(rest, ": because ");
    if (!views || !kinds || !points || trimmed(rest).empty())
        throw InputError(where, "'state in …; command in …; fault point in …: because …' expected");
    rule.views = set_of_names<std::string_view (*)(std::size_t), kGroupViews>(
        *views, "state", where, [](std::size_t i) { return name(static_cast<GroupView>(i)); });
    rule.kinds = set_of_names<std::string_view (*)(std::size_t), kKinds>(
        *kinds, "command", where, [](std::size_t i) { return name(static_cast<Kind>(i)); });
    rule.points = set_of_names<std::string_view (*)(std::size_t), kFaultPoints>(
        *points, "fault point", where,
        [](std::size_t i) { return name(static_cast<FaultPoint>(i)); });
    rule.because = trimmed(rest);
    return rule;
}

void for_each_cell(const auto& take) {
    for (std::size_t view = 0; view < kGroupViews; ++view)
        for (std::size_t kind = 0; kind < kKinds; ++kind)
            for (std::size_t point = 0; point < kFaultPoints; ++point)
                take(Cell{static_cast<GroupView>(view), static_cast<Kind>(kind),
                          static_cast<FaultPoint>(point)});
}

std::string to_text(const Cell& cell) {
    return fmt::format("state {}, command {}, fault point {}", name(cell.view), name(cell.kind),
                       name(cell.point));
}

// One letter a fault point; those that were not reached are dots.
constexpr std::string_view kLetters = "0lnspdjrx";
static_assert(kLetters.size() == kFaultPoints);

std::string letters_of(const Cells& reached, GroupView view, Kind kind) {
    std::string letters;
    for (std::size_t i = 0; i < kFaultPoints; ++i)
        letters += reached.contains({view, kind, static_cast<FaultPoint>(i)}) ? kLetters[i] : '.';
    if (letters == kLetters) return "all";
    return letters.find_first_not_of('.') == letters.npos ? "none" : "`" + letters + "`";
}

}  // namespace

bool UnreachedRule::covers(const Cell& cell) const {
    return views.test(static_cast<std::size_t>(cell.view)) &&
           kinds.test(static_cast<std::size_t>(cell.kind)) &&
           points.test(static_cast<std::size_t>(cell.point));
}

std::vector<UnreachedRule> read_rules(std::string_view text, const std::string& where) {
    std::vector<UnreachedRule> rules;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#')) continue;
        const std::string place = fmt::format("{}:{}", where, number);
        if (rules.size() == kMostRules)
            throw InputError(place, fmt::format("at most {} rules expected", kMostRules));
        rules.push_back(rule_from(line, place));
    }
    return rules;
}

std::vector<std::string> disagreements(const Cells& reached,
                                       const std::vector<UnreachedRule>& rules) {
    std::vector<std::string> wrong;
    std::vector<bool> useful(rules.size());
    for_each_cell([&](const Cell& cell) {
        std::size_t covering = 0;
        std::size_t last = 0;
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (!rules[i].covers(cell)) continue;
            ++covering;
            last = i;
            if (reached.contains(cell))
                wrong.push_back(to_text(cell) + ": reached, and excused by: " + rules[i].text);
        }
        if (covering == 1) useful[last] = true;
        if (covering == 0 && !reached.contains(cell))
            wrong.push_back(to_text(cell) + ": not reached, and no rule says why");
    });
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (!useful[i])
            wrong.push_back("excuses nothing that no other rule does: " + rules[i].text);
    return wrong;
}

std::string coverage_page(const Cells& reached, const std::vector<UnreachedRule>& rules,
                          const std::string& how) {
    std::string page = "# Coverage of behaviour\n\n";
    page += fmt::format("Printed by `{}`; a test checks that it is fresh.\n\n", how);
    page += fmt::format(
        "What was done (row) to a group in which state (column), and what was broken at that "
        "moment. {} of {} cells were reached.\n\n"
        "A letter stands for a fault point that was reached there, a dot for one that was not, "
        "`all` for all of them:\n\n",
        reached.size(), Cells::kAll);
    for (std::size_t i = 0; i < kFaultPoints; ++i)
        page += fmt::format("- `{}` {}\n", kLetters[i], name(static_cast<FaultPoint>(i)));
    page += "\n| command |";
    for (std::size_t i = 0; i < kGroupViews; ++i)
        page += fmt::format(" {} |", name(static_cast<GroupView>(i)));
    page += "\n|---|";
    for (std::size_t i = 0; i < kGroupViews; ++i) page += "---|";
    page += "\n";
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        page += fmt::format("| {} |", name(static_cast<Kind>(kind)));
        for (std::size_t view = 0; view < kGroupViews; ++view)
            page += fmt::format(" {} |", letters_of(reached, static_cast<GroupView>(view),
                                                    static_cast<Kind>(kind)));
        page += "\n";
    }
    page += "\n## Why the others were not reached\n\n";
    page += "From `propertytests/unreached.txt`.\n\n";
    for (const UnreachedRule& rule : rules) page += fmt::format("- {}\n", rule.text);
    return page;
}

}  // namespace qmgr::propertytests
