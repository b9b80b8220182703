// A journal and a log that tell a QueueObserver what passes through them.
#pragma once

#include <map>

#include "reference/contract/queue_observer.hpp"
#include "reference/service/ports.hpp"

namespace qmgr {

class ObservedJournal final : public Journal {
  public:
    /// Both outlive it. Null: nobody observes.
    ObservedJournal(Journal& journal, QueueObserver* observer)
        : journal_(journal), observer_(observer) {}
    HResult load(Records& records) override;
    HResult commit(const std::vector<Change>& changes) override;

  private:
    void tell(const FileRecord& file);

    Journal& journal_;
    QueueObserver* const observer_;
    std::map<GroupNumber, GroupId> ids_;  // of the groups in the journal; empty without an observer
};

class ObservedLog final : public Log {
  public:
    /// The observer outlives it; null: nobody observes.
    explicit ObservedLog(QueueObserver* observer) : observer_(observer) {}
    void wrote(Instant at, const Step& step) override;

  private:
    QueueObserver* const observer_;
};

}  // namespace qmgr
