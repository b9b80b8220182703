// The rig in real time: a child process, a real fake server on 127.0.0.1, a real disk.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/loopback/pipe_system.hpp"
#include "conformance/rig/rig.hpp"
#include "fakeserver/server/fault_server.hpp"

namespace qmgr::inline v0::conformance {

/// A new folder below the one for temporary files; it goes with this value.
class TemporaryFolder {
  public:
    /// Throws std::filesystem::filesystem_error.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// Lets real time pass: the one place of the project where a thread waits for nothing. Throws
/// Interrupted.
void pass_real_time(Duration time);

class LoopbackRig final : public Rig {
  public:
    /// Long enough for a machine that is busy with other things; a case that is right needs none of
    /// it.
    static constexpr Duration kPatience = std::chrono::seconds(20);

    /// `command` speaks docs/sut-protocol.md. Everything lives in a new temporary folder that is
    /// removed at the end. `patience` is how long eventually() waits.
    LoopbackRig(const Setting& setting, const std::string& command, Duration patience = kPatience);
    ~LoopbackRig() override;

    void serve(const fakeserver::Script& script) override;
    std::string url(const std::string& path) const override { return server_.url(path); }
    std::string directory() const override { return folder_.path() + "/downloads"; }
    std::optional<FileLook> look(const std::string& file_name) override;
    bool is_content(const std::string& file_name, std::uint64_t seed, std::uint64_t size) override;
    std::vector<std::string> files() override;
    std::vector<SeenRequest> requests() override;
    std::vector<fakeserver::RuleHits> hits() override { return server_.hits(); }
    void put_file(const std::string& file_name, const std::string& bytes) override;
    void make_directory(const std::string& name) override;
    void remove_directory(const std::string& name) override;
    void protect_directory(const std::string& name) override;
    Duration elapsed() override;
    void let_pass(Duration time) override;
    Description describe_system() override { return system_->describe(); }
    /// Of `permissions`, when this process is root's.
    std::string missing_here(const std::string& ability) const override;
    /// Each request stands where its answer had ended.
    std::vector<traces::TraceLine> story() override;

    PipeSystem& system() { return *system_; }

  protected:
    traces::Recorder& recorder() override { return *recorder_; }
    bool run_until(const std::function<bool()>& done, Duration budget) override;
    Duration budget() const override { return patience_; }

  private:
    void note_answer(const fakeserver::ServedRequest& served);

    Duration patience_;
    std::chrono::steady_clock::time_point start_;
    TemporaryFolder folder_;  // before everything that lives in it
    std::mutex answered_mutex_;
    std::vector<traces::TraceLine> answered_;  ///< under the mutex; the server's threads add to it
    fakeserver::FaultServer server_;
    std::unique_ptr<PipeSystem> system_;
    std::unique_ptr<traces::Recorder> recorder_;
};

}  // namespace qmgr::inline v0::conformance
