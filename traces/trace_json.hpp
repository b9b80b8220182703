// Traces as JSON Lines. Reading is strict: InputError names file, line and what was expected.
#pragma once

#include <string>
#include <string_view>

#include "reference/contract/input_error.hpp"
#include "traces/trace.hpp"

namespace qmgr::traces {

/// {"trace":1,"title":…} and one line for each line of the trace, each ended by a line feed.
std::string to_text(const Trace& trace);
std::string to_text(const TraceHeader& header);
std::string to_text(const TraceLine& line);

/// `where` names the text in messages: a file name.
Trace trace_from_text(std::string_view text, const std::string& where);
Trace trace_from_file(const std::string& path);

/// Every JSON string in `json_line` that begins with `from` begins with `to` instead.
std::string with_prefix_swapped(const std::string& json_line, std::string_view from,
                                std::string_view to);

}  // namespace qmgr::traces
