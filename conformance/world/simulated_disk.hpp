// A disk that keeps two views: what was written, and what would survive a crash.
//
// Model. A file's bytes survive from the last sync on; its name survives from the sync of the
// directory on, which commit_file does. A part whose creation was not synced may be gone after a
// crash: here it always is, the harsher of the two.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/world/agenda.hpp"
#include "conformance/world/contents.hpp"
#include "conformance/world/deeds.hpp"
#include "conformance/world/virtual_clock.hpp"
#include "reference/contract/policy.hpp"
#include "reference/service/ports.hpp"

namespace qmgr::inline v0::world {

struct DiskFile {
    Contents contents;
    std::optional<std::string> last_modified;  ///< the server's stamp, once committed
    bool operator==(const DiskFile&) const = default;
};

/// Something that happened to a file, for stories; nothing reads it back.
struct DiskEvent {
    Instant at;
    std::string_view what;  ///< "created", "synced", "published", "discarded", "write failed", …
    std::string path;
    std::uint64_t size_bytes = 0;
};

class SimulatedDisk final : public FileStore {
  public:
    /// Everything outlives it. Deeds null: everything is done.
    SimulatedDisk(Agenda& agenda, VirtualClock& clock, EventSink& events, const Policy& policy,
                  Deeds* deeds = nullptr);

    /// Directories exist when they were made; "/" always does.
    void make_directory(const std::string& path) { directories_.insert(path); }
    /// With the files in it. Who has one of them open goes on writing to nowhere.
    void remove_directory(const std::string& path);
    /// A directory in which only administrators may write.
    void protect_directory(const std::string& path) { protected_.insert(path); }
    /// Everybody may write in it again.
    void unprotect_directory(const std::string& path) { protected_.erase(path); }
    /// Every write fails with DiskFull while on.
    void set_full(bool on) { full_ = on; }
    void put(const std::string& path, const DiskFile& file) { now_[path] = durable_[path] = file; }

    const DiskFile* find(const std::string& path) const;
    const std::vector<DiskEvent>& history() const { return history_; }
    /// Paths of all files, in order.
    std::vector<std::string> paths() const;

    /// The process that used it is gone: nothing it knew is known.
    void forget_process();
    /// The same, and back to what survives.
    void crash();

    HResult examine(const Caller& caller, const std::string& local_name) override;
    void create_part(const action::CreatePart& part) override;
    void sync_part(const action::SyncPart& part) override;
    void commit_file(const action::CommitFile& file) override;
    void discard_part(const action::DiscardPart& part) override;
    HResult begin_body(const action::StoreBody& body) override;
    HResult write(FetchId fetch, const char* data, std::size_t count) override;
    void end_body(FetchId fetch) override;

    /// write() for bytes that need not be spelt out.
    HResult write(FetchId fetch, const Piece& piece);

  private:
    struct Body {
        FileRef file;
        std::string path;
        std::uint64_t synced = 0;
        bool sync_planned = false;  ///< an entry of the agenda will sync it
        bool ended = false;         ///< nothing is written any more; kept for that sync
    };

    void plan_sync(FetchId fetch, Duration after);
    void sync_body(FetchId fetch);
    void note(std::string_view what, const std::string& path);
    void forget_bodies(FileRef file);
    void make_durable(const std::string& path, bool all);
    void rename(const action::CommitFile& file);
    HResult put_in_place(const action::CommitFile& file);
    HResult remove(const action::DiscardPart& part);
    HResult sync_name(const action::CommitFile& file);

    Agenda& agenda_;
    VirtualClock& clock_;
    EventSink& events_;
    const Policy& policy_;
    Deeds* deeds_;
    std::map<std::string, DiskFile> now_;
    std::map<std::string, DiskFile> durable_;
    std::map<FetchId, Body> bodies_;
    std::set<FileRef> new_parts_;  ///< this run has made them
    std::set<std::string> directories_;
    std::set<std::string> protected_;
    std::vector<DiskEvent> history_;
    bool full_ = false;
};

}  // namespace qmgr::inline v0::world
