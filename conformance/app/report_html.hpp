// The report as one folder of HTML that opens without a network.
#pragma once

#include <map>
#include <string>

#include "conformance/app/report.hpp"

namespace qmgr::conformance {

/// Path in the folder ("index.html", "cases/….html") and content of each page: the matrix of
/// clauses and implementations with a filter, and a page for each case with the clauses, what was
/// expected and what came, and the timeline of each implementation.
std::map<std::string, std::string> html_pages(const Report& report);

}  // namespace qmgr::conformance
