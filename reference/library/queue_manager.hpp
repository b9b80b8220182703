// For programs that link the queue: IBackgroundCopyQMgr, IBackgroundCopyGroup, IBackgroundCopyJob1,
// both enumerators and the callback as classes. One function per documented method, under its
// documented name in this project's style (SuspendGroup is suspend_group). docs/library.md is the
// introduction, docs/examples/ has programs to begin with.
//
// What holds for every function here, unless it says something else:
//
// - Answers. It returns the HRESULT of the documented method. A value comes back through the last
//   argument, which is set when the call succeeded and keeps what it had when it failed. Nothing is
//   thrown for what a queue can answer. Beside the codes named below, every call may answer
//   QM_E_SERVICE_UNAVAILABLE (the journal cannot be written, SERVICE-1), RPC_E_DISCONNECTED (the
//   service was started again, HANDLE-2), E_POINTER (this object is empty), and, over a system
//   that does not do a call, E_NOTIMPL.
// - Waiting. It blocks until the queue has answered, and the queue answers when the change is
//   durable. It never waits for a transfer; cancel_group waits for renames.
// - Threads. Objects may be used from any thread, from several at once. Making, moving, assigning
//   and ending an object is for one thread, while no other one uses it.
// - Objects. Group, Job and the enumerators hold one handle each. They can be moved, not copied;
//   whoever holds one last gives the handle up (IUnknown::Release), which changes nothing in the
//   queue (HANDLE-5). They end before their QueueManager has ended, which waits for a callback
//   under way and what that holds; the other order is a bug that ends the program with a line that
//   says so.
// - Text is UTF-8.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/contract/policy.hpp"
#include "reference/contract/property.hpp"
#include "reference/contract/reply.hpp"
#include "reference/contract/running_system.hpp"

namespace qmgr::inline v0::library {

class QueueConnection;

/// Whether an object gives its handle up when it ends.
enum class Lending : std::uint8_t { Owned, Borrowed };

/// One handle and its release. Base of Group, Job and both enumerators; of no use by itself.
template <class Handle>
class HeldHandle {
  public:
    /// Empty: every call answers E_POINTER.
    HeldHandle() = default;
    /// For the library's own use: nobody else has a QueueConnection.
    HeldHandle(QueueConnection& connection, Handle handle, Lending lending);
    /// The other one is empty afterwards.
    HeldHandle(HeldHandle&& other) noexcept;
    HeldHandle& operator=(HeldHandle&& other) noexcept;
    HeldHandle(const HeldHandle&) = delete;
    HeldHandle& operator=(const HeldHandle&) = delete;
    ~HeldHandle();

    /// IUnknown::Release: gives the handle up now, and this object is empty, whatever the answer.
    /// S_OK (HANDLE-5).
    HResult release();
    /// False when empty.
    explicit operator bool() const { return connection_ != nullptr; }
    /// The number the queue knows this object by; 0 when empty.
    Handle handle() const { return handle_; }

  protected:
    /// E_POINTER when empty.
    Reply ask(const Call& call) const;
    /// Null when empty.
    QueueConnection* connection() const { return connection_; }

  private:
    QueueConnection* connection_ = nullptr;
    Handle handle_{};
    Lending lending_ = Lending::Owned;
};

/// IEnumBackgroundCopyGroups and IEnumBackgroundCopyJobs1: a list of GUIDs as it was when the
/// enumerator was made, and a position in it (ENUM-SNAP-1), in the order of creation
/// (ENUM-ORDER-1). Ask for it as GroupEnumerator or JobEnumerator.
template <class Id>
class Enumerator : public HeldHandle<EnumeratorHandle> {
  public:
    using HeldHandle::HeldHandle;

