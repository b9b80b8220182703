// One line of a story: what the lines of a trace come to for a person.
#pragma once

#include <string>
#include <vector>

#include "traces/trace.hpp"

namespace qmgr::propertytests {

/// What one command did, from the lines that came of it: "u1 resume_group group 1: BG_E_EMPTY".
struct Seen {
    std::string command;             ///< the note's words
    std::vector<std::string> facts;  ///< calls with their answers, requests, disk, rows, in order
};

/// The commands of a recorded plan: what stands between its notes.
std::vector<Seen> commands_of(const std::vector<traces::TraceLine>& lines);

}  // namespace qmgr::propertytests
