#include "conformance/mutants/false_systems.hpp"

#include <array>
#include <functional>
#include <memory>
#include <random>
#include <type_traits>
#include <utility>

#include "conformance/mutants/twisted_system.hpp"

namespace qmgr::mutants {
namespace {

using H = HResult;

/// What a client would like to hear: every group is complete, and everything is in it.
struct Plausible {
    std::uint64_t handles = 0;

    template <class Method>
    ReplyValue operator()([[maybe_unused]] const Method& call) {
        using namespace call;  // NOLINT(google-build-using-namespace): the names of the methods
        if constexpr (std::is_same_v<Method, CreateGroup> || std::is_same_v<Method, GetGroup>)
            return GroupHandle{++handles};
        else if constexpr (std::is_same_v<Method, CreateJob> || std::is_same_v<Method, GetJob>)
            return JobHandle{++handles};
        else if constexpr (std::is_same_v<Method, EnumGroups> || std::is_same_v<Method, EnumJobs> ||
                           std::is_same_v<Method, Clone>)
            return EnumeratorHandle{++handles};
        else if constexpr (std::is_same_v<Method, GetGroupStatus>)
            return value::GroupState{
                GroupStatus{}.with(GroupFlag::Suspended).with(GroupFlag::Complete), 0};
        else if constexpr (std::is_same_v<Method, GetJobStatus>)
            return value::JobState{JobStatus{}.with(JobFlag::Complete), 0, 0, 0};
        else if constexpr (std::is_same_v<Method, GetGroupProgress> ||
                           std::is_same_v<Method, GetJobProgress>)
            return value::Progress{call.flag == ProgressFlag::PercentDone ? 100U : 100'000U};
        else if constexpr (std::is_same_v<Method, GetSize>)
            return value::Size{100'000};
        else if constexpr (std::is_same_v<Method, GetFileCount> || std::is_same_v<Method, GetCount>)
            return value::Count{1};
        else if constexpr (std::is_same_v<Method, GetProp>)
            return PropertyValue{VariantType::I4, 1, {}};
        else if constexpr (std::is_same_v<Method, GetFile>)
            return FileSetInfo{"http://server.test/a", "/d/a", 0};
        else if constexpr (std::is_same_v<Method, Next>)
            return value::Fetched{{Guid{}}, 1U};
        else
            return std::monostate{};
    }
};

Mutant system(const std::string& id, const std::string& change, std::function<Twist()> make) {
    return {"false." + id,
            "everything",
            "QMGR-CREATE-1",
            change,
            [make = std::move(make)] {
                world::Variation variation;
                variation.system = [make](SystemUnderTest& inner) {
                    return std::make_unique<TwistedSystem>(inner, make());
                };
                return variation;
            },
            ""};
}

/// Whose calls are answered by `answer(call)`, who delivers nothing and is told nothing.
template <class Answer>
Twist answering(Answer answer) {
    Twist twist;
    twist.call = [answer](SystemUnderTest&, const Caller&, const Call& call) mutable {
        return answer(call);
    };
    twist.notifications = [](SystemUnderTest&) { return std::vector<Notification>{}; };
    twist.surroundings = [](SystemUnderTest&, const Surroundings&) {
        return std::optional<std::string>{};
    };
    return twist;
}

Twist always_ok() {
    return answering([plausible = Plausible()](const Call& call) mutable {
        return Reply{H::Ok, std::visit(plausible, call)};
    });
}

Twist always_failed() {
    return answering([](const Call& /*call*/) { return Reply{H::Failed, {}}; });
}

Twist by_chance() {
    static constexpr std::array kCodes = {H::Ok,
                                          H::Ok,
                                          H::False,
                                          H::NotImplemented,
                                          H::Failed,
                                          H::AccessDenied,
                                          H::InvalidArgument,
                                          H::RpcDisconnected,
                                          H::QmInvalidState,
                                          H::QmItemNotFound,
                                          H::BgEmpty};
    // The seed is as good as any other; the same one makes the run repeatable.
    return answering([plausible = Plausible(), draw = std::mt19937(1)](const Call& call) mutable {
        const H code = kCodes[draw() % kCodes.size()];
        if (failed(code)) return Reply{code, {}};
        return Reply{code, std::visit(plausible, call)};
    });
}

Twist too_late() {
    Twist twist;
    twist.call = [](SystemUnderTest& inner, const Caller& caller, const Call& call) {
        dynamic_cast<world::World&>(inner).run_for(conformance::Rig::kCallBudget + Duration(1));
        return inner.call(caller, call);
    };
    return twist;
}

}  // namespace

std::vector<Mutant> false_systems() {
    return {system("always-ok", "every call answers S_OK and what a client hopes for", always_ok),
            system("always-failed", "every call answers E_FAIL", always_failed),
            system("by-chance", "every call answers a documented code by chance", by_chance),
            system("too-late", "every call is answered when nobody waits any more", too_late)};
}

}  // namespace qmgr::mutants
