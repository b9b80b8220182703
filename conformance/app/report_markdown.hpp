// The report as a page of Markdown: a matrix of areas and implementations with counts of verdicts,
// and below it the clauses that somebody answers otherwise.
#pragma once

#include <string>

#include "conformance/app/report.hpp"

namespace qmgr::conformance {

/// `command` is the command line that writes the page; it stands in it.
std::string to_markdown(const Report& report, const std::string& command);

}  // namespace qmgr::conformance
