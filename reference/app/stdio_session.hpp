// `qmgr stdio`: the queue behind a pipe, JSON Lines in and out. docs/sut-protocol.md describes the
// protocol for whoever is at the other end.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "reference/app/outbox.hpp"
#include "reference/contract/json.hpp"
#include "reference/contract/running_system.hpp"

namespace qmgr {

/// Where lines come from.
class LineSource {
  public:
    LineSource() = default;
    LineSource(const LineSource&) = delete;
    LineSource& operator=(const LineSource&) = delete;
    virtual ~LineSource() = default;
    /// The next line without its end; blocks until there is one. Nothing: no more will come.
    virtual std::optional<std::string> next() = 0;
};

/// Starts the queue of one state folder. Null: another process has it open. InputError: the folder
/// cannot be used.
using QueueOpener =
    std::function<std::unique_ptr<RunningQueue>(const std::string& state, const Policy& policy)>;

/// One conversation. Lines are taken by the thread that calls run(); replies are written as the
/// service gives them, so many calls may be in flight.
class StdioSession {
  public:
    static constexpr int kProtocol = 1;

    /// `source` and `sink` outlive the session.
    StdioSession(LineSource& source, LineSink& sink, QueueOpener opener);
    StdioSession(const StdioSession&) = delete;
    StdioSession& operator=(const StdioSession&) = delete;
    ~StdioSession();

    /// Until the source ends: then every call in flight is answered, the queue stopped, and the
    /// exit status of the program returned. 0; 3: the queue was open in another process.
    int run();

  private:
    using MessageId = std::optional<std::uint64_t>;

    void end_queue();
    void take_line(const std::string& line);
    void take_message(const Json& message, MessageId id, const std::string& where);
    void take_hello(const Json& hello, const std::string& where);
    void take_call(const Json& body, const Caller& caller, std::uint64_t id,
                   const std::string& where);
    void take_surroundings(const Json& body, std::uint64_t id, const std::string& where);
    void take_register(const Json& body, MessageId id, const std::string& where);
    void take_answer(const Json& body, MessageId id, const std::string& where);
    void put_notifications();
    void put_done(MessageId id);
    void put_unsupported(MessageId id, const std::string& reason);
    void put_error(MessageId id, const std::string& reason);

    LineSource& source_;
    QueueOpener opener_;
    Outbox outbox_;
    std::unique_ptr<RunningQueue> queue_;  // null before hello
    const std::set<std::string> call_words_;
    const std::set<std::string> surroundings_words_;
    std::uint64_t line_number_ = 0;
    bool busy_ = false;
};

}  // namespace qmgr
