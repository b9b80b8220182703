// GetProp and SetProp.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

PropertyValue number(std::int64_t value, VariantType type = VariantType::I4) {
    return {type, value, {}};
}
PropertyValue text(const std::string& value) { return {VariantType::Bstr, 0, value}; }

void expect_property(Rig& rig, const std::string& clause, GroupHandle group, GroupProperty property,
                     const PropertyValue& value) {
    const Reply reply = rig.call(call::GetProp{group, property});
    rig.expect(clause, "GetProp answers", reply.hresult, {HResult::Ok});
    rig.expect(clause, "GetProp gives", value_of<PropertyValue>(reply), {value});
}

void expect_set(Rig& rig, const std::string& clause, GroupHandle group, GroupProperty property,
                const PropertyValue& value, const std::vector<HResult>& allowed) {
    expect_code(rig, clause, "SetProp of " + describe(value) + " answers",
                call::SetProp{group, property, value}, allowed);
}

void only_priority_one(Rig& rig) {
    const GroupHandle group = create_group(rig);
    for (const VariantType type : {VariantType::I4, VariantType::I2, VariantType::UI4,
                                   VariantType::UI2, VariantType::Int, VariantType::UInt})
        expect_set(rig, "PROP-PRIORITY-1", group, GroupProperty::Priority, number(1, type),
                   {HResult::Ok});
    for (const std::int64_t other : {0, 2, 3})
        expect_set(rig, "PROP-PRIORITY-1", group, GroupProperty::Priority, number(other),
                   {HResult::InvalidArgument});
    expect_property(rig, "PROP-PRIORITY-1", group, GroupProperty::Priority, number(1));
}

void only_http(Rig& rig) {
    const GroupHandle group = create_group(rig);
    expect_set(rig, "PROP-PROTOCOL-1", group, GroupProperty::ProtocolFlags, number(1),
               {HResult::Ok});
    for (const std::int64_t other : {0, 2, 3, 4})
        expect_set(rig, "PROP-PROTOCOL-1", group, GroupProperty::ProtocolFlags, number(other),
                   {HResult::InvalidArgument});
    expect_property(rig, "PROP-PROTOCOL-1", group, GroupProperty::ProtocolFlags, number(1));
}

void notify_flags(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const GroupProperty flags = GroupProperty::NotifyFlags;
    expect_property(rig, "PROP-NOTIFYFLAGS-1", group, flags, number(0));
    expect_set(rig, "PROP-NOTIFYFLAGS-1", group, flags, number(0x44), {HResult::Ok});
    for (const std::int64_t unsupported : {0x1, 0x2, 0x80, 0x5})
        expect_set(rig, "PROP-NOTIFYFLAGS-1", group, flags, number(unsupported),
                   {HResult::NotImplemented});
    for (const std::int64_t unknown : {0x8, 0x100, 0x4 | 0x8})
        expect_set(rig, "PROP-NOTIFYFLAGS-1", group, flags, number(unknown),
                   {HResult::InvalidArgument});
    expect_property(rig, "PROP-KEEP-1", group, flags, number(0x44));
}

void notify_clsid(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const GroupProperty clsid = GroupProperty::NotifyClsid;
    const PropertyValue good = text("{6f9619ff-8b86-d011-b42d-00c04fc964ff}");
    expect_property(rig, "PROP-NOTIFYCLSID-1", group, clsid,
                    text("{00000000-0000-0000-0000-000000000000}"));
    expect_set(rig, "PROP-NOTIFYCLSID-1", group, clsid, good, {HResult::Ok});
    for (const char* bad : {"", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "{6f9619ff}"})
        expect_set(rig, "PROP-NOTIFYCLSID-1", group, clsid, text(bad), {HResult::InvalidArgument});
    expect_property(rig, "PROP-KEEP-1", group, clsid, good);
}

// The limits count UTF-16 units: U+1F600 is two of them and four bytes of UTF-8.
void texts_up_to(Rig& rig, const std::string& clause, GroupProperty property, std::size_t limit) {
    const GroupHandle group = create_group(rig);
    expect_property(rig, clause, group, property, text(""));
    std::string pairs;
    for (std::size_t i = 0; i < limit / 2; ++i) pairs += "\xF0\x9F\x98\x80";
    const std::vector<HResult> refused = {HResult::InvalidArgument, HResult::BgStringTooLong};
    expect_set(rig, clause, group, property, text(pairs), {HResult::Ok});
    expect_set(rig, clause, group, property, text(pairs + "x"), refused);
    expect_set(rig, clause, group, property, text(std::string(limit + 1, 'x')), refused);
    expect_property(rig, "PROP-KEEP-1", group, property, text(pairs));
    expect_set(rig, clause, group, property, text(std::string(limit, 'x')), {HResult::Ok});
}

void expect_no_property(Rig& rig, const std::string& clause, GroupHandle group,
                        GroupProperty property) {
    const Reply reply = rig.call(call::GetProp{group, property});
    rig.expect(clause, "GetProp answers", reply.hresult, {HResult::NotImplemented});
    rig.expect_true(clause, "and gives no value",
                    !std::holds_alternative<PropertyValue>(reply.value));
}

