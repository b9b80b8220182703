// Mutants: systems that are wrong in exactly one place. A suite that means something kills every
// one of them: some case that covers the clause which the changed row cites must fail.
//
// Most are made mechanically: each row of the five tables and each number of Policy is changed, one
// at a time, without a line in the engine. The others are written by hand for what is no table:
// what a client is answered, what ports do, what the server is heard to say.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/world/simulated_rig.hpp"

namespace qmgr::mutants {

struct Mutant {
    std::string id;      ///< "J-14.to", "retry_delay.half", "client.resume-suspends"; unique
    std::string row;     ///< label of the row, name of the number, or the part that is wrong
    std::string clause;  ///< what it breaks: the clause the row cites
    std::string change;  ///< what is different, for people
    /// The machine, new for each case: what it remembers is part of it.
    std::function<world::Variation()> make;
    std::string equivalent;  ///< why no client and no server can tell it from the reference; or ""
};

/// Each row of the five tables that can come about: target, code, decision, flag, one at a time.
std::vector<Mutant> table_mutants();
/// Each number of Policy, halved and doubled, and each choice, another one.
std::vector<Mutant> policy_mutants();
/// What a client is told is wrong: answers, enumerators, owners, progress, notifications.
std::vector<Mutant> client_mutants();
/// What the ports do, and what the server is heard to say, is wrong.
std::vector<Mutant> machine_mutants();

/// All of these in a fixed order.
std::vector<Mutant> all_mutants();

/// Answers nothing but E_FAIL. A run in which it survives proves nothing.
Mutant canary();

}  // namespace qmgr::mutants
