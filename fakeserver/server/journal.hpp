// What was served, as JSON: for the control door, and for a file that grows by a line a request.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>

#include "fakeserver/server/fault_server.hpp"

namespace qmgr::inline v0::fakeserver {

/// One JSON object in one line, without its end. Values of Authorization and Proxy-Authorization
/// are written as "***"; bytes that are not UTF-8 as U+FFFD.
std::string to_json_text(const ServedRequest& served);

/// The file cannot be opened. what() is one line that names it and the reason.
class JournalError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Used by one thread at a time.
class Journal {
  public:
    /// Goes on with the file if there is one. Throws JournalError.
    explicit Journal(std::string path);

    /// Appends a line and hands it to the system. When that fails (a full disk), one line on
    /// standard error says so; the next call tries again and says nothing.
    void write(const ServedRequest& served);

  private:
    std::string path_;
    std::ofstream file_;
    bool is_torn_ = false;
    bool has_complained_ = false;
};

}  // namespace qmgr::inline v0::fakeserver
