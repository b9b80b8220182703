#include "conformance/cases/notify_verbs.hpp"

#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {

void set_notify_class(Rig& rig, GroupHandle group, ClassId class_id, const Caller& caller) {
    const PropertyValue text{VariantType::Bstr, 0, "{" + to_text(class_id.guid) + "}"};
    expect_code(rig, "PROP-NOTIFYCLSID-1-a", "SetProp of the class answers",
                call::SetProp{group, GroupProperty::NotifyClsid, text}, {HResult::Ok}, caller);
}

void set_notify_flags(Rig& rig, GroupHandle group, std::uint32_t flags) {
    expect_code(rig, "PROP-NOTIFYFLAGS-1-a", "SetProp of the flags answers",
                call::SetProp{group, GroupProperty::NotifyFlags, {VariantType::I4, flags, {}}},
                {HResult::Ok});
}

std::vector<Notification> expect_deliveries(Rig& rig, const std::string& clause,
                                            std::size_t count) {
    std::vector<Notification> got;
    rig.eventually(clause, "deliveries come", [&] {
        for (const Notification& one : rig.notifications()) got.push_back(one);
        return got.size() >= count;
    });
    rig.expect<std::uint64_t>(clause, "so many deliveries", got.size(), {count});
    got.resize(count);
    return got;
}

void expect_silence(Rig& rig, const std::string& clause, const std::string& why) {
    rig.let_pass(kWhile);
    rig.expect<std::uint64_t>(clause, "deliveries " + why, rig.notifications().size(), {0});
}

}  // namespace qmgr::conformance
