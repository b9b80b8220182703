#include "conformance/world/story.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "conformance/rig/seen_exchange.hpp"
#include "reference/contract/json.hpp"

namespace qmgr::inline v0::world {
namespace {

using traces::Kind;
using traces::TraceLine;

TraceLine line_of(const SeenRequest& seen, Instant start) {
    std::optional<conformance::ExchangeEnd> end;
    if (seen.ended) end = {seen.body_bytes, seen.ending, *seen.ended - start};
    return {Kind::Seen, seen.at - start,
            conformance::seen_json(seen.request, seen.status, seen.rule, seen.faults, end)};
}

TraceLine line_of(const DiskEvent& event, Instant start) {
    return {Kind::Seen, event.at - start,
            to_line({{"disk",
                      {{"did", std::string(event.what)},
                       {"path", event.path},
                       {"size", event.size_bytes}}}})};
}

TraceLine line_of(const LoggedStep& logged, Instant start) {
    return {Kind::Why, logged.at - start, to_line(to_json(logged.step))};
}

template <class Happened>
void append(const std::vector<Happened>& all, std::size_t from, std::size_t to, Instant start,
            std::vector<TraceLine>& lines) {
    for (std::size_t i = from; i < std::min(to, all.size()); ++i)
        lines.push_back(line_of(all[i], start));
}

}  // namespace

std::vector<TraceLine> story_of(const History& history) {
    std::vector<TraceLine> story;
    Mark told;
    const auto tell_up_to = [&](const Mark& mark) {
        const auto begin = static_cast<std::ptrdiff_t>(story.size());
        append(history.requests, told.requests, mark.requests, history.start, story);
        append(history.steps, told.steps, mark.steps, history.start, story);
        append(history.disk_events, told.disk_events, mark.disk_events, history.start, story);
        std::stable_sort(story.begin() + begin, story.end(),
                         [](const TraceLine& a, const TraceLine& b) { return a.at < b.at; });
        told = mark;
    };
    auto mark = history.marks.begin();
    for (const TraceLine& line : history.lines) {
        if (line.kind != Kind::Note && mark != history.marks.end()) tell_up_to(*mark++);
        story.push_back(line);
    }
    tell_up_to({history.requests.size(), history.disk_events.size(), history.steps.size()});
    return story;
}

}  // namespace qmgr::inline v0::world
