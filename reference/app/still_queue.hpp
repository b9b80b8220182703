// For tests: a running service over ports in which nothing happens. Every directory may be written
// in, parts are made at once, no server ever answers, and the journal can be told to fail.
#pragma once

#include <atomic>
#include <memory>

#include "reference/app/stdio_session.hpp"
#include "reference/engine/rules.hpp"
#include "reference/service/service_under_test.hpp"

namespace qmgr {

class StillClock final : public Clock {
  public:
    Instant now() override { return instant_from_ms(1577836800000); }
};

class StillTransport final : public Transport {
  public:
    void start(const action::StartFetch& /*fetch*/) override {}
    void store_body(const action::StoreBody& /*body*/) override {}
    void stop(FetchId /*fetch*/) override {}
};

class StillFileStore final : public FileStore {
  public:
    explicit StillFileStore(EventSink& sink) : sink_(sink) {}
    HResult examine(const Caller& /*caller*/, const std::string& /*name*/) override {
        return HResult::Ok;
    }
    void create_part(const action::CreatePart& part) override {
        sink_.post(event::PartCreated{part.file, HResult::Ok, 0});
    }
    void sync_part(const action::SyncPart& part) override {
        sink_.post(event::PartSynced{part.file, part.fetch, part.length, HResult::Ok});
    }
    void commit_file(const action::CommitFile& file) override {
        sink_.post(event::FileCommitted{file.file, HResult::Ok});
    }
    void discard_part(const action::DiscardPart& part) override {
        sink_.post(event::PartDiscarded{part.file, HResult::Ok});
    }
    HResult begin_body(const action::StoreBody& /*body*/) override { return HResult::Ok; }
    HResult write(FetchId /*fetch*/, const char* /*data*/, std::size_t /*count*/) override {
        return HResult::Ok;
    }
    void end_body(FetchId /*fetch*/) override {}

  private:
    EventSink& sink_;
};

class StillJournal final : public Journal {
  public:
    HResult load(Records& /*records*/) override { return result_; }
    HResult commit(const std::vector<Change>& /*changes*/) override { return result_; }
    void set_failing(bool failing) { result_ = failing ? HResult::IoDevice : HResult::Ok; }

  private:
    std::atomic<HResult> result_ = HResult::Ok;
};

class StillQueue final : public RunningQueue {
  public:
    /// `journal` outlives the queue.
    explicit StillQueue(StillJournal& journal)
        : file_store_(inbox_),
          service_({clock_, transport_, file_store_, journal, desk_, machine_}, inbox_,
                   kDocumentedRules, policy_),
          running_(service_, inbox_, machine_, desk_, {"still queue", "1", {"users"}}) {}
    RunningSystem& service() override { return running_; }

  private:
    const Policy policy_;
    Inbox inbox_;
    StillClock clock_;
    StillTransport transport_;
    StillFileStore file_store_;
    CallbackDesk desk_{inbox_};
    Machine machine_;
    Service service_;
    ServiceUnderTest running_;
};

}  // namespace qmgr
