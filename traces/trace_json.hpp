// Traces as JSON Lines. Reading is strict: InputError names file, line and what was expected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reference/contract/input_error.hpp"
#include "reference/contract/json.hpp"
#include "traces/trace.hpp"

namespace qmgr::inline v0::traces {

/// {"trace":1,"title":…} and one line for each line of the trace, each ended by a line feed.
std::string to_text(const Trace& trace);
std::string to_text(const TraceHeader& header);
std::string to_text(const TraceLine& line);

/// `where` names the text in messages: a file name.
Trace trace_from_text(std::string_view text, const std::string& where);
Trace trace_from_file(const std::string& path);
/// One line that is not the header. `json` is its value; `where` names it in messages.
TraceLine line_from_json(const Json& json, const std::string& where);

/// A script of the fake server as a part of a trace.
Json script_to_json(const fakeserver::Script& script);
/// Throws InputError, not the fake server's.
fakeserver::Script script_from_json(const Json& json, const std::string& where);

/// True when `***` stands for a password in one of the lines.
bool is_masked(const std::vector<TraceLine>& lines);

/// Every JSON string in `json_line` that begins with `from` begins with `to` instead. Where both
/// are URLs, a user and password before the host stay: http://u:***@FROM/a becomes
/// http://u:***@TO/a.
std::string with_prefix_swapped(const std::string& json_line, std::string_view from,
                                std::string_view to);

}  // namespace qmgr::inline v0::traces
