// What somebody beside a running queue can watch, for progress of single files and for `--why`. No
// part of the published interface, which tells the progress of whole groups only.
#pragma once

#include <cstdint>
#include <optional>

#include "reference/contract/identifiers.hpp"
#include "reference/contract/step.hpp"
#include "reference/contract/time.hpp"

namespace qmgr::inline v0 {

/// How much of one file is safe on the disk.
struct StoredFile {
    GroupId group;
    FileIndex index = 0;
    std::uint64_t stored_bytes = 0;           ///< would still be there after a crash
    std::optional<std::uint64_t> size_bytes;  ///< none before a server told it
    bool delivered = false;                   ///< it stands under its local name
    bool operator==(const StoredFile&) const = default;
};

/// Told on the queue's thread, in order. Must not block and must not call the queue.
class QueueObserver {
  public:
    QueueObserver() = default;
    QueueObserver(const QueueObserver&) = delete;
    QueueObserver& operator=(const QueueObserver&) = delete;
    virtual ~QueueObserver() = default;

    /// A table row fired and its actions were performed.
    virtual void stepped(Instant at, const Step& step) = 0;
    /// A file was added, a sync of it was recorded, or it was delivered. Also once for every file
    /// of a queue that is opened.
    virtual void stored(const StoredFile& file) = 0;
};

}  // namespace qmgr::inline v0
