// One thing that is told to the auditor, judged against what it knows, which it changes. Inside of
// the auditor; the functions stand in auditor_judge.cpp (what all calls have in common),
// auditor_queue.cpp, auditor_group.cpp, auditor_job.cpp, auditor_progress.cpp and
// auditor_notices.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "propertytests/auditor.hpp"

namespace qmgr::propertytests::audit {

/// The answers that are right for one call. Without a word, S_OK is the one.
class Allowed {
  public:
    /// It cannot succeed; of several such reasons each code is right.
    void refuse(HResult code, const char* clause) {
        must_fail_ = true;
        may_refuse(code, clause);
    }
    /// It may fail with that code: the auditor does not know.
    void may_refuse(HResult code, const char* clause) {
        if (count_ < codes_.size()) codes_.at(count_++) = {code, clause};
    }
    bool must_fail() const { return must_fail_; }
    bool has(HResult code) const { return clause_of(code) != nullptr; }
    /// The clause that allows `code`; null if none does.
    const char* clause_of(HResult code) const;
    /// The clause of the first reason; null without one.
    const char* first_clause() const { return count_ == 0 ? nullptr : codes_.front().clause; }
    /// "BG_E_EMPTY or QM_E_INVALID_STATE".
    std::string words() const;

  private:
    struct Code {
        HResult code{};
        const char* clause = nullptr;
    };
    std::array<Code, 12> codes_{};
    std::size_t count_ = 0;
    bool must_fail_ = false;
};

class Judge {
  public:
    Judge(Model& model, std::vector<Violation>& found, Instant now)
        : model_(model), found_(found), now_(now) {}

    void call_answered(const Caller& caller, const Call& call, const Reply& reply);
    void call_unanswered(const Caller& caller, const Call& call);
    void surroundings_changed(const Surroundings& what);
    void callback_registered(const Guid& class_id);
    void delivered(const Notification& notification);
    void notifications_taken();
    void delivery_answered(NotificationNumber number, HResult hresult);
    void restarted();

  private:
    // What was answered.
    void judge(const call::CreateGroup& call);
    void judge(const call::GetGroup& call);
    void judge(const call::EnumGroups& call);
    void judge(const call::GetProp& call);
    void judge(const call::SetProp& call);
    void judge(const call::GetGroupProgress& call);
    void judge(const call::GetGroupStatus& call);
    void judge(const call::GetJob& call);
    void judge(const call::SuspendGroup& call);
    void judge(const call::ResumeGroup& call);
    void judge(const call::CancelGroup& call);
    void judge(const call::GetSize& call);
    void judge(const call::GetGroupId& call);
    void judge(const call::CreateJob& call);
    void judge(const call::EnumJobs& call);
    void judge(const call::SwitchGroupToForeground& call);
    void judge(const call::QueryNewJobInterface& call);
    void judge(const call::SetNotificationPointer& call);
    void judge(const call::InternalSetProp& call);
    void judge(const call::CancelJob& call);
    void judge(const call::GetJobProgress& call);
    void judge(const call::GetJobStatus& call);
    void judge(const call::GetTimes& call);
    void judge(const call::AddFiles& call);
    void judge(const call::GetFile& call);
    void judge(const call::GetFileCount& call);
    void judge(const call::SwitchJobToForeground& call);
    void judge(const call::GetJobId& call);
    void judge(const call::Next& call);
    void judge(const call::Skip& call);
    void judge(const call::Reset& call);
    void judge(const call::Clone& call);
    void judge(const call::GetCount& call);
    void judge(const call::Release& call);

    // What all have in common.
    void violate(const char* invariant, const char* clause, std::string what);
    /// "GetProp answered X".
    std::string answered() const;
    /// Is the answer one of those? Returns whether the call was done.
    bool settle(const Allowed& allowed, const char* clause);
    /// The same for a call that would have changed `group`.
    bool settle_change(Group& group, const Allowed& allowed, const char* clause);
    /// The value of an answer that says S_OK; null, and a violation, if it carries another one.
    template <class Value>
    const Value* value(const char* clause);
    void expect_no_value(const char* clause);
    /// SERVICE-1: such a change is not answered while the journal cannot be written.
    void expect_durable(bool changes_something);
    void mismatch(const Group& group, const char* invariant, const char* clause, std::string what);
    bool lenient() const { return !model_.premises.first_answers_only; }

