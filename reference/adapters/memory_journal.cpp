#include "reference/adapters/memory_journal.hpp"

#include <algorithm>
#include <utility>

namespace qmgr {
namespace {

auto key_of(const GroupRecord& group) { return group.number; }
auto key_of(const FileRecord& file) { return std::pair(file.group, file.index); }

template <class Record>
void put(std::vector<Record>& records, const Record& record) {
    const auto before = [](const Record& a, const Record& b) { return key_of(a) < key_of(b); };
    const auto place = std::lower_bound(records.begin(), records.end(), record, before);
    if (place != records.end() && key_of(*place) == key_of(record))
        *place = record;
    else
        records.insert(place, record);
}

void apply_one(Records& records, const QueueRecord& queue) { records.queue = queue; }
void apply_one(Records& records, const GroupRecord& group) { put(records.groups, group); }
void apply_one(Records& records, const FileRecord& file) { put(records.files, file); }
void apply_one(Records& records, const RemoveGroup& gone) {
    std::erase_if(records.groups, [&](const auto& group) { return group.number == gone.group; });
    std::erase_if(records.files, [&](const auto& file) { return file.group == gone.group; });
}

}  // namespace

void apply_change(Records& records, const Change& change) {
    std::visit([&](const auto& one) { apply_one(records, one); }, change);
}

MemoryJournal::MemoryJournal(Records records) : records_(std::move(records)) {}

HResult MemoryJournal::load(Records& records) {
    records = records_;
    return HResult::Ok;
}

HResult MemoryJournal::commit(const std::vector<Change>& changes) {
    for (const Change& change : changes) apply_change(records_, change);
    return HResult::Ok;
}

}  // namespace qmgr
