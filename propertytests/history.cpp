#include "propertytests/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reference/contract/json.hpp"

namespace qmgr::propertytests {

History HistoryRecorder::history() const {
    History all;
    for (const History& one : threads_) all.insert(all.end(), one.begin(), one.end());
    std::sort(all.begin(), all.end(),
              [](const RecordedCall& a, const RecordedCall& b) { return a.begun < b.begun; });
    return all;
}

std::string to_text(const RecordedCall& call) {
    return fmt::format("thread {}, ticks {} to {}: {} {} -> {}", call.thread, call.begun,
                       call.ended, to_line(to_json(call.operation.caller)),
                       to_line(to_json(call.operation.call)),
                       to_line(to_json(call.operation.reply)));
}

}  // namespace qmgr::propertytests
