// IBackgroundCopyCallback1::OnStatus as a value. OnProgress and OnProgressEx are never called
// (NOTIFY-6) and have no type.
#pragma once

#include <cstdint>
#include <optional>

#include "reference/contract/identifiers.hpp"
#include "reference/contract/status.hpp"

namespace qmgr::inline v0 {

/// One delivery, made to the object registered under `class_id` and repeated, with the same number,
/// until it is answered S_OK (NOTIFY-5).
struct Notification {
    NotificationNumber number;
    ClassId class_id;
    GroupHandle group;
    std::optional<JobHandle> job;
    std::optional<FileIndex> file;  ///< the failing file; none is -1 in the interface
    GroupStatus status;
    std::uint32_t retries = 0;  ///< with GroupFlag::Error only, as the next two
    std::uint32_t win32_result = 0;
    std::uint32_t transport_result = 0;  ///< HTTP status, 0 when no response came
    bool operator==(const Notification&) const = default;
};

}  // namespace qmgr::inline v0
