// Downloads one file and shows how far it is:
//
//     download_with_progress URL FILE QUEUE_FOLDER
//
// FILE is a full path. QUEUE_FOLDER is where the queue keeps what it knows; it is made if needed.
//
// This one cannot be interrupted: after Ctrl-C or kill its group is still in that folder, the GUID
// is in use, and the same line answers E_INVALIDARG. survive_a_restart.cpp shows how to go on
// instead.
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include "reference/library/queue_manager.hpp"

using namespace qmgr::library;

namespace {

// GUIDs are chosen by the program. These were made with uuidgen.
const qmgr::GroupId kGroupId{*qmgr::guid_from_text("9a2f6a0c-58f1-4d0e-9b4e-6f2f3f1a6b01")};
const qmgr::JobId kJobId{*qmgr::guid_from_text("9a2f6a0c-58f1-4d0e-9b4e-6f2f3f1a6b02")};
const qmgr::ClassId kClassId{*qmgr::guid_from_text("9a2f6a0c-58f1-4d0e-9b4e-6f2f3f1a6b03")};

// Hears from the queue, on a thread of the library, that the group has ended.
class End final : public Callback {
  public:
    qmgr::HResult on_status(const Group&, const Job*, std::optional<qmgr::FileIndex>,
                            qmgr::GroupStatus, std::uint32_t, std::uint32_t,
                            std::uint32_t) override {
        const std::lock_guard lock(mutex_);
        came_ = true;
        changed_.notify_all();
        return qmgr::HResult::Ok;  // heard; anything else, and it would be told again
    }
    bool comes_within(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, time, [&] { return came_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool came_ = false;
};

// Makes the group, with one file in it, and starts it.
qmgr::HResult start(QueueManager& queue, const qmgr::FileSetInfo& file, Group& group, Job& job) {
    using qmgr::GroupProperty;
    qmgr::HResult result = queue.create_group(kGroupId, group);
    if (succeeded(result)) result = group.create_job(kJobId, job);
    if (succeeded(result)) result = job.add_files({file});
    if (succeeded(result))
        result = group.set_prop(GroupProperty::NotifyClsid, class_id_value(kClassId));
    if (succeeded(result))  // errors are told without being asked for, the good end is not
        result =
            group.set_prop(GroupProperty::NotifyFlags, number_value(qmgr::NotifyFlag::group_done));
    if (succeeded(result)) result = group.resume_group();
    return result;
}

int download(const qmgr::FileSetInfo& file, const std::string& folder) {
    End end;  // before the queue, which must not outlive it
    OpenedQueue opened = QueueManager::open(folder);
    if (opened.opening != Opening::Ok) {
        std::cerr << opened.reason << std::endl;
        return 1;
    }
    opened.queue.register_callback(kClassId, end);

    Group group;
    Job job;
    const qmgr::HResult started = start(opened.queue, file, group, job);
    if (failed(started)) {
        std::cerr << "cannot be started: " << name(started) << std::endl;
        group.cancel_group();  // E_POINTER if there is none
        return 1;
    }
    do {
        std::uint32_t percent = 0;
        group.get_progress(qmgr::ProgressFlag::PercentDone, percent);
        std::cout << percent << " %" << std::endl;
    } while (!end.comes_within(std::chrono::milliseconds(500)));

    qmgr::value::JobState state;
    job.get_status(state);
    // A complete group stays in the queue until this; its files are kept.
    group.cancel_group();
    if (state.status.has(qmgr::JobFlag::Error)) {
        const auto error = static_cast<qmgr::HResult>(state.win32_result);
        std::cerr << "failed: " << name(error) << ", HTTP status " << state.transport_result
                  << std::endl;
        return 1;
    }
    std::cout << file.local_name << " is there" << std::endl;
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::cerr << "usage: " << arguments[0] << " URL FILE QUEUE_FOLDER" << std::endl;
        return 2;
    }
    return download({arguments[1], arguments[2], 0}, arguments[3]);
}
