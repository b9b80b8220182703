#include "conformance/app/selection.hpp"

#include <algorithm>
#include <utility>

#include "fakeserver/draws.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

std::vector<std::string_view> split(std::string_view text, char between) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(between);
        parts.push_back(text.substr(0, end));
        if (end == text.npos) return parts;
        text.remove_prefix(end + 1);
    }
}

bool one_matches(std::string_view patterns, std::string_view text) {
    const auto parts = split(patterns, ':');
    return std::any_of(parts.begin(), parts.end(),
                       [text](std::string_view pattern) { return glob_matches(pattern, text); });
}

bool has_basis(const Case& one, const std::set<Basis>& bases, const Catalogue& catalogue) {
    if (bases.empty()) return true;
    for (const std::string& id : one.covers)
        for (const Requirement* requirement : catalogue.find(id))
            if (bases.contains(requirement->basis)) return true;
    return false;
}

bool is_in(const Shard& shard, const Case& one) {
    return stable_hash(one.id) % shard.count == shard.index;
}

// Fisher and Yates.
void shuffle(std::vector<const Case*>& cases, std::uint64_t seed) {
    for (std::size_t left = cases.size(); left > 1; --left)
        std::swap(cases[left - 1], cases[fakeserver::draw(seed, left) % left]);
}

}  // namespace

std::uint64_t stable_hash(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001B3ULL;
    }
    return hash;
}

bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    // The last star, and where the text goes on if it takes one character more.
    std::size_t star = pattern.npos;
    std::size_t after = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            after = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != pattern.npos) {
            p = star + 1;
            t = ++after;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

bool filter_matches(std::string_view filter, std::string_view text) {
    const std::size_t dash = filter.find('-');
    const std::string_view wanted = filter.substr(0, dash);
    const std::string_view unwanted =
        dash == filter.npos ? std::string_view() : filter.substr(dash + 1);
    return (wanted.empty() || one_matches(wanted, text)) &&
           (unwanted.empty() || !one_matches(unwanted, text));
}

Duration patience_from_text(const std::string& text, const std::string& where) {
    const auto seconds = whole_number(text);
    if (!seconds || *seconds < 1 || *seconds > 600)
        throw InputError(where, "expected a whole number of seconds from 1 to 600");
    return std::chrono::seconds(*seconds);
}

std::set<Basis> bases_from_text(const std::string& text, const std::string& where) {
    std::set<Basis> bases;
    for (const std::string_view word : split(text, ',')) {
        const auto basis = basis_named(word);
        if (!basis) throw InputError(where, "expected documented, derived, observed or chosen");
        bases.insert(*basis);
    }
    return bases;
}

std::vector<const Case*> selected(const std::vector<Case>& cases, const std::string& rig,
                                  const Selection& selection, const Catalogue& catalogue) {
    std::vector<const Case*> meant;
    for (const Case& one : cases) {
        const bool named = filter_matches(selection.filter, rig + "/" + one.id) ||
                           filter_matches(selection.filter, one.id);
        if (named && is_in(selection.shard, one) && has_basis(one, selection.bases, catalogue))
            meant.push_back(&one);
    }
    if (selection.seed) shuffle(meant, *selection.seed);
    return meant;
}

}  // namespace qmgr::conformance
