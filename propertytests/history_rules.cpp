#include "propertytests/history_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <variant>

namespace qmgr::propertytests {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

std::optional<std::uint64_t> handle_given(const Reply& reply) {
    return std::visit(
        [](const auto& value) -> std::optional<std::uint64_t> {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, GroupHandle> || std::is_same_v<Value, JobHandle> ||
                          std::is_same_v<Value, EnumeratorHandle>)
                return value.value;
            return {};
        },
        reply.value);
}

/// Of CreateGroup and GetGroup, which make an owner.
std::optional<Guid> guid_asked_for(const Call& call) {
    if (const auto* get = std::get_if<call::GetGroup>(&call)) return get->group_id.guid;
    if (const auto* create = std::get_if<call::CreateGroup>(&call)) return create->group_id.guid;
    return {};
}

/// What was asked of one enumerator that EnumGroups gave.
struct Asked {
    const RecordedCall* made = nullptr;
    const RecordedCall* first = nullptr;  // by its beginning
    std::uint64_t second_begun = kNever;
};

/// A job from the CreateJob that made it.
struct JobLife {
    const RecordedCall* made = nullptr;
    std::uint64_t gone = kNever;     ///< the end of a CancelGroup that certainly meant it
    std::uint64_t perhaps = kNever;  ///< the beginning of the first one that may have
    bool moved = false;              ///< somebody else may have become the owner
};

/// Jobs with what became of them. A group is known by the handle its job was made with; another
/// handle may be of a later group with the same GUID.
std::vector<JobLife> lives(const History& history) {
    std::map<GroupHandle, Guid> groups;
    for (const RecordedCall& call : history) {
        const auto* handle = std::get_if<GroupHandle>(&call.operation.reply.value);
        const auto guid = guid_asked_for(call.operation.call);
        if (handle != nullptr && guid) groups[*handle] = *guid;
    }
    std::vector<JobLife> all;
    for (const RecordedCall& call : history) {
        const auto* create = std::get_if<call::CreateJob>(&call.operation.call);
        if (create == nullptr || call.operation.reply.hresult != HResult::Ok) continue;
        const auto known = groups.find(create->group);
        JobLife life{&call};
        life.moved = known == groups.end();
        if (life.moved) life.perhaps = 0;
        for (const RecordedCall& other : history) {
            if (known == groups.end()) break;
            const Exchange& what = other.operation;
            if (const auto* cancel = std::get_if<call::CancelGroup>(&what.call)) {
                const auto meant = groups.find(cancel->group);
                if (meant == groups.end() || meant->second != known->second) continue;
                life.perhaps = std::min(life.perhaps, other.begun);
                if (cancel->group == create->group && what.reply.hresult == HResult::Ok)
                    life.gone = std::min(life.gone, other.ended);
            }
            if (guid_asked_for(what.call) == known->second &&
                what.caller.user != call.operation.caller.user)
                life.moved = true;
        }
        all.push_back(life);
    }
    return all;
}

std::uint32_t possible(const std::vector<JobLife>& jobs, const RecordedCall& during) {
    return static_cast<std::uint32_t>(
        std::count_if(jobs.begin(), jobs.end(), [&](const JobLife& job) {
            return job.made->begun < during.ended && job.gone > during.begun;
        }));
}

/// Of one user (null: of all) and there all the time.
std::uint32_t certain(const std::vector<JobLife>& jobs, const RecordedCall& during,
                      const std::string* user) {
    return static_cast<std::uint32_t>(
        std::count_if(jobs.begin(), jobs.end(), [&](const JobLife& job) {
            const bool counts =
                user == nullptr || (!job.moved && job.made->operation.caller.user == *user);
            return counts && job.made->ended < during.begun && job.perhaps > during.ended;
        }));
}

}  // namespace

std::vector<ShownList> shown_lists(const History& history) {
    std::map<EnumeratorHandle, Asked> asked;
    for (const RecordedCall& call : history) {
        const auto* made = std::get_if<EnumeratorHandle>(&call.operation.reply.value);
        if (made != nullptr && std::holds_alternative<call::EnumGroups>(call.operation.call))
            asked[*made].made = &call;
    }
    for (const RecordedCall& call : history) {
        const auto handle = enumerator_of(call.operation.call);
        const auto found = handle ? asked.find(*handle) : asked.end();
        if (found == asked.end()) continue;
        Asked& one = found->second;
        if (one.first == nullptr || call.begun < one.first->begun) {
            if (one.first != nullptr) one.second_begun = one.first->begun;
            one.first = &call;
        } else {
            one.second_begun = std::min(one.second_begun, call.begun);
        }
    }
    std::vector<ShownList> lists;
    for (const auto& [handle, one] : asked) {
        if (one.first == nullptr || one.first->ended > one.second_begun) continue;
        const Reply& reply = one.first->operation.reply;
        const auto* fetched = std::get_if<value::Fetched>(&reply.value);
        if (fetched == nullptr) continue;
        lists.push_back({one.made, {fetched->ids, reply.hresult == HResult::False}});
    }
    return lists;
}

