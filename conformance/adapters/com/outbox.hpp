// The way out: standard output, one JSON object a line.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace qmgr::com_adapter {

/// Writes and flushes. From any thread; lines do not mix. Bytes that are no UTF-8 are replaced.
void put_line(const nlohmann::json& message);

}  // namespace qmgr::com_adapter
