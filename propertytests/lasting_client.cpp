#include "propertytests/lasting_client.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace qmgr::propertytests {
namespace {

constexpr int kTriesBeforeHelp = 5;
constexpr int kTries = 10;
// As often as a client with a window looks: often enough to meet a file half way.
constexpr Duration kPoll(20);
// Longer than any story's file, or the retry delay of its policy, takes.
constexpr Duration kPatience(3'000);

GroupId group_id(std::size_t slot) {
    GroupId id;
    id.guid.bytes[15] = static_cast<std::uint8_t>(slot + 1);
    return id;
}

JobId job_id(std::size_t slot) {
    JobId id;
    id.guid.bytes[0] = 1;
    id.guid.bytes[15] = static_cast<std::uint8_t>(slot + 1);
    return id;
}

const ClassId kCallback{{{9}}};

}  // namespace

const Caller LastingClient::kUser{"u1", false};
const Caller LastingClient::kAdministrator{"admin", true};

std::string to_text(const Heard& heard) {
    if (!heard.error) return fmt::format("group {} is complete", heard.slot);
    return fmt::format("group {} is in error 0x{:08x} at file {}", heard.slot, heard.result,
                       heard.file ? std::to_string(*heard.file) : "none");
}

LastingClient::LastingClient(world::World& world, std::function<void()> heal)
    : world_(world), heal_(std::move(heal)) {}

Reply LastingClient::ask(const Caller& caller, const Call& call) {
    Reply reply = world_.call(caller, call);
    if (reply.hresult == HResult::RpcDisconnected || reply.hresult == HResult::QmServiceUnavailable)
        stale_ = true;
    return reply;
}

// Repeats at once what an end left open, and after the retry delay what was refused.
void LastingClient::insist(const std::string& what,
                           const std::function<bool(bool again)>& attempt) {
    for (int tries = 0; tries < kTries; ++tries) {
        get_handles_again();
        const std::uint64_t ends_before = world_.ends();
        if (attempt(tries > 0)) return;
        if (tries + 1 == kTriesBeforeHelp) heal_();
        if (world_.ends() != ends_before) continue;
        stale_ = true;  // the group may not be what it was taken for
        world_.run_for(Duration(110));
    }
    complain("refused for ever: " + what);
}

void LastingClient::get_handles_again() {
    for (int tries = 0; stale_ || ends_seen_ != world_.ends(); ++tries) {
        if (tries == kTriesBeforeHelp) heal_();
        if (tries == kTries) {
            complain("no handles any more");
            return;
        }
        stale_ = false;
        ends_seen_ = world_.ends();
        for (std::size_t slot = 0; slot < kSlots; ++slot)
            if (slots_[slot].held && !get_handles_of(slot)) break;
        if (stale_) world_.run_for(Duration(110));
    }
}

// False when the service is gone again, or not there yet.
bool LastingClient::get_handles_of(std::size_t slot) {
    Slot& held = slots_[slot];
    const Reply group = ask(held.owner, call::GetGroup{group_id(slot)});
    if (stale_) return false;
    const auto* handle = std::get_if<GroupHandle>(&group.value);
    if (handle == nullptr) {
        if (!held.cancelling)
            complain(fmt::format("group {} was lost: {}", slot, name(group.hresult)));
        held.held = false;
        held.cancelled = held.cancelling;
        return true;
    }
    held.group = *handle;
    if (!held.has_job) return true;
    const Reply job = ask(held.owner, call::GetJob{held.group, job_id(slot)});
    if (stale_) return false;
    if (const auto* found = std::get_if<JobHandle>(&job.value))
        held.job = *found;
    else
        complain(fmt::format("the job of group {} was lost: {}", slot, name(job.hresult)));
    return true;
}

void LastingClient::create(std::size_t slot) {
    Slot& mine = slots_[slot];
    mine = {};
    insist("create a group", [&](bool again) {
        Reply reply = ask_group(slot, call::CreateGroup{group_id(slot)});
        if (again && reply.hresult == HResult::InvalidArgument)
            reply = ask_group(slot, call::GetGroup{group_id(slot)});
        if (const auto* handle = std::get_if<GroupHandle>(&reply.value)) {
            mine.group = *handle;
            mine.held = true;
        }
        return mine.held;
    });
    insist("create a job", [&](bool again) {
        Reply reply = ask_group(slot, call::CreateJob{mine.group, job_id(slot)});
        if (again && reply.hresult == HResult::NotImplemented)
            reply = ask_group(slot, call::GetJob{mine.group, job_id(slot)});
        if (const auto* handle = std::get_if<JobHandle>(&reply.value)) {
            mine.job = *handle;
            mine.has_job = true;
        }
        return mine.has_job;
    });
}

void LastingClient::add(std::size_t slot, const Files& files) {
    Slot& mine = slots_[slot];
    call::AddFiles call{{}, {}};
    for (const auto& [path, local] : files) call.files.push_back({world_.url(path), local, 0});
    const std::uint32_t wanted = mine.files + static_cast<std::uint32_t>(files.size());
    insist("add files", [&](bool again) {
        const Reply reply = again ? ask_group(slot, call::GetFileCount{mine.job}) : Reply{};
        const auto* count = std::get_if<value::Count>(&reply.value);
        if (count != nullptr && count->number == wanted) return true;
        call.job = mine.job;
        return ask_group(slot, call).hresult == HResult::Ok;
    });
    mine.files = wanted;
}

// A call that may be repeated without harm.
void LastingClient::change(std::size_t slot, const std::string& what,
                           const std::function<Call()>& call) {
    insist(what, [&](bool /*again*/) { return ask_group(slot, call()).hresult == HResult::Ok; });
}

void LastingClient::set_property(std::size_t slot, GroupProperty property,
                                 const PropertyValue& value) {
    change(slot, "set a property", [&] {
        return call::SetProp{slots_[slot].group, property, value};
    });
}

void LastingClient::listen(std::size_t slot, std::uint32_t notify_flags) {
    world_.register_callback(kCallback);
    set_property(slot, GroupProperty::NotifyClsid,
                 {VariantType::Bstr, 0, "{" + qmgr::to_text(kCallback.guid) + "}"});
    set_property(slot, GroupProperty::NotifyFlags, {VariantType::I4, notify_flags, {}});
}

void LastingClient::resume(std::size_t slot) {
    change(slot, "resume", [&] { return call::ResumeGroup{slots_[slot].group}; });
}

void LastingClient::suspend(std::size_t slot) {
    change(slot, "suspend", [&] { return call::SuspendGroup{slots_[slot].group}; });
}

void LastingClient::switch_to_foreground(std::size_t slot) {
    change(slot, "switch to foreground",
           [&] { return call::SwitchGroupToForeground{slots_[slot].group}; });
}

void LastingClient::cancel(std::size_t slot) {
    Slot& mine = slots_[slot];
    mine.cancelling = true;
    insist("cancel", [&](bool again) {
        if (again && !mine.held) return true;
        return ask_group(slot, call::CancelGroup{mine.group}).hresult == HResult::Ok;
    });
    mine.held = false;
    mine.cancelled = true;
}

void LastingClient::hand_over(std::size_t slot) {
    slots_[slot].owner = kAdministrator;
    insist("hand over", [&](bool /*again*/) {
        const Reply reply = ask(kAdministrator, call::GetGroup{group_id(slot)});
        if (const auto* handle = std::get_if<GroupHandle>(&reply.value))
            slots_[slot].group = *handle;
        return reply.hresult == HResult::Ok;
    });
}

void LastingClient::restart_service() {
    world_.restart();
    stale_ = true;
}

void LastingClient::cut_power() {
    world_.crash();
    stale_ = true;
}

void LastingClient::pass(Duration time) {
    for (Duration passed(0); passed < time; passed += kPoll) {
        look(std::nullopt);
        world_.run_for(kPoll);
    }
}

void LastingClient::take_deliveries() {
    for (const Notification& one : world_.take_notifications()) {
        const Reply reply = ask(kUser, call::GetGroupId{one.group});
        const auto* id = std::get_if<GroupId>(&reply.value);
        if (id == nullptr) continue;  // it will be delivered again
        const std::size_t slot = *id == group_id(0) ? 0 : 1;
        ++slots_[slot].deliveries;
        world_.answer(one.number, answer_);
        if (answer_ != HResult::Ok) continue;
        const bool error = one.status.has(GroupFlag::Error);
        ++heard_[{slot, error, one.file, one.win32_result}];
    }
}

// A group in another error than the story waits for is resumed, as by somebody who has seen to it.
void LastingClient::look(std::optional<HResult> awaited_error) {
    get_handles_again();
    take_deliveries();
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        if (!slots_[slot].held || !status(slot).has(GroupFlag::Error)) continue;
        const Reply reply = ask_group(slot, call::GetJobStatus{slots_[slot].job});
        const auto* state = std::get_if<value::JobState>(&reply.value);
        if (state == nullptr) continue;
        const auto error = static_cast<HResult>(state->win32_result);
        if (error != awaited_error) ask_group(slot, call::ResumeGroup{slots_[slot].group});
    }
}

