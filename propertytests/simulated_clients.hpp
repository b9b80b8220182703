// Concurrent clients of the simulated world: the seed decides what they ask, who goes on at every
// pause, and how the transfers come along meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "propertytests/clients.hpp"
#include "propertytests/history.hpp"
#include "reference/contract/policy.hpp"
#include "reference/contract/system_under_test.hpp"

namespace qmgr::propertytests {

/// Lets other clients go on, or not.
using Pause = std::function<void()>;
/// What the clients talk to, made of the world, which outlives it. It may pause in the middle of a
/// call, and is then entered by others.
using Plant = std::function<std::unique_ptr<SystemUnderTest>(SystemUnderTest& world, Pause pause)>;

struct SimulatedRun {
    History history;
    std::uint64_t switches = 0;  ///< how often another thread went on than the one before
};

/// The numbers of the world the clients meet.
Policy simulated_policy();

/// Runs the clients of `plan` (its site and folder do not matter) to their end. Without a plant
/// they talk to the world, where every call is done at one moment. The same arguments give the same
/// history.
SimulatedRun run_simulated(const ClientsPlan& plan, const Plant& plant = {});

}  // namespace qmgr::propertytests
