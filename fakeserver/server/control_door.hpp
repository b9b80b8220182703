// The control door of a fault server that runs as a program of its own: HTTP with JSON on a port of
// its own, for tests in any language that want to know what was served, or to serve something else.
//
//   GET  /hits      [{"rule": "cut once", "hits": 1}, …], in script order
//   GET  /requests  [{"connection": 1, "request": 1, …}, …] as in journal.hpp, oldest first
//   PUT  /script    a script: a new life begins with it. 400 if it is none: the old one stays
//   POST /reset     a new life with the script that is there
//
// Answers are JSON. Every request needs "Authorization: Bearer " and the token (401 otherwise). An
// answer that is no success is {"error": "…"}, one line that says what was expected. A body is at
// most 16 MiB (413), says its length (411) and is neither encoded nor a form with parts (415).
// Everything else is 404. Each connection is for one request.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "fakeserver/server/fault_server.hpp"

namespace qmgr::inline v0::fakeserver {

/// Every member function may be called from any thread.
class ControlDoor {
  public:
    /// Opens on a free port of 127.0.0.1, and there only. `server` outlives the door. Has three
    /// threads. Throws ListenError.
    ControlDoor(FaultServer& server, std::string token);
    /// Closes; waits for requests under way.
    ~ControlDoor();
    ControlDoor(const ControlDoor&) = delete;
    ControlDoor& operator=(const ControlDoor&) = delete;
    ControlDoor(ControlDoor&&) = delete;
    ControlDoor& operator=(ControlDoor&&) = delete;

    std::uint16_t port() const;
    /// "http://127.0.0.1:40123"
    std::string url() const;

  private:
    class Rooms;
    std::unique_ptr<Rooms> rooms_;
};

/// 128 bits of the system's random source, as 32 hexadecimal digits. Throws std::runtime_error when
/// the system has none.
std::string make_token();

}  // namespace qmgr::inline v0::fakeserver
