#include "propertytests/auditor_model.hpp"

#include <algorithm>
#include <functional>

#include "reference/contract/check.hpp"

namespace qmgr::propertytests::audit {
namespace {

std::size_t mixed(std::size_t hash, std::uint64_t value) {
    constexpr std::size_t kGolden = 0x9E3779B97F4A7C15U;  // 2^64 divided by the golden ratio
    return (hash ^ value) * kGolden + (hash >> 29U);
}

std::size_t hash_of(const Guid& guid) {
    return std::hash<std::string_view>()(
        {reinterpret_cast<const char*>(guid.bytes.data()), guid.bytes.size()});
}

auto by_value(const Handle& handle, std::uint64_t value) { return handle.value < value; }

// Slots of groups that nothing names any more are used again.
std::uint32_t free_slot(Model& model) {
    for (std::uint32_t slot = 0; slot < model.groups.size(); ++slot) {
        const Group& group = model.groups[slot];
        if (group.states == kGone && group.handles == 0 && group.left == 0) return slot;
    }
    model.groups.emplace_back();
    return static_cast<std::uint32_t>(model.groups.size() - 1);
}

void release_target(Model& model, const Handle& handle) {
    if (handle.target == kAnyGroup) return;
    if (handle.kind == HandleKind::Enumerator)
        model.enumerators[handle.target] = {};
    else
        --model.groups[handle.target].handles;
}

}  // namespace

Fingerprint fingerprint(std::string_view text) { return std::hash<std::string_view>()(text); }

std::size_t hash_of(const Model& model) {
    std::size_t hash = model.users.size();
    for (const std::uint32_t index : model.queue) {
        const Group& group = model.groups[index];
        hash = mixed(hash, hash_of(group.id));
        hash = mixed(hash, group.owners);
        hash = mixed(hash, (std::uint64_t{group.states} << 8U) | group.unsure);
        hash = mixed(hash, (group.files.size() << 32U) | group.notify_flags);
        hash = mixed(hash, group.name ^ group.description);
        hash = mixed(hash, (group.has_job ? 1U : 0U) | (group.foreground ? 2U : 0U));
    }
    for (const Handle& handle : model.handles) hash = mixed(hash, handle.value);
    for (const Enumerator& one : model.enumerators) hash = mixed(hash, one.position);
    return hash;
}

std::uint8_t user_index(Model& model, const std::string& name) {
    for (std::size_t i = 0; i < model.users.size(); ++i)
        if (model.users[i] == name) return static_cast<std::uint8_t>(i);
    QMGR_CHECK(model.users.size() < 64, "the auditor tells 64 users apart");
    model.users.push_back(name);
    return static_cast<std::uint8_t>(model.users.size() - 1);
}

std::optional<std::uint32_t> find_group(const Model& model, const Guid& id) {
    for (const std::uint32_t index : model.queue)
        if (model.groups[index].id == id) return index;
    return std::nullopt;
}

std::uint32_t add_group(Model& model, const Guid& id, Instant now) {
    const std::uint32_t index = free_slot(model);
    Group group;
    group.id = id;
    group.order = model.next_order++;
    group.states = kSuspended;
    group.name = group.description = fingerprint("");
    group.active_from = group.active_to = now;
    model.groups[index] = std::move(group);
    model.queue.push_back(index);
    return index;
}

void remove_group(Model& model, std::uint32_t index) {
    model.groups[index].states = kGone;
    std::erase(model.queue, index);
}

std::uint32_t add_enumerator(Model& model, Enumerator enumerator) {
    enumerator.held = true;
    auto& all = model.enumerators;
    auto slot = std::find_if(all.begin(), all.end(), [](const auto& one) { return !one.held; });
    if (slot == all.end()) slot = all.insert(all.end(), Enumerator{});
    *slot = std::move(enumerator);
    return static_cast<std::uint32_t>(slot - all.begin());
}

Handle* find_handle(Model& model, std::uint64_t value, HandleKind kind) {
    const auto at = std::lower_bound(model.handles.begin(), model.handles.end(), value, by_value);
    const bool is_there = at != model.handles.end() && at->value == value && at->kind == kind;
    return is_there ? &*at : nullptr;
}

// Most systems count upwards, so there is one range.
bool add_handle(Model& model, const Handle& handle) {
    const std::uint64_t value = handle.value;
    const auto after = std::upper_bound(
        model.given.begin(), model.given.end(), value,
        [](std::uint64_t number, const Range& range) { return number < range.first; });
    const bool is_new = after == model.given.begin() || std::prev(after)->last < value;
    if (is_new) {
        const bool extends = after != model.given.begin() && std::prev(after)->last + 1 == value;
        if (extends)
            std::prev(after)->last = value;
        else
            model.given.insert(after, Range{value, value});
    }
    const auto at = std::lower_bound(model.handles.begin(), model.handles.end(), value, by_value);
    if (at != model.handles.end() && at->value == value) {
        release_target(model, *at);
        *at = handle;
    } else {
        model.handles.insert(at, handle);
    }
    if (handle.kind != HandleKind::Enumerator && handle.target != kAnyGroup)
        ++model.groups[handle.target].handles;
    return is_new;
}

void drop_handle(Model& model, std::uint64_t value) {
    const auto at = std::lower_bound(model.handles.begin(), model.handles.end(), value, by_value);
    if (at == model.handles.end() || at->value != value) return;
    release_target(model, *at);
    model.handles.erase(at);
}

void drop_handles(Model& model, std::uint32_t doubt) {
    for (const Handle& handle : model.handles)
        if (handle.doubt <= doubt) release_target(model, handle);
    std::erase_if(model.handles, [doubt](const Handle& handle) { return handle.doubt <= doubt; });
}

}  // namespace qmgr::propertytests::audit
