#include "reference/adapters/disk_file_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "reference/adapters/file_calls.hpp"
#include "reference/engine/http_fields.hpp"
#include "reference/engine/names.hpp"

namespace qmgr {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The bytes of one fetch on their way into a part. Shared, so that the descriptor lives as long as
/// a write or a sync uses it, whoever ends the body meanwhile.
struct Body {
    Body(const action::StoreBody& body, Descriptor opened)
        : fetch(body.fetch),
          file(body.file),
          path(body.path),
          descriptor(std::move(opened)),
          position(body.offset),
          written(body.offset),
          synced(body.offset) {}

    const FetchId fetch;
    const FileRef file;
    const std::string path;
    const Descriptor descriptor;

    std::mutex writing;      // held while bytes go to the file
    bool ended = false;      // under `writing`
    std::uint64_t position;  // under `writing`: where the next byte goes

    // Under the store's mutex.
    std::uint64_t written;  // the part's length, as far as writes have returned
    std::uint64_t synced;   // of these, bytes the latest sync covered
    std::optional<SteadyTime> unsynced_since;
    HResult sync_failure = HResult::Ok;
};
using BodyPointer = std::shared_ptr<Body>;

void close_body(Body& body) {
    const std::lock_guard lock(body.writing);
    body.ended = true;
}

using Errand = std::variant<action::SyncPart, action::CommitFile>;

FileRef file_of(const Errand& errand) {
    return std::visit([](const auto& one) { return one.file; }, errand);
}

event::PartCreated create(const action::CreatePart& part) {
    const int only_new = part.claim == PartClaim::New ? O_EXCL : 0;
    const Descriptor file(
        ::open(part.path.c_str(),
               O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | only_new, 0666));
    if (!file.is_open())
        return {part.file, errno == EEXIST ? HResult::FileExists : hresult_from_errno(errno), 0};
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) return {part.file, hresult_from_errno(errno), 0};
    if (part.claim == PartClaim::Named && status.st_size != 0)
        return {part.file, HResult::FileExists, 0};
    if (!S_ISREG(status.st_mode)) return {part.file, HResult::IoDevice, 0};
    return {part.file, HResult::Ok, static_cast<std::uint64_t>(status.st_size)};
}

HResult sync_whole(const action::SyncPart& part, bool name_too) {
    const OpenedPart opened = open_part(part.path);
    if (failed(opened.result)) return opened.result;
    HResult result = cut(opened.descriptor, opened.length, part.length);
    if (succeeded(result)) result = sync_content(opened.descriptor);
    if (succeeded(result) && name_too) result = sync_directory(directory_of(part.path));
    return result;
}

// FILE-06, FILE-TIME-1.
HResult set_modified(const Descriptor& file, const std::optional<std::string>& last_modified) {
    const auto seconds = last_modified ? http_date(*last_modified) : std::nullopt;
    if (!seconds) return HResult::Ok;
    std::array<timespec, 2> times{};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = *seconds;
    return ::futimens(file.number(), times.data()) == 0 ? HResult::Ok : hresult_from_errno(errno);
}

// What a crash after the rename leaves behind (action::CommitFile).
bool is_renamed_already(const action::CommitFile& file) {
    struct stat status {};
    return ::stat(file.destination.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           static_cast<std::uint64_t>(status.st_size) == file.size;
}

// A device or a pipe is no file that could be replaced.
bool is_replaceable(const std::string& destination) {
    struct stat status {};
    if (::lstat(destination.c_str(), &status) != 0) return true;
    return S_ISREG(status.st_mode) || S_ISLNK(status.st_mode) || S_ISDIR(status.st_mode);
}

HResult rename_part(const action::CommitFile& file) {
    if (!is_replaceable(file.destination)) return HResult::AccessDenied;
    const OpenedPart part = open_part(file.path);
    if (part.result == HResult::FileNotFound && file.again && is_renamed_already(file))
        return HResult::Ok;
    if (failed(part.result)) return part.result;
    if (part.length != file.size) return HResult::IoDevice;
    HResult result = set_modified(part.descriptor, file.last_modified);
    if (succeeded(result)) result = sync_file(part.descriptor);
    if (failed(result)) return result;
    if (::rename(file.path.c_str(), file.destination.c_str()) != 0)
        return hresult_from_errno(errno);
    return HResult::Ok;
}

HResult commit(const action::CommitFile& file) {
    const HResult result = rename_part(file);
    return failed(result) ? result : sync_directory(directory_of(file.destination));
}

}  // namespace

