#include "conformance/meta/state_machines_page.hpp"

#include <array>
#include <bit>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/contract/hresult.hpp"
#include "reference/contract/status.hpp"
#include "reference/engine/rules.hpp"

namespace qmgr::meta {
namespace {

// The names of the enumerators that only their own table knows.

template <std::size_t Count>
using Names = std::array<std::string_view, Count>;

constexpr Names<kAsked> kAskedNames = {"Head", "Whole", "FromStart", "FromMiddle"};
constexpr Names<kCame> kCameNames = {
    "Ok",           "Partial",       "Redirect",        "PreconditionFailed",
    "RangeRefused", "MethodRefused", "TransientStatus", "FinalStatus",
    "Nothing"};
constexpr Names<kLengths> kLengthNames = {"Known", "Missing", "Bad"};
constexpr Names<2> kYesNoNames = {"no", "yes"};
constexpr Names<kPropertyKinds> kPropertyKindNames = {"Priority",    "Protocol",    "NotifyFlags",
                                                      "NotifyClsid", "DisplayName", "Description",
                                                      "Unsupported", "Unknown"};
constexpr Names<kValueClasses> kValueClassNames = {
    "OtherType", "One", "Honoured", "KnownFlags", "OtherNumber", "LongText", "ClsidText", "Text"};

std::string_view name(Decision decision) {
    switch (decision) {
        case Decision::Learn:
            return "Learn";
        case Decision::FetchBlind:
            return "FetchBlind";
        case Decision::Append:
            return "Append";
        case Decision::StartOver:
            return "StartOver";
        case Decision::RetryNow:
            return "RetryNow";
        case Decision::RetryLater:
            return "RetryLater";
        case Decision::Follow:
            return "Follow";
        case Decision::GiveUp:
            return "GiveUp";
    }
    return "";
}

template <std::size_t Count, class Enum>
Names<Count> names_of() {
    Names<Count> names;
    for (std::size_t i = 0; i < Count; ++i) names[i] = name(static_cast<Enum>(i));
    return names;
}

/// The members of a set by name; "any" for all of them, and of many the few that are not in it.
template <class Enum, std::size_t Count>
std::string members(SetOf<Enum> set, const Names<Count>& names) {
    const SetOf<Enum> rest{all_of<Enum>(Count).bits & ~set.bits};
    const int missing = std::popcount(rest.bits);
    if (missing == 0) return "any";
    if (missing <= 2 && std::popcount(set.bits) > 4) return "all but " + members(rest, names);
    std::string text;
    for (std::size_t i = 0; i < Count; ++i) {
        if (!set.has(static_cast<Enum>(i))) continue;
        if (!text.empty()) text += ", ";
        text += names[i];
    }
    return text;
}

std::string line(const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + cell + " |";
    return text + "\n";
}

std::string heading(const std::vector<std::string>& cells) {
    std::string text = line(cells) + "|";
    for (std::size_t i = 0; i < cells.size(); ++i) text += "---|";
    return text + "\n";
}

/// One arrow for each pair of states, with all the triggers that lead along it.
template <std::size_t States, class State, class Rows>
std::string diagram(const Rows& rows) {
    std::map<std::pair<std::size_t, std::size_t>, std::vector<std::string>> arrows;
    for (const auto& row : rows) {
        if (!row.to) continue;
        const auto to = static_cast<std::size_t>(*row.to);
        for (std::size_t from = 0; from < States; ++from) {
            if (from == to || !row.from.has(static_cast<State>(from))) continue;
            arrows[{from, to}].emplace_back(name(row.trigger));
        }
    }
    std::string text = "```mermaid\nstateDiagram-v2\n  [*] --> ";
    text += std::string(name(State{})) + "\n";
    for (const auto& [ends, triggers] : arrows) {
        text += "  " + std::string(name(static_cast<State>(ends.first))) + " --> " +
                std::string(name(static_cast<State>(ends.second))) + " : ";
        for (const std::string& trigger : triggers) {
            if (&trigger != &triggers.front()) text += ", ";
            text += trigger;
        }
        text += "\n";
    }
    return text + "```\n";
}

/// Triggers down, states across: the label of the pair's row, and where it leads. The rows are
/// total, so every cell has one.
template <std::size_t States, std::size_t Triggers, class State, class TriggerOf, class Rows>
std::string matrix(const Rows& rows) {
    const auto states = names_of<States, State>();
    std::vector<std::string> head = {""};
    head.insert(head.end(), states.begin(), states.end());
    std::string text = heading(head);
    const auto index = index_rows<States, Triggers>(rows);
    for (std::size_t trigger = 0; trigger < Triggers; ++trigger) {
        std::vector<std::string> cells = {std::string(name(static_cast<TriggerOf>(trigger)))};
        for (std::size_t state = 0; state < States; ++state) {
            const auto& row = rows[index(state, trigger)];
            std::string cell = row.impossible ? "–" : std::string(row.label);
            if (row.to && static_cast<std::size_t>(*row.to) != state) {
                cell += " → " + std::string(name(*row.to));
            }
            cells.push_back(cell);
        }
        text += line(cells);
    }
    return text;
}

template <class Row>
std::string next_state(const Row& row) {
    if (row.impossible) return "cannot happen";
    return row.to ? std::string(name(*row.to)) : "stay";
}

std::string effects_of(const RowEffects& effects) {
    std::string text;
    if (effects.count_error) text = "counts the error";
    if (effects.clear_error) text += text.empty() ? "clears the error" : ", clears the error";
    return text;
}

std::string job_section(const JobTable& table) {
    std::string text =
        "## The life of a job\n\n"
        "Source: `reference/engine/job_table.hpp`, where triggers are explained; states in "
        "`state.hpp`. A group holds one job, so\nthis is also the life of a group. The picture has "
        "every change of state; what stays stands in the tables only.\n\n";
    text += diagram<kJobStates, JobState>(table);
    text +=
        "\nEvery state and trigger: the row that is for the pair, and where it leads. A row "
        "without "
        "an arrow stays; – cannot happen.\n\n";
    text += matrix<kJobStates, kTriggers, JobState, Trigger>(table);
    text += "\nThe rows. The reply is that of the call; a trigger that is no call has S_OK.\n\n";
    text += heading({"row", "state", "trigger", "next state", "reply", "also", "clause"});
    const auto states = names_of<kJobStates, JobState>();
    for (const JobRow& row : table) {
        text +=
            line({std::string(row.label), members(row.from, states), std::string(name(row.trigger)),
                  next_state(row), row.impossible ? "" : qmgr::name(row.reply),
                  effects_of(row.effects), std::string(row.clause)});
    }
    return text;
}

std::string file_section(const FileTable& table) {
    std::string text =
        "## The life of a file\n\nSource: `reference/engine/file_table.hpp`; read like the job's "
        "tables.\n\n";
    text += diagram<kFileStates, FileState>(table) + "\n";
    text += matrix<kFileStates, kFileTriggers, FileState, FileTrigger>(table) + "\nThe rows:\n\n";
    text += heading({"row", "state", "trigger", "next state", "clause"});
    const auto states = names_of<kFileStates, FileState>();
    for (const FileRow& row : table) {
        text += line({std::string(row.label), members(row.from, states),
                      std::string(name(row.trigger)), next_state(row), std::string(row.clause)});
    }
    return text;
}

/// The base stands for the status of the response; Ok for the transport's failure, or for no code.
std::string code_of(const ResponseRow& row) {
    if (row.code == HResult::HttpStatusBase) return "0x80190000 + status";
    if (row.code != HResult::Ok) return qmgr::name(row.code);
    const bool failure = row.decision == Decision::RetryNow || row.decision == Decision::RetryLater;
    return failure ? "of the transport" : "";
}

std::string response_section(const ResponseTable& table) {
    std::string text =
        "## What a response means\n\n"
        "Source: `reference/engine/response_table.hpp`. A row fits when every column does; every "
        "combination fits exactly one. The\ncode is that of the error, if it becomes one.\n\n";
    text += heading({"row", "asked", "came", "length", "encoded", "range fits", "changed",
                     "may follow", "quick retry left", "decision", "code", "clause"});
    for (const ResponseRow& row : table) {
        text += line({std::string(row.label), members(row.asked, kAskedNames),
                      members(row.came, kCameNames), members(row.length, kLengthNames),
                      members(row.encoded, kYesNoNames), members(row.range_fits, kYesNoNames),
                      members(row.changed, kYesNoNames), members(row.may_follow, kYesNoNames),
                      members(row.quick, kYesNoNames), std::string(name(row.decision)),
                      code_of(row), std::string(row.clause)});
    }
    return text;
}

std::string property_section(const PropertyTable& table) {
    std::string text =
        "## What SetProp and GetProp answer\n\n"
        "Source: `reference/engine/property_table.hpp`, where the classes of values are "
        "explained.\n\n";
    text += heading({"row", "property", "value", "SetProp", "GetProp", "clause"});
    for (const PropertyRow& row : table) {
        text += line({std::string(row.label), members(row.kind, kPropertyKindNames),
                      members(row.value, kValueClassNames), qmgr::name(row.set),
                      qmgr::name(row.get), std::string(row.clause)});
    }
    return text;
}

template <class Status>
std::string flags_of(Status status) {
    std::string text;
    for (const std::string_view flag : flag_names(status)) {
        if (!text.empty()) text += ", ";
        text += flag;
    }
    return text.empty() ? "none" : text;
}

std::string status_section(const StatusTable& table) {
    std::string text =
        "## What GetStatus shows\n\n"
        "Source: `reference/engine/status_table.hpp`. GROUP_FOREGROUND is added for a foreground "
        "group.\n\n";
    text += heading({"row", "state", "group", "job", "clause"});
    for (const StatusRow& row : table) {
        text += line({std::string(row.label), std::string(name(row.state)), flags_of(row.group),
                      flags_of(row.job), std::string(row.clause)});
    }
    return text;
}

}  // namespace

std::string state_machines_page() {
    std::string text =
        "# State machines and tables\n\n"
        "Printed from the five tables the reference runs on; do not edit. This renews it:\n\n    ";
    text += kStateMachinesCommand;
    text +=
        "\n\nA row's label (J-14) stands in traces and logs. Its clause is an id of the catalogue, "
        "`conformance/requirements.json`;\nan id that is not there itself stands for its parts -a, "
        "-b and -c.\n\n";
    const Rules& rules = kDocumentedRules;
    return text + job_section(rules.job) + "\n" + file_section(rules.file) + "\n" +
           response_section(rules.response) + "\n" + property_section(rules.property) + "\n" +
           status_section(rules.status);
}

}  // namespace qmgr::meta
