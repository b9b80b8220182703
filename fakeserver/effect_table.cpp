#include "fakeserver/effect_table.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/honest_plan.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

bool has(const std::vector<Header>& headers, std::string_view name) {
    return find_header(headers, name).has_value();
}

/// RFC 9110, 8.6: no Content-Length on these.
bool never_has_length(int status) { return status < 200 || status == 204 || status == 304; }

bool respond_status(const Fault& fault, Situation& situation) {
    ResponsePlan plan = plain_plan(situation.request, fault.status);
    plan.headers.insert(plan.headers.begin(), fault.headers.begin(), fault.headers.end());
    if (!never_has_length(fault.status) && !has(fault.headers, "Content-Length") &&
        !has(fault.headers, "Transfer-Encoding")) {
        plan.headers.insert(plan.headers.begin(),
                            {"Content-Length", std::to_string(fault.body.size())});
    }
    if (!fault.body.empty() && situation.request.method != "HEAD") {
        plan.body.emplace_back(Literal{fault.body});
    }
    situation.plan = std::move(plan);
    return true;
}

/// Keeps the body up to at_byte and ends there; no fault when the body does not reach that byte.
bool end_at(const Fault& fault, Situation& situation, Ending ending) {
    if (fault.at_byte > body_length(situation.plan.body)) {
        return false;
    }
    situation.plan.body = split_body(situation.plan.body, fault.at_byte).first;
    situation.plan.ending = ending;
    return true;
}

bool close_after(const Fault& fault, Situation& situation) {
    return end_at(fault, situation, Ending::Close);
}

bool reset_after(const Fault& fault, Situation& situation) {
    return end_at(fault, situation, Ending::Reset);
}

bool stall_after(const Fault& fault, Situation& situation) {
    if (!fault.delay_ms) {
        return end_at(fault, situation, Ending::Stall);
    }
    if (fault.at_byte > body_length(situation.plan.body)) {
        return false;
    }
    auto [body, rest] = split_body(situation.plan.body, fault.at_byte);
    body.emplace_back(Wait{*fault.delay_ms});
    body.insert(body.end(), rest.begin(), rest.end());
    situation.plan.body = std::move(body);
    return true;
}

bool omit_length(const Fault& /*fault*/, Situation& situation) {
    std::vector<Header>& headers = situation.plan.headers;
    const auto removed = std::erase_if(
        headers, [](const Header& header) { return same_word(header.name, "Content-Length"); });
    if (removed == 0) {
        return false;
    }
    if (situation.plan.ending == Ending::KeepAlive) {
        headers.push_back({"Connection", "close"});
        situation.plan.ending = Ending::Close;
    }
    return true;
}

bool ignore_range(const Fault& /*fault*/, Situation& situation) {
    const int status = situation.plan.status;
    if (status != 206 && status != 416) {
        return false;
    }
    Request request = situation.request;
    std::erase_if(request.headers,
                  [](const Header& header) { return same_word(header.name, "Range"); });
    situation.plan = honest_plan(request, situation.resource);
    return true;
}

bool change_content(const Fault& fault, Situation& situation) {
    if (situation.resource == nullptr) {
        return false;
    }
    Resource& resource = *situation.resource;
    resource.seed = fault.seed.value_or(resource.seed);
    resource.size = fault.size.value_or(resource.size);
    if (fault.last_modified) {
        resource.last_modified = fault.last_modified;
    }
    situation.plan = honest_plan(situation.request, situation.resource);
    return true;
}

using enum Parameter;
using enum Need;

constexpr std::array kStatusParameters{
    ParameterUse{Status, Required}, ParameterUse{Headers, Optional}, ParameterUse{Body, Optional}};
constexpr std::array kByteParameters{ParameterUse{AtByte, Required}};
constexpr std::array kStallParameters{ParameterUse{AtByte, Required},
                                      ParameterUse{DelayMs, Optional}};
constexpr std::array kContentParameters{ParameterUse{Seed, Optional}, ParameterUse{Size, Optional},
                                        ParameterUse{LastModified, Optional}};

constexpr std::array kEffects{
    EffectRow{Effect::RespondStatus, "RespondStatus", kStatusParameters, respond_status},
    EffectRow{Effect::CloseAfter, "CloseAfter", kByteParameters, close_after},
    EffectRow{Effect::ResetAfter, "ResetAfter", kByteParameters, reset_after},
    EffectRow{Effect::StallAfter, "StallAfter", kStallParameters, stall_after},
    EffectRow{Effect::OmitLength, "OmitLength", {}, omit_length},
    EffectRow{Effect::IgnoreRange, "IgnoreRange", {}, ignore_range},
    EffectRow{Effect::ChangeContent, "ChangeContent", kContentParameters, change_content},
};

/// Row number = enumerator, so that a lookup is an index.
consteval bool in_order() {
    for (std::size_t i = 0; i < kEffects.size(); ++i) {
        if (static_cast<std::size_t>(kEffects[i].effect) != i) {
            return false;
        }
    }
    return true;
}
static_assert(in_order());

}  // namespace

std::span<const EffectRow> effect_table() { return kEffects; }

const EffectRow& effect_row(Effect effect) { return kEffects.at(static_cast<std::size_t>(effect)); }

}  // namespace qmgr::inline v0::fakeserver
