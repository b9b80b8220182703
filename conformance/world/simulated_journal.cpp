#include "conformance/world/simulated_journal.hpp"

#include <limits>

namespace qmgr::inline v0::world {

HResult SimulatedJournal::load(Records& records) {
    if (refuses()) return HResult::IoDevice;
    records = {};
    records.queue = queue_;
    for (const auto& [number, record] : groups_) records.groups.push_back(record);
    for (const auto& [ref, record] : files_) records.files.push_back(record);
    return HResult::Ok;
}

HResult SimulatedJournal::commit(const std::vector<Change>& changes) {
    if (refuses()) return HResult::IoDevice;
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
