// qmgr-conformance: the suite as a program.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "conformance/app/mutants_verb.hpp"
#include "conformance/app/replay_trace.hpp"
#include "conformance/app/report.hpp"
#include "conformance/app/runner.hpp"
#include "conformance/cases/cases.hpp"
#include "reference/contract/input_error.hpp"

namespace {

using namespace qmgr;               // NOLINT(google-build-using-namespace): a main of this project
using namespace qmgr::conformance;  // NOLINT(google-build-using-namespace)

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

struct Arguments {
    std::vector<std::string> suts;
    std::string filter = "*";
    std::string catalogue = "conformance/requirements.json";
    std::string json;
    std::string traces;
    std::string trace;
};

std::string program_folder() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

std::vector<RigKind> kinds(const Arguments& arguments) {
    std::vector<RigKind> kinds;
    for (const std::string& sut : arguments.suts) kinds.push_back(rig_kind(sut, program_folder()));
    return kinds;
}

void write_file(const std::string& path, const std::string& text) {
    const auto folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder);
    std::ofstream file(path);
    file << text;
    if (!file.flush()) throw InputError(path, "expected a file that can be written");
}

int run(const Arguments& arguments) {
    const Catalogue catalogue = Catalogue::from_file(arguments.catalogue);
    const std::vector<Case> cases = all_cases();
    Report report(catalogue);
    const std::vector<RigKind> rigs = kinds(arguments);
    for (const RigKind& kind : rigs) {
        if (refuses_unknown_calls(kind)) continue;
        fmt::print("fail {}: a call that does not exist is not answered `unsupported`\n",
                   kind.name);
        return kFailed;
    }
    run_all(cases, {rigs, arguments.filter, isatty(STDOUT_FILENO) == 1, arguments.traces},
            catalogue, report);
    if (report.results().empty())
        throw InputError("--filter " + arguments.filter, "expected a pattern that names a case");
    fmt::print("{}", report.text());
    if (!arguments.json.empty()) {
        write_file(arguments.json, report.json());
        fmt::print("report: {}\n", arguments.json);
    }
    return report.good() ? kDone : kFailed;
}

int list() {
    for (const Case& one : all_cases()) {
        std::string covers;
        for (const std::string& id : one.covers) covers += " " + id;
        fmt::print("{}: {} [{}]\n", one.id, one.title, covers.substr(1));
    }
    return kDone;
}

int replay(const Arguments& arguments) {
    bool agree = true;
    for (const RigKind& kind : kinds(arguments)) {
        const std::string difference = replay_trace(arguments.trace, kind);
        agree = agree && difference.empty();
        fmt::print("{}: {}\n{}", kind.name, difference.empty() ? "agrees" : "differs", difference);
    }
    return agree ? kDone : kFailed;
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("Tests an implementation of the BITS queue manager interface.");
    app.require_subcommand(1);
    auto* run_verb = app.add_subcommand("run", "Run the cases; without --sut on both rigs");
    auto* list_verb = app.add_subcommand("list", "List the cases and the clauses they cover");
    auto* replay_verb = app.add_subcommand("replay", "Play a trace and compare the answers");
    auto* mutants_verb =
        app.add_subcommand("mutants", "Show that wrong systems fail: survivors are missing cases");
    MutantsArguments mutants;
    mutants_verb->add_option("--filter", mutants.filter, "Mutants to run: 'J-*', 'client.*'");
    mutants_verb->add_option("--json", mutants.json, "Write the report to this file");
    mutants_verb->add_option("--html", mutants.html, "Write mutants.html to this folder");
    mutants_verb->add_flag("--all", mutants.all, "Every case on every mutant");
    mutants_verb->add_flag("--list", mutants.list, "Only say which mutants there are");
    for (auto* verb : {run_verb, replay_verb})
        verb->add_option("--sut", arguments.suts, "simulated, loopback or exec:COMMAND");
    run_verb->add_option("--filter", arguments.filter,
                         "Cases to run, as in GoogleTest: 'loopback/*', '*restart*'");
    run_verb->add_option("--json", arguments.json, "Write the report to this file");
    run_verb->add_option("--traces", arguments.traces,
                         "Write the traces of cases that do not pass to this folder");
    run_verb->add_option("--catalogue", arguments.catalogue, "The catalogue of clauses");
    replay_verb->add_option("trace", arguments.trace, "The trace file")->required();
    try {
        app.parse(argc, argv);
        if (arguments.suts.empty()) arguments.suts = {"simulated", "loopback"};
        int no_arguments = 1;
        testing::InitGoogleTest(&no_arguments, argv);
        if (*list_verb) return list();
        if (*mutants_verb) {
            mutants.catalogue = arguments.catalogue;
            return run_mutants_verb(mutants, all_cases());
        }
        return *run_verb ? run(arguments) : replay(arguments);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        std::cerr << "qmgr-conformance: " << error.what() << "\n";
        return kWrongUse;
    } catch (const InputError& error) {
        std::cerr << "qmgr-conformance: " << error.what() << "\n";
        return kWrongUse;
    }
}