    /// Next: puts up to `count` GUIDs into `out`, which loses what it had. S_OK when it has `count`
    /// of them; S_FALSE when fewer were left, also none (ENUM-NEXT-1, ENUM-NEXT-2; page next).
    HResult next(std::uint32_t count, std::vector<Id>& out) const;
    /// Next for one GUID, with a null pointer for the number fetched (ENUM-NEXT-3). S_OK; S_FALSE
    /// at the end, and `out` keeps what it had.
    HResult next(Id& out) const;
    /// Skip: S_OK; S_FALSE when fewer than `count` were left, and it stands at the end
    /// (ENUM-SKIP-1; page skip).
    HResult skip(std::uint32_t count) const;
    /// Reset: back to the first one. S_OK (ENUM-RESET-1; page reset).
    HResult reset() const;
    /// Clone: another enumerator of the same list at the same position. S_OK (ENUM-CLONE-1; page
    /// clone).
    HResult clone(Enumerator& out) const;
    /// GetCount: how many there are, whatever the position. S_OK (ENUM-COUNT-1; page getcount).
    HResult get_count(std::uint32_t& out) const;
};
using GroupEnumerator = Enumerator<GroupId>;
using JobEnumerator = Enumerator<JobId>;

/// IBackgroundCopyJob1: the files of a group. A changing call for a job whose group was cancelled
/// answers QM_E_INVALID_STATE (GROUP-CANCEL-4).
class Job : public HeldHandle<JobHandle> {
  public:
    using HeldHandle::HeldHandle;

    /// AddFiles: all of them or none, fetched in this order (JOB1-ADD-1, JOB1-ADD-4; page
    /// addfiles). The server is not asked anything yet.
    /// E_INVALIDARG: no file, a remote name that is no http or https URL of at most 2,200
    /// characters, or a local name that is no full path of at most 260 UTF-16 units (JOB1-ADD-2,
    /// JOB1-ADD-5, JOB1-ADD-6). E_ACCESSDENIED: the directory may not be written to. 0x80070003: it
    /// is not there. BG_E_TOO_MANY_FILES_IN_JOB: more than 200, for a caller who is no
    /// administrator (JOB1-ADD-10). 0x800704DD: the caller is not logged on (JOB1-ADD-11).
    HResult add_files(const std::vector<FileSetInfo>& files) const;
    /// GetFileCount. S_OK (JOB1-COUNT-1; page getfilecount).
    HResult get_file_count(std::uint32_t& out) const;
    /// GetFile: names and size hint exactly as added. QM_E_ITEM_NOT_FOUND for an index that is not
    /// below the count (JOB1-FILE-1; page getfile).
    HResult get_file(FileIndex index, FileSetInfo& out) const;
    /// GetProgress: as Group::get_progress (JOB1-PROG-1; page getprogress).
    HResult get_progress(ProgressFlag flag, std::uint32_t& out) const;
    /// GetStatus: flags, and with JobFlag::Error the error as HRESULT, the HTTP status (0 when no
    /// response came) and the number of failures so far, else three times 0 (JOB1-STATUS-1..4; page
    /// getstatus).
    HResult get_status(value::JobState& out) const;
    /// get_JobID: the GUID given to create_job. S_OK (JOB1-ID-1; page get_jobid).
    HResult get_job_id(JobId& out) const;

    /// CancelJob, GetTimes, SwitchToForeground: E_NOTIMPL, as documented (JOB1-STUB-1; page
    /// ibackgroundcopyjob1). Cancel or switch the group.
    HResult cancel_job() const;
    HResult get_times() const;
    HResult switch_to_foreground() const;
};

/// IBackgroundCopyGroup: what is resumed, suspended and cancelled as one. A held group survives
/// cancel_group: calls that would change it then answer QM_E_INVALID_STATE, reading ones go on
/// answering (GROUP-CANCEL-4, HANDLE-4).
class Group : public HeldHandle<GroupHandle> {
  public:
    using HeldHandle::HeldHandle;

