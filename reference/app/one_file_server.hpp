// For tests: a server that has one file under every path but /missing, answers HEAD, GET and GET
// with a range, and can be told to stop in the middle of the first body.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "reference/adapters/file_calls.hpp"

namespace qmgr {

class OneFileServer {
  public:
    enum class FirstBody { Whole, StopsHalfway };

    /// Listens on a free port of 127.0.0.1. Every answer is the last one of its connection; a body
    /// that stops halfway holds everybody up until that client has gone.
    OneFileServer(std::string content, FirstBody first_body);
    OneFileServer(const OneFileServer&) = delete;
    OneFileServer& operator=(const OneFileServer&) = delete;
    ~OneFileServer();

    std::string url(const std::string& path) const;
    /// The heads of all requests so far, each with its empty line.
    std::vector<std::string> requests() const;

  private:
    void serve_all();
    void serve(const Descriptor& socket);

    const std::string content_;
    bool stops_halfway_;
    Descriptor listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace qmgr
