// docs/state-machines.md, printed from the five tables of the reference.
#pragma once

#include <string>

namespace qmgr::meta {

inline constexpr const char* kStateMachinesPage = "docs/state-machines.md";
inline constexpr const char* kStateMachinesCommand =
    "build/dev/bin/print_docs state-machines > docs/state-machines.md";

/// The whole page.
std::string state_machines_page();

}  // namespace qmgr::meta
