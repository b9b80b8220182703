// A FileStore for tests of transports.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "reference/service/ports.hpp"

namespace qmgr {

/// Bodies in memory; everything else of a file store is never asked for here.
class MemoryStore final : public FileStore {
  public:
    HResult examine(const Caller& /*caller*/, const std::string& /*name*/) override {
        return HResult::Ok;
    }
    void create_part(const action::CreatePart& /*part*/) override {}
    void sync_part(const action::SyncPart& /*part*/) override {}
    void commit_file(const action::CommitFile& /*file*/) override {}
    void discard_part(const action::DiscardPart& /*part*/) override {}

    HResult begin_body(const action::StoreBody& body) override {
        const std::lock_guard lock(mutex_);
        if (failed(begin_result)) return begin_result;
        bodies_[body.fetch] = {{}, body.offset, true};
        return HResult::Ok;
    }
    HResult write(FetchId fetch, const char* data, std::size_t count) override {
        const std::lock_guard lock(mutex_);
        Body& body = bodies_[fetch];
        if (!body.open) return HResult::IoDevice;
        if (failed(write_result)) return write_result;
        body.bytes.append(data, count);
        return HResult::Ok;
    }
    void end_body(FetchId fetch) override {
        const std::lock_guard lock(mutex_);
        bodies_[fetch].open = false;
    }

    std::string bytes(FetchId fetch) {
        const std::lock_guard lock(mutex_);
        return bodies_[fetch].bytes;
    }

    HResult begin_result = HResult::Ok;
    HResult write_result = HResult::Ok;

  private:
    struct Body {
        std::string bytes;
        std::uint64_t offset = 0;
        bool open = false;
    };
    std::mutex mutex_;
    std::map<FetchId, Body> bodies_;
};

}  // namespace qmgr
