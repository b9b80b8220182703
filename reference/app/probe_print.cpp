#include "reference/app/probe_print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "reference/contract/url_mask.hpp"
#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kColumns = 100;

std::string number_of(HResult code) {
    return fmt::format("0x{:08X}", static_cast<std::uint32_t>(code));
}

// ---- the table ----------------------------------------------------------------------------------

struct Cells {
    std::string look;
    std::string asked;
    std::string came;
    std::string verdict;
};

void add_row(std::string& text, const Cells& cells) {
    text += fmt::format("{:<14} {:<31} {:<37} {:<15}", cells.look, cells.asked, cells.came,
                        cells.verdict);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
}

// Words of a paragraph, each line indented.
void add_paragraph(std::string& text, std::string_view words, std::size_t indent) {
    std::string line;
    const auto end_line = [&] {
        if (!line.empty()) text += std::string(indent, ' ') + line + '\n';
        line.clear();
    };
    while (!words.empty()) {
        const std::string_view word = words.substr(0, words.find(' '));
        words.remove_prefix(std::min(words.size(), word.size() + 1));
        if (!line.empty() && indent + line.size() + 1 + word.size() > kColumns) end_line();
        if (!line.empty()) line += ' ';
        line += word;
    }
    end_line();
}

std::string asked_text(const Exchange& exchange) {
    const auto range = field_value(exchange.request.headers, "range");
    return exchange.request.method + (range ? " " + range->substr(range->find('=') + 1) : "");
}

std::string came_text(const Exchange& exchange) {
    const Response& response = exchange.response;
    if (response.status == 0) return "no answer";
    std::string text = std::to_string(response.status);
    if (const auto range = content_range(response.headers))
        text += fmt::format(", {}-{}", range->first, range->last);
    if (exchange.request.method == "GET") {
        text += fmt::format(", {} bytes", response.body_bytes);
    } else if (const auto length = content_length(response.headers); length.kind == Length::Known) {
        text += fmt::format(", length {}", length.bytes);
    }
    if (response.failure) text += ", broken off";
    return text;
}

std::string code_text(HResult code) {
    const std::string number = number_of(code);
    return name(code) == number ? number : number + " " + name(code);
}

void add_look(std::string& text, const Look& look) {
    Cells cells{look.name, "", "", std::string(name(look.verdict))};
    if (look.exchange) {
        cells.asked = asked_text(*look.exchange);
        cells.came = came_text(*look.exchange);
    }
    add_row(text, cells);
    if (look.exchange)
        for (const std::string& target : look.exchange->redirects)
            add_paragraph(text, "redirected to " + masked(target), 4);
    add_paragraph(text, look.means, 4);
    if (look.code != HResult::Ok) add_paragraph(text, "code " + code_text(look.code), 4);
}

// Those that were not asked stand together at the end, by reason.
void add_looks(std::string& text, const std::vector<Look>& looks) {
    add_row(text, {"LOOK", "ASKED", "CAME", "VERDICT"});
    std::map<std::string, std::string> not_asked;
    for (const Look& look : looks) {
        if (look.verdict != Verdict::NotAsked) {
            add_look(text, look);
            continue;
        }
        std::string& names = not_asked[look.means];
        names += (names.empty() ? "" : ", ") + look.name;
    }
    for (const auto& [why, names] : not_asked)
        add_paragraph(text, fmt::format("not asked: {}. {}", names, why), 0);
}

void add_sum(std::string& text, const std::string& word, const std::string& summary, HResult code) {
    text += '\n';
    add_paragraph(text, word + ": " + summary, 0);
    if (code != HResult::Ok) add_paragraph(text, "A user would get " + code_text(code) + ".", 0);
}

constexpr std::string_view kCostFormat = "{:<10}{:>7}{:>12}{:>12}{:>14}{:>18}{:>7}   {}\n";

void add_patterns(std::string& text, const std::vector<PatternCost>& patterns) {
    if (patterns.empty()) return;
    text += '\n';
    text += fmt::format(fmt::runtime(kCostFormat), "PATTERN", "PIECES", "GIVEN", "TAKEN",
                        "TAKEN/GIVEN", "ORIGIN REQUESTS", "WHOLE", "VERDICT");
    for (const PatternCost& cost : patterns) {
        text += fmt::format(fmt::runtime(kCostFormat), cost.capture, cost.pieces, cost.given_bytes,
                            cost.taken_bytes, fmt::format("{:.2f}", cost.taken_per_given()),
                            cost.origin_requests, cost.whole_requests, name(cost.verdict));
        add_paragraph(text, cost.means, 4);
    }
}

// ---- JSON ---------------------------------------------------------------------------------------

