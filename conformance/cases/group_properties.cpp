// GetProp and SetProp.
#include <array>

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
    expect_property(rig, "PROP-NOTIFYFLAGS-1-b", group, flags, number(0));
    expect_set(rig, "PROP-NOTIFYFLAGS-1-a", group, flags, number(0x44), {HResult::Ok});
    for (const std::int64_t unsupported : {0x1, 0x2, 0x80, 0x5})
        expect_refusal(rig, "PROP-NOTIFYFLAGS-1",
                       "SetProp of " + std::to_string(unsupported) + " answers",
                       call::SetProp{group, flags, number(unsupported)}, {HResult::NotImplemented});
    for (const std::int64_t unknown : {0x8, 0x100, 0x4 | 0x8})
        expect_set(rig, "PROP-NOTIFYFLAGS-1-b", group, flags, number(unknown),
                   {HResult::InvalidArgument});
    expect_property(rig, "PROP-KEEP-1", group, flags, number(0x44));
}

void expect_clsid(Rig& rig, GroupHandle group, const std::string& lower) {
    const Reply kept = rig.call(call::GetProp{group, GroupProperty::NotifyClsid});
    rig.expect_true("PROP-KEEP-1", "GetProp gives the CLSID, in either case",
                    is_same_clsid(value_of<PropertyValue>(kept), lower));
}

