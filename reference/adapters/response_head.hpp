// The head of a response, collected line by line as it comes over the wire.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "reference/engine/event.hpp"

namespace qmgr {

/// Keeps the final head: interim ones (1xx) are forgotten at their end, and what comes after the
/// final one (trailers of a chunked body) is not taken.
class ResponseHead {
  public:
    /// The next line, with or without its line end; the empty line ends a head.
    void take(std::string_view line);

    /// The empty line after the final status line and its fields has come.
    bool is_complete() const { return complete_; }
    /// 0 before the first status line, and after one whose status has not three digits.
    int status() const { return status_; }
    /// All lines as received, duplicates kept; a folded line is one field. A folded line that goes
    /// on with no field is left out. A carriage return inside a line is a blank (RFC 9112, 2.2):
    /// what is sent back of a head, as If-Unmodified-Since is, must not be a line more to anybody.
    const std::vector<HeaderField>& headers() const { return headers_; }
    /// Bytes taken so far, those of interim heads too.
    std::size_t size_bytes() const { return size_bytes_; }

  private:
    bool complete_ = false;
    bool in_fields_ = false;  // a status line has come, its empty line has not
    int status_ = 0;
    std::size_t size_bytes_ = 0;
    std::vector<HeaderField> headers_;
};

}  // namespace qmgr
