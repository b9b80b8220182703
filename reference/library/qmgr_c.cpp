#include "reference/library/qmgr_c.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iterator>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include "reference/library/qmgr_c_objects.hpp"

namespace {

using qmgr::HResult;

qmgr_hresult number(HResult code) { return static_cast<qmgr_hresult>(code); }

constexpr qmgr_hresult kNoPointer = QMGR_E_POINTER;

qmgr::Guid guid_of(const qmgr_guid& from) {
    qmgr::Guid guid;
    std::copy(std::begin(from.bytes), std::end(from.bytes), guid.bytes.begin());
    return guid;
}

qmgr_guid guid_for_c(const qmgr::Guid& from) {
    qmgr_guid guid;
    std::copy(from.bytes.begin(), from.bytes.end(), std::begin(guid.bytes));
    return guid;
}

// A copy that free() takes.
char* text_for_c(const std::string& text) {
    char* const copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (copy == nullptr) throw std::bad_alloc();
    std::memcpy(copy, text.c_str(), text.size() + 1);
    return copy;
}

void free_text(const char* text) { std::free(const_cast<char*>(text)); }  // NOLINT

// The answer of `ask` on the object; a null object or a null pointer among `needed` is told first.
template <class CObject, class Ask, class... Pointer>
qmgr_hresult on(const CObject* object, Ask ask, const Pointer*... needed) {
    if (object == nullptr || ((needed == nullptr) || ...)) return kNoPointer;
    return number(ask(**object));
}

// A new C object for what `make` makes.
template <class CObject, class Object, class Make>
qmgr_hresult make_object(qmgr_queue& queue, CObject** out, Make make) {
    Object object;
    const HResult result = make(object);
    if (succeeded(result)) *out = new CObject(queue, std::move(object));
    return number(result);
}

template <class CObject>
qmgr_hresult release(CObject* object) {
    if (object == nullptr) return kNoPointer;
    const HResult result = object->release();
    delete object;
    return number(result);
}

template <class Id, class List>
qmgr_hresult next(const List* list, std::uint32_t count, qmgr_guid* ids, std::uint32_t* fetched) {
    if (list == nullptr || (ids == nullptr && count != 0)) return kNoPointer;
    if (fetched == nullptr && count != 1) return QMGR_E_INVALIDARG;  // ENUM-NEXT-3
    std::vector<Id> given;
    const HResult result = (**list).next(count, given);
    if (failed(result)) return number(result);
    std::transform(given.begin(), given.end(), ids, [](Id id) { return guid_for_c(id.guid); });
    if (fetched != nullptr) *fetched = static_cast<std::uint32_t>(given.size());
    return number(result);
}

template <class List>
qmgr_hresult clone(const List* list, List** out) {
    if (list == nullptr || out == nullptr) return kNoPointer;
    using Object = std::remove_cvref_t<decltype(**list)>;
    return make_object<List, Object>(list->queue(), out,
                                     [&](Object& twin) { return (**list).clone(twin); });
}

// As much of it as there is place for.
void put_text(std::string_view text, char* out, std::size_t size) {
    if (out == nullptr || size == 0) return;
    out[text.copy(out, size - 1)] = '\0';
}

bool is_within_callback(const qmgr_queue& queue) {
    return queue.delivering == std::this_thread::get_id();
}

}  // namespace

qmgr::HResult qmgr::library::CallbackFunction::on_status(const Group& group, const Job* job,
                                                         std::optional<FileIndex> file,
                                                         GroupStatus status, std::uint32_t retries,
                                                         std::uint32_t win32_result,
                                                         std::uint32_t transport_result) {
    const qmgr_group lent_group(queue_, &group);
    const qmgr_job lent_job(queue_, job);
    queue_.delivering = std::this_thread::get_id();
    const qmgr_hresult answer = function_(
        context_, &lent_group, job != nullptr ? &lent_job : nullptr, file.value_or(QMGR_NO_FILE),
        status.bits, retries, win32_result, transport_result);
    queue_.delivering = std::thread::id();
    return static_cast<HResult>(answer);
}

