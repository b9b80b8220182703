// A server for tests that knows no HTTP: it reads request heads and plays literal bytes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "reference/adapters/file_calls.hpp"

namespace qmgr {

/// Listens on a free port of 127.0.0.1, which goes to `port`.
Descriptor listening_socket(std::uint16_t& port);

/// What a connection does once the bytes of an answer are out.
enum class Ending {
    KeepOpen,  ///< waits for the next request
    Close,     ///< FIN
    Reset,     ///< RST
    Stall,     ///< nothing, until the server goes
};

struct Answer {
    std::string bytes{};
    /// Bytes that go out after `bytes`, once release() was called; a reset waits for it, too.
    std::string released_bytes{};
    Ending ending = Ending::KeepOpen;
};

/// One request head, with its empty line.
struct ReceivedHead {
    int connection = 0;  ///< counted from 0
    std::string bytes{};
};

/// Listens on a free port of 127.0.0.1. The n-th request that arrives gets the n-th answer, and
/// every one after them the last.
class RawServer {
  public:
    /// `greeting` goes out on every connection before anything is read.
    explicit RawServer(std::vector<Answer> answers, std::string greeting = {});
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    ~RawServer();

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path = "/f") const;
    /// Lets answers go on with their released_bytes or their reset, now and from now on.
    void release();
    std::vector<ReceivedHead> requests() const;
    /// False after a minute.
    bool wait_for_requests(std::size_t count) const;

  private:
    void accept_all();
    void serve(int connection, const Descriptor& socket);
    const Answer& next_answer(int connection, std::string head);
    bool wait_for_release();

    const std::vector<Answer> answers_;
    const std::string greeting_;
    std::uint16_t port_ = 0;  // learnt while listener_ is made
    Descriptor listener_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool released_ = false;
    bool closing_ = false;
    std::vector<ReceivedHead> requests_;
    std::vector<std::shared_ptr<Descriptor>> sockets_;
    std::list<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace qmgr
