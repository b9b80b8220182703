// A SystemUnderTest that writes down another one.
#pragma once

#include <functional>
#include <vector>

#include "reference/contract/step.hpp"
#include "reference/contract/system_under_test.hpp"
#include "traces/trace.hpp"

namespace qmgr::inline v0::traces {

/// The real names behind kServer and kDirectory.
struct Places {
    std::string server{kServer};        ///< "http://127.0.0.1:40001"
    std::string directory{kDirectory};  ///< without a slash at its end
};

/// Passwords in URLs are masked (url_mask.hpp) in every line; the system gets the real ones.
class Recorder final : public SystemUnderTest {
  public:
    /// `system` outlives the recorder. `elapsed` tells the time since the start of the trace.
    Recorder(SystemUnderTest& system, std::function<Duration()> elapsed, Places places);

    Description describe() override { return system_.describe(); }
    Reply call(const Caller& caller, const Call& call) override;
    std::optional<std::string> surroundings(const Surroundings& what) override;
    void register_callback(ClassId class_id) override;
    std::vector<Notification> take_notifications() override;
    void answer(NotificationNumber number, HResult hresult) override;
    void restart() override;

    /// Writes that power failed and came back. Call it before you do that to the machine.
    void power_failure();
    /// Writes that the server goes by another script from now on: as a new server, or `in_place`,
    /// as Around::serve has it.
    void serve(const fakeserver::Script& script, bool in_place = false);
    /// Writes that time now passes until one thing has happened, at most `within`. Call it before.
    void next_event(Duration within);
    /// Lines from elsewhere: what the server saw, why the reference did something, a remark.
    void seen(Duration at, const std::string& request_json);
    void why(Duration at, const Step& step);
    void note(const std::string& text);

    /// While muted, calls go through unwritten: for polling, whose number means nothing. A delivery
    /// that was taken does not come again, and is written all the same; that none came is not.
    void mute(bool muted) { muted_ = muted; }

    /// What was recorded so far.
    const std::vector<TraceLine>& lines() const { return lines_; }

  private:
    void add(Kind kind, const std::string& body);
    void write(Kind kind, const std::string& body);

    SystemUnderTest& system_;
    std::function<Duration()> elapsed_;
    Places places_;
    std::vector<TraceLine> lines_;
    bool muted_ = false;
};

}  // namespace qmgr::inline v0::traces
