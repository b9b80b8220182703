// `qmgr probe`: what the command line says, over real sockets, onto a stream.
#pragma once

#include <iosfwd>
#include <string>

#include "reference/contract/policy.hpp"

namespace qmgr {

struct ProbeArguments {
    std::string url{};    ///< empty: only the proxy is looked at
    std::string proxy{};  ///< http://HOST:PORT or HOST:PORT; empty: that of the environment
    bool json = false;
};

/// Looks at the server, at the proxy or at both, writes the report and returns the exit status
/// (exit_status_of in probe_print.hpp). Takes as long as the server lets it: each request that gets
/// no byte for Policy::stall_timeout ends.
/// Throws InputError when there is nothing to look at, or for a URL or proxy that is none;
/// std::system_error when the proxy's origin finds no port; std::runtime_error when `out` takes no
/// more.
int probe(const ProbeArguments& arguments, const Policy& policy, std::ostream& out);

}  // namespace qmgr
