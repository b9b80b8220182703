#include "reference/adapters/observed_ports.hpp"

namespace qmgr {

HResult ObservedJournal::load(Records& records) {
    const HResult result = journal_.load(records);
    if (observer_ == nullptr || failed(result)) return result;
    ids_.clear();
    for (const GroupRecord& group : records.groups) ids_[group.number] = group.id;
    for (const FileRecord& file : records.files) tell(file);
    return result;
}

HResult ObservedJournal::commit(const std::vector<Change>& changes) {
    const HResult result = journal_.commit(changes);
    if (observer_ == nullptr || failed(result)) return result;
    // A commit may name the files of a new group before the group.
    for (const Change& change : changes)
        if (const auto* group = std::get_if<GroupRecord>(&change)) ids_[group->number] = group->id;
    for (const Change& change : changes) {
        if (const auto* file = std::get_if<FileRecord>(&change)) tell(*file);
        if (const auto* gone = std::get_if<RemoveGroup>(&change)) ids_.erase(gone->group);
    }
    return result;
}

void ObservedJournal::tell(const FileRecord& file) {
    const auto id = ids_.find(file.group);
    if (id == ids_.end()) return;
    observer_->stored({id->second, file.index, file.synced, file.size, file.committed});
}

void ObservedLog::wrote(Instant at, const Step& step) {
    if (observer_ != nullptr) observer_->stepped(at, step);
}

}  // namespace qmgr
