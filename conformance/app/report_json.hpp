// The report as JSON (docs/schemas/report.schema.json says which fields there are), and the way
// back, so that the reports of several runs can be laid side by side.
#pragma once

#include <string>
#include <vector>

#include "conformance/app/report.hpp"

namespace qmgr::conformance {

std::string to_json_text(const Report& report);

/// `where` names the text in messages. Throws InputError.
Report report_from_json_text(const std::string& text, const std::string& where);
Report report_from_file(const std::string& path);

/// One report of all. Results of one implementation (same name and version; of our own, same rig,
/// too) come together, as those of shards do. An implementation that is not our own is listed under
/// its name in place of its rig. Throws InputError, naming the file, unless the shards of each
/// implementation are those of one run, each there once, with all the cases that run meant, and no
/// case in two of them. REQUIRES: as many places as reports, and at least one.
Report merged(const std::vector<Report>& reports, const std::vector<std::string>& places);

}  // namespace qmgr::conformance
