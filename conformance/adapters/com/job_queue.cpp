#include "conformance/adapters/com/job_queue.hpp"

#include <bits.h>
#include <wrl/client.h>

#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "conformance/adapters/com/callback.hpp"
#include "conformance/adapters/com/outbox.hpp"
#include "conformance/adapters/com/service.hpp"
#include "conformance/adapters/com/table.hpp"
#include "conformance/adapters/com/windows_text.hpp"

namespace qmgr::com_adapter {
namespace {

using Microsoft::WRL::ComPtr;

// Numbers of GROUPPROP_ that a BITS job has a place for.
constexpr std::uint32_t kNotifyFlags = 6;
constexpr std::uint32_t kNotifyClsid = 7;
constexpr std::uint32_t kDisplayName = 11;
constexpr std::uint32_t kDescription = 12;

constexpr std::uint32_t kPercentDone = 1;
constexpr std::uint32_t kSizeDone = 3;

// More than any case asks for, and no reason to run out of memory.
constexpr std::uint32_t kMostAtOnce = 65536;

enum class Kind { Group, Job, Enumerator };

/// One handle: one interface pointer that the rig holds.
struct Held {
    Kind kind = Kind::Group;
    std::string bits_id;                   // of a group or job
    ComPtr<IBackgroundCopyJob> job;        // of the same
    ComPtr<IEnumBackgroundCopyJobs> list;  // of an enumerator
};

/// What a job is now.
struct Look {
    Code code = kOk;  // of GetState
    JobState state = JobState::Suspended;
    bool foreground = false;
};

struct Failure {
    Code code = 0;
    Json file;  // index of the file, or null
};

class JobQueue final : public Queue {
  public:
    JobQueue(ComPtr<IBackgroundCopyManager> manager, const Settings& settings)
        : manager_(std::move(manager)),
          settings_(settings),
          table_(settings.state_folder + "\\groups.json") {}

    std::string name() const override { return "BITS through IBackgroundCopyManager"; }
    std::vector<std::string> abilities() const override {
        std::vector<std::string> words = {"notify"};
        if (may_restart_bits()) words.emplace_back("restart");
        return words;
    }
    Json call(const Arguments& arguments) override;
    void register_class(const std::string& class_id) override;
    void answer(std::uint64_t number, Code code) override { deliveries_.answer(number, code); }

    void cancel_abandoned();
    bool lists_dead_jobs();

  private:
    using Method = Json (JobQueue::*)(const Arguments&);
    static const std::map<std::string, Method>& methods();

    // ---- groups ----
    Json create_group(const Arguments& arguments);
    Json get_group(const Arguments& arguments);
    Json enum_groups(const Arguments& arguments);
    Json get_prop(const Arguments& arguments);
    Json set_prop(const Arguments& arguments);
    Json get_progress(const Arguments& arguments);
    Json get_group_status(const Arguments& arguments);
    Json create_job(const Arguments& arguments);
    Json get_job(const Arguments& arguments);
    Json suspend_group(const Arguments& arguments);
    Json resume_group(const Arguments& arguments);
    Json cancel_group(const Arguments& arguments);
    Json switch_to_foreground(const Arguments& arguments);
    Json get_size(const Arguments& arguments);
    Json get_id(const Arguments& arguments);

    // ---- jobs ----
    Json add_files(const Arguments& arguments);
    Json get_file(const Arguments& arguments);
    Json get_file_count(const Arguments& arguments);
    Json get_job_status(const Arguments& arguments);

    // ---- enumerators ----
    Json next(const Arguments& arguments);
    Json skip(const Arguments& arguments);
    Json reset(const Arguments& arguments);
    Json clone(const Arguments& arguments);
    Json get_count(const Arguments& arguments);
    Json release(const Arguments& arguments);

    // ---- what they share ----
    Held held(const Arguments& arguments) const;
    Held changeable(const Arguments& arguments) const;
    Json hold(Held held, const std::string& word);
    Group group_of(const Held& held) const;
    Look look(const std::string& bits_id, IBackgroundCopyJob& job);
    Failure failure_of(const std::string& bits_id, IBackgroundCopyJob& job);
    void follow_policy(IBackgroundCopyJob& job) const;
    Code attach(const std::string& class_id, IBackgroundCopyJob& job);
    HRESULT tell(const std::string& class_id, IBackgroundCopyJob& job, bool is_error);
    void require_own_queue();

