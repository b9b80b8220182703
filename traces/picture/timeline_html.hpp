// The picture of a trace as HTML with inline SVG. Time runs downwards, each lane is a column; a
// second or more in which nothing happens is folded and marked with its length. Nothing is told by
// colour alone, texts are texts, and no other file or host is needed. Hovering shows the lines of
// the trace a row is of; with the arrow keys, once a row has the focus, they stand in the pane.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "traces/trace.hpp"

namespace qmgr::inline v0::traces {

/// A <div> with the picture. Any number of them may stand in one page that has timeline_style() and
/// timeline_script().
std::string timeline_html(const std::vector<TraceLine>& lines);

/// The content of a <style> element.
std::string_view timeline_style();
/// The content of a <script> element at the end of the body.
std::string_view timeline_script();

/// A whole page of one trace.
std::string timeline_page(const Trace& trace);

}  // namespace qmgr::inline v0::traces
