#include "propertytests/play.hpp"

#include <algorithm>
#include <utility>

namespace qmgr::propertytests {
namespace {

Auditor auditor_of_plans() {
    Auditor auditor(policy_for_plans());
    auditor.directory_is(kDownloads, DirectoryKind::Writable);
    auditor.directory_is(kProtected, DirectoryKind::AdministratorsOnly);
    return auditor;
}

}  // namespace

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
      auditor_(auditor_of_plans()),
      system_(varied_ ? *varied_ : world_, auditor_, [this] { return world_.now(); }),
      invariants_(world_, {.whole_files = !may_break_bytes(plan)}),
      client_({world_, system_, [this] { system_.was_restarted(); }}, plan) {
    world_.network().set_speed(kLineSpeed);
}

void AuditedWorld::perform(const Command& command) {
    client_.perform(command);
    invariants_.look();
}

void AuditedWorld::end() {
    client_.heal();
    invariants_.heal_and_end();
    client_.answer_all();
    cancel_all();
    invariants_.look_at_nothing_left();
}

// Each group by its owner: the first user who gets it without being an administrator, or is one.
void AuditedWorld::cancel_all() {
    if (world_.engine() == nullptr) return;
    std::vector<GroupId> ids;
    for (const auto& [id, number] : world_.engine()->state().group_ids) ids.push_back(id);
    for (const GroupId& id : ids)
        for (const std::string_view user : kUserNames) {
            const Caller caller{std::string(user), user == kUserNames.back()};
            const Reply reply = system_.call(caller, call::GetGroup{id});
            const auto* group = std::get_if<GroupHandle>(&reply.value);
            if (group == nullptr) continue;
            system_.call(caller, call::CancelGroup{*group});
            break;
        }
}

std::vector<Violation> AuditedWorld::violations() const {
    std::vector<Violation> all = auditor_.violations();
    all.insert(all.end(), invariants_.violations().begin(), invariants_.violations().end());
    return all;
}

bool AuditedWorld::is_clean() const {
    return auditor_.violations().empty() && invariants_.violations().empty();
}

Outcome play(const Plan& plan, const world::Variation& variation, const Onlooker& onlooker) {
    AuditedWorld world(plan, variation);
    std::size_t step = 0;
    for (const Command& command : plan.commands) {
        ++step;
        if (onlooker) onlooker(world, command);
        world.perform(command);
        if (!world.is_clean()) return {world.violations(), step};
    }
    world.end();
    if (world.is_clean()) return {};
    return {world.violations(), step + 1};
}

Outcome play(const Plan& plan, const world::Variation& variation) {
    return play(plan, variation, nullptr);
}

}  // namespace qmgr::propertytests
