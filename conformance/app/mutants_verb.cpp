#include "conformance/app/mutants_verb.hpp"

#include <fmt/format.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "conformance/app/kill_report.hpp"
#include "conformance/mutants/mutant.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path);
    if (!(file << text).flush()) throw InputError(path, "expected a file that can be written");
}

// Before the run, which takes minutes; what stands there stays until the run has ended.
void demand_places(const MutantsArguments& arguments) {
    std::error_code error;  // the file that cannot be opened says enough
    const auto folder = std::filesystem::path(arguments.json).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (!arguments.html.empty()) std::filesystem::create_directories(arguments.html, error);
    const std::string page = arguments.html.empty() ? "" : arguments.html + "/mutants.html";
    for (const std::string& path : {arguments.json, page})
        if (!path.empty() && !std::ofstream(path, std::ios::app))
            throw InputError(path, "expected a file that can be written");
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
        fmt::print("fail {}: the reference itself does not pass ({})\n", kill.case_id, kill.how);
    const bool found = results[1].killed();
    if (!found)
        fmt::print("fail canary: no case finds a system that answers E_FAIL to everything\n");
    return results[0].kills.empty() && found;
}

}  // namespace

int run_mutants_verb(const MutantsArguments& arguments, const std::vector<Case>& cases) {
    constexpr int done = 0, failed = 1;
    const Catalogue catalogue = Catalogue::from_file(arguments.catalogue);
    const std::vector<mutants::Mutant> mutants = chosen(arguments.filter);
    if (arguments.list) {
        for (const mutants::Mutant& one : mutants)
            fmt::print("{} [{}]: {}\n", one.id, one.clause, one.change);
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
    fmt::print("{}{}", all_mutants ? report.proofs_text() : "", report.text());
    if (!arguments.json.empty()) write_file(arguments.json, report.json());
    if (!arguments.html.empty()) write_file(arguments.html + "/mutants.html", report.html());
    fmt::print("{} passed, {} failed\n", mutants.size() - report.survivors().size(),
               report.survivors().size());
    const bool proven = !all_mutants || report.unproven().empty();
    return report.good() && proven ? done : failed;
}

}  // namespace qmgr::conformance
