// A disk and a journal that fail when they are told to: the real ones, and the Machine's word
// before each write. For cases of FILE-DISK-1 and SERVICE-1 against a real process.
#pragma once

#include "reference/service/machine.hpp"

namespace qmgr {

class FailingJournal final : public Journal {
  public:
    /// Both outlive it.
    FailingJournal(Journal& journal, Machine& machine) : journal_(journal), machine_(machine) {}
    HResult load(Records& records) override;
    HResult commit(const std::vector<Change>& changes) override;

  private:
    Journal& journal_;
    Machine& machine_;
};

class FillableFileStore final : public FileStore {
  public:
    /// All three outlive it. `sink` is the one that `store` posts to.
    FillableFileStore(FileStore& store, Machine& machine, EventSink& sink)
        : store_(store), machine_(machine), sink_(sink) {}
    HResult examine(const Caller& caller, const std::string& local_name) override;
    /// DiskFull for a part that is not there, while the disk is told to be full.
    void create_part(const action::CreatePart& part) override;
    void sync_part(const action::SyncPart& part) override;
    void commit_file(const action::CommitFile& file) override;
    void discard_part(const action::DiscardPart& part) override;
    HResult begin_body(const action::StoreBody& body) override;
    /// DiskFull while the disk is told to be full.
    HResult write(FetchId fetch, const char* data, std::size_t count) override;
    void end_body(FetchId fetch) override;

  private:
    FileStore& store_;
    Machine& machine_;
    EventSink& sink_;
};

}  // namespace qmgr
