// Handles, what a job is now, and notifications.
#include <nlohmann/json.hpp>
#include <utility>

#include "conformance/adapters/com/jobs_as_groups.hpp"
#include "conformance/adapters/com/outbox.hpp"
#include "conformance/adapters/com/windows_text.hpp"

namespace qmgr::com_adapter {

Held JobQueue::held(const Arguments& arguments) const {
    const std::lock_guard lock(mutex_);
    constexpr std::pair<const char*, Kind> kinds[] = {
        {"group", Kind::Group}, {"job", Kind::Job}, {"enumerator", Kind::Enumerator}};
    for (const auto& [word, kind] : kinds) {
        if (!arguments.has(word)) continue;
        const auto found = handles_.find(arguments.handle(word));
        if (found == handles_.end() || found->second.kind != kind) throw DeadHandle{};
        return found->second;
    }
    throw BadMessage{"/call/" + arguments.method(), "one of group, job, enumerator"};
}

// A complete group could be changed, a job that Complete took out of the queue cannot; that would
// be no answer of BITS to the question.
Held JobQueue::changeable(const Arguments& arguments) const {
    Held one = held(arguments);
    const Group group = group_of(one);
    if (group.complete && !group.cancelled)
        throw Unsupported{
            "Complete takes a job out of the queue of BITS: nothing is left to change"};
    return one;
}

Json JobQueue::hold(Held held, const std::string& word) {
    const std::lock_guard lock(mutex_);
    handles_[++last_handle_] = std::move(held);
    Json answer = reply(kOk);
    answer[word] = last_handle_;
    return answer;
}

Group JobQueue::group_of(const Held& held) const {
    return table_.of_bits(held.bits_id).value_or(Group{});
}

bool is_foreground(IBackgroundCopyJob& job) {
    BG_JOB_PRIORITY priority = BG_JOB_PRIORITY_NORMAL;
    return SUCCEEDED(job.GetPriority(&priority)) && priority == BG_JOB_PRIORITY_FOREGROUND;
}

// A group publishes its files by itself when it is complete; BITS waits for a call.
Look JobQueue::look(const std::string& bits_id, IBackgroundCopyJob& job) {
    const std::lock_guard lock(publishing_);
    BG_JOB_STATE state{};
    const HRESULT got = job.GetState(&state);
    if (FAILED(got)) return {as_group_code(to_code(got)), {}};
    Look now{kOk, static_cast<JobState>(state)};
    const std::optional<Group> group = table_.of_bits(bits_id);
    if (!group) return now;
    // CancelGroup was answered by Complete, now or when the files were published.
    if (group->cancelled && now.state == JobState::Acknowledged) now.state = JobState::Cancelled;
    if (now.state != JobState::Transferred) return now;
    now.state = JobState::Error;
    if (group->publish_error != 0) return now;
    const HRESULT published = job.Complete();
    if (SUCCEEDED(published)) now.state = JobState::Acknowledged;
    table_.change(bits_id, [published](Group& changed) {
        changed.complete = SUCCEEDED(published);
        changed.publish_error = SUCCEEDED(published) ? 0 : to_code(published);
    });
    return now;
}

Failure JobQueue::failure_of(const std::string& bits_id, IBackgroundCopyJob& job) {
    const Group group = table_.of_bits(bits_id).value_or(Group{});
    if (group.publish_error != 0) return {group.publish_error, {}};
    ComPtr<IBackgroundCopyError> error;
    if (FAILED(job.GetError(&error))) return {kFailed, {}};
    BG_ERROR_CONTEXT context{};
    HRESULT code = E_FAIL;
    error->GetError(&context, &code);
    Failure failure{to_code(code), {}};
    ComPtr<IBackgroundCopyFile> file;
    ComPtr<IEnumBackgroundCopyFiles> list;
    TaskText wanted;
    if (FAILED(error->GetFile(&file)) || FAILED(file->GetLocalName(wanted.out())) ||
        FAILED(job.EnumFiles(&list)))
        return failure;
    ComPtr<IBackgroundCopyFile> one;
    for (std::uint32_t index = 0; list->Next(1, &one, nullptr) == S_OK; ++index) {
        TaskText name;
        if (SUCCEEDED(one->GetLocalName(name.out())) && name.utf8() == wanted.utf8())
            failure.file = index;
        one.Reset();
    }
    return failure;
}

// ---- notifications ----

void JobQueue::register_class(const std::string& class_id) {
    registered_.insert(class_id);
    deliveries_.drop(class_id);  // to objects of a client that was here before
    for (const auto& [bits_id, group] : table_.of_class(class_id)) {
        ComPtr<IBackgroundCopyJob> job;
        if (SUCCEEDED(manager_->GetJob(to_guid(bits_id), &job))) attach(class_id, *job.Get());
    }
}

HRESULT JobQueue::attach(const std::string& class_id, IBackgroundCopyJob& job) {
    ComPtr<IUnknown> object;
    object.Attach(new JobCallback([this, class_id](IBackgroundCopyJob& told, bool is_error) {
        try {
            return tell(class_id, told, is_error);
        } catch (const NotWritten&) {
            return E_FAIL;  // BITS will tell it again
        }
    }));
    return job.SetNotifyInterface(object.Get());
}

// Runs on threads of COM, and ends when the rig has answered.
HRESULT JobQueue::tell(const std::string& class_id, IBackgroundCopyJob& job, bool is_error) {
    GUID id{};
    if (FAILED(job.GetId(&id))) return E_FAIL;
    const std::string bits_id = to_text(id);
    const Look now = look(bits_id, job);
    const auto kind = is_error ? &Group::error_number : &Group::completion_number;
    const std::uint64_t number = table_.delivery(bits_id, kind);
    ComPtr<IBackgroundCopyJob> kept(&job);
    Json told = {{"number", number},
                 {"class_id", class_id},
                 {"group", hold({Kind::Group, bits_id, kept, nullptr}, "group").at("group")},
                 {"job", hold({Kind::Job, bits_id, kept, nullptr}, "job").at("job")},
                 {"status", group_flags(now.state, is_foreground(job))}};
    if (now.state == JobState::Error) {
        const Failure failure = failure_of(bits_id, job);
        ULONG retries = 0;
        job.GetErrorCount(&retries);
        if (failure.file) told["file"] = *failure.file;
        told["retries"] = retries;
        told["win32_result"] = failure.code;
        told["transport_result"] = http_status(failure.code);
    }
    const Deliveries::Expected expected = deliveries_.expect(number, class_id);
    put_line({{"notification", told}});
    const Code code = deliveries_.wait(expected);
    if (code == kOk) table_.change(bits_id, [kind](Group& changed) { changed.*kind = 0; });
    return to_hresult(code);
}

}  // namespace qmgr::com_adapter
