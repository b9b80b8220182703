/* The library for C (C99 and later): IBackgroundCopyQMgr, IBackgroundCopyGroup,
 * IBackgroundCopyJob1, both enumerators and the callback as functions, one per documented method.
 * What each of them means, with its codes, clauses and pages, stands in queue_manager.hpp under the
 * same name; here stands what is different in C.
 *
 * Answers. A function returns the HRESULT of the documented method as a number. Values come back
 * through pointers, which are written to when the call succeeded and left alone when it failed.
 * A null pointer where one is needed is QMGR_E_POINTER, and nothing was done. There is no name() in
 * C: a number without a QMGR_ name here is 0x80190000 + an HTTP status, 0x80070000 + an error code
 * of Windows, or one of reference/contract/hresult.hpp. No exception comes out of a function; where
 * no memory is left the process ends.
 * Waiting. Every function blocks until the queue has answered; none waits for a transfer.
 * Threads. Every function may be called from any thread, from several at once, but for the one that
 * gives an object up: nobody else may be using that object then.
 * Objects. What came through a `**` is given up with its _release function, exactly once, and the
 * queue with qmgr_close after all of them. Whatever a _release function answers, the object is
 * gone; only QMGR_E_POINTER (null) did nothing.
 * Text is UTF-8 and ends with NUL. Text that a call gives out is the caller's: it is freed with the
 * _clear function of the struct it stands in.
 */
#ifndef QMGR_REFERENCE_LIBRARY_QMGR_C_H
#define QMGR_REFERENCE_LIBRARY_QMGR_C_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define QMGR_NOEXCEPT noexcept
#else
#define QMGR_NOEXCEPT
#endif

typedef uint32_t qmgr_hresult;

#define QMGR_S_OK UINT32_C(0x00000000)
#define QMGR_S_FALSE UINT32_C(0x00000001)
#define QMGR_E_NOTIMPL UINT32_C(0x80004001)
#define QMGR_E_POINTER UINT32_C(0x80004003)
#define QMGR_E_FAIL UINT32_C(0x80004005)
#define QMGR_E_INVALIDARG UINT32_C(0x80070057)
#define QMGR_E_ACCESSDENIED UINT32_C(0x80070005)
#define QMGR_E_INVALID_STATE UINT32_C(0x81001001)             /* QM_E_INVALID_STATE */
#define QMGR_E_SERVICE_UNAVAILABLE UINT32_C(0x81001002)       /* QM_E_SERVICE_UNAVAILABLE */
#define QMGR_E_ITEM_NOT_FOUND UINT32_C(0x81001004)            /* QM_E_ITEM_NOT_FOUND */
#define QMGR_E_EMPTY UINT32_C(0x80200003)                     /* BG_E_EMPTY */
#define QMGR_E_DISCONNECTED UINT32_C(0x80010108)              /* RPC_E_DISCONNECTED */
#define QMGR_E_TOO_MANY_JOBS_PER_USER UINT32_C(0x80200049)    /* BG_E_TOO_MANY_... */
#define QMGR_E_TOO_MANY_JOBS_PER_MACHINE UINT32_C(0x80200050) /* BG_E_TOO_MANY_... */
#define QMGR_E_TOO_MANY_FILES_IN_JOB UINT32_C(0x80200051)     /* BG_E_TOO_MANY_... */
/* HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND): the directory of a local name is not there. */
#define QMGR_E_PATH_NOT_FOUND UINT32_C(0x80070003)
/* HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION): another process has this queue open. */
#define QMGR_E_BUSY UINT32_C(0x80070020)

/* Bits of qmgr_group_get_status and of a callback's status: QM_STATUS_GROUP_... */
#define QMGR_GROUP_COMPLETE UINT32_C(0x40)
#define QMGR_GROUP_INCOMPLETE UINT32_C(0x80)
#define QMGR_GROUP_SUSPENDED UINT32_C(0x100)
#define QMGR_GROUP_ERROR UINT32_C(0x200)
#define QMGR_GROUP_FOREGROUND UINT32_C(0x400)
/* Bits of qmgr_job_get_status: QM_STATUS_JOB_... */
#define QMGR_JOB_COMPLETE UINT32_C(0x4)
#define QMGR_JOB_INCOMPLETE UINT32_C(0x8)
#define QMGR_JOB_ERROR UINT32_C(0x10)
/* Flags of the two get_progress functions: QM_PROGRESS_... */
#define QMGR_PROGRESS_PERCENT_DONE UINT32_C(1)
#define QMGR_PROGRESS_TIME_DONE UINT32_C(2)
#define QMGR_PROGRESS_SIZE_DONE UINT32_C(3)
/* Properties: GROUPPROP_... Of the thirteen these six work; all others are QMGR_E_NOTIMPL. Integers
 * are set as any of QMGR_VT_I4, QMGR_VT_UI4, VT_I2, VT_UI2, VT_INT, VT_UINT and read as QMGR_VT_I4,
 * texts are QMGR_VT_BSTR both ways. Priority, protocol flags: only 1, which they are. Notify flags:
 * 0 (the default) or the two bits below. Notify CLSID: "{8-4-4-4-12}", by default of zeros. Display
 * name, description: at most 256 and 1,024 UTF-16 units, by default empty. */
