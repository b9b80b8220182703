// What SetProp and GetProp answer: (property × variant type × class of value) ⟶ HRESULT, the PROP-
// clauses as data.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "reference/contract/hresult.hpp"
#include "reference/contract/property.hpp"
#include "reference/engine/table.hpp"

namespace qmgr {

/// A property by what the rules know of it.
enum class PropertyKind : std::uint8_t {
    Priority,
    Protocol,
    NotifyFlags,
    NotifyClsid,
    DisplayName,
    Description,
    Unsupported,  ///< the seven of PROP-UNSUPPORTED-1
    Unknown,      ///< a number outside the enumeration
};
inline constexpr std::size_t kPropertyKinds = 8;

constexpr PropertyKind kind_of(GroupProperty property) {
    switch (property) {
        case GroupProperty::Priority:
            return PropertyKind::Priority;
        case GroupProperty::ProtocolFlags:
            return PropertyKind::Protocol;
        case GroupProperty::NotifyFlags:
            return PropertyKind::NotifyFlags;
        case GroupProperty::NotifyClsid:
            return PropertyKind::NotifyClsid;
        case GroupProperty::DisplayName:
            return PropertyKind::DisplayName;
        case GroupProperty::Description:
            return PropertyKind::Description;
        case GroupProperty::RemoteUserId:
        case GroupProperty::RemoteUserPassword:
        case GroupProperty::LocalUserId:
        case GroupProperty::LocalUserPassword:
        case GroupProperty::ProgressSize:
        case GroupProperty::ProgressPercent:
        case GroupProperty::ProgressTime:
            return PropertyKind::Unsupported;
    }
    return PropertyKind::Unknown;
}

/// A value by what the rules know of it.
enum class ValueClass : std::uint8_t {
    OtherType,    ///< neither one of the six integer types nor BSTR
    One,          ///< integer 1: the priority, QM_PROTOCOL_HTTP, QM_NOTIFY_FILE_DONE
    Honoured,     ///< integer made of GROUP_DONE and DISABLE_NOTIFY only, 0 included
    KnownFlags,   ///< integer made of QM_NOTIFY_ bits, with one that is not supported; not 1
    OtherNumber,  ///< any other integer
    LongText,   ///< a BSTR of more UTF-16 units than Policy has for the property, if it has a limit
    ClsidText,  ///< any other BSTR in registry form {8-4-4-4-12}
    Text,       ///< any other BSTR
};
inline constexpr std::size_t kValueClasses = 8;

struct PropertyRow {
    SetOf<PropertyKind> kind;
    SetOf<ValueClass> value;
    HResult set;  ///< what SetProp answers; Ok: the value is taken
    HResult get;  ///< what GetProp answers, whatever the value
    std::string_view label;
    std::string_view clause;
};

inline constexpr std::array kPropertyTable = [] {
    using K = PropertyKind;
    using V = ValueClass;
    using H = HResult;
    constexpr auto texts = set_of(V::LongText, V::ClsidText, V::Text);
    constexpr auto numbers = set_of(V::One, V::Honoured, V::KnownFlags, V::OtherNumber);
    constexpr auto not_numbers = SetOf<V>{texts.bits | set_of(V::OtherType).bits};
    constexpr auto not_texts = SetOf<V>{numbers.bits | set_of(V::OtherType).bits};
    constexpr auto every = all_of<V>(kValueClasses);
    using R = PropertyRow;
    return std::array{
        R{set_of(K::Priority), set_of(V::One), H::Ok, H::Ok, "P-01", "PROP-PRIORITY-1"},
        R{set_of(K::Priority), set_of(V::Honoured, V::KnownFlags, V::OtherNumber),
          H::InvalidArgument, H::Ok, "P-02", "PROP-PRIORITY-1"},
        R{set_of(K::Protocol), set_of(V::One), H::Ok, H::Ok, "P-03", "PROP-PROTOCOL-1"},
        R{set_of(K::Protocol), set_of(V::Honoured, V::KnownFlags, V::OtherNumber),
          H::InvalidArgument, H::Ok, "P-04", "PROP-PROTOCOL-1"},
        R{set_of(K::NotifyFlags), set_of(V::Honoured), H::Ok, H::Ok, "P-05", "PROP-NOTIFYFLAGS-1"},
        R{set_of(K::NotifyFlags), set_of(V::One, V::KnownFlags), H::NotImplemented, H::Ok, "P-06",
          "PROP-NOTIFYFLAGS-1"},
        R{set_of(K::NotifyFlags), set_of(V::OtherNumber), H::InvalidArgument, H::Ok, "P-07",
          "PROP-NOTIFYFLAGS-1"},
        R{set_of(K::Priority, K::Protocol, K::NotifyFlags), not_numbers, H::InvalidArgument, H::Ok,
          "P-08", "PROP-TYPE-1"},
        R{set_of(K::NotifyClsid), set_of(V::ClsidText), H::Ok, H::Ok, "P-09", "PROP-NOTIFYCLSID-1"},
        R{set_of(K::NotifyClsid), set_of(V::Text, V::LongText), H::InvalidArgument, H::Ok, "P-10",
          "PROP-NOTIFYCLSID-1"},
        R{set_of(K::DisplayName), set_of(V::ClsidText, V::Text), H::Ok, H::Ok, "P-11",
          "PROP-NAME-1"},
        R{set_of(K::DisplayName), set_of(V::LongText), H::InvalidArgument, H::Ok, "P-12",
          "PROP-NAME-1"},
        R{set_of(K::Description), set_of(V::ClsidText, V::Text), H::Ok, H::Ok, "P-13",
          "PROP-DESCRIPTION-1"},
        R{set_of(K::Description), set_of(V::LongText), H::InvalidArgument, H::Ok, "P-14",
          "PROP-DESCRIPTION-1"},
        R{set_of(K::NotifyClsid, K::DisplayName, K::Description), not_texts, H::InvalidArgument,
          H::Ok, "P-15", "PROP-TYPE-1"},
        R{set_of(K::Unsupported), every, H::NotImplemented, H::NotImplemented, "P-16",
          "PROP-UNSUPPORTED-1"},
        R{set_of(K::Unknown), every, H::NotImplemented, H::NotImplemented, "P-17", "PROP-ID-1"},
    };
}();

using PropertyTable = std::remove_const_t<decltype(kPropertyTable)>;

static_assert(
    [] {
        for (std::size_t kind = 0; kind < kPropertyKinds; ++kind)
            for (std::size_t value = 0; value < kValueClasses; ++value) {
                int fitting = 0;
                for (const PropertyRow& row : kPropertyTable)
                    fitting += row.kind.has(static_cast<PropertyKind>(kind)) &&
                                       row.value.has(static_cast<ValueClass>(value))
                                   ? 1
                                   : 0;
                if (fitting != 1) return false;
            }
        return true;
    }(),
    "every kind of property and class of value has exactly one row");

}  // namespace qmgr