/// The open bodies, the work that waits for the disk, and the thread that does it. Events are
/// posted under the mutex, so that none about a file comes after its discard has returned.
class DiskFileStore::Disk {
  public:
    Disk(EventSink& sink, const Policy& policy)
        : sink_(sink),
          sync_interval_(policy.sync_interval),
          sync_bytes_(policy.sync_bytes),
          thread_([this] { run(); }) {}

    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    ~Disk() {
        {
            const std::lock_guard lock(mutex_);
            closing_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }

    void create_part(const action::CreatePart& part);
    void ask(Errand errand);
    void discard_part(const action::DiscardPart& part);
    HResult begin_body(const action::StoreBody& body);
    HResult write(FetchId fetch, const char* data, std::size_t count);
    void end_body(FetchId fetch);

  private:
    using Lock = std::unique_lock<std::mutex>;

    void run();
    void wait(Lock& lock);
    void do_errand(Lock& lock);
    void do_one(Lock& lock, const action::SyncPart& part);
    void do_one(Lock& lock, const action::CommitFile& file);
    void sync_body(Lock& lock, const BodyPointer& body);
    BodyPointer due_body() const;
    SteadyTime due_at(const Body& body) const;
    bool is_known(const BodyPointer& body) const;
    std::vector<BodyPointer> forget_bodies(FileRef file);

    EventSink& sink_;
    const Duration sync_interval_;
    const std::uint64_t sync_bytes_;

    std::mutex mutex_;  // all below, and parts of Body
    std::condition_variable wake_;
    bool closing_ = false;
    std::deque<Errand> errands_;
    std::map<FetchId, BodyPointer> open_;
    std::vector<BodyPointer> ended_;      // their last bytes are still to be synced
    std::set<FileRef> new_parts_;         // created, and their directory is not synced since
    std::map<FileRef, FetchId> damaged_;  // a sync of that fetch has failed
    std::optional<FileRef> busy_with_;    // whose errand is being done; none once it is discarded
    std::thread thread_;
};

void DiskFileStore::Disk::create_part(const action::CreatePart& part) {
    const event::PartCreated created = create(part);
    const std::lock_guard lock(mutex_);
    if (succeeded(created.result))
        new_parts_.insert(part.file);
    else
        new_parts_.erase(part.file);
    sink_.post(created);
}

void DiskFileStore::Disk::ask(Errand errand) {
    {
        const std::lock_guard lock(mutex_);
        errands_.push_back(std::move(errand));
    }
    wake_.notify_one();
}

void DiskFileStore::Disk::discard_part(const action::DiscardPart& part) {
    std::vector<BodyPointer> bodies;
    bool is_new = false;
    {
        const std::lock_guard lock(mutex_);
        bodies = forget_bodies(part.file);
        std::erase_if(errands_, [&](const Errand& errand) { return file_of(errand) == part.file; });
        is_new = new_parts_.erase(part.file) != 0;
        damaged_.erase(part.file);
        if (busy_with_ == part.file) busy_with_.reset();
    }
    for (const BodyPointer& body : bodies) close_body(*body);
    // Its creation may have failed, and nobody have heard of it yet.
    const bool never_made = part.claim == PartClaim::New && !is_new;
    struct stat status {};
    const bool somebody_elses =
        never_made || (part.claim != PartClaim::Ours && ::lstat(part.path.c_str(), &status) == 0 &&
                       !(S_ISREG(status.st_mode) && status.st_size == 0));
    HResult result = HResult::Ok;
    if (!somebody_elses) {
        const bool gone = ::unlink(part.path.c_str()) == 0 || errno == ENOENT;
        // Also after a run that died in between: else a power failure could bring it back when the
        // journal has forgotten it.
        result = gone ? sync_directory(directory_of(part.path)) : hresult_from_errno(errno);
        if (result == HResult::PathNotFound) result = HResult::Ok;  // gone with its directory
    }
    sink_.post(event::PartDiscarded{part.file, result});
}

HResult DiskFileStore::Disk::begin_body(const action::StoreBody& body) {
    std::vector<BodyPointer> earlier;
    std::optional<SteadyTime> unsynced_since;  // what they leave is synced with this one's bytes
    {
        const std::lock_guard lock(mutex_);
        earlier = forget_bodies(body.file);
        for (const BodyPointer& one : earlier)
            if (one->unsynced_since) unsynced_since = one->unsynced_since;
        damaged_.erase(body.file);
    }
    for (const BodyPointer& one : earlier) close_body(*one);
    OpenedPart part = open_part(body.path);
    if (failed(part.result)) return part.result;
    const HResult result = cut(part.descriptor, part.length, body.offset);
    if (failed(result)) return result;
    const auto opened = std::make_shared<Body>(body, std::move(part.descriptor));
    opened->unsynced_since = unsynced_since;
    {
        const std::lock_guard lock(mutex_);
        open_[body.fetch] = opened;
    }
    wake_.notify_one();
    return HResult::Ok;
}

HResult DiskFileStore::Disk::write(FetchId fetch, const char* data, std::size_t count) {
    BodyPointer body;
    {
        const std::lock_guard lock(mutex_);
        const auto found = open_.find(fetch);
        if (found == open_.end()) return HResult::IoDevice;
        body = found->second;
        if (failed(body->sync_failure)) return body->sync_failure;
    }
    std::uint64_t position = 0;
    {
        const std::lock_guard lock(body->writing);
        if (body->ended) return HResult::IoDevice;
        const HResult result = write_at(body->descriptor, body->position, data, count);
        if (failed(result)) return result;
        position = body->position += count;
    }
    bool look = false;  // the thread has to reckon anew when a sync is due
    {
        const std::lock_guard lock(mutex_);
        const std::uint64_t unsynced = body->written - body->synced;
        body->written = position;
        look = !body->unsynced_since ||
               (unsynced < sync_bytes_ && position - body->synced >= sync_bytes_);
        if (!body->unsynced_since) body->unsynced_since = std::chrono::steady_clock::now();
    }
    if (look) wake_.notify_one();
    return HResult::Ok;
}

void DiskFileStore::Disk::end_body(FetchId fetch) {
    BodyPointer body;
    {
        const std::lock_guard lock(mutex_);
        const auto found = open_.find(fetch);
        if (found == open_.end()) return;
        body = found->second;
        open_.erase(found);
        if (body->unsynced_since) ended_.push_back(body);
    }
    close_body(*body);
}

void DiskFileStore::Disk::run() {
    Lock lock(mutex_);
    while (!closing_) {
        const BodyPointer body = due_body();
        const bool has_errand = !errands_.empty();
        if (has_errand) do_errand(lock);
        if (body) sync_body(lock, body);
        if (!has_errand && !body) wait(lock);
    }
}

void DiskFileStore::Disk::wait(Lock& lock) {
    std::optional<SteadyTime> next;
    const auto look_at = [&](const BodyPointer& body) {
        if (body->unsynced_since) next = std::min(next.value_or(due_at(*body)), due_at(*body));
    };
    for (const auto& [fetch, body] : open_) look_at(body);
    for (const BodyPointer& body : ended_) look_at(body);
    if (next)
        wake_.wait_until(lock, *next);
    else
        wake_.wait(lock);
}

SteadyTime DiskFileStore::Disk::due_at(const Body& body) const {
    const bool many = body.written - body.synced >= sync_bytes_;
    return many ? *body.unsynced_since : *body.unsynced_since + sync_interval_;
}

// The one that has waited longest past its time.
BodyPointer DiskFileStore::Disk::due_body() const {
    BodyPointer due;
    const auto look_at = [&](const BodyPointer& body) {
        if (body->unsynced_since && (!due || due_at(*body) < due_at(*due))) due = body;
    };
    for (const auto& [fetch, body] : open_) look_at(body);
    for (const BodyPointer& body : ended_) look_at(body);
    return due && due_at(*due) <= std::chrono::steady_clock::now() ? due : nullptr;
}

bool DiskFileStore::Disk::is_known(const BodyPointer& body) const {
    const auto open = open_.find(body->fetch);
    return (open != open_.end() && open->second == body) ||
           std::find(ended_.begin(), ended_.end(), body) != ended_.end();
}

std::vector<BodyPointer> DiskFileStore::Disk::forget_bodies(FileRef file) {
    std::vector<BodyPointer> bodies;
    std::erase_if(open_, [&](const auto& entry) {
        if (entry.second->file == file) bodies.push_back(entry.second);
        return entry.second->file == file;
    });
    std::erase_if(ended_, [&](const BodyPointer& body) {
        if (body->file == file) bodies.push_back(body);
        return body->file == file;
    });
    return bodies;
}

void DiskFileStore::Disk::sync_body(Lock& lock, const BodyPointer& body) {
    const std::uint64_t length = body->written;
    body->unsynced_since.reset();
    const bool name_too = new_parts_.contains(body->file);
    lock.unlock();
    HResult result = sync_content(body->descriptor);
    if (succeeded(result) && name_too) result = sync_directory(directory_of(body->path));
    lock.lock();
    if (!is_known(body)) return;
    if (failed(result)) {
        body->sync_failure = result;
        body->unsynced_since.reset();
        damaged_[body->file] = body->fetch;
    } else {
        body->synced = length;
        new_parts_.erase(body->file);
    }
    if (!body->unsynced_since) std::erase(ended_, body);
    sink_.post(event::PartSynced{body->file, body->fetch, length, result});
}

void DiskFileStore::Disk::do_errand(Lock& lock) {
    const Errand errand = std::move(errands_.front());
    errands_.pop_front();
    busy_with_ = file_of(errand);
    std::visit([&](const auto& one) { do_one(lock, one); }, errand);
    busy_with_.reset();
}

void DiskFileStore::Disk::do_one(Lock& lock, const action::SyncPart& part) {
    const auto damage = damaged_.find(part.file);
    const bool damaged = damage != damaged_.end() && damage->second == part.fetch;
    const bool name_too = new_parts_.contains(part.file);
    std::erase_if(ended_, [&](const BodyPointer& body) { return body->file == part.file; });
    lock.unlock();
    const HResult result = damaged ? HResult::IoDevice : sync_whole(part, name_too);
    lock.lock();
    if (!busy_with_) return;
    if (succeeded(result)) new_parts_.erase(part.file);
    sink_.post(event::PartSynced{part.file, part.fetch, part.length, result});
}

void DiskFileStore::Disk::do_one(Lock& lock, const action::CommitFile& file) {
    lock.unlock();
    const HResult result = commit(file);
    lock.lock();
    if (!busy_with_) return;
    if (succeeded(result)) new_parts_.erase(file.file);
    sink_.post(event::FileCommitted{file.file, result});
}

DiskFileStore::DiskFileStore(EventSink& sink, const Policy& policy)
    : disk_(std::make_unique<Disk>(sink, policy)) {}

DiskFileStore::~DiskFileStore() = default;

HResult DiskFileStore::examine(const Caller& /*caller*/, const std::string& local_name) {
    if (local_name.find('\0') != std::string::npos) return HResult::PathNotFound;
    const std::string directory = directory_of(local_name) + "/";  // a file there is no directory
    if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return HResult::Ok;
    const HResult cause = hresult_from_errno(errno);
    return cause == HResult::AccessDenied ? cause : HResult::PathNotFound;
}

void DiskFileStore::create_part(const action::CreatePart& part) { disk_->create_part(part); }

void DiskFileStore::sync_part(const action::SyncPart& part) { disk_->ask(part); }

void DiskFileStore::commit_file(const action::CommitFile& file) { disk_->ask(file); }

void DiskFileStore::discard_part(const action::DiscardPart& part) { disk_->discard_part(part); }

HResult DiskFileStore::begin_body(const action::StoreBody& body) { return disk_->begin_body(body); }

HResult DiskFileStore::write(FetchId fetch, const char* data, std::size_t count) {
    return disk_->write(fetch, data, count);
}

void DiskFileStore::end_body(FetchId fetch) { disk_->end_body(fetch); }

}  // namespace qmgr
