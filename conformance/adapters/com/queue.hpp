// The queue of this machine, behind one of its two interfaces.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "conformance/adapters/com/mapping.hpp"
#include "conformance/adapters/com/message.hpp"
#include "conformance/adapters/com/paths.hpp"

namespace qmgr::com_adapter {

/// What hello says, translated.
struct Settings {
    std::string state_folder;  ///< a Windows path, UTF-8; it is there
    SharedFolder shared;
    std::uint32_t retry_delay_s = 0;          ///< 0: whatever BITS does by itself
    std::uint32_t no_progress_timeout_s = 0;  ///< meant when has_no_progress_timeout
    bool has_no_progress_timeout = false;
};

/// One thread at a time calls it, always the same. Notifications are written to the outbox on
/// threads of COM, which wait for answer(); none comes before register_class().
class Queue {
  public:
    Queue() = default;
    virtual ~Queue() = default;
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    /// Which interface it is, for hello. Always the same text: reports are told apart by it.
    virtual std::string name() const = 0;
    virtual std::vector<std::string> abilities() const = 0;
    /// The reply to a call, with the codes of the queue manager interface. Throws BadMessage and
    /// Unsupported.
    virtual Json call(const Arguments& arguments) = 0;
    /// An object of the client is known under that class from now on (a GUID without braces).
    /// Throws Unsupported.
    virtual void register_class(const std::string& class_id) = 0;
    /// What the client's object returned for that delivery. Numbers nobody waits for are ignored.
    virtual void answer(std::uint64_t number, Code code) = 0;
};

}  // namespace qmgr::com_adapter
