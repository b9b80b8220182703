// The pure server: a Script and a Request in, a ResponsePlan out. It knows no socket and no clock;
// the two carriers (server/fault_server.hpp with real bytes, the simulated network on its agenda)
// play the plan. Not thread-safe: a carrier with threads guards it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "fakeserver/request.hpp"
#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// `length` bytes of the content `seed`, from `offset` on.
struct Slice {
    std::uint64_t seed = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    bool operator==(const Slice&) const = default;
};
/// Bytes as they stand here.
struct Literal {
    std::string bytes{};
    bool operator==(const Literal&) const = default;
};
/// Nothing is sent for so many milliseconds.
struct Wait {
    std::uint64_t ms = 0;
    bool operator==(const Wait&) const = default;
};
using BodyStep = std::variant<Slice, Literal, Wait>;

enum class Ending {
    KeepAlive,  ///< the connection stays open for the next request
    Close,      ///< FIN
    Reset,      ///< RST
    Stall,      ///< nothing more is sent; the connection stays open until the client goes
};

/// One scripted response. `headers` are exactly those sent, in order; a carrier adds nothing.
struct ResponsePlan {
    int status = 200;
    std::string reason{};
    std::vector<Header> headers{};
    std::vector<BodyStep> body{};  ///< empty for HEAD
    Ending ending = Ending::KeepAlive;
    std::string rule{};  ///< name of the fault rule that was applied, or empty
    bool operator==(const ResponsePlan&) const = default;
};

struct RuleHits {
    std::string rule{};
    std::uint64_t hits = 0;
    bool operator==(const RuleHits&) const = default;
};

class Responder {
  public:
    explicit Responder(Script script);

    /// The answer to `request`. Counts rule hits and remembers content changes, so the order of
    /// calls matters and nothing else does.
    ResponsePlan respond(const Request& request);

    /// How often each rule has fired, in script order. A rule with 0 hits at the end of a test is a
    /// fault that was armed and never fired: the test has to fail.
    const std::vector<RuleHits>& hits() const { return hits_; }
    const Script& script() const { return script_; }

  private:
    Script script_;  ///< resources change when ChangeContent fires
    std::vector<RuleHits> hits_;
};

/// The head as it goes over the wire: status line, header lines, empty line.
std::string head_bytes(const ResponsePlan& plan);

}  // namespace qmgr::inline v0::fakeserver
