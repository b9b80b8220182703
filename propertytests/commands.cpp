#include "propertytests/commands.hpp"

#include <fmt/format.h>

namespace qmgr::propertytests {
namespace {

constexpr std::array<std::string_view, kKinds> kNames = {
    "create_group", "create_job",   "add_file",      "resume",  "suspend", "cancel",  "foreground",
    "get_status",   "get_progress", "let_time_pass", "restart", "crash",   "log_off", "log_on",
    "lose_network", "network_back", "pause",         "unpause", "listen",  "mute",    "answer"};

constexpr std::array<std::string_view, kResources> kPaths = {"/small", "/large", "/reset",
                                                             "/missing"};

}  // namespace

std::string_view name(Kind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::string to_text(const Command& command) {
    if (command.kind == Kind::LetTimePass) return fmt::format("let {} ms pass", command.ms);
    if (command.kind == Kind::AddFile)
        return fmt::format("add_file {} to {}", kPaths.at(command.resource), command.slot);
    if (command.kind == Kind::Answer)
        return fmt::format("answer {}", command.ms % 2 == 0 ? "S_OK" : "E_FAIL");
    const bool without_slot = (command.kind >= Kind::Restart && command.kind <= Kind::Unpause);
    if (without_slot) return std::string(name(command.kind));
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
    reset.faults = {{.effect = fakeserver::Effect::Reset, .at = {.byte = 1'500'000}}};
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

Reply Client::listen(std::size_t slot, std::uint32_t flags) {
    const ClassId class_id{group_guid(9)};
    world_.register_callback(class_id);
    ask(call::SetProp{group(slot),
                      GroupProperty::NotifyClsid,
                      {VariantType::Bstr, 0, "{" + to_text(class_id.guid) + "}"}});
    return ask(
        call::SetProp{group(slot), GroupProperty::NotifyFlags, {VariantType::I4, flags, {}}});
}

void Client::answer_all(HResult hresult) {
    for (const Notification& one : world_.take_notifications()) {
        ask(call::GetGroupStatus{one.group});
        world_.answer(one.number, hresult);
    }
}

void Client::calm() {
    world_.surroundings(surroundings::LogOn{"u1"});
    world_.surroundings(surroundings::NetworkBack{});
    world_.surroundings(surroundings::Unpaused{});
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
        case Kind::LogOff:
            world_.surroundings(surroundings::LogOff{"u1"});
            return std::nullopt;
        case Kind::LogOn:
            world_.surroundings(surroundings::LogOn{"u1"});
            return std::nullopt;
        case Kind::LoseNetwork:
            world_.surroundings(surroundings::NetworkLost{});
            return std::nullopt;
        case Kind::NetworkBack:
            world_.surroundings(surroundings::NetworkBack{});
            return std::nullopt;
        case Kind::Pause:
            world_.surroundings(surroundings::Paused{"policy"});
            return std::nullopt;
        case Kind::Unpause:
            world_.surroundings(surroundings::Unpaused{});
            return std::nullopt;
        case Kind::Answer:
            answer_all(command.ms % 2 == 0 ? HResult::Ok : HResult::Failed);
            return std::nullopt;
        case Kind::CreateJob:
        case Kind::AddFile:
        case Kind::Resume:
        case Kind::Suspend:
        case Kind::Cancel:
        case Kind::SwitchToForeground:
        case Kind::GetStatus:
        case Kind::GetProgress:
        case Kind::Listen:
        case Kind::Mute:
            break;
    }
    return perform_on_group(command);
}

// The calls that need a handle.
std::optional<Reply> Client::perform_on_group(const Command& command) {
    const std::size_t slot = command.slot;
    if (!has_group(slot)) return std::nullopt;
    const Kind kind = command.kind;
    if (kind == Kind::CreateJob) return create_job(slot);
    if (kind == Kind::AddFile)
        return has_job(slot) ? std::optional(add_file(command)) : std::nullopt;
    if (kind == Kind::Resume) return ask(call::ResumeGroup{group(slot)});
    if (kind == Kind::Suspend) return ask(call::SuspendGroup{group(slot)});
    if (kind == Kind::Cancel) return ask(call::CancelGroup{group(slot)});
    if (kind == Kind::SwitchToForeground) return ask(call::SwitchGroupToForeground{group(slot)});
    if (kind == Kind::GetProgress)
        return ask(call::GetGroupProgress{group(slot), ProgressFlag::SizeDone});
    if (kind == Kind::Listen) return listen(slot, NotifyFlag::group_done);
    if (kind == Kind::Mute) return listen(slot, NotifyFlag::disable_notify);
    return ask(call::GetGroupStatus{group(slot)});
}

}  // namespace qmgr::propertytests
