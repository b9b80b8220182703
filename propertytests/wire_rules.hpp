// What every request must look like, whatever came before it, and how one request for a file
// follows from the one before. Written from the clauses XFER-HEAD-1, XFER-GET-1 to -4, OBS-120 to
// OBS-124, AUTH-04, OPEN-23 and XFER-CHANGE-2.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/world/simulated_network.hpp"
#include "fakeserver/script.hpp"
#include "propertytests/auditor.hpp"
#include "reference/contract/policy.hpp"

namespace qmgr::propertytests {

/// Judges requests in the order in which the server saw them.
class WireRules {
  public:
    /// `agent` is the User-Agent each request must have. `conditions` is false for a policy whose
    /// wire sends no If-Unmodified-Since.
    explicit WireRules(std::string agent = "Microsoft BITS/7.8", bool conditions = true)
        : agent_(std::move(agent)), conditions_(conditions) {}

    /// What the server has and may say from now on. A path that a fault rule can meet, and one
    /// whose resource is changed, is judged by the rules that hold for every request only.
    void serves(const fakeserver::Script& script);
    /// The service died: what was written and not synced may be asked for again.
    void restarted();
    /// Requests under way will not be told of again: what they stored is not known.
    void lost_sight();
    /// A request that has not been judged yet. Told again when it has ended.
    std::vector<Violation> judge(const world::SeenRequest& seen);
    void ended(const world::SeenRequest& seen);

  private:
    struct Known {
        std::uint64_t size = 0;
        std::optional<std::string> date;
        bool honest = true;  ///< no rule meets it, and it never changed
    };
    struct Past {
        std::uint64_t next = 0;  ///< byte after the last one stored
        bool sure = true;        ///< no restart since
        bool whole = false;
        bool known = true;  ///< `next` and `whole` can be relied on
    };

    void judge_fields(const fakeserver::Request& request);
    void judge_head(const world::SeenRequest& seen);
    void judge_get(const world::SeenRequest& seen);
    void found(const char* invariant, const char* clause, std::string what);
    const Known* known(const std::string& path) const;

    std::string agent_;
    bool conditions_;
    std::map<std::string, Known> resources_;
    std::set<std::string> dates_;
    std::map<FileRef, Past> past_;
    std::vector<Violation> found_;
};

}  // namespace qmgr::propertytests
