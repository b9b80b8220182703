#include "conformance/rig/case.hpp"

#include <algorithm>

#include "reference/contract/url_mask.hpp"

namespace qmgr::inline v0::conformance {
namespace {

// A wrong answer to a clause that this project chose is a difference, one to a SHOULD is lenient.
Verdict graded(const Finding& finding, const Catalogue& catalogue, Strictness strictness) {
    if (finding.verdict != Verdict::Fail) return finding.verdict;
    if (strictness == Strictness::Must && catalogue.is_should(finding.clause))
        return Verdict::Lenient;
    return catalogue.is_chosen(finding.clause) ? Verdict::Difference : Verdict::Fail;
}

// The worst first.
int weight(Verdict verdict) {
    switch (verdict) {
        case Verdict::Fail:
            return 4;
        case Verdict::Difference:
            return 3;
        case Verdict::Inconclusive:
            return 2;
        case Verdict::Lenient:
            return 1;
        case Verdict::Pass:
        case Verdict::Deviation:
        case Verdict::Unsupported:
        case Verdict::Skipped:
            break;
    }
    return 0;
}

std::string detail_of(const Finding& finding, const Catalogue& catalogue) {
    std::string text = finding.clause + ": " + finding.what + ": expected " + finding.expected +
                       ", actual " + finding.actual;
    for (const Requirement* requirement : catalogue.find(finding.clause))
        text += "\n    " + requirement->id + ": " + requirement->text + " [" +
                std::string(name(requirement->basis)) + "; " + requirement->source + "]";
    return text;
}

}  // namespace

std::string area_of(const std::string& case_id) { return case_id.substr(0, case_id.find('.')); }

CaseResult run_case(const Case& one, const std::string& rig_name, Rig& rig,
                    const Catalogue& catalogue, Strictness strictness) {
    one.run(rig);
    CaseResult result;
    result.id = one.id;
    result.rig = rig_name;
    result.covers = one.covers;
    result.verdict = Verdict::Pass;
    result.findings = rig.findings();
    result.trace = rig.lines();
    result.expectations = rig.expectations();
    result.hresult_expectations = rig.hresult_expectations();
    result.elapsed = rig.elapsed();
    const bool wrong_before =
        std::any_of(result.findings.begin(), result.findings.end(),
                    [](const Finding& finding) { return finding.verdict == Verdict::Fail; });
    const bool skipped = !rig.skip_reason().empty();
    const bool ended_early = skipped || !rig.unsupported_reason().empty();
    if (ended_early && !wrong_before) {
        result.verdict = skipped ? Verdict::Skipped : Verdict::Unsupported;
        result.detail = skipped ? rig.skip_reason() : rig.unsupported_reason();
        return result;
    }
    for (const fakeserver::RuleHits& rule : rig.hits())
        if (rule.hits == 0 && !ended_early)
            result.findings.push_back({Verdict::Fail, one.covers.front(),
                                       "the fault \"" + rule.rule + "\" fires", "at least one hit",
                                       "none"});
    if (result.expectations == 0)
        result.findings.push_back({Verdict::Fail, one.covers.front(), "the case looks at something",
                                   "an expectation", "none"});
    for (Finding& finding : result.findings) {
        // Reports are passed on, so no password in a URL gets into one.
        for (std::string* text : {&finding.what, &finding.expected, &finding.actual})
            *text = masked_in_text(*text);
        finding.verdict = graded(finding, catalogue, strictness);
        if (weight(finding.verdict) > weight(result.verdict)) result.verdict = finding.verdict;
        if (!result.detail.empty()) result.detail += "\n";
        result.detail += detail_of(finding, catalogue);
    }
    return result;
}

CaseResult not_run(const Case& one, const std::string& rig_name, Verdict verdict,
                   const std::string& reason) {
    CaseResult result;
    result.id = one.id;
    result.rig = rig_name;
    result.covers = one.covers;
    result.verdict = verdict;
    result.detail = reason;
    return result;
}

std::optional<CaseResult> refused_for_ability(const Case& one, const std::string& rig_name,
                                              const Description& system) {
    for (const std::string& ability : one.needs)
        if (!system.abilities.contains(ability))
            return not_run(one, rig_name, Verdict::Unsupported, "needs the ability " + ability);
    return std::nullopt;
}

}  // namespace qmgr::inline v0::conformance
