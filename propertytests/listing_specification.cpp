#include "propertytests/listing_specification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace qmgr::propertytests {
namespace {

constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();

}  // namespace

bool ListingSpecification::perform(const Operation& operation) {
    const Exchange& one = operation.recorded->operation;
    const Reply& reply = one.reply;
    if (is_unsupported(reply) || reply.hresult == HResult::QmServiceUnavailable) return true;
    if (std::holds_alternative<call::EnumGroups>(one.call)) {
        positions_[std::get<EnumeratorHandle>(reply.value)] = 0;
        return true;
    }
    const auto handle = enumerator_of(one.call);
    if (!handle) return refuse("a call of an enumerator");
    const auto held = positions_.find(*handle);
    if (held == positions_.end())
        return reply.hresult == HResult::RpcDisconnected ||
               refuse("RPC_E_DISCONNECTED, as the handle is not held (HANDLE-5-b)");
    const auto judge_call = [&](const auto& asked) {
        if constexpr (requires { judge(held->second, asked, reply); })
            return judge(held->second, asked, reply);
        else
            return true;
    };
    const bool fits = std::visit(judge_call, one.call);
    if (std::holds_alternative<call::Release>(one.call)) positions_.erase(held);
    return fits;
}

std::size_t ListingSpecification::hash() const {
    std::size_t hash = known_.size();
    for (const auto& [handle, position] : positions_) hash = hash * 31 + position.value_or(kAny);
    return hash;
}

bool ListingSpecification::judge(Position& position, const call::Next& call, const Reply& reply) {
    if (call.fetched_is_null && call.count > 1)
        return reply.hresult == HResult::InvalidArgument || refuse("E_INVALIDARG (ENUM-NEXT-3)");
    const auto* fetched = std::get_if<value::Fetched>(&reply.value);
    const bool all = reply.hresult == HResult::Ok;
    if (fetched == nullptr || (!all && reply.hresult != HResult::False))
        return refuse("S_OK or S_FALSE with GUIDs (ENUM-NEXT-1, ENUM-NEXT-2)");
    const std::uint64_t given = fetched->ids.size();
    if (fetched->count && *fetched->count != given)
        return refuse("as many GUIDs as the number fetched says (ENUM-NEXT-2)");
    if (all ? given != call.count : given >= std::max(call.count, 1U))
        return refuse("S_OK with all that were wanted, or S_FALSE with fewer (ENUM-NEXT-2)");
    if (!position) return given == 0 || refuse("nothing, as it stands past the end");
    for (std::uint64_t i = 0; i < given; ++i)
        if (!learn(*position + i, fetched->ids[i])) return false;
    *position += given;
    return all ? learn_end(*position, kAny) : learn_end(*position, *position);
}

bool ListingSpecification::judge(Position& position, const call::Skip& call, const Reply& reply) {
    if (reply.hresult == HResult::Ok) {
        if (!position) return call.count == 0 || refuse("S_FALSE, as it stands past the end");
        *position += call.count;
        return learn_end(*position, kAny);
    }
    if (reply.hresult != HResult::False) return refuse("S_OK or S_FALSE (ENUM-SKIP-1)");
    if (call.count == 0) return refuse("S_OK (ENUM-SKIP-1)");
    if (!position) return true;
    const std::uint64_t beyond = *position + call.count;
    position.reset();
    return learn_end(0, beyond - 1);
}

bool ListingSpecification::judge(Position& position, const call::Reset& /*call*/,
                                 const Reply& reply) {
    position = 0;
    return reply.hresult == HResult::Ok || refuse("S_OK (ENUM-RESET-1)");
}

bool ListingSpecification::judge(Position& /*position*/, const call::GetCount& /*call*/,
                                 const Reply& reply) {
    const auto* count = std::get_if<value::Count>(&reply.value);
    if (count == nullptr) return refuse("S_OK with a number (ENUM-COUNT-1)");
    return learn_end(count->number, count->number);
}

bool ListingSpecification::judge(Position& position, const call::Clone& /*call*/,
                                 const Reply& reply) {
    const auto* clone = std::get_if<EnumeratorHandle>(&reply.value);
    if (clone == nullptr) return refuse("S_OK with an enumerator (ENUM-CLONE-1)");
    positions_[*clone] = position;
    return true;
}

bool ListingSpecification::judge(Position& /*position*/, const call::Release& /*call*/,
                                 const Reply& reply) {
    return reply.hresult == HResult::Ok || refuse("S_OK (HANDLE-5-a)");
}

bool ListingSpecification::learn(std::uint64_t index, const Guid& id) {
    const Guid& there = known_.try_emplace(index, id).first->second;
    return there == id || refuse(fmt::format("{} at position {}, as it was given before "
                                             "(ENUM-SNAP-1)",
                                             to_text(there), index));
}

bool ListingSpecification::learn_end(std::uint64_t least, std::uint64_t most) {
    const auto range = [](std::uint64_t from, std::uint64_t to) {
        return to == kAny ? fmt::format("at least {}", from) : fmt::format("{} to {}", from, to);
    };
    const std::string before = range(least_, most_);
    least_ = std::max(least_, least);
    most_ = std::min(most_, most);
    return least_ <= most_ || refuse(fmt::format("{} elements, and now it would be {} "
                                                 "(ENUM-SNAP-1, ENUM-COUNT-1)",
                                                 before, range(least, most)));
}

bool ListingSpecification::refuse(std::string expected) {
    refusal_ = "expected " + std::move(expected);
    return false;
}

}  // namespace qmgr::propertytests
