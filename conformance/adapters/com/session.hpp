// One conversation: lines in, lines out, and the queue of this machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/adapters/com/paths.hpp"
#include "conformance/adapters/com/queue.hpp"

namespace qmgr::com_adapter {

class Session {
  public:
    /// The queue is opened by hello.
    explicit Session(SharedFolder shared);

    /// Answers one line on standard output.
    void take_line(const std::string& line);

  private:
    using MessageId = std::optional<std::uint64_t>;

    void take_message(const Json& message, MessageId id);
    void take_hello(const Json& hello);
    void open_queue(const Settings& settings);

    const SharedFolder shared_;
    std::uint64_t line_number_ = 0;
    std::unique_ptr<Queue> queue_;
};

}  // namespace qmgr::com_adapter