    /// GetProp: integers come as VT_I4, texts as VT_BSTR (PROP-GET-1). Which properties there are,
    /// with types, values, lengths and defaults, stands at GroupProperty. E_NOTIMPL for one that is
    /// not supported or not known (PROP-UNSUPPORTED-1, PROP-ID-1; page getprop).
    HResult get_prop(GroupProperty property, PropertyValue& out) const;
    /// SetProp: kept over restarts (PROP-KEEP-1; page setprop). E_INVALIDARG: a variant type or a
    /// value that does not fit the property. E_NOTIMPL: a property, or a notify flag, that is not
    /// supported. A refused one changes nothing.
    HResult set_prop(GroupProperty property, const PropertyValue& value) const;
    /// GetProgress: percent from 0 to 100, rounded down and 100 only when complete, or bytes, at
    /// most 0xFFFFFFFF (GROUP-PROG-1, GROUP-PROG-2, GROUP-PROG-6; page getprogress). E_NOTIMPL for
    /// TimeDone and other flags.
    HResult get_progress(ProgressFlag flag, std::uint32_t& out) const;
    /// GetStatus: flags, and job index 0 (GROUP-STATUS-1..9; page getstatus).
    HResult get_status(value::GroupState& out) const;
    /// GetJob. QM_E_ITEM_NOT_FOUND when its job has another GUID (GROUP-GETJOB-1; page getjob).
    HResult get_job(JobId job_id, Job& out) const;
    /// SuspendGroup: no transfer goes on until resume_group. S_OK, also when it is suspended
    /// already (GROUP-SUSPEND-1, GROUP-SUSPEND-2; page suspendgroup).
    HResult suspend_group() const;
    /// ResumeGroup: starts it, clears its error, ends a wait for a retry (GROUP-RESUME-1..6; page
    /// resumegroup). BG_E_EMPTY when there is no file.
    HResult resume_group() const;
    /// CancelGroup: takes it out of the queue. Files that were completely downloaded are there
    /// under their local names, of the others nothing is left (GROUP-CANCEL-1..3; page
    /// cancelgroup). Waits for the renames; when one fails, its code, and the group is in error
    /// instead (GROUP-CANCEL-5).
    HResult cancel_group() const;
    /// get_Size: bytes of all files; 0 while the size of one is not known, and when it is above
    /// 0xFFFFFFFF (GROUP-SIZE-1, GROUP-SIZE-2; page get_size).
    HResult get_size(std::uint32_t& out) const;
    /// get_GroupID: the GUID given to create_group. S_OK (GROUP-ID-1; page get_groupid).
    HResult get_group_id(GroupId& out) const;
    /// CreateJob: the one job of this group (GROUP-CREATEJOB-1..5; page createjob).
    /// QM_E_INVALID_STATE: the group is not suspended. E_NOTIMPL: it has a job. E_INVALIDARG:
    /// another job has this GUID. BG_E_TOO_MANY_JOBS_PER_USER, BG_E_TOO_MANY_JOBS_PER_MACHINE: for
    /// a caller who is no administrator.
    HResult create_job(JobId job_id, Job& out) const;
    /// EnumJobs: its job, or nothing. E_NOTIMPL for flags other than 0 (GROUP-ENUMJOBS-1; page
    /// enumjobs).
    HResult enum_jobs(std::uint32_t flags, JobEnumerator& out) const;
    /// SwitchToForeground: it transfers beside all others from now on, and for good. S_OK
    /// (GROUP-FG-1, GROUP-FG-2; page switchtoforeground).
    HResult switch_to_foreground() const;

    /// For internal use, as documented: E_NOTIMPL (GROUP-INT-1; page ibackgroundcopygroup).
    HResult query_new_job_interface() const;
    HResult set_notification_pointer() const;
    HResult internal_set_prop() const;
};

/// IBackgroundCopyCallback1. OnProgress and OnProgressEx are never called (NOTIFY-6) and are not
/// here.
class Callback {
  public:
    Callback() = default;
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;
    virtual ~Callback() = default;

    /// OnStatus: the group is complete (asked for by NotifyFlag::group_done) or in error
    /// (NOTIFY-1..4; page onstatus). `group` and `job` (null: none) belong to the library and are
    /// gone when this returns; every function of them may be called, and of the QueueManager every
    /// one but those that register, unregister and end it. `file` is the file that
    /// failed, none where the interface says -1. The last three are meaningful with
    /// GroupFlag::Error only: failures so far, the error as HRESULT, and the HTTP status or 0.
    /// What is not answered S_OK is delivered again, with the retry delay in between (NOTIFY-5).
    /// Must not throw. Should be short: one delivery at a time is made.
    virtual HResult on_status(const Group& group, const Job* job, std::optional<FileIndex> file,
                              GroupStatus status, std::uint32_t retries, std::uint32_t win32_result,
                              std::uint32_t transport_result) = 0;
};

/// How QueueManager::open ended.
enum class Opening : std::uint8_t {
    Ok,
    Busy,      ///< another process has this queue open; it can be opened when that one has ended
    Unusable,  ///< the folder or the journal in it cannot be made, read or written
};

struct OpenedQueue;

/// IBackgroundCopyQMgr: the queue, as one caller sees it.
class QueueManager {
  public:
    /// Opens the queue that is kept in `folder`, which is made if it is missing, and goes on with
    /// every group in it that is not suspended. A journal that cannot be read is put aside, which
    /// is told on stderr, and the queue begins empty. Only one process can have a queue open; its
    /// transfers run while this object lives.
    static OpenedQueue open(const std::string& folder, const Policy& policy = {},
                            const Caller& caller = caller_of_this_process());
    /// The user this process runs as; an administrator when that is root.
    static Caller caller_of_this_process();

