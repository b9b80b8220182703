#include "reference/adapters/sqlite_journal.hpp"

#include <fcntl.h>
#include <sqlite3.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "reference/adapters/file_calls.hpp"
#include "reference/adapters/journal_files.hpp"

namespace qmgr {
namespace {

// "qmgr": tells a journal from every other SQLite file.
constexpr std::int64_t kApplicationId = 0x716d6772;
// One step makes each format out of the one before; an empty file has format 0. Columns are only
// ever added, at the end of their tables.
constexpr std::array kSteps = {R"(
    BEGIN IMMEDIATE;
    CREATE TABLE queue(
        one INTEGER PRIMARY KEY CHECK (one = 1), next_group INTEGER NOT NULL,
        next_part INTEGER NOT NULL);
    CREATE TABLE groups(
        number INTEGER PRIMARY KEY, id TEXT NOT NULL, owner TEXT NOT NULL,
        foreground INTEGER NOT NULL, notify_flags INTEGER NOT NULL, notify_class TEXT NOT NULL,
        display_name TEXT NOT NULL, description TEXT NOT NULL, job_id TEXT, state TEXT NOT NULL,
        error_code INTEGER NOT NULL, error_http_status INTEGER NOT NULL, error_file INTEGER,
        error_count INTEGER NOT NULL, quick_retries INTEGER NOT NULL, failing_since_ms INTEGER);
    CREATE TABLE files(
        group_number INTEGER NOT NULL, file_index INTEGER NOT NULL, remote_name TEXT NOT NULL,
        local_name TEXT NOT NULL, size_hint INTEGER NOT NULL, target TEXT NOT NULL,
        part_path TEXT NOT NULL, size INTEGER, last_modified TEXT, synced INTEGER NOT NULL,
        committed INTEGER NOT NULL, PRIMARY KEY (group_number, file_index)) WITHOUT ROWID;
    PRAGMA application_id = 0x716d6772;
    PRAGMA user_version = 1;
    COMMIT;)",
                               // A group of an older queue counts as active when it is taken over.
                               R"(
    BEGIN IMMEDIATE;
    ALTER TABLE queue ADD COLUMN next_notification INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE groups ADD COLUMN notify_user TEXT NOT NULL DEFAULT '';
    ALTER TABLE groups ADD COLUMN active_at_ms INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE groups ADD COLUMN undelivered INTEGER;
    ALTER TABLE files ADD COLUMN part_made INTEGER NOT NULL DEFAULT 1;
    UPDATE groups SET active_at_ms = 1000 * CAST(strftime('%s', 'now') AS INTEGER);
    PRAGMA user_version = 2;
    COMMIT;)"};
constexpr auto kFormat = static_cast<std::int64_t>(kSteps.size());

constexpr std::array<std::string_view, 6> kStateNames = {"Suspended",  "Queued",   "Error",
                                                         "Publishing", "Complete", "Cancelling"};

// ---- columns ------------------------------------------------------------------------------------
// Each record names its columns once, in the order of its table; Binder and Reader walk over them.

template <class Columns>
void walk(Columns& columns, QueueRecord& queue) {
    std::uint32_t one = 1;
    columns(one);
    columns(queue.next_group);
    columns(queue.next_part);
    columns(queue.next_notification);
}

template <class Columns>
void walk(Columns& columns, GroupRecord& group) {
    columns(group.number.value);
    columns(group.id.guid);
    columns(group.owner);
    columns(group.foreground);
    columns(group.properties.notify_flags);
    columns(group.properties.notify_class.guid);
    columns(group.properties.display_name);
    columns(group.properties.description);
    columns(group.job_id);
    columns(group.state);
    columns(group.error.code);
    columns(group.error.http_status);
    columns(group.error.file);
    columns(group.error_count);
    columns(group.quick_retries);
    columns(group.failing_since);
    columns(group.properties.notify_user);
    columns(group.active_at);
    columns(group.undelivered);
}

template <class Columns>
void walk(Columns& columns, FileRecord& file) {
    columns(file.group.value);
    columns(file.index);
    columns(file.info.remote_name);
    columns(file.info.local_name);
    columns(file.info.size_hint);
    columns(file.target);
    columns(file.part_path);
    columns(file.size);
    columns(file.last_modified);
    columns(file.synced);
    columns(file.committed);
    columns(file.part_made);
}

/// Binds column after column. Text is not copied: the record outlives the statement's run.
class Binder {
  public:
    explicit Binder(sqlite3_stmt* statement) : statement_(statement) {}

