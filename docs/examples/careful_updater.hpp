// A client to copy: fetches one file through the queue, and comes to an end that is true, whatever
// the queue, the machine and other programs do meanwhile. Each habit has the clause it is for.
//
// - Its group has a GUID it knows before it asks, so whatever became of an earlier run, of the
//   service or of a handle, GetGroup finds it again (PER-01, HANDLE-2). What it began is ended by
//   the same GUIDs, not by what it remembers of answers.
// - Every answer is looked at. What may pass (QM_E_SERVICE_UNAVAILABLE, a user who is not logged
//   on, a full queue) is tried again, with a growing delay; what leads nowhere begins anew.
// - The job says whether it is complete or in error (JOB1-STATUS-1, JOB1-STATUS-2): the flags of a
//   group may be the same when it is suspended and when it is complete (GROUP-STATUS-6-b).
// - Notifications only make it look earlier. It polls all the same: none comes for a failure that
//   may pass (NOTIFY-2), and one may come late, or twice (NOTIFY-5, NOTIFY-9).
// - There is a time after which it gives up, and takes back what it has begun.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reference/library/queue_manager.hpp"

namespace updater {

using namespace qmgr::library;
using qmgr::Duration;
using qmgr::HResult;

enum class Ending { Done, GaveUp };
struct Outcome {
    Ending ending = Ending::GaveUp;
    HResult last_failure = HResult::Ok;  ///< for a person who asks why
};

/// What the updater needs of its program; a test hands in virtual time.
struct Surrounds {
    std::function<void(Duration)> wait;
    std::function<bool(const std::string&)> is_there;  ///< a file of that path
};

class CarefulUpdater final : private Callback {
  public:
    /// The file is not there yet. `id` is this program's own, and the same in each of its runs.
    CarefulUpdater(QueueManager& queue, Surrounds around, qmgr::Guid id, std::string url,
                   std::string path)
        : queue_(queue), around_(std::move(around)), url_(std::move(url)), path_(std::move(path)) {
        begun_.push_back(id);
        queue_.register_callback({id}, *this);
    }
    ~CarefulUpdater() override { queue_.unregister_callback({begun_.front()}); }

    Outcome fetch() {
        while (!look()) pause();
        return outcome_;
    }

    /// One look, and what has to be done about it; true when it has come to its end.
    bool look() {
        if (ended_) return true;
        told_ = false;
        if (!ready_)
            begin();
        else
            watch();
        if (ended_ || waited_ > kPatience) finish();
        return ended_;
    }
    /// Between two looks.
    void pause() {
        around_.wait(delay_);
        waited_ += delay_;
        queue_.deliver_notifications();
        delay_ = told_ ? kShortest : std::min(2 * delay_, kLongest);
    }
    const Outcome& outcome() const { return outcome_; }

  private:
    static constexpr Duration kShortest = std::chrono::seconds(1);
    static constexpr Duration kLongest = std::chrono::minutes(30);
    static constexpr Duration kPatience = std::chrono::hours(24 * 3);
    // A program would try again at its next start, and the one after that.
    static constexpr int kTriesToEnd = 2'000;

    qmgr::Guid id() const { return begun_.back(); }

    bool went(HResult result) {
        if (qmgr::failed(result)) outcome_.last_failure = result;
        // Nothing is known of the group then but its GUID.
        if (result == HResult::RpcDisconnected || result == HResult::QmServiceUnavailable) let_go();
        return qmgr::succeeded(result);
    }
    void let_go() {
        job_.release();
        group_.release();
        ready_ = false;
    }
    /// With another GUID: this one is somebody else's.
    void take_the_next_id() {
        qmgr::Guid next = id();
        ++next.bytes.back();
        begun_.push_back(next);
    }

    // ---- to the point where it runs ----

    void begin() {
        ready_ = find_the_group() && find_the_job() && fill_the_job() && call_me() &&
                 went(group_.resume_group());
        if (ready_ || !group_) return;
        group_.cancel_group();  // half of a group is nobody's
        let_go();
    }