qmgr_hresult qmgr_guid_from_text(const char* text, qmgr_guid* out) noexcept {
    if (text == nullptr || out == nullptr) return kNoPointer;
    const auto guid = qmgr::guid_from_text(text);
    if (!guid) return QMGR_E_INVALIDARG;
    *out = guid_for_c(*guid);
    return QMGR_S_OK;
}
qmgr_hresult qmgr_guid_to_text(const qmgr_guid* guid, char out[37]) noexcept {
    if (guid == nullptr || out == nullptr) return kNoPointer;
    const std::string text = to_text(guid_of(*guid));
    std::memcpy(out, text.c_str(), text.size() + 1);
    return QMGR_S_OK;
}
void qmgr_variant_clear(qmgr_variant* variant) noexcept {
    if (variant == nullptr) return;
    free_text(variant->text);
    *variant = {};
}
void qmgr_file_set_info_clear(qmgr_file_set_info* info) noexcept {
    if (info == nullptr) return;
    free_text(info->remote_name);
    free_text(info->local_name);
    *info = {};
}

qmgr_hresult qmgr_open(const char* folder, const qmgr_caller* caller, qmgr_queue** out,
                       char* reason, size_t reason_size) noexcept {
    if (folder == nullptr || out == nullptr || (caller != nullptr && caller->user == nullptr))
        return kNoPointer;
    try {
        const qmgr::Caller who = caller != nullptr
                                     ? qmgr::Caller{caller->user, caller->administrator != 0}
                                     : qmgr::library::QueueManager::caller_of_this_process();
        qmgr::library::OpenedQueue opened = qmgr::library::QueueManager::open(folder, {}, who);
        if (opened.opening == qmgr::library::Opening::Ok) {
            *out = new qmgr_queue(std::move(opened.queue));
            return QMGR_S_OK;
        }
        put_text(opened.reason, reason, reason_size);
        return opened.opening == qmgr::library::Opening::Busy ? QMGR_E_BUSY
                                                              : QMGR_E_SERVICE_UNAVAILABLE;
    } catch (const std::exception& error) {
        put_text(error.what(), reason, reason_size);
        return QMGR_E_FAIL;
    }
}
qmgr_hresult qmgr_close(qmgr_queue* queue) noexcept {
    if (queue == nullptr) return kNoPointer;
    if (queue->held != 0 || is_within_callback(*queue)) return QMGR_E_INVALID_STATE;
    delete queue;
    return QMGR_S_OK;
}
qmgr_hresult qmgr_create_group(qmgr_queue* queue, const qmgr_guid* group_id,
                               qmgr_group** out) noexcept {
    if (queue == nullptr || group_id == nullptr || out == nullptr) return kNoPointer;
    return make_object<qmgr_group, qmgr::library::Group>(
        *queue, out, [&](qmgr::library::Group& group) {
            return queue->queue.create_group({guid_of(*group_id)}, group);
        });
}
qmgr_hresult qmgr_get_group(qmgr_queue* queue, const qmgr_guid* group_id,
                            qmgr_group** out) noexcept {
    if (queue == nullptr || group_id == nullptr || out == nullptr) return kNoPointer;
    return make_object<qmgr_group, qmgr::library::Group>(
        *queue, out, [&](qmgr::library::Group& group) {
            return queue->queue.get_group({guid_of(*group_id)}, group);
        });
}
qmgr_hresult qmgr_enum_groups(qmgr_queue* queue, uint32_t flags,
                              qmgr_group_enumerator** out) noexcept {
    if (queue == nullptr || out == nullptr) return kNoPointer;
    return make_object<qmgr_group_enumerator, qmgr::library::GroupEnumerator>(
        *queue, out, [&](qmgr::library::GroupEnumerator& list) {
            return queue->queue.enum_groups(flags, list);
        });
}
qmgr_hresult qmgr_register_callback(qmgr_queue* queue, const qmgr_guid* class_id,
                                    qmgr_on_status on_status, void* context) noexcept {
    if (queue == nullptr || class_id == nullptr) return kNoPointer;
    if (is_within_callback(*queue)) return QMGR_E_INVALID_STATE;
    const qmgr::ClassId id{guid_of(*class_id)};
    const std::lock_guard lock(queue->mutex);
    queue->queue.unregister_callback(id);
    queue->callbacks.erase(id);
    if (on_status == nullptr) return QMGR_S_OK;
    try {
        auto& callback = queue->callbacks[id];
        callback = std::make_unique<qmgr::library::CallbackFunction>(*queue, on_status, context);
        return number(queue->queue.register_callback(id, *callback));
    } catch (const std::exception&) {
        queue->queue.unregister_callback(id);
        queue->callbacks.erase(id);
        return QMGR_E_FAIL;
    }
}

