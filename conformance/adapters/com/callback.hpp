// The object BITS calls when a job is done or has failed, and the waiting for what the rig says.
#pragma once

#include <windows.h>

#include <bits.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "conformance/adapters/com/mapping.hpp"

namespace qmgr::com_adapter {

/// Deliveries that the rig has not answered yet. Thread-safe.
class Deliveries {
  public:
    struct Expected {
        std::uint64_t number;
        std::string class_id;
        std::uint64_t drops;
    };
    /// Before the delivery is written, so that no answer comes too soon.
    Expected expect(std::uint64_t number, const std::string& class_id);
    /// Ends when the rig has answered that number, with its code; or when drop() says that the
    /// client has gone: RPC_E_DISCONNECTED, which is what BITS sees of a client that ended.
    Code wait(const Expected& expected);
    void answer(std::uint64_t number, Code code);
    void drop(const std::string& class_id);

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, Code> answers_;
    std::map<std::string, std::uint64_t> drops_;  // how often, by class
};

// COM objects are destroyed by Release, so no interface has a virtual destructor.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

/// IBackgroundCopyCallback that hands both of its events on. Counted as COM objects are: made with
/// one reference, gone with the last.
class JobCallback : public IBackgroundCopyCallback {
  public:
    /// Called on threads of COM.
    using Event = std::function<HRESULT(IBackgroundCopyJob& job, bool is_error)>;
    explicit JobCallback(Event event);

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) override;
    ULONG STDMETHODCALLTYPE AddRef() override;
    ULONG STDMETHODCALLTYPE Release() override;
    HRESULT STDMETHODCALLTYPE JobTransferred(IBackgroundCopyJob* job) override;
    HRESULT STDMETHODCALLTYPE JobError(IBackgroundCopyJob* job,
                                       IBackgroundCopyError* error) override;
    HRESULT STDMETHODCALLTYPE JobModification(IBackgroundCopyJob* job, DWORD reserved) override;

  private:
    virtual ~JobCallback() = default;

    const Event event_;
    std::atomic<ULONG> references_ = 1;
};

#pragma GCC diagnostic pop

}  // namespace qmgr::com_adapter
