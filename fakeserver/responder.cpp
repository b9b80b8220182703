#include "fakeserver/responder.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/draws.hpp"
#include "fakeserver/effect_table.hpp"
#include "fakeserver/honest_plan.hpp"
#include "fakeserver/wire.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

/// A server that runs for days forgets connections behind so many newer ones; should the oldest
/// speak again, its requests are counted anew.
constexpr std::size_t kMostPasts = 100'000;

/// A wish that is not set agrees with everything.
template <typename T, typename V>
bool agrees(const std::optional<T>& wish, const V& value) {
    return !wish || *wish == value;
}

bool has_header(const Request& request, const HeaderMatch& wish) {
    return std::ranges::any_of(request.headers, [&wish](const Header& header) {
        return same_word(header.name, wish.name) && agrees(wish.value, header.value);
    });
}

bool matches(const Match& match, const Request& request, std::uint64_t nth,
             std::uint64_t body_bytes) {
    const auto range = find_header(request.headers, "Range");
    return agrees(match.connection, request.connection) && agrees(match.request, request.number) &&
           agrees(match.nth, nth) && agrees(match.method, request.method) &&
           agrees(match.path, request.path) &&
           (!match.path_prefix || request.path.starts_with(*match.path_prefix)) &&
           (!match.header || has_header(request, *match.header)) &&
           agrees(match.has_range, range.has_value()) && (!match.range || range == *match.range) &&
           agrees(match.proxied, request.proxied) && body_bytes >= match.sent_bytes.value_or(0);
}

/// One rule has faults of one kind (script_json.cpp sees to it for scripts that are read).
bool meets_connections(const FaultRule& rule) {
    return !rule.faults.empty() && is_of_connection(rule.faults.front());
}

bool refuses(const FaultRule& rule) {
    return !rule.faults.empty() && rule.faults.front().effect == Effect::RefuseConnection;
}

}  // namespace

Responder::Responder(Script script) : script_(std::move(script)), past_of_(script_.rules.size()) {
    for (const FaultRule& rule : script_.rules) {
        hits_.push_back({.rule = rule.name, .hits = 0});
    }
}

bool Responder::is_due(std::size_t index, std::uint64_t key) {
    const FaultRule& rule = script_.rules[index];
    if (rule.times && hits_[index].hits >= *rule.times) {
        return false;
    }
    const std::uint64_t met = ++past_of_[index].met;
    return met % rule.every.value_or(1) == 0 && (!rule.chance || happens(*rule.chance, key));
}

std::optional<std::uint64_t> Responder::refuse(std::uint64_t connection) {
    for (std::size_t i = 0; i < script_.rules.size(); ++i) {
        const FaultRule& rule = script_.rules[i];
        const std::uint64_t key = draw_key(rule_seed(rule), connection, 0);
        if (refuses(rule) && agrees(rule.match.connection, connection) && is_due(i, key)) {
            ++hits_[i].hits;
            // A window without a length would be looked at without end.
            return std::max<std::uint64_t>(1, draw_delay(rule.faults.front().delay, key));
        }
    }
    return std::nullopt;
}

ConnectionPlan Responder::admit(std::uint64_t connection) {
    ConnectionPlan plan;
    for (std::size_t i = 0; i < script_.rules.size(); ++i) {
        const FaultRule& rule = script_.rules[i];
        const std::uint64_t key = draw_key(rule_seed(rule), connection, 0);
        if (!meets_connections(rule) || refuses(rule) ||
            !agrees(rule.match.connection, connection) || !is_due(i, key)) {
            continue;
        }
        for (std::size_t j = 0; j < rule.faults.size(); ++j) {
            const Fault& fault = rule.faults[j];
            effect_row(fault.effect).meet(fault, draw(key, j), plan);
        }
        plan.rule = rule.name;
        ++hits_[i].hits;
        break;
    }
    return plan;
}

/// All faults of the rule or none; what they change in the resource stays only if all happen.
bool Responder::apply(std::size_t index, const Request& request, std::uint64_t key,
                      Resource* resource, ResponsePlan& plan) {
    const FaultRule& rule = script_.rules[index];
    ResponsePlan edited = plan;
    std::optional<Resource> changed;
    if (resource != nullptr) {
        changed = *resource;
    }
    Situation situation{.request = request,
                        .resource = changed ? &*changed : nullptr,
                        .plan = edited,
                        .key = key,
                        .hits = hits_[index].hits,
                        .nonce_key = draw_key(rule_seed(rule), 0, 0),
                        .memory = past_of_[index].memory};
    std::vector<std::pair<Effect, Point>> happened;
    for (std::size_t j = 0; j < rule.faults.size(); ++j) {
        const Fault& fault = rule.faults[j];
        situation.key = draw(key, j);
        const auto point = effect_row(fault.effect).edit(fault, situation);
        if (!point) {
            return false;
        }
        happened.emplace_back(fault.effect, *point);
    }
    for (const auto& [effect, point] : happened) {
        edited.faults.push_back({.effect = effect, .wire_byte = wire_offset(edited, point)});
    }
    edited.rule = rule.name;
    plan = std::move(edited);
    if (resource != nullptr) {
        *resource = *changed;
    }
    return true;
}

ResponsePlan Responder::respond(const Request& request) {
    const auto found = std::ranges::find(script_.resources, request.path, &Resource::path);
    Resource* resource = found == script_.resources.end() ? nullptr : &*found;
    Past& past = past_[request.connection];
    if (past_.size() > kMostPasts && past_.begin()->first != request.connection) {
        past_.erase(past_.begin());
    }
    const std::uint64_t nth = ++past.requests;
    ResponsePlan plan = honest_plan(request, resource);
    for (std::size_t i = 0; i < script_.rules.size(); ++i) {
        const FaultRule& rule = script_.rules[i];
        const std::uint64_t key = draw_key(rule_seed(rule), request.connection, nth);
        if (!rule.faults.empty() && !meets_connections(rule) &&
            matches(rule.match, request, nth, past.body_bytes) && is_due(i, key) &&
            apply(i, request, key, resource, plan)) {
            ++hits_[i].hits;
            break;
        }
    }
    past.body_bytes += plan.head_cut ? 0 : body_length(plan.body);
    return plan;
}

}  // namespace qmgr::inline v0::fakeserver
