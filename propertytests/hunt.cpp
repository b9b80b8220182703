#include "propertytests/hunt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "conformance/mutants/confinement.hpp"
#include "propertytests/play.hpp"
#include "propertytests/swarm.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/contract/json.hpp"

namespace qmgr::propertytests {
namespace {

// A run takes milliseconds, with sanitizers tens of them; one that needs so much more never ends.
constexpr unsigned kProcessorSeconds = 5;

std::string to_line(const Find& find) {
    return qmgr::to_line({{"commands", find.commands},
                          {"run", find.run},
                          {"invariant", find.invariant},
                          {"clause", find.clause}});
}

std::optional<Find> find_from(const mutants::Confined& process) {
    if (process.slate.empty()) return std::nullopt;
    const Json json = Json::parse(process.slate);
    Find find{json.at("commands"), json.at("run"), json.at("invariant"), json.at("clause")};
    if (process.ending == mutants::Ending::Endless) find.invariant = kEndless;
    if (process.ending == mutants::Ending::Crash) find.invariant = kCrash;
    return find;
}

void add(std::vector<Unfound>& listed, const Json& group, const std::string& where) {
    try {
        const auto reason = group.at("reason").get<std::string>();
        const auto ids = group.at("mutants").get<std::vector<std::string>>();
        if (group.size() == 2 && !reason.empty()) {
            for (const std::string& id : ids) listed.push_back({id, reason});
            return;
        }
    } catch (const nlohmann::json::exception& /*error*/) {
    }
    throw InputError(where, "expected a reason and a list of mutants, and nothing else");
}

}  // namespace

std::optional<Find> hunt(const mutants::Mutant& mutant, const Hunt& hunt,
                         const std::function<void(const Find&)>& progress) {
    std::uint64_t commands = 0;
    for (std::uint64_t run = 0; commands < hunt.commands; ++run) {
        if (progress) progress({commands + hunt.commands_per_run, run, "", ""});
        const Plan plan = plan_of(hunt.seed, run, hunt.commands_per_run);
        const Outcome outcome = play(plan, mutant.make());
        if (outcome.violations.empty() || !play(plan).violations.empty()) {
            commands += hunt.commands_per_run;
            continue;
        }
        const Violation& first = outcome.violations.front();
        commands += std::min(outcome.step, hunt.commands_per_run);
        return Find{commands, run, first.invariant, first.clause};
    }
    return std::nullopt;
}

std::vector<std::optional<Find>> hunt_all(const std::vector<mutants::Mutant>& mutants,
                                          const Hunt& options, unsigned processes) {
    std::vector<std::optional<Find>> finds(mutants.size());
    const auto work = [&](std::size_t i, mutants::Slate& slate) {
        const auto find = hunt(mutants[i], options, [&](const Find& so_far) {
            slate.write(to_line(so_far));
            mutants::limit_processor(kProcessorSeconds);
        });
        slate.write(find ? to_line(*find) : "");
    };
    const auto done = [&](std::size_t i, const mutants::Confined& process) {
        finds[i] = find_from(process);
    };
    mutants::confine_each(mutants.size(), processes, kProcessorSeconds, work, done);
    return finds;
}

std::vector<mutants::Mutant> spread(std::vector<mutants::Mutant> mutants, std::size_t count) {
    std::erase_if(mutants, [](const mutants::Mutant& one) { return !one.equivalent.empty(); });
    if (mutants.size() <= count) return mutants;
    std::vector<mutants::Mutant> some;
    for (std::size_t i = 0; i < count; ++i) some.push_back(mutants[i * mutants.size() / count]);
    return some;
}

std::vector<Unfound> unfound_from_file(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw InputError(path, "expected a file that can be read");
    const Json json = parse_json(text.str(), path);
    if (!json.is_object() || !json.contains("unfound") || !json.at("unfound").is_array())
        throw InputError(path, "expected a list under \"unfound\"");
    std::vector<Unfound> listed;
    std::size_t number = 0;
    for (const Json& group : json.at("unfound"))
        add(listed, group, path + "/unfound/" + std::to_string(number++));
    return listed;
}

HuntReport report_of(const std::vector<mutants::Mutant>& mutants,
                     const std::vector<std::optional<Find>>& finds,
                     const std::vector<Unfound>& listed, const Hunt& hunt) {
    HuntReport report;
    std::set<std::string> open;
    for (const Unfound& one : listed)
        if (!open.insert(one.id).second) report.wrong.push_back(one.id + " is listed twice");
    std::size_t found = 0;
    std::size_t equivalent = 0;
    std::size_t excused = 0;
    for (std::size_t i = 0; i < mutants.size(); ++i) {
        const bool is_listed = open.erase(mutants[i].id) > 0;
        if (!mutants[i].equivalent.empty()) {
            ++equivalent;  // found or not: the auditor holds the reference to its first answer
            if (is_listed)
                report.wrong.push_back(mutants[i].id + " is equivalent and need not be listed");
        } else if (finds[i]) {
            ++found;
            if (is_listed)
                report.wrong.push_back(fmt::format("{} is listed and was found after {} commands",
                                                   mutants[i].id, finds[i]->commands));
        } else if (is_listed) {
            ++excused;
        } else {
            report.wrong.push_back(fmt::format("{} was not found within {} commands: {}",
                                               mutants[i].id, hunt.commands, mutants[i].change));
        }
    }
    for (const std::string& id : open)
        report.wrong.push_back(id + " is listed and is no mutant that was tried");
    report.summary = fmt::format(
        "{} mutants: {} found by properties within {} commands each, {} listed, {} equivalent",
        mutants.size(), found, hunt.commands, excused, equivalent);
    return report;
}

}  // namespace qmgr::propertytests
