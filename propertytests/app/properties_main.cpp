// qmgr-properties: what is done with the finds of property tests.
#include <fmt/format.h>
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

#include "propertytests/counterexample.hpp"
#include "propertytests/curve.hpp"
#include "propertytests/shrunk_mutants.hpp"
#include "propertytests/swarm.hpp"
#include "reference/contract/input_error.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::propertytests {
namespace {

constexpr int kDone = 0, kFailed = 1, kWrongUse = 2;
// What a counterexample may be for a person to read it, and what it may take to get there.
constexpr std::size_t kMostCommands = 8;
constexpr std::uint64_t kMostMs = 10'000;

struct Arguments {
    std::string filter = "*";
    std::string mutant;
    std::string plan;
    std::string trace;
    std::string out = "build/counterexamples";
    std::string svg;
    std::string title;
    std::string catalogue = "conformance/requirements.json";
    std::string unfound = "propertytests/unfound_mutants.json";
    std::size_t count = 30;
    std::size_t plays = Budget{}.plays;
    std::uint64_t run = 0;
    bool each = false;
    Hunt hunt;
    Futures futures;
};

unsigned processes() { return std::max(2U, std::thread::hardware_concurrency()); }

void say(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

/// The reference as it is, when no mutant is named.
mutants::Mutant mutant_named(const std::string& id) {
    mutants::Mutant none{"", "", "", "", [] { return world::Variation{}; }, ""};
    if (id.empty()) return none;
    for (mutants::Mutant& one : mutants::all_mutants())
        if (one.id == id) return std::move(one);
    throw InputError("--mutant " + id,
                     "expected the id of a mutant (qmgr-conformance mutants "
                     "--list)");
}

Plan plan_asked_for(const Arguments& arguments) {
    if (!arguments.plan.empty()) return plan_from_hex(arguments.plan, "--plan");
    return plan_of(arguments.hunt.seed, arguments.run, arguments.hunt.commands_per_run);
}

void say_violations(const std::vector<Violation>& violations) {
    for (const Violation& one : violations)
        say(fmt::format("{} [{}]: {}\n", one.invariant, one.clause, one.what));
}

int replay_verb(const Arguments& arguments) {
    const traces::Trace trace = traces::trace_from_file(arguments.trace);
    const Replayed replayed = replay(trace, mutant_named(arguments.mutant).make());
    say_violations(replayed.violations);
    if (replayed.difference) say(traces::to_text(*replayed.difference));
    const bool good = replayed.violations.empty() && !replayed.difference;
    say(good ? "it happened as it was recorded, and nothing is wrong\n" : "");
    return good ? kDone : kFailed;
}

int shrink_verb(const Arguments& arguments) {
    const mutants::Mutant mutant = mutant_named(arguments.mutant);
    const auto catalogue = conformance::Catalogue::from_file(arguments.catalogue);
    const Plan plan = plan_asked_for(arguments);
    const std::string broken = broken_by(plan, mutant);
    if (broken.empty()) {
        say("nothing is wrong in this plan\n");
        return kDone;
    }
    const Shrunk shrunk =
        shrink(plan, breaks(mutant, broken), {arguments.plays, Budget::forever()});
    // What ends the process is recorded where it does not.
    const bool ends = broken == kCrash || broken == kEndless;
    Recording recording = record(shrunk.plan, ends ? world::Variation{} : mutant.make());
    if (ends) recording.outcome = {{{broken, "", "the process ended"}}, 0};
    const std::string options = arguments.mutant.empty() ? "" : " --mutant " + arguments.mutant;
    const std::string path = write_counterexample(recording, catalogue, arguments.out, options);
    say(story_of(recording, catalogue, "qmgr-properties replay " + path + options));
    say(fmt::format("{} of {} commands are left after {} plays\n", shrunk.plan.commands.size(),
                    plan.commands.size(), shrunk.plays));
    return kFailed;
}

int record_verb(const Arguments& arguments) {
    const Recording recording =
        record(plan_asked_for(arguments), mutant_named(arguments.mutant).make(), arguments.title);
    say(traces::to_text(recording.trace));
    return recording.outcome.violations.empty() ? kDone : kFailed;
}

int curve_verb(const Arguments& arguments) {
    const mutants::Mutant mutant = mutant_named(arguments.mutant);
    Plan plan = plan_asked_for(arguments);
    const std::string broken = broken_by(plan, mutant);
    if (broken.empty()) throw InputError("--plan", "expected a plan that fails");
    // What comes after the violation says nothing.
    if (broken != kCrash && broken != kEndless)
        plan.commands.resize(std::min(plan.commands.size(), play(plan, mutant.make()).step));
    const Curve curve = curve_of(plan, breaks(mutant, ""), arguments.futures);
    say(to_text(curve));
    if (arguments.svg.empty()) return kDone;
    std::ofstream file(arguments.svg);
    file << to_svg(curve, broken + (mutant.id.empty() ? "" : " on " + mutant.id));
    if (!file.flush()) throw InputError("--svg " + arguments.svg, "expected a file to write");
    return kDone;
}

std::vector<mutants::Mutant> chosen(const std::string& filter) {
    std::vector<mutants::Mutant> all = mutants::all_mutants();
    std::erase_if(all, [&](const mutants::Mutant& one) {
        return ::fnmatch(filter.c_str(), one.id.c_str(), 0) != 0;
    });
    if (all.empty())
        throw InputError("--filter " + filter, "expected a pattern that names a mutant");
    return all;
}

int mutants_verb(const Arguments& arguments) {
    const auto tried = chosen(arguments.filter);
    const auto finds = hunt_all(tried, arguments.hunt, processes());
    std::vector<std::uint64_t> commands;
    for (std::size_t i = 0; i < tried.size(); ++i) {
        if (!finds[i]) continue;
        commands.push_back(finds[i]->commands);
        if (arguments.each)
            say(fmt::format("{} after {} commands: {}\n", tried[i].id, finds[i]->commands,
                            finds[i]->invariant));
    }
    std::vector<Unfound> listed = unfound_from_file(arguments.unfound);
    if (arguments.filter != Arguments{}.filter)
        std::erase_if(listed, [&](const Unfound& one) {
            return ::fnmatch(arguments.filter.c_str(), one.id.c_str(), 0) != 0;
        });
    const HuntReport report = report_of(tried, finds, listed, arguments.hunt);
    for (const std::string& line : report.wrong) say("fail: " + line + "\n");
    std::sort(commands.begin(), commands.end());
    if (!commands.empty())
        say(fmt::format("half of the finds took at most {} commands\n",
                        commands[commands.size() / 2]));
    say(report.summary + "\n");
    return report.wrong.empty() ? kDone : kFailed;
}

int shrinks_verb(const Arguments& arguments) {
    std::vector<mutants::Mutant> findable = chosen(arguments.filter);
    const auto listed = unfound_from_file(arguments.unfound);
    std::erase_if(findable, [&](const mutants::Mutant& one) {
        return std::any_of(listed.begin(), listed.end(),
                           [&](const Unfound& known) { return known.id == one.id; });
    });
    const auto shrunk = shrink_all(spread(findable, arguments.count), arguments.hunt,
                                   {arguments.plays, Budget{}.processor_time}, processes());
    say(to_text(shrunk));
    const Medians medians = medians_of(shrunk);
    const bool good = std::all_of(shrunk.begin(), shrunk.end(),
                                  [](const ShrunkMutant& one) { return one.find && one.repeats; });
    return good && medians.commands <= kMostCommands && medians.processor_ms <= kMostMs ? kDone
                                                                                        : kFailed;
}

void add_hunt(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--seed", arguments.hunt.seed, "Of the plans");
    verb.add_option("--commands", arguments.hunt.commands_per_run, "Of each plan")
        ->check(CLI::PositiveNumber);
}

void add_plan(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--plan", arguments.plan, "The plan in hex, as a trace's first note has it");
    verb.add_option("--run", arguments.run, "Without --plan: the number of the swarm's run");
    verb.add_option("--mutant", arguments.mutant, "What is wrong with the machine; else nothing");
    add_hunt(verb, arguments);
}

int main_of(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("What is done with the finds of property tests", "qmgr-properties");
    app.require_subcommand(1);

    CLI::App* replay = app.add_subcommand("replay",
                                          "Plays a trace with everything that judges; "
                                          "fails when something is wrong or another "
                                          "answer comes");
    replay->add_option("TRACE", arguments.trace)->required();
    replay->add_option("--mutant", arguments.mutant, "What is wrong with the machine");

    CLI::App* shrink = app.add_subcommand("shrink",
                                          "Makes a failing plan small and writes its "
                                          "trace and story");
    add_plan(*shrink, arguments);
    shrink->add_option("--out", arguments.out, "The folder for both");
    shrink->add_option("--plays", arguments.plays, "How many plans may be tried");
    shrink->add_option("--catalogue", arguments.catalogue, "The catalogue of clauses");

    CLI::App* record = app.add_subcommand("record",
                                          "Prints the trace of a plan, for "
                                          "traces/regressions");
    add_plan(*record, arguments);
    record->add_option("--title", arguments.title, "What the trace is about")->required();

    CLI::App* curve = app.add_subcommand("curve",
                                         "Tells at which step of a failing plan the "
                                         "failure became likely");
    add_plan(*curve, arguments);
    curve->add_option("--futures", arguments.futures.count, "After each prefix")
        ->check(CLI::PositiveNumber);
    curve->add_option("--future", arguments.futures.commands, "Commands in each future");
    curve->add_option("--svg", arguments.svg, "The picture goes there");

    CLI::App* mutants = app.add_subcommand("mutants", "Hunts every mutant with properties alone");
    add_hunt(*mutants, arguments);
    mutants->add_option("--within", arguments.hunt.commands, "Commands in all plans together");
    mutants->add_option("--filter", arguments.filter, "Ids, with * and ?");
    mutants->add_option("--unfound", arguments.unfound, "The list of those that need not be found");
    mutants->add_flag("--each", arguments.each, "Tell of each one how it was found");

    CLI::App* shrinks = app.add_subcommand("shrinks", "Hunts some mutants and shrinks the finds");
    add_hunt(*shrinks, arguments);
    shrinks->add_option("--within", arguments.hunt.commands, "Commands in all plans together");
    shrinks->add_option("--filter", arguments.filter, "Ids, with * and ?");
    shrinks->add_option("--count", arguments.count, "How many, evenly spread");
    shrinks->add_option("--plays", arguments.plays, "How many plans may be tried for each");

    try {
        app.parse(argc, argv);
        if (replay->parsed()) return replay_verb(arguments);
        if (shrink->parsed()) return shrink_verb(arguments);
        if (record->parsed()) return record_verb(arguments);
        if (curve->parsed()) return curve_verb(arguments);
        return mutants->parsed() ? mutants_verb(arguments) : shrinks_verb(arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kDone : kWrongUse;
    } catch (const InputError& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return kWrongUse;
    }
}

}  // namespace
}  // namespace qmgr::propertytests

int main(int argc, char** argv) { return qmgr::propertytests::main_of(argc, argv); }