    /// Empty: every call answers E_POINTER.
    QueueManager();
    /// Over a system that one thread may drive: the simulated world, a mock, a pipe. This object
    /// lets one call in at a time, so several threads may share *it*; nobody else may drive the
    /// system at the same time. Deliveries wait for deliver_notifications(). `system` outlives this
    /// object.
    QueueManager(SystemUnderTest& system, Caller caller);
    /// Over a system with threads of its own, which outlives this object. Others may use it too,
    /// but of all that register callbacks only one may be there at a time: it takes all deliveries.
    QueueManager(RunningSystem& system, Caller caller);
    /// Over a queue that this object ends.
    QueueManager(std::unique_ptr<RunningQueue> queue, Caller caller);
    /// The other one is empty afterwards; its groups and jobs go on with this one.
    QueueManager(QueueManager&& other) noexcept;
    QueueManager& operator=(QueueManager&& other) noexcept;
    QueueManager(const QueueManager&) = delete;
    QueueManager& operator=(const QueueManager&) = delete;
    /// Waits for a delivery under way. Not to be called from within one.
    ~QueueManager();

    /// False when empty.
    explicit operator bool() const { return connection_ != nullptr; }

    /// CreateGroup: a new, suspended group with this GUID (QMGR-CREATE-1..4, GROUP-NEW-1; page
    /// creategroup). E_INVALIDARG: the null GUID, or one that a group in the queue has, whoever
    /// owns it.
    HResult create_group(GroupId group_id, Group& out) const;
    /// GetGroup: the caller owns it from now on (QMGR-GET-1..5; page getgroup).
    /// QM_E_ITEM_NOT_FOUND: no such group, or somebody else's and the caller is no administrator.
    HResult get_group(GroupId group_id, Group& out) const;
    /// EnumGroups: the caller's groups, an administrator's lists all (QMGR-ENUM-1..3; page
    /// enumgroups). E_NOTIMPL for flags other than 0.
    HResult enum_groups(std::uint32_t flags, GroupEnumerator& out) const;

    /// Deliveries to groups whose GROUPPROP_NOTIFYCLSID is `class_id` go to `callback` from now on;
    /// one that nobody answered is made again (NOTIFY-7, NOTIFY-12). It takes the place of the one
    /// before, which may still be busy with its last delivery. `callback` lives until
    /// unregister_callback or the end of this object.
    ///
    /// Over a RunningSystem, a queue that was opened included, on_status runs on a thread of the
    /// library's own, one delivery after the other. Over any other system it runs inside
    /// deliver_notifications(). E_POINTER when empty, else S_OK. Not to be called from within
    /// on_status.
    HResult register_callback(ClassId class_id, Callback& callback);
    /// When it returns, no on_status of that callback runs, and none will. Deliveries count as not
    /// answered until another one is registered (NOTIFY-12). Not to be called from within
    /// on_status.
    void unregister_callback(ClassId class_id);
    /// Takes the deliveries that wait, calls on_status for each on this thread, and answers them.
    /// Returns how many there were. Over a RunningSystem there is nothing for it to do: 0.
    std::size_t deliver_notifications();

  private:
    std::unique_ptr<QueueConnection> connection_;
};

/// What open() gives.
struct OpenedQueue {
    Opening opening = Opening::Unusable;
    std::string reason;  ///< empty when Ok, else one line for a person: place, and what is wrong
    QueueManager queue;  ///< empty unless Ok
};

/// "{6f9619ff-8b86-d011-b42d-00c04fc964ff}", the registry form that GROUPPROP_NOTIFYCLSID takes, as
/// a VT_BSTR (PROP-NOTIFYCLSID-1).
PropertyValue class_id_value(ClassId class_id);
/// A VT_BSTR, for the two properties that are texts.
PropertyValue text_value(std::string text);
/// A VT_UI4, for priority, protocol flags and notify flags.
PropertyValue number_value(std::uint32_t number);

}  // namespace qmgr::inline v0::library
