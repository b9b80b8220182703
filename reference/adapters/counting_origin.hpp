// A small honest server of our own, which counts what is taken from it: the origin that
// `qmgr probe --through` puts behind a proxy.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "reference/adapters/file_calls.hpp"
#include "reference/engine/event.hpp"

namespace qmgr {

/// One request that arrived.
struct ArrivedRequest {
    std::string method;
    std::string target;  ///< as it stands in the request line
    std::vector<HeaderField> headers;
    /// Of the body of the answer, as far as the system has taken it for sending: a client that goes
    /// away early may not have read the last of them.
    std::uint64_t body_bytes = 0;
};

/// Listens on a free port of 127.0.0.1 and serves one object of so many bytes under every path, on
/// a thread of its own, to at most 64 connections at a time. It knows HEAD, GET, one range
/// (bytes=a-b or bytes=a-; 206, or 416 past the end) and If-Unmodified-Since (412); the object is
/// dated, and any cache may keep it for an hour. Everything else is answered 405, or not at all.
class CountingOrigin {
  public:
    /// Throws std::system_error when there is no port to listen on.
    explicit CountingOrigin(std::uint64_t object_bytes);
    CountingOrigin(const CountingOrigin&) = delete;
    CountingOrigin& operator=(const CountingOrigin&) = delete;
    /// Ends all connections.
    ~CountingOrigin();

    /// `path` begins with '/'.
    std::string url(const std::string& path) const;
    /// All so far, in the order they arrived.
    std::vector<ArrivedRequest> requests() const;

  private:
    struct Connection;
    struct Body;

    void serve();
    void accept_one(std::vector<Connection>& connections) const;
    bool go_on(Connection& connection);
    bool read(Connection& connection);
    void answer(Connection& connection, ArrivedRequest request);
    std::string head_for(const ArrivedRequest& request, Body& body) const;
    bool write(Connection& connection);

    const std::uint64_t object_bytes_;
    const Descriptor listener_;
    const std::uint16_t port_;
    mutable std::mutex mutex_;
    std::vector<ArrivedRequest> requests_;
    std::thread thread_;
};

}  // namespace qmgr
