#include "conformance/app/kill_matrix.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>

#include "conformance/app/output.hpp"
#include "conformance/app/report.hpp"
#include "conformance/mutants/confinement.hpp"
#include "reference/contract/check.hpp"

namespace qmgr::conformance {
namespace {

// A case takes milliseconds, with sanitizers too; one that needs so much more never ends.
constexpr unsigned kProcessorSeconds = 3;

// The same clause, or one is a part of the other.
bool overlap(const std::string& one, const std::string& other) {
    return stands_for(one, other) || stands_for(other, one);
}

void write_line(int to, const std::string& line) {
    const ssize_t written = ::write(to, line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size())) ::_exit(1);
}

/// One mutant on its way through the cases.
struct Run {
    MutantResult* result = nullptr;
    std::vector<const Case*> order;
    std::size_t at = 0;  ///< the case that runs or runs next
    pid_t process = 0;
    int from = -1;  ///< what the process says
    std::string unread;
    bool done = false;
};

// In the process of the mutant: says "r" before a case and "k VERDICT" when the case kills.
[[noreturn]] void play(const Run& run, const Catalogue& catalogue, bool all, int to) {
    mutants::confine_process();
    for (std::size_t i = run.at; i < run.order.size(); ++i) {
        write_line(to, "r " + std::to_string(i) + "\n");
        mutants::limit_processor(kProcessorSeconds);
        const Case& one = *run.order[i];
        world::SimulatedRig rig(one.setting, run.result->mutant.make());
        if (refused_for_ability(one, "simulated", rig.describe_system())) continue;
        const CaseResult result = run_case(one, "simulated", rig, catalogue, Strictness::Should);
        if (!is_wrong(result.verdict, true)) continue;  // as on any rig of ours
        write_line(to, "k " + std::string(name(result.verdict)) + "\n");
        if (!all) break;
    }
    write_line(to, "e\n");
    ::_exit(0);
}

void start(Run& run, const Catalogue& catalogue, bool all) {
    int ends[2] = {-1, -1};
    QMGR_CHECK(::pipe2(ends, O_CLOEXEC) == 0, "a pipe");
    std::fflush(nullptr);
    run.process = ::fork();
    QMGR_CHECK(run.process >= 0, "a process");
    if (run.process == 0) play(run, catalogue, all, ends[1]);
    ::close(ends[1]);
    run.from = ends[0];
}

void add_kill(Run& run, const std::string& how) {
    const Case& one = *run.order[run.at];
    std::vector<Kill>& kills = run.result->kills;
    const bool known = std::any_of(kills.begin(), kills.end(),
                                   [&](const Kill& kill) { return kill.case_id == one.id; });
    if (!known) kills.push_back({one.id, how, covers(one, run.result->mutant.clause)});
}

void take_line(Run& run, const std::string& line) {
    if (line.front() == 'r') run.at = std::stoul(line.substr(2));
    if (line.front() == 'k') add_kill(run, line.substr(2));
    if (line.front() == 'e') run.done = true;
}

// The process ended. One that did not say so was ended by the case it was in.
void end(Run& run, bool all) {
    ::close(run.from);
    run.from = -1;
    int status = 0;
    while (::waitpid(run.process, &status, 0) < 0 && errno == EINTR) {
    }
    if (run.done) return;
    const bool endless = mutants::ending_of(status) == mutants::Ending::Endless;
    add_kill(run, endless ? "endless" : "crash");
    ++run.at;
    run.done = !all || run.at >= run.order.size();
}

// False when the process has ended.
bool read_some(Run& run) {
    char buffer[4096];
    const ssize_t count = ::read(run.from, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    run.unread.append(buffer, static_cast<std::size_t>(count));
    for (std::size_t end = run.unread.find('\n'); end != std::string::npos;
         end = run.unread.find('\n')) {
        take_line(run, run.unread.substr(0, end));
        run.unread.erase(0, end + 1);
    }
    return true;
}

Run run_for(MutantResult& result, const std::vector<Case>& cases) {
    Run run;
    run.result = &result;
    for (const Case& one : cases)
        if (covers(one, result.mutant.clause)) run.order.push_back(&one);
    for (const Case& one : cases)
        if (!covers(one, result.mutant.clause)) run.order.push_back(&one);
    return run;
}

/// Waits until one of the processes has something to say; true for those that go on.
void attend(std::vector<Run*>& running, const Catalogue& catalogue, bool all) {
    std::vector<pollfd> waits;
    waits.reserve(running.size());
    for (const Run* run : running) waits.push_back({run->from, POLLIN, 0});
    const int ready = ::poll(waits.data(), waits.size(), -1);
    if (ready < 0 && errno == EINTR) return;
    QMGR_CHECK(ready > 0, "something is said");
    std::vector<Run*> left;
    for (std::size_t i = 0; i < waits.size(); ++i) {
        if (waits[i].revents == 0 || read_some(*running[i])) {
            left.push_back(running[i]);
            continue;
        }
        end(*running[i], all);
        if (running[i]->done) continue;
        start(*running[i], catalogue, all);
        left.push_back(running[i]);
    }
    running = left;
}

/// Plays all of them, as many at a time as the options say.
void play_all(std::vector<Run>& runs, const std::string& what, const Catalogue& catalogue,
              const KillOptions& options) {
    std::vector<Run*> running;
    std::size_t started = 0;
    while (started < runs.size() || !running.empty()) {
        while (running.size() < options.processes && started < runs.size()) {
            running.push_back(&runs[started++]);
            start(*running.back(), catalogue, options.all);
        }
        attend(running, catalogue, options.all);
        if (!options.progress) continue;
        say(fmt::format("\r\033[K{} of {} {}", started - running.size(), runs.size(), what));
        std::fflush(stdout);
    }
    if (options.progress) say("\r\033[K");
}

/// The cases of the requirement on the `index`th mutant about it; nothing when there are fewer.
std::optional<Run> proof_run(const Requirement& requirement, std::size_t index,
                             const std::vector<Case>& cases, std::vector<MutantResult>& results) {
    for (MutantResult& result : results) {
        if (!result.mutant.equivalent.empty()) continue;
        if (!is_about(result.mutant, requirement) || index-- != 0) continue;
        Run run;
        run.result = &result;
        for (const Case& one : cases)
            if (covers(one, requirement.id)) run.order.push_back(&one);
        return run;
    }
    return std::nullopt;
}

}  // namespace

bool MutantResult::killed() const {
    return std::any_of(kills.begin(), kills.end(), [](const Kill& kill) { return kill.covers; });
}

bool covers(const Case& one, const std::string& clause) {
    return std::any_of(one.covers.begin(), one.covers.end(),
                       [&](const std::string& covered) { return overlap(covered, clause); });
}

bool is_about(const mutants::Mutant& mutant, const Requirement& requirement) {
    const auto cited = [&](const std::string& id) { return overlap(mutant.clause, id); };
    return cited(requirement.id) ||
           std::any_of(requirement.restates.begin(), requirement.restates.end(), cited);
}

std::vector<std::string> proofs(const Requirement& requirement, const std::vector<Case>& cases,
                                const std::vector<MutantResult>& results) {
    std::set<std::string> covering;
    for (const Case& one : cases)
        if (covers(one, requirement.id)) covering.insert(one.id);
    std::set<std::string> proven;
    for (const MutantResult& result : results) {
        if (!is_about(result.mutant, requirement)) continue;
        for (const Kill& kill : result.kills)
            if (covering.contains(kill.case_id)) proven.insert(kill.case_id);
    }
    return {proven.begin(), proven.end()};
}

std::vector<MutantResult> run_mutants(const std::vector<Case>& cases, const Catalogue& catalogue,
                                      const std::vector<mutants::Mutant>& mutants,
                                      const KillOptions& options) {
    std::vector<MutantResult> results;
    results.reserve(mutants.size());
    for (const mutants::Mutant& mutant : mutants) results.push_back({mutant, {}});
    std::vector<Run> runs;
    runs.reserve(results.size());
    for (MutantResult& result : results) runs.push_back(run_for(result, cases));
    play_all(runs, "mutants", catalogue, options);
    return results;
}

void look_for_proofs(const std::vector<Case>& cases, const Catalogue& catalogue,
                     std::vector<MutantResult>& results, const KillOptions& options) {
    const KillOptions until_one{false, options.progress, options.processes};
    std::vector<const Requirement*> open;
    for (const Requirement& requirement : catalogue.all())
        if (requirement.retired.empty() && requirement.no_case.empty())
            open.push_back(&requirement);
    for (std::size_t index = 0; !open.empty(); ++index) {
        std::vector<const Requirement*> left;
        std::vector<Run> runs;
        for (const Requirement* requirement : open) {
            if (!proofs(*requirement, cases, results).empty()) continue;
            auto run = proof_run(*requirement, index, cases, results);
            if (!run || run->order.empty()) continue;
            left.push_back(requirement);
            runs.push_back(std::move(*run));
        }
        play_all(runs, "proofs", catalogue, until_one);
        open = std::move(left);
    }
}

}  // namespace qmgr::conformance
