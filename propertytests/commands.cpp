#include "propertytests/commands.hpp"

#include <fmt/format.h>

namespace qmgr::propertytests {
namespace {

constexpr std::array<std::string_view, kKinds> kNames = {
    "create_group", "create_job", "add_file",     "resume",        "suspend", "cancel",
    "foreground",   "get_status", "get_progress", "let_time_pass", "restart", "crash"};

constexpr std::array<std::string_view, kResources> kPaths = {"/small", "/large", "/reset",
                                                             "/missing"};

}  // namespace

std::string_view name(Kind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::string to_text(const Command& command) {
    if (command.kind == Kind::LetTimePass) return fmt::format("let {} ms pass", command.ms);
    if (command.kind == Kind::AddFile)
        return fmt::format("add_file {} to {}", kPaths.at(command.resource), command.slot);
    if (command.kind == Kind::Restart || command.kind == Kind::Crash)
        return std::string(name(command.kind));
    return fmt::format("{} {}", name(command.kind), command.slot);
}

Command decode(std::uint8_t kind, std::uint8_t what, std::uint16_t ms) {
    return {static_cast<Kind>(kind % kKinds), static_cast<std::uint8_t>(what % kSlots),
            static_cast<std::uint8_t>(what / kSlots % kResources), ms};
}

fakeserver::Script site() {
    const std::string date = "Wed, 04 Sep 2024 02:15:41 GMT";
    fakeserver::Script script;
    script.title = "property tests";
    script.why = "One resource for each way a download can go.";
    script.resources = {{"/small", 1'000, 1, date, {}},
                        {"/large", 5'000'000, 2, date, {}},
                        {"/reset", 3'000'000, 3, date, {}}};
    fakeserver::FaultRule reset;
    reset.name = "reset";
    reset.match.method = "GET";
    reset.match.path = "/reset";
    reset.fault.effect = fakeserver::Effect::ResetAfter;
    reset.fault.at_byte = 1'500'000;
    reset.times = 3;
    script.rules = {reset};
    return script;
}

Guid Client::group_guid(std::size_t slot) {
    Guid guid;
    guid.bytes[15] = static_cast<std::uint8_t>(slot + 1);
    return guid;
}

Guid Client::job_guid(std::size_t slot) {
    Guid guid = group_guid(slot);
    guid.bytes[0] = 1;
    return guid;
}

std::string Client::destination(std::size_t slot, std::size_t number) {
    return fmt::format("/downloads/{}-{}", slot, number);
}

Reply Client::create_group(std::size_t slot) {
    Reply reply = ask(call::CreateGroup{{group_guid(slot)}});
    if (const auto* handle = std::get_if<GroupHandle>(&reply.value)) {
        groups_.at(slot) = *handle;
        jobs_.at(slot).reset();
        files_.at(slot) = 0;
    }
    return reply;
}

Reply Client::create_job(std::size_t slot) {
    Reply reply = ask(call::CreateJob{group(slot), {job_guid(slot)}});
    if (const auto* handle = std::get_if<JobHandle>(&reply.value)) jobs_.at(slot) = *handle;
    return reply;
}

Reply Client::add_file(const Command& command) {
    const std::string path(kPaths.at(command.resource));
    const FileSetInfo file{world_.url(path), destination(command.slot, files_.at(command.slot)), 0};
    Reply reply = ask(call::AddFiles{*jobs_.at(command.slot), {file}});
    if (reply.hresult == HResult::Ok) ++files_.at(command.slot);
    return reply;
}

// HANDLE-2: after a restart the old handles are gone; what is still in the queue is got again.
void Client::get_handles_again() {
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const Reply group = ask(call::GetGroup{{group_guid(slot)}});
        groups_.at(slot).reset();
        jobs_.at(slot).reset();
        if (const auto* handle = std::get_if<GroupHandle>(&group.value)) {
            groups_.at(slot) = *handle;
            const Reply job = ask(call::GetJob{*handle, {job_guid(slot)}});
            if (const auto* found = std::get_if<JobHandle>(&job.value)) jobs_.at(slot) = *found;
        }
    }
}

GroupStatus Client::status(std::size_t slot) {
    const Reply reply = ask(call::GetGroupStatus{group(slot)});
    const auto* state = std::get_if<value::GroupState>(&reply.value);
    return state ? state->status : GroupStatus{};
}

std::uint32_t Client::size_done(std::size_t slot) {
    const Reply reply = ask(call::GetGroupProgress{group(slot), ProgressFlag::SizeDone});
    const auto* progress = std::get_if<value::Progress>(&reply.value);
    return progress ? progress->amount : 0;
}

std::optional<Reply> Client::perform(const Command& command) {
    const std::size_t slot = command.slot;
    switch (command.kind) {
        case Kind::CreateGroup:
            return create_group(slot);
        case Kind::LetTimePass:
            world_.run_for(Duration(command.ms));
            return std::nullopt;
        case Kind::Restart:
        case Kind::Crash:
            command.kind == Kind::Crash ? world_.crash() : world_.restart();
            get_handles_again();
            return std::nullopt;
        case Kind::CreateJob:
        case Kind::AddFile:
        case Kind::Resume:
        case Kind::Suspend:
        case Kind::Cancel:
        case Kind::SwitchToForeground:
        case Kind::GetStatus:
        case Kind::GetProgress:
            break;
    }
    if (!has_group(slot)) return std::nullopt;
    switch (command.kind) {
        case Kind::CreateJob:
            return create_job(slot);
        case Kind::AddFile:
            return has_job(slot) ? std::optional(add_file(command)) : std::nullopt;
        case Kind::Resume:
            return ask(call::ResumeGroup{group(slot)});
        case Kind::Suspend:
            return ask(call::SuspendGroup{group(slot)});
        case Kind::Cancel:
            return ask(call::CancelGroup{group(slot)});
        case Kind::SwitchToForeground:
            return ask(call::SwitchGroupToForeground{group(slot)});
        case Kind::GetProgress:
            return ask(call::GetGroupProgress{group(slot), ProgressFlag::SizeDone});
        case Kind::CreateGroup:
        case Kind::GetStatus:
        case Kind::LetTimePass:
        case Kind::Restart:
        case Kind::Crash:
            break;
    }
    return ask(call::GetGroupStatus{group(slot)});
}

}  // namespace qmgr::propertytests
