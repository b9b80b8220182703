// The journal in a file, kept with SQLite.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "reference/service/ports.hpp"

namespace qmgr {

enum class OpenResult : std::uint8_t {
    Ok,
    Busy,         ///< another journal object, here or in another process, has the file
    NotAJournal,  ///< damaged or somebody else's; it is kept under another name now
    CannotOpen,   ///< no right, no directory, no space, no file, or written by a newer version
};

/// One row a group and one a file, so that the cost of a change does not grow with the queue. A
/// write-ahead log that is synced at every commit; the file is readable for its owner only. While
/// open it is locked against everybody else.
///
/// A damaged or foreign file, or a foreign log beside it, is never deleted: both are renamed to
/// NAME.unreadable-N, error() says so, and the next open() begins an empty journal. A log that
/// breaks off is no damage: a power cut leaves one, and its whole commits count. After any other
/// failure the file is closed, and the next load() opens it anew.
///
/// Not thread-safe, but the thread may change between calls.
class SqliteJournal final : public Journal {
  public:
    /// Opens nothing yet. The directory of `path` has to exist when it is opened.
    explicit SqliteJournal(std::string path);
    ~SqliteJournal() override;

    /// Ok at once when it is open already.
    OpenResult open();
    /// One line about the latest failure, with the path; empty after none.
    const std::string& error() const { return error_; }

    /// Opens first when needed. Failures: HRESULT_FROM_WIN32 of ERROR_SHARING_VIOLATION (32) for
    /// Busy, of ERROR_FILE_CORRUPT (1392) for NotAJournal, otherwise of the cause.
    HResult load(Records& records) override;
    /// DiskFull or IoDevice. Whether the changes of a failed commit are in the file is known when
    /// it is loaded again. IoDevice when the journal is not open.
    HResult commit(const std::vector<Change>& changes) override;

  private:
    class Connection;

    OpenResult refuse(std::unique_ptr<Connection> connection, int code);
    OpenResult set_aside(std::unique_ptr<Connection> connection, const std::string& reason);

    const std::string path_;
    std::string error_;
    HResult failure_ = HResult::Ok;  ///< of the latest open()
    std::unique_ptr<Connection> connection_;
};

}  // namespace qmgr