std::map<const RecordedCall*, std::uint64_t> guesses(const History& history) {
    std::multimap<std::uint64_t, const RecordedCall*> given;
    for (const RecordedCall& call : history)
        if (const auto handle = handle_given(call.operation.reply)) given.emplace(*handle, &call);
    struct Moment {
        std::uint64_t tick = 0;
        std::uint64_t handle = 0;
        const RecordedCall* call = nullptr;
        auto operator<=>(const Moment&) const = default;
    };
    std::vector<Moment> moments;
    // Whoever got a lower number was there before the one with the next number was.
    std::uint64_t before = kNever;
    for (auto one = given.rbegin(); one != given.rend(); ++one) {
        before = std::min(before, one->second->ended);
        moments.push_back({before, one->first, one->second});
    }
    for (const RecordedCall& call : history)
        if (!handle_given(call.operation.reply)) moments.push_back({call.ended, 0, &call});
    std::sort(moments.begin(), moments.end());
    std::map<const RecordedCall*, std::uint64_t> numbers;
    for (const Moment& moment : moments) numbers.emplace(moment.call, numbers.size());
    return numbers;
}

bool is_refused_for_number(const RecordedCall& call) {
    const HResult result = call.operation.reply.hresult;
    return result == HResult::BgTooManyJobsPerUser || result == HResult::BgTooManyJobsPerMachine;
}

void check_handles(const History& history, std::vector<BrokenRule>& broken) {
    std::map<std::uint64_t, const RecordedCall*> given;
    for (const RecordedCall& call : history) {
        const auto handle = handle_given(call.operation.reply);
        if (!handle) continue;
        const auto [first, is_new] = given.try_emplace(*handle, &call);
        if (!is_new)
            broken.push_back(
                {fmt::format("handle {} is given twice", *handle), {*first->second, call}});
    }
}

void check_order_of_lists(const History& history, const std::vector<ShownList>& lists,
                          std::vector<BrokenRule>& broken) {
    std::map<Guid, std::vector<const RecordedCall*>> created;
    for (const RecordedCall& call : history) {
        const auto* create = std::get_if<call::CreateGroup>(&call.operation.call);
        if (create != nullptr && succeeded(call.operation.reply.hresult))
            created[create->group_id.guid].push_back(&call);
    }
    for (const ShownList& list : lists) {
        const RecordedCall* latest = nullptr;  // created last, by its beginning, so far
        for (const Guid& id : list.shown.ids) {
            const auto found = created.find(id);
            if (found == created.end() || found->second.size() != 1) continue;
            const RecordedCall* call = found->second.front();
            if (latest != nullptr && call->ended < latest->begun)
                broken.push_back({"listed in another order than created (ENUM-ORDER-1)",
                                  {*call, *latest, *list.made}});
            if (latest == nullptr || latest->begun < call->begun) latest = call;
        }
    }
}

void check_numbers_of_jobs(const History& history, const Policy& policy,
                           std::vector<BrokenRule>& broken) {
    const std::vector<JobLife> jobs = lives(history);
    for (const RecordedCall& call : history) {
        if (!std::holds_alternative<call::CreateJob>(call.operation.call)) continue;
        const HResult result = call.operation.reply.hresult;
        const Caller& caller = call.operation.caller;
        if (is_refused_for_number(call)) {
            const std::uint32_t limit = result == HResult::BgTooManyJobsPerUser
                                            ? policy.jobs_per_user
                                            : policy.jobs_per_machine;
            const std::uint32_t most = possible(jobs, call);
            if (most < limit || caller.administrator)
                broken.push_back({fmt::format("refused for too many jobs; there can have been {}, "
                                              "{} are allowed (GROUP-CREATEJOB-5-a)",
                                              most, limit),
                                  {call}});
        } else if (result == HResult::Ok && !caller.administrator &&
                   (certain(jobs, call, nullptr) >= policy.jobs_per_machine ||
                    certain(jobs, call, &caller.user) >= policy.jobs_per_user)) {
            broken.push_back(
                {"done, although there were too many jobs all the time it took "
                 "(GROUP-CREATEJOB-5-a)",
                 {call}});
        }
    }
}

}  // namespace qmgr::propertytests