#define QMGR_PROP_PRIORITY UINT32_C(0)
#define QMGR_PROP_PROTOCOLFLAGS UINT32_C(5)
#define QMGR_PROP_NOTIFYFLAGS UINT32_C(6)
#define QMGR_PROP_NOTIFYCLSID UINT32_C(7)
#define QMGR_PROP_DISPLAYNAME UINT32_C(11)
#define QMGR_PROP_DESCRIPTION UINT32_C(12)
/* Bits of QMGR_PROP_NOTIFYFLAGS: QM_NOTIFY_... */
#define QMGR_NOTIFY_GROUP_DONE UINT32_C(0x4)
#define QMGR_NOTIFY_DISABLE_NOTIFY UINT32_C(0x40)
/* Types of a qmgr_variant: VT_... */
#define QMGR_VT_I4 UINT16_C(3)
#define QMGR_VT_BSTR UINT16_C(8)
#define QMGR_VT_UI4 UINT16_C(19)
/* The file index of a callback where no file failed: the interface's -1. */
#define QMGR_NO_FILE UINT32_C(0xFFFFFFFF)

/* Sixteen bytes in the order in which the text form writes them. */
typedef struct qmgr_guid {
    uint8_t bytes[16];
} qmgr_guid;

/* VARIANT: `number` counts for an integer type, `text` for QMGR_VT_BSTR. */
typedef struct qmgr_variant {
    uint16_t type;
    int64_t number;
    const char* text;
} qmgr_variant;

/* FILESETINFO: a URL, a full path, and a hint in bytes that is not looked at. */
typedef struct qmgr_file_set_info {
    const char* remote_name;
    const char* local_name;
    uint32_t size_hint;
} qmgr_file_set_info;

/* Who calls. */
typedef struct qmgr_caller {
    const char* user;
    int administrator; /* 0: no */
} qmgr_caller;

typedef struct qmgr_queue qmgr_queue;
typedef struct qmgr_group qmgr_group;
typedef struct qmgr_job qmgr_job;
typedef struct qmgr_group_enumerator qmgr_group_enumerator;
typedef struct qmgr_job_enumerator qmgr_job_enumerator;

/* Reads "6f9619ff-8b86-d011-b42d-00c04fc964ff", in either case; QMGR_E_INVALIDARG for anything
 * else. */
qmgr_hresult qmgr_guid_from_text(const char* text, qmgr_guid* out) QMGR_NOEXCEPT;
/* Writes that form and a NUL: 37 bytes. */
qmgr_hresult qmgr_guid_to_text(const qmgr_guid* guid, char out[37]) QMGR_NOEXCEPT;
/* Frees the text, and all is 0 and null. Only for what a call gave out. */
void qmgr_variant_clear(qmgr_variant* variant) QMGR_NOEXCEPT;
void qmgr_file_set_info_clear(qmgr_file_set_info* info) QMGR_NOEXCEPT;

/* The queue. `caller` null: the user this process runs as. QMGR_E_BUSY: another process has this
 * queue open; QMGR_E_SERVICE_UNAVAILABLE: the folder or the journal in it cannot be used;
 * QMGR_E_FAIL: no thread can be started. On failure one line for a person goes into `reason`, cut
 * off at `reason_size` bytes with its NUL; `reason` may be null. A Policy cannot be given in C: the
 * documented numbers hold, such as a retry delay of 600 seconds. */
qmgr_hresult qmgr_open(const char* folder, const qmgr_caller* caller, qmgr_queue** out,
                       char* reason, size_t reason_size) QMGR_NOEXCEPT;
/* Stops the queue; its transfers go on when it is opened again. Waits for a callback under way.
 * QMGR_E_INVALID_STATE: an object of it was not released, or this was called from within a
 * callback. Any answer but QMGR_S_OK: the queue is still open. */
