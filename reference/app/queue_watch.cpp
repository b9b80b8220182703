#include "reference/app/queue_watch.hpp"

namespace qmgr {

void QueueWatch::stepped(Instant at, const Step& step) {
    if (!keep_steps_) return;
    const std::lock_guard lock(mutex_);
    steps_.emplace_back(at, step);
}

void QueueWatch::stored(const StoredFile& file) {
    const std::lock_guard lock(mutex_);
    files_[file.group][file.index] = file;
}

std::vector<StoredFile> QueueWatch::files_of(GroupId group) const {
    const std::lock_guard lock(mutex_);
    std::vector<StoredFile> files;
    const auto found = files_.find(group);
    if (found == files_.end()) return files;
    for (const auto& [index, file] : found->second) {
        if (index != files.size()) break;
        files.push_back(file);
    }
    return files;
}

std::vector<std::pair<Instant, Step>> QueueWatch::take_steps() {
    const std::lock_guard lock(mutex_);
    return std::exchange(steps_, {});
}

}  // namespace qmgr
