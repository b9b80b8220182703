// A client that makes every kind of call with three groups, looks again and again, and takes
// everything as it comes: for tests of what stands between a client and its queue. Not installed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/world/world.hpp"

namespace qmgr::inline v0::world {

class EveryCall {
  public:
    static constexpr std::string_view kDirectory = "/dl";  ///< has to be there
    static Caller caller() { return {"u1"}; }
    static ClassId class_id() { return {*guid_from_text("5f0a3e1c-94a1-4f43-8a55-1f6b0a7e2c01")}; }
    /// Its groups are 1, 2 and 3; their jobs have the same GUIDs.
    static GroupId group_id(std::uint8_t number) {
        Guid guid;
        guid.bytes[15] = number;
        return {guid};
    }
    /// What it downloads: /small at once, /large in three seconds.
    static Options server() {
        Options options;
        const std::string date = "Tue, 02 Jan 2001 03:04:05 GMT";
        options.script.resources = {
            {.path = "/small", .size = 1'000, .seed = 1, .last_modified = date},
            {.path = "/large", .size = 3'000'000'000, .seed = 2, .last_modified = date}};
        return options;
    }

    /// `pass` lets time pass. `system` outlives this.
    EveryCall(SystemUnderTest& system, std::function<void(Duration)> pass)
        : system_(system), pass_(std::move(pass)) {}

    void play() {
        for (std::uint8_t number = 1; number <= 3; ++number)
            system_.register_callback({group_id(number).guid});
        ask(call::EnumGroups{});
        begin(first_, group_id(1), {"/small", "/large"});
        begin(second_, group_id(2), {"/small"});
        for (int look = 1; look <= 40; ++look) {
            pass_(Duration(200));
            ask(call::GetGroupStatus{first_.group});
            ask(call::GetJobStatus{first_.job});
            ask(call::GetGroupProgress{first_.group, ProgressFlag::SizeDone});
            // Several at once, and the first ones are not taken: they come again.
            if (look % 20 == 0) listen(look == 20 ? HResult::Failed : HResult::Ok);
        }
        pass_(std::chrono::minutes(30));
        listen(HResult::Ok);
        read(first_);
        ask(call::GetGroup{group_id(1)});
        for (const Own& own : {first_, second_}) {
            ask(call::SuspendGroup{own.group});
            ask(call::CancelGroup{own.group});
        }
        pass_(std::chrono::hours(2));
        listen(HResult::Ok);
        // The small file has arrived, the large one has not.
        begin(third_, group_id(3), {"/small", "/large"});
        pass_(Duration(500));
        ask(call::CancelGroup{third_.group});
    }

    /// Without the numbers of handles, which tell only how much others have asked.
    const std::vector<Reply>& replies() const { return replies_; }
    const std::vector<Notification>& told() const { return told_; }

  private:
    struct Own {
        GroupHandle group;
        JobHandle job;
    };

    static Reply without_numbers(Reply reply) {
        if (std::holds_alternative<GroupHandle>(reply.value)) reply.value = GroupHandle{};
        if (std::holds_alternative<JobHandle>(reply.value)) reply.value = JobHandle{};
        if (std::holds_alternative<EnumeratorHandle>(reply.value)) reply.value = EnumeratorHandle{};
        return reply;
    }

    Reply ask(const Call& call) {
        Reply reply = system_.call(caller(), call);
        replies_.push_back(without_numbers(reply));
        return reply;
    }
    template <class Handle>
    Handle handle(const Call& call) {
        const Reply reply = ask(call);
        const auto* given = std::get_if<Handle>(&reply.value);
        return given != nullptr ? *given : Handle{};
    }

    void begin(Own& own, GroupId id, const std::vector<std::string>& paths) {
        own.group = handle<GroupHandle>(call::CreateGroup{id});
        own.job = handle<JobHandle>(call::CreateJob{own.group, {id.guid}});
        std::vector<FileSetInfo> files;
        files.reserve(paths.size());
        for (const std::string& path : paths)
            files.push_back({"http://server.test" + path,
                             std::string(kDirectory) + path + to_text(id.guid), 0});
        ask(call::AddFiles{own.job, files});
        const auto set = [&](GroupProperty property, PropertyValue value) {
            ask(call::SetProp{own.group, property, std::move(value)});
        };
        set(GroupProperty::NotifyClsid, {VariantType::Bstr, 0, "{" + to_text(id.guid) + "}"});
        set(GroupProperty::NotifyFlags, {VariantType::I4, NotifyFlag::group_done, {}});
        set(GroupProperty::DisplayName, {VariantType::Bstr, 0, std::string(257, 'n')});
        ask(call::GetGroupStatus{own.group});
        ask(call::ResumeGroup{own.group});
    }

    void read(const Own& own) {
        ask(call::GetProp{own.group, GroupProperty::NotifyFlags});
        ask(call::GetJob{own.group, {group_id(1).guid}});
        ask(call::GetSize{own.group});
        ask(call::GetGroupId{own.group});
        ask(call::GetJobId{own.job});
        ask(call::GetFile{own.job, 0});
        ask(call::GetFileCount{own.job});
        ask(call::GetJobProgress{own.job, ProgressFlag::PercentDone});
        ask(call::SwitchGroupToForeground{own.group});
        const auto list = handle<EnumeratorHandle>(call::EnumJobs{own.group, 0});
        ask(call::Next{list, 1});
        ask(call::Reset{list});
        ask(call::Skip{list, 1});
        ask(call::GetCount{list});
        ask(call::Clone{list});
        ask(call::Release{list});
    }

    void listen(HResult answer) {
        replies_.push_back({});  // a mark: what was told before, what after
        // A service that was away is known to be back before it tells anything.
        ask(call::Release{handle<EnumeratorHandle>(call::EnumGroups{})});
        for (Notification& one : system_.take_notifications()) {
            ask(call::GetGroupId{one.group});
            system_.answer(one.number, answer);
            told_.push_back(one);
            replies_.push_back({HResult::Ok, value::GroupState{one.status}});
        }
    }

    SystemUnderTest& system_;
    std::function<void(Duration)> pass_;
    Own first_;
    Own second_;
    Own third_;
    std::vector<Reply> replies_;
    std::vector<Notification> told_;
};

}  // namespace qmgr::inline v0::world
