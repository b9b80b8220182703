// What the fake server is told: a site (resources) and the lies it tells about it (fault rules).
// Plain data with ==; the JSON form is script_json.hpp. docs/server-scripts.md is the manual. Every
// member has an initialiser, so that {.path = "/file", .size = 3} compiles without warnings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fakeserver/request.hpp"

namespace qmgr::inline v0::fakeserver {

/// One thing that can be fetched. Honest unless a fault rule says otherwise: HEAD and GET agree,
/// one closed or open byte range is served with 206, If-Unmodified-Since is honoured with 412.
struct Resource {
    std::string path{};                          ///< "/file"; matched exactly, query included
    std::uint64_t size = 0;                      ///< bytes
    std::uint64_t seed = 0;                      ///< content.hpp
    std::optional<std::string> last_modified{};  ///< sent byte for byte as written; none: not sent
    std::optional<std::string> etag{};           ///< likewise
    bool operator==(const Resource&) const = default;
};

/// Which requests a rule applies to. Every field that is set must agree.
struct Match {
    std::optional<std::uint64_t> connection{};  ///< only on that connection
    std::optional<std::uint64_t> request{};     ///< only that request of the server's life
    std::optional<std::string> method{};
    std::optional<std::string> path{};
    std::optional<bool> has_range{};  ///< only requests with (true) or without (false) Range
    bool operator==(const Match&) const = default;
};

/// What happens. The parameters an effect reads stand beside it; the others are not looked at.
enum class Effect {
    RespondStatus,  ///< status, headers, body: this answer instead of the resource
    CloseAfter,     ///< at_byte: FIN after that many body bytes, though the head promised more
    ResetAfter,     ///< at_byte: RST after that many body bytes
    StallAfter,   ///< at_byte, delay_ms: so long silent after that many body bytes (none: forever)
    OmitLength,   ///< no Content-Length; the body of a GET is ended by closing
    IgnoreRange,  ///< 200 and the whole resource, whatever Range was asked
    ChangeContent,  ///< seed, size, last_modified: another version, from this request on
};

struct Fault {
    Effect effect = Effect::RespondStatus;
    int status = 0;
    std::vector<Header> headers{};               ///< RespondStatus: added to the head
    std::string body{};                          ///< RespondStatus
    std::uint64_t at_byte = 0;                   ///< body bytes sent before the effect
    std::optional<std::uint64_t> delay_ms{};     ///< StallAfter: milliseconds of silence
    std::optional<std::uint64_t> seed{};         ///< ChangeContent: unset fields stay as they were
    std::optional<std::uint64_t> size{};         ///< ChangeContent
    std::optional<std::string> last_modified{};  ///< ChangeContent
    bool operator==(const Fault&) const = default;
};

/// Rules are tried in order; of the rules that match a request, the first one that is not used up
/// and whose fault can happen applies (one rule a request). A fault cannot happen to an answer
/// whose body does not reach its at_byte, that has no range to ignore, no length to omit, or no
/// resource to change; such a rule has not fired.
struct FaultRule {
    std::string name{};  ///< in hit counts and messages; unique in a script
    Match match{};
    Fault fault{};
    std::optional<std::uint64_t> times{};  ///< fires so often, then is used up; none: always
    bool operator==(const FaultRule&) const = default;
};

struct Script {
    std::string title{};
    std::string why{};  ///< one sentence: the situation in the world this stands for
    std::vector<Resource> resources{};
    std::vector<FaultRule> rules{};
    bool operator==(const Script&) const = default;
};

}  // namespace qmgr::inline v0::fakeserver
