#include "traces/picture/timeline_html.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "traces/picture/html_text.hpp"
#include "traces/picture/timeline.hpp"

namespace qmgr::inline v0::traces {
namespace {

// Pixels. A character of the fixed font at 11 pixels is 6.63 wide in the fonts that are common.
constexpr double kCharacter = 6.65;
constexpr int kRow = 17;
constexpr int kFold = 24;
constexpr int kTimeColumn = 118;
constexpr int kMargin = 24;  // of a lane, for its bars and a gap
constexpr std::size_t kBarsSideBySide = 3;
constexpr Duration kFolded(1000);
// Rows in one SVG: what is not on the screen is laid out only when it gets there.
constexpr std::size_t kStrip = 100;

// Most characters of a label in its lane; the whole text is in the row's title.
constexpr std::array<std::size_t, kLanes> kMost = {60, 30, 30, 36, 64, 40, 34, 44};
// Beside the place, the shape tells the lane.
constexpr std::array<const char*, kLanes> kShapes = {"▸", "■", "●", "□", "○", "◆", "▪", "▲"};

struct Column {
    int left = 0;
    int width = 0;
};

struct Layout {
    std::array<Column, kLanes> columns;
    std::vector<int> tops;   ///< of each row
    std::vector<int> folds;  ///< height of the folded time before each row; 0: none
    int width = 0;
    int height = 0;
};

std::string label_in(const Row& row, std::size_t lane) {
    return row.labels[lane].empty()
               ? std::string()
               : std::string(kShapes[lane]) + " " + shortened(row.labels[lane], kMost[lane]);
}

Layout layout_of(const Timeline& timeline) {
    Layout layout;
    layout.width = kTimeColumn;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        std::size_t longest = name(static_cast<Lane>(lane)).size() + 3;
        for (const Row& row : timeline.rows)
            longest = std::max(longest, length_of(label_in(row, lane)));
        const int width = kMargin + static_cast<int>(static_cast<double>(longest) * kCharacter);
        layout.columns[lane] = {layout.width, width};
        layout.width += width;
    }
    Duration before(0);
    for (const Row& row : timeline.rows) {
        const Duration gap = std::max(row.at - before, Duration(0));
        before = row.at;
        // Shorter silences show as a little room, by their order of magnitude.
        const int room = static_cast<int>(std::log2(1.0 + static_cast<double>(gap.count())));
        layout.folds.push_back(gap >= kFolded ? kFold : 0);
        layout.height += gap >= kFolded ? kFold : room;
        layout.tops.push_back(layout.height);
        layout.height += kRow;
    }
    return layout;
}

std::string number(int value) { return std::to_string(value); }

std::string text_at(int x, int y, const std::string& text, const char* kind = "") {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\"" + kind + ">" + escaped(text) +
           "</text>";
}

/// Draws the rows from `first` on in a coordinate system in which `top` is 0.
class Strip {
  public:
    Strip(const Timeline& timeline, const Layout& layout, std::size_t first, std::size_t end)
        : timeline_(timeline), layout_(layout), first_(first), end_(end) {
        top_ = first == 0 ? 0 : layout.tops[first - 1] + kRow;
        bottom_ = layout.tops[end - 1] + kRow;
    }

    std::string html(const std::vector<std::size_t>& slots) const {
        const std::string size =
            "width=\"" + number(layout_.width) + "\" height=\"" + number(bottom_ - top_) + "\"";
        std::string html = "<div class=\"strip\" style=\"height:" + number(bottom_ - top_) +
                           "px;width:" + number(layout_.width) + "px\"><svg " + size + ">";
        html += lanes();
        for (std::size_t i = 0; i < timeline_.bars.size(); ++i)
            html += bar(timeline_.bars[i], slots[i]);
        for (std::size_t row = first_; row < end_; ++row) html += fold(row) + of_row(row);
        return html + "</svg></div>\n";
    }

  private:
    int height_of(std::size_t row) const { return layout_.tops[row] - top_; }

