#include "propertytests/history_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "propertytests/history_excerpts.hpp"
#include "propertytests/history_rules.hpp"
#include "propertytests/listing_specification.hpp"

namespace qmgr::propertytests {
namespace {

// A history has no clock: transfers may have come as far as they like between two calls.
constexpr Instant kAlways{};

/// The queue, or a few groups of it, as the auditor allows it.
class QueueSpecification {
  public:
    using Operation = ExcerptCall;

    explicit QueueSpecification(const HistoryRules& rules)
        : auditor_(rules.policy, rules.premises) {}

    bool perform(const Operation& operation) {
        const Exchange& one = operation.recorded->operation;
        auditor_.call_answered(kAlways, one.caller, one.call, one.reply);
        if (operation.listing) show(one, *operation.listing);
        return auditor_.violations().empty();
    }
    std::string refusal() const {
        const Violation& first = auditor_.violations().front();
        return fmt::format("{} ({}): {}", first.invariant, first.clause, first.what);
    }
    std::size_t hash() const { return auditor_.hash(); }
    bool operator==(const QueueSpecification&) const = default;

  private:
    // The list was fixed when EnumGroups was answered, so it can be looked at right then.
    void show(const Exchange& one, const Listing& listing) {
        const auto enumerator = std::get<EnumeratorHandle>(one.reply.value);
        const auto shown = static_cast<std::uint32_t>(listing.ids.size());
        const std::uint32_t wanted = listing.whole ? shown + 1 : shown;
        const Reply reply = {listing.whole ? HResult::False : HResult::Ok,
                             value::Fetched{listing.ids, shown}};
        auditor_.call_answered(kAlways, one.caller, call::Next{enumerator, wanted, false}, reply);
        auditor_.call_answered(kAlways, one.caller, call::Release{enumerator}, {});
    }

    Auditor auditor_;
};

/// Adds what the search found in one excerpt to the finding over all.
void take(HistoryFinding& all, const Excerpt& excerpt, const Ordering& found) {
    all.steps += found.steps;
    if (found.finding == Finding::Linearizable) return;
    if (found.finding == Finding::Undecided && all.finding == Finding::Undecided) return;
    all.finding = found.finding;
    all.where = excerpt.name;
    all.ordered.clear();
    all.unordered.clear();
    for (const std::size_t i : found.ordered)
        all.ordered.push_back(*excerpt.calls[i].operation.recorded);
    for (const std::size_t i : found.unordered)
        all.unordered.push_back(*excerpt.calls[i].operation.recorded);
    all.reasons = found.reasons;
}

void take(HistoryFinding& all, const BrokenRule& broken) {
    all.finding = Finding::NotLinearizable;
    all.where = "rules that span groups";
    all.unordered = broken.calls;
    all.reasons.assign(broken.calls.size(), broken.what);
}

Excerpt whole(const History& history) {
    Excerpt excerpt;
    excerpt.name = "the whole queue";
    for (const RecordedCall& call : history)
        excerpt.calls.push_back({call.thread, call.begun, call.ended, {&call, {}}});
    return excerpt;
}

}  // namespace

HistoryFinding check_history(const History& history, const HistoryRules& rules) {
    Excerpts cut;
    if (rules.by_excerpts)
        cut = excerpts_of(history, rules.policy);
    else
        cut.excerpts = {whole(history)};
    // The short ones first: they leave the most steps to the others.
    std::stable_sort(
        cut.excerpts.begin(), cut.excerpts.end(),
        [](const Excerpt& a, const Excerpt& b) { return a.calls.size() < b.calls.size(); });
    const auto numbers = guesses(history);
    for (Excerpt& excerpt : cut.excerpts)
        for (auto& call : excerpt.calls) call.guess = numbers.at(call.operation.recorded);
    HistoryFinding all;
    all.excerpts = cut.excerpts.size();
    if (!cut.broken.empty()) {
        take(all, cut.broken.front());
        return all;
    }
    for (const Excerpt& excerpt : cut.excerpts) {
        const std::uint64_t left = rules.most_steps - all.steps;
        if (excerpt.subject == Excerpt::Subject::Groups)
            take(all, excerpt, check_order(excerpt.calls, QueueSpecification(rules), left));
        else
            take(all, excerpt, check_order(excerpt.calls, ListingSpecification(), left));
        if (all.finding == Finding::NotLinearizable) break;
    }
    return all;
}

std::string to_text(const HistoryFinding& finding, std::size_t most_ordered) {
    if (finding.finding == Finding::Linearizable)
        return fmt::format("linearizable: {} excerpts, {} steps\n", finding.excerpts,
                           finding.steps);
    const bool is_sure = finding.finding == Finding::NotLinearizable;
    std::string text =
        fmt::format("{} after {} steps: {}\n", is_sure ? "not linearizable," : "undecided",
                    finding.steps, finding.where);
    const std::size_t hidden =
        finding.ordered.size() - std::min(finding.ordered.size(), most_ordered);
    if (hidden > 0) text += fmt::format("  {} calls in order, then\n", hidden);
    for (std::size_t i = hidden; i < finding.ordered.size(); ++i)
        text += "  " + to_text(finding.ordered[i]) + "\n";
    text += is_sure ? "cannot be ordered:\n" : "not ordered so far:\n";
    for (std::size_t i = 0; i < finding.unordered.size(); ++i)
        text += fmt::format("  {}\n    {}\n", to_text(finding.unordered[i]), finding.reasons[i]);
    return text;
}

}  // namespace qmgr::propertytests
