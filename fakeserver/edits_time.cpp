#include <algorithm>
#include <utility>
#include <vector>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/draws.hpp"
#include "fakeserver/edits.hpp"

namespace qmgr::inline v0::fakeserver::edit {
namespace {

bool has_byte(const ResponsePlan& plan, Point at) {
    const std::uint64_t size =
        at.where == Where::Head ? head_bytes(plan).size() : body_length(plan.body);
    return !plan.head_cut && at.byte <= size;
}

Happened wait_at(Situation& situation, Point at, std::uint64_t ms) {
    ResponsePlan& plan = situation.plan;
    if (at.where == Where::End) {
        plan.end_wait_ms += ms;
        return at;
    }
    if (!has_byte(plan, at)) {
        return std::nullopt;
    }
    if (at.where == Where::Head) {
        const auto after = std::ranges::upper_bound(plan.head_waits, at.byte, {}, &HeadWait::byte);
        plan.head_waits.insert(after, {.byte = at.byte, .ms = ms});
        return at;
    }
    auto [body, rest] = split_body(plan.body, at.byte);
    body.emplace_back(Wait{ms});
    body.insert(body.end(), rest.begin(), rest.end());
    plan.body = std::move(body);
    return at;
}

Happened end_at(Situation& situation, Point at, Ending ending) {
    ResponsePlan& plan = situation.plan;
    if (at.where != Where::End) {
        if (!has_byte(plan, at)) {
            return std::nullopt;
        }
        if (at.where == Where::Head) {
            plan.head_cut = at.byte;
            plan.body.clear();
        } else {
            plan.body = split_body(plan.body, at.byte).first;
        }
        plan.extra.clear();
    }
    plan.ending = ending;
    return at;
}

}  // namespace

Happened delay(const Fault& fault, Situation& situation) {
    return wait_at(situation, fault.at, draw_delay(fault.delay, situation.key));
}

Happened trickle(const Fault& fault, Situation& situation) {
    if (!has_byte(situation.plan, fault.at)) {
        return std::nullopt;
    }
    situation.plan.pace = {
        .from = fault.at, .slices = fault.slices, .gap = fault.delay, .key = situation.key};
    return fault.at;
}

Happened bandwidth(const Fault& fault, Situation& situation) {
    // Fifty slices a second look smooth to a client; below fifty bytes a second the byte is the
    // slice.
    constexpr std::uint64_t kSlices = 50;
    constexpr std::uint64_t kSecondMs = 1000;
    const std::uint64_t rate = fault.bytes_per_second;
    const bool slow = rate < kSlices;
    std::vector<std::uint64_t> slices;
    for (std::uint64_t i = 0; i < (slow ? 1 : kSlices); ++i) {
        // Together exactly the bytes of a second.
        slices.push_back(slow ? 1 : (i + 1) * rate / kSlices - i * rate / kSlices);
    }
    situation.plan.pace = {.from = {.where = Where::Body, .byte = 0},
                           .slices = std::move(slices),
                           .gap = {.ms = kSecondMs / (slow ? rate : kSlices)},
                           .key = situation.key};
    return situation.plan.pace->from;
}

Happened close(const Fault& fault, Situation& situation) {
    return end_at(situation, fault.at, Ending::Close);
}

Happened reset(const Fault& fault, Situation& situation) {
    return end_at(situation, fault.at, Ending::Reset);
}

Happened half_close(const Fault& fault, Situation& situation) {
    return end_at(situation, fault.at, Ending::HalfClose);
}

Happened stall(const Fault& fault, Situation& situation) {
    return end_at(situation, fault.at, Ending::Stall);
}

}  // namespace qmgr::inline v0::fakeserver::edit