    std::string lanes() const {
        std::string path;
        for (const Column& column : layout_.columns)
            path += "M" + number(column.left) + " 0V" + number(bottom_ - top_);
        return "<path class=\"lanes\" d=\"" + path + "\"/>";
    }

    std::string bar(const Bar& bar, std::size_t slot) const {
        if (bar.last < first_ || bar.first >= end_) return {};
        const int left = layout_.columns[static_cast<std::size_t>(bar.lane)].left + 3 +
                         static_cast<int>(slot) * 5;
        const int begin = bar.first < first_ ? 0 : height_of(bar.first) + 4;
        const int finish = bar.last >= end_ ? bottom_ - top_ : height_of(bar.last) + 1;
        return "<rect class=\"bar\" x=\"" + number(left) + "\" y=\"" + number(begin) +
               "\" width=\"3\" height=\"" + number(std::max(1, finish - begin)) + "\"><title>" +
               escaped(bar.label) + "</title></rect>";
    }

    std::string fold(std::size_t row) const {
        if (layout_.folds[row] == 0) return {};
        const int middle = height_of(row) - kFold / 2;
        const Duration before = row == 0 ? Duration(0) : timeline_.rows[row - 1].at;
        return "<path class=\"fold\" d=\"M0 " + number(middle) + "H" + number(layout_.width) +
               "\"/>" +
               text_at(
                   kTimeColumn + 6, middle - 2,
                   "⋯ " + span_text(timeline_.rows[row].at - before) + " in which nothing happens",
                   " class=\"folded\"");
    }

    std::string of_row(std::size_t index) const {
        const Row& row = timeline_.rows[index];
        const int top = height_of(index);
        const int base = top + kRow - 5;
        std::string html = "<g class=\"row\" tabindex=\"" + number(index == 0 ? 0 : -1) +
                           "\"><title>" + escaped(row.detail) + "</title><rect y=\"" + number(top) +
                           "\" width=\"" + number(layout_.width) + "\" height=\"" + number(kRow) +
                           "\"/>" + text_at(4, base, moment_text(row.at));
        if (!row.remark.empty())
            html += text_at(kTimeColumn + 6, base, row.remark, " class=\"remark\"");
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            if (!row.labels[lane].empty())
                html +=
                    text_at(layout_.columns[lane].left + kMargin - 6, base, label_in(row, lane));
        return html + "</g>\n";
    }

    const Timeline& timeline_;
    const Layout& layout_;
    std::size_t first_;
    std::size_t end_;
    int top_ = 0;
    int bottom_ = 0;
};

// Bars of one lane that last at the same time stand side by side, as far as there is room.
std::vector<std::size_t> slots_of(const std::vector<Bar>& bars) {
    std::vector<std::size_t> slots;
    std::array<std::array<std::size_t, kBarsSideBySide>, kLanes> taken_until{};
    for (const Bar& bar : bars) {
        auto& until = taken_until[static_cast<std::size_t>(bar.lane)];
        std::size_t slot = 0;
        while (slot + 1 < kBarsSideBySide && until[slot] > bar.first) ++slot;
        until[slot] = bar.last;
        slots.push_back(slot);
    }
    return slots;
}

std::string heading(const Layout& layout) {
    std::string html = "<div class=\"heading\" style=\"width:" + number(layout.width) +
                       "px\"><svg width=\"" + number(layout.width) + "\" height=\"22\">" +
                       text_at(4, 15, "Time");
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        html +=
            text_at(layout.columns[lane].left + kMargin - 6, 15,
                    std::string(kShapes[lane]) + " " + std::string(name(static_cast<Lane>(lane))));
    return html + "</svg></div>\n";
}

}  // namespace

