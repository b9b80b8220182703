#include "propertytests/random_client.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "reference/contract/json.hpp"

namespace qmgr::propertytests {
namespace {

constexpr std::array<std::string_view, 6> kPaths = {"/small", "/large",   "/reset",
                                                    "/busy",  "/missing", "/empty"};
constexpr std::string_view kDate = "Wed, 04 Sep 2024 02:15:41 GMT";

fakeserver::FaultRule rule(const std::string& path, fakeserver::Fault fault, std::uint64_t times) {
    fakeserver::FaultRule rule;
    rule.name = path;
    rule.match.path = path;
    rule.match.method = "GET";
    rule.faults = {std::move(fault)};
    rule.times = times;
    return rule;
}

}  // namespace

RandomClient::RandomClient(std::uint64_t seed, world::World& world, SystemUnderTest& system,
                           std::function<void()> crashed)
    : random_(seed), world_(world), system_(system), crashed_(std::move(crashed)) {
    world_.disk().make_directory(std::string(kDirectory));
}

fakeserver::Script RandomClient::site() {
    const std::string date(kDate);
    fakeserver::Script script;
    script.title = "random client";
    script.why = "One resource for each way a download can go.";
    script.resources = {{"/small", 1'000, 1, date, {}},
                        {"/large", 50'000'000, 2, date, {}},
                        {"/reset", 3'000'000, 3, date, {}},
                        {"/busy", 2'000, 4, date, {}},
                        {"/empty", 0, 5, date, {}}};
    fakeserver::Fault reset{.effect = fakeserver::Effect::Reset, .at = {.byte = 1'500'000}};
    fakeserver::Fault busy{.effect = fakeserver::Effect::RespondStatus, .status = 503};
    script.rules = {rule("/reset", reset, 6), rule("/busy", busy, 20)};
    return script;
}

std::uint32_t RandomClient::draw(std::uint32_t below) {
    return static_cast<std::uint32_t>(random_() % below);
}

Caller RandomClient::caller() {
    const std::uint32_t who = draw(8);
    if (who == 0) return {"u2", false};
    return who == 1 ? Caller{"admin", true} : Caller{"u1", false};
}

Guid RandomClient::guid(std::uint8_t kind, std::uint32_t number) const {
    Guid guid;
    guid.bytes[0] = kind;
    guid.bytes[15] = static_cast<std::uint8_t>(number);
    return guid;
}

std::uint64_t RandomClient::handle(const std::vector<std::uint64_t>& known) {
    if (known.empty() || one_in(30)) return one_in(2) ? 0 : 1'000'000 + draw(60);
    const std::uint32_t back = one_in(4) ? draw(static_cast<std::uint32_t>(known.size())) : 0;
    return known[known.size() - 1 - std::min<std::size_t>(back, known.size() - 1)];
}

FileSetInfo RandomClient::file() {
    FileSetInfo file{world_.url(std::string(kPaths.at(draw(kPaths.size())))),
                     std::string(kDirectory) + "/f" + std::to_string(files_++), draw(3)};
    if (one_in(25)) file.remote_name = "ftp://server.test/x";
    if (one_in(25)) file.remote_name += one_in(2) ? "*" : "%zz";
    if (one_in(25)) file.local_name = "relative";
    if (one_in(25)) file.local_name = "/nowhere/f";
    if (one_in(40)) file.remote_name = "http://elsewhere.test/f";
    return file;
}

PropertyValue RandomClient::property_value(GroupProperty property) {
    if (one_in(10)) return {VariantType::R8, 0, {}};
    const bool text = property >= GroupProperty::DisplayName;
    if (property == GroupProperty::NotifyClsid)
        return {VariantType::Bstr, 0, one_in(8) ? "{}" : "{" + to_text(guid(9, draw(3))) + "}"};
    if (text) return {VariantType::Bstr, 0, std::string(one_in(10) ? 1'025 : draw(200), 'n')};
    constexpr std::array<std::int64_t, 8> numbers = {0, 4, 4, 4, 0x40, 1, 0x200, 0x44};
    return {VariantType::I4, numbers.at(draw(8)), {}};
}

Call RandomClient::some_call() {
    const GroupHandle group{handle(groups_)};
    const JobHandle job{handle(jobs_)};
    const std::uint32_t number = draw(4);
    const std::uint32_t which = draw(60);
    if (which < 5) return call::CreateGroup{{one_in(40) ? Guid{} : guid(1, number + 1)}};
    if (which < 10) return call::CreateJob{group, {guid(2, number)}};
    if (which < 17) {
        call::AddFiles add{job, {}};
        for (std::uint32_t i = draw(4); i > 0; --i) add.files.push_back(file());
        return add;
    }
    if (which < 25) return call::ResumeGroup{group};
    if (which < 28) return call::SuspendGroup{group};
    if (which < 30) return call::CancelGroup{group};
    if (which < 31) return call::SwitchGroupToForeground{group};
    if (which < 35) {
        constexpr std::array<GroupProperty, 8> properties = {
            GroupProperty::NotifyClsid, GroupProperty::NotifyClsid, GroupProperty::NotifyFlags,
            GroupProperty::NotifyFlags, GroupProperty::DisplayName, GroupProperty::Description,
            GroupProperty::Priority,    GroupProperty::LocalUserId};
        const GroupProperty property = properties.at(draw(8));
        return call::SetProp{group, property, property_value(property)};
    }
    if (which < 38) return call::GetGroup{{guid(1, number + 1)}};
    if (which < 40) return call::GetJob{group, {guid(2, number)}};
    if (which < 55) return some_reading_call(draw(14));
    return some_list_call(draw(9));
}

Call RandomClient::some_reading_call(std::uint32_t which) {
    const GroupHandle group{handle(groups_)};
    const JobHandle job{handle(jobs_)};
    const ProgressFlag flag = one_in(10)  ? static_cast<ProgressFlag>(draw(9))
                              : one_in(3) ? ProgressFlag::PercentDone
                                          : ProgressFlag::SizeDone;
    switch (which) {
        case 0:
            return call::GetProp{group, static_cast<GroupProperty>(draw(15))};
        case 1:
        case 2:
            return call::GetGroupProgress{group, flag};
        case 3:
        case 4:
            return call::GetGroupStatus{group};
        case 5:
            return call::GetSize{group};
        case 6:
            return call::GetGroupId{group};
        case 7:
        case 8:
            return call::GetJobProgress{job, flag};
        case 9:
        case 10:
            return call::GetJobStatus{job};
        case 11:
            return call::GetFile{job, draw(4)};
        case 12:
            return call::GetFileCount{job};
        default:
            return call::GetJobId{job};
    }
}

Call RandomClient::some_list_call(std::uint32_t which) {
    const GroupHandle group{handle(groups_)};
    const JobHandle job{handle(jobs_)};
    const EnumeratorHandle list{handle(lists_)};
    switch (which) {
        case 0:
            return call::EnumGroups{one_in(10) ? 1U : 0U};
        case 1:
            return call::EnumJobs{group, one_in(10) ? 2U : 0U};
        case 2:
            return call::Next{list, draw(4), one_in(3)};
        case 3:
            return call::Skip{list, draw(3)};
        case 4:
            return one_in(2) ? Call(call::Reset{list}) : Call(call::Clone{list});
        case 5:
            return call::GetCount{list};
        case 6: {
            const std::uint32_t kind = draw(3);
            if (kind == 0) return call::Release{group};
            return kind == 1 ? call::Release{job} : call::Release{list};
        }
        case 7: {
            const std::array<Call, 4> stubs = {call::QueryNewJobInterface{group},
                                               call::SetNotificationPointer{group},
                                               call::InternalSetProp{group}, call::CancelJob{job}};
            return stubs.at(draw(4));
        }
        default:
            return one_in(2) ? Call(call::GetTimes{job}) : Call(call::SwitchJobToForeground{job});
    }
}

std::string RandomClient::perform(const Caller& caller, const Call& call) {
    const Reply reply = system_.call(caller, call);
    if (const auto* group = std::get_if<GroupHandle>(&reply.value)) groups_.push_back(group->value);
    if (const auto* job = std::get_if<JobHandle>(&reply.value)) jobs_.push_back(job->value);
    if (const auto* list = std::get_if<EnumeratorHandle>(&reply.value))
        lists_.push_back(list->value);
    return caller.user + ": " + to_line(to_json(call)) + " -> " + to_line(to_json(reply));
}

std::string RandomClient::around() {
    namespace s = surroundings;
    const std::array<Surroundings, 13> things = {
        s::LogOff{"u1"},       s::LogOn{"u1"},    s::LogOn{"u1"},       s::NetworkLost{},
        s::NetworkBack{},      s::NetworkBack{},  s::Paused{"battery"}, s::Unpaused{},
        s::Unpaused{},         s::DiskFull{true}, s::DiskFull{false},   s::JournalFails{true},
        s::JournalFails{false}};
    const std::uint32_t which = draw(13);
    system_.surroundings(things.at(which));
    return "surroundings " + std::to_string(which);
}

std::string RandomClient::take_and_answer() {
    std::string line = "take";
    for (const Notification& one : system_.take_notifications()) {
        line += " " + to_line(to_json(one));
        groups_.push_back(one.group.value);
        if (!one_in(3)) system_.answer(one.number, one_in(3) ? HResult::Failed : HResult::Ok);
    }
    return line;
}

// HANDLE-2: what was held is gone; what is in the queue is got again.
void RandomClient::get_again() {
    for (std::uint32_t number = 0; number <= 4; ++number) {
        perform({"u1", false}, call::GetGroup{{guid(1, number)}});
        for (std::uint32_t job = 0; job < 4 && !groups_.empty(); ++job)
            perform({"u1", false}, call::GetJob{{groups_.back()}, {guid(2, job)}});
    }
}

void RandomClient::cancel_everything() {
    for (std::uint32_t number = 0; number <= 4; ++number) {
        const Reply got = system_.call({"admin", true}, call::GetGroup{{guid(1, number)}});
        if (const auto* group = std::get_if<GroupHandle>(&got.value))
            system_.call({"admin", true}, call::CancelGroup{*group});
    }
}

std::string RandomClient::step() {
    const std::uint32_t which = draw(100);
    if (which < 80) {
        const Caller who = caller();
        return perform(who, some_call());
    }
    if (which < 90) {
        const Duration time(one_in(2) ? draw(60) : draw(3'000));
        world_.run_for(time);
        return "let " + std::to_string(time.count()) + " ms pass";
    }
    if (which < 94) return take_and_answer();
    if (which < 95) {
        system_.register_callback({guid(9, draw(3))});
        return "register";
    }
    if (which < 98) return around();
    if (which < 99) {
        system_.restart();
        get_again();
        return "restart";
    }
    world_.crash();
    crashed_();
    get_again();
    return "crash";
}

}  // namespace qmgr::propertytests
