// What one engine step did and why: which row of which table fired, and the states around it.
// Written for logs, traces and `--why`; nothing reads it back into a decision.
#pragma once

#include <string>
#include <string_view>

#include "reference/contract/identifiers.hpp"

namespace qmgr::inline v0 {

struct Step {
    GroupId group;
    std::string_view row;     ///< label of the table row ("J-04"); points at constant text
    std::string_view clause;  ///< the clause the row cites; points at constant text
    std::string_view from;    ///< job state before; points at constant text
    std::string_view to;      ///< job state after; points at constant text
    bool operator==(const Step&) const = default;
};

}  // namespace qmgr::inline v0
