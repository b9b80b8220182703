#include "conformance/app/replay_trace.hpp"

#include "conformance/loopback/loopback_rig.hpp"
#include "conformance/world/simulated_rig.hpp"
#include "reference/contract/input_error.hpp"
#include "traces/replayer.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::conformance {
namespace {

std::optional<traces::Difference> replay_on(Rig& rig, const traces::Trace& trace) {
    if (auto* simulated = dynamic_cast<world::SimulatedRig*>(&rig)) return simulated->replay(trace);
    const traces::Around around{
        {}, [&](const fakeserver::Script& script, bool /*in_place*/) { rig.serve(script); }};
    return traces::replay(trace, rig.recorded_system(), rig, rig.places(), around);
}

}  // namespace

std::string replay_trace(const std::string& path, const RigKind& kind) {
    const traces::Trace trace = traces::trace_from_file(path);
    const std::unique_ptr<Rig> rig = kind.make({trace.header.policy, trace.header.server});
    auto* loopback = dynamic_cast<LoopbackRig*>(rig.get());
    if (loopback != nullptr && !loopback->system().missing().empty())
        throw InputError("--sut", "nothing can be replayed here: " + loopback->system().missing());
    const auto difference = replay_on(*rig, trace);
    const std::string broken = loopback == nullptr ? "" : loopback->system().broken();
    return (broken.empty() ? "" : "the system broke: " + broken + "\n") +
           (difference ? traces::to_text(*difference) : "");
}

}  // namespace qmgr::conformance
