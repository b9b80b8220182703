#include "conformance/adapters/com/outbox.hpp"

#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

namespace qmgr::com_adapter {

void put_line(const nlohmann::json& message) {
    static std::mutex mutex;
    const std::string line =
        message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(mutex);
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
}

}  // namespace qmgr::com_adapter
