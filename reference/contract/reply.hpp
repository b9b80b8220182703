// What a client is told: an HRESULT and the values that came with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference/contract/call.hpp"
#include "reference/contract/hresult.hpp"
#include "reference/contract/identifiers.hpp"
#include "reference/contract/property.hpp"
#include "reference/contract/status.hpp"

namespace qmgr::inline v0 {

/// The system under test does not do this call at all. Not an HRESULT of the interface: whoever
/// judges a reply must look for it first, and may never count it as passed.
struct Unsupported {
    std::string reason;
    bool operator==(const Unsupported&) const = default;
};

namespace value {

struct Progress {
    std::uint32_t amount = 0;  ///< what ProgressFlag asked for: percent or bytes
    bool operator==(const Progress&) const = default;
};
struct Size {
    std::uint32_t bytes = 0;  ///< 0: not known, or too large for 32 bits (GROUP-SIZE-1)
    bool operator==(const Size&) const = default;
};
struct Count {
    std::uint32_t number = 0;  ///< of files, or of an enumerator's elements
    bool operator==(const Count&) const = default;
};
struct GroupState {
    GroupStatus status;
    std::uint32_t job_index = 0;  ///< always 0: a group has one job
    bool operator==(const GroupState&) const = default;
};
/// The three results are meaningful only with JobFlag::Error, else 0 (JOB1-STATUS-4).
struct JobState {
    JobStatus status;
    std::uint32_t win32_result = 0;      ///< the latest error: an HRESULT, in spite of the name
    std::uint32_t transport_result = 0;  ///< HTTP status of the response it came with; 0: none
    std::uint32_t retries = 0;           ///< failures so far
    bool operator==(const JobState&) const = default;
};
/// What Next gave: GUIDs, and how many, where the client passed a pointer for that.
struct Fetched {
    std::vector<Guid> ids;
    std::optional<std::uint32_t> count;
    bool operator==(const Fetched&) const = default;
};

}  // namespace value

/// The out parameters; monostate for none. A failed call has none.
using ReplyValue =
    std::variant<std::monostate, Unsupported, GroupHandle, JobHandle, EnumeratorHandle, GroupId,
                 JobId, value::Progress, value::Size, value::Count, value::GroupState,
                 value::JobState, value::Fetched, FileSetInfo, PropertyValue>;

struct Reply {
    HResult hresult = HResult::Ok;
    ReplyValue value;
    bool operator==(const Reply&) const = default;
};

/// A reply that says the call is not done here (its HRESULT is E_NOTIMPL and means nothing).
inline Reply unsupported(std::string reason) {
    return {HResult::NotImplemented, Unsupported{std::move(reason)}};
}
inline bool is_unsupported(const Reply& reply) {
    return std::holds_alternative<Unsupported>(reply.value);
}

}  // namespace qmgr::inline v0
