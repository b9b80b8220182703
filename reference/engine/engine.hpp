// The queue manager without I/O: one door in (step), one list out (Actions). It has no clock, no
// thread, no randomness and no exceptions; the same inputs at the same times give the same actions.
//
// The caller's duties. Feed one input at a time, with a `now` that never goes back. Perform the
// actions in order (action.hpp has the law). Hand back the event each action announces. Call
// step(event::TimeReached{}) when next_wakeup() has come.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "reference/contract/policy.hpp"
#include "reference/engine/action.hpp"
#include "reference/engine/queue_state.hpp"
#include "reference/engine/response_facts.hpp"
#include "reference/engine/rules.hpp"

namespace qmgr {

struct ResponseFacts;

/// Numbers that are never given twice in one run of a service, whatever becomes of its engine.
struct Numbers {
    std::uint64_t handle = 1;
    std::uint64_t fetch = 1;
    bool operator==(const Numbers&) const = default;
};

/// Not thread-safe. `rules` and `policy` outlive it.
class Engine {
  public:
    Engine(const Rules& rules, const Policy& policy);

    /// Takes back what the journal held and goes on with it: every resumed group is tried at once
    /// (XFER-START-1), a cancel that was under way is finished. Once, before the first step.
    /// Numbers go on from `numbers`, so that a service that opens again never repeats one.
    Actions restore(const Records& records, Instant now, const Numbers& numbers = {},
                    const Circumstances& around = {});

    /// Decides one input. A Call is answered in the step that receives it, except a CancelGroup
    /// that has finished files to rename: it is answered in the step that hears of the last one.
    Actions step(const Input& input, Instant now);

    /// When time alone has to be told next; nothing if no group waits for a time.
    std::optional<Instant> next_wakeup() const;

    /// The numbers the next handle and the next fetch will have.
    Numbers numbers() const { return {state_.next_handle, state_.next_fetch}; }

    /// For tests and the meta checks; no decision outside the engine may rest on it.
    const QueueState& state() const { return state_; }

  private:
    // One step's work in progress; empty between steps.
    struct Work {
        Instant now;
        std::set<GroupNumber> dirty_groups;  // records to write
        std::set<FileRef> dirty_files;
        std::set<GroupNumber> dropped;  // cancelled, maybe to be forgotten
        bool queue_dirty = false;
        std::vector<Action> actions;
        std::vector<action::Answer> answers;
        std::vector<action::Notify> calls;
        std::set<std::string> told_users;  // whose callbacks may have got a place
        std::vector<Step> steps;
    };

    void begin(Instant now);
    Actions finish();
    action::Persist dirty_records() const;

    // Calls (engine_calls.cpp): one overload a method.
    void take(const CallInput& input);
    Reply reply_to(const CallInput& input, const call::CreateGroup& call);
    Reply reply_to(const CallInput& input, const call::GetGroup& call);
    Reply reply_to(const CallInput& input, const call::EnumGroups& call);
    Reply reply_to(const CallInput& input, const call::Release& call);
    template <class Method>
    Reply reply_to(const CallInput& input, const Method& method);
    Reply group_call(const CallInput& input, Group& group, const call::GetProp& call);
    Reply group_call(const CallInput& input, Group& group, const call::SetProp& call);
    Reply group_call(const CallInput& input, Group& group, const call::GetGroupProgress& call);
    Reply group_call(const CallInput& input, Group& group, const call::GetGroupStatus& call);
    Reply group_call(const CallInput& input, Group& group, const call::GetJob& call);
    Reply group_call(const CallInput& input, Group& group, const call::SuspendGroup& call);
    Reply group_call(const CallInput& input, Group& group, const call::ResumeGroup& call);
    Reply group_call(const CallInput& input, Group& group, const call::GetSize& call);
    Reply group_call(const CallInput& input, Group& group, const call::GetGroupId& call);
    Reply group_call(const CallInput& input, Group& group, const call::CreateJob& call);
    Reply group_call(const CallInput& input, Group& group, const call::EnumJobs& call);
    Reply group_call(const CallInput& input, Group& group,
                     const call::SwitchGroupToForeground& call);
    template <class Internal>
    Reply group_call(const CallInput& input, Group& group, const Internal& call);
    Reply job_call(const CallInput& input, Group& group, const call::GetJobProgress& call);
    Reply job_call(const CallInput& input, Group& group, const call::GetJobStatus& call);
    Reply job_call(const CallInput& input, Group& group, const call::AddFiles& call);
    Reply job_call(const CallInput& input, Group& group, const call::GetFile& call);
    Reply job_call(const CallInput& input, Group& group, const call::GetFileCount& call);
    Reply job_call(const CallInput& input, Group& group, const call::GetJobId& call);
    template <class Stub>
    Reply job_call(const CallInput& input, Group& group, const Stub& call);
    Reply enumerator_call(Enumerator& enumerator, const call::Next& call);
    Reply enumerator_call(Enumerator& enumerator, const call::Skip& call);
    Reply enumerator_call(Enumerator& enumerator, const call::Reset& call);
    Reply enumerator_call(Enumerator& enumerator, const call::Clone& call);
    Reply enumerator_call(Enumerator& enumerator, const call::GetCount& call);
    std::optional<Reply> cancel(const CallInput& input, const call::CancelGroup& call);
    void give_up_handle(std::uint64_t number);
    GroupHandle new_group_handle(Group& group);
    JobHandle new_job_handle(Group& group);
    EnumeratorHandle new_enumerator(Enumerator enumerator);

