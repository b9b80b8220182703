// The calls of a group: its state and its properties.
#include <array>
#include <utility>

#include "propertytests/auditor_judge.hpp"
#include "propertytests/auditor_names.hpp"

namespace qmgr::propertytests::audit {
namespace {

constexpr std::uint32_t kStateFlags = static_cast<std::uint32_t>(GroupFlag::Complete) |
                                      static_cast<std::uint32_t>(GroupFlag::Incomplete) |
                                      static_cast<std::uint32_t>(GroupFlag::Suspended) |
                                      static_cast<std::uint32_t>(GroupFlag::Error);

// GROUP-STATUS-2 to -7: what these flags can mean; 0 for flags that mean nothing.
States states_of(std::uint32_t flags, bool lenient) {
    switch (flags) {
        case 0x180:
            return kSuspended;
        case 0x80:
            return kRunning | kPublishing;
        case 0x380:
            return kError;
        case 0x140:
            return kComplete;
        case 0:
            return kGone;
        case 0x100:
            return lenient ? kSuspended | kComplete : 0;
        case 0x300:
            return lenient ? kError : 0;
        default:
            return 0;
    }
}

const char* clause_of_states(States expected) {
    if ((expected & kGone) != 0) return "GROUP-STATUS-7";
    if ((expected & (kRunning | kPublishing)) != 0) return "GROUP-STATUS-3";
    if ((expected & kError) != 0) return "GROUP-STATUS-5-a";
    return (expected & kComplete) != 0 ? "GROUP-STATUS-6-a" : "GROUP-STATUS-2-a";
}

bool is_integer(VariantType type) {
    return type == VariantType::I4 || type == VariantType::I2 || type == VariantType::UI4 ||
           type == VariantType::UI2 || type == VariantType::Int || type == VariantType::UInt;
}

/// What the clauses say of a property that is supported.
struct PropertyRule {
    GroupProperty property{};
    bool is_text = false;
    const char* clause = nullptr;
    std::uint8_t unsure = 0;  ///< its bit of Group::unsure
};
constexpr std::array kProperties = {
    PropertyRule{GroupProperty::Priority, false, "PROP-PRIORITY-1", 0},
    PropertyRule{GroupProperty::ProtocolFlags, false, "PROP-PROTOCOL-1", 0},
    PropertyRule{GroupProperty::NotifyFlags, false, "PROP-NOTIFYFLAGS-1-b", Unsure::flags},
    PropertyRule{GroupProperty::NotifyClsid, true, "PROP-NOTIFYCLSID-1-b", Unsure::class_id},
    PropertyRule{GroupProperty::DisplayName, true, "PROP-NAME-1", Unsure::name},
    PropertyRule{GroupProperty::Description, true, "PROP-DESCRIPTION-1", Unsure::description},
};

// Null: not supported.
const PropertyRule* rule_of(GroupProperty property) {
    for (const PropertyRule& rule : kProperties)
        if (rule.property == property) return &rule;
    return nullptr;
}

const char* clause_of(GroupProperty property) {
    if (const PropertyRule* rule = rule_of(property)) return rule->clause;
    return property <= GroupProperty::Description ? "PROP-UNSUPPORTED-1" : "PROP-ID-1";
}

constexpr std::int64_t kHonoured = NotifyFlag::group_done | NotifyFlag::disable_notify;
constexpr std::int64_t kUnsupported =
    NotifyFlag::file_done | NotifyFlag::job_done | NotifyFlag::use_progress_ex;

}  // namespace

std::uint8_t Judge::unsure_bit(GroupProperty property) {
    const PropertyRule* rule = rule_of(property);
    return rule == nullptr ? std::uint8_t{0} : rule->unsure;
}

bool Judge::was_unsure(Group& group, std::uint8_t what) {
    const bool was = (group.unsure & what) != 0;
    group.unsure &= static_cast<std::uint8_t>(~what);
    return was;
}

// ---- its state ---------------------------------------------------------------------------------

void Judge::judge(const call::GetGroupStatus& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    Allowed allowed;
    if (lenient() && (group->states & kGone) != 0) {
        allowed.may_refuse(HResult::QmInvalidState, "GROUP-STATUS-7");
        allowed.may_refuse(HResult::QmItemNotFound, "GROUP-STATUS-7");
    }
    if (!settle(allowed, "GROUP-STATUS-1")) return;
    const auto* told = value<value::GroupState>("GROUP-STATUS-1");
    if (told == nullptr) return;
    if (told->job_index != 0)
        violate("documented-flags", "GROUP-STATUS-1",
                "GetStatus told job index " + std::to_string(told->job_index) + "; expected 0");
    see_flags(*group, told->status, "GetStatus");
}

void Judge::see_flags(Group& group, GroupStatus status, const char* where) {
    const States shown = states_of(status.bits & kStateFlags, lenient());
    const std::uint32_t others = status.without(GroupFlag::Foreground).bits & ~kStateFlags;
    const auto text = [&] { return std::string(where) + " told " + flags_text(status); };
    if (shown == 0 || others != 0) {
        violate("documented-flags", "GROUP-STATUS-9", text() + ", which no state has");
        return;
    }
    if (was_unsure(group, Unsure::foreground)) group.foreground = status.has(GroupFlag::Foreground);
    if (status.has(GroupFlag::Foreground) != group.foreground && group.states != kGone)
        mismatch(group, "foreground-shows", "GROUP-STATUS-8",
                 text() + (group.foreground ? " of a foreground group" : " of a background group"));
    const States before = with_time(group.states);
    see_states(group, shown, clause_of_states(before), text());
    // Only renames may go on after SuspendGroup, and two hundred of them take no minute.
    const bool late = group.states == kPublishing && group.suspend_late;
    if (late && now_ - group.suspended_at > std::chrono::minutes(1))
        violate("states-follow-calls", "GROUP-SUSPEND-1",
                text() + " a minute after SuspendGroup was answered");
}

std::string Judge::flags_text(GroupStatus status) {
    std::string text = "{";
    for (const std::string_view flag : flag_names(status)) {
        if (text.size() > 1) text += ' ';
        text += flag;
    }
    return text + "}";
}

void Judge::judge(const call::SuspendGroup& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    Allowed allowed;
    refuse_if_gone(*group, allowed);
    if (!settle_change(*group, allowed, "GROUP-SUSPEND-1")) {
        if (reply_->hresult == HResult::QmInvalidState) over(*group);
        return;
    }
    const States before = with_time(group->states) & static_cast<States>(~kGone);
    const bool ran = (before & kRunning) != 0;
    States after = before & static_cast<States>(~kRunning);
    if (ran) after |= kSuspended;
    leave_states(*group, after);
    group->suspend_late = (after & kPublishing) != 0;
    group->suspended_at = now_;
    if (ran) group->progress.stand_epoch = group->progress.size_epoch = 0;
}

void Judge::judge(const call::ResumeGroup& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    Allowed allowed;
    refuse_if_gone(*group, allowed);
    const bool unsure = (group->unsure & (Unsure::job | Unsure::files)) != 0;
    const bool empty = !group->has_job || group->files.empty();
    const bool suspended = (with_time(group->states) & (kSuspended | kGone)) != 0;
    if (empty && suspended && !is_sure_gone(*group)) {
        unsure ? allowed.may_refuse(HResult::BgEmpty, "GROUP-RESUME-2-b")
               : allowed.refuse(HResult::BgEmpty, "GROUP-RESUME-2-b");
        if (lenient()) allowed.may_refuse(HResult::QmInvalidState, "GROUP-RESUME-2-b");
    }
    if (!settle_change(*group, allowed, "GROUP-RESUME-1")) {
        if (reply_->hresult == HResult::QmInvalidState && (group->states & kGone) != 0)
            over(*group);
        return;
    }
    resumed(*group);
}

void Judge::resumed(Group& group) {
    const States before = with_time(group.states) & static_cast<States>(~kGone);
    const bool starts = (before & (kSuspended | kError)) != 0;
    expect_durable((before & static_cast<States>(~(kSuspended | kError))) == 0);
    if (before == kError) {
        group.results.grows = true;
        group.results.of_this_error = false;
    } else if ((before & kError) != 0) {
        group.results.of_this_error = false;
    }
    States after = before & static_cast<States>(~(kSuspended | kError));
    if (starts) after |= kRunning;
    leave_states(group, after);
    if (starts) {
        became_active(group);
        group.progress.stand_epoch = group.progress.size_epoch = 0;
    }
    if ((before & kError) != 0) end_event(group);
    group.never_ran = false;
    group.total_unknown = false;
    group.suspend_late = false;
}

void Judge::judge(const call::CancelGroup& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    Allowed allowed;
    refuse_if_gone(*group, allowed);
    // GROUP-CANCEL-5: a finished file that cannot be renamed; of a complete group none is left.
    const States open = with_time(group->states) & static_cast<States>(~(kGone | kComplete));
    if (open != 0 && !group->never_ran && !group->files.empty())
        for (const HResult code :
             {HResult::FileNotFound, HResult::PathNotFound, HResult::AccessDenied,
              HResult::DiskFull, HResult::IoDevice, HResult::FileExists})
            allowed.may_refuse(code, "GROUP-CANCEL-5");
    const bool unknown_warning = succeeded(reply_->hresult) && reply_->hresult != HResult::Ok;
    if (unknown_warning && lenient() && !is_sure_gone(*group)) {  // JOB-CANCEL-03
        over(*group);
        return;
    }
    if (settle_change(*group, allowed, "GROUP-CANCEL-1")) {
        expect_durable(true);
        over(*group);
    } else if (reply_->hresult == HResult::QmInvalidState) {
        over(*group);
    } else if (allowed.has(reply_->hresult)) {
        leave_states(*group, kError);
        forget_moving(*group);
        end_event(*group);
        group->refused = false;
    }
}

void Judge::judge(const call::SwitchGroupToForeground& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    Allowed allowed;
    refuse_if_gone(*group, allowed);
    if (!settle_change(*group, allowed, "GROUP-FG-1")) {
        if (reply_->hresult == HResult::QmInvalidState) over(*group);
        return;
    }
    expect_durable(!group->foreground && (group->unsure & Unsure::foreground) == 0);
    was_unsure(*group, Unsure::foreground);
    became_active(*group);
    group->foreground = true;
}

void Judge::judge(const call::GetGroupId& call) {
    Handle* known = known_handle(call.group.value, HandleKind::Group);
    if (known == nullptr || !settle({}, "GROUP-ID-1")) return;
    const auto* id = value<GroupId>("GROUP-ID-1");
    if (id == nullptr) return;
    if (known->target == kAnyGroup) {
        learn_group(call.group.value, id->guid);
        return;
    }
    const Group& group = model_.groups[known->target];
    if (id->guid != group.id)
        violate(known->lent ? "told-only-what-happened" : "reads-are-right", "GROUP-ID-1",
                "get_GroupID told " + to_text(id->guid) + "; expected " + to_text(group.id));
}

void Judge::judge(const call::QueryNewJobInterface& call) {
    stub(group_behind(call.group), "GROUP-INT-1-b");
}
void Judge::judge(const call::SetNotificationPointer& call) {
    stub(group_behind(call.group), "GROUP-INT-1-b");
}
void Judge::judge(const call::InternalSetProp& call) {
    stub(group_behind(call.group), "GROUP-INT-1-b");
}

void Judge::stub(const Group* group, const char* clause) {
    if (group == nullptr) return;
    Allowed allowed;
    allowed.refuse(HResult::NotImplemented, clause);
    settle(allowed, clause);
}

// ---- its properties ----------------------------------------------------------------------------

void Judge::judge(const call::GetProp& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    const PropertyRule* rule = rule_of(call.property);
    const char* clause = clause_of(call.property);
    Allowed allowed;
    if (rule == nullptr) allowed.refuse(HResult::NotImplemented, clause);
    if (!settle(allowed, clause) || rule == nullptr) return;
    const auto* told = value<PropertyValue>(clause);
    if (told == nullptr) return;
    const VariantType type = rule->is_text ? VariantType::Bstr : VariantType::I4;
    const bool plain = rule->is_text ? told->number == 0 : told->text.empty();
    if (told->type != type || !plain)
        violate("properties-are-kept", "PROP-GET-1",
                "GetProp told a value of variant type " +
                    std::to_string(static_cast<unsigned>(told->type)));
    else if (!is_kept(*group, call.property, *told))
        mismatch(*group, "properties-are-kept", rule->unsure == 0 ? clause : "PROP-KEEP-1",
                 "GetProp told \"" + told->text + "\"/" + std::to_string(told->number) +
                     ", which is not what was set");
}

bool Judge::is_kept(Group& group, GroupProperty property, const PropertyValue& told) {
    const bool unsure = was_unsure(group, unsure_bit(property));
    const auto same = [unsure](auto& kept, const auto& now) {
        if (unsure) kept = now;
        return kept == now;
    };
    if (property == GroupProperty::NotifyFlags)
        return told.number >= 0 &&
               same(group.notify_flags, static_cast<std::uint32_t>(told.number));
    if (property == GroupProperty::DisplayName) return same(group.name, fingerprint(told.text));
    if (property == GroupProperty::Description)
        return same(group.description, fingerprint(told.text));
    if (property != GroupProperty::NotifyClsid) return told.number == 1;
    const auto class_id = class_from_text(told.text);
    return class_id && same(group.class_id, *class_id);
}

Allowed Judge::allowed_for(const call::SetProp& call) const {
    Allowed allowed;
    const char* clause = clause_of(call.property);
    const PropertyValue& given = call.value;
    const PropertyRule* rule = rule_of(call.property);
    if (rule == nullptr) {
        allowed.refuse(HResult::NotImplemented, clause);
        return allowed;
    }
    const bool fits = rule->is_text ? given.type == VariantType::Bstr : is_integer(given.type);
    if (!fits) {
        allowed.refuse(HResult::InvalidArgument, "PROP-TYPE-1");
        return allowed;
    }
    if (call.property == GroupProperty::NotifyFlags) {
        if ((given.number & ~(kHonoured | kUnsupported)) != 0)
            allowed.refuse(HResult::InvalidArgument, clause);
        else if ((given.number & kUnsupported) != 0)
            allowed.refuse(HResult::NotImplemented, clause);
    } else if (call.property == GroupProperty::NotifyClsid) {
        if (!class_from_text(given.text)) allowed.refuse(HResult::InvalidArgument, clause);
    } else if (rule->is_text) {
        const std::uint32_t most = call.property == GroupProperty::DisplayName
                                       ? model_.limits.name_units
                                       : model_.limits.description_units;
        const auto units = utf16_units(given.text);
        if (units && *units > most) allowed.refuse(HResult::InvalidArgument, clause);
        if (units && *units > most && lenient()) allowed.refuse(HResult::BgStringTooLong, clause);
        if (!units) allowed.may_refuse(HResult::InvalidArgument, clause);
    } else if (given.number != 1) {
        allowed.refuse(HResult::InvalidArgument, clause);
    }
    return allowed;
}

void Judge::judge(const call::SetProp& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr) return;
    Allowed allowed = allowed_for(call);
    const bool good = !allowed.must_fail();
    refuse_if_gone(*group, allowed);
    if (!settle_change(*group, allowed, clause_of(call.property))) {
        if (good && reply_->hresult == HResult::QmInvalidState && (group->states & kGone) != 0)
            over(*group);
        return;
    }
    set(*group, call);
}

void Judge::set(Group& group, const call::SetProp& call) {
    const PropertyValue& given = call.value;
    const bool unsure = was_unsure(group, unsure_bit(call.property));
    const auto change = [&](auto& kept, const auto& now) {
        expect_durable(!unsure && kept != now);
        kept = now;
    };
    if (call.property == GroupProperty::NotifyFlags) {
        change(group.notify_flags, static_cast<std::uint32_t>(given.number));
        group.flags_since |= group.notify_flags;
        group.flags_always &= group.notify_flags;
        group.event.is_due = false;
    } else if (call.property == GroupProperty::NotifyClsid) {
        if (const auto class_id = class_from_text(given.text)) {
            group.old_classes.push_back(group.class_id);
            change(group.class_id, *class_id);
        }
        group.listener = user_;
        group.event.is_due = false;
    } else if (call.property == GroupProperty::DisplayName) {
        change(group.name, fingerprint(given.text));
    } else if (call.property == GroupProperty::Description) {
        change(group.description, fingerprint(given.text));
    }
    became_active(group);
}

}  // namespace qmgr::propertytests::audit
