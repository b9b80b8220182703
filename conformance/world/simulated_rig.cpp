#include "conformance/world/simulated_rig.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "fakeserver/effect_table.hpp"
#include "reference/contract/json.hpp"
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

std::string request_json(const SeenRequest& seen) {
    Json json = {{"method", seen.request.method}, {"path", seen.request.path}};
    for (const char* field : {"range", "if-unmodified-since"})
        if (const auto value = fakeserver::find_header(seen.request.headers, field))
            json[field] = std::string(*value);
    json["connection"] = seen.request.connection;
    json["status"] = seen.status;
    if (!seen.rule.empty()) json["fault"] = seen.rule;
    for (const fakeserver::AppliedFault& fault : seen.faults)
        json["applied"].push_back({{"effect", fakeserver::effect_row(fault.effect).name},
                                   {"wire_byte", fault.wire_byte}});
    return to_line({{"request", json}});
}

}  // namespace

SimulatedRig::SimulatedRig(const conformance::Setting& setting, Variation variation)
    : setting_(setting),
      variation_(std::move(variation)),
      world_(options_for(setting_, variation_)),
      start_(world_.now()),
      varied_(variation_.system ? variation_.system(world_) : nullptr),
      recorder_(varied_ ? *varied_ : world_, [this] { return elapsed(); }, {}) {
    world_.disk().make_directory(directory());
}

SimulatedRig::~SimulatedRig() = default;

void SimulatedRig::serve(const fakeserver::Script& script) {
    world_.network().serve(Options{}.host, script);
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
    return held;
}

traces::Trace SimulatedRig::trace(const std::string& title) {
    traces::Trace trace{{title, {}, world_.describe().name, setting_.policy, setting_.script},
                        recorder_.lines()};
    for (const SeenRequest& seen : world_.network().seen())
        trace.lines.push_back({traces::Kind::Seen, seen.at - start_, request_json(seen)});
    for (const LoggedStep& logged : world_.steps())
        trace.lines.push_back(
            {traces::Kind::Why, logged.at - start_, to_line(to_json(logged.step))});
    std::stable_sort(
        trace.lines.begin(), trace.lines.end(),
        [](const traces::TraceLine& a, const traces::TraceLine& b) { return a.at < b.at; });
    return trace;
}

}  // namespace qmgr::inline v0::world
