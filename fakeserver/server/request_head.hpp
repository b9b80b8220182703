// Bytes of a request head to a Request, by cpp-httplib. The only file that leans on inner parts of
// cpp-httplib: when they change, request_head.cpp is the place.
#pragma once

#include <memory>
#include <string_view>
#include <variant>

#include "fakeserver/request.hpp"

namespace qmgr::inline v0::fakeserver {

/// The status with which a head is refused, for example 400 or 414.
struct Refusal {
    int status = 400;
};

/// Safe to use from several threads at a time.
class HeadReader {
  public:
    HeadReader();
    ~HeadReader();
    HeadReader(const HeadReader&) = delete;
    HeadReader& operator=(const HeadReader&) = delete;
    HeadReader(HeadReader&&) = delete;
    HeadReader& operator=(HeadReader&&) = delete;

    /// Reads `head`, which ends with its empty line. `connection` and `number` of the Request are
    /// left to the caller. A target in absolute form is cut to its path.
    std::variant<Request, Refusal> read(std::string_view head);

  private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace qmgr::inline v0::fakeserver