OrderedJson code_json(HResult code) {
    if (code == HResult::Ok) return nullptr;
    return {{"name", name(code)}, {"number", number_of(code)}};
}

OrderedJson headers_json(const std::vector<HeaderField>& headers) {
    OrderedJson lines = OrderedJson::array();
    for (const HeaderField& field : headers)
        lines.push_back({{"name", field.name}, {"value", masked_in_text(field.value)}});
    return lines;
}

OrderedJson failure_json(const std::optional<TransportFailure>& failure) {
    static constexpr std::array<std::string_view, 6> words = {
        "name_not_resolved", "unreachable", "interrupted", "timed_out", "tls_failed", "malformed"};
    if (!failure) return nullptr;
    return words.at(static_cast<std::size_t>(*failure));
}

OrderedJson asked_json(const Exchange& exchange) {
    OrderedJson redirects = OrderedJson::array();
    for (const std::string& target : exchange.redirects) redirects.push_back(masked(target));
    return {{"method", exchange.request.method},
            {"url", masked(exchange.request.url)},
            {"headers", headers_json(exchange.request.headers)},
            {"redirects", redirects}};
}

OrderedJson came_json(const Response& response) {
    return {{"status", response.status},
            {"http_version", response.http_version / 10.0},
            {"headers", headers_json(response.headers)},
            {"body_bytes", response.body_bytes},
            {"failure", failure_json(response.failure)},
            {"connection", response.connection}};
}

OrderedJson looks_json(const std::vector<Look>& looks) {
    OrderedJson list = OrderedJson::array();
    for (const Look& look : looks) {
        OrderedJson one = {{"name", look.name},
                           {"like", look.like},
                           {"verdict", name(look.verdict)},
                           {"code", code_json(look.code)},
                           {"means", look.means},
                           {"rule", look.rule},
                           {"clause", look.clause}};
        one["asked"] = look.exchange ? asked_json(*look.exchange) : OrderedJson();
        one["came"] = look.exchange ? came_json(look.exchange->response) : OrderedJson();
        list.push_back(std::move(one));
    }
    return list;
}

OrderedJson patterns_json(const std::vector<PatternCost>& patterns) {
    OrderedJson list = OrderedJson::array();
    for (const PatternCost& cost : patterns)
        list.push_back({{"capture", cost.capture},
                        {"pieces", cost.pieces},
                        {"given_bytes", cost.given_bytes},
                        {"taken_bytes", cost.taken_bytes},
                        {"taken_per_given", cost.taken_per_given()},
                        {"origin_requests", cost.origin_requests},
                        {"whole_requests", cost.whole_requests},
                        {"ranges", cost.ranges},
                        {"verdict", name(cost.verdict)},
                        {"means", cost.means}});
    return list;
}

OrderedJson server_json(const ServerReport& server) {
    return {{"url", masked(server.url)},
            {"mode", name(server.mode)},
            {"code", code_json(server.code)},
            {"summary", server.summary},
            {"looks", looks_json(server.looks)}};
}

OrderedJson proxy_json(const ProxyReport& proxy) {
    return {{"proxy", masked(proxy.proxy)},
            {"object_bytes", proxy.object_bytes},
            {"works", proxy.works},
            {"code", code_json(proxy.code)},
            {"summary", proxy.summary},
            {"looks", looks_json(proxy.looks)},
            {"patterns", patterns_json(proxy.patterns)}};
}

}  // namespace

int exit_status_of(const ProbeReport& report) {
    const bool server_fails = report.server && report.server->mode == Mode::None;
    const bool proxy_fails = report.proxy && !report.proxy->works;
    return server_fails || proxy_fails ? 1 : 0;
}

std::string table_of(const ProbeReport& report) {
    std::string text;
    if (report.server) {
        text += masked(report.server->url) + "\n\n";
        add_looks(text, report.server->looks);
        add_sum(text, std::string(name(report.server->mode)), report.server->summary,
                report.server->code);
    }
    if (report.proxy) {
        if (report.server) text += '\n';
        text += fmt::format("through {}, an object of {} bytes on our own origin\n\n",
                            masked(report.proxy->proxy), report.proxy->object_bytes);
        add_looks(text, report.proxy->looks);
        add_patterns(text, report.proxy->patterns);
        add_sum(text, report.proxy->works ? "works" : "fails", report.proxy->summary,
                report.proxy->code);
    }
    return text;
}

std::string json_of(const ProbeReport& report) {
    OrderedJson json = {{"probe", 1}, {"exit_status", exit_status_of(report)}};
    json["server"] = report.server ? server_json(*report.server) : OrderedJson();
    json["proxy"] = report.proxy ? proxy_json(*report.proxy) : OrderedJson();
    return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace qmgr
