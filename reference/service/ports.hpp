// The ports: everything the service can do to the world, and the one way the world answers.
//
// Rules for whoever implements one. A port never calls back into the service: what it has to say
// goes to the EventSink as an event, from any thread. It may answer at once, before its function
// returns. It keeps the order of what it was asked for one file. It never judges: it reports.
#pragma once

#include <string>
#include <vector>

#include "reference/contract/call.hpp"
#include "reference/contract/step.hpp"
#include "reference/contract/time.hpp"
#include "reference/engine/action.hpp"
#include "reference/engine/event.hpp"
#include "reference/engine/record.hpp"

namespace qmgr {

/// Where events go: the service's inbox. Safe to call from any thread.
class EventSink {
  public:
    EventSink() = default;
    EventSink(const EventSink&) = delete;
    EventSink& operator=(const EventSink&) = delete;
    virtual ~EventSink() = default;
    virtual void post(Event event) = 0;
};

/// Base of all ports: not copied, deleted through its own type or this one.
class Port {
  public:
    Port() = default;
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    virtual ~Port() = default;
};

/// Tells the time. Never goes back within one run; milliseconds since the Unix epoch, so that an
/// Instant in the journal means the same after a restart.
class Clock : public Port {
  public:
    virtual Instant now() = 0;
};

/// Sends requests and stores bodies. Each start() is followed by events for that fetch, the last of
/// which is FetchEnded or StoreFailed; none comes after stop() was called from the service's
/// thread, but for events posted before.
class Transport : public Port {
  public:
    /// Send the request exactly as it stands; Host is added. Redirects are not followed, bodies not
    /// decoded. Reports ResponseStarted with all header lines as received. Of a HEAD, the exchange
    /// is over when ResponseStarted is posted, so that the next request can use its connection.
    virtual void start(const action::StartFetch& fetch) = 0;
    /// Take the body: FileStore::write from `offset` on, at most `limit` bytes, then FetchEnded.
    /// Until this is called no body byte is taken from the connection.
    virtual void store_body(const action::StoreBody& body) = 0;
    /// Give it up. After this returns no byte of it is written any more.
    virtual void stop(FetchId fetch) = 0;
};

/// Keeps parts and finished files. Paths are UTF-8. Failures are HRESULT_FROM_WIN32 of the cause
/// (FILE-DISK-1): DiskFull, PathNotFound, AccessDenied, else IoDevice.
class FileStore : public Port {
  public:
    /// May `caller` create a file in the directory of `local_name`? Ok, AccessDenied, PathNotFound.
    virtual HResult examine(const Caller& caller, const std::string& local_name) = 0;
    virtual void create_part(const action::CreatePart& part) = 0;  ///< posts PartCreated
    /// Cuts the part at its length and makes it durable; posts PartSynced.
    virtual void sync_part(const action::SyncPart& part) = 0;
    virtual void commit_file(const action::CommitFile& file) = 0;  ///< posts FileCommitted
    /// Posts PartDiscarded; the file is gone when this returns.
    virtual void discard_part(const action::DiscardPart& part) = 0;

    // The transport's side, called from its thread between store_body() and the end of that fetch.
    /// Cut the part at body.offset and make it ready to be written from there.
    virtual HResult begin_body(const action::StoreBody& body) = 0;
    /// Append. Posts PartSynced by itself, at least every Policy::sync_interval or sync_bytes.
    virtual HResult write(FetchId fetch, const char* data, std::size_t count) = 0;
    /// No more bytes come for that fetch.
    virtual void end_body(FetchId fetch) = 0;
};

/// Keeps records durably.
class Journal : public Port {
  public:
    /// Everything it holds. Not Ok: it cannot be read or written now; `records` is not touched.
    virtual HResult load(Records& records) = 0;
    /// All changes or none; durable when it returns Ok.
    virtual HResult commit(const std::vector<Change>& changes) = 0;
};

/// Delivers notifications to the objects registered for them. Each deliver() is followed by one
/// NotificationAnswered for that number, at once with a failure if nothing is registered under its
/// class (NOTIFY-12). Posts CallbackRegistered when something is.
class Notifier : public Port {
  public:
    /// Of a number that has not been answered: the delivery before is given up, with the handles
    /// that were lent with it, and only this one is to be made.
    virtual void deliver(const Notification& notification) = 0;
    /// The service lost its journal, and with it every handle: what has not begun to run is not to
    /// be made any more. After the service has opened it again, it is delivered anew.
    virtual void forget() = 0;
};

/// Knows what is around the service. Every change after a current() is posted as SessionChanged,
/// NetworkChanged or PauseChanged; one that is posted and was in current() already does no harm.
class SurroundingsPort : public Port {
  public:
    virtual Circumstances current() = 0;
};

/// Gets each step after its actions were performed. Nothing reads it back.
class Log : public Port {
  public:
    virtual void wrote(Instant at, const Step& step) = 0;
};

/// All of them. They outlive the service. `log` may be null.
struct Ports {
    Clock& clock;
    Transport& transport;
    FileStore& file_store;
    Journal& journal;
    Notifier& notifier;
    SurroundingsPort& surroundings;
    Log* log = nullptr;
};

}  // namespace qmgr
