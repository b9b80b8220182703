#include "reference/app/probe_verb.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <stdexcept>

#include "reference/adapters/counting_origin.hpp"
#include "reference/adapters/requester.hpp"
#include "reference/adapters/steady_clock.hpp"
#include "reference/app/probe_print.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/contract/url_mask.hpp"
#include "reference/engine/names.hpp"

namespace qmgr {
namespace {

// Much larger than all pieces and than the slices caches keep (1 MiB is common), so that who takes
// all of it is plain to see; small enough to be taken five times in a second.
constexpr std::uint64_t kObjectBytes = 16ULL << 20U;

std::string checked_url(const std::string& url, const Policy& policy) {
    if (is_remote_name(url, policy)) return url;
    throw InputError("URL", "expected http://… or https://…, got " + masked(url));
}

// With scheme and port: without a port libcurl would take 1080, which is nobody's HTTP proxy.
std::string checked_proxy(std::string proxy, const Policy& policy) {
    const std::string given = masked(proxy);
    if (proxy.find("://") == std::string::npos) proxy = "http://" + proxy;
    while (proxy.ends_with('/')) proxy.pop_back();
    const std::string port = proxy.substr(proxy.rfind(':') + 1);
    const bool has_port =
        !port.empty() && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    if (proxy.starts_with("http://") && has_port && is_remote_name(proxy + "/", policy))
        return proxy;
    throw InputError("--through", "expected http://HOST:PORT, got " + given);
}

// A folder that no cache has seen: a port may come again, the time does not.
std::string new_folder() {
    return fmt::format("/qmgr-probe-{}-{}/", to_ms(SteadyClock().now()), ::getpid());
}

}  // namespace

int probe(const ProbeArguments& arguments, const Policy& policy, std::ostream& out) {
    if (arguments.url.empty() && arguments.proxy.empty())
        throw InputError("probe", "expected a URL, or --through PROXY, or both");
    std::optional<std::string> proxy;
    if (!arguments.proxy.empty()) proxy = checked_proxy(arguments.proxy, policy);
    ProbeReport report;
    Requester requester(policy, proxy);
    const Ask ask = [&](const Request& request) { return requester.ask(request); };
    if (!arguments.url.empty())
        report.server = probe_server(checked_url(arguments.url, policy), ask, policy);
    if (proxy) {
        const CountingOrigin origin(kObjectBytes);
        report.proxy = probe_proxy(
            *proxy, {origin.url(new_folder()), kObjectBytes, [&] { return origin.requests(); }},
            ask, policy);
    }
    out << (arguments.json ? json_of(report) : table_of(report)) << std::flush;
    if (!out) throw std::runtime_error("the result cannot be written to stdout");
    return exit_status_of(report);
}

}  // namespace qmgr
