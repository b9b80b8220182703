// A child process with its standard input and output as lines. Standard error is passed through.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "conformance/loopback/system_lines.hpp"

namespace qmgr::inline v0::conformance {

/// One thread uses it.
class ChildProcess final : public SystemLines {
  public:
    /// Starts `command` with /bin/sh. A command that cannot be started ends at once; write and read
    /// then fail.
    explicit ChildProcess(const std::string& command);
    /// Kills it if it still runs.
    ~ChildProcess() override;

    /// A line of more bytes is none. The longest of the protocol, a page of files, has some KiB.
    static constexpr std::size_t kLongestLine = std::size_t{16} << 20U;

    /// Throws Interrupted.
    bool write_line(const std::string& line, std::chrono::milliseconds limit) override;
    /// Nothing, too, when the line has more than kLongestLine bytes. Throws Interrupted.
    std::optional<std::string> read_line(std::chrono::milliseconds limit) override;
    /// SIGKILL, at whatever the child is doing, then waits for the end.
    void kill() override;
    pid_t pid() const { return pid_; }

  private:
    void close_pipes();

    pid_t pid_ = -1;
    int to_child_ = -1;
    int from_child_ = -1;
    std::string buffer_;
};

}  // namespace qmgr::inline v0::conformance
