#include "conformance/app/verbs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "conformance/app/deviations.hpp"
#include "conformance/app/output.hpp"
#include "conformance/app/replay_trace.hpp"
#include "conformance/app/report.hpp"
#include "conformance/app/report_html.hpp"
#include "conformance/app/report_json.hpp"
#include "conformance/app/report_markdown.hpp"
#include "conformance/app/runner.hpp"
#include "conformance/cases/cases.hpp"
#include "conformance/loopback/loopback_rig.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;

std::vector<RigKind> kinds(const Arguments& arguments) {
    const std::string folder =
        std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
    const Duration patience =
        arguments.patience.empty()
            ? LoopbackRig::kPatience
            : patience_from_text(arguments.patience, "--patience " + arguments.patience);
    std::vector<RigKind> kinds;
    for (const std::string& sut : arguments.suts) {
        kinds.push_back(rig_kind(sut, folder, patience));
        for (std::size_t i = 0; i + 1 < kinds.size(); ++i)
            if (kinds[i].name == kinds.back().name)
                throw InputError("--sut " + sut, "expected each rig once; run the other by itself");
    }
    return kinds;
}

Selection selection_of(const Arguments& arguments, const std::optional<Shard>& shard) {
    Selection selection;
    selection.filter = arguments.filter;
    if (!arguments.seed.empty())
        selection.seed = seed_from_text(arguments.seed, "--seed " + arguments.seed);
    if (!arguments.bases.empty()) selection.bases = bases_from_text(arguments.bases, "--basis");
    if (!arguments.shard.empty() && shard)
        throw InputError("--shard " + arguments.shard,
                         "expected no GTEST_TOTAL_SHARDS in the environment beside it");
    if (shard) selection.shard = *shard;
    if (!arguments.shard.empty())
        selection.shard = shard_from_text(arguments.shard, "--shard " + arguments.shard);
    return selection;
}

// Before a run, which may be long.
void demand_places(const Arguments& arguments) {
    if (!arguments.json.empty()) demand_file(arguments.json, "--json " + arguments.json);
    if (!arguments.html.empty()) demand_folder(arguments.html, "--html " + arguments.html);
    if (!arguments.traces.empty()) demand_folder(arguments.traces, "--traces " + arguments.traces);
}

void write_forms(const Arguments& arguments, const Report& report) {
    if (!arguments.json.empty()) {
        write_file(arguments.json, to_json_text(report));
        say(fmt::format("report: {}\n", arguments.json));
    }
    if (!arguments.html.empty()) {
        for (const auto& [path, text] : html_pages(report))
            write_file(arguments.html + "/" + path, text);
        say(fmt::format("report: {}/index.html\n", arguments.html));
    }
}

std::vector<Requirement> clauses_in_force(const Catalogue& catalogue) {
    std::vector<Requirement> clauses = catalogue.all();
    std::erase_if(clauses, [](const Requirement& one) { return !one.retired.empty(); });
    return clauses;
}

std::size_t count_meant(const std::vector<Case>& cases, const RigKind& kind, Selection selection,
                        const Catalogue& catalogue) {
    selection.shard = {};
    return selected(cases, kind.name, selection, catalogue).size();
}

// A selection that leaves no case is a mistake, but in a shard it is chance.
void demand_a_case(const std::vector<Case>& cases, const std::vector<RigKind>& rigs,
                   const Selection& selection, const Catalogue& catalogue) {
    const bool any = std::any_of(rigs.begin(), rigs.end(), [&](const RigKind& kind) {
        return count_meant(cases, kind, selection, catalogue) > 0;
    });
    if (!any)
        throw InputError("--filter " + selection.filter, "expected a pattern that names a case");
}

}  // namespace

int run(const Arguments& arguments, const std::optional<Shard>& shard_of_environment) {
    const Catalogue catalogue = Catalogue::from_file(arguments.catalogue);
    const std::vector<Case> cases = all_cases();
    RunOptions options{kinds(arguments),
                       selection_of(arguments, shard_of_environment),
                       {},
                       arguments.strict ? Strictness::Should : Strictness::Must,
                       isatty(STDOUT_FILENO) == 1,
                       arguments.traces};
    if (!arguments.deviations.empty()) {
        if (options.rigs.size() != 1)
            throw InputError("--deviations " + arguments.deviations,
                             "expected one --sut beside it: the list is about one implementation");
        options.deviations = Deviations::from_file(arguments.deviations, today());
    }
    demand_a_case(cases, options.rigs, options.selection, catalogue);
    demand_places(arguments);
    Report report(clauses_in_force(catalogue));
    report.set_seed(options.selection.seed);
    for (RigKind& kind : options.rigs) {
        Greeting greeting = greeting_of(kind);
        greeting.implementation.shard = options.selection.shard;
        greeting.implementation.meant = count_meant(cases, kind, options.selection, catalogue);
        kind.broken = greeting.broken;
        if (!kind.broken.empty()) say(fmt::format("fail {}: {}\n", kind.name, kind.broken));
        report.add(greeting.implementation);
    }
    if (report.seed()) say(fmt::format("order of the cases: --seed {}\n", *report.seed()));
    run_all(cases, options, catalogue, report);
    say(report.text());
    write_forms(arguments, report);
    return report.good() ? kDone : kFailed;
}

int list(const Arguments& arguments, const std::optional<Shard>& shard_of_environment) {
    const Catalogue catalogue = Catalogue::from_file(arguments.catalogue);
    const std::vector<Case> cases = all_cases();
    const std::vector<RigKind> rigs = kinds(arguments);
    const Selection selection = selection_of(arguments, shard_of_environment);
    demand_a_case(cases, rigs, selection, catalogue);
    std::vector<const Case*> meant;
    for (const RigKind& kind : rigs)
        for (const Case* one : selected(cases, kind.name, selection, catalogue))
            if (std::find(meant.begin(), meant.end(), one) == meant.end()) meant.push_back(one);
    for (const Case* one : meant) {
        std::string covers;
        for (const std::string& id : one->covers) covers += (covers.empty() ? "" : " ") + id;
        say(fmt::format("{}: {} [{}]\n", one->id, one->title, covers));
    }
    return kDone;
}

int merge(const Arguments& arguments) {
    std::vector<Report> reports;
    for (const std::string& path : arguments.reports) reports.push_back(report_from_file(path));
    const Report report = merged(reports, arguments.reports);
    say(report.text());
    write_forms(arguments, report);
    if (!arguments.markdown.empty()) {
        std::string command = "qmgr-conformance merge";
        for (const std::string& path : arguments.reports) command += " " + path;
        write_file(arguments.markdown,
                   to_markdown(report, command + " --markdown " + arguments.markdown));
        say(fmt::format("report: {}\n", arguments.markdown));
    }
    return report.good() ? kDone : kFailed;
}

int replay(const Arguments& arguments) {
    bool agree = true;
    for (const RigKind& kind : kinds(arguments)) {
        const std::string difference = replay_trace(arguments.trace, kind);
        agree = agree && difference.empty();
        say(fmt::format("{}: {}\n{}", kind.name, difference.empty() ? "agrees" : "differs",
                        difference));
    }
    return agree ? kDone : kFailed;
}

}  // namespace qmgr::conformance