    const ComPtr<IBackgroundCopyManager> manager_;
    const Settings settings_;
    Table table_;
    Deliveries deliveries_;
    std::set<std::string> registered_;
    std::set<std::string> hinted_;  // jobs that were given a size hint, which BITS does not keep
    mutable std::mutex mutex_;      // of the next two; callbacks make handles, too
    std::map<std::uint64_t, Held> handles_;
    std::uint64_t last_handle_ = 0;
};

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

// Thrown to end a call whose handle nobody holds.
struct DeadHandle {};

Json JobQueue::call(const Arguments& arguments) {
    const auto known = methods().find(arguments.method());
    if (known == methods().end())
        throw Unsupported{"IBackgroundCopyJob has nothing like " + arguments.method()};
    try {
        return (this->*known->second)(arguments);
    } catch (const DeadHandle&) {
        return reply(kDisconnected);
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
    if (FAILED(made)) return reply(to_code(made));
    note_job(to_text(id), settings_.state_folder);
    Group group;
    group.bits_id = to_text(id);
    group.group_id = group_id;
    table_.put(group);
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
    if (FAILED(found)) return reply(to_code(found));
    if (!group) throw Unsupported{"a job of somebody else has that GUID"};
    return hold({Kind::Group, bits_id, job, nullptr}, "group");
}

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
    if (FAILED(made)) return reply(to_code(made));
    return hold({Kind::Enumerator, {}, nullptr, list}, "enumerator");
}

Json text_reply(HRESULT result, const TaskText& text) {
    Json answer = reply(to_code(result));
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
    Json answer = reply(to_code(got));
    if (SUCCEEDED(got)) answer["value"] = to_json(Value{kInteger, from_bits_notify(flags), {}});
    return answer;
}

Json JobQueue::set_prop(const Arguments& arguments) {
    const std::uint32_t property = arguments.property("property");
    const Value value = arguments.value("value");
    const Held group = changeable(arguments);
    if (property == kNotifyFlags && value.type == kInteger) {
        const auto flags = to_bits_notify(static_cast<std::uint32_t>(value.number));
        if (!flags || value.number < 0) throw Unsupported{"BITS has no such notify flags"};
        return reply(to_code(group.job->SetNotifyFlags(*flags)));
    }
    if (value.type != kText) throw Unsupported{"BITS has a setter with a type for each property"};
    if (property == kDisplayName)
        return reply(to_code(group.job->SetDisplayName(to_utf16(value.text).c_str())));
    if (property == kDescription)
        return reply(to_code(group.job->SetDescription(to_utf16(value.text).c_str())));
    if (property != kNotifyClsid) throw Unsupported{"BITS keeps no such property of a job"};

    const std::string& text = value.text;
    const bool braces = text.size() == 38 && text.front() == '{' && text.back() == '}';
    const std::string class_id = braces ? plain_guid(text.substr(1, 36)) : "";
    if (class_id.empty()) throw Unsupported{"BITS takes an object, not the name of its class"};
    Group changed = group_of(group);
    changed.class_id = class_id;
    table_.put(changed);
    return reply(registered_.contains(class_id) ? attach(class_id, *group.job.Get()) : kOk);
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
    Json answer = reply(to_code(got));
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
    Json answer = reply(to_code(got));
    if (SUCCEEDED(got)) answer["size"] = size_of(progress.BytesTotal);
    return answer;
}

Json JobQueue::get_group_status(const Arguments& arguments) {
    const Held group = held(arguments);
    const Look now = look(group.bits_id, *group.job.Get());
    Json answer = reply(now.code);
    if (failed(now.code)) return answer;
    answer["group_status"] = group_flags(now.state, now.foreground);
    answer["job_index"] = 0;
    return answer;
}

Json JobQueue::create_job(const Arguments& arguments) {
    const std::string job_id = arguments.guid("job_id");
    const Held group = held(arguments);
    Group changed = group_of(group);
    if (!changed.job_id.empty() || changed.cancelled || table_.has_job(job_id))
        throw Unsupported{"a BITS job is its group: no second one can be made or refused"};
    changed.job_id = job_id;
    table_.put(changed);
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
    return reply(to_code(changeable(arguments).job->Suspend()));
}

Json JobQueue::resume_group(const Arguments& arguments) {
    const Held group = changeable(arguments);
    Group changed = group_of(group);
    if (changed.publish_error == 0) return reply(to_code(group.job->Resume()));
    changed.publish_error = 0;  // the next look calls Complete again
    table_.put(changed);
    return reply(kOk);
}

Json JobQueue::cancel_group(const Arguments& arguments) {
    const Held group = held(arguments);
    Group changed = group_of(group);
    HRESULT result = S_OK;
    if (!changed.complete || changed.cancelled) {
        BG_JOB_PROGRESS progress{};
        group.job->GetProgress(&progress);
        // Cancel throws finished files away; Complete keeps those and is callable at any time.
        result = progress.FilesTransferred > 0 && !changed.cancelled ? group.job->Complete()
                                                                     : group.job->Cancel();
    }
    if (FAILED(result)) return reply(to_code(result));
    changed.cancelled = true;
    table_.put(changed);
    return reply(kOk);  // also for "some files only" and "a temporary file is left"
}

Json JobQueue::switch_to_foreground(const Arguments& arguments) {
    return reply(to_code(changeable(arguments).job->SetPriority(BG_JOB_PRIORITY_FOREGROUND)));
}

Json JobQueue::get_id(const Arguments& arguments) {
    const Held one = held(arguments);
    GUID id{};
    const HRESULT got = one.job->GetId(&id);
    if (FAILED(got)) return reply(to_code(got));
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
    const Held job = changeable(arguments);
    std::vector<std::wstring> names;
    for (const FileSet& file : files) {
        if (file.size_hint != 0) hinted_.insert(job.bits_id);
        names.push_back(to_utf16(file.remote_name));
        names.push_back(to_utf16(to_windows(settings_.shared, file.local_name)));
    }
    std::vector<BG_FILE_INFO> entries;
    for (std::size_t i = 0; i < files.size(); ++i)
        entries.push_back({names[2 * i].data(), names[2 * i + 1].data()});
    // A list of none still has an address, so that the count is what is judged.
    entries.push_back({nullptr, nullptr});
    return reply(to_code(job.job->AddFileSet(static_cast<ULONG>(files.size()), entries.data())));
}

Json JobQueue::get_file(const Arguments& arguments) {
    const std::uint32_t index = arguments.number("index");
    const Held job = held(arguments);
    if (hinted_.contains(job.bits_id)) throw Unsupported{"BG_FILE_INFO has no size hint"};
    ComPtr<IEnumBackgroundCopyFiles> list;
    HRESULT got = job.job->EnumFiles(&list);
    if (FAILED(got)) return reply(to_code(got));
    if (list->Skip(index) != S_OK) return reply(kItemNotFound);
    ComPtr<IBackgroundCopyFile> file;
    if (list->Next(1, &file, nullptr) != S_OK) return reply(kItemNotFound);
    TaskText remote;
    TaskText local;
    got = file->GetRemoteName(remote.out());
    if (SUCCEEDED(got)) got = file->GetLocalName(local.out());
    if (FAILED(got)) return reply(to_code(got));
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
    Json answer = reply(to_code(got));
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

// ---- enumerators ----

Json JobQueue::next(const Arguments& arguments) {
    const std::uint32_t count = arguments.number("count");
    const bool null = arguments.yes("fetched_is_null");
    const Held list = held(arguments);
    if (count > kMostAtOnce) throw Unsupported{"so many at once are no use"};
    std::vector<IBackgroundCopyJob*> jobs(count + 1, nullptr);
    ULONG fetched = 0;
    const HRESULT result = list.list->Next(count, jobs.data(), null ? nullptr : &fetched);
    Json answer = reply(to_code(result));
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
    return reply(to_code(held(arguments).list->Skip(count)));
}

Json JobQueue::reset(const Arguments& arguments) {
    return reply(to_code(held(arguments).list->Reset()));
}

Json JobQueue::clone(const Arguments& arguments) {
    ComPtr<IEnumBackgroundCopyJobs> copy;
    const HRESULT made = held(arguments).list->Clone(&copy);
    if (FAILED(made)) return reply(to_code(made));
    return hold({Kind::Enumerator, {}, nullptr, copy}, "enumerator");
}

Json JobQueue::get_count(const Arguments& arguments) {
    ULONG count = 0;
    const HRESULT got = held(arguments).list->GetCount(&count);
    Json answer = reply(to_code(got));
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

// ---- what they share ----

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

// A group publishes its files by itself when it is complete; BITS waits for a call.
Look JobQueue::look(const std::string& bits_id, IBackgroundCopyJob& job) {
    BG_JOB_STATE state{};
    const HRESULT got = job.GetState(&state);
    if (FAILED(got)) return {as_group_code(to_code(got)), {}, false};
    BG_JOB_PRIORITY priority = BG_JOB_PRIORITY_NORMAL;
    const bool foreground =
        SUCCEEDED(job.GetPriority(&priority)) && priority == BG_JOB_PRIORITY_FOREGROUND;
    Look now{kOk, static_cast<JobState>(state), foreground};
    std::optional<Group> group = table_.of_bits(bits_id);
    if (!group) return now;
    // CancelGroup was answered by Complete, now or when the files were published.
    if (group->cancelled && now.state == JobState::Acknowledged) now.state = JobState::Cancelled;
    if (now.state != JobState::Transferred) return now;
    if (group->publish_error == 0) {
        const HRESULT published = job.Complete();
        group->complete = SUCCEEDED(published);
        group->publish_error = SUCCEEDED(published) ? 0 : to_code(published);
        table_.put(*group);
    }
    now.state = group->complete ? JobState::Acknowledged : JobState::Error;
    return now;
}

Failure JobQueue::failure_of(const std::string& bits_id, IBackgroundCopyJob& job) {
    const Group group = table_.of_bits(bits_id).value_or(Group{});
    if (group.publish_error != 0) return {group.publish_error, nullptr};
    ComPtr<IBackgroundCopyError> error;
    if (FAILED(job.GetError(&error))) return {kFailed, nullptr};
    BG_ERROR_CONTEXT context{};
    HRESULT code = E_FAIL;
    error->GetError(&context, &code);
    Failure failure{to_code(code), nullptr};
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

Code JobQueue::attach(const std::string& class_id, IBackgroundCopyJob& job) {
    ComPtr<IUnknown> object;
    object.Attach(new JobCallback([this, class_id](IBackgroundCopyJob& told, bool is_error) {
        return tell(class_id, told, is_error);
    }));
    return to_code(job.SetNotifyInterface(object.Get()));
}

// Runs on threads of COM, and ends when the rig has answered.
HRESULT JobQueue::tell(const std::string& class_id, IBackgroundCopyJob& job, bool is_error) {
    GUID id{};
    if (FAILED(job.GetId(&id))) return E_FAIL;
    const std::string bits_id = to_text(id);
    const Look now = look(bits_id, job);
    Group group = table_.of_bits(bits_id).value_or(Group{});
    std::uint64_t& number = is_error ? group.error_number : group.completion_number;
    if (number == 0) {
        number = table_.next_number();
        table_.put(group);
    }
    ComPtr<IBackgroundCopyJob> kept(&job);
    Json told = {{"number", number},
                 {"class_id", class_id},
                 {"group", hold({Kind::Group, bits_id, kept, nullptr}, "group").at("group")},
                 {"job", hold({Kind::Job, bits_id, kept, nullptr}, "job").at("job")},
                 {"status", group_flags(now.state, now.foreground)}};
    if (now.state == JobState::Error) {
        const Failure failure = failure_of(bits_id, job);
        ULONG retries = 0;
        job.GetErrorCount(&retries);
        if (!failure.file.is_null()) told["file"] = failure.file;
        told["retries"] = retries;
        told["win32_result"] = failure.code;
        told["transport_result"] = http_status(failure.code);
    }
    const Deliveries::Expected expected = deliveries_.expect(number, class_id);
    put_line({{"notification", told}});
    const Code code = deliveries_.wait(expected);
    if (code == kOk) {
        group = table_.of_bits(bits_id).value_or(group);
        (is_error ? group.error_number : group.completion_number) = 0;
        table_.put(group);
    }
    return to_hresult(code);
}

void JobQueue::cancel_abandoned() {
    for (const std::string& bits_id : abandoned_jobs()) {
        ComPtr<IBackgroundCopyJob> job;
        if (SUCCEEDED(manager_->GetJob(to_guid(bits_id), &job))) job->Cancel();
    }
}

// True when the queue still lists jobs that were cancelled or completed. No page allows that, and
// every list of groups would have them, too.
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

constexpr Code kDoesNotStop = 0x8007041D;  // ERROR_SERVICE_REQUEST_TIMEOUT

// Together less than the ten seconds that a rig waits for the answer to hello. A service that has a
// transfer to end before it stops needs some of them; one that was just stopped may stand for a
// while as running, and cannot be asked then.
constexpr unsigned kStopMs = 5000;
constexpr unsigned kStopForOrderMs = 3000;
constexpr DWORD kTryAgainMs = 100;
constexpr int kTries = 25;

std::unique_ptr<JobQueue> connect(const Settings& settings, HRESULT& result) {
    ComPtr<IBackgroundCopyManager> manager;
    for (int tries = 0; tries < kTries; ++tries) {
        result = CoCreateInstance(__uuidof(BackgroundCopyManager), nullptr, CLSCTX_LOCAL_SERVER,
                                  __uuidof(IBackgroundCopyManager), &manager);
        if (SUCCEEDED(result) || result == REGDB_E_CLASSNOTREG) break;
        Sleep(kTryAgainMs);
    }
    if (FAILED(result)) return nullptr;
    return std::make_unique<JobQueue>(manager, settings);
}

}  // namespace

Json reply(Code code) { return {{"hresult", code_name(as_group_code(code))}}; }

std::unique_ptr<Queue> open_job_queue(const Settings& settings, HRESULT& result) {
    const Table before(settings.state_folder + "\\groups.json");
    if (before.was_there() && may_restart_bits() && !stop_bits(kStopMs)) {
        result = to_hresult(kDoesNotStop);
        return nullptr;
    }
    auto queue = connect(settings, result);
    if (!queue) return nullptr;
    queue->cancel_abandoned();
    // Every state folder begins with a queue that has nothing of the one before.
    if (!before.was_there() && queue->lists_dead_jobs() && may_restart_bits() &&
        stop_bits(kStopForOrderMs))
        queue = connect(settings, result);
    return queue;
}

}  // namespace qmgr::com_adapter