    void operator()(const std::uint64_t& value) {
        sqlite3_bind_int64(statement_, next_++, static_cast<sqlite3_int64>(value));
    }
    void operator()(const std::uint32_t& value) { sqlite3_bind_int64(statement_, next_++, value); }
    void operator()(const int& value) { sqlite3_bind_int64(statement_, next_++, value); }
    void operator()(const bool& value) { sqlite3_bind_int64(statement_, next_++, value ? 1 : 0); }
    void operator()(const std::string& value) {
        sqlite3_bind_text64(statement_, next_++, value.data(), value.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
    }
    void operator()(const Guid& value) {
        const std::string text = to_text(value);
        sqlite3_bind_text64(statement_, next_++, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8);
    }
    void operator()(const JobId& value) { (*this)(value.guid); }
    void operator()(const NotificationNumber& value) { (*this)(value.value); }
    void operator()(const HResult& value) { (*this)(static_cast<std::uint32_t>(value)); }
    void operator()(const Instant& value) { sqlite3_bind_int64(statement_, next_++, to_ms(value)); }
    void operator()(const DurableState& value) {
        const std::string_view text = kStateNames[static_cast<std::size_t>(value)];
        sqlite3_bind_text64(statement_, next_++, text.data(), text.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
    }
    template <class Value>
    void operator()(const std::optional<Value>& value) {
        if (value)
            (*this)(*value);
        else
            sqlite3_bind_null(statement_, next_++);
    }

  private:
    sqlite3_stmt* statement_;
    int next_ = 1;
};

/// Reads column after column; a value that the column cannot hold makes the row unreadable.
class Reader {
  public:
    explicit Reader(sqlite3_stmt* statement) : statement_(statement) {}

    bool is_readable() const { return readable_; }

    void operator()(std::uint64_t& value) { value = static_cast<std::uint64_t>(integer()); }
    void operator()(std::uint32_t& value) { value = number<std::uint32_t>(); }
    void operator()(int& value) { value = number<int>(); }
    void operator()(bool& value) { value = number<std::uint8_t>() != 0; }
    void operator()(std::string& value) {
        readable_ = readable_ && sqlite3_column_type(statement_, next_) == SQLITE_TEXT;
        const unsigned char* text = sqlite3_column_text(statement_, next_);
        const int size = sqlite3_column_bytes(statement_, next_++);
        if (text != nullptr)
            value.assign(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    }
    void operator()(Guid& value) {
        std::string text;
        (*this)(text);
        const auto guid = guid_from_text(text);
        readable_ = readable_ && guid;
        value = guid.value_or(Guid{});
    }
    void operator()(JobId& value) { (*this)(value.guid); }
    void operator()(NotificationNumber& value) { (*this)(value.value); }
    void operator()(HResult& value) { value = static_cast<HResult>(number<std::uint32_t>()); }
    void operator()(Instant& value) { value = instant_from_ms(integer()); }
    void operator()(DurableState& value) {
        std::string text;
        (*this)(text);
        for (std::size_t n = 0; n < kStateNames.size(); ++n) {
            if (kStateNames[n] != text) continue;
            value = static_cast<DurableState>(n);
            return;
        }
        readable_ = false;
    }
    template <class Value>
    void operator()(std::optional<Value>& value) {
        if (sqlite3_column_type(statement_, next_) == SQLITE_NULL)
            ++next_;
        else
            (*this)(value.emplace());
    }

  private:
    std::int64_t integer() {
        readable_ = readable_ && sqlite3_column_type(statement_, next_) == SQLITE_INTEGER;
        return sqlite3_column_int64(statement_, next_++);
    }
    template <class Value>
    Value number() {
        const std::int64_t value = integer();
        readable_ = readable_ && std::in_range<Value>(value);
        return static_cast<Value>(value);
    }

    sqlite3_stmt* statement_;
    int next_ = 0;
    bool readable_ = true;
};

// Returns errno. A file that is there is not touched: closing a second descriptor of one that
// SQLite has open would drop its locks, which POSIX counts by process.
int create_private_file(const std::string& path) {
    const Descriptor created(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    return created.is_open() ? 0 : errno;
}

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

}  // namespace

/// The open file and its prepared statements. Functions return SQLite's result codes.
class SqliteJournal::Connection {
  public:
    int open(const std::string& path);
    /// Of a file that holds a journal or nothing at all; SQLITE_NOTADB for any other.
    int prepare(const std::string& path);
    int load(Records& records);
    int commit(const std::vector<Change>& changes);
    /// Leaves the log as it is when the file is closed, for a file that cannot be trusted.
    void keep_log() {
        sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    bool is_newer() const { return format_ > kFormat; }
    /// DiskFull, or what the system said, or IoDevice.
    HResult cause(int code) const;
    std::string message() const { return sqlite3_errmsg(database_.get()); }

  private:
    int run(const char* sql) {
        return sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
    }
    int run(const Statement& statement);
    int number(const char* sql, std::int64_t& value);
    int prepare(Statement& statement, const char* sql);
    int recognise();
    int check();
    template <class Record>
    int put(const Statement& statement, Record record);
    int write(const QueueRecord& queue) { return put(put_queue_, queue); }
    int write(const GroupRecord& group) { return put(put_group_, group); }
    int write(const FileRecord& file) { return put(put_file_, file); }
    int write(const RemoveGroup& gone);
    template <class Record, class Keep>
    int read_all(const char* sql, Keep keep);

    Database database_;
    std::int64_t format_ = 0;
    Statement begin_;
    Statement commit_;
    Statement rollback_;
    Statement put_queue_;
    Statement put_group_;
    Statement put_file_;
    Statement remove_files_;
    Statement remove_group_;
};

int SqliteJournal::Connection::open(const std::string& path) {
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &database,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    database_.reset(database);
    // SQLite opens what may not be written all the same, and then calls its lock a disk error.
    const bool read_only = code == SQLITE_OK && sqlite3_db_readonly(database, "main") == 1;
    return read_only ? SQLITE_READONLY : code;
}

int SqliteJournal::Connection::prepare(const std::string& path) {
    // Before the first read, so that the lock is kept and the log needs no shared memory.
    int code = run("PRAGMA locking_mode = EXCLUSIVE");
    if (code == SQLITE_OK) code = recognise();
    if (code == SQLITE_OK && has_foreign_log(path)) code = SQLITE_NOTADB;
    if (code == SQLITE_OK) code = run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    if (code == SQLITE_OK) code = run("BEGIN IMMEDIATE; COMMIT");
    if (code == SQLITE_OK) code = check();
    for (auto step = static_cast<std::size_t>(format_); step < kSteps.size(); ++step)
        if (code == SQLITE_OK) code = run(kSteps.at(step));
    const std::array<std::pair<Statement*, const char*>, 8> statements = {{
        {&begin_, "BEGIN IMMEDIATE"},
        {&commit_, "COMMIT"},
        {&rollback_, "ROLLBACK"},
        {&put_queue_, "INSERT OR REPLACE INTO queue VALUES (?,?,?,?)"},
        {&put_group_,
         "INSERT OR REPLACE INTO groups VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
        {&put_file_, "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"},
        {&remove_files_, "DELETE FROM files WHERE group_number = ?"},
        {&remove_group_, "DELETE FROM groups WHERE number = ?"},
    }};
    for (const auto& [statement, sql] : statements)
        if (code == SQLITE_OK) code = prepare(*statement, sql);
    return code;
}

// Nothing is written before this has looked at what the file is.
int SqliteJournal::Connection::recognise() {
    std::int64_t application = 0;
    std::int64_t tables = 0;
    int code = number("PRAGMA application_id", application);
    if (code == SQLITE_OK) code = number("PRAGMA user_version", format_);
    if (code == SQLITE_OK) code = number("SELECT count(*) FROM sqlite_schema", tables);
    if (code != SQLITE_OK) return code;
    const bool empty = application == 0 && format_ == 0 && tables == 0;
    if (!empty && (application != kApplicationId || format_ < 1)) return SQLITE_NOTADB;
    return is_newer() ? SQLITE_CANTOPEN : SQLITE_OK;
}

int SqliteJournal::Connection::check() {
    Statement statement;
    const int code = prepare(statement, "PRAGMA quick_check(1)");
    if (code != SQLITE_OK) return code;
    const int stepped = sqlite3_step(statement.get());
    if (stepped != SQLITE_ROW) return stepped;
    const unsigned char* text = sqlite3_column_text(statement.get(), 0);
    const bool good = text != nullptr && std::string_view(reinterpret_cast<const char*>(text)) ==
                                             std::string_view("ok");
    return good ? SQLITE_OK : SQLITE_CORRUPT;
}

HResult SqliteJournal::Connection::cause(int code) const {
    if ((code & 0xFF) == SQLITE_FULL) return HResult::DiskFull;
    if ((code & 0xFF) == SQLITE_READONLY) return HResult::AccessDenied;
    return hresult_from_errno(sqlite3_system_errno(database_.get()));
}

int SqliteJournal::Connection::run(const Statement& statement) {
    const int code = sqlite3_step(statement.get());
    sqlite3_reset(statement.get());
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

int SqliteJournal::Connection::number(const char* sql, std::int64_t& value) {
    Statement statement;
    const int code = prepare(statement, sql);
    if (code != SQLITE_OK) return code;
    const int stepped = sqlite3_step(statement.get());
    if (stepped != SQLITE_ROW) return stepped;
    value = sqlite3_column_int64(statement.get(), 0);
    return SQLITE_OK;
}

int SqliteJournal::Connection::prepare(Statement& statement, const char* sql) {
    sqlite3_stmt* prepared = nullptr;
    const int code =
        sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    statement.reset(prepared);
    return code;
}

template <class Record>
int SqliteJournal::Connection::put(const Statement& statement, Record record) {
    Binder binder(statement.get());
    walk(binder, record);
    return run(statement);
}

int SqliteJournal::Connection::write(const RemoveGroup& gone) {
    int code = SQLITE_OK;
    for (const Statement* statement : {&remove_files_, &remove_group_}) {
        Binder binder(statement->get());
        binder(gone.group.value);
        if (code == SQLITE_OK) code = run(*statement);
    }
    return code;
}

int SqliteJournal::Connection::commit(const std::vector<Change>& changes) {
    int code = run(begin_);
    if (code != SQLITE_OK) return code;
    for (const Change& change : changes)
        if (code == SQLITE_OK)
            code = std::visit([this](const auto& one) { return write(one); }, change);
    if (code == SQLITE_OK) code = run(commit_);
    if (code != SQLITE_OK && sqlite3_get_autocommit(database_.get()) == 0) run(rollback_);
    return code;
}

template <class Record, class Keep>
int SqliteJournal::Connection::read_all(const char* sql, Keep keep) {
    Statement statement;
    int code = prepare(statement, sql);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(statement.get());
        if (code != SQLITE_ROW) break;
        Record record;
        Reader reader(statement.get());
        walk(reader, record);
        if (!reader.is_readable()) return SQLITE_CORRUPT;
        keep(std::move(record));
    }
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

int SqliteJournal::Connection::load(Records& records) {
    int code = read_all<QueueRecord>("SELECT * FROM queue",
                                     [&](const QueueRecord& queue) { records.queue = queue; });
    if (code == SQLITE_OK)
        code = read_all<GroupRecord>(
            "SELECT * FROM groups ORDER BY number",
            [&](GroupRecord&& group) { records.groups.push_back(std::move(group)); });
    if (code == SQLITE_OK)
        code = read_all<FileRecord>(
            "SELECT * FROM files ORDER BY group_number, file_index",
            [&](FileRecord&& file) { records.files.push_back(std::move(file)); });
    return code;
}

// ---- the journal --------------------------------------------------------------------------------

SqliteJournal::SqliteJournal(std::string path) : path_(std::move(path)) {}

SqliteJournal::~SqliteJournal() = default;

OpenResult SqliteJournal::open() {
    if (connection_) return OpenResult::Ok;
    const int error = create_private_file(path_);
    if (error != 0 && error != EEXIST) {
        failure_ = hresult_from_errno(error);
        error_ = path_ + ": cannot be created: " + std::generic_category().message(error);
        return OpenResult::CannotOpen;
    }
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path_, ignored)) {
        failure_ = HResult::IoDevice;
        error_ = path_ + ": cannot be opened: is no file";
        return OpenResult::CannotOpen;
    }
    make_private(path_);
    if (!torn_beyond_notice(path_).empty()) {
        const Descriptor lock = lock_against_others(path_);
        const std::string reason = torn_beyond_notice(path_);  // nobody changes it any more
        if (lock.is_open() && !reason.empty()) return set_aside(nullptr, reason);
    }
    auto connection = std::make_unique<Connection>();
    int code = connection->open(path_);
    if (code == SQLITE_OK) code = connection->prepare(path_);
    if (code == SQLITE_OK) {
        connection_ = std::move(connection);
        return OpenResult::Ok;
    }
    return refuse(std::move(connection), code);
}

OpenResult SqliteJournal::refuse(std::unique_ptr<Connection> connection, int code) {
    const int kind = code & 0xFF;
    if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) {
        failure_ = from_win32(32);
        error_ = path_ + ": is in use by another queue manager";
        return OpenResult::Busy;
    }
    if (kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT)
        return set_aside(std::move(connection), sqlite3_errstr(code));
    failure_ = connection->cause(code);
    std::string why = connection->message();
    if (kind == SQLITE_READONLY) why = "may not be written";
    if (connection->is_newer()) why = "written by a newer version";
    error_ = path_ + ": cannot be opened: " + why;
    return OpenResult::CannotOpen;
}

// The lock is held until the file has its new name.
OpenResult SqliteJournal::set_aside(std::unique_ptr<Connection> connection,
                                    const std::string& reason) {
    if (connection) connection->keep_log();
    std::error_code error;
    std::string kept;
    for (int number = 1; kept.empty() || std::filesystem::exists(kept, error); ++number)
        kept = path_ + ".unreadable-" + std::to_string(number);
    if (std::rename(path_.c_str(), kept.c_str()) != 0) {
        failure_ = hresult_from_errno(errno);
        error_ = path_ + ": is no journal (" + reason +
                 ") and cannot be renamed: " + std::generic_category().message(errno);
        return OpenResult::CannotOpen;
    }
    // Left behind, the log of the old file would be taken for that of the new one.
    for (const char* suffix : {"-wal", "-journal", "-shm"})
        static_cast<void>(std::rename((path_ + suffix).c_str(), (kept + suffix).c_str()));
    failure_ = from_win32(1392);
    error_ = path_ + ": is no journal (" + reason + "); kept as " + kept;
    return OpenResult::NotAJournal;
}

HResult SqliteJournal::load(Records& records) {
    if (open() != OpenResult::Ok) return failure_;
    Records loaded;
    const int code = connection_->load(loaded);
    if (code != SQLITE_OK) {
        refuse(std::exchange(connection_, nullptr), code);
        return failure_;
    }
    records = std::move(loaded);
    return HResult::Ok;
}

HResult SqliteJournal::commit(const std::vector<Change>& changes) {
    if (!connection_) {
        error_ = path_ + ": is not open";
        return HResult::IoDevice;
    }
    const int code = connection_->commit(changes);
    if (code == SQLITE_OK) return HResult::Ok;
    error_ = path_ + ": cannot be written: " + connection_->message();
    const HResult cause = connection_->cause(code);
    connection_.reset();
    return cause == HResult::DiskFull ? cause : HResult::IoDevice;
}

}  // namespace qmgr
