// Clients as they are found in the wild, each with one habit that works on the desk of its author.
// Not to copy: traps.cpp leads them into what the habit leads to. careful_updater.hpp is the other
// kind.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "reference/library/queue_manager.hpp"

namespace updater {

using namespace qmgr::library;
using qmgr::Duration;
using qmgr::HResult;

/// What a naive client may use, and what became of it.
struct NaiveRun {
    QueueManager& queue;
    std::function<void(Duration)> wait;
    std::function<bool(const std::string&)> is_there;
    std::string url;   ///< of the file; url + "2", … for more than one
    std::string path;  ///< likewise
    /// What it says at the end.
    std::string says = {};
    std::vector<std::string> installed = {};
    std::uint8_t groups = 0;  ///< it has made

    void install(const std::string& file) { installed.push_back(file); }
    /// "Surely unique."
    qmgr::Guid new_id() {
        qmgr::Guid id{{0x42}};
        id.bytes.back() = ++groups;
        return id;
    }
};

inline const qmgr::ClassId kNaiveClass{
    *qmgr::guid_from_text("7b1d8c52-0b3f-4a51-9f60-2f1c5c1a7e01")};

/// A group that downloads one file. The answers are not looked at.
inline void start(NaiveRun& run, Group& group, Job& job) {
    const qmgr::Guid id = run.new_id();
    run.queue.create_group({id}, group);
    group.create_job({id}, job);
    job.add_files({{run.url, run.path, 0}});
    group.resume_group();
}

inline bool is_complete(const Group& group, qmgr::value::GroupState& state) {
    group.get_status(state);
    return state.status.has(qmgr::GroupFlag::Complete);
}

// ---- jobs that never finish, and loops that never end ----

/// "It is complete, or it soon will be."
inline void polls_for_complete(NaiveRun& run) {
    Group group;
    Job job;
    start(run, group, job);
    qmgr::value::GroupState state;
    while (!is_complete(group, state)) run.wait(std::chrono::minutes(1));
    run.install(run.path);
    group.cancel_group();
}

/// "No progress for a quarter of an hour: it hangs. I start another one."
inline void starts_another_when_it_hangs(NaiveRun& run) {
    std::vector<Group> groups(1);  // the first ones "will time out"
    Job job;
    start(run, groups.back(), job);
    qmgr::value::GroupState state;
    std::uint32_t before = 0;
    for (int quarters = 0; !is_complete(groups.back(), state);) {
        run.wait(std::chrono::minutes(1));
        std::uint32_t now = 0;
        groups.back().get_progress(qmgr::ProgressFlag::SizeDone, now);
        quarters = now == before ? quarters + 1 : 0;
        before = now;
        if (quarters < 15) continue;
        quarters = 0;
        groups.emplace_back();
        start(run, groups.back(), job);
    }
    run.install(run.path);
    groups.back().cancel_group();
}

// ---- leaked jobs, limits, left-overs ----

/// "If I die, I start again."
inline void forgets_what_it_began(NaiveRun& run) {
    for (int life = 1; life <= 61; ++life) {
        Group group;
        Job job;
        const qmgr::Guid id = run.new_id();
        run.queue.create_group({id}, group);
        const HResult made = group.create_job({id}, job);
        if (qmgr::failed(made)) {
            run.says = "cannot begin any more: " + qmgr::name(made);
            return;
        }
    }  // dies here, each time: an update of the updater, say
}

/// "It did not start: once more."
inline void tries_to_start_again_and_again(NaiveRun& run) {
    const auto started = [&] {
        Group group;
        Job job;
        const qmgr::Guid id = run.new_id();
        return qmgr::succeeded(run.queue.create_group({id}, group)) &&
               qmgr::succeeded(group.create_job({id}, job)) &&
               qmgr::succeeded(job.add_files({{run.url, run.path, 0}})) &&
               qmgr::succeeded(group.resume_group());
    };
    while (!started()) run.wait(std::chrono::minutes(1));
    run.says = "has started";
}

/// "It failed, so it is over."
inline void leaves_what_failed(NaiveRun& run) {
    Group group;
    Job job;
    start(run, group, job);
    qmgr::value::GroupState state;
    while (!is_complete(group, state)) {
        if (state.status.has(qmgr::GroupFlag::Error)) {
            run.says = "has failed";
            return;
        }
        run.wait(std::chrono::minutes(1));
    }
    run.install(run.path);
    group.cancel_group();
}

// ---- calls in the wrong state ----

/// "When it is gone, QM_E_ITEM_NOT_FOUND says so."
inline void gets_it_again_for_each_look(NaiveRun& run) {
    Group group;
    Job job;
    start(run, group, job);
    const qmgr::Guid id{{0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
    qmgr::value::GroupState state;
    while (true) {
        Group again;
        const HResult got = run.queue.get_group({id}, again);
        if (got == HResult::QmItemNotFound) {
            run.says = "is gone";
            return;
        }
        if (qmgr::succeeded(got) && is_complete(again, state)) break;
        run.wait(std::chrono::minutes(1));
    }
    run.install(run.path);
    group.cancel_group();
}

/// "The error is 0, so all is well."
inline void reads_the_error_of_what_has_none(NaiveRun& run) {
    Group group;
    Job job;
    start(run, group, job);
    qmgr::value::GroupState state;
    while (!is_complete(group, state) && !state.status.has(qmgr::GroupFlag::Error))
        run.wait(std::chrono::minutes(1));
    qmgr::value::JobState results;
    job.get_status(results);
    if (results.win32_result == 0)
        run.install(run.path);
    else
        run.says = "has failed";
    group.cancel_group();
}

/// "Any failure means that it is lost."
inline void starts_another_when_a_call_fails(NaiveRun& run) {
    std::vector<Group> groups(1);
    Job job;
    start(run, groups.back(), job);
    qmgr::value::GroupState state;
    while (true) {
        if (qmgr::failed(groups.back().get_status(state))) {
            groups.emplace_back();
            start(run, groups.back(), job);
        } else if (state.status.has(qmgr::GroupFlag::Complete)) {
            break;
        }
        run.wait(std::chrono::minutes(10));
    }
    run.install(run.path);
    groups.back().cancel_group();
}

/// "The GUID is mine: if it cannot be created, there is nothing I can do."
inline void wants_its_guid(NaiveRun& run) {
    Group group;
    const HResult made = run.queue.create_group({run.new_id()}, group);
    run.says = qmgr::succeeded(made) ? "has begun" : "never updates again: " + qmgr::name(made);
}

// ---- notifications ----

/// Counts and believes what it is told.
class NaiveListener : public Callback {
  public:
    explicit NaiveListener(NaiveRun& run) : run_(run) {
        run.queue.register_callback(kNaiveClass, *this);
    }
    ~NaiveListener() override { run_.queue.unregister_callback(kNaiveClass); }

    void start_told(const std::string& suffix, std::uint32_t flags) {
        using qmgr::GroupProperty;
        groups_.emplace_back();
        Job job;
        const qmgr::Guid id = run_.new_id();
        const Group& group = groups_.back();
        run_.queue.create_group({id}, groups_.back());
        group.create_job({id}, job);
        job.add_files({{run_.url + suffix, run_.path + suffix, 0}});
        group.set_prop(GroupProperty::NotifyClsid, class_id_value(kNaiveClass));
        group.set_prop(GroupProperty::NotifyFlags, number_value(flags));
        group.resume_group();
        started_.push_back(run_.path + suffix);
    }
    HResult on_status(const Group& /*group*/, const Job* job, std::optional<qmgr::FileIndex>,
                      qmgr::GroupStatus status, std::uint32_t, std::uint32_t,
                      std::uint32_t) override {
        job_was_null = job_was_null || job == nullptr;
        if (status.has(qmgr::GroupFlag::Error)) ++errors;
        // "The first one I am told of is the first one I have started."
        const std::string& believed = started_[told % started_.size()];
        qmgr::FileSetInfo file;
        mixed_up = mixed_up || (job != nullptr && qmgr::succeeded(job->get_file(0, file)) &&
                                file.local_name != believed);
        if (!status.has(qmgr::GroupFlag::Error)) run_.install(believed);
        ++told;
        return HResult::Ok;
    }
    void end() {
        for (const Group& group : groups_) group.cancel_group();
    }

    std::size_t told = 0;
    std::size_t errors = 0;
    bool job_was_null = false;
    bool mixed_up = false;  ///< it was told of another one than it thought

  private:
    NaiveRun& run_;
    std::vector<Group> groups_;
    std::vector<std::string> started_;
};

/// "I will be told." (No deadline, no polling.)
inline void waits_to_be_told(NaiveRun& run, std::uint32_t flags) {
    NaiveListener listener(run);
    listener.start_told("", flags);
    while (listener.told == 0) {
        run.wait(std::chrono::minutes(10));
        run.queue.deliver_notifications();
    }
    if (listener.errors != 0) run.says = "has failed";
    listener.end();
}
inline void waits_to_be_told_of_the_end(NaiveRun& run) {
    waits_to_be_told(run, qmgr::NotifyFlag::group_done);
}
/// Flags of a newer header.
inline void asks_for_every_flag(NaiveRun& run) {
    using Flag = qmgr::NotifyFlag;
    waits_to_be_told(run, Flag::group_done | Flag::job_done | Flag::file_done);
}

/// "If I am not told within an hour, it has failed."
inline void gives_up_after_an_hour(NaiveRun& run) {
    NaiveListener listener(run);
    listener.start_told("", qmgr::NotifyFlag::group_done);
    for (int minutes = 0; minutes < 60 && listener.told == 0; ++minutes) {
        run.wait(std::chrono::minutes(1));
        run.queue.deliver_notifications();
    }
    run.says = listener.told != 0 ? "was told" : "says that it has failed";
}

/// "It was started in my last life, I only have to wait." (Without an object to be told.)
inline void is_another_process_when_it_is_told(NaiveRun& run) {
    { NaiveListener(run).start_told("", qmgr::NotifyFlag::group_done); }
    while (run.installed.empty()) {
        run.wait(std::chrono::minutes(10));
        run.queue.deliver_notifications();
    }
}

/// "One call, one event." Installs at each of them.
inline void installs_at_each_call(NaiveRun& run) {
    NaiveListener listener(run);
    listener.start_told("", qmgr::NotifyFlag::group_done);
    for (int minutes = 0; minutes < 60; ++minutes) {
        run.wait(std::chrono::minutes(1));
        run.queue.deliver_notifications();
    }
    run.says = "was told " + std::to_string(listener.told) + " times";
    listener.end();
}

/// "What was started first ends first."
inline void takes_them_in_the_order_it_started_them(NaiveRun& run) {
    NaiveListener listener(run);
    listener.start_told("", qmgr::NotifyFlag::group_done);
    listener.start_told("2", qmgr::NotifyFlag::group_done);
    run.wait(std::chrono::minutes(30));
    run.queue.deliver_notifications();
    run.says = listener.mixed_up ? "takes one file for the other" : "was told";
    listener.end();
}

/// "There is always a job."
inline void uses_the_job_it_is_told_of(NaiveRun& run) {
    NaiveListener listener(run);
    listener.start_told("", qmgr::NotifyFlag::group_done);
    run.wait(std::chrono::minutes(30));
    run.queue.deliver_notifications();
    run.says = listener.job_was_null ? "follows a null pointer" : "was told";
    listener.end();
}

/// "I look once, when all of them must be there."
inline void looks_once_for_six(NaiveRun& run) {
    NaiveListener listener(run);
    for (const char* suffix : {"", "2", "3", "4", "5", "6"})
        listener.start_told(suffix, qmgr::NotifyFlag::group_done);
    run.wait(std::chrono::minutes(30));
    run.queue.deliver_notifications();
    run.says = "was told " + std::to_string(listener.told) + " times of 6";
    listener.end();
}

}  // namespace updater
