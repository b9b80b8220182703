// Judges the texts that AddFiles and SetProp take. Inside of the auditor.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "propertytests/auditor_model.hpp"
#include "reference/contract/identifiers.hpp"

namespace qmgr::propertytests::audit {

/// What the clauses say of a text.
enum class Verdict : std::uint8_t { Good, Bad, Unsaid };

/// A remote name (JOB1-ADD-5, LIM-05, OPEN-43, HTTP-URL-01, HTTP-URL-02).
Verdict judge_remote_name(std::string_view name, const Limits& limits);
/// A local name, but for its directory (JOB1-ADD-6-a, LIM-06).
Verdict judge_local_name(std::string_view name, const Limits& limits);
/// The directory a local name leads to, without a slash at the end; "/" for the root.
std::string_view directory_of_name(std::string_view name);
/// Length in UTF-16 units; nothing for text that is not UTF-8.
std::optional<std::size_t> utf16_units(std::string_view text);
/// Reads "{8-4-4-4-12}" in either case (PROP-NOTIFYCLSID-1-b).
std::optional<Guid> class_from_text(std::string_view text);

}  // namespace qmgr::propertytests::audit
