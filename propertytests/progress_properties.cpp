// What a client reads of the bytes of its groups, whatever happens meanwhile.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "propertytests/generators.hpp"

namespace qmgr::propertytests {
namespace {

std::uint32_t amount(AuditedWorld& world, const Call& call) {
    const Reply reply = world.client().world().call({"admin", true}, call);
    const auto* progress = std::get_if<value::Progress>(&reply.value);
    return progress == nullptr ? 0 : progress->amount;
}

GroupHandle group_of(AuditedWorld& world, std::size_t slot) {
    const Engine* engine = world.world().engine();
    if (engine == nullptr) return {};
    for (const auto& [number, target] : engine->state().handles) {
        const auto* group = std::get_if<GroupTarget>(&target);
        const auto found = engine->state().group_ids.find(group_id(slot));
        if (group != nullptr && found != engine->state().group_ids.end() &&
            found->second == group->group)
            return {number};
    }
    return {};
}

std::uint64_t bytes_of_parts(AuditedWorld& world, std::size_t slot) {
    const QueueState& queue = world.world().engine()->state();
    std::uint64_t bytes = 0;
    for (const File& file : queue.groups.at(queue.group_ids.at(group_id(slot))).job.files) {
        const std::string& path =
            file.state == FileState::Committed ? file.info.local_name : file.part_path;
        const world::DiskFile* there = world.world().disk().find(path);
        if (there != nullptr) bytes += there->contents.size();
    }
    return bytes;
}

// A later group may have published another file under the same local name, so only groups that are
// not complete are looked at.
RC_GTEST_PROP(Progress, NeverExceedsWhatIsStored, (const Plan& plan)) {
    AuditedWorld world(plan);
    for (const Command& command : plan.commands) {
        world.perform(command);
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            const GroupHandle group = group_of(world, slot);
            if (group.value == 0) continue;
            const std::uint32_t done =
                amount(world, call::GetGroupProgress{group, ProgressFlag::SizeDone});
            const std::uint32_t percent =
                amount(world, call::GetGroupProgress{group, ProgressFlag::PercentDone});
            RC_ASSERT(percent <= 100U);
            const QueueState& queue = world.world().engine()->state();
            const Job& job = queue.groups.at(queue.group_ids.at(group_id(slot))).job;
            const bool published =
                std::any_of(job.files.begin(), job.files.end(), [](const File& file) {
                    return file.state == FileState::Committed || file.rename_asked;
                });
            if (!published) RC_ASSERT(done <= bytes_of_parts(world, slot));
            RC_ASSERT((percent == 100U) == (job.state == JobState::Complete));
        }
    }
}

}  // namespace
}  // namespace qmgr::propertytests
