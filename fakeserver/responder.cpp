#include "fakeserver/responder.hpp"

#include <algorithm>
#include <utility>

#include "fakeserver/effect_table.hpp"
#include "fakeserver/honest_plan.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

template <typename T>
bool agrees(const std::optional<T>& wanted, const T& actual) {
    return !wanted || *wanted == actual;
}

bool matches(const Match& match, const Request& request) {
    return agrees(match.connection, request.connection) && agrees(match.request, request.number) &&
           agrees(match.method, request.method) && agrees(match.path, request.path) &&
           agrees(match.has_range, find_header(request.headers, "Range").has_value());
}

}  // namespace

Responder::Responder(Script script) : script_(std::move(script)) {
    for (const FaultRule& rule : script_.rules) {
        hits_.push_back({.rule = rule.name, .hits = 0});
    }
}

ResponsePlan Responder::respond(const Request& request) {
    const auto found = std::ranges::find(script_.resources, request.path, &Resource::path);
    Resource* resource = found == script_.resources.end() ? nullptr : &*found;
    ResponsePlan plan = honest_plan(request, resource);
    Situation situation{.request = request, .resource = resource, .plan = plan};
    for (std::size_t i = 0; i < script_.rules.size(); ++i) {
        const FaultRule& rule = script_.rules[i];
        const bool used_up = rule.times && hits_[i].hits >= *rule.times;
        if (!used_up && matches(rule.match, request) &&
            effect_row(rule.fault.effect).edit(rule.fault, situation)) {
            ++hits_[i].hits;
            plan.rule = rule.name;
            break;
        }
    }
    return plan;
}

std::string head_bytes(const ResponsePlan& plan) {
    std::string head = "HTTP/1.1 " + std::to_string(plan.status) + " " + plan.reason + "\r\n";
    for (const Header& header : plan.headers) {
        head.append(header.name).append(": ").append(header.value).append("\r\n");
    }
    return head + "\r\n";
}

}  // namespace qmgr::inline v0::fakeserver
