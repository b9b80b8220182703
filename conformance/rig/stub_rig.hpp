// For tests: a rig over a system that does nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/rig/rig.hpp"

namespace qmgr::inline v0::conformance {

/// Answers every call with one reply, tells nothing, and is told nothing of its surroundings.
class StubSystem final : public SystemUnderTest {
  public:
    Description describe() override { return {"stub", "1", {"users"}}; }
    Reply call(const Caller& /*caller*/, const Call& /*call*/) override { return reply; }
    std::optional<std::string> surroundings(const Surroundings& /*what*/) override {
        return refuses_surroundings ? std::optional<std::string>("nobody listens") : std::nullopt;
    }
    void register_callback(ClassId /*class_id*/) override {}
    std::vector<Notification> take_notifications() override { return {}; }
    void answer(NotificationNumber /*number*/, HResult /*hresult*/) override {}
    void restart() override {}

    Reply reply{HResult::Ok, {}};
    bool refuses_surroundings = true;
};

/// No server is asked, there are no files, and waiting is over at once.
class StubRig final : public Rig {
  public:
    void serve(const fakeserver::Script& /*script*/) override {}
    std::string url(const std::string& path) const override { return "http://stub" + path; }
    std::string directory() const override { return "/d"; }
    std::optional<FileLook> look(const std::string& /*file_name*/) override { return {}; }
    bool is_content(const std::string& /*n*/, std::uint64_t /*s*/, std::uint64_t /*z*/) override {
        return false;
    }
    std::vector<std::string> files() override { return {}; }
    std::vector<SeenRequest> requests() override { return {}; }
    std::vector<fakeserver::Resource> resources() override { return {}; }
    std::vector<fakeserver::RuleHits> hits() override { return rule_hits; }
    void put_file(const std::string& /*n*/, const std::string& /*b*/) override {}
    void make_directory(const std::string& /*n*/) override {}
    void remove_directory(const std::string& /*n*/) override {}
    void protect_directory(const std::string& /*n*/) override {}
    Duration elapsed() override { return Duration(0); }
    void let_pass(Duration /*time*/) override {}
    Description describe_system() override { return system.describe(); }

    StubSystem system;
    std::vector<fakeserver::RuleHits> rule_hits;

  protected:
    traces::Recorder& recorder() override { return recorder_; }
    bool run_until(const std::function<bool()>& done, Duration /*budget*/) override {
        return done();
    }
    Duration budget() const override { return Duration(5); }

  private:
    traces::Recorder recorder_{system, [] { return Duration(0); }, {}};
};

}  // namespace qmgr::inline v0::conformance
