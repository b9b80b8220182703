// Every effect in one table: its name in a script, the parameters it reads, and how it edits the
// honest answer. A new effect is an enumerator in script.hpp, a function and a row here.
#pragma once

#include <span>
#include <string_view>

#include "fakeserver/request.hpp"
#include "fakeserver/responder.hpp"
#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// The members of Fault that an effect can read.
enum class Parameter { Status, Headers, Body, AtByte, DelayMs, Seed, Size, LastModified };

enum class Need { Required, Optional };

struct ParameterUse {
    Parameter parameter;
    Need need;
};

/// What an effect may look at and change.
struct Situation {
    const Request& request;
    Resource* resource;  ///< what the path names, or null
    ResponsePlan& plan;  ///< the honest answer at first
};

struct EffectRow {
    Effect effect;
    std::string_view name;  ///< in scripts
    std::span<const ParameterUse> parameters;
    /// Edits the situation and says true; or leaves it as it is and says false, because this fault
    /// cannot happen to this answer. Such a rule has not fired.
    bool (*edit)(const Fault& fault, Situation& situation);
};

/// One row for each Effect.
std::span<const EffectRow> effect_table();

/// The row of `effect`. REQUIRES: an enumerator.
const EffectRow& effect_row(Effect effect);

}  // namespace qmgr::inline v0::fakeserver