void notify_clsid(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const GroupProperty clsid = GroupProperty::NotifyClsid;
    const PropertyValue good = text("{6f9619ff-8b86-d011-b42d-00c04fc964ff}");
    expect_property(rig, "PROP-NOTIFYCLSID-1-b", group, clsid,
                    text("{00000000-0000-0000-0000-000000000000}"));
    expect_set(rig, "PROP-NOTIFYCLSID-1-a", group, clsid, good, {HResult::Ok});
    for (const char* bad : {"", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "{6f9619ff}"})
        expect_set(rig, "PROP-NOTIFYCLSID-1-b", group, clsid, text(bad),
                   {HResult::InvalidArgument});
    expect_clsid(rig, group, good.text);
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

constexpr std::array kIntegerTypes = {VariantType::I4,  VariantType::I2,  VariantType::UI4,
                                      VariantType::UI2, VariantType::Int, VariantType::UInt};
constexpr std::array kOtherTypes = {VariantType::Empty, VariantType::Null, VariantType::R4,
                                    VariantType::R8,    VariantType::Bool, VariantType::I1,
                                    VariantType::UI1,   VariantType::I8,   VariantType::UI8};

void six_types_of_flags(Rig& rig) {
    const GroupHandle group = create_group(rig);
    std::int64_t last = 0;
    for (const VariantType type : kIntegerTypes) {
        expect_set(rig, "PROP-PROTOCOL-1", group, GroupProperty::ProtocolFlags, number(1, type),
                   {HResult::Ok});
        last = last == 4 ? 0x44 : 4;
        expect_set(rig, "PROP-NOTIFYFLAGS-1-a", group, GroupProperty::NotifyFlags,
                   number(last, type), {HResult::Ok});
        expect_property(rig, "PROP-GET-1", group, GroupProperty::NotifyFlags, number(last));
        for (const std::int64_t other : {0, 2, 3, 4})
            expect_set(rig, "PROP-PRIORITY-1", group, GroupProperty::Priority, number(other, type),
                       {HResult::InvalidArgument});
    }
    for (const std::int64_t other : {-1, 8, 0x7FFFFFFF}) {
        expect_set(rig, "PROP-PRIORITY-1", group, GroupProperty::Priority, number(other),
                   {HResult::InvalidArgument});
        expect_set(rig, "PROP-PROTOCOL-1", group, GroupProperty::ProtocolFlags, number(other),
                   {HResult::InvalidArgument});
    }
    expect_property(rig, "PROP-PRIORITY-1", group, GroupProperty::Priority, number(1));
    expect_property(rig, "PROP-PROTOCOL-1", group, GroupProperty::ProtocolFlags, number(1));
}

// A flag that is not supported is refused by the clause's part -a, with a code of its part -b.
void expect_refusal_or_ok(Rig& rig, GroupHandle group, std::int64_t flags, bool honoured) {
    const Call call = call::SetProp{group, GroupProperty::NotifyFlags, number(flags)};
    const std::string what = "SetProp of " + std::to_string(flags) + " answers";
    if (honoured)
        expect_code(rig, "PROP-NOTIFYFLAGS-1-a", what, call, {HResult::Ok});
    else
        expect_refusal(rig, "PROP-NOTIFYFLAGS-1", what, call, {HResult::NotImplemented});
}

// Every set of the five known bits, and bits that no flag has.
void every_set_of_flags(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const GroupProperty property = GroupProperty::NotifyFlags;
    std::int64_t kept = 0;
    for (unsigned set = 0; set < 32; ++set) {
        std::int64_t flags = set & 7U;
        if ((set & 8U) != 0) flags |= 0x40;
        if ((set & 16U) != 0) flags |= 0x80;
        const bool honoured = (flags & ~std::int64_t{0x44}) == 0;
        if (honoured) kept = flags;
        expect_refusal_or_ok(rig, group, flags, honoured);
    }
    for (const std::int64_t flags : {0x8, 0x10, 0x20, 0x100, 0xC, 0x48, 0xC7 | 0x100})
        expect_set(rig, "PROP-NOTIFYFLAGS-1-b", group, property, number(flags),
                   {HResult::InvalidArgument});
    expect_set(rig, "PROP-NOTIFYFLAGS-1-b", group, property, number(-1),
               {HResult::InvalidArgument});
    expect_property(rig, "PROP-KEEP-1", group, property, number(kept));
    expect_set(rig, "PROP-NOTIFYFLAGS-1-a", group, property, number(0), {HResult::Ok});
    expect_property(rig, "PROP-KEEP-1", group, property, number(0));
}

void every_other_type(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const std::vector<HResult> refused = {HResult::InvalidArgument};
    for (const VariantType type : kOtherTypes)
        for (const GroupProperty property :
             {GroupProperty::Priority, GroupProperty::ProtocolFlags, GroupProperty::NotifyFlags,
              GroupProperty::NotifyClsid, GroupProperty::DisplayName, GroupProperty::Description})
            expect_set(rig, "PROP-TYPE-1", group, property, number(1, type), refused);
    for (const VariantType type : kIntegerTypes)
        for (const GroupProperty property :
             {GroupProperty::NotifyClsid, GroupProperty::DisplayName, GroupProperty::Description})
            expect_set(rig, "PROP-TYPE-1", group, property, number(1, type), refused);
    expect_property(rig, "PROP-KEEP-1", group, GroupProperty::NotifyFlags, number(0));
    expect_property(rig, "PROP-KEEP-1", group, GroupProperty::Description, text(""));
}

void forms_of_a_clsid(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const GroupProperty property = GroupProperty::NotifyClsid;
    const std::string lower = "{6f9619ff-8b86-d011-b42d-00c04fc964ff}";
    expect_set(rig, "PROP-NOTIFYCLSID-1-a", group, property,
               text("{6F9619FF-8B86-D011-B42D-00C04FC964FF}"), {HResult::Ok});
    for (const char* bad :
         {"{6f9619ff-8b86-d011-b42d-00c04fc964fg}", "{6f9619ff8b86d011b42d00c04fc964ff}",
          "{6f9619ff-8b86-d011-b42d-00c04fc964ff", "6f9619ff-8b86-d011-b42d-00c04fc964ff}",
          "(6f9619ff-8b86-d011-b42d-00c04fc964ff)", "{6f9619ff-8b86-d011-b42d-00c04fc964ff} ",
          "{6f9619ff-8b86-d011-b42d00-c04fc964ff}", "Some.Program.1", "{}", "\xC3\xA4"})
        expect_set(rig, "PROP-NOTIFYCLSID-1-b", group, property, text(bad),
                   {HResult::InvalidArgument});
    expect_clsid(rig, group, lower);
    const PropertyValue null = text("{00000000-0000-0000-0000-000000000000}");
    expect_set(rig, "PROP-NOTIFYCLSID-1-a", group, property, null, {HResult::Ok});
    expect_property(rig, "PROP-KEEP-1", group, property, null);
}

void texts_come_back_as_they_are(Rig& rig) {
    const GroupHandle group = create_group(rig);
    for (const char* words :
         {"a", " blanks around ", "quotes \" and ' and \\", "two\nlines\tand a tab",
          "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80", "{6f9619ff-8b86-d011-b42d-00c04fc964ff}", ""})
        for (const GroupProperty property :
             {GroupProperty::DisplayName, GroupProperty::Description}) {
            const bool name = property == GroupProperty::DisplayName;
            const std::string clause = name ? "PROP-NAME-1" : "PROP-DESCRIPTION-1";
            expect_set(rig, clause, group, property, text(words), {HResult::Ok});
            expect_property(rig, "PROP-KEEP-1", group, property, text(words));
        }
    expect_set(rig, "PROP-NAME-1", group, GroupProperty::DisplayName, text("name"), {HResult::Ok});
    expect_property(rig, "PROP-KEEP-1", group, GroupProperty::Description, text(""));
}

void every_number_outside(Rig& rig) {
    const GroupHandle group = create_group(rig);
    for (const std::uint32_t id : {13U, 14U, 99U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
        const auto property = static_cast<GroupProperty>(id);
        expect_code(rig, "PROP-ID-1", "GetProp answers", call::GetProp{group, property},
                    {HResult::NotImplemented});
        for (const PropertyValue& value : {number(1), text("x"), number(1, VariantType::R8)})
            expect_set(rig, "PROP-ID-1", group, property, value, {HResult::NotImplemented});
    }
}

// Whatever is given, and nothing of it can be read.
void unsupported_whatever_the_value(Rig& rig) {
    const GroupHandle group = create_group(rig);
    for (const std::uint32_t id : {1U, 2U, 3U, 4U, 8U, 9U, 10U}) {
        const auto property = static_cast<GroupProperty>(id);
        for (const PropertyValue& value : {number(1), text("user"), number(1, VariantType::R8)})
            expect_set(rig, "PROP-UNSUPPORTED-1", group, property, value,
                       {HResult::NotImplemented});
        const Reply reply = rig.call(call::GetProp{group, property});
        rig.expect("PROP-UNSUPPORTED-1", "GetProp gives", value_of<PropertyValue>(reply),
                   {PropertyValue{}});
    }
}

void setting_one_does_not_stop_a_transfer(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    wait_for_bytes(rig, download.group, 1'000);
    const std::size_t asked = rig.requests().size();
    expect_set(rig, "PROP-ANY-1", download.group, GroupProperty::Priority, number(1),
               {HResult::Ok});
    expect_set(rig, "PROP-ANY-1", download.group, GroupProperty::Description, text("d"),
               {HResult::Ok});
    expect_status(rig, "PROP-ANY-1", "the group shows", download.group, {kRunning});
    rig.expect("PROP-ANY-1", "SIZE_DONE", size_done(rig, download.group), {1'000U});
    rig.expect<std::uint64_t>("PROP-ANY-1", "requests so far", rig.requests().size(), {asked});
    rig.call(call::SuspendGroup{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "PROP-ANY-1", download.group);
    expect_set(rig, "PROP-ANY-1", download.group, GroupProperty::DisplayName, text("done"),
               {HResult::Ok});
    expect_property(rig, "PROP-KEEP-1", download.group, GroupProperty::DisplayName, text("done"));
    expect_property(rig, "PROP-KEEP-1", download.group, GroupProperty::Description, text("d"));
    expect_status(rig, "PROP-ANY-1", "the group shows", download.group,
                  {kComplete, kCompleteLenient});
}

void two_groups_have_their_own(Rig& rig) {
    const GroupHandle first = create_group(rig, 1);
    const GroupHandle second = create_group(rig, 2);
    expect_set(rig, "PROP-KEEP-1", first, GroupProperty::DisplayName, text("first"), {HResult::Ok});
    expect_set(rig, "PROP-KEEP-1", first, GroupProperty::NotifyFlags, number(4), {HResult::Ok});
    expect_property(rig, "PROP-KEEP-1", second, GroupProperty::DisplayName, text(""));
    expect_property(rig, "PROP-KEEP-1", second, GroupProperty::NotifyFlags, number(0));
    expect_property(rig, "PROP-KEEP-1", first, GroupProperty::DisplayName, text("first"));
    expect_set(rig, "JOB-CREATE-01", second, GroupProperty::DisplayName, text("first"),
               {HResult::Ok});
    expect_property(rig, "JOB-CREATE-01", second, GroupProperty::DisplayName, text("first"));
}

void properties_survive_a_restart(Rig& rig) {
    const GroupHandle group = create_group(rig);
    expect_set(rig, "PROP-KEEP-1", group, GroupProperty::DisplayName, text("a name"),
               {HResult::Ok});
    expect_set(rig, "PROP-KEEP-1", group, GroupProperty::NotifyFlags, number(4), {HResult::Ok});
    const PropertyValue description = text("\xC3\xA4 \xF0\x9F\x98\x80");
    const PropertyValue clsid = text("{6f9619ff-8b86-d011-b42d-00c04fc964ff}");
    expect_set(rig, "PROP-KEEP-1", group, GroupProperty::Description, description, {HResult::Ok});
    expect_set(rig, "PROP-KEEP-1", group, GroupProperty::NotifyClsid, clsid, {HResult::Ok});
    rig.restart();
    const auto again = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    expect_property(rig, "PROP-KEEP-1", again, GroupProperty::Description, description);
    expect_clsid(rig, again, clsid.text);
    expect_property(rig, "PROP-KEEP-1", again, GroupProperty::DisplayName, text("a name"));
    expect_property(rig, "PROP-KEEP-1", again, GroupProperty::NotifyFlags, number(4));
}

void a_cancelled_group_takes_no_property(Rig& rig) {
    const GroupHandle group = create_group(rig);
    rig.call(call::CancelGroup{group});
    expect_set(rig, "PROP-ANY-1", group, GroupProperty::DisplayName, text("late"),
               {HResult::QmInvalidState});
    const Reply reply = rig.call(call::GetProp{group, GroupProperty::DisplayName});
    rig.expect("GROUP-CANCEL-4-c", "the name stays", value_of<PropertyValue>(reply), {text("")});
}

std::vector<Case> first_cases() {
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
         {"PROP-NOTIFYFLAGS-1", "PROP-KEEP-1", "OBS-026"},
         "Two notification flags are honoured, the others refused",
         {},
         none,
         notify_flags},
        {"group_properties.notify_clsid",
         {"PROP-NOTIFYCLSID-1", "PROP-KEEP-1", "OBS-010", "OBS-026"},
         "The notification class is a CLSID in registry form",
         {},
         none,
         notify_clsid},
        {"group_properties.display_name",
         {"PROP-NAME-1", "PROP-KEEP-1", "LIM-07", "JOB-SET-03", "CON-13", "OBS-005"},
         "A display name has at most 256 UTF-16 units",
         {},
         none,
         [](Rig& rig) { texts_up_to(rig, "PROP-NAME-1", GroupProperty::DisplayName, 256); }},
        {"group_properties.description",
         {"PROP-DESCRIPTION-1", "PROP-KEEP-1", "LIM-07", "JOB-SET-04"},
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
         {"PROP-ANY-1", "GROUP-CANCEL-4", "JOB-SET-01", "OBS-025"},
         "A cancelled group takes no property",
         {},
         none,
         a_cancelled_group_takes_no_property},
    };
}

std::vector<Case> more_cases() {
    const Setting none = serving({});
    return {
        {"group_properties.six_types",
         {"PROP-PRIORITY-1", "PROP-PROTOCOL-1", "PROP-NOTIFYFLAGS-1", "PROP-GET-1"},
         "Integers are taken in six types and read as VT_I4",
         {},
         none,
         six_types_of_flags},
        {"group_properties.flag_sets",
         {"PROP-NOTIFYFLAGS-1", "PROP-KEEP-1"},
         "Of all sets of notification flags those of the two honoured ones are taken",
         {},
         none,
         every_set_of_flags},
        {"group_properties.other_types",
         {"PROP-TYPE-1", "PROP-KEEP-1"},
         "No other variant type is taken for any property",
         {},
         none,
         every_other_type},
        {"group_properties.clsid_forms",
         {"PROP-NOTIFYCLSID-1", "PROP-KEEP-1"},
         "A CLSID is taken in registry form, in either case, and in no other",
         {},
         none,
         forms_of_a_clsid},
        {"group_properties.texts",
         {"PROP-NAME-1", "PROP-DESCRIPTION-1", "PROP-KEEP-1", "OBS-005"},
         "Texts come back character for character",
         {},
         none,
         texts_come_back_as_they_are},
        {"group_properties.numbers_outside",
         {"PROP-ID-1"},
         "A number that is no property answers E_NOTIMPL, whatever the value",
         {},
         none,
         every_number_outside},
        {"group_properties.unsupported_values",
         {"PROP-UNSUPPORTED-1"},
         "A property that is not supported takes nothing and gives nothing",
         {},
         none,
         unsupported_whatever_the_value},
        {"group_properties.running",
         {"PROP-ANY-1", "PROP-KEEP-1"},
         "Setting a property does not stop a transfer",
         {},
         serving({resource("/a", 3'000)}, {stall_at(1'000)}),
         setting_one_does_not_stop_a_transfer},
        {"group_properties.own",
         {"PROP-KEEP-1", "JOB-CREATE-01"},
         "Two groups have their own properties",
         {},
         none,
         two_groups_have_their_own},
    };
}

}  // namespace

std::vector<Case> group_properties_cases() { return joined({first_cases(), more_cases()}); }

}  // namespace qmgr::conformance