qmgr_hresult qmgr_group_release(qmgr_group* group) noexcept { return release(group); }
qmgr_hresult qmgr_group_get_prop(const qmgr_group* group, uint32_t property,
                                 qmgr_variant* out) noexcept {
    qmgr::PropertyValue value;
    const qmgr_hresult result = on(
        group,
        [&](const qmgr::library::Group& of) {
            return of.get_prop(static_cast<qmgr::GroupProperty>(property), value);
        },
        out);
    if (result != QMGR_S_OK) return result;
    const bool is_text = value.type == qmgr::VariantType::Bstr;
    *out = {static_cast<std::uint16_t>(value.type), value.number,
            is_text ? text_for_c(value.text) : nullptr};
    return result;
}
qmgr_hresult qmgr_group_set_prop(const qmgr_group* group, uint32_t property,
                                 const qmgr_variant* value) noexcept {
    return on(
        group,
        [&](const qmgr::library::Group& of) {
            return of.set_prop(static_cast<qmgr::GroupProperty>(property),
                               {static_cast<qmgr::VariantType>(value->type), value->number,
                                value->text != nullptr ? value->text : ""});
        },
        value);
}
qmgr_hresult qmgr_group_get_progress(const qmgr_group* group, uint32_t flag,
                                     uint32_t* out) noexcept {
    return on(
        group,
        [&](const qmgr::library::Group& of) {
            return of.get_progress(static_cast<qmgr::ProgressFlag>(flag), *out);
        },
        out);
}
qmgr_hresult qmgr_group_get_status(const qmgr_group* group, uint32_t* status,
                                   uint32_t* job_index) noexcept {
    qmgr::value::GroupState state;
    const qmgr_hresult result = on(
        group, [&](const qmgr::library::Group& of) { return of.get_status(state); }, status);
    if (result != QMGR_S_OK) return result;
    *status = state.status.bits;
    if (job_index != nullptr) *job_index = state.job_index;
    return result;
}
qmgr_hresult qmgr_group_get_job(const qmgr_group* group, const qmgr_guid* job_id,
                                qmgr_job** out) noexcept {
    if (group == nullptr || job_id == nullptr || out == nullptr) return kNoPointer;
    return make_object<qmgr_job, qmgr::library::Job>(
        group->queue(), out,
        [&](qmgr::library::Job& job) { return (**group).get_job({guid_of(*job_id)}, job); });
}
qmgr_hresult qmgr_group_suspend_group(const qmgr_group* group) noexcept {
    return on(group, [](const qmgr::library::Group& of) { return of.suspend_group(); });
}
qmgr_hresult qmgr_group_resume_group(const qmgr_group* group) noexcept {
    return on(group, [](const qmgr::library::Group& of) { return of.resume_group(); });
}
qmgr_hresult qmgr_group_cancel_group(const qmgr_group* group) noexcept {
    return on(group, [](const qmgr::library::Group& of) { return of.cancel_group(); });
}
qmgr_hresult qmgr_group_get_size(const qmgr_group* group, uint32_t* out) noexcept {
    return on(
        group, [&](const qmgr::library::Group& of) { return of.get_size(*out); }, out);
}
qmgr_hresult qmgr_group_get_group_id(const qmgr_group* group, qmgr_guid* out) noexcept {
    qmgr::GroupId id;
    const qmgr_hresult result = on(
        group, [&](const qmgr::library::Group& of) { return of.get_group_id(id); }, out);
    if (result == QMGR_S_OK) *out = guid_for_c(id.guid);
    return result;
}
qmgr_hresult qmgr_group_create_job(const qmgr_group* group, const qmgr_guid* job_id,
                                   qmgr_job** out) noexcept {
    if (group == nullptr || job_id == nullptr || out == nullptr) return kNoPointer;
    return make_object<qmgr_job, qmgr::library::Job>(
        group->queue(), out,
        [&](qmgr::library::Job& job) { return (**group).create_job({guid_of(*job_id)}, job); });
}
qmgr_hresult qmgr_group_enum_jobs(const qmgr_group* group, uint32_t flags,
                                  qmgr_job_enumerator** out) noexcept {
    if (group == nullptr || out == nullptr) return kNoPointer;
    return make_object<qmgr_job_enumerator, qmgr::library::JobEnumerator>(
        group->queue(), out,
        [&](qmgr::library::JobEnumerator& list) { return (**group).enum_jobs(flags, list); });
}
qmgr_hresult qmgr_group_switch_to_foreground(const qmgr_group* group) noexcept {
    return on(group, [](const qmgr::library::Group& of) { return of.switch_to_foreground(); });
}
qmgr_hresult qmgr_group_query_new_job_interface(const qmgr_group* group) noexcept {
    return on(group, [](const qmgr::library::Group& of) { return of.query_new_job_interface(); });
}
qmgr_hresult qmgr_group_set_notification_pointer(const qmgr_group* group) noexcept {
    return on(group, [](const qmgr::library::Group& of) { return of.set_notification_pointer(); });
}
qmgr_hresult qmgr_group_internal_set_prop(const qmgr_group* group) noexcept {
    return on(group, [](const qmgr::library::Group& of) { return of.internal_set_prop(); });
}

