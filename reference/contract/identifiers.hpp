// The names of things: GUIDs that clients choose, handles that the system gives out, and numbers
// that never leave the process. Each is a type of its own, so that one cannot be passed for
// another.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmgr::inline v0 {

/// Sixteen bytes in the order in which the text form writes them.
struct Guid {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const Guid&) const = default;
    constexpr bool is_null() const { return *this == Guid{}; }
};

/// "6f9619ff-8b86-d011-b42d-00c04fc964ff": 8-4-4-4-12 hex digits, lower case.
std::string to_text(const Guid& guid);
/// The text form above in either case, without braces; nothing for any other text.
std::optional<Guid> guid_from_text(std::string_view text);

/// A GUID that means one thing only.
template <class Tag>
struct TypedGuid {
    Guid guid;
    auto operator<=>(const TypedGuid&) const = default;
};
using GroupId = TypedGuid<struct GroupIdTag>;  ///< given to CreateGroup by the client
using JobId = TypedGuid<struct JobIdTag>;      ///< given to CreateJob by the client
using ClassId = TypedGuid<struct ClassIdTag>;  ///< GROUPPROP_NOTIFYCLSID; null: none

/// A number that means one thing only.
template <class Tag>
struct TypedNumber {
    std::uint64_t value = 0;
    auto operator<=>(const TypedNumber&) const = default;
};

// Handles: what a held interface pointer is here (HANDLE-1..5). One sequence of numbers serves all
// three kinds; a number is never used twice in one run of the system that gave it.
using GroupHandle = TypedNumber<struct GroupHandleTag>;
using JobHandle = TypedNumber<struct JobHandleTag>;
using EnumeratorHandle = TypedNumber<struct EnumeratorHandleTag>;

using CallId = TypedNumber<struct CallIdTag>;    ///< one call in flight; chosen by the service
using FetchId = TypedNumber<struct FetchIdTag>;  ///< one HTTP exchange; chosen by the engine
/// One group in the queue's life. Unlike its GUID it is never used again, and its order is the
/// order of creation (ENUM-ORDER-1).
using GroupNumber = TypedNumber<struct GroupNumberTag>;
using NotificationNumber = TypedNumber<struct NotificationNumberTag>;

/// Position of a file in its job, from 0, in the order added (JOB1-FILE-1).
using FileIndex = std::uint32_t;

}  // namespace qmgr::inline v0
