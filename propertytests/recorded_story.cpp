#include "propertytests/recorded_story.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "propertytests/counterexample.hpp"
#include "reference/contract/json.hpp"

namespace qmgr::propertytests {
namespace {

// So many facts of one command are told; the trace has the others.
constexpr std::size_t kMostFacts = 12;

// {"group":1,"flags":0} as "group 1, flags 0".
std::string words(const Json& json) {
    if (json.is_string()) return json.get<std::string>();
    if (!json.is_object()) return json.dump();
    std::string text;
    for (const auto& [key, value] : json.items())
        text += (text.empty() ? "" : ", ") + key + " " + words(value);
    return text;
}

std::string text_of(const Json& json, const char* key) {
    return json.contains(key) ? words(json.at(key)) : "";
}

std::string played(const Json& in) {
    if (in.contains("serve")) return "the server has something else";
    if (!in.contains("call")) return words(in);
    const auto call = in.at("call").items().begin();
    return fmt::format("{} {} {}", words(in.at("as").at("user")), call.key(), words(call.value()));
}

std::string answered(Json reply) {
    const std::string code = text_of(reply, "hresult");
    reply.erase("hresult");
    return code + (reply.empty() ? "" : ", " + words(reply));
}

std::string requested(const Json& request) {
    std::string text =
        fmt::format("server saw {} {}", text_of(request, "method"), text_of(request, "path"));
    for (const char* key : {"range", "status", "fault", "bytes", "ending"})
        if (request.contains(key)) text += fmt::format(", {} {}", key, text_of(request, key));
    return text;
}

std::string stepped(const Json& step) {
    return fmt::format("{} {}", text_of(step, "row"), text_of(step, "job"));
}

void tell(const traces::TraceLine& line, Seen& seen) {
    const Json body = Json::parse(line.body);
    if (line.kind == traces::Kind::In) {
        seen.facts.push_back(played(body));
    } else if (body.contains("reply") && !seen.facts.empty()) {
        seen.facts.push_back("→ " + answered(body.at("reply")));
    } else if (body.contains("notification")) {
        seen.facts.push_back("delivered: " + words(body.at("notification")));
    } else if (body.contains("request")) {
        seen.facts.push_back(requested(body.at("request")));
    } else if (body.contains("disk")) {
        const Json& disk = body.at("disk");
        seen.facts.push_back(text_of(disk, "did") + " " + text_of(disk, "path"));
    } else if (line.kind == traces::Kind::Why) {
        seen.facts.push_back(stepped(body));
    } else {
        seen.facts.push_back(words(body));
    }
}

// A call and its answer stand together; the rest is separated.
std::string joined(const std::vector<std::string>& facts) {
    std::string text;
    for (std::size_t i = 0; i < std::min(facts.size(), kMostFacts); ++i) {
        const bool answer = facts[i].starts_with("→");
        text += (text.empty() ? "" : answer ? " " : "; ") + facts[i];
    }
    if (facts.size() > kMostFacts) text += fmt::format("; and {} more", facts.size() - kMostFacts);
    return text.empty() ? "nothing was seen" : text;
}

}  // namespace

std::vector<Seen> commands_of(const std::vector<traces::TraceLine>& lines) {
    std::vector<Seen> commands;
    bool plan = true;  // the first note
    for (const traces::TraceLine& line : lines) {
        if (line.kind == traces::Kind::Note) {
            if (!std::exchange(plan, false)) commands.push_back({line.body, {}});
        } else if (!commands.empty()) {
            tell(line, commands.back());
        }
    }
    return commands;
}

std::string story_of(const Recording& recording, const conformance::Catalogue& catalogue,
                     const std::string& repeat) {
    std::string text;
    if (!recording.outcome.violations.empty()) {
        const Violation& first = recording.outcome.violations.front();
        text += fmt::format("{}: {}\n", first.invariant, first.what);
        for (const conformance::Requirement* clause : catalogue.find(first.clause))
            text += fmt::format("{}: {}\n", clause->id, clause->text);
        text += fmt::format("found after command {}\n\n", recording.outcome.step);
    }
    for (const Seen& seen : commands_of(recording.trace.lines))
        text += fmt::format("{}\n    {}\n", seen.command, joined(seen.facts));
    return text + "\nto repeat it: " + repeat + "\n";
}

}  // namespace qmgr::propertytests
