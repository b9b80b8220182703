// `qmgr probe URL`: will BITS be able to download from this server? Which requests are sent, in
// which order, and what all answers together mean. Pure, but for the function that sends.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/app/look.hpp"

namespace qmgr {

/// Which jobs a server is good for.
enum class Mode : std::uint8_t {
    Background,  ///< every job
    Foreground,  ///< foreground jobs with a file below 2 GB that are not interrupted (XFER-FG-1)
    None,
};
/// "background", "foreground", "none".
std::string_view name(Mode mode);

struct ServerReport {
    std::string url;
    std::vector<Look> looks;
    Mode mode = Mode::None;
    HResult code = HResult::Ok;  ///< what a job gets that does not work; Ok with Mode::Background
    std::string summary;         ///< one or two sentences
};

/// Looks at one file of a server, with at most 20 requests that are not redirected, each of which
/// takes at most kBodyLimitBytes of a body. Of `policy`: agent, redirect limit, restarts of a
/// changed file and the size from which the foreground needs ranges.
/// REQUIRES: is_remote_name(url, policy).
ServerReport probe_server(const std::string& url, const Ask& ask, const Policy& policy);

}  // namespace qmgr
