#include "conformance/loopback/loopback_rig.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <utility>

#include "conformance/loopback/interruption.hpp"
#include "conformance/rig/seen_exchange.hpp"
#include "fakeserver/content.hpp"

namespace qmgr::inline v0::conformance {
namespace {

namespace fs = std::filesystem;

// Between two looks at a condition at least; short, because a case has many.
constexpr Duration kLook(2);

fakeserver::FaultServer::Options options_for(fakeserver::FaultServer::Options::Witness witness) {
    fakeserver::FaultServer::Options options;
    options.on_answered = std::move(witness);
    return options;
}

std::string_view word_for(fakeserver::Ending ending) {
    switch (ending) {
        case fakeserver::Ending::KeepAlive:
            return "connection kept";
        case fakeserver::Ending::Close:
            return "closed";
        case fakeserver::Ending::HalfClose:
            return "half closed";
        case fakeserver::Ending::Reset:
            return "reset";
        case fakeserver::Ending::Stall:
            return "stalled";
    }
    return "";
}

std::string new_folder() {
    std::string path = (fs::temp_directory_path() / "qmgr-rig-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr)
        throw fs::filesystem_error("no folder for the rig", path,
                                   std::error_code(errno, std::generic_category()));
    return path;
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_(new_folder()) {}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void pass_real_time(Duration time) { wait_for(-1, 0, time); }

LoopbackRig::LoopbackRig(const Setting& setting, const std::string& command, Duration patience)
    : patience_(patience),
      start_(std::chrono::steady_clock::now()),
      resources_(setting.script.resources),
      server_(setting.script, options_for([this](const fakeserver::ServedRequest& served) {
                  note_answer(served);
              })) {
    fs::create_directory(directory());
    system_ = std::make_unique<PipeSystem>(
        PipeSystem::Options{command, folder_.path() + "/state", setting.policy});
    recorder_ = std::make_unique<traces::Recorder>(
        *system_, [this] { return elapsed(); }, traces::Places{server_.url(""), directory()});
}

LoopbackRig::~LoopbackRig() {
    system_.reset();
    server_.stop();
}

void LoopbackRig::serve(const fakeserver::Script& script) {
    server_.set_script(script);
    resources_ = script.resources;
    recorder().serve(script);
}

std::optional<FileLook> LoopbackRig::look(const std::string& file_name) {
    struct stat status {};
    if (stat(local(file_name).c_str(), &status) != 0) return std::nullopt;
    return FileLook{static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec};
}

bool LoopbackRig::is_content(const std::string& file_name, std::uint64_t seed, std::uint64_t size) {
    const auto found = look(file_name);
    if (!found || found->size != size) return false;
    std::ifstream file(local(file_name), std::ios::binary);
    std::vector<char> bytes(std::size_t{1} << 20U);
    std::uint64_t offset = 0;
    while (offset < size) {
        file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        const auto count = static_cast<std::size_t>(file.gcount());
        if (count == 0) return false;
        const std::span<const char> part(bytes.data(), count);
        if (!fakeserver::is_content(seed, offset, std::as_bytes(part))) return false;
        offset += count;
    }
    return true;
}

std::vector<std::string> LoopbackRig::files() {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(directory()))
        if (entry.is_regular_file())
            names.push_back(fs::relative(entry.path(), directory()).string());
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<SeenRequest> LoopbackRig::requests() {
    std::vector<SeenRequest> requests;
    for (const fakeserver::ServedRequest& served : server_.requests())
        requests.push_back({served.request, served.status, served.rule});
    return requests;
}

void LoopbackRig::put_file(const std::string& file_name, const std::string& bytes) {
    std::ofstream(local(file_name), std::ios::binary) << bytes;
}

void LoopbackRig::make_directory(const std::string& name) { fs::create_directory(local(name)); }

void LoopbackRig::remove_directory(const std::string& name) { fs::remove_all(local(name)); }

std::string LoopbackRig::missing_here(const std::string& ability) const {
    if (ability != "permissions" || geteuid() != 0) return {};
    return "needs a user to whom something is forbidden, and this is root";
}

void LoopbackRig::note_answer(const fakeserver::ServedRequest& served) {
    const ExchangeEnd end{served.body_bytes_sent, word_for(served.ending), elapsed()};
    const std::scoped_lock lock(answered_mutex_);
    answered_.push_back(
        {traces::Kind::Seen, end.at,
         seen_json(served.request, served.status, served.rule, served.faults, end)});
}

std::vector<traces::TraceLine> LoopbackRig::story() {
    const std::scoped_lock lock(answered_mutex_);
    std::vector<traces::TraceLine> story;
    auto next = answered_.begin();
    for (const traces::TraceLine& line : lines()) {
        while (line.kind != traces::Kind::Note && next != answered_.end() && next->at < line.at)
            story.push_back(*next++);
        story.push_back(line);
    }
    story.insert(story.end(), next, answered_.end());
    return story;
}

void LoopbackRig::protect_directory(const std::string& name) {
    fs::permissions(local(name), fs::perms::owner_read | fs::perms::owner_exec);
}

Duration LoopbackRig::elapsed() {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start_);
}

void LoopbackRig::let_pass(Duration time) { pass_real_time(time); }

bool LoopbackRig::run_until(const std::function<bool()>& done, Duration budget) {
    const Duration end = elapsed() + budget;
    for (;;) {
        const Duration begin = elapsed();
        if (done()) return true;
        if (!system_->broken().empty() || elapsed() > end) return false;
        // A system that is slow to answer gets as much time for its work as for answers.
        pass_real_time(std::max(kLook, elapsed() - begin));
    }
}

}  // namespace qmgr::inline v0::conformance
