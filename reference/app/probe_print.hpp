// What `qmgr probe` found, as a table for people and as JSON for programs (docs/probe.md).
// Passwords in URLs are written ***.
#pragma once

#include <optional>
#include <string>

#include "reference/app/probe.hpp"
#include "reference/app/proxy_probe.hpp"

namespace qmgr {

/// At least one of the two.
struct ProbeReport {
    std::optional<ServerReport> server{};
    std::optional<ProxyReport> proxy{};
};

/// 0: BITS can download, at least in the foreground; 1: it cannot, or not through this proxy.
int exit_status_of(const ProbeReport& report);

/// Lines of at most 100 columns, each with its end; a URL is never broken.
std::string table_of(const ProbeReport& report);

/// One JSON object, indented, with a line end. Bytes of a header that are no UTF-8 become U+FFFD.
std::string json_of(const ProbeReport& report);

}  // namespace qmgr
