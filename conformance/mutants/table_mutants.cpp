// One row changed at a time. A row that cannot come about (`impossible`) has nothing to change.
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "conformance/mutants/mutant.hpp"

namespace qmgr::mutants {
namespace {

template <class Change>
Mutant of_rules(const auto& row, const std::string& what, const std::string& change, Change make) {
    auto rules = std::make_shared<Rules>();
    make(*rules);
    return {std::string(row.label) + "." + what,
            std::string(row.label),
            std::string(row.clause),
            change,
            [rules] {
                world::Variation variation;
                variation.rules = rules;
                return variation;
            },
            ""};
}

// ---- job_table ----

bool is_call(Trigger trigger) { return trigger <= Trigger::CancelFinished; }

// A row that moves the job leaves it where it is; one that leaves it moves it.
std::optional<JobState> other_target(const JobRow& row) {
    if (row.to) return std::nullopt;
    return row.from.has(JobState::Suspended) ? JobState::Error : JobState::Suspended;
}

// The same for a file; a row from the one state Waiting has to go elsewhere to change anything.
std::optional<FileState> other_target(const FileRow& row) {
    if (row.to == FileState::Waiting) return std::nullopt;
    return row.from == set_of(FileState::Waiting) ? FileState::Preparing : FileState::Waiting;
}

std::string target_name(const auto& to) { return to ? std::string(name(*to)) : "stay"; }

HResult other_code(HResult code) { return failed(code) ? HResult::Ok : HResult::Failed; }

// A failure instead of another one: the client was refused, but is told a wrong reason.
HResult other_failure(HResult code) {
    return code == HResult::InvalidArgument ? HResult::Failed : HResult::InvalidArgument;
}

std::string turned(const std::string& what, const std::string& from, const std::string& to) {
    return what + " " + from + " -> " + to;
}

void add_codes(std::vector<Mutant>& all, const JobRow& row, std::size_t i) {
    const auto with = [&](const std::string& what, HResult code) {
        all.push_back(of_rules(row, what, turned("reply", name(row.reply), name(code)),
                               [&](Rules& rules) { rules.job[i].reply = code; }));
    };
    with("reply", other_code(row.reply));
    if (failed(row.reply)) with("reason", other_failure(row.reply));
}

// Where the no-progress time could begin anew: the job goes on trying.
bool goes_on_trying(const JobRow& row) {
    using enum Trigger;
    return row.trigger == TurnCame || row.trigger == SliceOver || row.trigger == BodyAccepted ||
           row.trigger == AttemptRepeated || row.trigger == AttemptWaits || row.trigger >= RetryDue;
}

// What an effect does has clauses of its own, whatever the row cites.
void add_effect(std::vector<Mutant>& all, const JobRow& row, std::size_t i, const std::string& what,
                const std::string& change, bool RowEffects::*effect) {
    Mutant mutant = of_rules(row, what, change, [&](Rules& rules) {
        rules.job[i].effects.*effect = !(row.effects.*effect);
    });
    mutant.clause = effect == &RowEffects::count_error ? "PRG-14" : "XFER-NOPROG-1";
    all.push_back(std::move(mutant));
}

void add_effects(std::vector<Mutant>& all, const JobRow& row, std::size_t i) {
    if (row.effects.count_error)
        add_effect(all, row, i, "uncounted", "the failure is not counted",
                   &RowEffects::count_error);
    else if (!is_call(row.trigger) && row.trigger != Trigger::CancelRenamed)
        add_effect(all, row, i, "counted", "it is counted as a failure", &RowEffects::count_error);
    if (row.effects.clear_error)
        add_effect(all, row, i, "uncleared", "the no-progress time goes on",
                   &RowEffects::clear_error);
    else if (goes_on_trying(row))
        add_effect(all, row, i, "cleared", "the no-progress time begins anew",
                   &RowEffects::clear_error);
}

void add_job_rows(std::vector<Mutant>& all) {
    for (std::size_t i = 0; i < kJobTable.size(); ++i) {
        const JobRow& row = kJobTable[i];
        if (row.impossible) continue;
        const auto to = other_target(row);
        all.push_back(of_rules(row, "to",
                               turned("next state", target_name(row.to), target_name(to)),
                               [&](Rules& rules) { rules.job[i].to = to; }));
        if (is_call(row.trigger)) add_codes(all, row, i);
        add_effects(all, row, i);
    }
}

// ---- file_table ----

void add_file_rows(std::vector<Mutant>& all) {
    for (std::size_t i = 0; i < kFileTable.size(); ++i) {
        const FileRow& row = kFileTable[i];
        if (row.impossible) continue;
        const std::optional<FileState> to = other_target(row);
        all.push_back(of_rules(row, "to",
                               turned("next state", target_name(row.to), target_name(to)),
                               [&](Rules& rules) { rules.file[i].to = to; }));
    }
}

// ---- response_table ----

constexpr std::array kDecisionNames = {"Learn",    "FetchBlind", "Append", "StartOver",
                                       "RetryNow", "RetryLater", "Follow", "GiveUp"};

std::vector<Decision> other_decisions(Decision decision) {
    using enum Decision;
    switch (decision) {
        case Learn:
            return {FetchBlind, RetryLater};
        case FetchBlind:
        case Append:
        case StartOver:
        case Follow:
            return {GiveUp, RetryLater};
        case RetryNow:
            return {RetryLater, GiveUp};
        case RetryLater:
            return {GiveUp};
        case GiveUp:
            return {RetryLater};
    }
    return {};
}

std::string decision_name(Decision decision) {
    return kDecisionNames[static_cast<std::size_t>(decision)];
}

void add_response_rows(std::vector<Mutant>& all) {
    for (std::size_t i = 0; i < kResponseTable.size(); ++i) {
        const ResponseRow& row = kResponseTable[i];
        for (const Decision other : other_decisions(row.decision))
            all.push_back(
                of_rules(row, decision_name(other),
                         turned("decision", decision_name(row.decision), decision_name(other)),
                         [&](Rules& rules) { rules.response[i].decision = other; }));
        if (row.decision != Decision::GiveUp) continue;
        all.push_back(of_rules(row, "code", turned("error", name(row.code), "E_FAIL"),
                               [&](Rules& rules) { rules.response[i].code = HResult::Failed; }));
    }
}

// ---- property_table ----

void add_property_rows(std::vector<Mutant>& all) {
    for (std::size_t i = 0; i < kPropertyTable.size(); ++i) {
        const PropertyRow& row = kPropertyTable[i];
        const auto set = [&](const std::string& what, HResult code) {
            all.push_back(of_rules(row, what, turned("SetProp answers", name(row.set), name(code)),
                                   [&](Rules& rules) { rules.property[i].set = code; }));
        };
        set("set", other_code(row.set));
        if (failed(row.set)) set("reason", other_failure(row.set));
        // GetProp is judged by the row that takes any value of another type.
        if (!row.value.has(ValueClass::OtherType)) continue;
        const HResult get = other_code(row.get);
        all.push_back(of_rules(row, "get", turned("GetProp answers", name(row.get), name(get)),
                               [&](Rules& rules) { rules.property[i].get = get; }));
    }
}

// ---- status_table ----

template <class Flag>
FlagSet<Flag> toggled(FlagSet<Flag> set, Flag flag) {
    return set.has(flag) ? set.without(flag) : set.with(flag);
}

void add_status_rows(std::vector<Mutant>& all) {
    for (std::size_t i = 0; i < kStatusTable.size(); ++i) {
        const StatusRow& row = kStatusTable[i];
        for (const GroupFlag flag :
             {GroupFlag::Complete, GroupFlag::Incomplete, GroupFlag::Suspended, GroupFlag::Error}) {
            const std::string word(flag_names(GroupStatus{}.with(flag)).front());
            Mutant mutant = of_rules(row, word, word + " is turned over", [&](Rules& rules) {
                rules.status[i].group = toggled(row.group, flag);
            });
            // Those are suspended without a call, which has a clause of its own.
            if (flag == GroupFlag::Suspended &&
                (row.state == JobState::Error || row.state == JobState::Complete))
                mutant.clause = "GROUP-SUSPEND-3";
            all.push_back(std::move(mutant));
        }
        for (const JobFlag flag : {JobFlag::Complete, JobFlag::Incomplete, JobFlag::Error}) {
            const std::string word(flag_names(JobStatus{}.with(flag)).front());
            Mutant mutant = of_rules(row, word, word + " is turned over", [&](Rules& rules) {
                rules.status[i].job = toggled(row.job, flag);
            });
            // The row cites the clause of the group's flags; these are the job's.
            mutant.clause = flag == JobFlag::Error ? "JOB1-STATUS-2" : "JOB1-STATUS-1";
            all.push_back(std::move(mutant));
        }
    }
}

// ---- what cannot be told from the reference ----

struct Equivalent {
    std::string_view id;
    std::string_view why;
};

constexpr std::string_view kRefused =
    "a refused CreateJob, AddFiles or SetProp is answered before the target of its row is looked "
    "at";
constexpr std::string_view kHeld =
    "a group that its surroundings hold back begins its no-progress time anew anyway, so the row "
    "has nothing left to begin";
constexpr std::string_view kAllowed =
    "the flag is in a part of the clause that this project chose, so both answers are allowed";

constexpr std::string_view kAtOnce =
    "the simulated store answers CreatePart before a job can lose its turn, so the row, which is "
    "for "
    "slower ones, is not met there";
constexpr std::string_view kOneRename =
    "a second rename is not asked for while the first one is under way (File::rename_asked), so "
    "nothing is told of a file that is committed; the row keeps the table total";

constexpr std::array kEquivalent = {
    Equivalent{"J-02.to", kRefused},
    Equivalent{"J-04.to", kRefused},
    Equivalent{"J-05.to", kRefused},
    Equivalent{"J-06.to", kRefused},
    Equivalent{"J-09.to", kRefused},
    Equivalent{"J-11.to", kRefused},
    Equivalent{"J-32.to",
               "a client that makes one call at a time makes none while its CancelGroup waits"},
    Equivalent{
        "J-38.to",
        "Connecting and Transferring look alike to clients and servers (GROUP-STATUS-3), and "
        "every row that leaves one leaves the other in the same way"},
    Equivalent{"J-61.cleared", kHeld},
    Equivalent{"J-63.cleared", kHeld},
    Equivalent{"J-65.cleared", kHeld},
    Equivalent{"J-67.cleared", kHeld},
    Equivalent{"J-69.cleared", kHeld},
    Equivalent{"J-71.cleared", kHeld},
    Equivalent{"F-01.to",
               "while a part is being made nothing else of its group happens, and what is told of "
               "the part is taken in Waiting as in Preparing"},
    Equivalent{"F-20.to",
               "a file with every byte in it that waits is synced again and not fetched again"},
    Equivalent{"F-10.to", kAtOnce},
    Equivalent{"F-13.to", kAtOnce},
    Equivalent{"F-26.to", kOneRename},
    Equivalent{"F-29.to", kOneRename},
    Equivalent{"F-32.to", kOneRename},
    Equivalent{"S-01.GROUP_INCOMPLETE", kAllowed},
    Equivalent{"S-06.GROUP_INCOMPLETE", kAllowed},
    Equivalent{"S-08.GROUP_COMPLETE", kAllowed},
};

}  // namespace

std::vector<Mutant> table_mutants() {
    std::vector<Mutant> all;
    add_job_rows(all);
    add_file_rows(all);
    add_response_rows(all);
    add_property_rows(all);
    add_status_rows(all);
    for (Mutant& mutant : all)
        for (const Equivalent& one : kEquivalent)
            if (mutant.id == one.id) mutant.equivalent = one.why;
    return all;
}

}  // namespace qmgr::mutants