    bool find_the_group() {
        HResult got = queue_.get_group({id()}, group_);
        if (got == HResult::QmItemNotFound || got == HResult::AccessDenied) {
            got = queue_.create_group({id()}, group_);
            if (got == HResult::InvalidArgument) take_the_next_id();
        }
        return went(got);
    }
    bool find_the_job() {
        if (qmgr::succeeded(group_.get_job({id()}, job_))) return true;
        const HResult made = group_.create_job({id()}, job_);
        if (made == HResult::InvalidArgument) {
            group_.cancel_group();
            take_the_next_id();
        }
        return went(made);
    }
    bool fill_the_job() {
        std::uint32_t count = 0;
        if (!went(job_.get_file_count(count))) return false;
        if (count == 0) return went(job_.add_files({{url_, path_, 0}}));
        qmgr::FileSetInfo file;
        return went(job_.get_file(0, file)) && file.remote_name == url_ && file.local_name == path_;
    }
    bool call_me() {
        using qmgr::GroupProperty;
        return went(
                   group_.set_prop(GroupProperty::NotifyClsid, class_id_value({begun_.front()}))) &&
               went(group_.set_prop(GroupProperty::NotifyFlags,
                                    number_value(qmgr::NotifyFlag::group_done)));
    }

    // ---- while it runs ----

    void watch() {
        // A file that is visible is whole (FILE-PUB-1, FILE-PUB-3), whatever became of the group.
        if (around_.is_there(path_)) return end(Ending::Done);
        qmgr::value::GroupState group;
        qmgr::value::JobState job;
        if (!went(group_.get_status(group)) ||
            group.status.without(qmgr::GroupFlag::Foreground) == qmgr::GroupStatus{})
            return let_go();  // somebody has cancelled it, or it has to be found again
        if (!went(job_.get_status(job))) return let_go();
        if (job.status.has(qmgr::JobFlag::Error))
            outcome_.last_failure = static_cast<HResult>(job.win32_result);
        // In error, or suspended by another; ours it is to go on. A complete group stays so.
        if (group.status.has(qmgr::GroupFlag::Suspended)) went(group_.resume_group());
    }
    HResult on_status(const Group& /*group*/, const Job* /*job*/,
                      std::optional<qmgr::FileIndex> /*file*/, qmgr::GroupStatus /*status*/,
                      std::uint32_t /*retries*/, std::uint32_t /*win32_result*/,
                      std::uint32_t /*transport_result*/) override {
        told_ = true;
        return HResult::Ok;
    }

    // ---- the end ----

    void end(Ending ending) {
        outcome_.ending = ending;
        ended_ = true;
    }
    void finish() {
        ended_ = true;
        if (group_) group_.cancel_group();  // works for a group that was taken over, too (HANDLE-3)
        let_go();
        for (const qmgr::Guid& id : begun_)
            for (int i = 0; i < kTriesToEnd && !is_gone(id); ++i) around_.wait(kLongest);
        // It may have come to its end in the meantime; a visible file is whole.
        if (around_.is_there(path_)) outcome_.ending = Ending::Done;
    }
    bool is_gone(qmgr::Guid id) {
        Group group;
        const HResult got = queue_.get_group({id}, group);
        if (got == HResult::QmItemNotFound || got == HResult::AccessDenied) return true;
        return qmgr::succeeded(got) && qmgr::succeeded(group.cancel_group());
    }

    QueueManager& queue_;
    const Surrounds around_;
    const std::string url_;
    const std::string path_;
    std::vector<qmgr::Guid> begun_;  ///< every GUID it has used; a real one keeps them in a file
    Group group_;
    Job job_;
    bool ready_ = false;
    bool ended_ = false;
    bool told_ = false;
    Duration waited_{0};
    Duration delay_ = kShortest;
    Outcome outcome_;
};

}  // namespace updater