    // Handles.
    Handle* known_handle(std::uint64_t value, HandleKind kind);
    Group* group_behind(GroupHandle handle);
    Group* group_behind(JobHandle handle);
    Enumerator* enumerator_behind(EnumeratorHandle handle);
    bool may_be_lent(std::uint64_t value) const;
    void lose_track();
    void give(std::uint64_t value, HandleKind kind, std::uint32_t target);
    std::uint32_t index_of(const Group& group) const {
        return static_cast<std::uint32_t>(&group - model_.groups.data());
    }

    // The service going and coming.
    bool is_unavailable();
    void service_answers();
    void start_anew();
    void forget_moving(Group& group);
    void left_open(const Handle* handle, const Call& call);
    void note_idle_groups();
    Instant back_at_latest() const;

    // States.
    void see_states(Group& group, States shown, const char* clause, const std::string& what);
    void leave_states(Group& group, States states);
    void over(Group& group);
    void refuse_if_gone(const Group& group, Allowed& allowed) const;
    bool is_sure_gone(const Group& group) const { return group.states == kGone; }
    void became_active(Group& group);
    void end_event(Group& group);

    void see_flags(Group& group, GroupStatus status, const char* where);
    void resumed(Group& group);
    void stub(const Group* group, const char* clause);
    static std::string flags_text(GroupStatus status);

    // Properties.
    bool is_kept(Group& group, GroupProperty property, const PropertyValue& told);
    static std::uint8_t unsure_bit(GroupProperty property);
    static bool was_unsure(Group& group, std::uint8_t what);
    Allowed allowed_for(const call::SetProp& call) const;
    void set(Group& group, const call::SetProp& call);

    // Progress.
    void judge_progress(Group& group, ProgressFlag flag);
    void see_bytes(Group& group, std::uint64_t bytes);
    void see_percent(Group& group, std::uint32_t percent);
    void see_size(Group& group, std::uint64_t size);
    bool stands(const Group& group) const;
    const char* why_it_stands(const Group& group) const;
    void remember_bytes(Group& group, std::uint64_t bytes);
    void fall_to_durable(Group& group);
    Duration durable_after() const;

    // Jobs and lists.
    Allowed allowed_for(const call::CreateJob& call, const Group& group) const;
    void limit_jobs(const Group& group, Allowed& allowed) const;
    Allowed allowed_for(const call::AddFiles& call, const Group& group) const;
    void judge_entry(const FileSetInfo& file, Allowed& allowed) const;
    void judge_results(Group& group, const Results& told, const char* where);
    void see_list(Enumerator& list, const value::Fetched& fetched, std::uint32_t count,
                  bool count_is_null);
    void give_list(EnumeratorHandle handle, std::vector<Guid> ids, bool exact);

    // Notifications.
    enum class Misfit : std::uint8_t { State, Class, Disabled, NotAsked, Answered, Number, None };
    Misfit fits(const Group& group, const Notification& told, States state) const;
    std::uint32_t event_of(const Notification& told, States state);
    void take_event(Group& group, const Notification& told, States state);
    void bind_handles(const Notification& told, std::uint32_t group);
    void note_event(Group& group, std::uint64_t number, States state, bool past);
    void judge_places(std::uint8_t user);
    void judge_due(Group& group);
    void loosen(const Flight& flight);
    void learn_group(std::uint64_t handle, const Guid& id);
    std::size_t flights_of(std::uint8_t user) const;
    UserMask bit() const { return UserMask{1} << user_; }

    Model& model_;
    std::vector<Violation>& found_;
    Instant now_;
    const Reply* reply_ = nullptr;
    std::string_view method_;  ///< name of the call
    std::uint8_t user_ = 0;    ///< who calls
    bool administrator_ = false;
};

template <class Value>
const Value* Judge::value(const char* clause) {
    const Value* told = std::get_if<Value>(&reply_->value);
    if (told == nullptr)
        violate("answers-carry-their-values", clause,
                std::string(method_) + " answered S_OK without the value it is for");
    return told;
}

}  // namespace qmgr::propertytests::audit
