#include "conformance/adapters/com/job_queue.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "conformance/adapters/com/jobs_as_groups.hpp"
#include "conformance/adapters/com/service.hpp"
#include "conformance/adapters/com/windows_text.hpp"

namespace qmgr::com_adapter {

JobQueue::JobQueue(ComPtr<IBackgroundCopyManager> manager, const Settings& settings)
    : manager_(std::move(manager)),
      settings_(settings),
      table_(settings.state_folder + "\\groups.json") {}

std::vector<std::string> JobQueue::abilities() const {
    std::vector<std::string> words = {"notify"};
    if (may_restart_bits()) words.emplace_back("restart");
    return words;
}

const std::map<std::string, JobQueue::Method>& JobQueue::methods() {
    static const std::map<std::string, Method> known = {
        {"create_group", &JobQueue::create_group},
        {"get_group", &JobQueue::get_group},
        {"enum_groups", &JobQueue::enum_groups},
        {"get_prop", &JobQueue::get_prop},
        {"set_prop", &JobQueue::set_prop},
        {"get_group_progress", &JobQueue::get_progress},
        {"get_job_progress", &JobQueue::get_progress},
        {"get_group_status", &JobQueue::get_group_status},
        {"create_job", &JobQueue::create_job},
        {"get_job", &JobQueue::get_job},
        {"suspend_group", &JobQueue::suspend_group},
        {"resume_group", &JobQueue::resume_group},
        {"cancel_group", &JobQueue::cancel_group},
        {"switch_group_to_foreground", &JobQueue::switch_to_foreground},
        {"get_size", &JobQueue::get_size},
        {"get_group_id", &JobQueue::get_id},
        {"get_job_id", &JobQueue::get_id},
        {"add_files", &JobQueue::add_files},
        {"get_file", &JobQueue::get_file},
        {"get_file_count", &JobQueue::get_file_count},
        {"get_job_status", &JobQueue::get_job_status},
        {"next", &JobQueue::next},
        {"skip", &JobQueue::skip},
        {"reset", &JobQueue::reset},
        {"clone", &JobQueue::clone},
        {"get_count", &JobQueue::get_count},
        {"release", &JobQueue::release},
    };
    return known;
}

Json JobQueue::call(const Arguments& arguments) {
    const auto known = methods().find(arguments.method());
    if (known == methods().end())
        throw Unsupported{"IBackgroundCopyJob has nothing like " + arguments.method()};
    try {
        return (this->*known->second)(arguments);
    } catch (const DeadHandle&) {
        return reply(kDisconnected);
    } catch (const NotWritten& lost) {
        std::fprintf(stderr, "qmgr-com: %s cannot be written\n", lost.file.c_str());
        return reply(kServiceUnavailable);
    }
}

// ---- groups ----

Json JobQueue::create_group(const Arguments& arguments) {
    const std::string group_id = arguments.guid("group_id");
    const std::optional<Group> other = table_.of_group(group_id);
    if (group_id == to_text(GUID_NULL) || (other && !other->cancelled))
        throw Unsupported{"BITS chooses the GUIDs of its jobs, so none is refused"};
    GUID id{};
    ComPtr<IBackgroundCopyJob> job;
    const HRESULT made = manager_->CreateJob(L"", BG_JOB_TYPE_DOWNLOAD, &id, &job);
    if (FAILED(made)) return job_reply(made);
    note_job(to_text(id), settings_.state_folder);
    Group group;
    group.bits_id = to_text(id);
    group.group_id = group_id;
    try {
        table_.put(group);
    } catch (const NotWritten&) {
        job->Cancel();
        throw;
    }
    job->SetNotifyFlags(BG_NOTIFY_JOB_ERROR);  // what a group tells without being asked
    follow_policy(*job.Get());
    return hold({Kind::Group, group.bits_id, job, nullptr}, "group");
}

// As far as the setters go; whoever rounds up to a minute still has that minute.
void JobQueue::follow_policy(IBackgroundCopyJob& job) const {
    if (settings_.retry_delay_s != 0) job.SetMinimumRetryDelay(settings_.retry_delay_s);
    if (settings_.has_no_progress_timeout)
        job.SetNoProgressTimeout(settings_.no_progress_timeout_s);
}

Json JobQueue::get_group(const Arguments& arguments) {
    const std::string group_id = arguments.guid("group_id");
    const std::optional<Group> group = table_.of_group(group_id);
    if (group && group->complete && !group->cancelled)
        throw Unsupported{"Complete takes a job out of the queue of BITS: none is left to get"};
    const std::string bits_id = group ? group->bits_id : group_id;
    ComPtr<IBackgroundCopyJob> job;
    const HRESULT found = manager_->GetJob(to_guid(bits_id), &job);
    if (FAILED(found)) return job_reply(found);
    if (!group) throw Unsupported{"a job of somebody else has that GUID"};
    return hold({Kind::Group, bits_id, job, nullptr}, "group");
}

Json text_reply(HRESULT result, const TaskText& text) {
    Json answer = job_reply(result);
    if (SUCCEEDED(result)) answer["value"] = to_json(Value{kText, 0, text.utf8()});
    return answer;
}

Json JobQueue::get_prop(const Arguments& arguments) {
    const std::uint32_t property = arguments.property("property");
    const Held group = held(arguments);
    if (property == kDisplayName || property == kDescription) {
        TaskText text;
        const HRESULT got = property == kDisplayName ? group.job->GetDisplayName(text.out())
                                                     : group.job->GetDescription(text.out());
        return text_reply(got, text);
    }
    if (property != kNotifyFlags) throw Unsupported{"BITS keeps no such property of a job"};
    ULONG flags = 0;
    const HRESULT got = group.job->GetNotifyFlags(&flags);
    Json answer = job_reply(got);
    if (SUCCEEDED(got)) answer["value"] = to_json(Value{kInteger, from_bits_notify(flags), {}});
    return answer;
}

Json JobQueue::set_prop(const Arguments& arguments) {
    const std::uint32_t property = arguments.property("property");
    const Value value = arguments.value("value");
    const std::lock_guard lock(publishing_);
    const Held group = changeable(arguments);
    if (property == kNotifyFlags && value.type == kInteger) {
        const auto flags = to_bits_notify(static_cast<std::uint32_t>(value.number));
        if (!flags || value.number < 0) throw Unsupported{"BITS has no such notify flags"};
        return job_reply(group.job->SetNotifyFlags(*flags));
    }
    if (value.type != kText) throw Unsupported{"BITS has a setter with a type for each property"};
    if (property == kDisplayName)
        return job_reply(group.job->SetDisplayName(to_utf16(value.text).c_str()));
    if (property == kDescription)
        return job_reply(group.job->SetDescription(to_utf16(value.text).c_str()));
    if (property != kNotifyClsid) throw Unsupported{"BITS keeps no such property of a job"};

    const std::string class_id = guid_in_braces(value.text);
    if (class_id.empty()) throw Unsupported{"BITS takes an object, not the name of its class"};
    table_.change(group.bits_id, [&](Group& changed) { changed.class_id = class_id; });
    return job_reply(registered_.contains(class_id) ? attach(class_id, *group.job.Get()) : S_OK);
}

Json JobQueue::get_progress(const Arguments& arguments) {
    const std::uint32_t flag = arguments.progress("flag");
    const Held one = held(arguments);
    if (flag != kPercentDone && flag != kSizeDone)
        throw Unsupported{"IBackgroundCopyJob::GetProgress has no flag"};
    const Look now = look(one.bits_id, *one.job.Get());
    if (failed(now.code)) return reply(now.code);
    BG_JOB_PROGRESS progress{};
    const HRESULT got = one.job->GetProgress(&progress);
    Json answer = job_reply(got);
    if (SUCCEEDED(got))
        answer["progress"] = flag == kSizeDone ? size_done(progress.BytesTransferred)
                                               : percent_done(progress.BytesTransferred,
                                                              progress.BytesTotal, now.state);
    return answer;
}

Json JobQueue::get_size(const Arguments& arguments) {
    const Held group = held(arguments);
    BG_JOB_PROGRESS progress{};
    const HRESULT got = group.job->GetProgress(&progress);
    Json answer = job_reply(got);
    if (SUCCEEDED(got)) answer["size"] = size_of(progress.BytesTotal);
    return answer;
}

Json JobQueue::get_group_status(const Arguments& arguments) {
    const Held group = held(arguments);
    const Look now = look(group.bits_id, *group.job.Get());
    Json answer = reply(now.code);
    if (failed(now.code)) return answer;
    answer["group_status"] = group_flags(now.state, is_foreground(*group.job.Get()));
    answer["job_index"] = 0;
    return answer;
}

Json JobQueue::create_job(const Arguments& arguments) {
    const std::string job_id = arguments.guid("job_id");
    const Held group = held(arguments);
    const Group before = group_of(group);
    if (!before.job_id.empty() || before.cancelled || table_.has_job(job_id))
        throw Unsupported{"a BITS job is its group: no second one can be made or refused"};
    table_.change(group.bits_id, [&](Group& changed) { changed.job_id = job_id; });
    return hold({Kind::Job, group.bits_id, group.job, nullptr}, "job");
}

Json JobQueue::get_job(const Arguments& arguments) {
    const std::string job_id = arguments.guid("job_id");
    const Held group = held(arguments);
    if (group_of(group).job_id != job_id)
        throw Unsupported{"a BITS job is its group: no other one can be looked for"};
    return hold({Kind::Job, group.bits_id, group.job, nullptr}, "job");
}

Json JobQueue::suspend_group(const Arguments& arguments) {
    const std::lock_guard lock(publishing_);
    return job_reply(changeable(arguments).job->Suspend());
}

Json JobQueue::resume_group(const Arguments& arguments) {
    const std::lock_guard lock(publishing_);
    const Held group = changeable(arguments);
    if (group_of(group).publish_error == 0) return job_reply(group.job->Resume());
    // The next look calls Complete again.
    table_.change(group.bits_id, [](Group& changed) { changed.publish_error = 0; });
    return reply(kOk);
}

Json JobQueue::cancel_group(const Arguments& arguments) {
    const std::lock_guard lock(publishing_);
    const Held group = held(arguments);
    const Group before = group_of(group);
    HRESULT result = S_OK;
    if (before.cancelled) {
        result = group.job->Cancel();
    } else if (!before.complete) {
        BG_JOB_PROGRESS progress{};
        result = group.job->GetProgress(&progress);
        if (FAILED(result)) return job_reply(result);
        // Cancel throws finished files away; Complete keeps those and is callable at any time.
        result = progress.FilesTransferred > 0 ? group.job->Complete() : group.job->Cancel();
    }
    if (FAILED(result)) return job_reply(result);
    table_.change(group.bits_id, [](Group& changed) { changed.cancelled = true; });
    return reply(kOk);  // also for "some files only" and "a temporary file is left"
}

Json JobQueue::switch_to_foreground(const Arguments& arguments) {
    const std::lock_guard lock(publishing_);
    return job_reply(changeable(arguments).job->SetPriority(BG_JOB_PRIORITY_FOREGROUND));
}

Json JobQueue::get_id(const Arguments& arguments) {
    const Held one = held(arguments);
    GUID id{};
    const HRESULT got = one.job->GetId(&id);
    if (FAILED(got)) return job_reply(got);
    const std::optional<Group> group = table_.of_bits(to_text(id));
    if (!group) return reply(kFailed);
    Json answer = reply(kOk);
    if (one.kind == Kind::Group)
        answer["group_id"] = group->group_id;
    else
        answer["job_id"] = group->job_id;
    return answer;
}

// ---- jobs ----

Json JobQueue::add_files(const Arguments& arguments) {
    const std::vector<FileSet> files = arguments.files("files");
    const std::lock_guard lock(publishing_);
    const Held job = changeable(arguments);
    std::vector<std::wstring> names;
    bool hinted = false;
    for (const FileSet& file : files) {
        hinted = hinted || file.size_hint != 0;
        names.push_back(to_utf16(file.remote_name));
        names.push_back(to_utf16(to_windows(settings_.shared, file.local_name)));
    }
    std::vector<BG_FILE_INFO> entries;
    for (std::size_t i = 0; i < files.size(); ++i)
        entries.push_back({names[2 * i].data(), names[2 * i + 1].data()});
    // A list of none still has an address, so that the count is what is judged.
    entries.push_back({nullptr, nullptr});
    const HRESULT added = job.job->AddFileSet(static_cast<ULONG>(files.size()), entries.data());
    if (SUCCEEDED(added) && hinted)
        table_.change(job.bits_id, [](Group& changed) { changed.hinted = true; });
    return job_reply(added);
}

Json JobQueue::get_file(const Arguments& arguments) {
    const std::uint32_t index = arguments.number("index");
    const Held job = held(arguments);
    if (group_of(job).hinted) throw Unsupported{"BG_FILE_INFO has no size hint"};
    ComPtr<IEnumBackgroundCopyFiles> list;
    HRESULT got = job.job->EnumFiles(&list);
    if (FAILED(got)) return job_reply(got);
    if (list->Skip(index) != S_OK) return reply(kItemNotFound);
    ComPtr<IBackgroundCopyFile> file;
    if (list->Next(1, &file, nullptr) != S_OK) return reply(kItemNotFound);
    TaskText remote;
    TaskText local;
    got = file->GetRemoteName(remote.out());
    if (SUCCEEDED(got)) got = file->GetLocalName(local.out());
    if (FAILED(got)) return job_reply(got);
    Json answer = reply(kOk);
    answer["file"] = to_json(FileSet{remote.utf8(), to_unix(settings_.shared, local.utf8()), 0});
    return answer;
}

Json JobQueue::get_file_count(const Arguments& arguments) {
    const Held job = held(arguments);
    ComPtr<IEnumBackgroundCopyFiles> list;
    HRESULT got = job.job->EnumFiles(&list);
    ULONG count = 0;
    if (SUCCEEDED(got)) got = list->GetCount(&count);
    Json answer = job_reply(got);
    if (SUCCEEDED(got)) answer["count"] = count;
    return answer;
}

Json JobQueue::get_job_status(const Arguments& arguments) {
    const Held job = held(arguments);
    const Look now = look(job.bits_id, *job.job.Get());
    Json answer = reply(now.code);
    if (failed(now.code)) return answer;
    ULONG retries = 0;
    Failure failure;
    if (now.state == JobState::Error) {
        failure = failure_of(job.bits_id, *job.job.Get());
        job.job->GetErrorCount(&retries);
    }
    answer["job_status"] = job_flags(now.state);
    answer["win32_result"] = failure.code;
    answer["transport_result"] = http_status(failure.code);
    answer["retries"] = retries;
    return answer;
}

namespace {

using std::chrono::milliseconds;

// Of what hello has, for jobs of which nothing is left but the wish that they were gone.
constexpr milliseconds kCancel(2000);

// What the service needs to start on a busy machine; so much is left when it has stopped.
constexpr milliseconds kStart(2000);

// What one that has a transfer to end needs to stop and to start again. With less time left it is
// not told to.
constexpr milliseconds kStopForOrder(4000);

// One that was just stopped may stand for a while as running, and cannot be asked then.
constexpr DWORD kTryAgainMs = 100;

constexpr Code kDoesNotStop = 0x8007041D;  // ERROR_SERVICE_REQUEST_TIMEOUT

}  // namespace

// On a thread of its own: a Cancel that does not return must not keep hello from being answered.
void JobQueue::cancel_abandoned(const Deadline& deadline) {
    std::promise<void> done;
    const std::future<void> all = done.get_future();
    std::thread([manager = manager_, done = std::move(done)]() mutable {
        for (const std::string& bits_id : abandoned_jobs()) {
            ComPtr<IBackgroundCopyJob> job;
            if (SUCCEEDED(manager->GetJob(to_guid(bits_id), &job))) job->Cancel();
            forget_job(bits_id);
        }
        done.set_value();
    }).detach();
    all.wait_for(std::min(kCancel, deadline.left()));
}

namespace {

std::unique_ptr<JobQueue> connect(const Settings& settings, const Deadline& deadline,
                                  HRESULT& result) {
    ComPtr<IBackgroundCopyManager> manager;
    for (;;) {
        result = CoCreateInstance(__uuidof(BackgroundCopyManager), nullptr, CLSCTX_LOCAL_SERVER,
                                  __uuidof(IBackgroundCopyManager), &manager);
        // A service that is ending may still hand out its object, which answers nothing then.
        ComPtr<IEnumBackgroundCopyJobs> list;
        if (SUCCEEDED(result)) result = manager->EnumJobs(0, &list);
        if (SUCCEEDED(result)) return std::make_unique<JobQueue>(manager, settings);
        if (result == REGDB_E_CLASSNOTREG || deadline.passed()) return nullptr;
        Sleep(kTryAgainMs);
    }
}

}  // namespace

std::unique_ptr<Queue> open_job_queue(const Settings& settings, const Deadline& deadline,
                                      HRESULT& result) {
    const Deadline stopped(deadline.left() - kStart);
    const Table before(settings.state_folder + "\\groups.json");
    if (before.was_there() && may_restart_bits() && !stop_bits(stopped)) {
        result = to_hresult(kDoesNotStop);
        return nullptr;
    }
    auto queue = connect(settings, deadline, result);
    if (!queue) return nullptr;
    queue->cancel_abandoned(deadline);
    // Every state folder begins with a queue that has nothing of the one before, unless this
    // machine is so busy that the rig would not wait for it.
    const bool in_time = deadline.left() >= kStopForOrder;
    if (before.was_there() || !in_time || !queue->lists_dead_jobs() || !may_restart_bits())
        return queue;
    // One that was told to stop will do so, sooner or later: it must not be used until it has.
    if (stop_bits(stopped)) return connect(settings, deadline, result);
    result = to_hresult(kDoesNotStop);
    return nullptr;
}

}  // namespace qmgr::com_adapter
