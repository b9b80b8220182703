// What stands where in the picture of a trace: rows in the order of time, and in them an entry for
// each lane in which something happened. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/trace.hpp"

namespace qmgr::inline v0::traces {

enum class Lane : std::uint8_t { Caller, Group, Job, Files, Http, Notifications, Disk, Faults };
inline constexpr std::size_t kLanes = 8;

/// "HTTP" and so on: the heading of the lane.
std::string_view name(Lane lane);

struct Row {
    Duration at{0};
    std::array<std::string, kLanes> labels;  ///< empty: nothing in that lane
    std::string remark;                      ///< of a note; it stands across all lanes
    std::string detail;                      ///< the lines of the trace this row is of
};

/// Something that lasts, as a bar beside the labels of its lane.
struct Bar {
    Lane lane = Lane::Caller;
    std::size_t first = 0;  ///< row
    std::size_t last = 0;   ///< row, after first
    std::string label;      ///< a state, or an exchange
};

struct Timeline {
    std::vector<Row> rows;
    std::vector<Bar> bars;
};

/// Lines with bodies of unknown form stand as they are in the lane of the caller (in, out), of HTTP
/// (seen) or of the job (why).
Timeline timeline_of(const std::vector<TraceLine>& lines);

}  // namespace qmgr::inline v0::traces
