#include "conformance/world/simulated_rig.hpp"

#include <algorithm>
#include <utility>

#include "reference/engine/http_fields.hpp"

namespace qmgr::inline v0::world {
namespace {

Options options_for(const conformance::Setting& setting, const Variation& variation) {
    Options options;
    options.policy = setting.policy;
    options.script = setting.script;
    if (variation.rules) options.rules = variation.rules.get();
    if (variation.policy) variation.policy(options.policy);
    options.ports = variation.ports;
    options.event = variation.event;
    return options;
}

}  // namespace

SimulatedRig::SimulatedRig(const conformance::Setting& setting, Variation variation)
    : setting_(setting),
      variation_(std::move(variation)),
      world_(options_for(setting_, variation_)),
      start_(world_.now()),
      varied_(variation_.system ? variation_.system(world_) : nullptr),
      recorder_(varied_ ? *varied_ : world_, [this] { return stamp(); }, {}),
      resources_(setting.script.resources) {
    world_.disk().make_directory(directory());
}

SimulatedRig::~SimulatedRig() = default;

// The network forgets what it has seen with the script.
void SimulatedRig::serve(const fakeserver::Script& script) {
    const auto& seen = world_.network().seen();
    past_requests_.insert(past_requests_.end(), seen.begin(), seen.end());
    world_.network().serve(Options{}.host, script);
    resources_ = script.resources;
    recorder_.serve(script);
}

std::optional<conformance::FileLook> SimulatedRig::look(const std::string& file_name) {
    const DiskFile* file = world_.disk().find(local(file_name));
    if (file == nullptr) return std::nullopt;
    conformance::FileLook look{file->contents.size(), std::nullopt};
    if (file->last_modified) look.last_write_s = http_date(*file->last_modified);
    return look;
}

bool SimulatedRig::is_content(const std::string& file_name, std::uint64_t seed,
                              std::uint64_t size) {
    const DiskFile* file = world_.disk().find(local(file_name));
    return file != nullptr && file->contents.size() == size && file->contents.is_content(seed);
}

std::vector<std::string> SimulatedRig::files() {
    const std::string prefix = directory() + "/";
    std::vector<std::string> names;
    for (const std::string& path : world_.disk().paths())
        if (path.compare(0, prefix.size(), prefix) == 0)
            names.push_back(path.substr(prefix.size()));
    return names;
}

std::vector<conformance::SeenRequest> SimulatedRig::requests() {
    std::vector<conformance::SeenRequest> requests;
    for (const SeenRequest& seen : world_.network().seen())
        requests.push_back({seen.request, seen.status, seen.rule});
    return requests;
}

std::vector<fakeserver::RuleHits> SimulatedRig::hits() {
    return world_.network().responder().hits();
}

void SimulatedRig::put_file(const std::string& file_name, const std::string& bytes) {
    DiskFile file;
    file.contents.append(fakeserver::Literal{bytes});
    world_.disk().put(local(file_name), file);
}

void SimulatedRig::make_directory(const std::string& name) {
    world_.disk().make_directory(local(name));
}

void SimulatedRig::remove_directory(const std::string& name) {
    world_.disk().remove_directory(local(name));
}

void SimulatedRig::protect_directory(const std::string& name) {
    world_.disk().protect_directory(local(name));
}

Duration SimulatedRig::elapsed() { return world_.now() - start_; }

void SimulatedRig::let_pass(Duration time) { world_.run_for(time); }

bool SimulatedRig::run_until(const std::function<bool()>& done, Duration budget) {
    std::uint64_t looks = 0;
    bool held = false;
    world_.run_until(
        [&] {
            held = done();
            return held || ++looks > kMostLooks;
        },
        budget);
    // A system that lets time pass in a call may have had the last event in the middle of a look.
    return held || done();
}

Duration SimulatedRig::stamp() {
    marks_.push_back({past_requests_.size() + world_.network().seen().size(),
                      world_.disk().history().size(), world_.steps().size()});
    return elapsed();
}

std::optional<traces::Difference> SimulatedRig::replay(const traces::Trace& trace,
                                                       const std::function<void()>& power_failed) {
    if (const auto& machine = trace.header.machine) {
        world_.network().set_speed({machine->latency, machine->bytes_per_ms});
        for (const std::string& path : machine->protected_directories) {
            world_.disk().make_directory(path);
            world_.disk().protect_directory(path);
        }
    }
    const auto fail_power = [&] {
        world_.crash();
        if (power_failed) power_failed();
    };
    const auto next_event = [this](Duration within) {
        bool happened = false;
        world_.run_until([&] { return std::exchange(happened, true); }, within);
    };
    const auto change_server = [this](const fakeserver::Script& script, bool in_place) {
        if (!in_place) return serve(script);
        world_.network().responder() = fakeserver::Responder(script);
        if (script.rules.empty()) world_.network().end_faults();
        resources_ = script.resources;
    };
    return traces::replay(trace, recorder_, *this, places(),
                          {fail_power, change_server, next_event});
}

std::vector<traces::TraceLine> SimulatedRig::story() {
    std::vector<SeenRequest> requests = past_requests_;
    const auto& seen = world_.network().seen();
    requests.insert(requests.end(), seen.begin(), seen.end());
    return story_of(
        {recorder_.lines(), marks_, requests, world_.disk().history(), world_.steps(), start_});
}

traces::Trace SimulatedRig::trace(const std::string& title) {
    return {{title, {}, world_.describe().name, setting_.policy, setting_.script}, story()};
}

}  // namespace qmgr::inline v0::world
