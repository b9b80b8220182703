// qmgr-conformance: the suite as a program.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <iostream>

#include "conformance/app/mutants_verb.hpp"
#include "conformance/app/output.hpp"
#include "conformance/app/verbs.hpp"
#include "conformance/cases/cases.hpp"
#include "conformance/loopback/interruption.hpp"
#include "reference/contract/input_error.hpp"

namespace {

using namespace qmgr;               // NOLINT(google-build-using-namespace): a main of this project
using namespace qmgr::conformance;  // NOLINT(google-build-using-namespace)

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;
constexpr int kSignalled = 128;

void add_selection(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--filter", arguments.filter,
                    "Cases to take, as in GoogleTest, with or without the rig: 'loopback/*', "
                    "'*restart*:limits.*-*slow*'");
    verb.add_option("--basis", arguments.bases,
                    "Only cases that cover a clause with one of these bases, with commas between "
                    "them: documented, derived, observed, chosen");
    verb.add_option("--shard", arguments.shard,
                    "Only the i-th of n parts, as i/n; GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX in "
                    "the environment say the same");
    verb.add_option("--catalogue", arguments.catalogue, "The catalogue of clauses");
}

void add_sut(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--sut", arguments.suts,
                    "simulated, loopback or exec:COMMAND; without it simulated and loopback");
}

void add_run(CLI::App& verb, Arguments& arguments) {
    add_sut(verb, arguments);
    add_selection(verb, arguments);
    verb.add_option("--deviations", arguments.deviations,
                    "Known deviations of the one system that is tested");
    verb.add_option(
        "--seed", arguments.seed,
        "Run the cases in the order that this number gives. Nothing else is drawn: what "
        "a fault of a script draws comes from the script's own seed");
    verb.add_option("--patience", arguments.patience,
                    "Seconds a case waits in real time for what should come, 1 to 600; 20 without "
                    "it. Less for a system that leaves out much, on a machine with nothing else to "
                    "do");
    verb.add_flag("--strict", arguments.strict, "A SHOULD that is not met fails");
    verb.add_option("--json", arguments.json, "Write the report to this file");
    verb.add_option("--junit", arguments.junit, "Write JUnit XML to this file");
    verb.add_option("--html", arguments.html, "Write the report as pages to this folder");
    verb.add_option("--traces", arguments.traces,
                    "Write the traces of cases that do not pass to this folder");
}

void add_merge(CLI::App& verb, Arguments& arguments) {
    verb.add_option("reports", arguments.reports, "Reports that run --json wrote")->required();
    verb.add_option("--json", arguments.json, "Write the merged report to this file");
    verb.add_option("--markdown", arguments.markdown,
                    "Write a matrix of areas and implementations to this file");
    verb.add_option("--html", arguments.html, "Write it as pages to this folder");
}

void add_mutants(CLI::App& verb, MutantsArguments& mutants) {
    verb.add_option("--filter", mutants.filter, "Mutants to run: 'J-*', 'client.*'");
    verb.add_option("--json", mutants.json, "Write the report to this file");
    verb.add_option("--html", mutants.html, "Write mutants.html to this folder");
    verb.add_flag("--all", mutants.all, "Every case on every mutant");
    verb.add_flag("--list", mutants.list, "Only say which mutants there are");
}

// What is empty was most likely a variable of a script that is not set, and nobody means by it what
// leaving the option out means.
void demand_values(const CLI::App& verb) {
    for (const CLI::Option* option : verb.get_options())
        for (const std::string& value : option->results())
            if (value.empty())
                throw InputError(option->get_name(), "expected a value that is not empty");
}

// GoogleTest writes the file at the end, and ends the program where it cannot.
void prepare_junit(const std::string& path) {
    testing::GTEST_FLAG(output) = "";  // GTEST_OUTPUT in the environment would write one, too
    if (path.empty()) return;
    const std::string full = std::filesystem::absolute(path).string();
    demand_file(full, "--junit " + path);
    testing::GTEST_FLAG(output) = "xml:" + full;
}

int status_of(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("Tests an implementation of the BITS queue manager interface.");
    app.require_subcommand(1);
    auto* run_verb = app.add_subcommand("run", "Run the cases; without --sut on both rigs");
    auto* list_verb = app.add_subcommand("list", "List the cases and the clauses they cover");
    auto* merge_verb = app.add_subcommand("merge", "Lay reports of several runs side by side");
    auto* replay_verb = app.add_subcommand("replay", "Play a trace and compare the answers");
    auto* mutants_verb =
        app.add_subcommand("mutants", "Show that wrong systems fail: survivors are missing cases");
    MutantsArguments mutants;
    add_mutants(*mutants_verb, mutants);
    add_run(*run_verb, arguments);
    add_sut(*list_verb, arguments);
    add_selection(*list_verb, arguments);
    add_merge(*merge_verb, arguments);
    add_sut(*replay_verb, arguments);
    replay_verb->add_option("trace", arguments.trace, "The trace file")->required();
    try {
        app.parse(argc, argv);
        demand_values(*app.get_subcommands().front());
        if (arguments.suts.empty()) arguments.suts = {"simulated", "loopback"};
        const std::optional<Shard> shard = take_shard_from_environment();
        prepare_junit(arguments.junit);
        int no_arguments = 1;
        testing::InitGoogleTest(&no_arguments, argv);
        if (*mutants_verb) {
            mutants.catalogue = arguments.catalogue;
            return run_mutants_verb(mutants, all_cases());
        }
        if (*list_verb) return list(arguments, shard);
        if (*merge_verb) return merge(arguments);
        heed_signals();
        return *run_verb ? run(arguments, shard) : replay(arguments);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        std::cerr << "qmgr-conformance: " << error.what() << "\n";
        return kWrongUse;
    } catch (const InputError& error) {
        std::cerr << "qmgr-conformance: " << error.what() << "\n";
        return kWrongUse;
    } catch (const Interrupted& end) {  // as a shell has it
        std::cerr << "qmgr-conformance: ended by signal " << end.signal << ": no report\n";
        return kSignalled + end.signal;
    } catch (const std::exception& error) {  // an output, a folder or a port that is no use
        std::cerr << "qmgr-conformance: " << error.what() << "\n";
        return kWrongUse;
    }
}

}  // namespace

int main(int argc, char** argv) {
    const int status = status_of(argc, argv);
    if (std::cout.flush() && all_was_said()) return status;
    std::cerr << "qmgr-conformance: standard output: expected a place that takes what is printed\n";
    return status == 0 ? kFailed : status;
}
