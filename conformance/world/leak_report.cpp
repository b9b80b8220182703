#include "conformance/world/leak_report.hpp"

namespace qmgr::inline v0::world {

std::string to_text(const LeakReport& report) {
    if (report.clean()) return "nothing is left\n";
    std::string text;
    for (const GroupId& id : report.groups) text += "group " + to_text(id.guid) + "\n";
    for (const JobId& id : report.jobs) text += "job " + to_text(id.guid) + "\n";
    if (report.handles != 0) text += std::to_string(report.handles) + " handles\n";
    for (const ClassId& id : report.callbacks) text += "callback " + to_text(id.guid) + "\n";
    if (report.unanswered != 0)
        text += std::to_string(report.unanswered) + " notifications not answered\n";
    for (const std::string& path : report.parts) text += "file " + path + "\n";
    return text;
}

}  // namespace qmgr::inline v0::world