void unsupported_properties(Rig& rig) {
    const GroupHandle group = create_group(rig);
    for (const std::uint32_t id : {1U, 2U, 3U, 4U, 8U, 9U, 10U}) {
        const auto property = static_cast<GroupProperty>(id);
        expect_set(rig, "PROP-UNSUPPORTED-1", group, property, text("x"),
                   {HResult::NotImplemented});
        expect_no_property(rig, "PROP-UNSUPPORTED-1", group, property);
    }
    expect_no_property(rig, "PROP-ID-1", group, static_cast<GroupProperty>(13));
    expect_set(rig, "PROP-ID-1", group, static_cast<GroupProperty>(13), number(1),
               {HResult::NotImplemented});
}

void wrong_types(Rig& rig) {
    const GroupHandle group = create_group(rig);
    for (const GroupProperty property :
         {GroupProperty::Priority, GroupProperty::ProtocolFlags, GroupProperty::NotifyFlags}) {
        expect_set(rig, "PROP-TYPE-1", group, property, text("1"), {HResult::InvalidArgument});
        expect_set(rig, "PROP-TYPE-1", group, property, number(1, VariantType::I8),
                   {HResult::InvalidArgument});
    }
    for (const GroupProperty property :
         {GroupProperty::NotifyClsid, GroupProperty::DisplayName, GroupProperty::Description})
        expect_set(rig, "PROP-TYPE-1", group, property, number(1), {HResult::InvalidArgument});
    expect_property(rig, "PROP-KEEP-1", group, GroupProperty::DisplayName, text(""));
}

void properties_survive_a_restart(Rig& rig) {
    const GroupHandle group = create_group(rig);
    expect_set(rig, "PROP-KEEP-1", group, GroupProperty::DisplayName, text("a name"),
               {HResult::Ok});
    expect_set(rig, "PROP-KEEP-1", group, GroupProperty::NotifyFlags, number(4), {HResult::Ok});
    rig.restart();
    const auto again = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    expect_property(rig, "PROP-KEEP-1", again, GroupProperty::DisplayName, text("a name"));
    expect_property(rig, "PROP-KEEP-1", again, GroupProperty::NotifyFlags, number(4));
}

void a_cancelled_group_takes_no_property(Rig& rig) {
    const GroupHandle group = create_group(rig);
    rig.call(call::CancelGroup{group});
    expect_set(rig, "PROP-ANY-1", group, GroupProperty::DisplayName, text("late"),
               {HResult::QmInvalidState});
    const Reply reply = rig.call(call::GetProp{group, GroupProperty::DisplayName});
    rig.expect("GROUP-CANCEL-4", "the name stays", value_of<PropertyValue>(reply), {text("")});
}

}  // namespace

std::vector<Case> group_properties_cases() {
    const Setting none = serving({});
    return {
        {"group_properties.priority",
         {"PROP-PRIORITY-1", "PROP-GET-1"},
         "Priority can only be 1, in six integer types",
         {},
         none,
         only_priority_one},
        {"group_properties.protocol",
         {"PROP-PROTOCOL-1"},
         "The protocol can only be HTTP",
         {},
         none,
         only_http},
        {"group_properties.notify_flags",
         {"PROP-NOTIFYFLAGS-1", "PROP-KEEP-1"},
         "Two notification flags are honoured, the others refused",
         {},
         none,
         notify_flags},
        {"group_properties.notify_clsid",
         {"PROP-NOTIFYCLSID-1", "PROP-KEEP-1"},
         "The notification class is a CLSID in registry form",
         {},
         none,
         notify_clsid},
        {"group_properties.display_name",
         {"PROP-NAME-1", "PROP-KEEP-1"},
         "A display name has at most 256 UTF-16 units",
         {},
         none,
         [](Rig& rig) { texts_up_to(rig, "PROP-NAME-1", GroupProperty::DisplayName, 256); }},
        {"group_properties.description",
         {"PROP-DESCRIPTION-1", "PROP-KEEP-1"},
         "A description has at most 1,024 UTF-16 units",
         {},
         none,
         [](Rig& rig) {
             texts_up_to(rig, "PROP-DESCRIPTION-1", GroupProperty::Description, 1024);
         }},
        {"group_properties.unsupported",
         {"PROP-UNSUPPORTED-1", "PROP-ID-1"},
         "Seven properties and every unknown number answer E_NOTIMPL",
         {},
         none,
         unsupported_properties},
        {"group_properties.wrong_type",
         {"PROP-TYPE-1", "PROP-KEEP-1"},
         "A variant type that does not fit is refused and changes nothing",
         {},
         none,
         wrong_types},
        {"group_properties.restart",
         {"PROP-KEEP-1"},
         "Properties survive a restart",
         {"restart"},
         none,
         properties_survive_a_restart},
        {"group_properties.cancelled",
         {"PROP-ANY-1", "GROUP-CANCEL-4"},
         "A cancelled group takes no property",
         {},
         none,
         a_cancelled_group_takes_no_property},
    };
}

}  // namespace qmgr::conformance
