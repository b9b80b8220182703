// Parts and finished files in directories of this machine.
#pragma once

#include <memory>

#include "reference/contract/policy.hpp"
#include "reference/service/ports.hpp"

namespace qmgr {

/// What each function does and posts is said in ports.hpp; here is what this store adds.
///
/// Threads. Any function may be called from any thread. Nothing that waits for the disk is done on
/// the caller's thread: sync_part, commit_file and the periodic sync run on one thread of the
/// store, in the order asked for. Callers wait at most for one write() that is under way.
///
/// Durability. PartSynced counts only bytes whose write had returned before the sync began, and
/// the first one of a part comes after its directory is durable too. Bytes written just before
/// end_body() are synced and reported like all others. After a failed sync of a part the system may
/// have thrown its bytes away, so every later write or sync for that fetch fails, too.
///
/// Rights. They are those of this process; callers are not mapped to users of the system.
class DiskFileStore final : public FileStore {
  public:
    /// `sink` outlives the store. Of `policy`, sync_interval and sync_bytes are taken now.
    DiskFileStore(EventSink& sink, const Policy& policy);
    /// Finishes the disk operation under way and drops the others. No fetch may still write.
    ~DiskFileStore() override;

    HResult examine(const Caller& caller, const std::string& local_name) override;
    void create_part(const action::CreatePart& part) override;
    /// A part longer than part.length is cut there: it holds bytes of an attempt that was given up
    /// for a shorter version of the file. A shorter one is IoDevice.
    void sync_part(const action::SyncPart& part) override;
    /// A part of another size than file.size is IoDevice. A last_modified that is no HTTP date
    /// leaves the time stamp as it is.
    void commit_file(const action::CommitFile& file) override;
    /// Also drops what was asked for that file and not begun, and ends its bodies.
    void discard_part(const action::DiscardPart& part) override;

    /// PathNotFound when the part is missing, IoDevice when it is shorter than body.offset.
    HResult begin_body(const action::StoreBody& body) override;
    /// After a failure an unknown share of the bytes is in the file, and none of them is counted.
    /// IoDevice for a fetch whose body was not begun or has ended.
    HResult write(FetchId fetch, const char* data, std::size_t count) override;
    /// Once this returns no byte of that fetch is written any more. Harmless for a fetch whose body
    /// was not begun or has ended.
    void end_body(FetchId fetch) override;

  private:
    class Disk;
    const std::unique_ptr<Disk> disk_;
};

}  // namespace qmgr
