// One look at a server: a request as BITS sends it, what came, and what that means for BITS. What
// an answer means is not decided here: it is the row of response_table that the engine would act
// by, with the code a user would get. Pure: requests go out through the function that is handed in.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/adapters/requester.hpp"
#include "reference/contract/hresult.hpp"
#include "reference/contract/policy.hpp"
#include "reference/engine/response_facts.hpp"

namespace qmgr {

/// Sends one request and waits for the end of its exchange.
using Ask = std::function<Response(const Request&)>;

enum class Verdict : std::uint8_t {
    Ok,
    Warning,  ///< a download works, but worse than it could, or only as long as all goes well
    ForegroundOnly,  ///< breaks background jobs and interrupted ones; others do not notice
    Fails,
    NotAsked,  ///< makes no sense after what came before
};
/// "ok", "warning", "foreground only", "fails", "not asked".
std::string_view name(Verdict verdict);

/// What was sent and what came, in the end: redirects are followed as the engine follows them.
struct Exchange {
    Request request;  ///< the last one sent
    Response response;
    std::vector<std::string> redirects{};  ///< targets that were followed, in order
};

struct Look {
    std::string name;                 ///< "head", "piece-1", …: as docs/probe.md lists them
    std::vector<std::string> like{};  ///< the captures that have this shape, "CAP-1" …
    std::optional<Exchange> exchange{};
    Verdict verdict = Verdict::NotAsked;
    HResult code = HResult::Ok;  ///< what a user would get; Ok: nothing
    std::string means{};         ///< for BITS, in plain words
    std::string rule{};          ///< row of response_table; empty: the look judges something else
    std::string clause{};        ///< of that row
    Decision decision = Decision::GiveUp;  ///< of that row
};

/// Of a body, no more than so many bytes are taken: enough to see that it flows, and a look must
/// not download the file. Arbitrary.
inline constexpr std::uint64_t kBodyLimitBytes = 1U << 20U;

/// What the engine does about a response of that table row, in plain words: one sentence on what
/// came, without the consequence. Every label of response_table has one.
std::string_view meaning_of(std::string_view row_label);

/// "the name of the server is not resolved", …
std::string_view words_for(TransportFailure failure);

/// Nothing of the response is left on its connection, so the next request could use that.
bool was_read_to_its_end(const Exchange& exchange);

/// Sends `request`, follows redirects (XFER-REDIR-1), and judges what came in the end. A body that
/// ends early is judged as no answer is, as the engine does.
Look look_at(std::string name, std::vector<std::string> like, FileRequest request, const Ask& ask,
             const Policy& policy);

/// The end of a body that was accepted: first byte after it. REQUIRES: the look's decision is
/// Append.
std::uint64_t accepted_end(const FileRequest& request, const Response& response);

/// The response as the engine gets it.
event::ResponseStarted head_of(const Response& response);

}  // namespace qmgr