    // Events (engine_files.cpp).
    void take(const Event& event);
    void on(const event::PartCreated& event);
    void on(const event::ResponseStarted& event);
    void on(const event::BytesStored& event);
    void on(const event::FetchEnded& event);
    void on(const event::StoreFailed& event);
    void on(const event::PartSynced& event);
    void on(const event::FileCommitted& event);
    void on(const event::PartDiscarded& event);
    void on(const event::SessionChanged& event);
    void on(const event::NetworkChanged& event);
    void on(const event::PauseChanged& event);
    void on(const event::CallbackRegistered& event);
    void on(const event::NotificationAnswered& event);
    void on(const event::TimeReached& event);

    // The job's machine (engine.cpp).
    const JobRow& row_of(const Group& group, Trigger trigger) const;
    HResult apply(Group& group, Trigger trigger);
    void take_back(const GroupRecord& record);
    void leave(Group& group);
    void enter(Group& group, JobState from);
    void finish_renames(Group& group);
    void rename_stored(Group& group);
    void discard_unfinished(Group& group);
    void fail(Group& group, const JobError& error);
    void wait(Group& group, const JobError& error, Duration at_least);

    // Turns, surroundings and time (engine_turns.cpp).
    void keep_going(Group& group, JobState from);
    void seat(Group& group);
    void forget_in_indexes(const Group& group);
    void change_owner(Group& group, const std::string& user);
    void hold(Group& group, Trigger trigger, HResult code);
    void give_turns();
    void take_background_turn(Group& group);
    std::optional<Instant> wake_of(const Group& group) const;
    void set_wake(Group& group);
    std::optional<Instant> no_progress_at(const Group& group) const;
    std::optional<Instant> expires_at(const Group& group) const;
    void note_progress(Group& group);
    void note_synced(Group& group, FileIndex index, std::uint64_t length);
    void touch(Group& group);
    static bool would_start_over(const Group& group);
    void wake_up(Group& group);

    // Notifications (engine_callbacks.cpp).
    static bool is_told(JobState state);
    bool can_be_told(const Group& group) const;
    void announce(Group& group);
    void retract(Group& group);
    void withdraw(const Group& group);
    void offer(Group& group);
    bool waits_for_time(const Group& group) const;
    void make_callbacks();
    void call_back(Group& group, const std::string& user);
    void end_flight(NotificationNumber number);

    // One file (engine_files.cpp).
    void apply(Group& group, FileIndex index, FileTrigger trigger);
    void begin_next(Group& group);
    void begin_file(Group& group, FileIndex index);
    void create_part(Group& group, FileIndex index);
    static void forget_part(File& file);
    void start_fetch(Group& group, FileIndex index, bool head);
    void end_fetch(File& file, bool stop);
    FileRequest request_for(const Group& group, const File& file) const;
    void decide(Group& group, FileIndex index, const ResponseFacts& facts,
                const event::ResponseStarted& event, HResult failure);
    void learn(File& file, const event::ResponseStarted& event);
    void append(Group& group, FileIndex index, const event::ResponseStarted& event);
    void start_over(Group& group, FileIndex index, const event::ResponseStarted& event);
    void try_again(Group& group, FileIndex index);
    File* live_file(FileRef ref, Group** group);
    void spend(std::uint64_t bytes);
    std::uint64_t piece_of(const Group& group, const File& file) const;

    void mark(const Group& group) { work_.dirty_groups.insert(group.number); }
    void mark(const Group& group, FileIndex index) {
        work_.dirty_files.insert({group.number, index});
    }
    template <class T>
    void emit(T&& action) {
        work_.actions.push_back(std::forward<T>(action));
    }

    const Rules& rules_;
    const Policy& policy_;
    const JobIndex job_index_;
    const FileRowIndex file_index_;
    QueueState state_;
    Work work_;
};

}  // namespace qmgr
