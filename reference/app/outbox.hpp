// Lines on their way out of a session: put in by any thread, written by one of their own, so that a
// peer that reads slowly never holds up the service.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

namespace qmgr {

/// Where lines go.
class LineSink {
  public:
    LineSink() = default;
    LineSink(const LineSink&) = delete;
    LineSink& operator=(const LineSink&) = delete;
    virtual ~LineSink() = default;
    /// One or more whole lines, each with its line feed. May block. The reader sees them all when
    /// this returns.
    virtual void write(const std::string& lines) = 0;
};

class Outbox {
  public:
    /// `sink` outlives the outbox and is called by one thread only.
    explicit Outbox(LineSink& sink);
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;
    /// Everything that was put is written when this returns.
    ~Outbox();

    /// Never blocks on the sink. Lines that wait together are written together; one that waits
    /// alone is written at once.
    void put(std::string line);

    /// Announces a put_expected() by another thread.
    void expect();
    void put_expected(std::string line);
    /// Blocks until every announced line was put and everything put is written.
    void wait_until_written();

  private:
    void write_all();

    LineSink& sink_;
    std::mutex mutex_;  // of the five members below
    std::condition_variable changed_;
    std::string lines_;
    std::size_t expected_ = 0;
    bool writing_ = false;
    bool closed_ = false;
    std::thread writer_;
};

}  // namespace qmgr
