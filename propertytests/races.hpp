// Systems that are right as long as one client calls at a time, and wrong when two do: the classic
// races, each planted in one place. A checker that does not find them proves nothing.
#pragma once

#include <string>
#include <vector>

#include "propertytests/simulated_clients.hpp"

namespace qmgr::propertytests {

struct Race {
    std::string name;    ///< "create-twice"
    std::string clause;  ///< that a client sees broken
    std::string what;    ///< one sentence
    /// With a pause that does nothing it is as good as the world.
    Plant plant;
};

std::vector<Race> planted_races();

}  // namespace qmgr::propertytests
