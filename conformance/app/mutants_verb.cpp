#include "conformance/app/mutants_verb.hpp"

#include <fmt/format.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "conformance/app/kill_report.hpp"
#include "conformance/app/output.hpp"
#include "conformance/mutants/mutant.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

std::string page_of(const MutantsArguments& arguments) { return arguments.html + "/mutants.html"; }

// Before the run, which takes minutes.
void demand_places(const MutantsArguments& arguments) {
    if (!arguments.json.empty()) demand_file(arguments.json, "--json " + arguments.json);
    if (!arguments.html.empty()) demand_file(page_of(arguments), "--html " + arguments.html);
}

std::vector<mutants::Mutant> chosen(const std::string& filter) {
    std::vector<mutants::Mutant> all = mutants::all_mutants();
    std::erase_if(all, [&](const mutants::Mutant& mutant) {
        return ::fnmatch(filter.c_str(), mutant.id.c_str(), 0) != 0;
    });
    if (all.empty())
        throw InputError("--filter " + filter, "expected a pattern that names a mutant");
    return all;
}

// Without these two nothing that follows means anything.
bool suite_can_be_believed(const std::vector<Case>& cases, const Catalogue& catalogue) {
    const mutants::Mutant none{"none", "", "", "", [] { return world::Variation{}; }, ""};
    const auto results = run_mutants(cases, catalogue, {none, mutants::canary()}, {true, false, 2});
    for (const Kill& kill : results[0].kills)
        say(fmt::format("fail {}: the reference itself does not pass ({})\n", kill.case_id,
                        kill.how));
    const bool found = results[1].killed();
    if (!found) say("fail canary: no case finds a system that answers E_FAIL to everything\n");
    return results[0].kills.empty() && found;
}

}  // namespace

int run_mutants_verb(const MutantsArguments& arguments, const std::vector<Case>& cases) {
    constexpr int done = 0, failed = 1;
    const Catalogue catalogue = Catalogue::from_file(arguments.catalogue);
    const std::vector<mutants::Mutant> mutants = chosen(arguments.filter);
    if (arguments.list) {
        for (const mutants::Mutant& one : mutants)
            say(fmt::format("{} [{}]: {}\n", one.id, one.clause, one.change));
        return done;
    }
    demand_places(arguments);
    if (!suite_can_be_believed(cases, catalogue)) return failed;
    const KillOptions options{arguments.all, isatty(STDOUT_FILENO) == 1,
                              std::max(2U, std::thread::hardware_concurrency())};
    std::vector<MutantResult> results = run_mutants(cases, catalogue, mutants, options);
    const bool all_mutants = arguments.filter == MutantsArguments().filter;
    if (all_mutants) look_for_proofs(cases, catalogue, results, options);
    const KillReport report(catalogue, cases, std::move(results));
    say(fmt::format("{}{}", all_mutants ? report.proofs_text() : "", report.text()));
    if (!arguments.json.empty()) write_file(arguments.json, report.json());
    if (!arguments.html.empty()) write_file(page_of(arguments), report.html());
    say(fmt::format("{} passed, {} failed\n", mutants.size() - report.survivors().size(),
                    report.survivors().size()));
    const bool proven = !all_mutants || report.unproven().empty();
    return report.good() && proven ? done : failed;
}

}  // namespace qmgr::conformance
