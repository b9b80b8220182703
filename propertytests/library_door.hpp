// The library as something that answers calls: each Call is made by the function of QueueManager,
// Group, Job or enumerator that it is named after, on the object that has its handle.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <variant>
#include <vector>

#include "reference/contract/call.hpp"
#include "reference/contract/reply.hpp"
#include "reference/library/queue_manager.hpp"

namespace qmgr::propertytests {

/// Safe from any thread, from several at once, under the conditions of the library: a handle is
/// released by one thread while no other one uses it.
class LibraryDoor {
  public:
    /// `users` and `administrators` are over one queue, outlive this object, and make the calls of
    /// callers without and with administrator rights. Handles are numbers below `most_handles`.
    LibraryDoor(const library::QueueManager& users, const library::QueueManager& administrators,
                std::size_t most_handles);
    LibraryDoor(const LibraryDoor&) = delete;
    LibraryDoor& operator=(const LibraryDoor&) = delete;
    /// Releases every object that is still held.
    ~LibraryDoor();

    /// E_POINTER for a handle that no call through this door gave, or that was released. Calls that
    /// the library has no value for, or that are not here (CancelJob and other stubs), are made all
    /// the same.
    Reply call(const Caller& caller, const Call& call);

  private:
    using Object = std::variant<library::Group, library::Job, library::GroupEnumerator,
                                library::JobEnumerator>;

    struct Asker;

    const library::QueueManager& users_;
    const library::QueueManager& administrators_;
    // By handle. The objects stay where they are until the end, released ones empty.
    std::vector<std::atomic<Object*>> objects_;
};

}  // namespace qmgr::propertytests
