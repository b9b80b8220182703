#include "reference/library/queue_manager.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "reference/contract/input_error.hpp"
#include "reference/library/local_queue.hpp"
#include "reference/library/queue_connection.hpp"

namespace qmgr::inline v0::library {
namespace {

// The value of a reply. A system that says S_OK and gives no value, or another one, has failed.
template <class Value>
HResult put_value(const Reply& reply, Value& out) {
    if (failed(reply.hresult)) return reply.hresult;
    const auto* value = std::get_if<Value>(&reply.value);
    if (value == nullptr) return HResult::Failed;
    out = *value;
    return reply.hresult;
}

// The same for values that are one number in a struct.
template <class Value>
HResult put_number(const Reply& reply, std::uint32_t Value::*number, std::uint32_t& out) {
    Value value;
    const HResult result = put_value(reply, value);
    if (succeeded(result)) out = value.*number;
    return result;
}

// A new object for the handle of a reply.
template <class Handle, class Holder>
HResult put_held(QueueConnection* connection, const Reply& reply, Holder& out) {
    Handle handle;
    const HResult result = put_value(reply, handle);
    if (succeeded(result)) out = Holder(*connection, handle, Lending::Owned);
    return result;
}

}  // namespace

template <class Handle>
HeldHandle<Handle>::HeldHandle(QueueConnection& connection, Handle handle, Lending lending)
    : connection_(&connection), handle_(handle), lending_(lending) {
    if (lending_ == Lending::Owned) connection_->hold();
}

template <class Handle>
HeldHandle<Handle>::HeldHandle(HeldHandle&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      handle_(std::exchange(other.handle_, {})),
      lending_(other.lending_) {}

template <class Handle>
HeldHandle<Handle>& HeldHandle<Handle>::operator=(HeldHandle&& other) noexcept {
    if (this == &other) return *this;
    release();
    connection_ = std::exchange(other.connection_, nullptr);
    handle_ = std::exchange(other.handle_, {});
    lending_ = other.lending_;
    return *this;
}

template <class Handle>
HeldHandle<Handle>::~HeldHandle() {
    release();
}

template <class Handle>
HResult HeldHandle<Handle>::release() {
    QueueConnection* const connection = std::exchange(connection_, nullptr);
    const Handle handle = std::exchange(handle_, {});
    if (connection == nullptr) return HResult::NullPointer;
    if (lending_ == Lending::Borrowed) return HResult::Ok;
    const HResult result = connection->ask(call::Release{handle}).hresult;
    connection->let_go();
    return result;
}

template <class Handle>
Reply HeldHandle<Handle>::ask(const Call& call) const {
    return connection_ != nullptr ? connection_->ask(call) : Reply{HResult::NullPointer, {}};
}

template class HeldHandle<GroupHandle>;
template class HeldHandle<JobHandle>;
template class HeldHandle<EnumeratorHandle>;

template <class Id>
HResult Enumerator<Id>::next(std::uint32_t count, std::vector<Id>& out) const {
    value::Fetched fetched;
    const HResult result = put_value(ask(call::Next{handle(), count, false}), fetched);
    if (failed(result)) return result;
    out.clear();
    for (const Guid& guid : fetched.ids) out.push_back(Id{guid});
    return result;
}

template <class Id>
HResult Enumerator<Id>::next(Id& out) const {
    value::Fetched fetched;
    const HResult result = put_value(ask(call::Next{handle(), 1, true}), fetched);
    if (succeeded(result) && !fetched.ids.empty()) out = Id{fetched.ids.front()};
    return result;
}

template <class Id>
HResult Enumerator<Id>::skip(std::uint32_t count) const {
    return ask(call::Skip{handle(), count}).hresult;
}

template <class Id>
HResult Enumerator<Id>::reset() const {
    return ask(call::Reset{handle()}).hresult;
}

template <class Id>
HResult Enumerator<Id>::clone(Enumerator& out) const {
    return put_held<EnumeratorHandle>(connection(), ask(call::Clone{handle()}), out);
}

template <class Id>
HResult Enumerator<Id>::get_count(std::uint32_t& out) const {
    return put_number(ask(call::GetCount{handle()}), &value::Count::number, out);
}

template class Enumerator<GroupId>;
template class Enumerator<JobId>;

HResult Job::add_files(const std::vector<FileSetInfo>& files) const {
    return ask(call::AddFiles{handle(), files}).hresult;
}
HResult Job::get_file_count(std::uint32_t& out) const {
    return put_number(ask(call::GetFileCount{handle()}), &value::Count::number, out);
}
HResult Job::get_file(FileIndex index, FileSetInfo& out) const {
    return put_value(ask(call::GetFile{handle(), index}), out);
}
HResult Job::get_progress(ProgressFlag flag, std::uint32_t& out) const {
    return put_number(ask(call::GetJobProgress{handle(), flag}), &value::Progress::amount, out);
}
HResult Job::get_status(value::JobState& out) const {
    return put_value(ask(call::GetJobStatus{handle()}), out);
}
HResult Job::get_job_id(JobId& out) const { return put_value(ask(call::GetJobId{handle()}), out); }
HResult Job::cancel_job() const { return ask(call::CancelJob{handle()}).hresult; }
HResult Job::get_times() const { return ask(call::GetTimes{handle()}).hresult; }
HResult Job::switch_to_foreground() const {
    return ask(call::SwitchJobToForeground{handle()}).hresult;
}

HResult Group::get_prop(GroupProperty property, PropertyValue& out) const {
    return put_value(ask(call::GetProp{handle(), property}), out);
}
HResult Group::set_prop(GroupProperty property, const PropertyValue& value) const {
    return ask(call::SetProp{handle(), property, value}).hresult;
}
HResult Group::get_progress(ProgressFlag flag, std::uint32_t& out) const {
    return put_number(ask(call::GetGroupProgress{handle(), flag}), &value::Progress::amount, out);
}
HResult Group::get_status(value::GroupState& out) const {
    return put_value(ask(call::GetGroupStatus{handle()}), out);
}
HResult Group::get_job(JobId job_id, Job& out) const {
    return put_held<JobHandle>(connection(), ask(call::GetJob{handle(), job_id}), out);
}
HResult Group::suspend_group() const { return ask(call::SuspendGroup{handle()}).hresult; }
HResult Group::resume_group() const { return ask(call::ResumeGroup{handle()}).hresult; }
HResult Group::cancel_group() const { return ask(call::CancelGroup{handle()}).hresult; }
HResult Group::get_size(std::uint32_t& out) const {
    return put_number(ask(call::GetSize{handle()}), &value::Size::bytes, out);
}
HResult Group::get_group_id(GroupId& out) const {
    return put_value(ask(call::GetGroupId{handle()}), out);
}
HResult Group::create_job(JobId job_id, Job& out) const {
    return put_held<JobHandle>(connection(), ask(call::CreateJob{handle(), job_id}), out);
}
HResult Group::enum_jobs(std::uint32_t flags, JobEnumerator& out) const {
    return put_held<EnumeratorHandle>(connection(), ask(call::EnumJobs{handle(), flags}), out);
}
HResult Group::switch_to_foreground() const {
    return ask(call::SwitchGroupToForeground{handle()}).hresult;
}
HResult Group::query_new_job_interface() const {
    return ask(call::QueryNewJobInterface{handle()}).hresult;
}
HResult Group::set_notification_pointer() const {
    return ask(call::SetNotificationPointer{handle()}).hresult;
}
HResult Group::internal_set_prop() const { return ask(call::InternalSetProp{handle()}).hresult; }

OpenedQueue QueueManager::open(const std::string& folder, const Policy& policy,
                               const Caller& caller) {
    OpenedQueue opened;
    try {
        auto queue = open_local_queue(folder, policy);
        if (queue == nullptr)
            return {Opening::Busy, folder + ": another process has this queue open", {}};
        opened.queue = QueueManager(std::move(queue), caller);
    } catch (const InputError& error) {
        return {Opening::Unusable, error.what(), {}};
    }
    // Nobody has a group with the null GUID, so this changes nothing, and it tells whether the
    // journal could be read.
    Group none;
    if (opened.queue.get_group({}, none) == HResult::QmServiceUnavailable)
        return {
            Opening::Unusable, journal_in(folder) + ": cannot be used as the queue's journal", {}};
    opened.opening = Opening::Ok;
    return opened;
}

Caller QueueManager::caller_of_this_process() {
    // Enough for every entry of glibc's own files; a directory service may need more.
    std::vector<char> texts(1024);
    passwd entry{};
    passwd* found = nullptr;
    while (::getpwuid_r(::getuid(), &entry, texts.data(), texts.size(), &found) == ERANGE)
        texts.resize(texts.size() * 2);
    return {found != nullptr ? found->pw_name : std::to_string(::getuid()), ::getuid() == 0};
}

QueueManager::QueueManager() = default;
QueueManager::QueueManager(SystemUnderTest& system, Caller caller)
    : connection_(std::make_unique<QueueConnection>(system, std::move(caller))) {}
QueueManager::QueueManager(RunningSystem& system, Caller caller)
    : connection_(std::make_unique<QueueConnection>(system, std::move(caller))) {}
QueueManager::QueueManager(std::unique_ptr<RunningQueue> queue, Caller caller)
    : connection_(std::make_unique<QueueConnection>(std::move(queue), std::move(caller))) {}
QueueManager::QueueManager(QueueManager&& other) noexcept = default;
QueueManager& QueueManager::operator=(QueueManager&& other) noexcept = default;
QueueManager::~QueueManager() = default;

HResult QueueManager::create_group(GroupId group_id, Group& out) const {
    if (!connection_) return HResult::NullPointer;
    return put_held<GroupHandle>(connection_.get(), connection_->ask(call::CreateGroup{group_id}),
                                 out);
}
HResult QueueManager::get_group(GroupId group_id, Group& out) const {
    if (!connection_) return HResult::NullPointer;
    return put_held<GroupHandle>(connection_.get(), connection_->ask(call::GetGroup{group_id}),
                                 out);
}
HResult QueueManager::enum_groups(std::uint32_t flags, GroupEnumerator& out) const {
    if (!connection_) return HResult::NullPointer;
    return put_held<EnumeratorHandle>(connection_.get(), connection_->ask(call::EnumGroups{flags}),
                                      out);
}

HResult QueueManager::register_callback(ClassId class_id, Callback& callback) {
    if (!connection_) return HResult::NullPointer;
    connection_->register_callback(class_id, callback);
    return HResult::Ok;
}
void QueueManager::unregister_callback(ClassId class_id) {
    if (connection_) connection_->unregister_callback(class_id);
}
std::size_t QueueManager::deliver_notifications() {
    return connection_ ? connection_->deliver_notifications() : 0;
}

PropertyValue class_id_value(ClassId class_id) {
    return text_value("{" + to_text(class_id.guid) + "}");
}
PropertyValue text_value(std::string text) { return {VariantType::Bstr, 0, std::move(text)}; }
PropertyValue number_value(std::uint32_t number) { return {VariantType::UI4, number, {}}; }

}  // namespace qmgr::inline v0::library
