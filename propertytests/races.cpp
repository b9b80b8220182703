#include "propertytests/races.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "conformance/mutants/twisted_system.hpp"

namespace qmgr::propertytests {
namespace {

using mutants::instead_of;
using mutants::Twist;
using mutants::TwistedSystem;
using mutants::value_of;

// An administrator may look at every group without anything being refused; only GetGroup would
// change who owns it.
const Caller kInside{"root", true};

/// A plant of a twist that is made for each system anew.
template <class MakeTwist>
Plant plant_of(MakeTwist make) {
    return [make](SystemUnderTest& world, Pause pause) -> std::unique_ptr<SystemUnderTest> {
        return std::make_unique<TwistedSystem>(world, make(std::move(pause)));
    };
}

// Looks whether the GUID is free, and later believes it.
Twist create_twice(Pause pause) {
    return instead_of<call::CreateGroup>([pause](SystemUnderTest& world, const Caller& caller,
                                                 const call::CreateGroup& create) {
        const Reply list = world.call(kInside, call::EnumGroups{});
        const auto enumerator = value_of<EnumeratorHandle>(list);
        constexpr std::uint32_t kAll = 100;  // more than these clients create
        const auto there =
            value_of<value::Fetched>(world.call(kInside, call::Next{enumerator, kAll, false}));
        world.call(kInside, call::Release{enumerator});
        const auto& ids = there.ids;
        const bool is_free = std::find(ids.begin(), ids.end(), create.group_id.guid) == ids.end();
        if (is_free) pause();
        Reply reply = world.call(caller, create);
        if (is_free && reply.hresult == HResult::InvalidArgument && !create.group_id.guid.is_null())
            reply = world.call(caller, call::GetGroup{create.group_id});
        return reply;
    });
}

// Reads both texts, changes one, and writes both.
Twist lost_property(Pause pause) {
    return instead_of<call::SetProp>([pause](SystemUnderTest& world, const Caller& caller,
                                             const call::SetProp& set) {
        const bool is_name = set.property == GroupProperty::DisplayName;
        if (!is_name && set.property != GroupProperty::Description) return world.call(caller, set);
        const auto other = is_name ? GroupProperty::Description : GroupProperty::DisplayName;
        const Reply before = world.call(caller, call::GetProp{set.group, other});
        pause();
        Reply reply = world.call(caller, set);
        if (succeeded(reply.hresult))
            world.call(caller, call::SetProp{set.group, other, value_of<PropertyValue>(before)});
        return reply;
    });
}

// Keeps what the status of a suspended group was until somebody changes something, and does not
// notice a change while it looks.
Twist stale_status(Pause pause) {
    Twist twist;
    twist.call = [pause, kept = std::map<GroupHandle, Reply>()](
                     SystemUnderTest& world, const Caller& caller, const Call& call) mutable {
        const auto reads = [](const auto& asked) {
            using Asked = std::decay_t<decltype(asked)>;
            return std::is_same_v<Asked, call::GetProp> ||
                   std::is_same_v<Asked, call::GetFileCount> ||
                   std::is_same_v<Asked, call::GetJobStatus> ||
                   std::is_same_v<Asked, call::EnumGroups> || std::is_same_v<Asked, call::Next>;
        };
        const auto* look = std::get_if<call::GetGroupStatus>(&call);
        if (look == nullptr) {
            Reply reply = world.call(caller, call);
            if (!std::visit(reads, call)) kept.clear();
            return reply;
        }
        if (const auto found = kept.find(look->group); found != kept.end()) return found->second;
        Reply reply = world.call(caller, call);
        pause();
        if (value_of<value::GroupState>(reply).status.has(GroupFlag::Suspended))
            kept[look->group] = reply;
        return reply;
    };
    return twist;
}

// Adds one file after the other.
Twist half_of_add_files(Pause pause) {
    return instead_of<call::AddFiles>(
        [pause](SystemUnderTest& world, const Caller& caller, const call::AddFiles& add) {
            Reply reply;
            for (const FileSetInfo& file : add.files) {
                if (&file != &add.files.front()) pause();
                reply = world.call(caller, call::AddFiles{add.job, {file}});
                if (failed(reply.hresult)) break;
            }
            return reply;
        });
}

// Looks whether the group can be cancelled, and later believes it.
Twist cancel_twice(Pause pause) {
    return instead_of<call::CancelGroup>(
        [pause](SystemUnderTest& world, const Caller& caller, const call::CancelGroup& cancel) {
            const Reply look = world.call(caller, call::GetGroupStatus{cancel.group});
            constexpr std::uint32_t kInQueue = 0x180 | 0x40;  // SUSPENDED, INCOMPLETE, COMPLETE
            const bool in_queue = (value_of<value::GroupState>(look).status.bits & kInQueue) != 0;
            if (in_queue) pause();
            Reply reply = world.call(caller, cancel);
            if (in_queue && reply.hresult == HResult::QmInvalidState) reply = {};
            return reply;
        });
}

// One place for all replies on their way out.
Twist swapped_replies(Pause pause) {
    Twist twist;
    twist.call = [pause, out = Reply()](SystemUnderTest& world, const Caller& caller,
                                        const Call& call) mutable {
        out = world.call(caller, call);
        if (std::holds_alternative<call::GetFileCount>(call)) pause();
        return out;
    };
    return twist;
}

// Reads the position, gives the element there, and writes the position.
Twist element_twice(Pause pause) {
    return instead_of<call::Next>(
        [pause](SystemUnderTest& world, const Caller& caller, const call::Next& next) {
            Reply clone = world.call(caller, call::Clone{next.enumerator});
            if (failed(clone.hresult)) return clone;
            const auto look = value_of<EnumeratorHandle>(clone);
            Reply reply = world.call(caller, call::Next{look, next.count, next.fetched_is_null});
            world.call(caller, call::Release{look});
            if (failed(reply.hresult)) return reply;
            pause();
            world.call(caller, call::Skip{next.enumerator, next.count});
            return reply;
        });
}

}  // namespace

std::vector<Race> planted_races() {
    return {
        {"create-twice", "QMGR-CREATE-2",
         "CreateGroup looks whether the GUID is free before it creates", plant_of(create_twice)},
        {"lost-property", "PROP-KEEP-1",
         "SetProp of one text writes back the other one as it was read", plant_of(lost_property)},
        {"stale-status", "GROUP-STATUS-7",
         "GetStatus keeps a status that was read before a change, a cancel for one",
         plant_of(stale_status)},
        {"half-of-add-files", "JOB1-ADD-4", "AddFiles adds one file after the other",
         plant_of(half_of_add_files)},
        {"cancel-twice", "GROUP-CANCEL-4-b",
         "CancelGroup looks whether the group is there before it cancels", plant_of(cancel_twice)},
        {"swapped-replies", "JOB1-COUNT-1",
         "GetFileCount takes its reply from a place that other calls write to",
         plant_of(swapped_replies)},
        {"element-twice", "ENUM-NEXT-1",
         "Next reads the position before it gives the element, and moves it afterwards",
         plant_of(element_twice)},
    };
}

}  // namespace qmgr::propertytests
