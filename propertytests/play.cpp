#include "propertytests/play.hpp"

#include <utility>

namespace qmgr::propertytests {

world::Options options_of(const Plan& plan, const world::Variation& variation) {
    world::Options options;
    options.policy = policy_for_plans();
    options.script = script_of(plan);
    options.host = kAuthority;
    if (variation.rules) options.rules = variation.rules.get();
    if (variation.policy) variation.policy(options.policy);
    options.ports = variation.ports;
    options.event = variation.event;
    return options;
}

AuditedWorld::AuditedWorld(const Plan& plan, world::Variation variation)
    : variation_(std::move(variation)),
      world_(options_of(plan, variation_)),
      varied_(variation_.system ? variation_.system(world_) : nullptr),
      auditor_(policy_for_plans()),
      system_(varied_ ? *varied_ : world_, auditor_, [this] { return world_.now(); }),
      invariants_(world_, {.whole_files = !may_break_bytes(plan)}),
      client_({world_, system_, [this] { system_.was_restarted(); }}, plan) {
    world_.network().set_speed(kLineSpeed);
    auditor_.directory_is(kDownloads, DirectoryKind::Writable);
    auditor_.directory_is(kProtected, DirectoryKind::AdministratorsOnly);
    auditor_.directory_is(kNowhere, DirectoryKind::Missing);
}

std::optional<Reply> AuditedWorld::perform(const Command& command) {
    std::optional<Reply> reply = client_.perform(command);
    invariants_.look();
    return reply;
}

void AuditedWorld::end() {
    client_.heal();
    invariants_.heal_and_end();
    client_.answer_all();
    client_.cancel_all();
    invariants_.look_at_nothing_left();
}

std::vector<Violation> AuditedWorld::violations() const {
    std::vector<Violation> all = auditor_.violations();
    all.insert(all.end(), invariants_.violations().begin(), invariants_.violations().end());
    return all;
}

bool AuditedWorld::is_clean() const {
    return auditor_.violations().empty() && invariants_.violations().empty();
}

Outcome play(const Plan& plan, const world::Variation& variation) {
    AuditedWorld world(plan, variation);
    Outcome outcome;
    std::size_t step = 0;
    for (const Command& command : plan.commands) {
        ++step;
        if (const auto reply = world.perform(command)) {
            ++outcome.calls;
            if (succeeded(reply->hresult)) ++outcome.good_calls;
        }
        if (!world.is_clean()) break;
    }
    if (world.is_clean()) {
        ++step;
        world.end();
    }
    if (!world.is_clean()) {
        outcome.violations = world.violations();
        outcome.step = step;
    }
    return outcome;
}

}  // namespace qmgr::propertytests
