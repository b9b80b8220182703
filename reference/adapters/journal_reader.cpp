#include "reference/adapters/journal_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "reference/adapters/file_calls.hpp"
#include "reference/adapters/journal_files.hpp"
#include "reference/adapters/sqlite_journal.hpp"

namespace qmgr {
namespace {

// A log is begun anew once in a thousand pages, and a copy takes less than a commit of one: more
// than one attempt is rare, and more than these would mean that something else is wrong.
constexpr int kAttempts = 10;

Descriptor open_to_read(const std::string& path) {
    return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

// A folder for this user only, gone with what is in it.
class PrivateFolder {
  public:
    PrivateFolder() {
        std::error_code error;
        path_ = std::filesystem::temp_directory_path(error) / "qmgr-reading-XXXXXX";
        error_ = error.value();
        if (error_ == 0 && ::mkdtemp(path_.data()) == nullptr) error_ = errno;
    }
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    ~PrivateFolder() {
        std::error_code ignored;
        if (error_ == 0) std::filesystem::remove_all(path_, ignored);
    }
    int error() const { return error_; }
    std::string path(const char* name) const { return path_ + "/" + name; }

  private:
    std::string path_;
    int error_ = 0;
};

/// What changes when the files are others, when a log begins anew, or, where there is no log, when
/// the database is written.
struct Generation {
    ino_t database = 0;
    ino_t log = 0;  ///< 0: there is none
    LogHeader log_header{};
    off_t size = 0;
    std::int64_t modified_ns = 0;
    bool operator==(const Generation&) const = default;
};

// Returns errno.
int copy_to(const std::string& path, const Descriptor& from) {
    const Descriptor to(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!to.is_open()) return errno;
    std::vector<char> buffer(1U << 16U);
    std::uint64_t offset = 0;
    for (;;) {
        const ssize_t got =
            ::pread(from.number(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
        if (got < 0) return errno;
        if (got == 0) return 0;
        const auto count = static_cast<std::size_t>(got);
        if (failed(write_at(to, offset, buffer.data(), count))) return EIO;
        offset += count;
    }
}

/// The files of a journal, as they are under their names now.
struct OpenFiles {
    explicit OpenFiles(const std::string& path)
        : database(open_to_read(path)), error(errno), log(open_to_read(path + "-wal")) {}

    Generation generation() const {
        Generation now;
        struct stat status {};
        if (::fstat(database.number(), &status) == 0) now.database = status.st_ino;
        if (!log.is_open()) {
            now.size = status.st_size;
            now.modified_ns = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
        } else if (::fstat(log.number(), &status) == 0) {
            now.log = status.st_ino;
            now.log_header = log_header(log);
        }
        return now;
    }

    Descriptor database;
    int error;  ///< of `database`, when that is not open
    Descriptor log;
};

// Copies a moment: the database, then its log. While the log is not begun anew, every page that is
// written to the database is in the log already, and the log only grows; so the pages of the copied
// log stand above whatever was half written when the database was copied. Nothing: try again.
std::optional<int> copy_moment(const std::string& path, const OpenFiles& files,
                               const std::string& copy) {
    const auto before = files.generation();
    int error = copy_to(copy, files.database);
    if (error == 0 && files.log.is_open()) error = copy_to(copy + "-wal", files.log);
    if (error != 0) return error;
    // Looked up by name again: a log that was removed goes on under its descriptor.
    if (OpenFiles(path).generation() == before) return 0;
    return std::nullopt;
}

JournalReading unreadable(const std::string& path, int error) {
    return {ReadResult::CannotRead,
            path + ": cannot be read: " + std::generic_category().message(error),
            {},
            {}};
}

JournalReading read_copy(const std::string& path, const std::string& copy) {
    JournalReading reading;
    SqliteJournal journal(copy);
    const OpenResult opened = journal.open();
    if (opened == OpenResult::Ok && succeeded(journal.load(reading.records))) return reading;
    reading.error = journal.error();
    // It speaks of the copy, and of keeping that.
    if (reading.error.starts_with(copy)) reading.error.replace(0, copy.size(), path);
    const std::size_t kept = reading.error.find("; kept as ");
    reading.result = kept == reading.error.npos ? ReadResult::CannotRead : ReadResult::NotAJournal;
    reading.error.resize(std::min(kept, reading.error.size()));
    return reading;
}

JournalReading read_closed(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        const bool missing = errno == ENOENT || errno == ENOTDIR;
        return missing ? JournalReading{ReadResult::Missing, {}, {}, {}} : unreadable(path, errno);
    }
    if (!S_ISREG(status.st_mode)) return {ReadResult::NotAJournal, path + ": is no file", {}, {}};
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const OpenFiles files(path);
        if (!files.database.is_open()) return unreadable(path, files.error);
        const PrivateFolder folder;
        if (folder.error() != 0) return unreadable(path, folder.error());
        const std::string copy = folder.path("queue.db");
        const std::optional<int> copied = copy_moment(path, files, copy);
        if (!copied) continue;
        return *copied != 0 ? unreadable(path, *copied) : read_copy(path, copy);
    }
    return unreadable(path, EBUSY);
}

// The name under which the system knows a process; empty when it does not tell.
std::string program_of(int pid) {
    std::string name;
    std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), name);
    return name;
}

}  // namespace

std::optional<JournalOwner> journal_owner(const std::string& path) {
    const Descriptor file = open_to_read(path);
    if (!file.is_open()) return std::nullopt;
    // Asks about the whole file: SQLite locks bytes far behind its end.
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (::fcntl(file.number(), F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
    // 0 or less: a process this one cannot see, of another container or machine.
    return lock.l_pid > 0 ? JournalOwner{lock.l_pid, program_of(lock.l_pid)} : JournalOwner{};
}

JournalReading read_journal(const std::string& path) {
    JournalReading reading = read_closed(path);
    reading.owner = journal_owner(path);
    return reading;
}

}  // namespace qmgr
