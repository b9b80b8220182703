#include "conformance/adapters/com/group_queue.hpp"

#include <qmgr.h>
#include <wrl/client.h>

#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "conformance/adapters/com/windows_text.hpp"

namespace qmgr::com_adapter {
namespace {

using Microsoft::WRL::ComPtr;

// qmgr.h only declares its identifiers, and no library of mingw-w64 has them.
constexpr CLSID kQueueClass = {
    0x69AD4AEE, 0x51BE, 0x439B, {0xA9, 0x2C, 0x86, 0xAE, 0x49, 0x0E, 0x8B, 0x30}};
constexpr IID kQueueInterface = {
    0x16F41C69, 0x09F5, 0x41D2, {0x8C, 0xD8, 0x3C, 0x08, 0xC4, 0x7B, 0xC8, 0xA8}};

using GroupPointer = ComPtr<IBackgroundCopyGroup>;
using JobPointer = ComPtr<IBackgroundCopyJob1>;
using GroupList = ComPtr<IEnumBackgroundCopyGroups>;
using JobList = ComPtr<IEnumBackgroundCopyJobs1>;
using Held = std::variant<GroupPointer, JobPointer, GroupList, JobList>;

struct DeadHandle {};

/// A BSTR that is freed with this object.
class BasicText {
  public:
    BasicText() = default;
    explicit BasicText(const std::string& text) : text_(SysAllocString(to_utf16(text).c_str())) {}
    ~BasicText() { SysFreeString(text_); }
    BasicText(BasicText&& other) noexcept : text_(std::exchange(other.text_, nullptr)) {}
    BasicText(const BasicText&) = delete;
    BasicText& operator=(const BasicText&) = delete;
    BasicText& operator=(BasicText&&) = delete;
    BSTR get() const { return text_; }

  private:
    BSTR text_ = nullptr;
};

class GroupQueue final : public Queue {
  public:
    GroupQueue(ComPtr<IBackgroundCopyQMgr> queue, const Settings& settings)
        : queue_(std::move(queue)), shared_(settings.shared) {}

    std::string name() const override { return "BITS through IBackgroundCopyQMgr"; }
    std::vector<std::string> abilities() const override { return {}; }
    Json call(const Arguments& arguments) override;
    void register_class(const std::string& /*class_id*/) override {
        throw Unsupported{"no class of this program is registered where the service looks"};
    }
    void answer(std::uint64_t /*number*/, Code /*code*/) override {}

  private:
    Json group_call(const Arguments& arguments, IBackgroundCopyGroup& group);
    Json group_reading(const Arguments& arguments, IBackgroundCopyGroup& group);
    Json job_call(const Arguments& arguments, IBackgroundCopyJob1& job);
    template <class List>
    Json list_call(const Arguments& arguments, List& list);
    Json add_files(const Arguments& arguments, IBackgroundCopyJob1& job);
    Json get_file(const Arguments& arguments, IBackgroundCopyJob1& job);
    Json hold(HRESULT result, const std::string& word, Held held);
    Json release(const Arguments& arguments);
    const Held& held(const std::string& word, const Arguments& arguments) const;

