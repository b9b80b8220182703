// A journal that lasts as long as its object: for tests and for queues that nobody wants back.
#pragma once

#include <vector>

#include "reference/service/ports.hpp"

namespace qmgr {

/// What a journal that holds `records` holds after `change`. Keeps groups and files in order;
/// RemoveGroup of a group that is not there changes nothing.
void apply_change(Records& records, const Change& change);

/// Never fails. Not thread-safe.
class MemoryJournal final : public Journal {
  public:
    MemoryJournal() = default;
    explicit MemoryJournal(Records records);

    HResult load(Records& records) override;
    HResult commit(const std::vector<Change>& changes) override;

    const Records& records() const { return records_; }

  private:
    Records records_;
};

}  // namespace qmgr
