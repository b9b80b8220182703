// Every effect in one table: its name in a script, the parameters it reads, what it does, and how.
// A new effect is an enumerator in script.hpp and a row here; readers, writers, the program's list
// and the page docs/server-scripts.md follow from the row.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fakeserver/request.hpp"
#include "fakeserver/responder.hpp"
#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// The members of Fault that an effect can read.
enum class Parameter : std::uint8_t {
    At,
    Status,
    Headers,
    Body,
    Name,
    Value,
    Location,
    User,
    Password,
    DelayMs,
    Bytes,
    Count,
    ChunkBytes,
    BytesPerSecond,
    Slices,
    Chance,
    Seed,
    Size,
    LastModified,
    Etag,
};

enum class Need : std::uint8_t { Required, Optional };

struct ParameterUse {
    Parameter parameter;
    Need need = Need::Required;
    std::uint64_t least = 0;  ///< of a number
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

/// Which points an effect that reads At can have.
struct Points {
    bool connection = false;  ///< accept and handshake
    bool head = false;
    bool body = false;
    bool end = false;
};

/// What an effect may look at and change.
struct Situation {
    const Request& request;
    Resource* resource;       ///< what the path names, or null
    ResponsePlan& plan;       ///< the honest answer at first
    std::uint64_t key;        ///< of draws.hpp
    std::uint64_t hits;       ///< how often the rule fired before
    std::uint64_t nonce_key;  ///< of the rule: the same for every request
    std::uint64_t& memory;    ///< of the rule, 0 at first: what an effect keeps between requests
};

struct EffectRow {
    Effect effect;
    std::string_view name;  ///< in scripts
    std::span<const ParameterUse> parameters;
    Points points;
    /// Edits the answer and says where it happens; or says nothing, because this fault cannot
    /// happen to this answer, and then leaves nothing behind that counts: the rule has not fired.
    /// Null: the effect meets a whole connection only.
    std::optional<Point> (*edit)(const Fault& fault, Situation& situation);
    /// Edits what a connection meets. Null: the effect is of answers only. RefuseConnection does
    /// nothing here: it happens before there is a connection.
    void (*meet)(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
    bool simulated_only;       ///< a real server cannot play it
    bool needs_tls;            ///< it has no meaning without TLS
    std::string_view does;     ///< for the manual, Markdown
    std::string_view purpose;  ///< the clauses or the row of the matrix it is there for
    std::string_view example;  ///< a fault, JSON; what a rule for it can be
    std::string_view match;    ///< the match of the example, JSON
    bool replaces = false;     ///< it makes a new answer, so it comes first of several faults
};

/// One row for each Effect, in the order of the enumerators.
std::span<const EffectRow> effect_table();

/// The row of `effect`. REQUIRES: an enumerator.
const EffectRow& effect_row(Effect effect);

/// True when the fault meets a connection as a whole and no single answer.
bool is_of_connection(const Fault& fault);

}  // namespace qmgr::inline v0::fakeserver
