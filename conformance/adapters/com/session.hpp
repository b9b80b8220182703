// One conversation: lines in, lines out, and the queue of this machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "conformance/adapters/com/paths.hpp"
#include "conformance/adapters/com/queue.hpp"

namespace qmgr::com_adapter {

/// Used by one thread, for which COM is initialised as for many threads. The queue behind it writes
/// notifications on others; so a session is never destroyed while the process lives on: who has
/// read the last line ends the process.
class Session {
  public:
    /// The queue is opened by hello.
    explicit Session(SharedFolder shared);

    /// Answers one line on standard output, before it returns. Throws nothing of its own.
    void take_line(const std::string& line);

  private:
    using MessageId = std::optional<std::uint64_t>;

    void take_message(const Json& message, MessageId id);
    void take_hello(const Json& hello);

    const SharedFolder shared_;
    std::uint64_t line_number_ = 0;
    bool greeted_ = false;
    std::unique_ptr<Queue> queue_;  // null before hello, and on a machine without BITS
};

}  // namespace qmgr::com_adapter
