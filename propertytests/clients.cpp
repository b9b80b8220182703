#include "propertytests/clients.hpp"

#include <fmt/format.h>

#include <variant>

namespace qmgr::propertytests {
namespace {

// More than there are groups, so that one Next gives all.
constexpr std::uint32_t kAll = 100;

// Each group has a few job GUIDs, and one that its neighbour wants, too (GROUP-CREATEJOB-4-a).
constexpr std::uint32_t kJobsOfAGroup = 2;
constexpr std::uint32_t kNeighboursJob = 0xFF;

JobId job_id(std::uint32_t group, std::uint32_t which) {
    Guid guid;
    guid.bytes[0] = 1;
    guid.bytes[14] = static_cast<std::uint8_t>(which);
    guid.bytes[15] = static_cast<std::uint8_t>(which == kNeighboursJob ? group / 2 : group + 1);
    return {guid};
}

}  // namespace

fakeserver::Script clients_site() {
    const std::string date = "Wed, 04 Sep 2024 02:15:41 GMT";
    fakeserver::Script script;
    script.title = "concurrent clients";
    script.why = "Downloads end well or in an error while several clients change them.";
    script.resources = {{"/small", 1'000, 1, date, {}}, {"/large", 400'000, 2, date, {}}};
    return script;
}

ConcurrentClient::ConcurrentClient(const ClientsPlan& plan, std::uint32_t number, Board& board)
    : plan_(plan), number_(number), board_(board) {
    // Seeds that are neighbours must not give clients that are.
    std::seed_seq seeds{plan.seed, plan.seed >> 32U, std::uint64_t{number}};
    chance_.seed(seeds);
}

Caller ConcurrentClient::caller(std::uint32_t number) {
    return number % 3 == 2 ? Caller{"root", true} : Caller{"u1", false};
}

GroupId ConcurrentClient::group_id(std::uint32_t group) {
    Guid guid;
    guid.bytes[15] = static_cast<std::uint8_t>(group + 1);
    return {guid};
}

ClassId ConcurrentClient::class_id() {
    Guid guid;
    guid.bytes[0] = 2;
    return {guid};
}

std::uint32_t ConcurrentClient::draw(std::uint32_t below) {
    return static_cast<std::uint32_t>(chance_() % below);
}

std::string ConcurrentClient::fresh_text() { return fmt::format("{}-{}", number_, ++texts_); }

Call ConcurrentClient::next() {
    if (!follow_up_.empty()) {
        Call call = follow_up_.front();
        follow_up_.pop_front();
        return call;
    }
    group_ = draw(plan_.groups);
    const Board::Handles& handles = board_.of(group_);
    // Acquire, as a system may keep an object behind the number.
    const GroupHandle group{handles.group.load(std::memory_order_acquire)};
    const JobHandle job{handles.job.load(std::memory_order_acquire)};
    const std::uint32_t about = draw(10);
    if (group.value == 0 || about == 0) return about_queue(group_);
    if (about <= 4 || (job.value == 0 && about <= 8)) return about_group(group_, group);
    if (about <= 8) return about_job(group_, job);
    const auto& shared = draw(2) == 0 ? handles.enumerator : board_.groups();
    const EnumeratorHandle enumerator{shared.load(std::memory_order_acquire)};
    return enumerator.value == 0 ? Call(call::EnumGroups{}) : about_enumerator(enumerator);
}

Call ConcurrentClient::about_queue(std::uint32_t group) {
    switch (draw(4)) {
        case 0:
            return call::GetGroup{group_id(group)};
        case 1:
            return call::EnumGroups{};
        default:
            return call::CreateGroup{group_id(group)};
    }
}

Call ConcurrentClient::about_group(std::uint32_t group, GroupHandle handle) {
    const JobId job = job_id(group, draw(8) == 0 ? kNeighboursJob : draw(kJobsOfAGroup));
    switch (draw(21)) {
        case 0:
            if (plan_.cancels) return call::CancelGroup{handle};
            return call::GetGroupStatus{handle};
        case 1:
            return call::SuspendGroup{handle};
        case 2:
        case 3:
            if (plan_.transfers) return call::ResumeGroup{handle};
            return call::GetSize{handle};
        case 4:
        case 5:
            return call::CreateJob{handle, job};
        case 6:
            return call::GetJob{handle, job};
        case 7:
            return call::EnumJobs{handle, 0};
        case 8:
            return call::SwitchGroupToForeground{handle};
        case 9:
            return call::GetGroupId{handle};
        case 10:
            return call::GetGroupProgress{handle, ProgressFlag::SizeDone};
        case 11:
            return call::GetSize{handle};
        case 12:
            return call::SetProp{
                handle, GroupProperty::DisplayName, {VariantType::Bstr, 0, fresh_text()}};
        case 13:
            return call::SetProp{
                handle, GroupProperty::Description, {VariantType::Bstr, 0, fresh_text()}};
        case 14:
        case 15:
            return call::GetProp{handle, GroupProperty::DisplayName};
        case 16:
            return call::GetProp{handle, GroupProperty::Description};
        case 17:
            if (draw(2) == 0)
                return call::SetProp{handle,
                                     GroupProperty::NotifyFlags,
                                     {VariantType::UI4, NotifyFlag::group_done, ""}};
            return call::SetProp{handle,
                                 GroupProperty::NotifyClsid,
                                 {VariantType::Bstr, 0, "{" + to_text(class_id().guid) + "}"}};
        default:
            return call::GetGroupStatus{handle};
    }
}

Call ConcurrentClient::about_job(std::uint32_t group, JobHandle handle) {
    switch (draw(8)) {
        case 0:
        case 1: {
            call::AddFiles add{handle, {}};
            const std::uint32_t files = 1 + draw(3);
            for (std::uint32_t i = 0; i < files; ++i) {
                // Every eighth is not there, and makes an error of the group.
                const std::uint32_t which = draw(8);
                const char* path = which == 0 ? "/missing" : which < 3 ? "/large" : "/small";
                add.files.push_back({plan_.site + path,
                                     fmt::format("{}/{}-{}", plan_.folder, group, fresh_text()),
                                     0});
            }
            return add;
        }
        case 2:
        case 3:
            return call::GetFileCount{handle};
        case 4:
            return call::GetFile{handle, draw(4)};
        case 5:
            return call::GetJobProgress{handle, ProgressFlag::SizeDone};
        case 6:
            return call::GetJobId{handle};
        default:
            return call::GetJobStatus{handle};
    }
}

Call ConcurrentClient::about_enumerator(EnumeratorHandle handle) {
    switch (draw(8)) {
        case 0:
            return call::Skip{handle, 1};
        case 1:
            return call::Reset{handle};
        case 2:
            return call::GetCount{handle};
        case 3:
            return call::Clone{handle};
        default:
            return call::Next{handle, 1, false};
    }
}

void ConcurrentClient::told(const Call& call, const Reply& reply) {
    Board::Handles& handles = board_.of(group_);
    if (const auto* group = std::get_if<GroupHandle>(&reply.value)) {
        // A second one to the same group is used once and given up, or told to the others.
        if (std::holds_alternative<call::GetGroup>(call) && draw(2) == 0)
            follow_up_ = {call::GetGroupStatus{*group}, call::Release{*group}};
        else
            handles.group.store(group->value, std::memory_order_release);
    } else if (const auto* job = std::get_if<JobHandle>(&reply.value)) {
        handles.job.store(job->value, std::memory_order_release);
    } else if (const auto* enumerator = std::get_if<EnumeratorHandle>(&reply.value)) {
        const bool of_groups = std::holds_alternative<call::EnumGroups>(call);
        if (of_groups) follow_up_.push_back(call::Next{*enumerator, kAll, false});
        if (std::holds_alternative<call::Clone>(call) || draw(2) == 0) {
            follow_up_.push_back(call::Release{*enumerator});
            return;
        }
        // The others find it at its beginning, for good or for ill.
        if (of_groups) follow_up_.push_back(call::Reset{*enumerator});
        (of_groups ? board_.groups() : handles.enumerator)
            .store(enumerator->value, std::memory_order_release);
    }
}

}  // namespace qmgr::propertytests