qmgr_hresult qmgr_close(qmgr_queue* queue) QMGR_NOEXCEPT;
qmgr_hresult qmgr_create_group(qmgr_queue* queue, const qmgr_guid* group_id,
                               qmgr_group** out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_get_group(qmgr_queue* queue, const qmgr_guid* group_id,
                            qmgr_group** out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_enum_groups(qmgr_queue* queue, uint32_t flags,
                              qmgr_group_enumerator** out) QMGR_NOEXCEPT;

/* OnStatus. `context` is what was registered. `group` and `job` (null: none) are the library's and
 * gone when this returns; every function but _release may be called with them. qmgr_close and
 * qmgr_register_callback must not be called from within. Runs on a thread of the library's own, one
 * delivery at a time. What is not answered QMGR_S_OK is delivered again. */
typedef qmgr_hresult (*qmgr_on_status)(void* context, const qmgr_group* group, const qmgr_job* job,
                                       uint32_t file_index, uint32_t status, uint32_t retries,
                                       uint32_t win32_result, uint32_t transport_result);
/* Deliveries to groups whose QMGR_PROP_NOTIFYCLSID is `class_id` go to `on_status` from now on, in
 * place of the function before, which is not running any more when this returns. `on_status` null:
 * nobody is told any more. QMGR_E_INVALID_STATE: called from within a callback, and nothing was
 * done. QMGR_E_FAIL: no thread can be started, and nobody is told any more. */
qmgr_hresult qmgr_register_callback(qmgr_queue* queue, const qmgr_guid* class_id,
                                    qmgr_on_status on_status, void* context) QMGR_NOEXCEPT;

/* A group. */
qmgr_hresult qmgr_group_release(qmgr_group* group) QMGR_NOEXCEPT;
/* `out` is to be cleared. */
qmgr_hresult qmgr_group_get_prop(const qmgr_group* group, uint32_t property,
                                 qmgr_variant* out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_set_prop(const qmgr_group* group, uint32_t property,
                                 const qmgr_variant* value) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_get_progress(const qmgr_group* group, uint32_t flag,
                                     uint32_t* out) QMGR_NOEXCEPT;
/* `job_index` may be null. */
qmgr_hresult qmgr_group_get_status(const qmgr_group* group, uint32_t* status,
                                   uint32_t* job_index) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_get_job(const qmgr_group* group, const qmgr_guid* job_id,
                                qmgr_job** out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_suspend_group(const qmgr_group* group) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_resume_group(const qmgr_group* group) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_cancel_group(const qmgr_group* group) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_get_size(const qmgr_group* group, uint32_t* out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_get_group_id(const qmgr_group* group, qmgr_guid* out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_create_job(const qmgr_group* group, const qmgr_guid* job_id,
                                   qmgr_job** out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_enum_jobs(const qmgr_group* group, uint32_t flags,
                                  qmgr_job_enumerator** out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_switch_to_foreground(const qmgr_group* group) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_query_new_job_interface(const qmgr_group* group) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_set_notification_pointer(const qmgr_group* group) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_internal_set_prop(const qmgr_group* group) QMGR_NOEXCEPT;

/* A job. */
qmgr_hresult qmgr_job_release(qmgr_job* job) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_cancel_job(const qmgr_job* job) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_get_progress(const qmgr_job* job, uint32_t flag, uint32_t* out) QMGR_NOEXCEPT;
/* The last three may be null. */
qmgr_hresult qmgr_job_get_status(const qmgr_job* job, uint32_t* status, uint32_t* win32_result,
                                 uint32_t* transport_result, uint32_t* retries) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_get_times(const qmgr_job* job) QMGR_NOEXCEPT;
/* `files` is an array of `count`. */
qmgr_hresult qmgr_job_add_files(const qmgr_job* job, uint32_t count,
                                const qmgr_file_set_info* files) QMGR_NOEXCEPT;
/* `out` is to be cleared. */
qmgr_hresult qmgr_job_get_file(const qmgr_job* job, uint32_t index,
                               qmgr_file_set_info* out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_get_file_count(const qmgr_job* job, uint32_t* out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_switch_to_foreground(const qmgr_job* job) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_get_job_id(const qmgr_job* job, qmgr_guid* out) QMGR_NOEXCEPT;

/* Enumerators. `ids` is an array of `count`; `fetched` gets how many were put there, also with
 * QMGR_S_FALSE. It may be null when `count` is 1, else that is QMGR_E_INVALIDARG. */
qmgr_hresult qmgr_group_enumerator_release(qmgr_group_enumerator* list) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_enumerator_next(const qmgr_group_enumerator* list, uint32_t count,
                                        qmgr_guid* ids, uint32_t* fetched) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_enumerator_skip(const qmgr_group_enumerator* list,
                                        uint32_t count) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_enumerator_reset(const qmgr_group_enumerator* list) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_enumerator_clone(const qmgr_group_enumerator* list,
                                         qmgr_group_enumerator** out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_group_enumerator_get_count(const qmgr_group_enumerator* list,
                                             uint32_t* out) QMGR_NOEXCEPT;

qmgr_hresult qmgr_job_enumerator_release(qmgr_job_enumerator* list) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_enumerator_next(const qmgr_job_enumerator* list, uint32_t count,
                                      qmgr_guid* ids, uint32_t* fetched) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_enumerator_skip(const qmgr_job_enumerator* list,
                                      uint32_t count) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_enumerator_reset(const qmgr_job_enumerator* list) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_enumerator_clone(const qmgr_job_enumerator* list,
                                       qmgr_job_enumerator** out) QMGR_NOEXCEPT;
qmgr_hresult qmgr_job_enumerator_get_count(const qmgr_job_enumerator* list,
                                           uint32_t* out) QMGR_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
