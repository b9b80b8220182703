// A SystemUnderTest behind a pipe: any command that speaks docs/sut-protocol.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/loopback/system_lines.hpp"
#include "reference/contract/json.hpp"
#include "reference/contract/policy.hpp"
#include "reference/contract/system_under_test.hpp"

namespace qmgr::inline v0::conformance {

/// A system that does not answer within the limit, or not in the protocol, is broken from then on:
/// every later call answers E_FAIL, which no case allows.
class PipeSystem final : public SystemUnderTest {
  public:
    struct Options {
        std::string command;
        std::string state;  ///< folder that outlives a restart
        Policy policy;
        std::chrono::milliseconds answer_limit{10'000};
        /// Of the answer to hello: a system has to be started first, and many may start at once.
        std::chrono::milliseconds start_limit{60'000};
        /// Starts the command, now and at every restart; none: as a child process.
        std::function<std::unique_ptr<SystemLines>(const std::string& command)> begin{};
    };
    explicit PipeSystem(Options options);

    Description describe() override { return description_; }
    Reply call(const Caller& caller, const Call& call) override;
    std::optional<std::string> surroundings(const Surroundings& what) override;
    void register_callback(ClassId class_id) override;
    std::vector<Notification> take_notifications() override;
    void answer(NotificationNumber number, HResult hresult) override;
    /// SIGKILL and a new process over the same state.
    void restart() override;

    /// Why it is broken, or empty.
    const std::string& broken() const { return broken_; }
    /// What the system says is missing on this machine, so that nothing of it can be tested here;
    /// empty when nothing is.
    const std::string& missing() const { return missing_; }
    /// True when a call nobody ever heard of is answered `unsupported`, as the protocol wants.
    bool refuses_unknown_calls();

  private:
    void start();
    Reply give_up(const std::string& reason);
    /// The message with that id; notifications that come before it are kept.
    bool exchange(const Json& message, std::uint64_t id, Json& answer);
    bool take_notification(const std::string& line, Json& message);
    std::optional<std::string> say(Json message);

    Options options_;
    std::unique_ptr<SystemLines> child_;
    Description description_;
    std::vector<Notification> notifications_;
    std::vector<Surroundings> around_;  // everything that was done, in order
    std::set<ClassId> registered_;
    std::string broken_;
    std::string missing_;
    std::uint64_t next_id_ = 1;
};

}  // namespace qmgr::inline v0::conformance