void LastingClient::until(const std::string& what, const std::function<bool()>& done,
                          std::optional<HResult> awaited_error) {
    for (int round = 0; round < 2; ++round) {
        for (Duration passed(0); passed < kPatience; passed += kPoll) {
            look(awaited_error);
            if (done()) return;
            world_.run_for(kPoll);
        }
        if (round == 0) heal_();
    }
    complain("never came: " + what);
}

GroupStatus LastingClient::status(std::size_t slot) {
    const Reply reply = ask_group(slot, call::GetGroupStatus{slots_[slot].group});
    const auto* state = std::get_if<value::GroupState>(&reply.value);
    return state ? state->status : GroupStatus{};
}

std::uint32_t LastingClient::stored(std::size_t slot) {
    const Reply reply =
        ask_group(slot, call::GetGroupProgress{slots_[slot].group, ProgressFlag::SizeDone});
    const auto* progress = std::get_if<value::Progress>(&reply.value);
    return progress ? progress->amount : 0;
}

void LastingClient::until_stored(std::size_t slot, std::uint32_t bytes) {
    until(fmt::format("{} bytes of group {}", bytes, slot), [&] { return stored(slot) >= bytes; });
}

void LastingClient::until_complete(std::size_t slot) {
    until(fmt::format("the end of group {}", slot),
          [&] { return status(slot).has(GroupFlag::Complete); });
}

