// Ports that pass everything on to others, each the base of one that does something wrong.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reference/service/ports.hpp"

namespace qmgr::mutants {

class PassingTransport : public Transport {
  public:
    explicit PassingTransport(Transport& inner) : inner_(inner) {}
    void start(const action::StartFetch& fetch) override { inner_.start(fetch); }
    void store_body(const action::StoreBody& body) override { inner_.store_body(body); }
    void stop(FetchId fetch) override { inner_.stop(fetch); }

  private:
    Transport& inner_;
};

class PassingFileStore : public FileStore {
  public:
    explicit PassingFileStore(FileStore& inner) : inner_(inner) {}
    HResult examine(const Caller& caller, const std::string& local_name) override {
        return inner_.examine(caller, local_name);
    }
    void create_part(const action::CreatePart& part) override { inner_.create_part(part); }
    void sync_part(const action::SyncPart& part) override { inner_.sync_part(part); }
    void commit_file(const action::CommitFile& file) override { inner_.commit_file(file); }
    void discard_part(const action::DiscardPart& part) override { inner_.discard_part(part); }
    HResult begin_body(const action::StoreBody& body) override { return inner_.begin_body(body); }
    HResult write(FetchId fetch, const char* data, std::size_t count) override {
        return inner_.write(fetch, data, count);
    }
    void end_body(FetchId fetch) override { inner_.end_body(fetch); }

  private:
    FileStore& inner_;
};

class PassingJournal : public Journal {
  public:
    explicit PassingJournal(Journal& inner) : inner_(inner) {}
    HResult load(Records& records) override { return inner_.load(records); }
    HResult commit(const std::vector<Change>& changes) override { return inner_.commit(changes); }

  private:
    Journal& inner_;
};

/// Sends each request as `change` makes it.
class ChangedRequests final : public PassingTransport {
  public:
    ChangedRequests(Transport& inner, std::function<void(action::StartFetch&)> change)
        : PassingTransport(inner), change_(std::move(change)) {}
    void start(const action::StartFetch& fetch) override {
        action::StartFetch changed = fetch;
        change_(changed);
        PassingTransport::start(changed);
    }

  private:
    std::function<void(action::StartFetch&)> change_;
};

}  // namespace qmgr::mutants
