#include "conformance/world/simulated_journal.hpp"

#include <limits>

namespace qmgr::inline v0::world {

HResult SimulatedJournal::load(Records& records) {
    const Doing doing(deeds_, Deed::LoadJournal);
    if (refuses() || doing.fails() || doing.is_void()) return HResult::IoDevice;
    records = this->records();
    return HResult::Ok;
}

Records SimulatedJournal::records() const {
    Records records;
    records.queue = queue_;
    for (const auto& [number, record] : groups_) records.groups.push_back(record);
    for (const auto& [ref, record] : files_) records.files.push_back(record);
    return records;
}

HResult SimulatedJournal::commit(const std::vector<Change>& changes) {
    const Doing doing(deeds_, Deed::CommitJournal);
    if (refuses() || doing.fails() || doing.is_void()) return HResult::IoDevice;
    if (doing.is_claimed()) return HResult::Ok;
    for (const Change& change : changes)
        std::visit([this](const auto& one) { apply(one); }, change);
    ++commits_;
    return HResult::Ok;
}

bool SimulatedJournal::refuses() {
    if (failing_) ++refusals_;
    return failing_;
}

void SimulatedJournal::apply(const RemoveGroup& removal) {
    groups_.erase(removal.group);
    files_.erase(files_.lower_bound({removal.group, 0}),
                 files_.upper_bound({removal.group, std::numeric_limits<FileIndex>::max()}));
}

}  // namespace qmgr::inline v0::world