bool LastingClient::has_heard(std::size_t slot, std::optional<HResult> error) const {
    const auto is_it = [&](const auto& entry) {
        const Heard& one = entry.first;
        return one.slot == slot && one.error == error.has_value() &&
               (!error || one.result == static_cast<std::uint32_t>(*error));
    };
    return std::any_of(heard_.begin(), heard_.end(), is_it);
}

void LastingClient::until_error(std::size_t slot, HResult error) {
    until(
        fmt::format("the error {} of group {}", name(error), slot),
        [&] { return status(slot).has(GroupFlag::Error) && has_heard(slot, error); }, error);
}

void LastingClient::until_told(std::size_t slot) {
    until(fmt::format("a delivery for group {}", slot),
          [&] { return slots_[slot].deliveries > 0; });
}

void LastingClient::until_heard(std::size_t slot) {
    until(fmt::format("the news of the end of group {}", slot),
          [&] { return has_heard(slot, std::nullopt); });
}

void LastingClient::settle() {
    heal_();
    pass(Duration(500));  // five times the retry delay, with which deliveries are repeated
}

// ENUM: for the user who has no rights over the groups of others.
bool LastingClient::is_listed(std::size_t slot) {
    const Reply list = ask(kUser, call::EnumGroups{0});
    const auto* enumerator = std::get_if<EnumeratorHandle>(&list.value);
    if (enumerator == nullptr) return false;
    const Reply next = ask(kUser, call::Next{*enumerator, kSlots});
    const auto* fetched = std::get_if<value::Fetched>(&next.value);
    return fetched != nullptr && std::find(fetched->ids.begin(), fetched->ids.end(),
                                           group_id(slot).guid) != fetched->ids.end();
}

std::string LastingClient::look_at(std::size_t slot) {
    get_handles_again();
    const Slot& one = slots_[slot];
    if (!one.held) return one.cancelled ? "cancelled" : "none";
    const Reply files = ask_group(slot, call::GetFileCount{one.job});
    const Reply size = ask_group(slot, call::GetSize{one.group});
    const auto* count = std::get_if<value::Count>(&files.value);
    const auto* bytes = std::get_if<value::Size>(&size.value);
    return fmt::format("{}, {} files of {} bytes, {} stored, flags 0x{:x}",
                       is_listed(slot) ? "listed for its user" : "held by the administrator",
                       count ? count->number : 0, bytes ? bytes->bytes : 0, stored(slot),
                       status(slot).bits);
}

void LastingClient::cancel_all() {
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        get_handles_again();
        if (slots_[slot].held) cancel(slot);
    }
}

}  // namespace qmgr::propertytests
