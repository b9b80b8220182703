#include "conformance/app/replay_trace.hpp"

#include "conformance/loopback/loopback_rig.hpp"
#include "conformance/world/simulated_rig.hpp"
#include "traces/replayer.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::conformance {

std::string replay_trace(const std::string& path, const RigKind& kind) {
    const traces::Trace trace = traces::trace_from_file(path);
    const std::unique_ptr<Rig> rig = kind.make({trace.header.policy, trace.header.server});
    auto* simulated = dynamic_cast<world::SimulatedRig*>(rig.get());
    const traces::Around around{{}, [&](const fakeserver::Script& script) { rig->serve(script); }};
    const auto difference = simulated != nullptr ? simulated->replay(trace)
                                                 : traces::replay(trace, rig->recorded_system(),
                                                                  *rig, rig->places(), around);
    auto* loopback = dynamic_cast<LoopbackRig*>(rig.get());
    const std::string broken = loopback == nullptr ? "" : loopback->system().broken();
    return (broken.empty() ? "" : "the system broke: " + broken + "\n") +
           (difference ? traces::to_text(*difference) : "");
}

}  // namespace qmgr::conformance
