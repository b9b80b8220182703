// The queue behind bits.h, as a class; job_queue.hpp is all that others need of it.
#pragma once

#include <bits.h>
#include <windows.h>
#include <wrl/client.h>

#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/adapters/com/callback.hpp"
#include "conformance/adapters/com/deadline.hpp"
#include "conformance/adapters/com/mapping.hpp"
#include "conformance/adapters/com/message.hpp"
#include "conformance/adapters/com/queue.hpp"
#include "conformance/adapters/com/table.hpp"
#include "conformance/adapters/com/windows_text.hpp"

namespace qmgr::com_adapter {

using Microsoft::WRL::ComPtr;

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
    Code code = kOk;  // of GetState, as the queue manager has it
    JobState state = JobState::Suspended;
};

/// True when BITS says that the job has the priority FOREGROUND. Not a part of a look, which is
/// asked for many times a second: each question is a call into another process.
bool is_foreground(IBackgroundCopyJob& job);

/// Why a job is in error.
struct Failure {
    Code code = 0;
    std::optional<std::uint32_t> file;  ///< its index
};

/// The reply of a call that has nothing beside what BITS answered, or failed.
inline Json job_reply(HRESULT result) { return reply(as_group_code(to_code(result))); }

// Thrown to end a call whose handle nobody holds.
struct DeadHandle {};

/// Every call of the protocol that has a counterpart is a method here, in three source files:
/// job_queue.cpp (groups, jobs), job_lists.cpp (enumerators), job_look.cpp (what they share, and
/// notifications).
class JobQueue final : public Queue {
  public:
    JobQueue(ComPtr<IBackgroundCopyManager> manager, const Settings& settings);

    std::string name() const override { return "BITS through IBackgroundCopyManager"; }
    std::vector<std::string> abilities() const override;
    Json call(const Arguments& arguments) override;
    void register_class(const std::string& class_id) override;
    void answer(std::uint64_t number, Code code) override { deliveries_.answer(number, code); }

    /// Cancels what killed runs have left behind; whatever does not return within two seconds, or
    /// until the deadline, goes on beside.
    void cancel_abandoned(const Deadline& deadline);
    /// True when the queue still lists jobs that were cancelled or completed. No page allows that,
    /// and every list of groups would have them, too.
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
    HRESULT attach(const std::string& class_id, IBackgroundCopyJob& job);
    HRESULT tell(const std::string& class_id, IBackgroundCopyJob& job, bool is_error);
    void require_own_queue();

    const ComPtr<IBackgroundCopyManager> manager_;
    const Settings settings_;
    Table table_;
    Deliveries deliveries_;
    std::set<std::string> registered_;
    // Held by every call that changes a job, and over a look, the Complete that it calls and the
    // writing down of what came of that: callbacks look, too, and only one Complete can succeed.
    std::mutex publishing_;
    mutable std::mutex mutex_;  // of the next two; callbacks make handles, too
    std::map<std::uint64_t, Held> handles_;
    std::uint64_t last_handle_ = 0;
};

}  // namespace qmgr::com_adapter
