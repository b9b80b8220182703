// The lines that go to a system and come from it: what PipeSystem needs of a child process.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace qmgr::inline v0::conformance {

/// One thread uses it.
class SystemLines {
  public:
    SystemLines() = default;
    SystemLines(const SystemLines&) = delete;
    SystemLines& operator=(const SystemLines&) = delete;
    virtual ~SystemLines() = default;

    /// Writes one line; false when the system has closed its input or ended, or does not read for
    /// longer than `limit`. May throw Interrupted (interruption.hpp).
    virtual bool write_line(const std::string& line, std::chrono::milliseconds limit) = 0;
    /// The next line without its end; nothing when the system ended, `limit` is over or the line is
    /// longer than any of the protocol. May throw Interrupted.
    virtual std::optional<std::string> read_line(std::chrono::milliseconds limit) = 0;
    /// Ends the system at whatever it is doing. Nothing is written or read afterwards.
    virtual void kill() = 0;
};

}  // namespace qmgr::inline v0::conformance
