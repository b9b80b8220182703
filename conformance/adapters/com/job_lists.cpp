// EnumGroups and the enumerators.
#include <nlohmann/json.hpp>

#include "conformance/adapters/com/jobs_as_groups.hpp"
#include "conformance/adapters/com/windows_text.hpp"

namespace qmgr::com_adapter {

// The queue is one for all programs of a user: a list is only about groups when nobody else has a
// job in it.
void JobQueue::require_own_queue() {
    if (table_.keeps_complete())
        throw Unsupported{"Complete takes a job out of the queue of BITS: no list has it"};
    ComPtr<IEnumBackgroundCopyJobs> list;
    if (FAILED(manager_->EnumJobs(0, &list))) return;
    ComPtr<IBackgroundCopyJob> job;
    while (list->Next(1, &job, nullptr) == S_OK) {
        GUID id{};
        job->GetId(&id);
        if (!table_.of_bits(to_text(id))) throw Unsupported{"others have jobs in this queue"};
        job.Reset();
    }
}

Json JobQueue::enum_groups(const Arguments& arguments) {
    if (arguments.number("flags") != 0)
        throw Unsupported{"the flags of IBackgroundCopyManager::EnumJobs are others"};
    require_own_queue();
    ComPtr<IEnumBackgroundCopyJobs> list;
    const HRESULT made = manager_->EnumJobs(0, &list);
    if (FAILED(made)) return job_reply(made);
    return hold({Kind::Enumerator, {}, nullptr, list}, "enumerator");
}

Json JobQueue::next(const Arguments& arguments) {
    const std::uint32_t count = arguments.number("count");
    const bool null = arguments.yes("fetched_is_null");
    const Held list = held(arguments);
    if (count > kMostAtOnce) throw Unsupported{"so many at once are no use"};
    std::vector<IBackgroundCopyJob*> jobs(count + 1, nullptr);
    ULONG fetched = 0;
    const HRESULT result = list.list->Next(count, jobs.data(), null ? nullptr : &fetched);
    Json answer = job_reply(result);
    Json ids = Json::array();
    for (IBackgroundCopyJob* one : jobs) {
        if (one == nullptr) continue;
        GUID id{};
        one->GetId(&id);
        one->Release();
        const std::optional<Group> group = table_.of_bits(to_text(id));
        ids.push_back(group ? group->group_id : to_text(id));
    }
    if (FAILED(result)) return answer;
    answer["ids"] = ids;
    if (!null) answer["fetched"] = fetched;
    return answer;
}

Json JobQueue::skip(const Arguments& arguments) {
    const std::uint32_t count = arguments.number("count");
    return job_reply(held(arguments).list->Skip(count));
}

Json JobQueue::reset(const Arguments& arguments) {
    return job_reply(held(arguments).list->Reset());
}

Json JobQueue::clone(const Arguments& arguments) {
    ComPtr<IEnumBackgroundCopyJobs> copy;
    const HRESULT made = held(arguments).list->Clone(&copy);
    if (FAILED(made)) return job_reply(made);
    return hold({Kind::Enumerator, {}, nullptr, copy}, "enumerator");
}

Json JobQueue::get_count(const Arguments& arguments) {
    ULONG count = 0;
    const HRESULT got = held(arguments).list->GetCount(&count);
    Json answer = job_reply(got);
    if (SUCCEEDED(got)) answer["count"] = count;
    return answer;
}

Json JobQueue::release(const Arguments& arguments) {
    held(arguments);  // a dead one is told so
    const std::lock_guard lock(mutex_);
    for (const char* word : {"group", "job", "enumerator"})
        if (arguments.has(word)) handles_.erase(arguments.handle(word));
    return reply(kOk);
}

bool JobQueue::lists_dead_jobs() {
    ComPtr<IEnumBackgroundCopyJobs> list;
    if (FAILED(manager_->EnumJobs(0, &list))) return false;
    ComPtr<IBackgroundCopyJob> job;
    while (list->Next(1, &job, nullptr) == S_OK) {
        BG_JOB_STATE state{};
        if (SUCCEEDED(job->GetState(&state)) && state >= BG_JOB_STATE_ACKNOWLEDGED) return true;
        job.Reset();
    }
    return false;
}

}  // namespace qmgr::com_adapter
