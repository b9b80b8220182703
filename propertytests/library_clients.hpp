// Concurrent clients of the library over a queue of this machine: the real service with SQLite, the
// disk, libcurl and the fault server, each with the threads it has.
#pragma once

#include <cstdint>
#include <optional>

#include "propertytests/clients.hpp"
#include "propertytests/history.hpp"
#include "reference/contract/policy.hpp"

namespace qmgr::propertytests {

struct LibraryRun {
    History history;                  ///< empty if it was not recorded
    std::uint64_t calls = 0;          ///< answered
    std::uint64_t notifications = 0;  ///< that the callback heard
    std::uint64_t requests = 0;       ///< that the server served
};

enum class Recording : std::uint8_t {
    On,
    Off,  ///< nothing orders the threads but the library itself
};

/// The numbers of the queue the clients meet.
Policy library_policy();

/// Runs the clients of `plan` (its site and folder do not matter), each on a thread, on a new queue
/// in a temporary folder, with a callback that calls the library as well. What they ask follows
/// from the seed and from what they are told; what they are told does not.
LibraryRun run_library(const ClientsPlan& plan, Recording recording);

}  // namespace qmgr::propertytests
