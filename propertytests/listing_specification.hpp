// An enumerator of groups and its clones, when the list they share is not known: what each call
// shows of it has to agree with what the others showed.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "propertytests/history_excerpts.hpp"

namespace qmgr::propertytests {

/// A Specification. Its first call is the EnumGroups.
class ListingSpecification {
  public:
    using Operation = ExcerptCall;

    bool perform(const Operation& operation);
    std::string refusal() const { return refusal_; }
    std::size_t hash() const;
    bool operator==(const ListingSpecification&) const = default;

  private:
    /// A position; nothing: past the end, wherever that is.
    using Position = std::optional<std::uint64_t>;

    bool judge(Position& position, const call::Next& call, const Reply& reply);
    bool judge(Position& position, const call::Skip& call, const Reply& reply);
    bool judge(Position& position, const call::Reset& call, const Reply& reply);
    bool judge(Position& position, const call::GetCount& call, const Reply& reply);
    bool judge(Position& position, const call::Clone& call, const Reply& reply);
    bool judge(Position& position, const call::Release& call, const Reply& reply);
    bool learn(std::uint64_t index, const Guid& id);
    bool learn_end(std::uint64_t least, std::uint64_t most);
    bool refuse(std::string expected);

    std::map<EnumeratorHandle, Position> positions_;  // of those that are held
    std::map<std::uint64_t, Guid> known_;             // elements that were shown
    std::uint64_t least_ = 0;                         // how many there are at least …
    std::uint64_t most_ = std::numeric_limits<std::uint64_t>::max();  // … and at most
    std::string refusal_;
};

}  // namespace qmgr::propertytests