qmgr_hresult qmgr_job_release(qmgr_job* job) noexcept { return release(job); }
qmgr_hresult qmgr_job_cancel_job(const qmgr_job* job) noexcept {
    return on(job, [](const qmgr::library::Job& of) { return of.cancel_job(); });
}
qmgr_hresult qmgr_job_get_progress(const qmgr_job* job, uint32_t flag, uint32_t* out) noexcept {
    return on(
        job,
        [&](const qmgr::library::Job& of) {
            return of.get_progress(static_cast<qmgr::ProgressFlag>(flag), *out);
        },
        out);
}
qmgr_hresult qmgr_job_get_status(const qmgr_job* job, uint32_t* status, uint32_t* win32_result,
                                 uint32_t* transport_result, uint32_t* retries) noexcept {
    qmgr::value::JobState state;
    const qmgr_hresult result = on(
        job, [&](const qmgr::library::Job& of) { return of.get_status(state); }, status);
    if (result != QMGR_S_OK) return result;
    *status = state.status.bits;
    if (win32_result != nullptr) *win32_result = state.win32_result;
    if (transport_result != nullptr) *transport_result = state.transport_result;
    if (retries != nullptr) *retries = state.retries;
    return result;
}
qmgr_hresult qmgr_job_get_times(const qmgr_job* job) noexcept {
    return on(job, [](const qmgr::library::Job& of) { return of.get_times(); });
}
qmgr_hresult qmgr_job_add_files(const qmgr_job* job, uint32_t count,
                                const qmgr_file_set_info* files) noexcept {
    if (job == nullptr || (files == nullptr && count != 0)) return kNoPointer;
    std::vector<qmgr::FileSetInfo> list;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (files[i].remote_name == nullptr || files[i].local_name == nullptr) return kNoPointer;
        list.push_back({files[i].remote_name, files[i].local_name, files[i].size_hint});
    }
    return number((**job).add_files(list));
}
qmgr_hresult qmgr_job_get_file(const qmgr_job* job, uint32_t index,
                               qmgr_file_set_info* out) noexcept {
    qmgr::FileSetInfo info;
    const qmgr_hresult result = on(
        job, [&](const qmgr::library::Job& of) { return of.get_file(index, info); }, out);
    if (result != QMGR_S_OK) return result;
    *out = {text_for_c(info.remote_name), text_for_c(info.local_name), info.size_hint};
    return result;
}
qmgr_hresult qmgr_job_get_file_count(const qmgr_job* job, uint32_t* out) noexcept {
    return on(
        job, [&](const qmgr::library::Job& of) { return of.get_file_count(*out); }, out);
}
qmgr_hresult qmgr_job_switch_to_foreground(const qmgr_job* job) noexcept {
    return on(job, [](const qmgr::library::Job& of) { return of.switch_to_foreground(); });
}
qmgr_hresult qmgr_job_get_job_id(const qmgr_job* job, qmgr_guid* out) noexcept {
    qmgr::JobId id;
    const qmgr_hresult result = on(
        job, [&](const qmgr::library::Job& of) { return of.get_job_id(id); }, out);
    if (result == QMGR_S_OK) *out = guid_for_c(id.guid);
    return result;
}

