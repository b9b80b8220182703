// What the engine wants done: values in an order that is a law.
//
// The law. Actions are performed in list order. If a Persist fails, nothing after it is performed.
// Nothing a step causes can be seen, by a client, a server or in a directory, before its Persist is
// durable. There is at most one Persist in a list, and it comes first; Answer comes after all that
// must have happened when the client hears of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference/contract/notification.hpp"
#include "reference/contract/reply.hpp"
#include "reference/contract/step.hpp"
#include "reference/engine/event.hpp"
#include "reference/engine/record.hpp"

namespace qmgr {
namespace action {

/// Make these changes durable, all or none.
struct Persist {
    std::vector<Change> changes;
    bool operator==(const Persist&) const = default;
};
/// Create an empty file; answered by PartCreated. What a file that is there already means is told
/// by `claim`: New, FileExists; Named, taken over if it is empty, else FileExists; Ours, taken over
/// with the bytes it has.
struct CreatePart {
    FileRef file;
    std::string path;
    PartClaim claim = PartClaim::New;
    bool operator==(const CreatePart&) const = default;
};
/// Send a request. Answered by ResponseStarted, then, after StoreBody, BytesStored…, and in the end
/// by FetchEnded or StoreFailed. Host is the transport's to add; nothing else is.
struct StartFetch {
    FetchId fetch;
    FileRef file;
    std::string method;  ///< HEAD or GET
    std::string url;
    std::vector<HeaderField> headers;
    bool operator==(const StartFetch&) const = default;
};
/// Take the body of that response: cut the part at `offset`, write from there, at most `limit`
/// bytes. Bytes after those are never written.
struct StoreBody {
    FetchId fetch;
    FileRef file;
    std::string path;
    std::uint64_t offset = 0;
    std::uint64_t limit = 0;
    bool operator==(const StoreBody&) const = default;
};
/// Give the exchange up. Once performed, no further byte of it is written.
struct StopFetch {
    FetchId fetch;
    bool operator==(const StopFetch&) const = default;
};
/// Make the whole part durable; answered by PartSynced.
struct SyncPart {
    FileRef file;
    FetchId fetch;
    std::string path;
    std::uint64_t length = 0;
    bool operator==(const SyncPart&) const = default;
};
/// Rename the part to its destination, replacing what is there at once or not at all (FILE-PUB-3),
/// with the server's time stamp (FILE-TIME-1); durable when answered by FileCommitted.
/// FileNotFound: the part is gone. `again`: a run that crashed may have done it, so a missing part
/// beside a destination of that size counts as renamed.
struct CommitFile {
    FileRef file;
    std::string path;
    std::string destination;
    std::uint64_t size = 0;
    std::optional<std::string> last_modified;
    bool again = false;
    bool operator==(const CommitFile&) const = default;
};
/// Remove the part; answered by PartDiscarded. A missing one is success; performed means gone. A
/// claim other than Ours: only an empty file is removed, any other one is not ours; New: only one
/// that this run of the store has created (FILE-TMP-1).
struct DiscardPart {
    FileRef file;
    std::string path;
    PartClaim claim = PartClaim::Ours;
    bool operator==(const DiscardPart&) const = default;
};
/// Deliver a notification.
struct Notify {
    Notification notification;
    bool operator==(const Notify&) const = default;
};
/// The answer to a call.
struct Answer {
    CallId call;
    Reply reply;
    bool operator==(const Answer&) const = default;
};

}  // namespace action

using Action =
    std::variant<action::Persist, action::CreatePart, action::StartFetch, action::StoreBody,
                 action::StopFetch, action::SyncPart, action::CommitFile, action::DiscardPart,
                 action::Notify, action::Answer>;

/// What one step wants done, and which rows said so.
struct Actions {
    std::vector<Action> list;
    std::vector<Step> steps;
    bool operator==(const Actions&) const = default;
};

}  // namespace qmgr
