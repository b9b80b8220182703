#include "propertytests/history_excerpts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

#include "propertytests/history_rules.hpp"

namespace qmgr::propertytests {
namespace {

/// What calls name. Handles of different kinds are different things even under one number.
struct Name {
    enum class Kind : std::uint8_t { Group, Job, GroupHandle, JobHandle, Enumerator, Alone };
    Kind kind{};
    Guid guid;
    std::uint64_t number = 0;
    auto operator<=>(const Name&) const = default;
};

Name name_of(const GroupId& id) { return {Name::Kind::Group, id.guid, 0}; }
Name name_of(const JobId& id) { return {Name::Kind::Job, id.guid, 0}; }
Name name_of(GroupHandle handle) { return {Name::Kind::GroupHandle, {}, handle.value}; }
Name name_of(JobHandle handle) { return {Name::Kind::JobHandle, {}, handle.value}; }
Name name_of(EnumeratorHandle handle) { return {Name::Kind::Enumerator, {}, handle.value}; }

/// Names that are about the same groups, united.
class Names {
  public:
    std::size_t root(const Name& name) {
        const auto [found, is_new] = numbers_.try_emplace(name, above_.size());
        if (is_new) above_.push_back(above_.size());
        return root(found->second);
    }
    void unite(const Name& a, const Name& b) {
        const std::size_t root_a = root(a);
        const std::size_t root_b = root(b);
        above_[root_b] = root_a;
    }

  private:
    std::size_t root(std::size_t number) {
        while (above_[number] != number) number = above_[number] = above_[above_[number]];
        return number;
    }

    std::map<Name, std::size_t> numbers_;
    std::vector<std::size_t> above_;
};

/// The names in a call, its answer's included. All of them are about the same groups.
std::vector<Name> names_in(const RecordedCall& recorded) {
    std::vector<Name> names;
    const auto add = [&](const auto& call) {
        if constexpr (requires { call.group_id; }) names.push_back(name_of(call.group_id));
        if constexpr (requires { call.group; }) names.push_back(name_of(call.group));
        if constexpr (requires { call.job; }) names.push_back(name_of(call.job));
        if constexpr (requires { call.enumerator; }) names.push_back(name_of(call.enumerator));
        if constexpr (std::is_same_v<std::decay_t<decltype(call)>, call::Release>)
            names.push_back(std::visit([](auto handle) { return name_of(handle); }, call.handle));
        if constexpr (std::is_same_v<std::decay_t<decltype(call)>, call::CreateJob>)
            names.push_back(name_of(call.job_id));
    };
    std::visit(add, recorded.operation.call);
    const ReplyValue& value = recorded.operation.reply.value;
    if (const auto* group = std::get_if<GroupHandle>(&value)) names.push_back(name_of(*group));
    if (const auto* job = std::get_if<JobHandle>(&value)) names.push_back(name_of(*job));
    if (const auto* one = std::get_if<EnumeratorHandle>(&value)) names.push_back(name_of(*one));
    // An EnumGroups that was refused is about nothing.
    if (names.empty()) names.push_back({Name::Kind::Alone, {}, recorded.begun});
    return names;
}

bool begins_listing(const RecordedCall& recorded) {
    return std::holds_alternative<call::EnumGroups>(recorded.operation.call) &&
           std::holds_alternative<EnumeratorHandle>(recorded.operation.reply.value);
}

/// Cuts one history.
class Cutter {
  public:
    Cutter(const History& history, const std::vector<ShownList>& lists) : lists_(lists) {
        for (const RecordedCall& call : history) {
            const std::vector<Name> names = names_in(call);
            for (const Name& other : names) names_.unite(names.front(), other);
            if (begins_listing(call)) listings_.push_back(names.front());
        }
        for (const RecordedCall& call : history)
            if (!is_refused_for_number(call)) add(call);
        for (const ShownList& list : lists_) project(list);
    }

    std::vector<Excerpt> take() {
        std::vector<Excerpt> all;
        for (auto& [root, excerpt] : excerpts_) all.push_back(std::move(excerpt));
        return all;
    }

  private:
    void add(const RecordedCall& call) {
        Excerpt& excerpt = excerpt_of(names_in(call).front());
        excerpt.calls.push_back({call.thread, call.begun, call.ended, {&call, {}}});
    }

    Excerpt& excerpt_of(const Name& name) {
        const std::size_t root = names_.root(name);
        const auto [found, is_new] = excerpts_.try_emplace(root);
        Excerpt& excerpt = found->second;
        if (!is_new) return excerpt;
        excerpt.name = name.number == 0 ? "group " + to_text(name.guid)
                                        : fmt::format("handle {}", name.number);
        for (const Name& listing : listings_)
            if (names_.root(listing) == root) excerpt.subject = Excerpt::Subject::Listings;
        return excerpt;
    }

    // Every excerpt is shown what the list said of its own groups.
    void project(const ShownList& list) {
        for (const Guid& id : list.shown.ids) excerpt_of(name_of(GroupId{id}));
        for (auto& [root, excerpt] : excerpts_) {
            if (excerpt.subject != Excerpt::Subject::Groups) continue;
            Listing own;
            own.whole = list.shown.whole;
            for (const Guid& id : list.shown.ids)
                if (names_.root(name_of(GroupId{id})) == root) own.ids.push_back(id);
            if (own.ids.empty() && !own.whole) continue;
            const RecordedCall& call = *list.made;
            excerpt.calls.push_back({call.thread, call.begun, call.ended, {&call, own}});
        }
    }

    const std::vector<ShownList>& lists_;
    Names names_;
    std::vector<Name> listings_;
    std::map<std::size_t, Excerpt> excerpts_;
};

}  // namespace

std::optional<EnumeratorHandle> enumerator_of(const Call& call) {
    if (const auto* release = std::get_if<call::Release>(&call)) {
        const auto* handle = std::get_if<EnumeratorHandle>(&release->handle);
        return handle ? std::optional(*handle) : std::nullopt;
    }
    return std::visit(
        [](const auto& asked) -> std::optional<EnumeratorHandle> {
            if constexpr (requires { asked.enumerator; }) return asked.enumerator;
            return {};
        },
        call);
}

Excerpts excerpts_of(const History& history, const Policy& policy) {
    const std::vector<ShownList> lists = shown_lists(history);
    Excerpts cut;
    check_handles(history, cut.broken);
    check_order_of_lists(history, lists, cut.broken);
    check_numbers_of_jobs(history, policy, cut.broken);
    if (cut.broken.empty()) cut.excerpts = Cutter(history, lists).take();
    return cut;
}

}  // namespace qmgr::propertytests