qmgr_hresult qmgr_group_enumerator_release(qmgr_group_enumerator* list) noexcept {
    return release(list);
}
qmgr_hresult qmgr_group_enumerator_next(const qmgr_group_enumerator* list, uint32_t count,
                                        qmgr_guid* ids, uint32_t* fetched) noexcept {
    return next<qmgr::GroupId>(list, count, ids, fetched);
}
qmgr_hresult qmgr_group_enumerator_skip(const qmgr_group_enumerator* list,
                                        uint32_t count) noexcept {
    return on(list, [&](const qmgr::library::GroupEnumerator& of) { return of.skip(count); });
}
qmgr_hresult qmgr_group_enumerator_reset(const qmgr_group_enumerator* list) noexcept {
    return on(list, [](const qmgr::library::GroupEnumerator& of) { return of.reset(); });
}
qmgr_hresult qmgr_group_enumerator_clone(const qmgr_group_enumerator* list,
                                         qmgr_group_enumerator** out) noexcept {
    return clone(list, out);
}
qmgr_hresult qmgr_group_enumerator_get_count(const qmgr_group_enumerator* list,
                                             uint32_t* out) noexcept {
    return on(
        list, [&](const qmgr::library::GroupEnumerator& of) { return of.get_count(*out); }, out);
}

qmgr_hresult qmgr_job_enumerator_release(qmgr_job_enumerator* list) noexcept {
    return release(list);
}
qmgr_hresult qmgr_job_enumerator_next(const qmgr_job_enumerator* list, uint32_t count,
                                      qmgr_guid* ids, uint32_t* fetched) noexcept {
    return next<qmgr::JobId>(list, count, ids, fetched);
}
qmgr_hresult qmgr_job_enumerator_skip(const qmgr_job_enumerator* list, uint32_t count) noexcept {
    return on(list, [&](const qmgr::library::JobEnumerator& of) { return of.skip(count); });
}
qmgr_hresult qmgr_job_enumerator_reset(const qmgr_job_enumerator* list) noexcept {
    return on(list, [](const qmgr::library::JobEnumerator& of) { return of.reset(); });
}
qmgr_hresult qmgr_job_enumerator_clone(const qmgr_job_enumerator* list,
                                       qmgr_job_enumerator** out) noexcept {
    return clone(list, out);
}
qmgr_hresult qmgr_job_enumerator_get_count(const qmgr_job_enumerator* list,
                                           uint32_t* out) noexcept {
    return on(
        list, [&](const qmgr::library::JobEnumerator& of) { return of.get_count(*out); }, out);
}