std::string timeline_html(const std::vector<TraceLine>& lines) {
    Timeline timeline = timeline_of(lines);
    if (timeline.rows.empty()) return "<p>Nothing happened.</p>\n";
    std::stable_sort(timeline.bars.begin(), timeline.bars.end(),
                     [](const Bar& a, const Bar& b) { return a.first < b.first; });
    const Layout layout = layout_of(timeline);
    const auto slots = slots_of(timeline.bars);
    std::string html = "<div class=\"timeline\" role=\"group\" aria-label=\"Timeline\">\n";
    html += heading(layout);
    for (std::size_t first = 0; first < timeline.rows.size(); first += kStrip) {
        const std::size_t end = std::min(first + kStrip, timeline.rows.size());
        html += Strip(timeline, layout, first, end).html(slots);
    }
    return html + "</div>\n";
}

std::string_view timeline_style() {
    return R"css(
.timeline { overflow: auto; max-height: 75vh; border: 1px solid #777; background: #fff;
  color: #111; }
.timeline svg { display: block; font: 11px "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.timeline .heading { position: sticky; top: 0; min-width: 100%; background: #eee;
  border-bottom: 1px solid #777; font-weight: bold; z-index: 1; }
.timeline .heading svg { font-weight: bold; }
.timeline .strip { content-visibility: auto; }
.timeline .lanes { stroke: #ccc; fill: none; }
.timeline .bar { fill: #555; }
.timeline .fold { stroke: #777; stroke-dasharray: 6 4; fill: none; }
.timeline .folded { font-style: italic; fill: #444; }
.timeline .remark { font-style: italic; }
.timeline .row rect { fill: transparent; }
.timeline .row:hover rect { fill: #eef; fill-opacity: .6; }
.timeline .row:focus { outline: none; }
.timeline .row:focus rect { fill: #ffd; fill-opacity: .6; stroke: #000; stroke-width: 1.5; }
#pane { position: sticky; bottom: 0; margin: 0; max-height: 22vh; overflow: auto;
  background: #f4f4f4; border: 1px solid #777; padding: 4px 8px; white-space: pre-wrap;
  font: 11px "DejaVu Sans Mono", Menlo, Consolas, monospace; color: #111; }
)css";
}

std::string_view timeline_script() {
    return R"js(
(function () {
  var pane = document.getElementById('pane');
  function rowOf(node) { return node.closest ? node.closest('.row') : null; }
  function show(row) { if (pane && row) pane.textContent = row.querySelector('title').textContent; }
  document.addEventListener('mouseover', function (event) { show(rowOf(event.target)); });
  document.addEventListener('focusin', function (event) { show(rowOf(event.target)); });
  document.addEventListener('keydown', function (event) {
    var steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -1e9, End: 1e9 };
    var row = rowOf(event.target);
    if (!row || !(event.key in steps)) return;
    var rows = Array.from(row.closest('.timeline').querySelectorAll('.row'));
    var next = Math.min(Math.max(rows.indexOf(row) + steps[event.key], 0), rows.length - 1);
    row.setAttribute('tabindex', '-1');
    rows[next].setAttribute('tabindex', '0');
    rows[next].focus();
    rows[next].scrollIntoView({ block: 'nearest' });
    event.preventDefault();
  });
})();
)js";
}

std::string timeline_page(const Trace& trace) {
    std::string covers;
    for (const std::string& id : trace.header.covers) covers += (covers.empty() ? "" : " ") + id;
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>" +
        escaped(trace.header.title) +
        "</title>\n<style>\nbody { font: 14px "
        "sans-serif; margin: 1em; }\n";
    html += timeline_style();
    html += "</style></head><body>\n<h1>" + escaped(trace.header.title) + "</h1>\n<p>" +
            escaped(trace.header.sut) + (covers.empty() ? "" : " · " + escaped(covers)) + "</p>\n" +
            timeline_html(trace.lines) +
            "<pre id=\"pane\" aria-live=\"polite\">Point at a row, or focus it and use the arrow "
            "keys: the lines of the trace stand here.</pre>\n<script>";
    html += timeline_script();
    return html + "</script>\n</body></html>\n";
}

}  // namespace qmgr::inline v0::traces
