// The rig in virtual time: a case that waits two weeks takes a millisecond.
#pragma once

#include <functional>
#include <memory>

#include "conformance/rig/rig.hpp"
#include "conformance/world/story.hpp"
#include "conformance/world/world.hpp"

namespace qmgr::inline v0::world {

/// What is wrong with a machine, to prove that a case finds it. Everything empty: nothing.
struct Variation {
    std::shared_ptr<const Rules> rules;                    ///< in place of the documented ones
    std::function<void(Policy&)> policy;                   ///< changes the numbers a case has set
    std::function<Ports(const Ports&, EventSink&)> ports;  ///< Options::ports
    std::function<bool(Event&)> event;                     ///< Options::event
    /// What the case talks to, made of the world.
    std::function<std::unique_ptr<SystemUnderTest>(SystemUnderTest&)> system;
};

class SimulatedRig final : public conformance::Rig {
  public:
    explicit SimulatedRig(const conformance::Setting& setting, Variation variation = {});
    ~SimulatedRig() override;

    void serve(const fakeserver::Script& script) override;
    std::string url(const std::string& path) const override { return world_.url(path); }
    std::string directory() const override { return std::string(traces::kDirectory); }
    std::optional<conformance::FileLook> look(const std::string& file_name) override;
    bool is_content(const std::string& file_name, std::uint64_t seed, std::uint64_t size) override;
    std::vector<std::string> files() override;
    std::vector<conformance::SeenRequest> requests() override;
    std::vector<fakeserver::Resource> resources() override { return resources_; }
    std::vector<fakeserver::RuleHits> hits() override;
    void put_file(const std::string& file_name, const std::string& bytes) override;
    void make_directory(const std::string& name) override;
    void remove_directory(const std::string& name) override;
    void protect_directory(const std::string& name) override;
    Duration elapsed() override;
    void let_pass(Duration time) override;
    Description describe_system() override { return world_.describe(); }
    std::vector<traces::TraceLine> story() override;

    World& world() { return world_; }
    /// Plays a trace, once, in a rig that was made with its policy and server. It becomes the
    /// machine of the trace. `power_failed` is told after each power failure, which what the rig
    /// talks to does not see.
    std::optional<traces::Difference> replay(const traces::Trace& trace,
                                             const std::function<void()>& power_failed = {});
    /// story() as a trace of its own.
    traces::Trace trace(const std::string& title);

  protected:
    traces::Recorder& recorder() override { return recorder_; }
    bool run_until(const std::function<bool()>& done, Duration budget) override;
    /// Events that eventually() lets happen, so that a system which is busy for ever is found out
    /// in less than a second. Two weeks of retries are some twelve thousand.
    static constexpr std::uint64_t kMostLooks = 200'000;
    /// Twenty days of virtual time: more than the longest default of Policy.
    Duration budget() const override { return std::chrono::hours(24 * 20); }

  private:
    /// The time for a new line of the trace; remembers what had happened before it.
    Duration stamp();

    conformance::Setting setting_;
    Variation variation_;
    World world_;
    Instant start_;
    std::unique_ptr<SystemUnderTest> varied_;  // null: the world itself is what is tested
    traces::Recorder recorder_;
    std::vector<Mark> marks_;
    std::vector<fakeserver::Resource> resources_;
    std::vector<SeenRequest> past_requests_;  ///< of scripts that are no longer served
};

}  // namespace qmgr::inline v0::world
