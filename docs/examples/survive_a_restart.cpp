// A download that outlives the program. What was answered S_OK is on the disk, and so are the bytes
// that progress has told of, but for those of the last quarter of a second (or 16 MiB, if they came
// in less): they are fetched again. Whoever opens the queue again goes on from there.
//
//     survive_a_restart URL FILE QUEUE_FOLDER
//
// Stop it whenever you like, by Ctrl-C, kill -9 or the power switch, and run the same line again.
// An earlier run may have been stopped between any two of its calls, so each run adds what is
// missing. To show the same without that, it closes the queue once by itself.
#include <future>
#include <iostream>

#include "reference/library/queue_manager.hpp"

using namespace qmgr::library;

namespace {

// The same ones in every run: that is how the download is found again.
const qmgr::GroupId kGroupId{*qmgr::guid_from_text("5d1c0f0e-2b7e-4b55-8f0a-0c6a4d9e7a01")};
const qmgr::JobId kJobId{*qmgr::guid_from_text("5d1c0f0e-2b7e-4b55-8f0a-0c6a4d9e7a02")};
const qmgr::ClassId kClassId{*qmgr::guid_from_text("5d1c0f0e-2b7e-4b55-8f0a-0c6a4d9e7a03")};

class End final : public Callback {
  public:
    qmgr::HResult on_status(const Group&, const Job*, std::optional<qmgr::FileIndex>,
                            qmgr::GroupStatus status, std::uint32_t, std::uint32_t,
                            std::uint32_t) override {
        if (!told_) came_.set_value(status);
        told_ = true;  // one delivery at a time is made, so this needs no lock
        return qmgr::HResult::Ok;
    }
    qmgr::GroupStatus wait() { return came_.get_future().get(); }

  private:
    bool told_ = false;
    std::promise<qmgr::GroupStatus> came_;
};

QueueManager open(const std::string& folder) {
    OpenedQueue opened = QueueManager::open(folder);
    if (opened.opening != Opening::Ok) std::cerr << opened.reason << std::endl;
    return std::move(opened.queue);  // empty if it could not be opened: calls answer E_POINTER
}

// Gives the group its job, its file and its properties, as far as it has them not.
qmgr::HResult complete(const Group& group, const qmgr::FileSetInfo& file) {
    using qmgr::GroupProperty;
    Job job;
    std::uint32_t files = 0;
    qmgr::HResult result = group.get_job(kJobId, job);
    if (result == qmgr::HResult::QmItemNotFound) result = group.create_job(kJobId, job);
    if (succeeded(result)) result = job.get_file_count(files);
    if (succeeded(result) && files == 0) result = job.add_files({file});
    if (succeeded(result))
        result = group.set_prop(GroupProperty::NotifyClsid, class_id_value(kClassId));
    if (succeeded(result))
        result =
            group.set_prop(GroupProperty::NotifyFlags, number_value(qmgr::NotifyFlag::group_done));
    return result;
}

// Finds the download of an earlier run, or makes it.
qmgr::HResult find_or_start(QueueManager& queue, const qmgr::FileSetInfo& file) {
    Group group;
    qmgr::HResult result = queue.get_group(kGroupId, group);
    const bool is_new = result == qmgr::HResult::QmItemNotFound;
    std::cout << (is_new ? "new download" : "going on") << std::endl;
    if (is_new) result = queue.create_group(kGroupId, group);
    if (succeeded(result)) result = complete(group, file);
    // It may be suspended, in error, or running already.
    if (succeeded(result)) result = group.resume_group();
    if (is_new && failed(result)) group.cancel_group();
    return result;
}

// The first life of the program: it starts the download and ends.
bool begin(const qmgr::FileSetInfo& file, const std::string& folder) {
    QueueManager queue = open(folder);
    const qmgr::HResult result = find_or_start(queue, file);
    if (failed(result)) std::cerr << "cannot be started: " << name(result) << std::endl;
    return succeeded(result);
}

// The second life: opening the queue is what makes the download go on.
bool finish(const std::string& folder) {
    End end;
    QueueManager queue = open(folder);
    Group group;
    if (failed(queue.get_group(kGroupId, group))) return false;
    qmgr::value::GroupState state;
    group.get_status(state);
    if (!state.status.has(qmgr::GroupFlag::Complete)) {
        // What nobody was there to hear is told now.
        queue.register_callback(kClassId, end);
        state.status = end.wait();
    }
    const bool complete = !state.status.has(qmgr::GroupFlag::Error);
    if (complete) group.cancel_group();  // after an error it stays, and the next run tries again
    std::cout << (complete ? "complete" : "in error") << std::endl;
    return complete;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::cerr << "usage: " << arguments[0] << " URL FILE QUEUE_FOLDER" << std::endl;
        return 2;
    }
    const std::string folder = arguments[3];
    return begin({arguments[1], arguments[2], 0}, folder) && finish(folder) ? 0 : 1;
}
