// What a client may ask: one struct per method of the six published interfaces, named after it.
// A Call is a value; the same one is a C++ object, a JSON line, and a line in a trace (json.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "reference/contract/identifiers.hpp"
#include "reference/contract/property.hpp"

namespace qmgr::inline v0 {

/// Who calls. Users are told apart by name (case counts); `administrator` is a fact about this
/// call, not about the user.
struct Caller {
    std::string user;
    bool administrator = false;
    bool operator==(const Caller&) const = default;
};

/// FILESETINFO: one file of AddFiles, given back unchanged by GetFile (JOB1-FILE-1, JOB1-ADD-8).
struct FileSetInfo {
    std::string remote_name;      ///< URL, UTF-8
    std::string local_name;       ///< full path, UTF-8
    std::uint32_t size_hint = 0;  ///< bytes; ignored
    bool operator==(const FileSetInfo&) const = default;
};

namespace call {

// IBackgroundCopyQMgr
struct CreateGroup {
    GroupId group_id;
    bool operator==(const CreateGroup&) const = default;
};
struct GetGroup {
    GroupId group_id;
    bool operator==(const GetGroup&) const = default;
};
struct EnumGroups {
    std::uint32_t flags = 0;
    bool operator==(const EnumGroups&) const = default;
};

// IBackgroundCopyGroup
struct GetProp {
    GroupHandle group;
    GroupProperty property{};
    bool operator==(const GetProp&) const = default;
};
struct SetProp {
    GroupHandle group;
    GroupProperty property{};
    PropertyValue value;
    bool operator==(const SetProp&) const = default;
};
struct GetGroupProgress {
    GroupHandle group;
    ProgressFlag flag{};
    bool operator==(const GetGroupProgress&) const = default;
};
struct GetGroupStatus {
    GroupHandle group;
    bool operator==(const GetGroupStatus&) const = default;
};
struct GetJob {
    GroupHandle group;
    JobId job_id;
    bool operator==(const GetJob&) const = default;
};
struct SuspendGroup {
    GroupHandle group;
    bool operator==(const SuspendGroup&) const = default;
};
struct ResumeGroup {
    GroupHandle group;
    bool operator==(const ResumeGroup&) const = default;
};
struct CancelGroup {
    GroupHandle group;
    bool operator==(const CancelGroup&) const = default;
};
struct GetSize {
    GroupHandle group;
    bool operator==(const GetSize&) const = default;
};
struct GetGroupId {
    GroupHandle group;
    bool operator==(const GetGroupId&) const = default;
};
struct CreateJob {
    GroupHandle group;
    JobId job_id;
    bool operator==(const CreateJob&) const = default;
};
struct EnumJobs {
    GroupHandle group;
    std::uint32_t flags = 0;
    bool operator==(const EnumJobs&) const = default;
};
struct SwitchGroupToForeground {
    GroupHandle group;
    bool operator==(const SwitchGroupToForeground&) const = default;
};
struct QueryNewJobInterface {
    GroupHandle group;
    bool operator==(const QueryNewJobInterface&) const = default;
};
struct SetNotificationPointer {
    GroupHandle group;
    bool operator==(const SetNotificationPointer&) const = default;
};
struct InternalSetProp {
    GroupHandle group;
    bool operator==(const InternalSetProp&) const = default;
};

// IBackgroundCopyJob1
struct CancelJob {
    JobHandle job;
    bool operator==(const CancelJob&) const = default;
};
struct GetJobProgress {
    JobHandle job;
    ProgressFlag flag{};
    bool operator==(const GetJobProgress&) const = default;
};
struct GetJobStatus {
    JobHandle job;
    bool operator==(const GetJobStatus&) const = default;
};
struct GetTimes {
    JobHandle job;
    bool operator==(const GetTimes&) const = default;
};
struct AddFiles {
    JobHandle job;
    std::vector<FileSetInfo> files;
    bool operator==(const AddFiles&) const = default;
};
struct GetFile {
    JobHandle job;
    FileIndex index = 0;
    bool operator==(const GetFile&) const = default;
};
struct GetFileCount {
    JobHandle job;
    bool operator==(const GetFileCount&) const = default;
};
struct SwitchJobToForeground {
    JobHandle job;
    bool operator==(const SwitchJobToForeground&) const = default;
};
struct GetJobId {
    JobHandle job;
    bool operator==(const GetJobId&) const = default;
};

// IEnumBackgroundCopyGroups and IEnumBackgroundCopyJobs1: the same five methods.
struct Next {
    EnumeratorHandle enumerator;
    std::uint32_t count = 0;
    bool fetched_is_null = false;  ///< the client passed no pointer for the number fetched
    bool operator==(const Next&) const = default;
};
struct Skip {
    EnumeratorHandle enumerator;
    std::uint32_t count = 0;
    bool operator==(const Skip&) const = default;
};
struct Reset {
    EnumeratorHandle enumerator;
    bool operator==(const Reset&) const = default;
};
struct Clone {
    EnumeratorHandle enumerator;
    bool operator==(const Clone&) const = default;
};
struct GetCount {
    EnumeratorHandle enumerator;
    bool operator==(const GetCount&) const = default;
};

/// IUnknown::Release of any object a call gave out (HANDLE-5).
struct Release {
    std::variant<GroupHandle, JobHandle, EnumeratorHandle> handle;
    bool operator==(const Release&) const = default;
};

}  // namespace call

using Call =
    std::variant<call::CreateGroup, call::GetGroup, call::EnumGroups, call::GetProp, call::SetProp,
                 call::GetGroupProgress, call::GetGroupStatus, call::GetJob, call::SuspendGroup,
                 call::ResumeGroup, call::CancelGroup, call::GetSize, call::GetGroupId,
                 call::CreateJob, call::EnumJobs, call::SwitchGroupToForeground,
                 call::QueryNewJobInterface, call::SetNotificationPointer, call::InternalSetProp,
                 call::CancelJob, call::GetJobProgress, call::GetJobStatus, call::GetTimes,
                 call::AddFiles, call::GetFile, call::GetFileCount, call::SwitchJobToForeground,
                 call::GetJobId, call::Next, call::Skip, call::Reset, call::Clone, call::GetCount,
                 call::Release>;

}  // namespace qmgr::inline v0
