// A download that outlives the program. What was answered S_OK is on the disk, and so is every byte
// that progress has told of; whoever opens the queue again goes on from there.
//
//     survive_a_restart URL FILE QUEUE_FOLDER
//
// Stop it whenever you like, by Ctrl-C, kill -9 or the power switch, and run the same line again.
// To show the same without that, it closes the queue once by itself.
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

// Finds the download of an earlier run, or makes it.
qmgr::HResult find_or_start(QueueManager& queue, const qmgr::FileSetInfo& file) {
    using qmgr::GroupProperty;
    Group group;
    Job job;
    qmgr::HResult result = queue.get_group(kGroupId, group);
    if (succeeded(result)) {
        std::cout << "going on" << std::endl;
        return group.resume_group();  // it may be new, in error, or running already
    }
    std::cout << "new download" << std::endl;
    result = queue.create_group(kGroupId, group);
    if (succeeded(result)) result = group.create_job(kJobId, job);
    if (succeeded(result)) result = job.add_files({file});
    if (succeeded(result))
        result = group.set_prop(GroupProperty::NotifyClsid, class_id_value(kClassId));
    if (succeeded(result))
        result =
            group.set_prop(GroupProperty::NotifyFlags, number_value(qmgr::NotifyFlag::group_done));
    if (succeeded(result)) result = group.resume_group();
    if (failed(result)) group.cancel_group();
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
