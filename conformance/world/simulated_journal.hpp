// A journal in memory whose commits can be made to fail. What was committed survives a crash.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "conformance/world/deeds.hpp"
#include "reference/service/ports.hpp"

namespace qmgr::inline v0::world {

class SimulatedJournal final : public Journal {
  public:
    /// Deeds, which outlive it; null: everything is done.
    explicit SimulatedJournal(Deeds* deeds = nullptr) : deeds_(deeds) {}

    /// Every load and commit fails while on (SERVICE-1).
    void set_failing(bool on) { failing_ = on; }
    /// Transactions committed so far.
    std::uint64_t commits() const { return commits_; }
    /// Loads and commits that failed so far because of set_failing().
    std::uint64_t refusals() const { return refusals_; }
    /// Everything it holds now, whether it can be read or not.
    Records records() const;
    /// How many records of groups and files that is.
    std::size_t size() const { return groups_.size() + files_.size(); }

    HResult load(Records& records) override;
    HResult commit(const std::vector<Change>& changes) override;

  private:
    void apply(const QueueRecord& record) { queue_ = record; }
    void apply(const GroupRecord& record) { groups_[record.number] = record; }
    void apply(const FileRecord& record) { files_[{record.group, record.index}] = record; }
    void apply(const RemoveGroup& removal);
    bool refuses();

    Deeds* deeds_;
    QueueRecord queue_;
    std::map<GroupNumber, GroupRecord> groups_;
    std::map<FileRef, FileRecord> files_;
    std::uint64_t commits_ = 0;
    std::uint64_t refusals_ = 0;
    bool failing_ = false;
};

}  // namespace qmgr::inline v0::world
