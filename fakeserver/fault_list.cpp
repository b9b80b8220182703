#include "fakeserver/fault_list.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "fakeserver/effect_table.hpp"
#include "fakeserver/script_json.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

using Json = nlohmann::ordered_json;

std::string rule_text(const EffectRow& row) {
    std::string text = R"({"name": ")";
    text.append(row.name).append("\"");
    if (row.match != "{}") {
        text.append(R"(, "match": )").append(row.match);
    }
    return text.append(",\n \"fault\": ").append(row.example).append("}");
}

/// "`at`, `delay_ms`; if wanted `bytes`"
std::string parameters_text(const EffectRow& row) {
    std::string text;
    for (const Need need : {Need::Required, Need::Optional}) {
        bool first = true;
        for (const ParameterUse& use : row.parameters) {
            if (use.need != need) {
                continue;
            }
            if (first && need == Need::Optional) {
                text.append(text.empty() ? "if wanted " : "; if wanted ");
            } else if (!first) {
                text.append(", ");
            }
            text.append("`").append(parameter_name(use.parameter)).append("`");
            first = false;
        }
    }
    return text;
}

std::string points_text(const Points& points) {
    std::string text;
    for (const std::string& word : point_words(points)) {
        text.append(text.empty() ? "" : ", ").append("`").append(word).append("`");
    }
    return text;
}

std::string_view meets(const EffectRow& row) {
    if (row.edit == nullptr) {
        return "connection";
    }
    return row.meet == nullptr ? "answer" : "both";
}

Json parameter_json(const ParameterUse& use) {
    Json json{{"name", parameter_name(use.parameter)}, {"required", use.need == Need::Required}};
    if (use.least != 0) {
        json["least"] = use.least;
    }
    if (use.most != std::numeric_limits<std::uint64_t>::max()) {
        json["most"] = use.most;
    }
    return json;
}

}  // namespace

FaultRule example_rule(Effect effect) {
    const std::string text =
        R"({"title":"t","why":"w","rules":[)" + rule_text(effect_row(effect)) + "]}";
    return script_from_json_text(text, effect_row(effect).name).rules.front();
}

std::string faults_markdown() {
    std::string page;
    for (const EffectRow& row : effect_table()) {
        page.append("### ").append(row.name).append("\n\n").append(row.does).append("\n\n");
        if (const std::string parameters = parameters_text(row); !parameters.empty()) {
            page.append("- Parameters: ").append(parameters).append("\n");
        }
        if (const std::string points = points_text(row.points); !points.empty()) {
            page.append("- Points: ").append(points).append("\n");
        }
        if (row.simulated_only) {
            page.append("- Played by the simulated network only.\n");
        }
        page.append("- For: ").append(row.purpose).append("\n\n```json\n");
        page.append(rule_text(row)).append("\n```\n\n");
    }
    return page;
}

std::string faults_json_text() {
    Json list = Json::array();
    for (const EffectRow& row : effect_table()) {
        Json parameters = Json::array();
        for (const ParameterUse& use : row.parameters) {
            parameters.push_back(parameter_json(use));
        }
        list.push_back({{"effect", row.name},
                        {"does", row.does},
                        {"for", row.purpose},
                        {"of", meets(row)},
                        {"simulated_only", row.simulated_only},
                        {"needs_tls", row.needs_tls},
                        {"points", point_words(row.points)},
                        {"parameters", std::move(parameters)},
                        {"example", Json::parse(rule_text(row))}});
    }
    return list.dump(2) + "\n";
}

}  // namespace qmgr::inline v0::fakeserver
