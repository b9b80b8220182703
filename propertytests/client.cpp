#include "propertytests/client.hpp"

#include <algorithm>
#include <utility>

#include "propertytests/arguments.hpp"
#include "reference/contract/check.hpp"

namespace qmgr::propertytests {
namespace {

constexpr std::size_t kAdministrator = kUsers - 1;
// A number that the reference has not given by the end of any run.
constexpr std::uint64_t kInvented = 1ULL << 40U;
// More than one for each GUID that a command can name.
constexpr std::uint32_t kMostGroups = 100;
// Local names of one slot; then they come again, over files that are there.
constexpr std::uint32_t kNames = 12;

const Caller& caller(std::size_t user) {
    static const std::array<Caller, kUsers> callers = [] {
        std::array<Caller, kUsers> all;
        for (std::size_t i = 0; i < kUsers; ++i)
            all[i] = {std::string(kUserNames[i]), i == kAdministrator};
        return all;
    }();
    return callers.at(user);
}

// The slot whose group or job has this GUID; kSlots for none.
std::size_t slot_of(const Guid& guid, const Guid& of_first_slot) {
    Guid wanted = guid;
    const std::size_t slot = std::size_t{guid.bytes[15]} - 1;
    wanted.bytes[15] = of_first_slot.bytes[15];
    return wanted == of_first_slot && slot < kSlots ? slot : kSlots;
}

std::uint64_t number_in(const Reply& reply) {
    if (const auto* group = std::get_if<GroupHandle>(&reply.value)) return group->value;
    if (const auto* job = std::get_if<JobHandle>(&reply.value)) return job->value;
    if (const auto* list = std::get_if<EnumeratorHandle>(&reply.value)) return list->value;
    return 0;
}

}  // namespace

Client::Client(Stage stage, const Plan& plan) : stage_(std::move(stage)), rules_(rules_of(plan)) {
    stage_.world.disk().make_directory(std::string(kDownloads));
    stage_.world.disk().make_directory(std::string(kProtected));
    stage_.world.disk().protect_directory(std::string(kProtected));
}

void Client::Handles::got(std::uint64_t number) {
    earlier = latest;
    latest = number;
}

void Client::Handles::lose() { *this = {0, latest, 0}; }

// ---- calls --------------------------------------------------------------------------------------

Client::Handles Client::Slot::*Client::handles_of(Kind kind) {
    if (kind < Kind::CancelJob) return &Slot::group;
    return kind < Kind::Next ? &Slot::job : &Slot::enumerator;
}

// CreateJob is made where there is no job yet, if there is such a group.
std::size_t Client::slot_for(const Command& command) const {
    const bool on_object = is_call(command.kind) && command.kind > Kind::EnumGroups;
    if (!on_object || handle_choice(command) != HandleChoice::Latest) return command.slot;
    const auto fits = [&](const Slot& slot) {
        if (command.kind == Kind::CreateJob && variant_of(command) <= kGoodVariants)
            return slot.group.latest != 0 && slot.job.latest == 0;
        return (slot.*handles_of(command.kind)).latest != 0;
    };
    for (std::size_t i = 0; i < kSlots; ++i) {
        const std::size_t slot = (command.slot + i) % kSlots;
        if (fits(slots_[slot])) return slot;
    }
    return command.slot;
}

std::uint64_t Client::number_of(const Command& command, Handles Slot::*kind) const {
    const Slot& slot = slots_.at(command.slot);
    const Handles& handles = slot.*kind;
    switch (handle_choice(command)) {
        case HandleChoice::Latest:
            return handles.latest;
        case HandleChoice::Earlier:
            return handles.earlier;
        case HandleChoice::Invented:
            return command.value % 2 == 0 ? 0 : kInvented + command.value;
        case HandleChoice::OtherKind:
            return kind == &Slot::group ? slot.job.latest : slot.group.latest;
        case HandleChoice::Released:
            return released_;
        case HandleChoice::Gone:
            return handles.gone;
    }
    return 0;
}

GroupHandle Client::group_of(const Command& command) const {
    return {number_of(command, &Slot::group)};
}
JobHandle Client::job_of(const Command& command) const { return {number_of(command, &Slot::job)}; }
EnumeratorHandle Client::enumerator_of(const Command& command) const {
    return {number_of(command, &Slot::enumerator)};
}

FileSetInfo Client::file(const Command& command, std::uint32_t number) const {
    const auto resource = static_cast<std::uint32_t>(command.value / (number + 1ULL) % kResources);
    std::string local(kDownloads);
    local += '/';
    local += static_cast<char>('0' + command.slot);
    local += '-';
    local += std::to_string((slots_[command.slot].files + number) % kNames);
    // One in sixteen is on a server whose name leads nowhere.
    const bool nowhere = command.value % 16 == 15;
    return {url_of(resource, nowhere ? "nowhere.test" : kAuthority), std::move(local),
            command.value % 7};
}

call::AddFiles Client::add_files(const Command& command) const {
    call::AddFiles call{job_of(command), {}};
    const std::uint32_t variant = variant_of(command);
    const Policy policy = policy_for_plans();
    // Good ones: one, two or three; as many as no job can have; none.
    std::uint32_t count = 1;
    if (variant == 9 || variant == 10) count = variant - 7;
    if (variant == 11) count = policy.files_per_job + 1;
    if (variant == 12) count = 0;
    for (std::uint32_t i = 0; i < count; ++i) call.files.push_back(file(command, i));
    if (variant == 13) call.files.back().remote_name = bad_remote_name(command.value);
    if (variant == 14) call.files.back().local_name = bad_local_name(command.value);
    if (variant == 15) {  // a good one twice, or with a bad one behind it
        call.files.push_back(call.files.front());
        if (command.value % 2 == 0)
            call.files.back().local_name = bad_local_name(command.value / 2);
    }
    return call;
}

call::Release Client::release(const Command& command) const {
    switch (variant_of(command) % 3) {
        case 0:
            return {group_of(command)};
        case 1:
            return {job_of(command)};
        default:
            return {enumerator_of(command)};
    }
}

template <class Method>
Call Client::on_group(const Client& client, const Command& command) {
    return Method{client.group_of(command)};
}
template <class Method>
Call Client::on_job(const Client& client, const Command& command) {
    return Method{client.job_of(command)};
}
template <class Method>
Call Client::on_enumerator(const Client& client, const Command& command) {
    return Method{client.enumerator_of(command)};
}

Call Client::call_for(const Command& command) const {
    using This = const Client&;
    using With = const Command&;
    using Maker = Call (*)(This, With);
    static constexpr std::array<Maker, kCalls> makers = {
        [](This, With c) -> Call { return call::CreateGroup{group_id_for(c)}; },
        [](This, With c) -> Call { return call::GetGroup{group_id_for(c)}; },
        [](This, With c) -> Call { return call::EnumGroups{flags_for(c)}; },
        [](This t, With c) -> Call {
            return call::GetProp{t.group_of(c), property_for(c)};
        },
        [](This t, With c) -> Call {
            return call::SetProp{t.group_of(c), property_for(c), property_value_for(c)};
        },
        [](This t, With c) -> Call {
            return call::GetGroupProgress{t.group_of(c), progress_flag_for(c)};
        },
        on_group<call::GetGroupStatus>,
        [](This t, With c) -> Call {
            return call::GetJob{t.group_of(c), job_id_for(c)};
        },
        on_group<call::SuspendGroup>,
        on_group<call::ResumeGroup>,
        on_group<call::CancelGroup>,
        on_group<call::GetSize>,
        on_group<call::GetGroupId>,
        [](This t, With c) -> Call {
            return call::CreateJob{t.group_of(c), job_id_for(c)};
        },
        [](This t, With c) -> Call {
            return call::EnumJobs{t.group_of(c), flags_for(c)};
        },
        on_group<call::SwitchGroupToForeground>,
        on_group<call::QueryNewJobInterface>,
        on_group<call::SetNotificationPointer>,
        on_group<call::InternalSetProp>,
        on_job<call::CancelJob>,
        [](This t, With c) -> Call {
            return call::GetJobProgress{t.job_of(c), progress_flag_for(c)};
        },
        on_job<call::GetJobStatus>,
        on_job<call::GetTimes>,
        [](This t, With c) -> Call { return t.add_files(c); },
        [](This t, With c) -> Call {
            return call::GetFile{t.job_of(c), index_for(c)};
        },
        on_job<call::GetFileCount>,
        on_job<call::SwitchJobToForeground>,
        on_job<call::GetJobId>,
        [](This t, With c) -> Call {
            return call::Next{t.enumerator_of(c), count_for(c), c.value % 4 == 0};
        },
        [](This t, With c) -> Call {
            return call::Skip{t.enumerator_of(c), count_for(c)};
        },
        on_enumerator<call::Reset>,
        on_enumerator<call::Clone>,
        on_enumerator<call::GetCount>,
        [](This t, With c) -> Call { return t.release(c); },
    };
    return makers.at(static_cast<std::size_t>(command.kind))(*this, command);
}

Reply Client::ask(std::size_t user, const Call& call) {
    return stage_.system.call(caller(user), call);
}

Reply Client::make_call(Command command) {
    command.slot = static_cast<std::uint8_t>(slot_for(command));
    const Call call = call_for(command);
    Reply reply = ask(command.user, call);
    if (succeeded(reply.hresult)) remember(command, call, reply);
    // The service lost its memory behind the client's back: a journal that failed for a while.
    const bool held = handle_choice(command) == HandleChoice::Latest &&
                      slots_.at(command.slot).group.latest != 0 && command.kind < Kind::CancelJob;
    if (held && reply.hresult == HResult::RpcDisconnected) get_handles_again();
    return reply;
}

void Client::remember(const Command& command, const Call& call, const Reply& reply) {
    Slot& slot = slots_.at(command.slot);
    const std::uint64_t number = number_in(reply);
    if (command.kind == Kind::CreateGroup || command.kind == Kind::GetGroup) {
        const std::size_t of = slot_of(group_id_for(command).guid, group_id(0).guid);
        if (of < kSlots) slots_[of].group.got(number);
    } else if (command.kind == Kind::CreateJob || command.kind == Kind::GetJob) {
        slot.job.got(number);
    } else if (std::holds_alternative<EnumeratorHandle>(reply.value)) {
        slot.enumerator.got(number);
    } else if (command.kind == Kind::CancelGroup) {
        slot.group = {0, 0, slot.group.latest};
        slot.job = {0, 0, slot.job.latest};
    } else if (const auto* added = std::get_if<call::AddFiles>(&call)) {
        slot.files += static_cast<std::uint32_t>(added->files.size());
    } else if (const auto* released = std::get_if<call::Release>(&call)) {
        forget(*released);
    }
}

// A released number stays in the place of the earlier one, if it stood there: it is bad to use.
void Client::forget(const call::Release& release) {
    released_ = std::visit([](const auto& handle) { return handle.value; }, release.handle);
    for (Slot& slot : slots_)
        for (Handles* handles : {&slot.group, &slot.job, &slot.enumerator})
            if (handles->latest == released_) *handles = {handles->earlier, 0, handles->gone};
}

// Each group by its owner, who is not known here: an administrator would take it over.
void Client::get_handles_again() {
    for (std::size_t i = 0; i < kSlots; ++i) {
        Slot& slot = slots_[i];
        slot.group.lose();
        slot.job.lose();
        slot.enumerator.lose();
        for (std::size_t user = 0; user < kUsers && slot.group.latest == 0; ++user)
            slot.group.latest = number_in(ask(user, call::GetGroup{group_id(i)}));
        if (slot.group.latest != 0)
            slot.job.latest = number_in(ask(0, call::GetJob{{slot.group.latest}, job_id(i)}));
    }
}

// ---- around -------------------------------------------------------------------------------------

std::optional<Reply> Client::perform(const Command& command) {
    if (is_call(command.kind)) return make_call(command);
    do_around(command);
    return std::nullopt;
}

void Client::do_around(const Command& command) {
    const Kind kind = command.kind;
    world::World& world = stage_.world;
    if (kind == Kind::LetTimePass) {
        world.run_for(time_for(command));
    } else if (kind == Kind::NextEvent) {
        bool happened = false;
        world.run_until([&] { return std::exchange(happened, true); }, kNextEventWithin);
    } else if (kind <= Kind::MendJournal) {
        stage_.system.surroundings(surroundings_for(command));
    } else if (kind <= Kind::ResourceReturns) {
        site_.change(command);
        serve();
    } else if (kind == Kind::RegisterCallback) {
        stage_.system.register_callback(class_id(command.user));
    } else if (kind == Kind::AnswerDeliveries) {
        answer_deliveries(command);
    } else {
        come_back(kind == Kind::Crash);
    }
}

// After the process has died.
void Client::come_back(bool crashed) {
    if (crashed) {
        stage_.world.crash();
        stage_.crashed();
    } else {
        stage_.system.restart();
    }
    get_handles_again();
}

// In the place of the one before, so that connections and requests go on. Rules that have fired are
// worn out by so much.
void Client::serve() {
    const auto& hits = stage_.world.network().responder().hits();
    for (std::size_t i = 0; i < rules_.size() && i < hits.size(); ++i)
        if (rules_[i].times) *rules_[i].times -= std::min(*rules_[i].times, hits[i].hits);
    fakeserver::Script script;
    script.title = "property tests";
    script.why = "What the server has now.";
    script.resources = site_.resources();
    script.rules = rules_;
    stage_.world.network().responder() = fakeserver::Responder(std::move(script));
}

void Client::answer_deliveries(const Command& command) {
    const std::uint32_t variant = variant_of(command);
    for (const Notification& one : stage_.system.take_notifications()) {
        // The group lent with the delivery is usable while it is made.
        if (command.value % 2 == 0) ask(command.user, call::GetGroupStatus{one.group});
        stage_.system.answer(one.number, variant <= 10 ? HResult::Ok : HResult::Failed);
        if (variant == 15) stage_.system.answer(one.number, HResult::Ok);  // the second one is late
    }
    if (variant == 14) stage_.system.answer({kInvented}, HResult::Ok);
}

void Client::answer_all() {
    for (const Notification& one : stage_.system.take_notifications())
        stage_.system.answer(one.number, HResult::Ok);
}

// Groups with odd GUIDs, too, which no slot knows.
void Client::cancel_all() {
    const std::uint64_t list = number_in(ask(kAdministrator, call::EnumGroups{0}));
    const Reply all = ask(kAdministrator, call::Next{{list}, kMostGroups, false});
    const auto* fetched = std::get_if<value::Fetched>(&all.value);
    if (fetched == nullptr) return;
    for (const Guid& id : fetched->ids) {
        const std::uint64_t group = number_in(ask(kAdministrator, call::GetGroup{{id}}));
        ask(kAdministrator, call::CancelGroup{{group}});
    }
}

void Client::heal() {
    rules_.clear();
    stage_.world.network().end_faults();
    SystemUnderTest& system = stage_.system;
    system.surroundings(surroundings::DiskFull{false});
    system.surroundings(surroundings::JournalFails{false});
    for (const std::string_view user : kUserNames)
        system.surroundings(surroundings::LogOn{std::string(user)});
    system.surroundings(surroundings::NetworkBack{});
    system.surroundings(surroundings::Unpaused{});
}

}  // namespace qmgr::propertytests