    const ComPtr<IBackgroundCopyQMgr> queue_;
    const SharedFolder shared_;
    std::map<std::uint64_t, Held> handles_;
    std::uint64_t last_handle_ = 0;
};

// The reply with one number beside the code.
Json number_reply(HRESULT result, const char* word, DWORD number) {
    Json answer = reply(to_code(result));
    if (SUCCEEDED(result)) answer[word] = number;
    return answer;
}

Json guid_reply(HRESULT result, const char* word, const GUID& guid) {
    Json answer = reply(to_code(result));
    if (SUCCEEDED(result)) answer[word] = to_text(guid);
    return answer;
}

template <class Pointer>
Pointer* find(const Held& held) {
    const auto* found = std::get_if<ComPtr<Pointer>>(&held);
    if (found == nullptr) throw DeadHandle{};
    return found->Get();
}

Json GroupQueue::call(const Arguments& arguments) {
    const std::string& method = arguments.method();
    try {
        if (method == "create_group" || method == "get_group") {
            const GUID id = to_guid(arguments.guid("group_id"));
            GroupPointer group;
            const HRESULT got = method == "create_group" ? queue_->CreateGroup(id, &group)
                                                         : queue_->GetGroup(id, &group);
            return hold(got, "group", group);
        }
        if (method == "enum_groups") {
            GroupList list;
            const HRESULT made = queue_->EnumGroups(arguments.number("flags"), &list);
            return hold(made, "enumerator", list);
        }
        if (method == "release") return release(arguments);
        if (arguments.has("group"))
            return group_call(arguments, *find<IBackgroundCopyGroup>(held("group", arguments)));
        if (arguments.has("job"))
            return job_call(arguments, *find<IBackgroundCopyJob1>(held("job", arguments)));
        const Held& list = held("enumerator", arguments);
        if (const auto* groups = std::get_if<GroupList>(&list))
            return list_call(arguments, *groups->Get());
        return list_call(arguments, *find<IEnumBackgroundCopyJobs1>(list));
    } catch (const DeadHandle&) {
        return reply(kDisconnected);
    }
}

// Marshalling follows many of the other types as a pointer, which the protocol has none of.
VARIANT to_variant(const Value& value, const BasicText& text) {
    if (value.type != kText && !is_integer(value.type))
        throw Unsupported{"only integers and texts are put into a VARIANT"};
    VARIANT variant;
    VariantInit(&variant);
    variant.vt = value.type;
    if (value.type == kText)
        variant.bstrVal = text.get();
    else
        variant.llVal = value.number;  // little-endian: right for every integer type
    return variant;
}

// Only integers and texts are written by any implementation; other types are shown by their number.
Value to_value(const VARIANT& variant) {
    Value value{variant.vt, 0, {}};
    if (variant.vt == VT_BSTR)
        value.text = to_utf8(variant.bstrVal);
    else if (variant.vt == VT_I4 || variant.vt == VT_INT)
        value.number = variant.lVal;
    else if (variant.vt == VT_UI4 || variant.vt == VT_UINT)
        value.number = variant.ulVal;
    return value;
}

Json GroupQueue::group_call(const Arguments& arguments, IBackgroundCopyGroup& group) {
    const std::string& method = arguments.method();
    if (method == "suspend_group") return reply(to_code(group.SuspendGroup()));
    if (method == "resume_group") return reply(to_code(group.ResumeGroup()));
    if (method == "cancel_group") return reply(to_code(group.CancelGroup()));
    if (method == "switch_group_to_foreground") return reply(to_code(group.SwitchToForeground()));
    if (method == "create_job" || method == "get_job") {
        const GUID id = to_guid(arguments.guid("job_id"));
        JobPointer job;
        const HRESULT got =
            method == "create_job" ? group.CreateJob(id, &job) : group.GetJob(id, &job);
        return hold(got, "job", job);
    }
    if (method == "enum_jobs") {
        JobList list;
        const HRESULT made = group.EnumJobs(arguments.number("flags"), &list);
        return hold(made, "enumerator", list);
    }
    if (method == "set_prop") {
        const Value value = arguments.value("value");
        const BasicText text(value.text);
        VARIANT variant = to_variant(value, text);
        const auto property = static_cast<GROUPPROP>(arguments.property("property"));
        return reply(to_code(group.SetProp(property, &variant)));
    }
    if (method == "query_new_job_interface") {
        ComPtr<IUnknown> none;
        return reply(to_code(group.QueryNewJobInterface(__uuidof(IUnknown), &none)));
    }
    if (method == "set_notification_pointer")
        return reply(to_code(group.SetNotificationPointer(__uuidof(IUnknown), nullptr)));
    return group_reading(arguments, group);
}

Json GroupQueue::group_reading(const Arguments& arguments, IBackgroundCopyGroup& group) {
    const std::string& method = arguments.method();
    DWORD number = 0;
    if (method == "get_prop") {
        VARIANT variant;
        VariantInit(&variant);
        const auto property = static_cast<GROUPPROP>(arguments.property("property"));
        const HRESULT got = group.GetProp(property, &variant);
        Json answer = reply(to_code(got));
        if (SUCCEEDED(got)) answer["value"] = to_json(to_value(variant));
        VariantClear(&variant);
        return answer;
    }
    if (method == "get_group_progress") {
        const HRESULT got = group.GetProgress(arguments.progress("flag"), &number);
        return number_reply(got, "progress", number);
    }
    if (method == "get_size") {
        const HRESULT got = group.get_Size(&number);
        return number_reply(got, "size", number);
    }
    if (method == "get_group_id") {
        GUID id{};
        const HRESULT got = group.get_GroupID(&id);
        return guid_reply(got, "group_id", id);
    }
    if (method != "get_group_status") throw Unsupported{"qmgr.h of mingw-w64 has no " + method};
    DWORD status = 0;
    const HRESULT got = group.GetStatus(&status, &number);
    Json answer = number_reply(got, "job_index", number);
    if (SUCCEEDED(got)) answer["group_status"] = flag_names(status);
    return answer;
}

Json GroupQueue::job_call(const Arguments& arguments, IBackgroundCopyJob1& job) {
    const std::string& method = arguments.method();
    DWORD number = 0;
    if (method == "add_files") return add_files(arguments, job);
    if (method == "get_file") return get_file(arguments, job);
    if (method == "cancel_job") return reply(to_code(job.CancelJob()));
    if (method == "switch_job_to_foreground") return reply(to_code(job.SwitchToForeground()));
    if (method == "get_file_count") {
        const HRESULT got = job.GetFileCount(&number);
        return number_reply(got, "count", number);
    }
    if (method == "get_job_progress") {
        const HRESULT got = job.GetProgress(arguments.progress("flag"), &number);
        return number_reply(got, "progress", number);
    }
    if (method == "get_job_id") {
        GUID id{};
        const HRESULT got = job.get_JobID(&id);
        return guid_reply(got, "job_id", id);
    }
    if (method != "get_job_status") throw Unsupported{"qmgr.h of mingw-w64 has no " + method};
    DWORD status = 0;
    DWORD win32 = 0;
    DWORD transport = 0;
    const HRESULT got = job.GetStatus(&status, &win32, &transport, &number);
    Json answer = number_reply(got, "retries", number);
    if (FAILED(got)) return answer;
    answer["job_status"] = flag_names(status);
    answer["win32_result"] = win32;
    answer["transport_result"] = transport;
    return answer;
}

Json GroupQueue::add_files(const Arguments& arguments, IBackgroundCopyJob1& job) {
    const std::vector<FileSet> files = arguments.files("files");
    std::vector<BasicText> texts;
    for (const FileSet& file : files) {
        texts.emplace_back(file.remote_name);
        texts.emplace_back(to_windows(shared_, file.local_name));
    }
    std::vector<FILESETINFO> entries;
    for (std::size_t i = 0; i < files.size(); ++i)
        entries.push_back({texts[2 * i].get(), texts[2 * i + 1].get(), files[i].size_hint});
    std::vector<FILESETINFO*> pointers;
    for (FILESETINFO& entry : entries) pointers.push_back(&entry);
    pointers.push_back(nullptr);  // a list of none still has an address
    return reply(to_code(job.AddFiles(static_cast<ULONG>(files.size()), pointers.data())));
}

Json GroupQueue::get_file(const Arguments& arguments, IBackgroundCopyJob1& job) {
    FILESETINFO info{};
    const HRESULT got = job.GetFile(arguments.number("index"), &info);
    Json answer = reply(to_code(got));
    if (SUCCEEDED(got))
        answer["file"] =
            to_json(FileSet{to_utf8(info.bstrRemoteFile),
                            to_unix(shared_, to_utf8(info.bstrLocalFile)), info.dwSizeHint});
    SysFreeString(info.bstrRemoteFile);
    SysFreeString(info.bstrLocalFile);
    return answer;
}

template <class List>
Json GroupQueue::list_call(const Arguments& arguments, List& list) {
    const std::string& method = arguments.method();
    if (method == "skip") return reply(to_code(list.Skip(arguments.number("count"))));
    if (method == "reset") return reply(to_code(list.Reset()));
    if (method == "clone") {
        ComPtr<List> copy;
        const HRESULT made = list.Clone(&copy);
        return hold(made, "enumerator", copy);
    }
    ULONG number = 0;
    if (method == "get_count") {
        const HRESULT got = list.GetCount(&number);
        return number_reply(got, "count", number);
    }
    const std::uint32_t count = arguments.number("count");
    const bool null = arguments.yes("fetched_is_null");
    if (count > kMostAtOnce) throw Unsupported{"so many at once are no use"};
    std::vector<GUID> guids(count + 1);
    const HRESULT result = list.Next(count, guids.data(), null ? nullptr : &number);
    Json answer = reply(to_code(result));
    if (FAILED(result)) return answer;
    if (!null) answer["fetched"] = number;
    if (null && result == S_OK) number = count;
    guids.resize(number);
    answer["ids"] = Json::array();
    for (const GUID& guid : guids) answer["ids"].push_back(to_text(guid));
    return answer;
}

Json GroupQueue::hold(HRESULT result, const std::string& word, Held held) {
    if (FAILED(result)) return reply(to_code(result));
    handles_[++last_handle_] = std::move(held);
    Json answer = reply(to_code(result));
    answer[word] = last_handle_;
    return answer;
}

Json GroupQueue::release(const Arguments& arguments) {
    for (const char* word : {"group", "job", "enumerator"})
        if (arguments.has(word) && handles_.erase(arguments.handle(word)) == 1) return reply(kOk);
    throw DeadHandle{};
}

const Held& GroupQueue::held(const std::string& word, const Arguments& arguments) const {
    const auto found = handles_.find(arguments.handle(word));
    if (found == handles_.end()) throw DeadHandle{};
    return found->second;
}

}  // namespace

std::unique_ptr<Queue> open_group_queue(const Settings& settings, HRESULT& result) {
    ComPtr<IBackgroundCopyQMgr> queue;
    result = CoCreateInstance(kQueueClass, nullptr, CLSCTX_LOCAL_SERVER, kQueueInterface, &queue);
    if (FAILED(result)) return nullptr;
    return std::make_unique<GroupQueue>(queue, settings);
}

}  // namespace qmgr::com_adapter
