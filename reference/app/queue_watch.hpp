// What a verb knows of its queue beside the documented calls: how far each file is, and why the
// engine did what it did.
#pragma once

#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "reference/contract/queue_observer.hpp"

namespace qmgr {

/// Every function is safe to call from any thread.
class QueueWatch final : public QueueObserver {
  public:
    /// `keep_steps`: steps are kept until they are taken; otherwise they are dropped.
    explicit QueueWatch(bool keep_steps = false) : keep_steps_(keep_steps) {}

    void stepped(Instant at, const Step& step) override;
    void stored(const StoredFile& file) override;

    /// The latest word about each file of the group, in order of their index; files nobody told of
    /// are missing at the end.
    std::vector<StoredFile> files_of(GroupId group) const;
    /// The steps since the last time, of all groups.
    std::vector<std::pair<Instant, Step>> take_steps();

  private:
    const bool keep_steps_;
    mutable std::mutex mutex_;  // of the two members below
    std::map<GroupId, std::map<FileIndex, StoredFile>> files_;
    std::vector<std::pair<Instant, Step>> steps_;
};

}  // namespace qmgr
