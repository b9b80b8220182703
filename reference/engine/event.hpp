// What goes into the engine: a client's call with the facts it needs, or an event the world
// reports.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "reference/contract/call.hpp"
#include "reference/contract/hresult.hpp"
#include "reference/contract/identifiers.hpp"

namespace qmgr {

/// A file of a group of this queue. Never used again, so a late event cannot hit another file.
struct FileRef {
    GroupNumber group;
    FileIndex file = 0;
    auto operator<=>(const FileRef&) const = default;
};

/// One line of a response head or request head, as it goes over the wire.
struct HeaderField {
    std::string name;
    std::string value;
    bool operator==(const HeaderField&) const = default;
};

/// Why an exchange ended before its response did. The transport only reports; what follows from it
/// is decided by response_table.
enum class TransportFailure : std::uint8_t {
    NameNotResolved,
    Unreachable,  ///< no connection could be made
    Interrupted,  ///< the connection broke, by reset or by an early end
    TimedOut,     ///< no byte for Policy::stall_timeout
    TlsFailed,
    Malformed,  ///< bytes came that are no HTTP response
};

namespace event {

/// Answer to CreatePart. FileExists: the name is taken. `length`: bytes found in a part of ours.
struct PartCreated {
    FileRef file;
    HResult result = HResult::Ok;
    std::uint64_t length = 0;
    bool operator==(const PartCreated&) const = default;
};
/// The final head of a response (no 1xx). No body byte is stored before StoreBody.
struct ResponseStarted {
    FetchId fetch;
    int status = 0;
    std::vector<HeaderField> headers;  ///< all lines as received, duplicates kept
    bool operator==(const ResponseStarted&) const = default;
};
/// So many more bytes of the body are written.
struct BytesStored {
    FetchId fetch;
    std::uint64_t count = 0;
    bool operator==(const BytesStored&) const = default;
};
/// The exchange is over. Nothing more comes for this fetch.
struct FetchEnded {
    FetchId fetch;
    std::optional<TransportFailure> failure;
    bool operator==(const FetchEnded&) const = default;
};
/// A write of the body failed. Nothing more comes for this fetch.
struct StoreFailed {
    FetchId fetch;
    HResult cause = HResult::IoDevice;
    bool operator==(const StoreFailed&) const = default;
};
/// The first `length` bytes of the part, written by that fetch or before it, survive a crash.
struct PartSynced {
    FileRef file;
    FetchId fetch;
    std::uint64_t length = 0;
    HResult result = HResult::Ok;
    bool operator==(const PartSynced&) const = default;
};
/// Answer to CommitFile.
struct FileCommitted {
    FileRef file;
    HResult result = HResult::Ok;
    bool operator==(const FileCommitted&) const = default;
};
/// Answer to DiscardPart.
struct PartDiscarded {
    FileRef file;
    HResult result = HResult::Ok;
    bool operator==(const PartDiscarded&) const = default;
};
/// Somebody logged on or off.
struct SessionChanged {
    std::string user;
    bool logged_on = true;
    bool operator==(const SessionChanged&) const = default;
};
/// The network is gone or back.
struct NetworkChanged {
    bool lost = false;
    bool operator==(const NetworkChanged&) const = default;
};
/// The system holds transfers back, or no longer.
struct PauseChanged {
    bool paused = false;
    bool operator==(const PauseChanged&) const = default;
};
/// An object is registered under that class from now on, maybe in place of another.
struct CallbackRegistered {
    ClassId class_id;
    bool operator==(const CallbackRegistered&) const = default;
};
/// What the callback returned for a delivery; a failure code if there is none.
struct NotificationAnswered {
    NotificationNumber number;
    HResult result = HResult::Ok;
    bool operator==(const NotificationAnswered&) const = default;
};
/// What Engine::next_wakeup named has come.
struct TimeReached {
    bool operator==(const TimeReached&) const = default;
};

}  // namespace event

using Event =
    std::variant<event::PartCreated, event::ResponseStarted, event::BytesStored, event::FetchEnded,
                 event::StoreFailed, event::PartSynced, event::FileCommitted, event::PartDiscarded,
                 event::SessionChanged, event::NetworkChanged, event::PauseChanged,
                 event::CallbackRegistered, event::NotificationAnswered, event::TimeReached>;

/// What is around the service as a whole: what the events of that kind add up to.
struct Circumstances {
    std::set<std::string> logged_off;  ///< users known to be logged off; all others are logged on
    bool network_lost = false;
    bool paused = false;
    bool operator==(const Circumstances&) const = default;
};

/// A call and what the service found out for it first: the engine never asks.
struct CallInput {
    CallId id;
    Caller caller;
    Call call;
    /// AddFiles only, one a file: may the caller write in the directory of its local name? Ok,
    /// AccessDenied or PathNotFound.
    std::vector<HResult> directories;
    bool operator==(const CallInput&) const = default;
};

using Input = std::variant<CallInput, Event>;

}  // namespace qmgr
