// docs/requirements.md, printed from the catalogue and the list of cases.
#pragma once

#include <string>

namespace qmgr::meta {

inline constexpr const char* kRequirementsPage = "docs/requirements.md";
inline constexpr const char* kRequirementsCommand =
    "build/dev/bin/print_docs requirements > docs/requirements.md";

/// The whole page. REQUIRES: the current directory is the project's root. Throws InputError if the
/// catalogue cannot be read.
std::string requirements_page();

}  // namespace qmgr::meta
